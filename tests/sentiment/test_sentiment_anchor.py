"""Leaders by design: what the neutral anchor promises, exactly; strengths; partial fits."""

from copy import deepcopy

import numpy as np
import pytest

pytest.importorskip("sklearn")

from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import sentences

from sentiment import checking
from sentiment.anchor import STRONGEST, THRESHOLD, Anchor, placed
from sentiment.classifier import SentimentClassifier
from sentiment.explanation import Explanation, explain
from sentiment.limits import Resolved, resolve
from sentiment.model import Parameters, multiplicities
from sentiment.strengths import Known, Statistics, log_odds
from sentiment.vocabulary import Bag, Vocabulary
from theory import HardmaxError

TEXTS, LABELS, FILMS = sentences(200, 1)


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    return SentimentClassifier(random_state=0).fit(TEXTS, LABELS, groups=FILMS)


def parameters(
    strengths: list[float], functional: list[bool], spread: float = 0.2, mass: float = 4.0
) -> Parameters:
    anchor = Anchor(mass, spread)
    embedding, masses = placed(anchor, np.array(strengths), np.array(functional), 2)
    axis = np.array([1.0, 0.0], dtype=np.float32)
    return Parameters(embedding, axis, 0.0, 2.0, 0.0, masses, anchor.multiplicity)


def resolved(model: Parameters, saliences: list[int]) -> Resolved:
    ids = np.arange(len(saliences), dtype=np.int32)
    found = resolve(model, Bag(ids, np.array(saliences, dtype=np.int32)))
    assert isinstance(found, Resolved)
    assert found.failures == ()
    return found


STRENGTHS = st.one_of(
    st.floats(-40, 40),
    st.sampled_from([0.0, THRESHOLD, -THRESHOLD, 1.0, -1.0, 1e-9, STRONGEST, -STRONGEST]),
)
WORDS = st.lists(st.tuples(STRENGTHS, st.booleans(), st.integers(1, 40)), min_size=1, max_size=12)


@settings(deadline=None)
@given(
    WORDS, st.sampled_from([1e-3, 0.2, checking.MOST_SPREAD]), st.sampled_from([0.01, 2.0, 99.0])
)
def test_of_a_text_lead_the_strongest_word_of_each_side_and_the_anchor(
    words: list[tuple[float, bool, int]], spread: float, mass: float
) -> None:
    strengths, functional, saliences = map(list, zip(*words, strict=True))
    model = parameters(strengths, functional, spread, mass)
    found = resolved(model, saliences)
    assert found.settled.layer == 0
    assert found.anchor is not None
    sides: dict[int, set[int]] = {1: set(), -1: set()}
    for place in found.leaders:
        if place != found.anchor:
            number = found.features[place][0]
            sides[int(np.sign(strengths[number]))].add(number)
    rounded = np.clip(np.array(strengths), -STRONGEST, STRONGEST)
    for side, leaders in sides.items():
        able = [k for k, u in enumerate(strengths) if u * side >= THRESHOLD and not functional[k]]
        assert len(leaders) == min(1, len(able))
        for leader in leaders:
            assert leader in able
            size = np.float32(1 + spread * abs(rounded[leader]))
            assert all(np.float32(1 + spread * abs(rounded[k])) <= size for k in able)
    assert found.heights[found.anchor] == 0
    assert sum(found.masses.values()) == 1


def test_function_words_follow_a_leader_of_their_side_else_the_anchor() -> None:
    model = parameters([1.0, 0.5, -0.5, 0.02], [False, True, True, False])
    found = resolved(model, [8, 8, 8, 8])
    follows = [set(shares) for shares in found.shares]
    assert follows[:4] == [{0}, {0}, {found.anchor}, {found.anchor}]


@settings(deadline=None)
@given(WORDS, st.integers(0, 11), st.integers(1, 40))
def test_more_of_a_leading_word_never_speaks_against_its_side(
    words: list[tuple[float, bool, int]], which: int, more: int
) -> None:
    strengths, functional, saliences = map(list, zip(*words, strict=True))
    which %= len(words)
    if functional[which] or abs(strengths[which]) < THRESHOLD:
        return
    model = parameters(strengths, functional)
    before = resolved(model, saliences).logit
    saliences[which] += more
    assert (resolved(model, saliences).logit - before) * int(np.sign(strengths[which])) >= 0


def test_the_closed_form_of_the_logit(model: SentimentClassifier) -> None:
    text = "a superb film, not dull, with moving acting and a wooden ending"
    found = explain(model, text)
    assert isinstance(found, Explanation)
    resolved = found.resolved
    assert resolved is not None
    parameters = model.parameters_
    bag = model.bags([text])[0]
    counts = multiplicities(parameters, bag.ids, bag.counts)
    places = parameters.embedding[bag.ids].astype(np.float64)
    outer = np.abs(places[:, 0]) >= 1
    logit = parameters.bias
    for side in (1, -1):
        able = outer & (places[:, 0] * side > 0)
        if able.any():
            with_side = (places[:, 0] * side > 0) & (np.abs(places[:, 0]) > 0.2)
            height = side * np.abs(places[able, 0]).max() * float(parameters.weights[0])
            logit += height * counts[with_side].sum() / (counts.sum() + parameters.anchor)
    assert float(resolved.logit) == pytest.approx(logit)


def test_a_planted_design_without_its_anchor_is_caught() -> None:
    """The twin: words without an anchor lead among themselves, function words too."""
    model = parameters([0.5, 0.02], [True, False])
    alone = Parameters(model.embedding[:-1], model.weights, 0.0, 2.0, 0.0, model.masses, 0)
    found = resolved(alone, [8, 8])
    assert found.anchor is None
    assert found.leaders


def test_probabilities_are_calibrated_on_texts_that_were_held_out(
    model: SentimentClassifier,
) -> None:
    calibration = model.calibration_
    assert calibration is not None
    assert calibration.texts == len(TEXTS)
    assert calibration.parts == 7
    assert sum(b.texts for b in calibration.bins) == len(TEXTS)
    assert calibration.accuracy == model.history_[0].validation_accuracy
    assert calibration.accuracy > 0.85
    assert SentimentClassifier(validation_fraction=0).fit(TEXTS, LABELS).calibration_ is None
    # Labels of chance: who calibrates on what was learned by heart would be sure of them.
    rng = np.random.default_rng(0)
    words = [" ".join(rng.choice(list("bcdefghijklmnpqrtuvwxyz"), 8) + "q") for _ in range(300)]
    chance = (rng.random(300) < 0.5).tolist()
    found = SentimentClassifier(random_state=0, initialisation="log-odds").fit(words, chance)
    told = found.predict_proba(words)[:, 1]
    assert 0.3 < told.min() <= told.max() < 0.7


def test_parts_of_the_cross_validation() -> None:
    truth = np.array([True, False] * 30)
    films = [k // 4 for k in range(60)]
    parts = checking.folds(truth, films, 0.2, 0)
    assert set(parts) == {0, 1, 2, 3, 4}
    assert all(len({parts[k] for k in range(60) if films[k] == film}) == 1 for film in set(films))
    assert np.bincount(parts).max() <= 16
    free = checking.folds(truth, None, 0.15, 0)
    assert set(free) == set(range(7))
    assert all(truth[free != part].any() and not truth[free != part].all() for part in range(7))
    assert not checking.folds(truth, None, 0, 0).any()
    assert not checking.folds(np.array([True, False, False]), None, 0.2, 0).any()
    with pytest.raises(HardmaxError, match="one class remain"):
        checking.folds(truth, [int(x) for x in truth], 0.5, 0)
    with pytest.raises(HardmaxError, match="groups for"):
        checking.folds(truth, films[1:], 0.5, 0)


def test_negations_are_turned_words() -> None:
    vocabulary = Vocabulary(("good", "not_good", "not_odd"))
    known = Known.of(vocabulary, {"good": 2.0, "odd": 1.0})
    assert known.ratings.tolist() == [2.0, 0.0, 0.0]
    assert (known.turning @ np.array([1.0, 0.25, 0.5])).tolist() == [1.0, 0.25 - 0.74, 0.5]
    texts = ["a good film", "good fun", "so good", "a bad film", "bad, so bad", "sad and bad"]
    model = SentimentClassifier(random_state=0).fit(texts, [1, 1, 1, 0, 0, 0])
    told = model.predict_proba(["good", "not good", "bad", "not bad"])[:, 1]
    assert told[0] > 0.5 > told[1]
    assert told[3] > 0.5 > told[2]


def test_function_words_are_those_that_say_little_and_have_no_rating() -> None:
    names = ("of", "never", "very", "like", "not_of", "film", "so so", "not_so so", "not_much", "k")
    known = Known.of(Vocabulary(names), {"like": 1.5, "so so": -1.0})
    little = [True, True, True, False, True, False, False, False, True, True]
    assert known.functional.tolist() == little
    assert Known.of(Vocabulary(names), {}).functional.tolist()[6] is True


def test_pseudo_counts_lean_to_the_lexicon_and_do_not_to_the_commoner_class() -> None:
    counts = Statistics(np.array([[0, 0], [0, 0]]), np.array([900, 100]))
    assert log_odds(counts, np.array([1.5, 0.0]), 1.0) == pytest.approx([1.5, 0.0])
    many = Statistics(np.array([[400, 0], [0, 40]]), np.array([900, 100]))
    told = log_odds(many, np.array([3.0, -3.0]), 1.0)
    assert told[0] < -2
    assert told[1] > 2


MORE = ["gobsmacking stuff", "a gobsmacking, superb film", "meh meh", "so meh"], [
    "good", "good", "bad", "bad"
]  # fmt: skip


def test_partial_fits_learn_and_forget_nothing(model: SentimentClassifier) -> None:
    texts, labels = MORE
    whole = deepcopy(model).partial_fit(texts, labels)
    assert not model.known(["gobsmacking"])[0]
    assert whole.predict(["gobsmacking", "meh"]).tolist() == ["good", "bad"]
    assert whole.score(TEXTS, LABELS) >= model.score(TEXTS, LABELS) - 0.02
    assert whole.statistics_ is not None
    assert whole.statistics_.texts.tolist() == [102, 102]
    by_one = deepcopy(model)
    for k in (2, 0, 3, 1):
        by_one.partial_fit(texts[k : k + 1], labels[k : k + 1])
    assert by_one.vocabulary_ == whole.vocabulary_
    assert by_one.parameters_ == whole.parameters_
    assert by_one.statistics_ == whole.statistics_
    everything = SentimentClassifier(random_state=0).fit([*TEXTS, *texts], [*LABELS, *labels])
    assert everything.statistics_ is not None
    number = everything.vocabulary_.index["gobsmacking"]
    here = whole.vocabulary_.index["gobsmacking"]
    assert (
        everything.statistics_.with_feature[:, number].tolist()
        == whole.statistics_.with_feature[:, here].tolist()
        == [0, 2]
    )


def test_partial_fits_go_by_the_settings_of_the_fit(model: SentimentClassifier) -> None:
    one, other = (deepcopy(model) for _ in range(2))
    other.set_params(anchor=9.0, spread=0.01, smoothing=5.0)
    assert other.partial_fit(*MORE).parameters_ == one.partial_fit(*MORE).parameters_


def test_partial_fits_that_cannot_be(model: SentimentClassifier) -> None:
    with pytest.raises(HardmaxError, match="none of the model's"):
        deepcopy(model).partial_fit(["x"], ["odd"])
    with pytest.raises(HardmaxError, match="labels of shape"):
        deepcopy(model).partial_fit(["x", "y"], ["good"])
    with pytest.raises(HardmaxError, match="classes"):
        deepcopy(model).partial_fit(["x"], ["good"], classes=["good", "odd"])
    with pytest.raises(HardmaxError, match="classes"):
        deepcopy(model).partial_fit(["x"], ["good"], classes=["good", 1])
    without = SentimentClassifier(anchor=0, epochs=0, random_state=0).fit(TEXTS, LABELS)
    with pytest.raises(HardmaxError, match="without an anchor"):
        without.partial_fit(["x"], ["good"])
    first = SentimentClassifier(random_state=0).partial_fit(TEXTS, LABELS, classes=["good", "bad"])
    fitted = SentimentClassifier(random_state=0).fit(TEXTS, LABELS)
    assert first.parameters_ == fitted.parameters_


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"anchor": -1}, "anchor = -1"),
        ({"anchor": float("nan")}, "anchor = nan"),
        ({"anchor": True}, "anchor = True"),
        ({"spread": 0}, "spread = 0"),
        ({"spread": 9}, "spread = 9"),
        ({"unrated": 0}, "unrated = 0"),
        ({"C": 0}, "C = 0"),
        ({"dimension": 1}, "from 2"),
        ({"initialisation": "random"}, "anchor=0 was wanted"),
    ],
)
def test_bad_parameters(changes: dict[str, object], match: str) -> None:
    with pytest.raises(HardmaxError, match=match):
        SentimentClassifier(**changes).fit(TEXTS, LABELS)
