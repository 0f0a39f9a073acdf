"""The examples show what `examples/README.md` says, and agree with the independent reference."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from commands import records
from reference import reference

from checks.cli import main
from theory import Configuration
from theory.exact import fraction
from theory.files.configurations import read_problems
from theory.numerics import binary64, simulation
from theory.settling import Settled
from theory.solve import settle

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

ALPHA = {"cloud.csv": "1/2"}
"""The steps of the files that state tokens alone."""


@dataclass(frozen=True)
class Findings:
    """The key findings of one configuration; `leaders` maps each leader to its first layer."""

    settled_layer: int | None
    leaders: dict[int, int] | None
    kinds: str | None
    rate: tuple[str, int] | None

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Findings":
        """The key findings in a record of ``hardmax run --json``."""
        leaders, kinds, rate = record["leaders"], record["kinds"], record["rate"]
        return cls(
            record["settled_layer"],
            None if leaders is None else {x["token"]: x["since_layer"] for x in leaders},
            None if kinds is None else " ".join(kind or "none" for kind in kinds),
            None if rate is None else (rate["base"], rate["degree"]),
        )


NOTHING = Findings(None, None, None, None)

PINNED: dict[str, list[Findings]] = {
    "figure2-triangular-polytope.json": [
        Findings(0, {0: 0, 1: 0, 2: 0}, "leader leader leader" + 6 * " vertex", ("2/3", 0))
    ],
    "figure2-emerging-leader.json": [
        Findings(1, {0: 0, 1: 1, 2: 0}, "leader leader leader" + 5 * " vertex", ("2/3", 0))
    ],
    "figure2-square-polytope.json": [
        Findings(
            0,
            {0: 0, 1: 0, 2: 0, 3: 0},
            "leader leader leader leader" + 6 * " vertex",
            ("2/3", 0),
        )
    ],
    "figure2-clusters-that-are-no-leaders.json": [
        Findings(
            0,
            {0: 0, 1: 0, 2: 0, 3: 0},
            "leader leader leader leader face face vertex vertex vertex vertex",
            ("2/3", 0),
        )
    ],
    "every-kind-of-limit.json": [
        Findings(2, {0: 0, 1: 0, 2: 2}, "leader leader leader vertex face", ("3/4", 0))
    ],
    "emerging-leader.json": [Findings(2, {0: 2, 2: 0}, "leader vertex leader", ("3/4", 0))],
    "face-limit.json": [Findings(0, {0: 0, 1: 0}, "leader leader face", ("2/3", 0))],
    "rest-without-leading.json": [Findings(0, {0: 0, 2: 0}, "leader face leader", None)],
    "equilateral-triangle.json": [
        Findings(0, {0: 0, 1: 0, 2: 0}, "leader leader leader face face face vertex", ("2/3", 0))
    ],
    "repeated-words.json": [
        Findings(
            0, {0: 0, 2: 0, 4: 0}, "leader vertex leader vertex leader vertex face", ("2/3", 0)
        )
    ],
    "moving-tie.json": [Findings(1, {0: 0, 1: 0}, "leader leader vertex vertex face", ("2/3", 1))],
    "hundreds-of-layers.json": [Findings(231, {1: 0}, "vertex leader vertex", ("200/201", 0))],
    "beyond-the-budget.json": [
        Findings(114621, {1: 0}, "vertex leader vertex", ("100000/100001", 0))
    ],
    "leaders-depend-on-alpha.jsonl": [
        Findings(2, {0: 0, 2: 2}, "leader vertex leader", ("20/21", 0)),
        Findings(3, {0: 0}, "leader vertex vertex", ("1/2", 0)),
    ],
    "cloud.csv": [
        Findings(
            3,
            {8: 0, 15: 0, 22: 0},
            8 * "vertex " + "leader" + 6 * " vertex" + " leader" + 6 * " vertex" + " leader vertex",
            ("2/3", 0),
        )
    ],
    "tenths.json": [Findings(0, {0: 0, 1: 0}, "leader leader face", ("2/3", 0))],
    "almost-a-tie.json": [Findings(0, {0: 0, 1: 0}, "leader leader vertex", ("2/3", 0))],
    "leader-lost-to-rounding.json": [
        Findings(2, {0: 0, 1: 0, 2: 2}, "leader leader leader vertex face", ("2/3", 0))
    ],
    "outside-the-hypotheses-zero-token.json": [
        Findings(0, {0: 0, 1: 0, 2: 0, 3: 0}, "leader leader leader leader face", None)
    ],
    "outside-the-hypotheses-one-cluster.json": [Findings(1, {1: 1}, "vertex leader", ("1/2", 0))],
    "outside-the-hypotheses-two-tokens-refute-a-theorem.json": [Findings(2, {}, "none none", None)],
    "outside-the-hypotheses-neither-settles-nor-returns.json": [NOTHING],
    "outside-the-hypotheses-value-matrix.json": [Findings(1, {0: 0}, "leader vertex", ("2/5", 0))],
    "outside-the-hypotheses-cyclic-pursuit.json": [
        Findings(0, {}, "none none none none", ("372677996249/500000000000", 0))
    ],
}

STATUS = {"outside-the-hypotheses-neither-settles-nor-returns.json": 3}
"""The exit statuses that are not 0."""

BEYOND_THE_REFERENCE = {"beyond-the-budget.json"}
"""What takes the reference, which steps from layer to layer, too long."""


def rows(readme: str) -> dict[str, list[str]]:
    """The file of each row of the README's table, with its command in words.

    Raises `ValueError` for a row of another form, a command about another file, and a file
    that is named twice.
    """
    found: dict[str, list[str]] = {}
    for line in readme.splitlines():
        if not line.startswith("|") or line.startswith(("| file ", "| --- ")):
            continue
        row = re.fullmatch(r"\| `([^`|]+)` \| ([^|]+) \| `hardmax ([^`|]+)` \|", line)
        if row is None:
            raise ValueError(f"not a row of the table: {line}")
        command = shlex.split(row[3])
        if command[:2] != ["run", f"examples/{row[1]}"]:
            raise ValueError(f"the command of {row[1]} is about something else: {row[3]}")
        if row[1] in found:
            raise ValueError(f"{row[1]} is named twice")
        found[row[1]] = command
    return found


def examples() -> set[str]:
    return {path.name for path in EXAMPLES.iterdir()} - {"README.md"}


def configurations(name: str) -> list[Configuration]:
    return [c for c, _ in read_problems(EXAMPLES / name, alpha=ALPHA.get(name))]


README = (EXAMPLES / "README.md").read_text(encoding="utf-8")
COMMANDS = rows(README)
OUTSIDE = [name for name in PINNED if name.startswith("outside-the-hypotheses-")]


def test_the_readme_names_every_file_and_no_other() -> None:
    assert set(COMMANDS) == examples()
    assert len(examples()) >= 12


def test_every_example_is_pinned() -> None:
    assert set(PINNED) == examples()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("| `face-limit.json` |", "| face-limit.json |"),
        ("| `face-limit.json` |", "| `tenths.json` |"),
        ("`hardmax run examples/face-limit.json`", "`hardmax run examples/tenths.json`"),
        ("`hardmax run examples/face-limit.json`", "`hardmax validate`"),
        ("`hardmax run examples/face-limit.json` |", "|"),
        ("| `face-limit.json` |", "| `cloud.csv` | x | `hardmax run examples/cloud.csv` |\n|"),
    ],
)
def test_a_wrong_row_is_seen(before: str, after: str) -> None:
    assert README.count(before) == 1
    with pytest.raises(ValueError, match=r"row of the table|something else|named twice"):
        rows(README.replace(before, after))


def test_a_missing_row_is_seen() -> None:
    lines = [line for line in README.splitlines() if not line.startswith("| `face-limit.json`")]
    assert examples() - set(rows("\n".join(lines))) == {"face-limit.json"}


@pytest.mark.parametrize("name", PINNED)
def test_findings(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The README's command ends as it should and finds what is pinned."""
    monkeypatch.chdir(ROOT)
    status = main([*COMMANDS[name], "--json"])
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert status == STATUS.get(name, 0)
    found = records(out)
    assert [Findings.of(record) for record in found] == PINNED[name]
    assert {record["file"] for record in found} == {f"examples/{name}"}


@pytest.mark.parametrize("name", PINNED)
def test_the_command_without_json(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(COMMANDS[name]) == STATUS.get(name, 0)
    assert f"examples/{name}" in capsys.readouterr().out


def test_a_wrong_pin_is_seen() -> None:
    """The comparison of the findings sees each of their fields."""
    (truth,) = PINNED["every-kind-of-limit.json"]
    wrong = [
        Findings(3, truth.leaders, truth.kinds, truth.rate),
        Findings(truth.settled_layer, {0: 0, 1: 0, 2: 0}, truth.kinds, truth.rate),
        Findings(truth.settled_layer, truth.leaders, "leader leader leader face", truth.rate),
        Findings(truth.settled_layer, truth.leaders, truth.kinds, ("3/4", 1)),
    ]
    (configuration,) = configurations("every-kind-of-limit.json")
    found = Findings.of(trusted(configuration))
    assert found == truth
    assert all(found != other for other in wrong)


@pytest.mark.parametrize("name", PINNED)
def test_only_the_files_that_say_so_fail_the_hypotheses(name: str) -> None:
    holds = [configuration.merged()[0].hypotheses.hold for configuration in configurations(name)]
    assert holds == [name not in OUTSIDE] * len(PINNED[name])


def trusted(configuration: Configuration) -> dict[str, Any]:
    """What the reference finds."""
    tokens, A = (
        [[fraction(x) for x in row] for row in block]
        for block in (configuration.tokens, configuration.A)
    )
    return reference(tokens, fraction(configuration.alpha), A)


@pytest.mark.parametrize("name", sorted(set(PINNED) - set(OUTSIDE) - BEYOND_THE_REFERENCE))
def test_every_field_equals_the_reference(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    main([*COMMANDS[name], "--json"])
    found = records(capsys.readouterr().out)
    wanted = [trusted(configuration) for configuration in configurations(name)]
    assert len(found) == len(wanted)
    for record, truth in zip(found, wanted, strict=True):
        assert {key: record[key] for key in truth} == truth


# ------------------------------------------------------------ what the README says beyond that


def settled(name: str) -> Settled:
    (configuration,) = configurations(name)
    result = settle(configuration.merged()[0])
    assert isinstance(result, Settled)
    return result


def points(limits: Sequence[Sequence[Any]]) -> list[tuple[Fraction, ...]]:
    return [tuple(map(fraction, limit)) for limit in limits]


def test_the_middles_of_two_sides_have_clusters_and_no_leaders() -> None:
    truth = settled("figure2-clusters-that-are-no-leaders.json").equilibrium()
    assert points(truth.limits)[4:6] == [(-1, 0), (1, 0)]
    assert truth.faces == {4: (2, 3), 5: (0, 1)}


def test_the_triangle_is_equilateral() -> None:
    configuration = settled("equilateral-triangle.json").configuration
    corners = configuration.tokens[:3]
    sides = []
    for x, y in ((0, 1), (1, 2), (2, 0)):
        side = [a - b for a, b in zip(corners[x], corners[y], strict=True)]
        sides.append(configuration.inner(side, side))
    assert sides == [6, 6, 6]
    half = Fraction(1, 2)
    limits = points(settled("equilateral-triangle.json").equilibrium().limits)
    assert limits[3:6] == [(-half, 0), (half, -half), (0, half)]


def test_copies_hold_the_film_where_it_is() -> None:
    (configuration,) = configurations("repeated-words.json")
    assert configuration.labels is not None
    film = configuration.labels.index("film")
    once = settle(Configuration([*dict.fromkeys(configuration.tokens)], configuration.alpha))
    assert points(settled("repeated-words.json").equilibrium().limits)[-1] == (0, 2)
    assert film == configuration.size - 1
    assert points(once.equilibrium().limits)[-1] == (-2, 2)


def test_moving_tie_attends_to_tokens_that_move() -> None:
    result = settled("moving-tie.json")
    assert result.pattern[4] == (2, 3)
    assert all(result.closed_form[i].moving for i in (2, 3))


def test_the_budget_decides() -> None:
    result = settle(configurations("beyond-the-budget.json")[0])
    assert "layer 114621, beyond the budget of 10000" in str(vars(result)["reason"])


def test_tenths_are_a_tie_that_binary64_breaks() -> None:
    run = simulation.compare(settled("tenths.json"))
    assert run.first_difference == simulation.Difference(0, 2, exact=(0, 1), observed=(0,))


def test_almost_a_tie_is_one_in_binary64() -> None:
    run = simulation.compare(settled("almost-a-tie.json"))
    assert run.first_difference == simulation.Difference(0, 2, exact=(0,), observed=(0, 1))
    assert run.distance == 2.0


def test_a_leader_is_lost_to_rounding() -> None:
    run = simulation.compare(settled("leader-lost-to-rounding.json"))
    assert run.first_difference == simulation.Difference(1, 2, exact=(2, 3), observed=(3,))
    assert run.lost_leaders == (simulation.LostLeader(token=2, layer=2),)
    assert run.distance is not None
    assert run.distance > 2.7
    spared = simulation.compare(settled("every-kind-of-limit.json"))
    assert (spared.first_difference, spared.lost_leaders) == (None, ())


def test_the_cloud_never_comes_to_rest_in_binary64() -> None:
    """A float state that comes back makes the run periodic, and its attention changes in it."""
    cloud = settled("cloud.csv")
    start = binary64.rounded(cloud.configuration)
    states = list(simulation.simulate(start.tokens, start.A, start.alpha, start.multiplicities, 93))
    assert states[91].tobytes() == states[93].tobytes() != states[92].tobytes()
    masks = [simulation.attention_mask(Z, start.A).tobytes() for Z in states]
    assert masks[91] != masks[92]
    assert cloud.layer == 3
