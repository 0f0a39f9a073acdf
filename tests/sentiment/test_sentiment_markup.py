"""Markup: what is stripped, what is not, and where each character stood."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sentiment.markup import plain


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("no markup", "no markup"),
        ("a <b>bold</b> word", "a bold word"),
        ("go<i>o</i>d", "good"),
        ("Fine.<br>Good.<br/>Bad<BR />x", "Fine.\n\nGood.\n\nBad\n\nx"),
        ("<p class='a > b'>One</p><p>Two", "\n\nOne\n\n\n\nTwo"),
        ("<!-- hidden > all of it -->shown", "shown"),
        ("<script>if (a<b) bad()</script>shown", "\n\nshown"),
        ("<STYLE type='x'>bad {}</StyLe >shown", "\n\nshown"),
        ("<!DOCTYPE html><?xml version='1'?>shown", "shown"),
        ("it&#39;s &quot;good&quot; &amp; &#x1F600;", 'it\'s "good" & 😀'),
        ("it&amp;#39;s twice &amp;amp; once", "it's twice & once"),
        ("AT&amp T, AT&T, R&D; &unknown;", "AT& T, AT&T, R&D; &unknown;"),
        ("&lt;br&gt;escaped &lt;3", "\n\nescaped <3"),
        ("<review_text lang='en'>good</review_text>", "\n\ngood\n\n"),
    ],
)
def test_markup_is_stripped(given_text: str, text: str) -> None:
    assert plain(given_text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "I <3 this", "</3", "a < b and c > d", "a<b", "1 <2> 3", "<user> said", "< b>", "<>", "&",
        "x &y", "Q&A", "<!--never closed", "<!- no -->", "&#99999999999;", "&;", "< /b>",
    ],
)  # fmt: skip
def test_what_is_no_markup_stays(text: str) -> None:
    assert plain(text).text == text


def test_one_piece_that_does_not_begin_where_the_text_does() -> None:
    assert plain("<b>good").given(0, 4) == (3, 7)
    assert plain("&lt;b&gt;good").given(0, 4) == (9, 13)


def test_what_is_never_closed_hides_nothing() -> None:
    assert plain("<script>x<script>good").text == "\n\nx\n\ngood"
    assert plain("<!--<!--<b>good").text == "<!--<!--good"
    assert plain("<b>good <i").text == "good <i"


@pytest.mark.parametrize("piece", ["<b>", "&#39;", "<!-- c -->", "&amp;#39;", "<br/>", "&lt;i&gt;"])
def test_places_are_those_of_the_given_text(piece: str) -> None:
    text = f"{piece}one{piece} two{piece}"
    found = plain(text)
    for word in ("one", "two"):
        start = found.text.index(word)
        first, last = found.given(start, start + 3)
        assert text[first:last] == word
    for start, letter in enumerate(found.text):
        first, last = found.given(start, start + 1)
        assert text[first:last] == letter or plain(text[first:last]).text in (letter, "\n\n")


PARTS = ["<b>", "</b>", "<br>", "&amp;", "&#39;", "&lt;", "&gt;", "<!--", "-->", "<script>",
     "</script>",
         "<a href='x'>", "b", " ", "<", ">", "&", ";", "'", '"', "é", "😀", "amp;"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=30).map("".join) | st.text())
@example("&am<b></b>p;lt;b&gt;")
def test_places_are_inside_and_rising(text: str) -> None:
    found = plain(text)
    end = 0
    for place in range(len(found.text)):
        first, last = found.given(place, place + 1)
        assert 0 <= first < last <= len(text)
        assert last >= end
        end = last
    if "<" not in text and "&" not in text:
        assert found.text == text


@pytest.mark.parametrize(
    "piece", ["<", "&", "<!--", "<script>", "<a ", "<a '", "</", "&amp;", "<!x"]
)
def test_a_million_characters_take_no_longer_for_each(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert len(plain(text).text) <= len(text)
