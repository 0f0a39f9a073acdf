"""Reading: features, negation, salience, and the characters that features cover."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

pytest.importorskip("vaderSentiment")

from sentiment.grammar import FUNCTION
from sentiment.lexicon import MARK, degrees, shown, vader_lexicon, valence
from sentiment.pieces import FACE, WORD, divide, look
from sentiment.reading import Feature, Reading
from sentiment.scope import LEAST, MOST, PLAIN


def names(text: str) -> list[str]:
    return [feature.name for feature in Reading(4, 1).features(text)]


def marked(text: str) -> list[str]:
    """The words that are marked."""
    return [name.removeprefix(MARK) for name in names(text) if name.startswith(MARK)]


def salience(text: str) -> dict[str, int]:
    """The salience of each feature that has not the plain one."""
    return {f.name: f.salience for f in Reading(4, 1).features(text) if f.salience != PLAIN}


def score(text: str) -> float:
    """The sum of ratings by salience."""
    lexicon = vader_lexicon()
    return sum(f.salience * valence(f.name, lexicon) for f in Reading(4, 1).features(text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("not good", ["good"]),
        ("not a very good film", ["good", "film"]),
        ("I don't think it's good", ["think", "good"]),
        ("I dont like it", ["like"]),
        ("I don t like it", ["like"]),
        ("it does n't work, ca n't like it", ["work", "like"]),
        ("cant stand here", []),
        ("AINT good", ["good"]),
        ("wouldn't recommend it", ["recommend"]),
        ("never dull; always good", ["dull"]),
        ("not good, bad", ["good"]),
        ("not good but fun", ["good"]),
        ("not bad because good", ["bad"]),
        ("not good (fun)", ["good"]),
        ("not good - fun", ["good"]),
        ("not good.<br>Fun", ["good"]),
        ("not good 😀 fun", ["good"]),
        ("not good :) fun", ["good"]),
        ("without charm", ["charm"]),
        ("hardly good", ["good"]),
        ("neither good nor fun", ["good", "fun"]),
        ("a lack of charm", ["charm"]),
        ("far from perfect", ["perfect"]),
        ("anything but funny", ["funny"]),
        ("too slow to enjoy", ["enjoy"]),
        ("nobody liked it", ["liked"]),
        ("no one liked it", ["liked"]),
        ("I have never seen a better film", ["seen", "film"]),
        ("I have never had a more beautiful day", ["day"]),
        ("I have not seen the better film", ["seen", "better", "film"]),
        ("I never liked a better film", ["liked", "better", "film"]),
        ("if only it were funny", ["funny"]),
        ("if it were funny", []),
        ("can't say it isn't fun", ["say"]),
        ("can't say it is fun", ["say", "fun"]),
        ("I don't like that it isn't fun", ["like", "fun"]),
        ("I expected a bad film, but it wasn't.", ["expected", "bad", "film"]),
        ("It looked good but it was not.", ["looked", "good"]),
        ("It looked good but it was.", []),
        ("It looked good. But it wasn't fun.", ["fun"]),
        ("not only good", []),
        ("not just good", []),
        ("it isn't just good", []),
        ("without a doubt good", []),
        ("no doubt good", []),
        ("not to mention good", []),
        ("one of the best, if not the best", []),
        ("can't wait to see this great film", []),
        ("couldn't be happier", []),
        ("It couldn't be more beautiful", []),
        ("never been smoother", []),
        ("there is no better film", ["film"]),
        ("not better", ["better"]),
        ("nothing but good", []),
        ("at least good", []),
        ("never so good", []),
        ("not without charm", []),
        ("never not good", []),
        ("it doesn't fail to impress", ["fail to"]),
        ("not good, not bad", ["good", "bad"]),
        ("Isn't it lovely?", []),
        ("Don't you love it?", []),
        ("It isn't lovely", ["lovely"]),
        ("A masterpiece it is not.", ["masterpiece"]),
        ("A masterpiece it is", []),
        ("whether good or not", []),
        ("I don't know how much money they wasted", ["know", "money"]),
        ("no good", []),
        ("The price is not the problem", ["problem"]),
        ("never seen anything so beautiful", ["seen"]),
        ("I never said anything good", ["said", "good"]),
        ("it is no longer good", ["good"]),
        ("not enough charm", ["charm"]),
        ("less boring than that", ["boring"]),
        ("not the least good", []),
        ("zero complaints", ["complaints"]),
        ("nobody better", []),
        ("I can't believe how bad this is", []),
        ("wouldn't hesitate to recommend it", ["hesitate to"]),
    ],
)
def test_the_reach_of_negations(text: str, wanted: list[str]) -> None:
    assert [word for word in marked(text) if word != "much"] == wanted


@pytest.mark.parametrize("reach", [1, 2, 3])
def test_a_negation_reaches_so_many_content_words(reach: int) -> None:
    text = "not one very house of the two tree of window door"
    found = [f.name for f in Reading(reach, 1).features(text) if f.name.startswith(MARK)]
    assert found == ["not_house", "not_two", "not_tree"][:reach]
    assert not any(f.name.startswith(MARK) for f in Reading(0, 1).features(text))


def test_function_words_have_no_mark() -> None:
    for word in sorted(FUNCTION | set(degrees())):
        unit = look(word)
        if unit.function and not unit.negates:
            assert MARK + word not in names(f"not {word} x")


@pytest.mark.parametrize(
    "text",
    [
        "Not bad at all", "a film without a flaw", "It's not without charm", "never not good",
        "Without a doubt an excellent idea", "Two thumbs up", "can't wait to see it", "no problem",
        "couldn't be better", "second to none", "I love it <3", ":-)", "so happy 😂", "👍🏽", "❤️",
        "Not only is it good, it is great", "It is slow, but I love it", "must-see",
        "no problems here",
        "this slaps", "the best of the year", "10/10", "a good film, isn't it?", "gr8", "XD",
        "I don't hate it", "well worth the money", "GOOOOD", "Great #epic",
        "the show stole my heart",
    ],
)  # fmt: skip
def test_what_is_praise(text: str) -> None:
    assert score(text) > 0
    assert score(text + " It is terrible, the worst, awful, horrible, bad, ugly, a disaster.") < 0


@pytest.mark.parametrize(
    "text",
    [
        "Not good at all", "I wouldn't recommend it", "I don't think it's good", "thumbs down",
        "What a waste of time", "falls flat", "nothing special", "not worth it",
        "Dont waste your money",
        "far from perfect", "anything but funny", "too slow to enjoy", "a lack of charm", ":-(",
        "💩", "👎🏿",
        "Good acting, but the story is boring", "A masterpiece it is not.", "never again", "0/10",
        "Although the acting is good, it is a bad film", "fed up", "it sux", "no fun", "</3",
        "hardly a great film", "nobody liked it", "wanted to like it", "meh", "not my cup of tea",
    ],
)  # fmt: skip
def test_what_is_blame(text: str) -> None:
    assert score(text) < 0
    assert (
        score(text + " It is great, wonderful, the best, excellent, lovely, a joy, I love it.") > 0
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a good film", {}),
        ("a very good film", {"good": 10}),
        ("a really very good film", {"good": 12}),
        ("a slightly good film", {"good": 6}),
        ("kind of good", {"good": 6}),
        ("very. good", {}),
        ("a GOOD film", {"good": 11}),
        ("A GOOD FILM", {}),
        ("I like TV", {"tv": 11}),
        ("goooood", {"good": 10}),
        ("sooo good", {"so": 10, "good": 10}),
        ("good film!", {"good": 9}),
        ("good film!!!!!!!!", {"good": 12}),
        ("good ! ! film", {"good": 10}),
        ("Fine. good!", {"good": 9}),
        ("good, but bad", {"good": 4, "bad": 12}),
        ("good. but bad", {"bad": 12}),
        ("although good, bad", {"although": 4, "good": 4, "bad": 12}),
        ("bad, though good", {"bad": 12, "though": 4, "good": 4}),
        ("not bad", {"not": LEAST, "not_bad": PLAIN} | {}),
        ("not without charm", {"not": LEAST, "without": LEAST}),
        (":))))", {":)": 10}),
        ("terribly good", {"terribly": LEAST, "good": 10}),
        ("pretty bad", {"pretty": LEAST, "bad": 10}),
        ("pretty good", {}),
        ("pretty, bad", {}),
        ("good bad", {}),
        ("a VERY good film", {"good": 10}),
    ],
)
def test_saliences(text: str, wanted: dict[str, int]) -> None:
    assert salience(text) == {name: n for name, n in wanted.items() if n != PLAIN}


def test_saliences_are_bounded() -> None:
    most = Reading(4, 2).features("very " * 50 + "GOOOOD!!!!!!!! x y z though")
    assert max(f.salience for f in most) == MOST
    least = Reading(4, 2).features("slightly " * 50 + "good but bad")
    assert min(f.salience for f in least) == LEAST > 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("visit http://a.b/good?bad=1 or www.bad.com now", ["visit", "or", "now"]),
        ("see bit.ly/3good now", ["see", "bit", "now"]),
        ("@good_guy says #hi 12 3.5 10:30", ["says", "hi"]),
        ("me@example.com", ["me", "example"]),
        ("gr8 1st 90s mp3", ["gr8", "1st", "90s", "mp3"]),
        ("well-made, self-confident, must-see", ["well made", "self-confident", "must see"]),
        ("(see page 8) b) fine", ["see", "page", "b", "fine"]),
        ("great:) fine:( :-D XD", ["great", ":)", "fine", ":(", ":-d", "xd"]),
        ("<3<3 &lt;3", ["<3", "<3", "<3"]),
        ("note: (see below): end", ["note", "see", "below", "end"]),
        ("and/or 50% off", ["and", "or", "off"]),
        ("👍🏽👍 ❤️ ❤", ["👍", "👍", "❤", "❤"]),
        ("👩‍❤️‍👨!", ["👩‍❤‍👨"]),
        ("LOOOVE", ["love"]),
        ("waste of my time", ["waste of my time"]),
        ("thumbs up, thumbs. Up", ["thumbs up", "thumbs", "up"]),
        ("xxx zzz aaaah", ["xxx", "zzz", "ah"]),
    ],
)
def test_the_names_of_features(text: str, wanted: list[str]) -> None:
    assert names(text) == wanted


def test_groups() -> None:
    def groups(text: str) -> list[str]:
        return [f.name for f in Reading(4, 2).features(text) if " " in f.name]

    assert groups("a very good film") == ["a very", "very good", "good film"]
    assert groups("not a good film") == ["not a", "not_a good", "not_good film"]
    assert groups("good, film. x :) y") == []
    waste = groups("a real waste of time here")
    assert waste == ["a real", "waste of time", "real waste of time", "waste of time here"]


def test_features_cover_what_was_given() -> None:
    text = "It&#39;s a <b>very</b> go<i>o</i>d film &lt;3 &amp; <br>waste of&nbsp;time"
    covered = {f.name: text[f.start : f.end] for f in Reading(4, 2).features(text)}
    assert covered["it's"] == "It&#39;s"
    assert covered["good"] == "go<i>o</i>d"
    assert covered["very good"] == "very</b> go<i>o</i>d"
    assert covered["<3"] == "&lt;3"
    assert covered["waste of time"] == "waste of&nbsp;time"
    assert "film" not in "".join(covered[name] for name in ("it's", "good", "<3"))


PARTS = [
    "not", "good", "GOOOD", "bad", "very", "but", "can't", "dont", "n't", "does", " ", " ", " ",
    ".", ",", "!",
    "?", "\n\n", ":)", ":-((", "8)", "D:", "<3", "😀", "👍🏽", "\u200d", "\ufe0f", "❤️", "<b>",
    "</b>", "<br>",
    "&amp;", "&#39;", "&lt;", "'", "’", "é", "e\u0301", "@me", "#tag", "http://x.y", "www.",
    ".com", "10/10",
    "3.5", "waste of", "time", "it is not", "too", "to", "never", "been", "more", "-", "İ", "ß",
    "日本", "\ud800",
]  # fmt: skip

TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join) | st.text()


@given(TEXTS, st.integers(0, 5), st.integers(1, 3))
@example("www.good.com!", 4, 2)
@example("it is not. not", 4, 2)
@settings(max_examples=300)
def test_any_text_is_read(text: str, negation: int, ngrams: int) -> None:
    reading = Reading(negation, ngrams)
    features = reading.features(text)
    total: Counter[str] = Counter()
    for feature in features:
        assert 0 <= feature.start < feature.end <= len(text)
        assert LEAST <= feature.salience <= MOST
        assert type(feature.salience) is int
        assert feature.name.strip() == feature.name != ""
        total[feature.name] += feature.salience
    assert total == reading.counts(text)
    single = Reading(negation, 1).features(text)
    assert [f for f in features if f in single] == single
    for one, other in pairwise(single):
        assert one.end <= other.start


@given(TEXTS)
@example("8)😀")
@example("<b>not")
def test_what_a_feature_covers_reads_the_same(text: str) -> None:
    for feature in Reading(4, 1).features(text):
        again = Reading(4, 1).features(text[feature.start : feature.end])
        assert [f.name for f in again] == [feature.name.removeprefix(MARK)]


@pytest.mark.parametrize(
    "piece",
    ["<", "!", "(", ":", "a'", ":-", "\u200d", "👍\u200d", "a\u0301", "1/", "not ", "😀", "@",
     "www.", "d:", "a ", "it is not. ", "<b>", "no good ", "it is not "],
)  # fmt: skip
def test_long_texts_take_no_longer_for_each_character(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    counts = Reading(4, 2).counts(text)
    assert all(n >= LEAST for n in counts.values())


def test_the_lexicon_has_only_what_can_be_read() -> None:
    lexicon = vader_lexicon()
    assert all(-4 <= rating <= 4 for rating in lexicon.values())
    for name in lexicon:
        if look(name).kind == FACE:
            assert names(name) in ([name], []) or name in "o/\\o h&k 0_o"
    phrases = [name for name in lexicon if " " in name and name[0].isalpha()]
    assert len(phrases) > 300
    for phrase in phrases:
        assert names(phrase) == [phrase], phrase


def test_emoji_are_rated_by_their_words() -> None:
    lexicon = vader_lexicon()
    assert lexicon["😢"] == lexicon["crying"] == -2.1
    assert "🎲" not in lexicon
    assert "\ufe0f" not in "".join(lexicon)
    assert shown("👩🏽‍❤️‍👨🏻") == "👩‍❤‍👨"
    assert shown("\ufe0f") == "\ufe0f"


def test_looks() -> None:
    assert look("can't").negates
    assert look("without").negates
    assert not look("wanted").negates
    assert look("really").degree == 2 == -look("slightly").degree
    assert look("like").rating
    assert not look("like").function
    assert look("the").function
    assert [look(x).loud for x in ("TV", "tv", "I")] == [True, False, None]
    assert [look(x).kind for x in ("good", ":)", "12")][:2] == [WORD, FACE]
    assert [piece[0] for piece in divide("It’s OK…")] == ["It's", "OK", "…"]


def test_a_feature_is_a_value() -> None:
    one = Feature("good", 0, 4)
    assert one == Feature("good", 0, 4, PLAIN) != Feature("good", 0, 4, 9)
    assert one.is_word
    assert not Feature("very good", 0, 9).is_word
