"""The search for counterexamples: false statements fall, to witnesses that are checked again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from flint import fmpq, fmpq_mat
from hypothesis import HealthCheck, Phase, given, seed, settings, target
from reference import reference

from checks import Verdict, Violation, verifier
from checks.boxes import Box
from checks.cli import main
from checks.refutation.boxes import _sets, small_configurations
from checks.refutation.descent import starts
from checks.refutation.minimisation import local_minimum, size_of
from checks.refutation.search import (
    Budget,
    Finding,
    _descended,
    _Search,
    aims,
    minimise,
    refute,
)
from checks.run import Run
from checks.statements import Statement, conjecture, conjectures, find, forget
from checks.statements.layers import leader_invariance, norms_grow, separation
from checks.strategies import configurations
from theory import CAUSAL, FIRST_INDEX, HARDMAX, INFINITE, Configuration, HardmaxError
from theory.exact import fraction
from theory.matrices import identity

SMALLEST = {
    "leaders-from-the-first-layer": (3, 2),
    "hull-vertices-lead": (2, 1),
    "limits-are-vertices": (3, 2),
    "nearest-leader": (3, 1),
    "leaders-independent-of-alpha": (3, 2),
    "limits-independent-of-alpha": (3, 2),
    "settles-within-n-layers": (3, 2),
    "without-distinctness": (2, 1),
    "without-nonzero-tokens": (3, 1),
    "without-symmetry": (2, 2),
    "without-definiteness": (2, 1),
    "without-strictness": (2, 1),
    "with-negative-step": (2, 1),
    "with-zero-step": (2, 1),
    "with-infinite-step": (2, 1),
    "with-first-index-ties": (3, 2),
}
"""Tokens and dimension of the smallest counterexamples; the two rare statements are apart."""

DROPPING = [c for c in conjectures() if c.domain.condition]

RARE = ("attends-leaders-eventually", "geometric-rate")


@pytest.mark.parametrize("statement", DROPPING, ids=lambda made: made.name)
def test_a_hypothesis_is_dropped_only_where_it_fails(statement: Statement) -> None:
    """Under (H), and with α = 2 for those that stand for another layer with α = 1."""
    assert statement(statement.run(Configuration([[3], [1]], 2), 40)) is None


@pytest.mark.parametrize(
    ("part", "tokens", "alpha", "told", "failing"),
    [
        (leader_invariance, [[-1], [1], [-2]], "-1/2", 4, 3),
        (separation, [["1/3", -1], ["1/3", 0], [0, 1], [-1, 1]], "-2/3", 2, 1),
        (norms_grow, [[2], [1]], "-1/2", 0, 0),
    ],
)
def test_a_certificate_names_the_layer_that_the_verifier_wants(
    part: Statement, tokens: list[list[int]], alpha: str, told: int, failing: int
) -> None:
    """A claim may tell of the layer after the one that fails."""
    configuration = Configuration(tokens, alpha)
    outcome = part.judge(Run(configuration))
    assert isinstance(outcome, Violation)
    assert outcome.layer == told
    violation = replace(outcome, text=f"{part.name}: {outcome.text}")
    certificate = find("with-negative-step").certificate(configuration, violation)
    assert certificate is not None
    assert certificate["layer"] == failing
    assert "with-negative-step" in verifier.verify(json.dumps(certificate))


@cache
def searched(name: str, seed: int) -> Finding:
    """Which several tests ask for."""
    return refute(find(name), Budget(10_000), seed=seed)


def test_every_statement_is_there() -> None:
    built_in = [c.name for c in conjectures() if c.expected is Verdict.REFUTED]
    assert sorted(built_in) == sorted([*SMALLEST, *RARE])


@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_statement_is_refuted_by_few_tokens(name: str, seed: int) -> None:
    finding = searched(name, seed)
    assert finding.report.verdict is Verdict.REFUTED
    assert finding.counterexample is not None
    witness = finding.counterexample.configuration
    assert (witness.size, witness.dimension) == SMALLEST[name]
    assert finding.counterexample.violation is not None
    assert "gone through completely" in finding.counterexample.minimality
    certificate = find(name).certificate(witness, finding.counterexample.violation)
    assert certificate is not None
    other = find(name).dynamics != HARDMAX
    told = verifier.verify(json.dumps(certificate))
    assert (f"{witness.size} tokens settle" if other else name) in told
    assert certificate["version"] == 1 + other
    _hypotheses_are_as_stated(find(name), witness)


def _hypotheses_are_as_stated(statement: Statement, witness: Configuration) -> None:
    holding = witness.hypotheses.as_dict()
    assert all(holding[name] for name in statement.hypotheses)
    assert not any(holding[name] for name in statement.domain.drops)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("leaders-from-the-first-layer", "leaders"),
        ("limits-are-vertices", "kinds"),
        ("settles-within-n-layers", "settled_layer"),
    ],
)
def test_an_independent_reference_agrees_that_the_witness_refutes(name: str, key: str) -> None:
    finding = searched(name, 1)
    assert finding.counterexample is not None
    witness = finding.counterexample.configuration
    found = reference(
        [[fraction(x) for x in row] for row in witness.tokens], fraction(witness.alpha)
    )
    refuted = {
        "leaders": any(x["since_layer"] > 0 for x in found["leaders"]),
        "kinds": "face" in found["kinds"],
        "settled_layer": found["settled_layer"] > witness.size,
    }
    assert refuted[key]


def test_nothing_smaller_refutes_where_a_box_was_gone_through() -> None:
    statement = find("limits-are-vertices")
    for box in (Box(1, 3, 1), Box(1, 3, 2), Box(2, 2, 1), Box(2, 2, 2)):
        for rows, _ in box.representatives():
            for alpha in ("1", "2", "1/2", "3", "1/3", "1/10"):
                assert statement(Run(Configuration(rows, alpha)))


def test_the_rare_rate_is_found_and_cut_down() -> None:
    statement = find("geometric-rate")
    start = Configuration(
        [
            ["6/7", "4/7", 0], ["-6/7", "4/7", 0], ["2/7", "4/7", "2/7"],
            ["-2/7", "4/7", "2/7"], [0, "2/7", 0], ["1/100", 0, 0],
        ],
        "1/2",
    )  # fmt: skip
    found = minimise(statement, start)
    assert statement(Run(found.configuration)) is not True
    assert found.configuration.size == 5
    assert found.configuration.alpha == 1
    assert all(x.q == 1 for row in found.configuration.tokens for x in row)
    assert found.configuration.A == identity(3)
    _is_a_local_minimum(statement, found.configuration)
    certificate = statement.certificate(found.configuration, found.violation)
    assert "dimension 3" in verifier.verify(json.dumps(certificate))


def _is_a_local_minimum(statement: Statement, c: Configuration) -> None:
    for i in range(c.size):
        fewer = Configuration([row for j, row in enumerate(c.tokens) if j != i], c.alpha, c.A)
        assert statement(Run(fewer)) is not False
        assert statement(Run(fewer)) in (True, None)
    for i, row in enumerate(c.tokens):
        for s, x in enumerate(row):
            if x:
                rows = [list(other) for other in c.tokens]
                rows[i][s] = x - (1 if x > 0 else -1)
                run = Run(Configuration(rows, c.alpha, c.A))
                outcome = statement(run)
                assert outcome is None or outcome is True


def test_the_order_of_size() -> None:
    def size(tokens: list[list[object]], alpha: object = 1, A: object = None) -> tuple[object, ...]:
        return size_of(Configuration(tokens, alpha, A))  # type: ignore[arg-type]  # for brevity

    assert size([[9]]) < size([[1], [2]])
    assert size([[9], [1]]) < size([[1, 0], [0, 1]])
    assert size([[9]], 1) < size([[1]], 1, [[2]])
    assert size([[9]], 1) < size([[1]], "1/2") < size([[1]], "1/3")
    assert size([[1]]) < size([[2]]) < size([["1/2"]])


def test_settling_is_held_not_refuted() -> None:
    """Every configuration counts in its reach; and the same seed gives the same report."""
    report = refute(find("settling"), Budget(400), seed=3).report
    assert report.verdict is Verdict.HELD
    assert report.examples == report.applicable == 400
    assert sum(report.reach["settled_layer"].values()) == 400
    assert report.witness is None
    assert refute(find("settling"), Budget(400), seed=3).report == report


def test_settling_is_looked_at_in_its_open_case_first() -> None:
    """Before the boxes: d ≥ 4, and tokens that share a face limit. Others begin with the boxes."""
    hunted = refute(find("settling"), Budget(40), seed=2).report.reach
    assert hunted["dimension"].keys() <= {"4", "5"}
    assert hunted["shared_face_limits"] >= hunted["open_case"] >= 5
    other = refute(find("separation"), Budget(40), seed=2).report.reach
    assert other["open_case"] == other["shared_face_limits"] == 0


def test_a_budget_of_no_time_checks_nothing() -> None:
    report = refute(find("settling"), Budget(800, 0.0)).report
    assert report.verdict is Verdict.VACUOUS


@pytest.fixture
def planted() -> Iterator[None]:
    yield
    for name in (
        "always-two-leaders",
        "false-and-vague",
        "breaks",
        "tied-chain",
        "one-leader",
        "masked",
        "plain",
        "apart",
        "first",
        "second",
    ):
        forget(name)


def test_what_was_searched_is_told() -> None:
    """The boxes are gone through first, alike for every seed, as far as the budget reaches."""
    held = find("separation")
    assert refute(held, Budget(1)).searched == "no box completely; 1 other configuration"
    through, box = 0, ""
    for name, candidates in small_configurations(held):
        count = len([*candidates])
        if through + count > 60:
            break
        through, box = through + count, name
    words = f"the boxes up to {box}, completely; {60 - through} other configurations"
    assert {refute(held, Budget(60), seed=seed).searched for seed in (1, 2)} == {words}


@pytest.mark.usefixtures("planted")
def test_statements_of_ones_own() -> None:
    @conjecture("always-two-leaders", "At least two tokens lead.")
    def two(run: Run) -> bool:
        return len(run.equilibrium.leaders) >= 2

    found = refute(two).counterexample
    assert found is not None
    assert (found.configuration.size, found.configuration.dimension) == (1, 1)
    assert found.configuration.tokens == ((fmpq(-1),),)

    with pytest.raises(HardmaxError, match="exists already"):
        conjecture("always-two-leaders", "Again.")(lambda run: True)
    with pytest.raises(HardmaxError, match="exists already"):
        conjecture("norms-grow", "Again.")(lambda run: True)
    with pytest.raises(HardmaxError, match="no statement is named"):
        find("nothing-of-the-kind")


FILE = """
from checks import conjecture


@conjecture("few-leaders", r"At most $d+1$ tokens lead.")
def few_leaders(run):
    return len(run.equilibrium.leaders) <= run.configuration.dimension + 1


@conjecture("a-leader", r"Some token leads.")
def a_leader(run):
    return len(run.equilibrium.leaders) >= 1


@conjecture("raises", r"Its code fails.")
def raises(run):
    return run.no_such_thing
"""


def hardmax(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "checks", *arguments], capture_output=True, text=True, timeout=3000
    )


def test_a_users_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(FILE)
    done = hardmax(
        "refute", str(file), "--seed", "1", "--examples", "4000", "--json", "--jobs", "2"
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    few, leader, raising = map(json.loads, done.stdout.splitlines())
    assert few["verdict"] == "REFUTED"
    assert len(few["witness"]["tokens"]) == 4
    assert leader["verdict"] == "HELD"
    assert leader["examples"] == 4000
    assert raising["verdict"] == "ERROR"
    assert "mine.py:17" in raising["explanation"]
    assert set(few) == {
        "name", "expected", "verdict", "examples", "applicable", "undecided", "reach", "seed",
        "witness", "explanation", "violation", "minimality", "layers", "searched",
    }  # fmt: skip
    assert "seed 1" in done.stderr
    (told,) = [line for line in done.stderr.splitlines() if "mine.py::raises" in line]
    assert '{"tokens":' in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = = 1\n", "SyntaxError"),
        ("raise ValueError('mine')\n", "ValueError: mine at mine.py:1"),
        ("x = 1\n", "no function is declared"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    done = hardmax("refute", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there() -> None:
    done = hardmax("refute", "no-such-file.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_the_command_tells_what_refutes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refute", "hull-vertices-lead", "--seed", "1", "--jobs", "1"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "hull-vertices-lead REFUTED by 2 tokens in dimension 1" in printed
    assert "a vertex of the hull never leads" in printed


def test_held_where_refutation_is_expected_is_inconclusive(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["refute", "geometric-rate", "--examples", "50", "--seed", "1", "--jobs", "1"]
    assert main(arguments) == 3
    assert "HELD" in capsys.readouterr().out


def test_a_claim_of_the_theory_can_be_doubted(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["refute", "norms-grow", "--examples", "300", "--seed", "1", "--jobs", "1"]
    assert main(arguments) == 0
    assert "norms-grow  HELD" in capsys.readouterr().out


def test_a_mistyped_name_has_near_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["refute", "hull-vertices-leed"]) == 2
    assert "near names: hull-vertices-lead" in capsys.readouterr().err


def test_the_search_tells_every_smaller_counterexample() -> None:
    told: list[Finding] = []
    found = refute(find("geometric-rate"), Budget(30_000), seed=2, tell=told.append)
    sizes = [size_of(x.counterexample.configuration) for x in told if x.counterexample is not None]
    assert len(sizes) >= 2
    assert sizes == sorted(sizes, reverse=True)
    assert found.counterexample is not None
    assert size_of(found.counterexample.configuration) == sizes[-1]
    counts = [x.report.examples for x in told]
    assert counts == sorted(counts)
    assert {x.report.verdict for x in told if x.counterexample is None} <= {
        Verdict.HELD, Verdict.VACUOUS, Verdict.UNDECIDED,
    }  # fmt: skip


def mean_settled_layer(guided: bool) -> float:
    """The mean over 400 configurations, those that Hypothesis climbs to if it is guided."""
    layers: list[float] = []

    @seed(1)
    @settings(
        max_examples=400,
        phases=[Phase.generate, Phase.target] if guided else [Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(configurations(family="lattice"))
    def look(configuration: Configuration) -> None:
        found = aims(Run(configuration, max_layers=300))
        layers.append(found.get("settled layer", 0.0))
        for label, value in found.items():
            if guided:
                target(value, label=label)

    look()
    return sum(layers) / len(layers)


def test_a_guided_search_meets_what_settles_later() -> None:
    assert mean_settled_layer(guided=True) > 3 * mean_settled_layer(guided=False)


def test_aims_of_a_run_that_is_undecided_are_none() -> None:
    late = Configuration([[-1, -1], [-2, 0], [-2, 1]], "1/2")
    assert aims(Run(late, max_layers=1)) == {}
    assert aims(Run(late))["settled layer"] == 4.0


def test_minimising_what_does_not_refute_is_refused() -> None:
    with pytest.raises(HardmaxError, match="is not refuted by"):
        minimise(find("settling"), Configuration([[1]], 1))


def test_time_that_is_up_is_said() -> None:
    start = Configuration([[i, i * i % 7, 3 - i] for i in range(1, 9)], "2/3")
    small, whole = local_minimum(start, lambda c: c.size >= 2, lambda: True)
    assert (small, whole) == (start, False)


SLOW = """
import time
from pathlib import Path
from checks import conjecture


def judge(run):
    if run.configuration.tokens[0][0] == -2:
        Path(__file__).with_suffix(f".{time.time_ns()}").touch()
        time.sleep(60)
    return False


conjecture("slow", r"Nothing is true.")(judge)
conjecture("slow-too", r"Nothing is true.")(judge)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_reports_the_best_so_far(tmp_path: Path, jobs: int) -> None:
    file = tmp_path / "mine.py"
    file.write_text(SLOW)
    with subprocess.Popen(
        [sys.executable, "-m", "checks", "refute", str(file), "--json", "--jobs", str(jobs)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while len(list(tmp_path.iterdir())) < 1 + jobs:
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=600)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    told = [json.loads(line) for line in out.splitlines()]
    assert [x["name"] for x in told] == ["slow", "slow-too"][:jobs]
    for x in told:
        assert x["verdict"] == "REFUTED"
        assert x["witness"]["tokens"] == [["-1"]]
    assert f"interrupted after 0 of 2 statements; {jobs} more refuted" in err


def tied_chain(run: Run) -> bool:
    """False of a token that follows a follower of another and is as near to that as to two others.

    Four tokens are needed; (2,−1), (2,0), (2,4), (3,2) with α = 1 is one of the smallest in the
    plane, where few sets are, and many are in four dimensions with a dense A.
    """
    pattern, gram = run.pattern(0), run.gram(0)
    for i, attended in enumerate(pattern):
        if len(attended) == 1 and len(pattern[attended[0]]) == 1:
            j, k = attended[0], pattern[attended[0]][0]
            others = set(range(len(gram))) - {i, j, k}
            alike = any(gram[i][other] == gram[i][i] for other in others)
            if alike and len({i, j, k}) == 3 and gram[i][k] == gram[i][i]:
                return False
    return True


@pytest.mark.usefixtures("planted")
@pytest.mark.parametrize("seed", [1, 2])
def test_from_four_dimensions_down_to_the_plane(seed: int) -> None:
    statement = conjecture("tied-chain", "Nobody follows a follower so.")(tied_chain)
    assert not statement(Run(Configuration([[2, -1], [2, 0], [2, 4], [3, 2]], 1)))
    dense = [[3, 1, 0, 1], [1, 3, 1, 0], [0, 1, 4, 1], [1, 0, 1, 3]]
    start = Configuration(
        [[2, -1, 0, 0], [2, 0, 0, 0], [2, 4, 0, 0], [3, 2, 0, 0]], 1, dense
    )  # fmt: skip
    assert statement(Run(start))  # the test is of the search, not of a start that is at hand
    search = _Search(statement, Budget(30_000), seed)
    for candidate in starts(start, 4, 4, [fmpq(1)], Random(seed)):
        if search.look(carried(candidate, dense)) is False:
            break
    found = _descended(search, "from above", False)
    assert found is not None
    c = found.configuration
    assert (c.size, c.dimension, c.A == identity(2)) == (4, 2, True)
    assert "a smaller one may exist" in found.minimality


def carried(c: Configuration, shape: list[list[int]]) -> Configuration:
    """The same products from other tokens and a dense A: B Bᵀ for B = the shape's lower half."""
    d = c.dimension
    half = fmpq_mat(d, d, [shape[i][j] if i >= j else 0 for i in range(d) for j in range(d)])
    tokens = fmpq_mat(c.size, d, [x for row in c.tokens for x in row]) * half.inv()
    return Configuration(tokens.tolist(), c.alpha, (half * half.transpose()).tolist())


@pytest.mark.usefixtures("planted")
def test_a_counterexample_without_ties() -> None:
    """Three tokens suffice with a tie, and the generic one has none at any layer."""

    @conjecture("one-leader", "At most one token leads, or two lead and nobody follows.")
    def one(run: Run) -> bool:
        return len(run.equilibrium.leaders) < 2 or run.configuration.size < 3

    found = refute(one, Budget(3000), seed=1, generic=True).counterexample
    assert found is not None
    settled = Run(found.configuration).settled
    assert {len(x) for _, pattern in settled.history for x in pattern} == {1}
    assert "without ties" in found.minimality
    plain = refute(one, Budget(3000), seed=1).counterexample
    assert plain is not None
    assert size_of(plain.configuration) <= size_of(found.configuration)


def test_a_statement_of_ties_has_no_generic_counterexample() -> None:
    for name in ("limits-are-vertices", "with-first-index-ties"):
        report = refute(find(name), Budget(300), generic=True).report
        assert report.verdict in (Verdict.HELD, Verdict.VACUOUS), name


def test_no_two_steps_of_one_axis_lead_lower() -> None:
    """Of (5,6), (5,0), (5,−1), (6,2) no coordinate can be moved alone, and all of an axis can."""
    small, whole = local_minimum(
        Configuration([[5, 6], [5, 0], [5, -1], [6, 2]], 1),
        lambda c: c.size == 4 and c.dimension == 2 and not tied_chain(Run(c)),
    )
    assert whole
    assert size_of(small) <= size_of(Configuration([[2, -1], [2, 0], [2, 4], [3, 2]], 1))


@pytest.mark.parametrize(
    ("name", "dynamics", "tokens"),
    [
        ("with-infinite-step", {"gamma": "1"}, [["2"], ["1"]]),
        (
            "with-first-index-ties",
            {"alpha": "1", "ties": "first"},
            [["0", "1"], ["-1", "1"], ["1", "1"]],
        ),
    ],
)
def test_a_witness_of_other_dynamics_says_which(
    name: str, dynamics: dict[str, str], tokens: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not find(name)(find(name).run(Configuration(tokens, 1), 40))
    assert main(["refute", name, "--seed", "1", "--jobs", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {k: x for k, x in told["witness"].items() if k != "tokens"} == dynamics
    rows, layers = told["witness"]["tokens"], told["layers"]
    assert layers[0]["tokens"] == rows
    if name == "with-infinite-step":
        assert layers[1]["tokens"][0] == layers[1]["tokens"][1]
    else:
        assert layers[0]["attention"] == [[0], [1], [2]]
        assert sorted(rows[1:]) == sorted([[rows[0][0], "1"], [rows[0][0], "-1"]])
    assert Run(Configuration(rows, 1)).equilibrium.failures == ()


def test_other_dynamics_hold_where_they_are_hardmax() -> None:
    """Without a tie the first index is the only one, and no lemma falls."""
    first, infinite = find("with-first-index-ties"), find("with-infinite-step")
    assert first(first.run(Configuration([[3], [1]], 1), 40)) is None
    assert first(first.run(Configuration([[1, 1], [0, 1]], 1), 40)) is True
    assert infinite(infinite.run(Configuration([[3], [-1]], 1), 40)) is True


def first_leads(run: Run) -> bool:
    """Whether token 0 leads, at layer 0 and for ever."""
    return run.pattern(0)[0] == (0,) == run.settled.pattern[0]


@pytest.mark.usefixtures("planted")
def test_a_statement_about_another_dynamics() -> None:
    """Behind a mask the first token sees nobody else; elsewhere any longer one."""
    masked = conjecture("masked", "The first leads.", dynamics=CAUSAL)(first_leads)
    plain = conjecture("plain", "The first leads.", expected=Verdict.REFUTED)(first_leads)
    assert refute(masked, Budget(1500)).report.verdict is Verdict.HELD
    finding = refute(plain, Budget(1500))
    assert finding.counterexample is not None
    assert finding.counterexample.configuration.size == 2
    for statement, version in ((masked, 2), (plain, 1)):
        certificate = statement.certificate(finding.counterexample.configuration, None)
        assert certificate is not None
        assert certificate["version"] == version
        assert verifier.verify(json.dumps(certificate))


@pytest.mark.usefixtures("planted")
def test_a_counterexample_of_another_dynamics_is_minimised() -> None:
    """Two of three tokens behind a mask meet in one layer; what is left are such tokens."""

    @conjecture("apart", "Distinct tokens stay distinct.", dynamics=CAUSAL)
    def apart(run: Run) -> bool:
        return all(len(set(run.tokens(k))) == run.configuration.size for k in range(3))

    start = Configuration([[4, 0], [2, 0], [2, 4], [0, 9]], 1)
    judged = apart.run(start, 40)
    assert (judged.dynamics, judged.configuration.size) == (CAUSAL, 4)
    finding = refute(apart, Budget(3000))
    assert finding.counterexample is not None
    small = finding.counterexample.configuration
    assert apart(apart.run(small, 40)) is False
    assert separation(Run(small)) is True
    larger = Configuration([*small.tokens, [7] * small.dimension], small.alpha, small.A)
    assert not apart(apart.run(larger, 40))
    found = minimise(apart, larger).configuration
    assert (found.size, found.dimension) <= (small.size, small.dimension)
    assert finding.report.as_dict()["witness"]["mask"] == "causal"


@pytest.mark.usefixtures("planted")
def test_every_order_is_gone_through_where_it_counts() -> None:
    """Of a pair that ties the first index makes one a leader, whichever is first."""
    first = conjecture("first", "s", dynamics=FIRST_INDEX)(lambda run: True)
    plain = conjecture("second", "s", dynamics=INFINITE)(lambda run: True)
    box = Box(1, 1, 2)
    assert [*_sets(plain, box)] == [((-1,), (1,))]
    assert [*_sets(first, box)] == [((-1,), (1,)), ((1,), (-1,))]


@pytest.mark.parametrize(
    "made", [c for c in conjectures() if c.domain.condition], ids=lambda c: c.name
)
def test_the_words_name_the_step_of_the_layers(made: Statement) -> None:
    """The α of the witness where it counts, and no other; the limit case has none."""
    found = searched(made.name, 1).counterexample
    assert found is not None
    infinite = made.name == "with-infinite-step"
    told = f"at α = {'∞' if infinite else found.configuration.alpha}"
    assert found.minimality.count("α =") == 1
    assert f"{told}," in found.minimality
    local = minimise(made, found.configuration).minimality
    assert ("A and α are as simple" in local, "A is as simple" in local) == (not infinite, infinite)
