"""The page of an explanation in headless Chromium: on a phone, by keyboard, in long texts."""

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from browser import needs, violations

pytest.importorskip("sklearn")
from anchored import anchored
from flint import fmpq
from sentences import BAD, FILLING, GOOD, THINGS, sentences

from sentiment import telling
from sentiment.about import About
from sentiment.classifier import SentimentClassifier
from sentiment.deletion import Deletion, deletions
from sentiment.explanation import Explanation, explain
from sentiment.pages import MOST_ROWS, page
from sentiment.reliability import Bin

needs("playwright.sync_api", "axe_playwright_python")

pytestmark = pytest.mark.xdist_group("chromium")

PHONE = 390
"""Pixels of a phone's width."""

HOSTILE = (
    'Superb <script>alert(1)</script> <img src=x onerror="alert(2)"> & "dull"\n\n\tnot superb '
    "😡😀\n"
    "فيلم superb رائع dull"
)


def long() -> str:
    random = Random(5)
    words = [random.choice([*GOOD, *BAD, *THINGS, *FILLING]) for _ in range(3000)]
    return " ".join(words)


TEXTS = {
    "short": "A superb film and not a dull story, with superb acting. Zyx.",
    "hostile": HOSTILE,
    "wide": "w" * 300 + " superb " + "dull" * 75,
    "long": long(),
    "unknown": "zyx",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pages are."""
    return tmp_path_factory.mktemp("explained")


@pytest.fixture(scope="module", autouse=True)
def told(folder: Path) -> dict[str, Explanation]:
    """What the pages tell, by their names."""
    texts, labels, films = sentences(120, 1)
    model = SentimentClassifier(initialisation="log-odds", random_state=0, min_count_groups=2)
    model.fit(texts, labels, groups=films)
    about = About("m" * 90, "0123456789ab", "<b>reviews.csv", 1200, "0.1.0")
    found: dict[str, Explanation] = {}
    for name, text in TEXTS.items():
        explanation = explain(model, text)
        assert isinstance(explanation, Explanation)
        words = page(explanation, deletions(model, explanation), about)
        (folder / f"{name}.html").write_text(words, encoding="utf-8")
        found[name] = explanation
    said = {"cautions": ("a question asks",), "calibration": Bin(0.6, 0.7, 1312, 0.64, 0.66)}
    for name, rest in {"anchored": said, "doubted": {"cannot_tell": "nobody knows"}}.items():
        found[name] = anchored(**rest)
        (folder / f"{name}.html").write_text(page(found[name]), encoding="utf-8")
    return found


SIDEWAYS = """() => [document.scrollingElement, ...document.querySelectorAll("body *")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline"
        && !["SCRIPT"].includes(e.tagName))
    .map(e => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("name", [*TEXTS, "anchored", "doubted"])
def test_nothing_is_moved_sideways(visit: Any, name: str) -> None:
    for width in (320, 390, 1280):
        opened = visit(name, width)
        opened.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert opened.evaluate("document.scrollingElement.scrollWidth") == width
        assert opened.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize("name", ["hostile", "wide", "doubted"])
def test_no_page_violates_anything(visit: Any, name: str) -> None:
    opened = visit(name, PHONE)
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        assert violations(opened) == {}


def stops(opened: Any) -> int:
    """How often the Tab key is pressed before it leaves the page."""
    for count in range(100):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement === document.body"):
            return count
    return 100


@pytest.mark.parametrize("name", ["short", "long"])
def test_words_are_no_stops_of_the_tab_key(visit: Any, name: str) -> None:
    opened = visit(name, PHONE)
    assert opened.locator("[data-tip]").count() > (1000 if name == "long" else 3)
    assert opened.locator("[tabindex='0']").count() == 1
    assert stops(opened) == 2  # the text, and the exact numbers


def test_arrow_keys_go_from_word_to_word_and_a_live_region_tells(
    visit: Any, told: dict[str, Explanation]
) -> None:
    explanation, opened = told["short"], visit("short", PHONE)
    tip = opened.locator("#tip")
    assert tip.get_attribute("role") == "status"
    assert "arrow keys" in tip.inner_text()
    tips = [telling.tip(explanation, span) for span in explanation.spans if span.adds]
    opened.keyboard.press("Tab")
    heard = [tip.inner_text()]
    for _ in tips:
        opened.keyboard.press("ArrowRight")
        heard.append(tip.inner_text())
    assert heard == [*tips, tips[-1]]  # no way beyond the last one
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert opened.evaluate(outline) != "none"
    for key, place in (("Home", 0), ("ArrowLeft", 0), ("End", -1), ("ArrowLeft", -2)):
        opened.keyboard.press(key)
        assert tip.inner_text() == tips[place]
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Tab")
    assert tip.inner_text() == tips[-2]  # where one was
    opened.locator("[data-tip]").nth(1).hover()
    assert tip.inner_text() == tips[1]
    opened.locator("[data-tip]").first.click()
    assert tip.inner_text() == tips[0]


def test_from_right_to_left_the_left_arrow_goes_on(visit: Any) -> None:
    opened = visit("short", PHONE)
    opened.evaluate("document.getElementById('text').style.direction = 'rtl'")
    opened.keyboard.press("Tab")
    first = opened.locator("#tip").inner_text()
    opened.keyboard.press("ArrowRight")
    assert opened.locator("#tip").inner_text() == first
    opened.keyboard.press("ArrowLeft")
    assert opened.locator("#tip").inner_text() != first


def test_the_line_that_tells_is_in_sight_wherever_one_reads(visit: Any) -> None:
    opened = visit("long", PHONE)
    opened.keyboard.press("Tab")
    opened.keyboard.press("End")
    opened.keyboard.press("ArrowLeft")
    word = opened.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
    tip = opened.evaluate("document.getElementById('tip').getBoundingClientRect().toJSON()")
    assert 0 <= word["top"] < word["bottom"] <= tip["top"] + 1 <= tip["bottom"] <= 901


def test_the_text_is_as_given(visit: Any) -> None:
    for name in ("hostile", "wide", "long"):
        opened = visit(name, PHONE)
        assert opened.locator("#text").evaluate("e => e.textContent") == TEXTS[name]
        assert opened.locator("#text").evaluate("e => getComputedStyle(e).whiteSpace") == "pre-wrap"
        assert opened.locator("script, img").count() == 1
    assert visit("hostile", PHONE).locator("#text").get_attribute("dir") == "auto"


def test_without_scripts_all_is_told(visit: Any, told: dict[str, Explanation]) -> None:
    opened = visit("short", PHONE, java_script_enabled=False)
    assert opened.locator("[tabindex]").count() == 0
    assert not opened.locator("#tip").is_visible()
    listed = opened.locator("tbody th").all_inner_texts()
    explanation = told["short"]
    names = {line.split(" ×")[0].removesuffix(" (negated)") for line in listed}
    assert names >= {word.word for word in explanation.together if word.adds}


def numbers(opened: Any, where: str) -> list[int]:
    """Thousandths, as they are shown."""
    words = opened.locator(where).all_inner_texts()
    return [round(1000 * float(x.replace("−", "-"))) for x in words]


@pytest.mark.parametrize("name", ["short", "hostile", "long", "anchored"])
def test_what_is_shown_adds_up(visit: Any, name: str) -> None:
    opened = visit(name, PHONE)
    *bars, score = numbers(opened, ".bars .adds")
    assert sum(bars) == score
    *rows, total = numbers(opened, "td.number")
    assert sum(rows) == total == score
    assert rows[-1] == bars[-1]  # the starting point
    assert len(rows) <= MOST_ROWS + 3


def test_sides_are_told_by_more_than_colour(visit: Any, told: dict[str, Explanation]) -> None:
    opened = visit("short", PHONE)
    spans = [span for span in told["short"].spans if span.adds]
    words = opened.locator("#text [data-tip]")
    line = "e => getComputedStyle(e).borderBottomStyle"
    for k, span in enumerate(spans):
        assert words.nth(k).evaluate(line) == ("solid" if span.adds > 0 else "dashed")
    assert opened.locator(".legend li").all_inner_texts() == [
        "speaks for good", "speaks for bad", "unknown to the model"
    ]  # fmt: skip
    opened.emulate_media(forced_colors="active")
    fills = opened.locator(".fill").evaluate_all(
        "all => all.map(e => [getComputedStyle(e).backgroundColor, getComputedStyle(e)"
        ".backgroundImage].join())"
    )
    assert all(fill != "rgba(0, 0, 0, 0),none" for fill in fills)


def test_the_anchor_cautions_and_calibration_are_told_in_words(visit: Any) -> None:
    words = visit("anchored", PHONE).locator("main").inner_text()
    assert "The rest, 57%, follows the neutral anchor, which speaks for neither side." in words
    assert "29% of the text’s weight follows “superb”." in words
    assert "Of 1,312 held-out texts that were told 60%–70% fresh, 66% were." in words
    assert "A question asks." in words
    assert "The score is the sum of these bars; above 0 is fresh." in words
    assert "5 of 6 words (83%) are known." in words
    assert re.search("vote|bias in it", words) is None
    for name, why in {
        "doubted": "Nobody knows.",
        "unknown": "No word of the text is known",
    }.items():
        opened = visit(name, PHONE)
        assert opened.locator("h1").inner_text() == "Cannot tell"
        assert why in opened.locator(".headline").inner_text()


def test_negative_texts_are_told_their_own_calibration() -> None:
    explanation = anchored("dull", calibration=Bin(0.1, 0.2, 40, 0.15, 0.25))
    assert not explanation.logit > 0
    assert telling.calibrated(explanation) == (
        "Of 40 held-out texts that were told 80%–90% rotten, 75% were."
    )
    empty = anchored("dull", calibration=Bin(0.1, 0.2, 0, None, None))
    assert "No held-out text was told such a probability" in telling.calibrated(empty)
    assert "has not been measured" in telling.calibrated(anchored("dull"))


def test_labels_without_a_letter_are_told_with_their_sides() -> None:
    words = page(anchored(positive=1, negative=0))
    assert "<h1>1 (positive)</h1>" in words
    assert "speaks for 0 (negative)" in words
    assert "above 0 is 1 (positive)." in words
    assert "<h1>0 (negative)</h1>" in page(anchored("dull", positive=1, negative=0))
    assert "(positive)" not in page(anchored())


def test_what_is_said_without_a_word(visit: Any) -> None:
    words = visit("short", PHONE).locator(".without").inner_text()
    assert len(words.splitlines()) == 3
    assert "(2 times)" in words
    explanation = anchored()
    flipped = Deletion("superb", 2, -explanation.logit, 2 * explanation.logit, "rotten", True)
    assert telling.without(explanation, flipped) == (
        "Without “superb” (2 times): probability of fresh 63% → 37%, so that the decision is "
        "rotten."
    )


def test_a_word_without_which_all_reads_the_same_is_not_told() -> None:
    explanation = anchored()
    idle = Deletion("a", 1, explanation.logit + fmpq(1, 10**6), fmpq(-1, 10**6), "fresh", False)
    weighs = Deletion("superb", 1, explanation.logit / 2, explanation.logit / 2, "fresh", False)
    assert telling.noticeable(explanation, (weighs, idle)) == [weighs]
    assert "Without “superb”" in (words := page(explanation, (weighs, idle)))
    assert "Without “a”" not in words
    assert 'id="without"' not in page(explanation, (idle,))


def test_the_model_is_named(visit: Any) -> None:
    words = visit("short", PHONE).locator("footer").inner_text()
    assert f"Model {'m' * 90} (version 0123456789ab), trained on 1,200 texts of" in words
    assert "<b>reviews.csv; hardmax 0.1.0." in words
