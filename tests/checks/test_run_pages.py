"""Pages of runs: names of tokens, numbers, where tokens tend to, and what is told besides."""

import re
from html import unescape
from typing import Any

import pytest

from checks import Report, Run, Verdict
from checks.reports import Page, ends, facts, html, markdown, runs
from checks.reports.picture import figure
from checks.statements import find
from theory import INFINITE, Configuration, Dynamics, Undecided, settle
from theory.files.configurations import read_configurations
from theory.pictures.slides import Slides
from theory.rules import Masked
from theory.schedules.functions import RationalFunction
from theory.steps import Scheduled

pytest.importorskip("plotly")
pytest.importorskip("jinja2")
pytest.importorskip("latex2mathml")

WORDS = "examples/repeated-words.json"


def page_of(given: Configuration, max_layers: int = 10_000, **options: Any) -> str:
    """The text of the page of a run, without scripts."""
    result = settle(given.merged()[0], max_layers, **options)
    page = html.run_page(result, given, "a run")
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def annotations(slides: Slides) -> list[list[str]]:
    return [
        [note["text"] for note in frame["layout"]["annotations"]]
        for frame in figure(slides)["frames"]
    ]


# ------------------------------------------------------------------------------- the names


def test_tokens_have_one_name_on_all_of_a_page() -> None:
    (given,) = read_configurations(WORDS)
    slides = Slides.of(settle(given.merged()[0]), given)
    assert annotations(slides)[0] == [
        "<b>fine (0, 2)</b>", "<b>dull (4)</b>", "acting (1)", "music (3)", "plot (5)", "film (6)",
    ]  # fmt: skip
    assert runs.outcome(slides) == (
        "Settled at layer 0: 3 leaders, 3 clusters; slowest term (2/3)^t."
    )
    page = page_of(given)
    for words in (
        "Leaders: tokens fine (0, 2) at (1, 2) since layer 0; token dull (4) at (-2, 2)",
        "token film (6), to (0, 2) on the face of {fine (0, 2), dull (4)}",
        "fine (0, 2), acting (1), music (3) (1, 2) leader fine (0, 2)",
        "film (6) (0, 1) fine (0, 2), dull (4) follower",
        "shown as one: tokens fine (0, 2).",
        "pairwise distinct, copies merged yes",
    ):
        assert words in page
    assert "place" not in page


def test_without_labels_tokens_are_numbers_of_the_input() -> None:
    page = page_of(Configuration([[1, 2], [1, 2], [-2, 2], [0, 1]], "1/2"))
    assert "Leaders: tokens 0, 1 at (1, 2) since layer 0; token 2 at (-2, 2)" in page
    assert "3 (0, 2) foot of the origin on the face of {0, 1, 2}" in page
    apart = page_of(Configuration([[1, 2], [-2, 2], [0, 1]], "1/2"))
    assert "shown as one" not in apart
    assert "copies merged" not in apart


def test_a_run_names_the_tokens_of_its_source() -> None:
    given = Configuration([[3], [3], [1]], 1)
    assert annotations(Slides.of(Run(given)))[0] == ["<b>0, 1</b>", "2"]
    assert annotations(Slides.of(Run(given, keep_copies=True)))[0] == ["0, 1", "2"]  # a tie
    mixed = Configuration([[3], [1], [3]], 1)
    assert annotations(Slides.of(settle(mixed.merged()[0]), mixed))[0] == ["<b>0, 2</b>", "1"]


def test_labels_do_not_run_together() -> None:
    close = Configuration([[4, 4], ["41/10", 4], [-4, 0], [0, -5]], 1, labels=["8", "14", "x", "y"])
    shown = figure(Slides.of(settle(close)))["frames"][0]["layout"]["annotations"]
    by_name = {note["text"]: (note["xanchor"], note["yanchor"]) for note in shown}
    assert set(by_name) == {"8 (0)", "<b>14 (1)</b>", "<b>x (2)</b>", "<b>y (3)</b>"}
    assert by_name["8 (0)"] != by_name["<b>14 (1)</b>"]
    last = annotations(Slides.of(settle(close)))[-1]
    assert "<b>14 (1)</b>, 8 (0)" in last


def test_of_many_tokens_the_leaders_are_named() -> None:
    many = Configuration([[9, 9], [-9, 9], *([k % 7 - 3, k % 8] for k in range(1, 56))], 1)
    merged = many.merged()[0]
    slides = Slides.of(settle(merged), many)
    assert merged.size > 40
    assert annotations(slides)[0] == ["<b>0</b>", "<b>1</b>"]
    assert all(name.startswith("<b>") for name in annotations(slides)[-1])


@pytest.mark.parametrize("label", ["<b>x</b>", "$x_1$", "\\frac{1}{2}", "y" * 500, "a|b\n*c*"])
def test_a_label_comes_out_as_text(label: str) -> None:
    given = Configuration([[2, 0], [1, 1]], 1, labels=[label, ""])
    slides = Slides.of(settle(given))
    shown = slides.names.name(0)
    assert len(shown) <= 28
    assert shown in page_of(given)
    assert not any("<b>x" in text or "$" in text for notes in annotations(slides) for text in notes)
    claim = find("norms-grow")
    report = Report("c", Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, given, "so")
    told = markdown.statement_page(Page(report, claim), None)
    row = next(line for line in told.splitlines() if line.startswith("| ") and "(2, 0)" in line)
    assert row.replace("\\|", "").count("|") == 5


# ----------------------------------------------------------------------------- the numbers


def test_floats_are_rounded_and_exact_on_demand() -> None:
    given = Configuration.from_binary64([[0.1, 0.2], [0.5, -0.7]], 1)
    page = html.run_page(settle(given), given, "floats")
    short = "<summary>≈(0.1, 0.2)</summary>(3602879701896397/36028797018963968, "
    assert page.count(short) > 3
    assert "≈" not in page_of(Configuration([["0.1", "0.2"], ["0.5", "-0.7"]], 1)).replace(
        "a number after ≈ is rounded", ""
    )


def test_a_long_step_is_rounded_where_it_is_told() -> None:
    given = Configuration([[2], [1]], "1/30000000000000000000000001")
    assert facts.size(given).endswith("α ≈ 3.33333e-26, A the identity")
    assert "slowest term (≈1)^t" in page_of(given)
    assert facts.size(Configuration([[2], [1]], "1/3")).endswith("α = 1/3, A the identity")


# ------------------------------------------------------------------------- what became of it


def test_layers_that_are_not_shown_are_told() -> None:
    (slow,) = read_configurations("examples/hundreds-of-layers.json")
    slides = Slides.of(settle(slow))
    assert slides.skipped == "Layers 27 to 229 and 232 are not shown."
    assert {*range(234)} - {*slides.layers} == {*range(27, 230), 232}
    assert slides.skipped in page_of(slow)
    short = Slides.of(settle(Configuration([[2], [1]], 1)))
    assert short.skipped == ""
    assert "not shown" not in short.description


def test_what_is_undecided_says_why() -> None:
    (slow,) = read_configurations("examples/hundreds-of-layers.json")
    result = settle(slow, 5)
    assert isinstance(result, Undecided)
    page = page_of(slow, 5)
    assert f"Undecided, and nothing is certified: {result.reason}." in page
    assert "Later layers are not shown." in page
    assert "Leaders" not in page
    assert "Where the tokens tend to" not in page


def test_the_picture_comes_before_the_tables() -> None:
    page = page_of(Configuration([[2, 0], [1, 1]], 1))
    at = [
        page.index(x) for x in ("The layers", "Leaders 0" if False else "since layer", "limit kind")
    ]
    assert at == sorted(at)


def test_a_run_without_leaders_says_so() -> None:
    pursuit = Configuration([[1, 0], [0, 1], [-1, 0], [0, -1]], "1/2", [[0, -1], [1, 0]])
    page = page_of(pursuit)
    assert "Settled at layer 0: 0 leaders, 1 cluster" in page
    assert "Leaders No token leads." in page


def test_a_limit_cycle_is_listed() -> None:
    swap = Configuration([[1], [-1]], 1, [[-1]])
    page = page_of(swap, dynamics=INFINITE)
    assert "the tokens tend to a cycle of 2 layers" in page
    assert "tokens layers 0, 2, … layers 1, 3, … 0 (1) (-1) 1 (-1) (1)" in page


def test_attention_that_returns_is_shown_for_two_rounds() -> None:
    swap = Configuration([[0], [1]], 1, [[-1]])
    slides = Slides.of(settle(swap, dynamics=INFINITE))
    assert (slides.returns, slides.layers) == ((0, 2), (0, 1, 2, 3))
    assert runs.outcome(slides) == (
        "Attention returns every 2 layers from layer 0 on, and never settles; "
        "the tokens have limits."
    )
    assert "Where the tokens tend to tokens limit 0, 1 (0)" in page_of(swap, dynamics=INFINITE)


def test_limits_that_are_infinite_products_are_told() -> None:
    gamma = Scheduled(RationalFunction.parse("1/(2*(k+2)^2)"))
    page = page_of(Configuration([[3], [1]], 1), dynamics=Dynamics(step=gamma))
    assert "0 (3) 1 ≈(1.56725) (3) + (-2) · ∏ over k ≥ 0 of (" in page
    assert "between (1.56724885594702392902925" in page
    settled = settle(Configuration([[3], [1]], 1), dynamics=Dynamics(step=gamma))
    assert len(ends.record(settled)["products"]) == 2


def test_one_token_in_one_dimension() -> None:
    page = page_of(Configuration([[3]], 1))
    assert "Settled at layer 0: 1 leader, 1 cluster; nothing moves any more." in page
    assert "1 token in dimension 1" in page
    assert "Leader: token 0 at (3) since layer 0." in page


def test_a_page_of_500_tokens_stays_a_page() -> None:
    page = page_of(Configuration([[k, 1] for k in range(-9, 491)], 1))
    assert "… and 440 more tokens." in page
    assert "9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, … 479 more (490, 1)" in page
    assert len(page) < 100_000


def test_a_mask_is_named() -> None:
    dynamics = Dynamics(Masked(((1,), (0,))))
    page = page_of(Configuration([[2], [1]], 1), dynamics=dynamics)
    assert "2 tokens in dimension 1, α = 1, A the identity, a mask." in page
    assert dynamics.words in page
