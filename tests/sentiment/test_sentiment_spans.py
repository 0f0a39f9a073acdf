"""A text span by span: parts that add up, features that overlap; deletion by brute force."""

from itertools import pairwise, product
from random import Random

import pytest
from flint import fmpq

pytest.importorskip("sklearn")

from anchored import anchored, explained
from sentences import BAD, FILLING, GOOD, THINGS, sentences

from sentiment.classifier import SentimentClassifier
from sentiment.deletion import Deletion, deletions, without
from sentiment.reading import Feature
from sentiment.spans import Span, Together, adding_up, spans_of
from theory.readable import nearest


def drawn(random: Random, length: int) -> str:
    """Words with repetitions, capitals, other scripts, emoji, markup and new lines among them."""
    odd = ["NOT", "not", "zyx", "<b>", "&amp;", "😀", "رائع", "\n", "so-so", "don’t", "映画", "?"]
    return " ".join(random.choice([*GOOD, *BAD, *THINGS, *FILLING, *odd]) for _ in range(length))


def test_the_parts_of_all_words_and_the_bias_add_up_exactly(trained: SentimentClassifier) -> None:
    random = Random(1)
    for length in [*range(1, 30), 200]:
        explanation = explained(trained, f"superb {drawn(random, length)}")
        assert sum((span.adds for span in explanation.spans), explanation.bias) == explanation.logit
        assert sum(explanation.pulls, explanation.bias) == explanation.logit
        words = [word.adds for word in explanation.together]
        assert sum(words, explanation.bias) == explanation.logit
        led = [leader.contribution for leader in explanation.leaders]
        assert sum(led, explanation.bias) == explanation.logit


def test_spans_are_in_order_and_apart_and_every_word_is_in_one(
    trained: SentimentClassifier,
) -> None:
    random = Random(2)
    for length in range(1, 25):
        explanation = explained(trained, f"superb {drawn(random, length)}")
        ends = [(span.start, span.end) for span in explanation.spans]
        assert all(a < b for a, b in ends)
        assert all(b <= c for (_, b), (c, _) in pairwise(ends))
        for feature in explanation.features:
            assert any(a < feature.end and feature.start < b for a, b in ends)


def slowly(features: list[Feature], place_of: dict[str, int], pulls: list[fmpq]) -> dict[int, fmpq]:
    """What each character adds, where no feature divides another: each alone, by brute force."""
    adds: dict[int, fmpq] = {}
    alone = [
        f for f in features
        if not any(o.start >= f.start and o.end <= f.end and (o.start, o.end) != (f.start, f.end)
                   for o in features)
    ]  # fmt: skip
    starts = sorted({f.start for f in alone})
    for feature in features:
        if feature.name in place_of:
            place = place_of[feature.name]
            whole = sum(f.salience for f in features if place_of.get(f.name) == place)
            inside = [s for s in starts if feature.start <= s < feature.end]
            for start in inside:
                part = pulls[place] * fmpq(feature.salience, whole * len(inside))
                adds[start] = adds.get(start, fmpq(0)) + part
    return adds


def test_spans_are_those_of_brute_force() -> None:
    random = Random(3)
    for _ in range(100):
        count = random.randint(1, 8)
        features = [
            Feature(f"w{random.randint(0, 3)}", 3 * k, 3 * k + 2, random.randint(1, 20))
            for k in range(count)
        ]
        for k in range(count - 1):
            if random.random() < 0.6:
                features.append(Feature(f"p{random.randint(0, 2)} x", 3 * k, 3 * k + 5))
        random.shuffle(features)
        names = sorted({f.name for f in features if random.random() < 0.8})
        place_of = {name: random.randint(0, 4) for name in names}
        pulls = [fmpq(random.randint(-9, 9), 7) for _ in range(5)]
        wanted = slowly(features, place_of, pulls)
        told = {span.start: span.adds for span in spans_of(features, place_of, pulls)}
        assert told == {3 * k: wanted.get(3 * k, fmpq(0)) for k in range(count)}


def test_features_that_overlap_in_part_are_one_span() -> None:
    features = [Feature("a", 0, 5), Feature("b", 3, 8), Feature("c", 9, 10)]
    spans = spans_of(features, {"a": 0, "b": 1}, [fmpq(1), fmpq(2)])
    assert [(s.start, s.end, s.adds, s.known) for s in spans] == [
        (0, 8, 3, True), (9, 10, 0, False)
    ]  # fmt: skip


def test_rounded_numbers_add_up() -> None:
    random = Random(4)
    for count in (1, 2, 3, 10, 100):
        for _ in range(20):
            values = [fmpq(random.randint(-9999, 9999), 7 * 10**4) for _ in range(count)]
            shown = adding_up(values)
            assert len(shown) == count
            assert (
                sum(shown, fmpq(0)) * 1000 == ((sum(values, fmpq(0)) * 1000) + fmpq(1, 2)).floor()
            )
            assert all(abs(a - b) < fmpq(1, 1000) for a, b in zip(shown, values, strict=True))
            assert abs(shown[-1] - values[-1]) <= fmpq(1, 2000)
    assert adding_up([fmpq(0), fmpq(1, 2)]) == [0, fmpq(1, 2)]


def test_the_anchor_adds_nothing_and_is_no_word() -> None:
    explanation = anchored()
    assert [(one.name, one.word, one.is_anchor) for one in explanation.leaders] == [
        ("superb", "superb", False), ("dull", "dull", False), ("neutral anchor", None, True)
    ]  # fmt: skip
    assert explanation.anchor is not None
    assert (explanation.anchor.mass, explanation.anchor.contribution) == (fmpq(4, 7), 0)
    assert explanation.logit == fmpq(37, 70)
    assert [span.adds for span in explanation.spans] == [
        0, fmpq(2, 7), fmpq(2, 7), 0, fmpq(-1, 7), 0
    ]  # fmt: skip
    record = explanation.as_dict()
    assert [(one["word"], one["anchor"]) for one in record["leaders"]][-1] == (None, True)
    assert record["words"][-1] | {"limit": 0} == {
        "word": None, "anchor": True, "count": 16, "kind": "leader", "limit": 0,
        "follows": {"neutral anchor": "1"}, "part": "1/35", "adds": "0",
    }  # fmt: skip
    assert record["known_share"] == pytest.approx(5 / 6)
    assert anchored("zyx").anchor is None


def brute(model: SentimentClassifier, text: str) -> dict[str, fmpq]:
    """The logit without each word, read again from the text alone."""
    logits = {}
    explanation = explained(model, text)
    for word in {text[s.start : s.end].casefold() for s in explanation.spans}:
        rest = text
        for span in reversed(explanation.spans):
            if text[span.start : span.end].casefold() == word:
                rest = rest[: span.start] + rest[span.end :]
        if model.reading_.features(rest):
            logits[word] = explained(model, rest).logit
        else:
            logits[word] = explanation.prior
    return logits


def test_deletions_are_the_greatest_of_all_and_exact(trained: SentimentClassifier) -> None:
    texts = ["A superb film, and not a dull story.", "superb", "dull dull DULL superb plot",
             "not superb", "so very dull, yet moving"]  # fmt: skip
    for text in [*texts, *sentences(6, 8)[0]]:
        explanation = explained(trained, text)
        told, logits = deletions(trained, explanation), brute(trained, text)
        assert 1 <= len(told) <= 3
        for one in told:
            assert one.logit == logits[one.word]
            assert one.change == explanation.logit - one.logit
            assert one.flips == ((one.logit > 0) != (explanation.logit > 0))
            assert one.prediction == (
                explanation.positive if one.logit > 0 else explanation.negative
            )
        changes = sorted((abs(explanation.logit - x) for x in logits.values()), reverse=True)
        for one, change in zip(told, changes, strict=False):
            assert nearest(abs(one.change)) == pytest.approx(nearest(change), rel=1e-4)
    dull = deletions(trained, explained(trained, "dull dull DULL superb plot"))
    assert {one.word: one.occurrences for one in dull}["dull"] == 3


def test_a_wrong_deletion_would_be_noticed(trained: SentimentClassifier) -> None:
    text = "dull dull superb plot"
    once = text.replace("dull ", "", 1)
    (told,) = [x for x in deletions(trained, explained(trained, text)) if x.word == "dull"]
    assert explained(trained, once).logit != told.logit


def test_words_without_effect_are_not_told(trained: SentimentClassifier) -> None:
    (only,) = deletions(trained, explained(trained, "superb zyx qqq"))
    assert isinstance(only, Deletion)
    assert only.word == "superb"
    assert deletions(trained, explained(trained, "zyx")) == ()


def test_letters_never_meet_that_were_apart() -> None:
    face = Together("😀", (Span(4, 5, fmpq(0), ()),))
    assert without("good😀bad", face) == "good bad"
    assert without("good😀, bad", face) == "good, bad"
    for before, after in product(["a ", "a-", ""], [" b", "-b", ""]):
        word = Together("x", (Span(len(before), len(before) + 1, fmpq(0), ()),))
        assert without(f"{before}x{after}", word) == before + after
