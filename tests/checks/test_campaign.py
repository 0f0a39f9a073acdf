"""Campaigns: the same seed gives the same reports, every verdict is earned, none is a success
that was not, and the witness of a planted false claim is as small as can be.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import permutations, product
from multiprocessing import active_children
from pathlib import Path
from typing import Any
from weakref import ref

import numpy as np
import pytest
from commands import environment
from flint import fmpq
from hypothesis import Verbosity, settings

from checks import Claim, Report, Run, Verdict, Violation, examination, validate
from checks.campaigns import units
from checks.campaigns.campaign import Campaign
from checks.campaigns.units import CROWDS, SOURCES, UNIT, Unit, UnitResult, divide, do, shrunk
from checks.examination import Judgement, Memory, examine, judgements
from checks.reach import Met
from checks.statements import claims, find
from checks.verdicts import Outcome, Tally, exit_status
from theory import Configuration, HardmaxError, NotSettled, Undecidable
from theory.matrices import identity

ROOT = Path(__file__).resolve().parents[2]

SOME = ("attention-is-argmax", "limits-are-feet", "merging-commutes", "settling")
"""Registered claims, of which two speak only sometimes."""


FALSE = "the statement is false here"
"""The explanation where a claim just returned False."""


def planted(
    judge: Callable[[Run], Any], *hypotheses: str, expected: Verdict = Verdict.HELD
) -> Claim:
    """A claim that is not registered."""
    return Claim("planted", "…", hypotheses, "ours", expected, judge)


def campaign(judge: Callable[[Run], Any], examples: int = 30, **more: Any) -> Report:
    """The report on a planted claim, with the first witness instead of the smallest."""
    (report,) = validate([planted(judge)], examples=examples, seed=1, **{"shrink": False, **more})
    return report


def as_text(reports: Sequence[Report]) -> str:
    """The reports as `hardmax validate --json` prints them."""
    return "\n".join(json.dumps(report.as_dict()) for report in reports)


# -------------------------------------------------------------------------- repeatability


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_seed_gives_the_same_reports(jobs: int) -> None:
    claims = [find(name) for name in SOME]
    first = validate(claims, examples=80, seed=5)
    assert as_text(validate(claims, examples=80, seed=5, jobs=jobs)) == as_text(first)
    assert [report.examples for report in first] == [80] * len(SOME)


def test_another_seed_gives_other_examples() -> None:
    claims = [find("attention-is-argmax")]
    assert validate(claims, seed=1, examples=60)[0].reach != (
        validate(claims, seed=2, examples=60)[0].reach
    )
    assert validate(claims, seed=-1, examples=20)[0].verdict is Verdict.HELD
    assert validate(claims, seed=10**40, examples=20)[0].seed == 10**40


def test_the_claims_that_are_held_do_not_change_the_examples() -> None:
    alone = validate([find("attention-is-argmax")], examples=60, seed=3)
    together = validate([find(name) for name in SOME], examples=60, seed=3)
    assert as_text(alone) == as_text(together[:1])


def test_settings_of_hypothesis_do_not_matter() -> None:
    """The user's own profile may want anything of their own tests."""
    before = as_text([campaign(at_most_one_token)])
    current = settings.get_current_profile_name()
    settings.register_profile(
        "odd", derandomize=True, max_examples=3, verbosity=Verbosity.quiet, stateful_step_count=2
    )
    settings.load_profile("odd")
    try:
        assert as_text([campaign(at_most_one_token)]) == before
    finally:
        settings.load_profile(current)


SCRIPT = """
import json
from checks import claim, validate

@claim("at-most-two-tokens", "$n\\\\le2$", hypotheses=())
def at_most_two_tokens(run):
    return run.configuration.size <= 2

if __name__ == "__main__":
    for jobs in (1, 2):
        (report,) = validate([at_most_two_tokens], examples=40, seed=1, jobs=jobs)
        print(json.dumps(report.as_dict()))
"""


def test_a_refuted_claim_of_a_users_own_script_crosses_processes(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=tmp_path,
        timeout=3000,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    one, two = done.stdout.splitlines()
    assert one == two
    report = json.loads(one)
    assert (report["verdict"], report["examples"]) == ("REFUTED", 40)
    assert len(report["witness"]["tokens"]) == 3


# --------------------------------------------------------------- planted false statements


def at_most_one_token(run: Run) -> bool:
    return run.configuration.size <= 1


def settles_at_once(run: Run) -> Outcome:
    layer = run.settled.layer
    return Violation("settles later", layer) if layer else True


def step_is_one(run: Run) -> bool:
    return run.configuration.alpha == 1


def no_copies(run: Run) -> bool:
    return run.source.size == run.configuration.size


def symmetric_matrix(run: Run) -> bool:
    A = run.configuration.A
    return A == tuple(zip(*A, strict=True))


SMALLEST: dict[str, tuple[Callable[[Run], Outcome], Configuration]] = {
    "at most one token": (at_most_one_token, Configuration([[1], [-1]], 1)),
    "every configuration settles at once": (settles_at_once, Configuration([[0, 1], [1, 1]], 1)),
    "α is 1": (step_is_one, Configuration([[1]], "1/2")),
    "no token is repeated": (no_copies, Configuration([[1], [1]], 1)),
}
"""False statements, and the smallest configurations that refute them, up to symmetry."""


def orbit(configuration: Configuration) -> set[Any]:
    """The images of a configuration with A = I under permutations and changes of sign."""
    d = configuration.dimension
    assert configuration.A == identity(d)
    return {
        (configuration.alpha, tuple(sorted(tuple(s * row[p] for s, p in turn) for row in rows)))
        for rows in [configuration.tokens]
        for places in permutations(range(d))
        for signs in product((1, -1), repeat=d)
        for turn in [list(zip(signs, places, strict=True))]
    }


@pytest.mark.parametrize(("judge", "smallest"), SMALLEST.values(), ids=SMALLEST)
def test_the_witness_is_the_smallest(
    judge: Callable[[Run], Outcome], smallest: Configuration
) -> None:
    hypotheses = ("nonzero", "distinct", "positive_definite", "positive_step")
    (report,) = validate([planted(judge, *hypotheses)], examples=100, seed=1)
    assert report.verdict is Verdict.REFUTED
    assert report.witness is not None
    assert orbit(report.witness) == orbit(smallest)
    outcome = judge(Run(report.witness))
    assert report.explanation == (str(outcome) if outcome is not False else FALSE)


def test_the_witness_comes_from_every_source_that_has_one() -> None:
    """Copies come from one source only, unsymmetric matrices from another."""
    assert campaign(no_copies).witness is not None
    report = campaign(symmetric_matrix, shrink=True)
    assert report.witness is not None
    assert report.witness.dimension == 2
    assert report.witness.size == 1
    assert sorted(x for row in report.witness.A for x in row) == [0, 0, 0, 1]


def test_a_witness_that_is_not_shrunk_is_the_first_that_was_met() -> None:
    met: list[Configuration] = []

    def judge(run: Run) -> bool:
        if run.configuration.size > 2:
            met.append(run.source)
        return run.configuration.size <= 2

    report = campaign(judge)
    assert report.witness == met[0]


def test_a_claim_that_contradicts_itself_is_refuted_all_the_same() -> None:
    """False once, and true of the same configuration ever after."""
    seen: list[Configuration] = []

    def judge(run: Run) -> bool:
        if run.configuration.size < 3 or run.source in seen:
            return True
        seen.append(run.source)
        return False

    report = campaign(judge, shrink=True)
    assert report.verdict is Verdict.REFUTED
    assert report.witness is not None
    assert report.witness.size >= 3


def test_shrinking_finds_nothing_where_nothing_is_false() -> None:
    assert shrunk(planted(lambda run: True), Unit("lattice", 5, 1), 10) is None


def test_a_campaign_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    campaign(at_most_one_token, shrink=True)
    assert capfd.readouterr() == ("", "")


# ------------------------------------------------------------------------------- verdicts


def failing(run: Run) -> bool:
    return bool(1 // (run.configuration.size - run.configuration.size))


def line_of(judge: Callable[[Run], Any]) -> str:
    """The place of the first line of a function's body."""
    code = judge.__code__
    return f"test_campaign.py:{code.co_firstlineno + 1}"


def test_held() -> None:
    report = campaign(lambda run: True)
    assert (report.verdict, report.applicable, report.examples) == (Verdict.HELD, 30, 30)
    assert (report.witness, report.explanation, report.undecided) == (None, None, 0)
    assert exit_status([report]) == 0


def test_vacuous_is_no_success() -> None:
    report = campaign(lambda run: None)
    assert (report.verdict, report.applicable, report.examples) == (Verdict.VACUOUS, 0, 30)
    assert not report.as_declared
    assert exit_status([report]) == 3


def test_vacuous_where_the_hypotheses_never_hold() -> None:
    (report,) = validate([find("merging-commutes")], examples=1, seed=1)
    assert report.verdict is Verdict.VACUOUS
    assert exit_status([report]) == 3


def test_undecided_is_no_success() -> None:
    (report,) = validate([find("settling")], examples=60, seed=1, max_layers=0)
    assert report.verdict is Verdict.UNDECIDED
    assert 0 < report.undecided < report.examples
    assert 0 < report.applicable
    assert report.applicable + report.undecided <= report.examples
    assert report.reach["settled_layer"]["undecided"] >= report.undecided
    assert not report.as_declared
    assert exit_status([report]) == 3


def test_what_cannot_be_decided_is_undecided() -> None:
    def judge(run: Run) -> bool:
        raise Undecidable("too large")

    report = campaign(judge)
    assert (report.verdict, report.undecided, report.applicable) == (Verdict.UNDECIDED, 30, 0)


def test_refuted_is_failure() -> None:
    report = campaign(at_most_one_token)
    assert report.verdict is Verdict.REFUTED
    assert report.examples == 30
    assert report.applicable == 30
    assert exit_status([report]) == 1


def test_an_error_of_the_claim_names_its_line() -> None:
    report = campaign(failing)
    assert report.verdict is Verdict.ERROR
    words = "ZeroDivisionError: integer division or modulo by zero"
    assert report.explanation == f"{words} at {line_of(failing)}"
    assert report.witness is not None
    assert exit_status([report]) == 1


RAISED: dict[str, tuple[Callable[[Run], Any], str]] = {
    "an exception": (lambda run: [][1], "IndexError"),
    "an exit": (lambda run: sys.exit(0), "SystemExit: 0"),
    "endless recursion": (lambda run: RAISED["endless recursion"][0](run), "RecursionError"),
    "bad input": (lambda run: Configuration([["half"]], 1), "HardmaxError"),
    "no truth value": (lambda run: np.array([True, False]), "it returned array([ True, False])"),
}


@pytest.mark.parametrize(("judge", "words"), RAISED.values(), ids=RAISED)
def test_whatever_a_claim_raises_is_its_verdict(judge: Callable[[Run], Any], words: str) -> None:
    report = campaign(judge, examples=15)
    assert report.verdict is Verdict.ERROR
    assert report.examples == 15
    assert report.explanation is not None
    assert report.explanation.startswith(words)
    assert exit_status([report]) == 1


def test_an_interrupt_is_not_a_verdict() -> None:
    def judge(run: Run) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        campaign(judge)


def test_an_error_outweighs_a_refutation() -> None:
    def judge(run: Run) -> bool:
        if run.configuration.size > 5:
            raise RuntimeError("later")
        return run.configuration.size <= 2

    report = campaign(judge)
    assert report.verdict is Verdict.ERROR
    assert (report.explanation or "").startswith("RuntimeError: later")
    assert report.witness is not None
    assert report.witness.size > 5


def test_a_refutation_outweighs_what_is_undecided() -> None:
    def judge(run: Run) -> bool:
        if run.configuration.size > 5:
            raise NotSettled("not yet")
        return run.configuration.size <= 2

    report = campaign(judge)
    assert report.verdict is Verdict.REFUTED
    assert report.undecided > 0


def told(verdict: Verdict, expected: Verdict = Verdict.HELD) -> Report:
    return Report("one", expected, verdict, 1, 1, 0, {}, 0)


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ("", 3),
        ("HELD", 0),
        ("PROVED", 0),
        ("HELD PROVED HELD", 0),
        ("VACUOUS", 3),
        ("UNDECIDED", 3),
        ("REFUTED", 1),
        ("ERROR", 1),
        ("HELD VACUOUS", 3),
        ("HELD UNDECIDED PROVED", 3),
        ("UNDECIDED REFUTED", 1),
        ("VACUOUS ERROR HELD", 1),
        ("HELD REFUTED", 1),
    ],
)
def test_the_exit_status(verdicts: str, status: int) -> None:
    assert exit_status([told(Verdict(verdict)) for verdict in verdicts.split()]) == status
    assert exit_status(told(Verdict(verdict)) for verdict in verdicts.split()) == status


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("REFUTED", 0), ("HELD", 3), ("PROVED", 3), ("VACUOUS", 3), ("UNDECIDED", 3), ("ERROR", 1)],
)
def test_the_exit_status_where_a_refutation_is_expected(verdict: str, status: int) -> None:
    report = told(Verdict(verdict), Verdict.REFUTED)
    assert exit_status([report]) == status
    assert report.as_declared is (status == 0)


def test_all_claims_on_one_example() -> None:
    reports = validate(examples=1, seed=1)
    assert [report.name for report in reports] == [made.name for made in claims()]
    assert {report.verdict for report in reports} == {Verdict.HELD, Verdict.VACUOUS}


# ---------------------------------------------------------------------- a campaign's parts


def test_reports_in_the_middle() -> None:
    claims = [find(name) for name in SOME]
    going = Campaign(claims, 60, seed=2)
    assert [report.verdict for report in going.reports()] == [Verdict.VACUOUS] * len(SOME)
    assert exit_status(going.reports()) == 3
    done = 0
    for result in going.results():
        done += result.examples
        (report, *_) = going.reports()
        assert report.examples == done
        assert sum(report.reach["dimension"].values()) == done
        if len(going.finished) == 4:
            break
    assert done < 60
    for _ in going.results():
        pass
    assert as_text(going.reports()) == as_text(validate(claims, examples=60, seed=2))
    assert list(going.results()) == []


def test_a_witness_met_early_stays() -> None:
    going = Campaign([planted(at_most_one_token)], 60, seed=1, shrink=False)
    witnesses = []
    for _ in going.results():
        (report,) = going.reports()
        witnesses.append(report.witness)
    first = next(witness for witness in witnesses if witness is not None)
    after = witnesses[witnesses.index(first) :]
    assert all(witness == first for witness in after)


@pytest.mark.parametrize("examples", [1, 2, 11, 13, 14, 15, 16, 99, 100, 374, 375, 376, 1000])
def test_units_cover_exactly_the_examples(examples: int) -> None:
    units = Campaign(examples=examples, seed=4).units()
    assert sum(unit.examples for unit in units) == examples
    assert all(1 <= unit.examples <= UNIT for unit in units)
    assert {unit.source for unit in units} <= {*SOURCES, *CROWDS}
    assert len({unit.seed for unit in units}) == len(units)
    assert units == Campaign(examples=examples, seed=4).units()
    other = Campaign(examples=examples, seed=5).units()
    assert [unit.examples for unit in other] == [unit.examples for unit in units]
    assert not {unit.seed for unit in other} & {unit.seed for unit in units}
    if examples >= len(SOURCES):
        assert {unit.source for unit in units[: len(SOURCES)]} == set(SOURCES)


@pytest.mark.parametrize("source", SOURCES)
def test_a_unit_looks_at_as_many_as_it_says(source: str) -> None:
    met: list[Configuration] = []

    def judge(run: Run) -> bool:
        met.append(run.source)
        return True

    result = do(Unit(source, 20, 7), [planted(judge)], 50)
    assert result.examples == 20
    assert result.tallies["planted"].examples == result.tallies["planted"].applicable == 20
    assert 10 < len(met) <= 20
    assert len(set(map(str, (made.to_dict() for made in met)))) == len(met)


def test_an_example_that_came_before_is_not_judged_again_and_still_counted() -> None:
    asked: list[Configuration] = []

    def judge(run: Run) -> bool:
        asked.append(run.source)
        return run.configuration.size < 4

    claims, units, memory = [planted(judge)], divide(1000, 3), Memory()
    together = [do(unit, claims, 50, memory) for unit in units]
    assert len(asked) == len(set(asked))
    once = len(asked)
    assert together == [do(unit, claims, 50) for unit in units]
    assert len(asked) - once > once  # without it units judge for themselves
    assert sum(result.examples for result in together) == 1000
    assert together == [do(unit, claims, 50, memory) for unit in units]


def test_the_memory_forgets_what_was_not_asked_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "LAST", 2)
    memory, (judgement,) = Memory(), judgements([], [Run(ONE)])
    three = Configuration([[3]], 1)
    memory.keep(ONE, judgement)
    memory.keep(TWO, judgement)
    assert memory.recall(Configuration([["2/2"]], 1)) is judgement
    memory.keep(three, judgement)
    assert [memory.recall(c) for c in (ONE, TWO, three)] == [judgement, None, judgement]
    units, memory = divide(200, 2), Memory()
    assert [do(unit, [find(SOME[0])], 50, memory) for unit in units] == [
        do(unit, [find(SOME[0])], 50) for unit in units
    ]


def test_a_unit_finds_the_same_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    unit, claims = Unit("cube", 60, 5), [find(name) for name in SOME]
    whole = do(unit, claims, 50)
    assert whole.examples == 60
    monkeypatch.setattr("checks.campaigns.units.CHUNK", 7)
    assert do(unit, claims, 50) == whole


def test_other_multiplicities_steps_and_matrices_are_other_examples() -> None:
    alike = [
        ONE,
        Configuration([[1]], 2),
        Configuration([[1]], 1, [[2]]),
        Configuration([[1]], 1, None, [2]),
        Configuration([["1/2"]], 1),
        Configuration([[1, 0]], 1),
        Configuration([[1], [0]], 1),
    ]
    memory, holds = Memory(), [(lambda run, k=number: k != 3) for number in range(7)]
    for number, made in enumerate(alike):
        assert memory.recall(made) is None
        memory.keep(made, *judgements([planted(holds[number])], [Run(made)]))
    found = [memory.recall(made) for made in alike]
    assert [said.witness is not None for _, (said,) in filter(None, found)] == [
        number == 3 for number in range(7)
    ]


@pytest.mark.parametrize("examples", [0, -1])
def test_no_examples_is_an_error(examples: int) -> None:
    with pytest.raises(HardmaxError, match=f"examples = {examples}; at least 1 is wanted"):
        validate(examples=examples)
    with pytest.raises(HardmaxError):
        Campaign(examples=examples)


@pytest.mark.parametrize("jobs", [0, -2])
def test_no_jobs_is_an_error(jobs: int) -> None:
    with pytest.raises(HardmaxError, match=f"jobs = {jobs}; at least 1 is wanted"):
        validate([find("settling")], examples=1, jobs=jobs)


def test_a_claim_that_workers_do_not_know_is_an_error() -> None:
    with pytest.raises(HardmaxError, match="no statement is named 'planted'"):
        validate([planted(at_most_one_token)], examples=30, jobs=2)
    assert active_children() == []


def test_who_stops_reading_leaves_no_process_behind() -> None:
    going = Campaign([find("attention-is-argmax")], 2000, seed=1)
    results = going.results(2)
    next(results)
    assert len(active_children()) == 2
    results.close()  # type: ignore[attr-defined]  # it is a generator
    assert active_children() == []
    assert len(going.finished) == 1


# -------------------------------------------------------------------------------- tallies

ONE, TWO = Configuration([[1]], 1), Configuration([[2]], 1)


OUTCOMES: list[Any] = [
    True,
    None,
    False,
    Violation("first"),
    Undecidable("beyond"),
    RuntimeError("wrong"),
]


def add(tally: Tally, outcome: Any, number: int) -> None:
    """Examine a claim with this outcome, raised if it is an exception, on its own configuration."""

    def judge(run: Run) -> Any:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    tally.add(examine(planted(judge), Run(Configuration([[number]], 1))))


def test_tallies_of_parts_add_up_to_that_of_the_whole() -> None:
    for outcomes in product(OUTCOMES, repeat=3):
        whole, parts = Tally(), Tally()
        for number, outcome in enumerate(outcomes, 1):
            add(whole, outcome, number)
            part = Tally()
            add(part, outcome, number)
            parts.add(part)
        assert parts == whole, outcomes
        assert parts.verdict is whole.verdict


def test_the_first_witness_and_the_first_error_stay() -> None:
    refuted = Tally(1, 1, 0, ONE, "first")
    refuted.add(Tally(1, 1, 0, TWO, "second"))
    assert (refuted.witness, refuted.explanation, refuted.examples) == (ONE, "first", 2)
    refuted.add(Tally(1, 1, 0, TWO, "error", failed=True))
    assert (refuted.witness, refuted.explanation, refuted.failed) == (TWO, "error", True)
    refuted.add(Tally(1, 1, 0, ONE, "second error", failed=True))
    refuted.add(Tally(1, 1, 0, ONE, "third"))
    assert (refuted.witness, refuted.explanation) == (TWO, "error")
    assert (refuted.examples, refuted.applicable, refuted.verdict) == (5, 5, Verdict.ERROR)


def test_a_violation_tells_where_and_what() -> None:
    violation = Violation("too small", 3, (1, 2), fmpq(1, 2), ">=", fmpq(2, 3))
    assert not violation
    assert str(violation) == "too small (layer 3; token 1, 2): 1/2 >= 2/3 is false"
    assert str(Violation("so")) == "so"
    assert str(Violation("so", 0)) == "so (layer 0)"
    assert str(Violation("so", None, (4,))) == "so (token 4)"
    assert str(Violation("so", left=fmpq(0), relation=">", right=fmpq(0))) == "so: 0 > 0 is false"


OTHER_MODULES = """
import sys
from pathlib import Path
Path("constants.py").write_text(f"X = {list(range(-5000, 5000))}, {[x / 8 for x in range(999)]}")
sys.path.insert(0, ".")
import constants
from checks.campaigns.records import encode
from checks.campaigns.units import divide, do
for unit in divide(200, 5):
    print(encode(do(unit, (), 50)))
"""


def test_the_modules_that_are_loaded_do_not_change_the_examples(tmp_path: Path) -> None:
    """Hypothesis also draws constants that it finds in modules, and workers load other ones."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            env=environment(),
            cwd=tmp_path,
            timeout=3000,
            check=True,
        ).stdout
        for script in (OTHER_MODULES, OTHER_MODULES.replace("import constants\n", ""))
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == len(divide(200, 5))


def kept(keep: bool) -> tuple[int, int]:
    """How many units a campaign has, and of how many the results are in memory at the last.

    All of them if `keep`.
    """
    work = Campaign([planted(at_most_one_token)], 300, seed=1, shrink=False)
    count = len(work.units())
    seen: list[ref[UnitResult]] = []
    held = []
    for result in work.results():
        seen.append(ref(result))
        if keep:
            held.append(result)
        if len(seen) == count:
            gc.collect()
            return count, sum(one() is not None for one in seen)
    raise AssertionError("not all units came")


def test_a_long_campaign_keeps_totals_and_no_results() -> None:
    count, alive = kept(False)
    assert count > 20
    assert alive <= 3
    assert kept(True) == (count, count)


@pytest.mark.parametrize(("most", "bounded"), [(units.MOST_TOKENS, True), (10**9, False)])
def test_memory_does_not_grow_with_the_large_examples_of_a_unit(
    monkeypatch: pytest.MonkeyPatch, most: int, bounded: bool
) -> None:
    """However many there are, few are judged together, and none is lost."""
    together: list[int] = []

    def judged(waiting: Sequence[Configuration], *others: object) -> list[Judgement]:
        together.append(sum(c.size for c in waiting))
        return [Judgement(Met((), "1", "0"), ())] * len(waiting)

    monkeypatch.setattr(units, "_judgements", judged)
    monkeypatch.setattr(units, "MOST_TOKENS", most)
    found = units.do(units.Unit("largest crowd", 9, 1), [], 0)
    assert found.examples == 9
    assert (max(together) < 2000) is bounded
