"""The survey: its cells say what the configurations say, however it is divided and cut short."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from pathlib import Path

import pytest
from flint import fmpq
from hypothesis import Phase

from checks.campaigns.fingerprint import fingerprint
from checks.campaigns.store import Store, Terms
from checks.campaigns.units import divide, generate, kinds_of
from checks.run import Run
from checks.statements import Statement, conjecture, find, statements
from checks.statements.kinds import Kind, find_kind, kinds
from checks.statements.registry import restore
from checks.statements.sense import reason, under
from checks.survey.cells import NOT_APPLICABLE, Cell, status, surveyed
from checks.survey.grid import MARKS, Grid, mark, told
from checks.survey.proofs import ELSEWHERE, THEORY, proof_of
from checks.survey.search import LOOKS, Survey, claims_of
from checks.verdicts import Outcome, Report, Verdict, Violation
from theory import Configuration, HardmaxError
from theory.files.configurations import read_problems

ROOT = Path(__file__).parents[2]

BRUTE = ("hardmax", "causal", "first-index", "negative-definite", "alpha-infinite")
"""Kinds whose first layer is made here again."""


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    before = statements()
    yield
    restore(before)


def planted(name: str, judge: object, hypotheses: tuple[str, ...] = ()) -> Statement:
    return conjecture(name, f"Planted: {name}.", hypotheses=hypotheses)(judge)  # type: ignore[arg-type]  # each judge is a function of a run


def row(survey: Survey, name: str) -> dict[str, Cell]:
    return {c.kind.name: c for c in survey.cells() if c.statement.name == name}


# ------------------------------------------------------------------------- by brute force


def after(c: Configuration, kind: str) -> list[tuple[Fraction, ...]]:
    """The tokens of layer 1, in Python's fractions, by the definitions."""
    points = [tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in c.tokens]
    A = [[Fraction(int(x.p), int(x.q)) for x in row] for row in c.A]
    alpha = Fraction(int(c.alpha.p), int(c.alpha.q))
    gamma = Fraction(1) if kind == "alpha-infinite" else alpha / (1 + alpha)
    axes = range(c.dimension)
    moved = []
    for i, z in enumerate(points):
        may = points[: i + 1] if kind == "causal" else points
        scores = [sum(z[s] * A[s][t] * y[t] for s in axes for t in axes) for y in may]
        best = [y for y, score in zip(may, scores, strict=True) if score == max(scores)]
        best = best[:1] if kind == "first-index" else best
        mean = [sum(y[s] for y in best) / len(best) for s in axes]
        moved.append(tuple(x + gamma * (m - x) for x, m in zip(z, mean, strict=True)))
    return moved


def meets(c: Configuration, kind: str) -> bool:
    return len({*after(c, kind)}) < c.size


MEET = {"causal": 3, "negative-definite": 2, "alpha-infinite": 2}
"""Where distinct tokens meet in one layer, and of how many the smallest that is met consists."""


def apart(run: Run) -> Outcome:
    c = run.configuration
    return len({*run.tokens(1)}) == c.size if c.size > 1 else None


@pytest.mark.parametrize("name", BRUTE)
def test_cells_are_those_of_brute_force(name: str) -> None:
    """Distinct tokens are distinct after a layer: how many cases, and whether one refutes."""
    claim, kind = planted("stay-apart", apart, ("distinct",)), find_kind(name)
    survey = Survey([claim], [kind], examples=260, seed=4, max_layers=50)
    survey.run(1)
    cell = row(survey, "stay-apart")[name]
    met: list[Configuration] = []
    for unit in divide(260, 4, [kind]):
        generate(unit, lambda c: met.append(c), (Phase.generate,), kind)
    cases = [c for c in met if c.hypotheses.distinct or name != "causal"]
    cases = [c if name == "causal" else c.merged()[0] for c in cases]
    cases = [c for c in cases if c.size > 1]
    assert cell.report is not None
    assert cell.report.applicable == len(cases)
    false = [c for c in cases if meets(c, name)]
    assert cell.verdict == ("REFUTED" if false else "HELD")
    assert bool(false) == (name in MEET)
    if cell.final is not None and cell.final.witness is not None:
        assert cell.final.witness.size == MEET[name]
        assert meets(cell.final.witness, name)
        assert not meets(Configuration([[1, 0], [0, 1]], 1), "hardmax")


def test_the_brute_force_tells_the_kinds_apart() -> None:
    c = Configuration([[0, 1], [2, 1], [-1, 1]], 1)
    assert len({tuple(after(c, name)) for name in BRUTE}) == 3


# ------------------------------------------------------------------------- what is planted


def two_or_more(run: Run) -> Outcome:
    return run.source.size < 2


def three_on_a_line(run: Run) -> Outcome:
    return Violation("three tokens", 0) if run.source.size > 2 else True


def always(run: Run) -> Outcome:
    return True


def silent(run: Run) -> Outcome:
    return None


def failing(run: Run) -> Outcome:
    raise ValueError("planted")


def test_planted_statements_come_out_as_they_are_under_every_dynamics() -> None:
    """False ones are refuted by the smallest configuration there is, true ones are held."""
    made = {
        judge.__name__: planted(judge.__name__.replace("_", "-"), judge)
        for judge in (two_or_more, three_on_a_line, always, silent, failing)
    }
    survey = Survey([*made.values()], kinds(), examples=60, seed=1, max_layers=50)
    survey.run(1)
    for kind in kinds():
        cells = {name: row(survey, s.name)[kind.name] for name, s in made.items()}
        assert [cell.verdict for cell in cells.values()] == [
            "REFUTED", "REFUTED", "HELD", "VACUOUS", "ERROR",
        ]  # fmt: skip
        least = 2 if kind.name in ("indefinite", "semidefinite", "unsymmetric") else 1
        for name, size in (("two_or_more", 2), ("three_on_a_line", 3)):
            smallest = cells[name].smallest
            assert smallest is not None
            witness = smallest.report.witness
            assert witness is not None
            assert (witness.size, witness.dimension) == (size, least), (kind.name, witness)
            assert kind.fits(witness)
            assert smallest.minimality.startswith("local minimum")
        assert cells["three_on_a_line"].as_dict()["explanation"] == "three tokens (layer 0)"
    assert status(survey.cells()) == 1


def test_what_takes_long_to_cut_down_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.survey.search.LOOKS", 3)
    wide = planted("narrow", lambda run: run.source.size < 4)
    survey = Survey([wide], [find_kind("hardmax")], examples=40, seed=1, max_layers=50)
    monkeypatch.setattr("checks.campaigns.under.boxed", lambda kind: iter(()))
    survey = Survey([wide], [find_kind("hardmax")], examples=40, seed=1, max_layers=50)
    survey.run(1)
    smallest = row(survey, "narrow")["hardmax"].smallest
    assert smallest is not None
    assert smallest.minimality == f"the smallest that was met when {LOOKS} others had been tried"


# ------------------------------------------------------------------------- however it is done


SOME = ("norms-grow", "separation", "locked-followers", "one-base", "straight-lines")
THREE = ("causal", "negative-definite", "alpha-infinite")


def surveyed_some(**options: object) -> Survey:
    rows, columns = [find(name) for name in SOME], [find_kind(name) for name in THREE]
    return Survey(rows, columns, examples=120, seed=7, max_layers=100, **options)  # type: ignore[arg-type]  # those of a test


def told_of(survey: Survey) -> list[dict[str, object]]:
    return [cell.as_dict() for cell in survey.cells()]


@pytest.fixture(scope="module")
def whole() -> list[dict[str, object]]:
    survey = surveyed_some()
    survey.run(1)
    assert survey.whole
    return told_of(survey)


def test_it_finds_the_same_with_any_number_of_jobs(whole: list[dict[str, object]]) -> None:
    survey = surveyed_some()
    survey.run(2, jobs=2)
    assert told_of(survey) == whole


def test_what_draws_its_own_configurations_does_so_alone_and_beside_others(
    whole: list[dict[str, object]],
) -> None:
    columns = [find_kind(name) for name in THREE]
    survey = Survey([find("straight-lines")], columns, examples=120, seed=7, max_layers=100)
    survey.run(1)
    assert told_of(survey) == [told for told in whole if told["statement"] == "straight-lines"]
    verdicts = {told["dynamics"]: told["verdict"] for told in told_of(survey)}
    assert verdicts["alpha-infinite"] == "PROVED"
    assert verdicts["negative-definite"] == "REFUTED"


@pytest.mark.parametrize(
    ("kind", "tokens"),
    [
        ("value-matrix", [[9, 2], [10, 0], [6, 8]]),
        ("causal", [[2, -1], [1, 0], [5, 0], [-3, 4], [-3, -4]]),
        ("window", [[2, -1], [1, 0], [-3, 4], [5, 0], [-3, -4]]),
    ],
)
def test_vertices_on_a_sphere_are_drawn_where_a_statement_is_about_them(
    kind: str, tokens: list[list[int]]
) -> None:
    """No small box has one that refutes; under the theory's own dynamics none does."""
    for name, verdict in ((kind, "REFUTED"), ("hardmax", "PROVED")):
        claim = under(find("straight-lines"), find_kind(name))
        outcome = claim(claim.run(Configuration(tokens, 1), 100))
        assert bool(outcome) == (verdict == "PROVED")
        survey = Survey([find("straight-lines")], [find_kind(name)], 300, seed=1, max_layers=100)
        survey.run(1)
        assert survey.cells()[0].verdict == verdict


@pytest.mark.parametrize(
    ("name", "applies", "not_under"),
    [
        ("separation", "semidefinite", "unsymmetric"),
        ("one-base", "causal", "alternating"),
        ("geometric-convergence", "alternating", "schedule"),
        ("linear-contraction", "negative-definite", "frank-wolfe"),
        ("linear-contraction", "negative-definite", "hardmax"),
        ("one-cluster-semidefinite", "frank-wolfe", "semidefinite"),
        ("layers-keep-tokens-distinct", "unsymmetric", "semidefinite"),
        ("duality-gap", "semidefinite", "indefinite"),
        ("duality-gap", "schedule", "value-matrix"),
    ],
)
def test_where_statements_make_sense(name: str, applies: str, not_under: str) -> None:
    assert reason(find(name), find_kind(applies)) is None
    assert reason(find(name), find_kind(not_under))


def test_it_goes_on_in_a_store(tmp_path: Path, whole: list[dict[str, object]]) -> None:
    def steps(survey: Survey, last: int) -> int:
        counted = 0

        def step(examples: int) -> None:
            nonlocal counted
            counted += 1
            if counted == last:
                raise KeyboardInterrupt

        try:
            survey.run(1, step=step)
        except KeyboardInterrupt:
            assert not survey.whole
        return counted

    def sitting(last: int) -> tuple[Survey, int]:
        claimed = surveyed_some().claims
        terms = Terms([c.key for c in claimed], 120, 100, fingerprint(claimed), kinds_of(claimed))
        with Store(tmp_path / "s.sqlite") as store:
            survey = surveyed_some(ledger=store.campaign(terms, 7, 7))
            return survey, steps(survey, last)

    first, done = sitting(4)
    assert done == 4
    assert told_of(first) != whole
    second, more = sitting(0)
    assert told_of(second) == whole
    assert done + more == len(divide(120, 7, kinds_of(second.claims)))
    _, none = sitting(0)
    assert none == 0


def test_without_time_nothing_is_looked_at() -> None:
    survey = surveyed_some()
    survey.run(1, until=0.0)
    assert not survey.whole
    cells = survey.cells()
    # a proof stands whatever was looked at
    assert {cell.verdict for cell in cells} == {"VACUOUS", "PROVED", NOT_APPLICABLE}
    assert {cell.as_dict()["examples"] for cell in cells} == {0}
    assert status(cells) == 3


def test_statements_that_apply_nowhere_are_refused() -> None:
    with pytest.raises(HardmaxError, match="none of these statements applies"):
        Survey([find("one-base")], [find_kind("schedule")], examples=9)


# ------------------------------------------------------------------------- cells and their words


def cell(verdict: Verdict, kind: str = "hardmax", name: str = "norms-grow") -> Cell:
    statement = find(name)
    witness = Configuration([[1], [2]], 1) if verdict is Verdict.REFUTED else None
    report = Report(name, statement.expected, verdict, 9, 8, 1, {}, 0, witness, "so it is")
    return Cell(statement, find_kind(kind), report)


def test_verdicts_and_marks() -> None:
    assert cell(Verdict.HELD).verdict == "PROVED"
    assert cell(Verdict.HELD, name="settling").verdict == "HELD"
    assert cell(Verdict.UNDECIDED, "negative-definite").verdict == "UNDECIDED"
    refuted = cell(Verdict.REFUTED, "negative-definite")
    assert (refuted.verdict, mark(refuted)) == ("REFUTED", "2")
    assert told(refuted) == "refuted by 2 tokens: so it is"
    for verdict in (Verdict.HELD, Verdict.UNDECIDED, Verdict.VACUOUS, Verdict.ERROR):
        shown = cell(verdict, "negative-definite")
        assert mark(shown) == MARKS[shown.verdict]
    empty = Cell(find("one-base"), find_kind("schedule"), reason="no λ")
    assert (empty.verdict, mark(empty), told(empty)) == (
        NOT_APPLICABLE,
        "·",
        "does not apply: no λ",
    )


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ([(Verdict.HELD, "hardmax", "norms-grow")], 0),
        ([(Verdict.UNDECIDED, "hardmax", "norms-grow")], 0),  # it is proved
        ([(Verdict.REFUTED, "hardmax", "norms-grow")], 1),  # against its proof
        ([(Verdict.REFUTED, "causal", "separation")], 0),  # a finding
        ([(Verdict.UNDECIDED, "causal", "separation")], 0),
        ([(Verdict.HELD, "hardmax", "settling")], 0),
        ([(Verdict.REFUTED, "hardmax", "settling")], 1),
        ([(Verdict.UNDECIDED, "hardmax", "settling")], 3),
        ([(Verdict.VACUOUS, "hardmax", "settling")], 3),
        ([(Verdict.ERROR, "causal", "separation")], 1),
        ([(Verdict.REFUTED, "hardmax", "nearest-leader")], 0),  # as declared
        ([(Verdict.HELD, "hardmax", "nearest-leader")], 3),
    ],
)
def test_the_status(cells: list[tuple[Verdict, str, str]], wanted: int) -> None:
    assert status([cell(*each) for each in cells]) == wanted


def test_the_grid_is_row_by_row() -> None:
    survey = surveyed_some()
    grid = Grid.of(survey.cells())
    assert [statement.name for statement, _ in grid.rows] == [*SOME]
    assert [kind.name for kind in grid.kinds] == [*THREE]
    assert grid.letters == ("a", "b", "c")
    for statement, line in grid.rows:
        assert [(c.statement, c.kind) for c in line] == [(statement, kind) for kind in grid.kinds]


# ------------------------------------------------------------------------- rows and proofs


def test_rows_are_about_the_dynamics() -> None:
    names = {statement.name for statement in surveyed(statements(), kinds())}
    assert {"norms-grow", "settling", "nearest-leader", "merging-commutes"} <= names
    assert not names & {"paths-agree", "attention-is-argmax", "without-symmetry"}


def test_proofs_are_of_statements_and_kinds_that_there_are() -> None:
    rows = {statement.name: statement for statement in surveyed(statements(), kinds())}
    assert {*THEORY} <= {*rows}
    elsewhere_false = {name for name in THEORY if rows[name].expected is not Verdict.HELD}
    assert elsewhere_false == {"layers-keep-tokens-distinct"}  # true where A is definite
    named = {kind.name for kind in kinds()}
    for name, proved in ELSEWHERE.items():
        assert name in rows
        assert {*proved} <= named - {"hardmax"}
        sections = re.findall(
            r"^#+ ([\w.]+?)\.?(?: |$)", (ROOT / "paper_notes.md").read_text(), re.M
        )
        assert {*proved.values(), *THEORY.values()} <= {*sections}
        for kind in proved:
            assert proof_of(name, kind) is not None
            assert claims_of([rows[name]], [find_kind(kind)]), (name, kind)


def kind_of(name: str) -> Kind:
    return find_kind(name)


@pytest.mark.parametrize("name", sorted({kind for some in ELSEWHERE.values() for kind in some}))
def test_what_is_proved_is_not_refuted(name: str) -> None:
    rows = [find(s) for s, proved in ELSEWHERE.items() if name in proved]
    survey = Survey(rows, [kind_of(name)], examples=120, seed=11, max_layers=100)
    survey.run(1)
    for found in survey.cells():
        assert found.verdict == "PROVED", (found.statement.name, told(found))
        assert found.report is not None
        assert found.report.applicable or found.report.undecided


def test_steps_of_the_kinds_are_whole() -> None:
    assert {step for kind in kinds() for step in kind.steps} == {fmpq(1)}


# ------------------------------------------------------------------------- the docs


HOLDS = {"<": lt, "<=": le, "≤": le, "=": eq, ">": gt, ">=": ge}
"""The relations that violations claim, and that are false."""

DOCS = ROOT / "docs" / "survey.md"
LINE = re.compile(r"^- `([a-z-]+)`: (.*?)(?: `(\{.*\})`)?$", re.MULTILINE)


def sections() -> dict[str, list[tuple[str, str, str]]]:
    """The lines of each statement: the kind, what came out, and the witness if there is one."""
    head, *parts = DOCS.read_text(encoding="utf-8").split("\n## ")
    assert "\n\nMade by `hardmax survey --examples 300 --seed 1`: 300 configurations" in head
    return {part.splitlines()[0]: LINE.findall(part) for part in parts}


def test_the_docs_have_every_cell_and_every_mark() -> None:
    rows = surveyed(statements(), kinds())
    told = sections()
    assert [*told] == [statement.name for statement in rows]
    for statement in rows:
        lines = told[statement.name]
        assert [name for name, _, _ in lines] == [kind.name for kind in kinds()]
        for name, words, witness in lines:
            proof = proof_of(statement.name, name)
            applies = bool(claims_of([statement], [find_kind(name)]))
            assert words.startswith("does not apply") == (not applies)
            assert words.startswith(f"proved in section {proof}") == (proof is not None)
            assert bool(witness) == words.startswith("refuted by")


def test_every_counterexample_of_the_docs_refutes(tmp_path: Path) -> None:
    """Read as a configuration file, and judged anew."""
    judged = 0
    for name, lines in sections().items():
        for kind, _, witness in lines:
            if not witness:
                continue
            (tmp_path / "w.json").write_text(witness)
            ((configuration, dynamics),) = read_problems(str(tmp_path / "w.json"))
            (claim,) = claims_of([find(name)], [find_kind(kind)])
            made = ("value-matrix", "window", "alternating")
            assert claim.moves(configuration) == dynamics or kind in made
            outcome = claim.judge(Run(configuration, dynamics, max_layers=1000))
            assert outcome is not None, (name, kind)
            assert not outcome, (name, kind)
            if isinstance(outcome, Violation) and outcome.left is not None:
                assert outcome.right is not None
                assert not HOLDS[outcome.relation or ""](outcome.left, outcome.right), (name, kind)
                assert any(outcome.sides), (name, kind)
            judged += 1
    assert judged > 100


def test_tokens_meet_where_they_stand_at_one_place_and_not_where_a_norm_is_negative() -> None:
    judge = under(find("separation"), find_kind("negative-definite"))
    apart = judge(judge.run(Configuration([[0], [1]], 1, [[-1]]), 100))  # at 1/4 and 1/2
    assert apart is True
    together = judge(judge.run(Configuration([[1], [-1]], 1, [[-1]]), 100))
    assert isinstance(together, Violation)
    assert (together.text, together.left, together.layer) == ("two tokens meet", 0, 1)


def test_what_a_kind_knows_is_looked_at_and_nothing_else_meets_it() -> None:
    causal = find_kind("causal")
    for kind, verdict in ((causal, "REFUTED"), (replace(causal, known=()), "HELD")):
        survey = Survey([find("acyclic-attention")], [kind], examples=60, seed=1)
        survey.run(1)
        (cell,) = survey.cells()
        assert (cell.verdict, cell.as_dict()["examples"]) == (verdict, 60)
