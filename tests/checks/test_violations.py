"""Violations: what the two numbers are, and that their tokens are those of the input."""

import ast
import json
import pickle
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flint import fmpq
from report_cases import CASES, refuted

from checks import Report, Run, Verdict, Violation, verifier
from checks.examination import examine
from checks.refutation.account import Budget
from checks.refutation.search import refute
from checks.reports import Page, facts, html, markdown
from checks.statements import find
from checks.statements.kinds import find_kind
from checks.statements.sense import under
from checks.survey.cells import Cell
from checks.survey.grid import told
from checks.verdicts import Tally, answer
from theory import Configuration, HardmaxError, NotSettled
from theory.files.configurations import read_configurations

ROOT = Path(__file__).parents[2]
COPIES = Configuration([[-1], [-1], [-2]], 1)
LEADS = find("hull-vertices-lead")


def nameless(source: str) -> list[int]:
    """The lines on which a violation has two numbers and does not say what they are."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Violation":
            keywords = {keyword.arg for keyword in node.keywords}
            numbers = len(node.args) > 3 or "left" in keywords
            if numbers and len(node.args) < 7 and "sides" not in keywords:
                lines.append(node.lineno)
    return lines


def test_every_statement_says_what_its_numbers_are() -> None:
    for file in sorted((ROOT / "checks" / "statements").glob("*.py")):
        assert nameless(file.read_text(encoding="utf-8")) == [], file


def test_a_nameless_number_is_noticed() -> None:
    assert nameless("Violation('so', 1, (0,), x, '<', y)") == [1]
    assert nameless("Violation('so', left=x, relation='<', right=y)") == [1]
    assert nameless("Violation('so', 1, (0,))\nViolation('so', 1, (0,), x, '<', y, sides)") == []


def test_a_violation_tells_what_its_numbers_are() -> None:
    told = Violation("so", 1, (0,), "2", "<", 1, ("|z_0|²", "the bound"))
    assert str(told) == "so (layer 1; token 0): 2 < 1 is false (2 is |z_0|², 1 is the bound)"
    one = Violation("so", left=fmpq(-1), relation=">", right=fmpq(0), sides=("⟨x, y⟩", ""))
    assert str(one) == "so: -1 > 0 is false (-1 is ⟨x, y⟩)"
    assert str(Violation("so", left=2, relation="<", right=1)) == "so: 2 < 1 is false"
    assert told.as_dict() == {
        "text": "so", "layer": 1, "tokens": [0], "relation": "<",
        "left": "2", "left_decimal": "2", "left_is": "|z_0|²",
        "right": "1", "right_decimal": "1", "right_is": "the bound",
    }  # fmt: skip
    assert one.as_dict()["right_is"] is None
    assert pickle.loads(pickle.dumps(told)) == told
    assert answer(told) == told


@pytest.mark.parametrize("sides", [None, "ab", ("a",), ("a", 1), ("a", "b", "c"), 3])
def test_sides_that_are_no_two_texts(sides: object) -> None:
    with pytest.raises(HardmaxError, match="two texts were wanted"):
        Violation("so", sides=sides)  # type: ignore[arg-type]  # what users may write


def test_tokens_are_those_of_the_input() -> None:
    outcome = LEADS(LEADS.run(COPIES, 100))
    assert isinstance(outcome, Violation)
    assert outcome.tokens == (0,)
    assert outcome.text.endswith("it attends to token 2 for ever")
    assert outcome.sides == ("⟨z_0, z_2⟩", "⟨z_0, z_0⟩")
    moved = Configuration([[-2], [-2], [-1]], 1)
    outcome = LEADS(LEADS.run(moved, 100))
    assert isinstance(outcome, Violation)
    assert (outcome.tokens, outcome.sides[0]) == ((2,), "⟨z_2, z_0⟩")
    apart = LEADS(LEADS.run(Configuration([[-2], [-1]], 1), 100))
    assert isinstance(apart, Violation)
    assert (apart.tokens, apart.sides[0]) == ((1,), "⟨z_1, z_0⟩")


def test_a_token_that_a_user_invented_stays() -> None:
    from checks.statements.registry import as_given

    made = as_given(Violation("so", tokens=(1, 7, -1)), Run(COPIES))
    assert isinstance(made, Violation)
    assert made.tokens == (2, 7, -1)
    assert as_given(True, Run(COPIES)) is True
    assert as_given(None, Run(COPIES)) is None


def test_the_certificate_is_of_the_tokens_of_the_input() -> None:
    moved = Configuration([[-2], [-2], [-1]], 1)
    outcome = LEADS(LEADS.run(moved, 100))
    assert isinstance(outcome, Violation)
    certificate = LEADS.certificate(moved, outcome)
    assert certificate is not None
    assert "is false" in str(verifier.verify(json.dumps(certificate)))


def test_pages_say_what_the_numbers_are() -> None:
    report = Report("c", Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, COPIES, "so")
    page = Page(report, LEADS)
    shown = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", html.statement_page(page, "c", None))
    shown = " ".join(re.sub(r"<[^>]*>", " ", shown).split())
    assert "(layer 0, token 0, 1)" not in shown
    assert "(layer 0, tokens 0, 1)" in shown  # one place of two tokens
    for page_told in (shown, markdown.statement_page(page, None).replace("\\", "")):
        in_fact = page_told.replace("&lt;", "<").replace("&gt;", ">")
        assert "Claimed: ⟨z_0, z_2⟩ < ⟨z_0, z_0⟩. In fact: ⟨z_0, z_2⟩ > ⟨z_0, z_0⟩." in in_fact
        assert "left: ⟨z_0, z_2⟩" in page_told
        assert "right: ⟨z_0, z_0⟩" in page_told
        assert "left side" not in page_told
    assert page.as_dict()["violation"]["left_is"] == "⟨z_0, z_2⟩"
    without = markdown.statement_page(refuted("line", CASES["line"]), None)
    assert "| left side |" in without


def test_a_page_of_other_dynamics_says_which() -> None:
    held = Report("c", Verdict.HELD, Verdict.HELD, 1, 1, 0, {}, 0)
    causal = under(find("norms-grow"), find_kind("causal"))
    words = "Under the dynamics causal: a causal mask: a token attends to itself and those before"
    assert words in markdown.statement_page(Page(held, causal), None)
    assert words in html.statement_page(Page(held, causal), "c", None)
    assert "by γ_k = 2/(k+2)" in html.statement_page(Page(held, find("fw-cluster")), "c", None)
    assert "Under the dynamics" not in markdown.statement_page(Page(held, LEADS), None)


def test_the_budget_of_what_is_undecided_is_told() -> None:
    left = Report("c", Verdict.HELD, Verdict.UNDECIDED, 9, 4, 5, {}, 0)
    page = Page(left, LEADS, max_layers=1000)
    assert "undecided within 1,000 layers" in markdown.statement_page(page, None)
    assert page.as_dict()["max_layers"] == 1000
    assert "within 1 layer " in markdown.statement_page(Page(left, LEADS, max_layers=1), None)


def test_one_is_singular() -> None:
    one = Configuration([[2]], 1)
    assert facts.tokens(one) == "The token: (2)."
    assert facts.size(one).startswith("1 token in dimension 1")
    report = Report("c", Verdict.REFUTED, Verdict.REFUTED, 1, 1, 0, {}, 0, one, "so")
    cell = Cell(LEADS, find_kind("hardmax"), report)
    assert told(cell) == "refuted by 1 token: so"


REASON = "undecided after 3 layers: the pattern changes at layer"


def test_what_is_undecided_says_why() -> None:
    (slow,) = read_configurations("examples/hundreds-of-layers.json")
    left = examine(LEADS, LEADS.run(slow, 3))
    assert left.verdict is Verdict.UNDECIDED
    assert str(left.explanation).startswith(REASON)
    total = Tally(5, 4)
    total.add(left)
    total.add(Tally(1, undecided=1, explanation="later"))
    total.add(Tally(1, 1))
    assert (total.verdict, total.explanation) == (Verdict.UNDECIDED, left.explanation)
    total.add(Tally(1, 1, witness=COPIES, explanation="false"))
    assert (total.verdict, total.explanation) == (Verdict.REFUTED, "false")
    total.add(left)
    assert total.explanation == "false"
    assert examine(LEADS, LEADS.run(Configuration([[2]], 1), 3)).explanation is None


def test_a_search_and_its_page_say_why_they_are_undecided() -> None:
    def never_known(run: Run) -> bool:
        raise NotSettled("undecided after 3 layers: so it is")

    unknown = replace(LEADS, judge=never_known)
    finding = refute(unknown, Budget(examples=3), seed=1)
    assert finding.report.verdict is Verdict.UNDECIDED
    assert finding.report.explanation == "undecided after 3 layers: so it is"
    page = Page(finding.report, unknown)
    for words in (markdown.statement_page(page, None), html.statement_page(page, "c", None)):
        assert "Why it is undecided" in words
        assert "The first one is undecided after 3 layers: so it is." in words
        assert "What is violated" not in words
