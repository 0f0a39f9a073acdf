"""The literature on the command line: listed by its source, refuted, and told on pages; and users'
statements about other dynamics.
"""

import json
import re
from pathlib import Path

import pytest
from commands import Invoke, records

from checks.statements import claims, conjectures, find, literature

PUBLISHED = [made.name for made in literature()]

# ----------------------------------------------------------------------------- hardmax claims


def test_claims_of_a_source(hardmax: Invoke) -> None:
    """In the order of the registry, whatever the case of the letters; our own statements apart."""
    status, out, err = hardmax("claims", "--source", "2508.09628", "--json")
    assert (status, err) == (0, "")
    found = records(out)
    quoted = [name for name in PUBLISHED if "2508.09628" in find(name).source]
    assert [record["name"] for record in found] == ["frank-wolfe", *quoted]
    assert {record["kind"] for record in found} == {"claim", "literature"}
    assert hardmax("claims", "--source", "ALCALDE, GESHKOVSKI", "--json")[1] == out
    _, ours, _ = hardmax("claims", "--source", "ours", "--json")
    assert not {record["name"] for record in records(ours)} & {x["name"] for x in found}


def test_every_statement_is_of_its_kind(hardmax: Invoke) -> None:
    _, out, _ = hardmax("claims", "--json")
    kinds = {record["name"]: record["kind"] for record in records(out)}
    assert [*kinds.values()] == (
        ["claim"] * len(claims())
        + ["conjecture"] * len(conjectures())
        + ["literature"] * len(PUBLISHED)
    )
    told = {record["name"]: record for record in records(out)}
    assert told["fw-cluster"]["dynamics"] == {"alpha": None, "gamma": "2/(k+2)"}
    assert told["fw-cluster"]["expected"] == "REFUTED"
    assert "0 lies in the hull" in told["fw-cluster"]["remark"]
    assert (told["norms-grow"]["dynamics"], told["norms-grow"]["remark"]) == ({}, None)


def test_claims_of_a_source_in_words(hardmax: Invoke) -> None:
    status, out, _ = hardmax("claims", "--source", "fw-cluster")
    assert status == 0
    assert out.startswith("fw-cluster\n")
    assert "The layers pull by γ_k = 2/(k+2)." in out
    assert "as quoted in public reproductions: fw-cluster" in " ".join(out.split())


@pytest.mark.parametrize("source", ["nobody", "\x1b[2J", "2508.09629"])
def test_claims_of_no_source(hardmax: Invoke, source: str) -> None:
    status, out, err = hardmax("claims", "--source", source)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "no statement is of it" in err
    assert "arXiv:2508.09628" in err
    assert "\x1b" not in err


def test_nothing_published_is_validated(hardmax: Invoke) -> None:
    status, _, err = hardmax("validate", "--claim", "fw-cluster", "--examples", "5")
    assert status == 2
    assert "no claim is named 'fw-cluster'" in err


# ----------------------------------------------------------------------------- hardmax refute


def test_refute_a_published_statement(hardmax: Invoke, tmp_path: Path) -> None:
    status, out, _ = hardmax(
        "refute", "polytope-condition", "--seed", "1", "--jobs", "1", "--report", "pages"
    )
    assert status == 0
    assert "polytope-condition  REFUTED by 2 tokens in dimension 2" in out
    assert "A cell is given by an inequality that is not strict" in " ".join(out.split())
    page = (tmp_path / "pages" / "polytope-condition.md").read_text(encoding="utf-8")
    parts = [
        "# polytope-condition: REFUTED", "Refuted by 2 tokens", "> Let $A$ be positive definite",
        "The tokens: (-1, 0), (-1, -1).", "Certificate: [polytope-condition.cert.json]",
        "In which sense it is smallest", "## What is violated", "## Where it breaks",
        "not strict", "## The configuration, exactly", "## Source", "as quoted in public",
    ]  # fmt: skip
    places = [page.find(part) for part in parts]
    assert places == sorted(places)
    assert places[0] == 0
    html = (tmp_path / "pages" / "polytope-condition.html").read_text(encoding="utf-8")
    assert "Where it breaks" in html
    assert "The tokens: (-1, 0), (-1, -1)." in html
    record = json.loads((tmp_path / "pages" / "polytope-condition.json").read_text("utf-8"))
    assert record["remark"] == find("polytope-condition").remark


def test_the_two_tokens_on_a_page(hardmax: Invoke, tmp_path: Path) -> None:
    """What a referee reads first: the statement, the tokens, the limit, both sides, the proof."""
    arguments = ("refute", "fw-cluster", "--seed", "1", "--jobs", "1", "--report", "pages")
    status, out, _ = hardmax(*arguments, "--json")
    assert status == 0
    (record,) = records(out)
    assert record["witness"] == {"tokens": [["1"], ["0"]], "A": [["-1"]], "gamma": "2/(k+2)"}
    assert len(record["layers"]) == 145
    assert record["layers"][144]["tokens"] == [["1/6"], ["1/6"]]
    page = (tmp_path / "pages" / "fw-cluster.md").read_text(encoding="utf-8")
    parts = [
        "# fw-cluster: REFUTED", "Refuted by 2 tokens in dimension 1, γ\\_k = 2/(k+2)", "> Let",
        "The tokens: (1), (0).", "Certificate: [fw-cluster.cert.json]",
        "every token tends to (1/6)",
        "layer 144", "| left: J(z\\_0) at layer 145 | 1/72 |",
        "λ\\_max(B) diam(co(Z⁰))² | 2/145 |", "## Where it breaks",
        "0 lies in the hull of the tokens at every layer", "## The configuration, exactly",
    ]  # fmt: skip
    places = [page.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    status, told, _ = hardmax("check", "pages/fw-cluster.cert.json")
    assert (status, "accepted: 2 tokens settle at layer 2" in told) == (0, True)
    (tmp_path / "two.json").write_text(json.dumps(record["witness"]))
    status, told, _ = hardmax("run", "two.json", "--json")
    assert records(told)[0]["limits"] == [["1/6"], ["1/6"]]


def test_few_of_many_layers_are_shown(hardmax: Invoke) -> None:
    status, out, _ = hardmax("refute", "fw-cluster", "--seed", "1", "--jobs", "1")
    assert status == 0
    shown = [int(k) for k in re.findall(r"layer (\d+) of these dynamics", out)]
    assert shown == [0, 1, 2, 3, 4, 144]


def test_a_page_tells_the_dynamics(hardmax: Invoke, tmp_path: Path) -> None:
    """The numbers and hypotheses of a page are those of the value matrix, not of a step."""
    status, out, _ = hardmax(
        "refute", "hull-decreases-with-values", "--seed", "1", "--jobs", "1", "--report", "pages"
    )
    assert status == 0
    assert '"V": [["3/2", "0"], ["0", "7/3"]]' in out
    page = (tmp_path / "pages" / "hull-decreases-with-values.md").read_text(encoding="utf-8")
    assert "Refuted by 2 tokens in dimension 2, a value matrix V, A the identity." in page
    assert "numerators up to 7, denominators up to 3." in page
    assert "| 0 &lt; γ\\_k ≤ 1 at every layer | no | no |" in page
    assert "α > 0" not in page
    assert "settles by — none" in page


def test_a_statement_that_holds_has_a_page(hardmax: Invoke, tmp_path: Path) -> None:
    arguments = ("refute", "duality-gap-scheduled", "--seed", "1", "--jobs", "1")
    status, out, _ = hardmax(*arguments, "--examples", "60", "--report", "pages")
    assert status == 0
    assert "duality-gap-scheduled  HELD" in out
    page = (tmp_path / "pages" / "duality-gap-scheduled.md").read_text(encoding="utf-8")
    assert "Held on" in page
    assert "## Where it breaks" not in page


# -------------------------------------------------------------------------- statements of users

MINE = """
from hardmax import (
    CAUSAL, Configuration, Dynamics, FIRST_INDEX, RationalFunction, Scheduled, Valued, conjecture,
    in_hull,
)

FRANK_WOLFE = Dynamics(step=Scheduled(RationalFunction.parse("2/(k+2)")))
TURNING = Dynamics(step=Valued([[0, -1], [1, 0]]))


def shrinks(run):
    return all(in_hull(z, run.tokens(k)) for k in range(4) for z in run.tokens(k + 1))


conjecture("hulls-of-a-schedule", "hulls shrink", hypotheses=(), dynamics=FRANK_WOLFE)(shrinks)
conjecture("hulls-of-a-mask", "hulls shrink", hypotheses=(), dynamics=CAUSAL)(shrinks)


@conjecture("apart", "tokens stay apart", expected="REFUTED", dynamics=FRANK_WOLFE)
def apart(run):
    return all(len({*run.tokens(k)}) == len(run.tokens(k)) for k in range(4))


@conjecture("turned", "hulls shrink", hypotheses=(), expected="REFUTED", dynamics=TURNING)
def turned(run):
    return shrinks(run)


@conjecture("first-leads", "The first token leads for ever.", dynamics=CAUSAL)
def first_leads(run):
    return all(run.pattern(k)[0] == (0,) for k in range(4))


@conjecture("last-leads", "The last token leads for ever.", expected="REFUTED", dynamics=CAUSAL)
def last_leads(run):
    return all(run.pattern(k)[-1] == (len(run.pattern(k)) - 1,) for k in range(4))


@conjecture("one", "An attention set is one token.", hypotheses=(), dynamics=FIRST_INDEX)
def one(run):
    return all(len(attended) == 1 for k in range(4) for attended in run.pattern(k))
"""


def test_statements_of_a_user_about_other_dynamics(hardmax: Invoke, tmp_path: Path) -> None:
    """True ones hold, false ones fall, each under its own dynamics."""
    (tmp_path / "mine.py").write_text(MINE)
    status, out, err = hardmax(
        "refute", "mine.py", "--seed", "1", "--examples", "200", "--jobs", "1", "--json"
    )
    assert status == 0, err
    found = {record["name"]: record for record in records(out)}
    assert {name: record["verdict"] for name, record in found.items()} == {
        "hulls-of-a-schedule": "HELD",
        "hulls-of-a-mask": "HELD",
        "apart": "REFUTED",
        "turned": "REFUTED",
        "first-leads": "HELD",
        "last-leads": "REFUTED",
        "one": "HELD",
    }
    assert found["apart"]["witness"] == {"tokens": [["-1"], ["-2"]], "gamma": "2/(k+2)"}
    assert found["last-leads"]["witness"]["mask"] == "causal"
    assert len(found["turned"]["witness"]["tokens"][0]) == 2


def test_a_wrong_belief_about_a_schedule_is_told(hardmax: Invoke, tmp_path: Path) -> None:
    wrong = MINE.replace('expected="REFUTED", dynamics=FRANK_WOLFE', "dynamics=FRANK_WOLFE")
    (tmp_path / "mine.py").write_text(wrong)
    arguments = ("refute", "mine.py::apart", "--seed", "1", "--examples", "200", "--jobs", "1")
    status, out, _ = hardmax(*arguments)
    assert status == 1
    assert re.search(r"smallest in the boxes up to 2 tokens of .* at γ_k = 2/\(k\+2\)", out)
