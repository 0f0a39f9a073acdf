"""Cautions: what is told beside a decision, and when there is none; languages."""

import pytest

pytest.importorskip("vaderSentiment")

from sentiment.cautions import EVEN, EVEN_IF_MIXED, LONG, Evidence, cannot_tell, cautions
from sentiment.language import _COMMON, language, languages
from sentiment.reading import Reading

STRENGTHS = {"good": 1.0, "bad": -1.0, "superb": 2.0, "not_good": -1.0, "good film": 0.2,
             "film": 0.05, "the": 0.9, "is": -0.9, "it": 0.0, "computer": 0.3, "documentary": 0.8,
             "a": 0.0, "was": 0.0, "and": 0.0, "but": -0.7, "this": 0.0}  # fmt: skip


def evidence(text: str, logit: float = 1.0) -> Evidence:
    features = Reading(4, 2).features(text)
    known = {f.name: STRENGTHS[f.name] for f in features if f.name in STRENGTHS}
    return Evidence(text, features, known, logit)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Der Film war sehr gut und nicht zu lang", "German"),
        ("no me gusta la película", "Spanish"),
        ("Очень хороший фильм", "Cyrillic"),
        ("zyx qwv", "no word of the text is known"),
        ("film", "says neither good nor bad"),
        ("it is the film", "none is known to say"),
        ("the computer is the film", "none is known to say"),
        ("Is it a good film?", "a question"),
        ("Is it good? Was the film bad?", "nothing but questions"),
    ],
)
def test_texts_that_cannot_be_judged(text: str, reason: str) -> None:
    told = cannot_tell(evidence(text))
    assert told is not None
    assert reason in told
    assert not told.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "good", "Good film", "not good", "the film und is good", "Isn't it good?",
        "It is good? Yes.",
        "Is it good? It was superb.", "What's not good?",
        "Who could say it is good?", "this documentary", "Why is it bad?", "it is good zyx",
    ],
)  # fmt: skip
def test_texts_that_can(text: str) -> None:
    assert cannot_tell(evidence(text)) is None


@pytest.mark.parametrize("sign", [1, -1])
def test_even_odds_are_no_decision(sign: int) -> None:
    even = cannot_tell(evidence("good and bad", sign * EVEN))
    assert even is not None
    assert "about even" in even
    weak = cannot_tell(evidence("good", sign * EVEN))
    assert weak is not None
    assert "too weak" in weak
    assert cannot_tell(evidence("good", sign * EVEN * 1.01)) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("good film", []),
        ("good zyx film", []),
        ("good zyx zyy", ["Only 1 of 3 words is known to the model (33%)."]),
        ("good film zyx zyy zyw", ["Only 2 of 5 words are known to the model (40%)."]),
        ("the film", ["No word of feeling"]),
        ("good and bad", ["mixed"]),
        ("good but bad", []),
        ("superb, superb, not bad", []),
        ("Who says it was good? It was superb.", ["Part of the text is a question."]),
        ("It was good. Is it a film?", ["Part of the text is a question."]),
        ("Der Film war sehr gut und good", ["in German, not in English", "known"]),
        ("good " * LONG, [f"{LONG} words"]),
        ("good " * (LONG - 1), []),
        ("It was good. It was good. " * 10 + "it was goo", ["cut off"]),
        ("It was good. It was good. " * 10 + "it was good.", []),
        ("it was good " * 20, []),
        ("it was good " * 20 + "…", ["cut off"]),
        ("it was good…", []),
    ],
)
def test_cautions(text: str, wanted: list[str]) -> None:
    told = cautions(evidence(text))
    assert len(told) == len(wanted), told
    for sentence, part in zip(told, wanted, strict=True):
        assert part in sentence
        assert sentence.endswith(".")


def test_a_model_that_knows_the_words_is_of_their_language() -> None:
    text = "Der Film war sehr gut"
    features = Reading().features(text)
    knows = {f.name: 1.0 for f in features}
    assert cannot_tell(Evidence(text, features, knows, 1.0)) is None
    assert cautions(Evidence(text, features, knows, 1.0)) == ()


def test_a_model_that_knows_some_of_the_words_is_not() -> None:
    text = "Una película maravillosa, me encantó mucho"
    features = Reading().features(text)
    knows = {f.name: 1.0 for f in features[:4]}
    told = cannot_tell(Evidence(text, features, knows, 1.0))
    assert told == "the text seems to be in Spanish, and the model knows 4 of 6 words"


def test_a_model_of_english_that_has_heard_some_spanish_is_of_english() -> None:
    text = "La película es muy buena"
    features = Reading().features(text)
    knows = {f.name: 1.0 for f in features[:4]}
    assert cannot_tell(Evidence(text, features, knows, 1.0)) is None
    english = Evidence(text, features, knows, 1.0, frozenset({"English"}))
    told = cannot_tell(english)
    assert told == "the text seems to be in Spanish, and the model knows 4 of 5 words"
    assert cautions(english)[0] == "The text seems to be in Spanish, not in English."
    both = Evidence(text, features, knows, 1.0, frozenset({"English", "Spanish"}))
    assert cannot_tell(both) is None


def test_a_model_of_another_language_does_not_read_english() -> None:
    text = "the film was very good"
    german = Evidence(text, Reading().features(text), {"film": 1.0}, 1.0, frozenset({"German"}))
    assert "The text seems to be in English, not in German." in cautions(german)


def test_languages_told_by_their_letters_are_named_without_a_stray_comma() -> None:
    for sentence in cautions(evidence("Очень хороший фильм")):
        assert ",," not in sentence
    cyrillic = "Очень хороший фильм"
    features = Reading().features(cyrillic)
    knows = {f.name: 1.0 for f in features}
    assert cannot_tell(Evidence(cyrillic, features, knows, 1.0, frozenset({"English"}))) is None


def test_the_languages_of_a_vocabulary() -> None:
    english, german = (set(_COMMON[name].split()) for name in ("English", "German"))
    assert languages({"the", "a", "and", "film", "was", "good"}) == frozenset()
    assert languages(english) == {"English"}
    assert languages(german) == {"German"}
    assert languages(english | german) == {"English", "German"}


@pytest.mark.parametrize("sign", [1, -1])
def test_mixed_feelings_want_better_odds(sign: int) -> None:
    told = cannot_tell(evidence("good and bad", sign * EVEN_IF_MIXED))
    assert told is not None
    assert "about even" in told
    assert cannot_tell(evidence("good and bad", sign * EVEN_IF_MIXED * 1.01)) is None
    assert cannot_tell(evidence("good", sign * EVEN_IF_MIXED)) is None


def test_negations_have_no_feeling_of_their_own() -> None:
    features = Reading(4).features("isn't it good")
    knows = {"isn't": -1.0, "good": 1.0}
    assert cautions(Evidence("Isn't it good?", features, knows, 1.0)) == ()


def test_words_are_counted_once_for_each_place() -> None:
    found = evidence("a <b>good</b> film, zyx 😀")
    assert [word.name for word in found.words] == ["a", "good", "film", "zyx", "😀"]
    assert found.known == 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a very good film", "English"),
        ("The war was in Germany and so the man is a Hun", "English"),
        ("Das ist ein schlechter Film", "German"),
        ("Ich liebe diesen Film", "German"),
        ("Très mauvais film, je ne le recommande pas", "French"),
        ("El hotel estaba sucio y el servicio fue terrible", "Spanish"),
        ("no me gusta", "Spanish"),
        ("Un film davvero bellissimo, da non perdere", "Italian"),
        ("Que filme horrível, não recomendo", "Portuguese"),
        ("Wat een geweldige film, echt een aanrader", "Dutch"),
        ("Filmen var väldigt bra och rolig", "Swedish"),
        ("Jeg vet ikke hva noen mener om denne filmen", "Norwegian"),
        ("Jeg kunne ikke lide den, og hvad er det", "Danish"),
        ("Bardzo dobry film, polecam", "Polish"),
        ("Çok güzel bir film", "Turkish"),
        ("Este un film foarte bun", "Romanian"),
        ("To je skvělý film a moc se mi líbil", "Czech"),
        ("Film ini sangat bagus", "Indonesian"),
        ("Nagyon jó film volt", "Hungarian"),
        ("とても良い映画", "Japanese"),
        ("这部电影很好看", "Chinese"),
        ("정말 재미있는 영화", "Korean"),
        ("Η ταινία ήταν υπέροχη", "Greek"),
    ],
)
def test_languages(text: str, wanted: str) -> None:
    assert language(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "", "!!! 12 😀", "film und", "Sehr gut!", "zyx qwv plugh", "Amélie", "HA HA HA HA HA",
        "Café Society, déjà vu", "LMAO, AMAZING!", "Los Angeles Lakers",
        "Schindler's List", "Borderlands 2 pic.twitter.com/a1z http://t.co/IAk3 smh",
    ],
)  # fmt: skip
def test_what_is_not_accused(text: str) -> None:
    assert language(text) in (None, "English")
