"""`hardmax map`: what it prints, how it ends, and how it fails."""

import json
import os
import signal
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import Invoke, command, environment, only, records

from checks.cli import map as command_map
from theory import Configuration, Undecided, settle
from theory.basins import Basins, Plane, Problem, settle_grid
from theory.basins.engine import PART
from theory.exact import rational
from theory.files.configurations import read_problems
from theory.settling import equilibrium_of

KINDS = {
    "tokens": [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]],
    "alpha": "1/3",
    "labels": ["up", "down", "right", "top", "mid"],
}
TIED = {"tokens": [[1, 0], [1, 0], [-1, 0], [0, 1]], "alpha": 1}
SPACE = {"tokens": [[1, 0, 2], [-1, 0, 2], [0, 1, 2], [0, -1, 1]], "alpha": 1}
LINE = {"tokens": [[2], [1], [-3]], "alpha": "1/2", "name": "three on a line"}
TURNING = {"tokens": [[1], [-1]], "gamma": "1", "A": [[-1]]}
OUTSIDE = {"tokens": [[1, 0], [0, 1], [-1, 1]], "alpha": 1, "A": [[1, 2], [2, 1]]}
SLOW = {"tokens": [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "alpha": "1/10"}

CASES: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "coordinates": (KINDS, ("--free", "4")),
    "a label": (KINDS, ("--free", "right", "--box", "-3,3,-5/2,3", "--resolution", "13x12")),
    "copies": (TIED, ("--free", "3", "--box", "-1,1,-1,1", "--resolution", "5")),
    "one coordinate": (KINDS, ("--free", "4", "--plane", "1", "--resolution", "9")),
    "other coordinates": (SPACE, ("--free", "3", "--plane", "1,2", "--box", "-2,2,-2,2")),
    "directions": (SPACE, ("--free", "3", "--along", "0,1,1/2;1,0,0", "--box", "-2,2,-2,2")),
    "a direction": (SPACE, ("--free", "3", "--along", "0,1,1/2", "--box=-2,2")),
    "a line": (LINE, ("--free", "1", "--resolution", "21")),
    "attention returns": (TURNING, ("--free", "0")),
    "no definite matrix": (OUTSIDE, ("--free", "2", "--resolution", "5")),
    "undecided": (SLOW, ("--free", "2", "--max-layers", "2", "--resolution", "9")),
}
"""Files and options."""


def put(name: str, content: Any) -> str:
    Path(name).write_text(json.dumps(content))
    return name


def decoded(told: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The three arrays of an object, run by run."""
    rows = []
    for runs in told["map"]:
        points = [tuple(at) for count, *at in runs for _ in range(count)]
        assert len(points) == told["plane"]["columns"]
        assert all(count > 0 for count, *_ in runs)
        assert all(a[1:] != b[1:] for a, b in pairwise(runs))
        rows.append(points)
    assert len(rows) == told["plane"]["rows"]
    ends, layers, company = np.array(rows).transpose(2, 0, 1)
    return ends, layers, company


def started(told: dict[str, Any], row: int, column: int) -> list[Any]:
    """Where the free token starts there, by the words of the format."""
    plane = told["plane"]
    point = [rational(x) for x in plane["origin"]]
    counts = (plane["columns"], plane["rows"])
    for at, direction, (low, high), count in zip(
        (column, row), plane["directions"], plane["box"], counts, strict=False
    ):
        factor = rational(low) + (rational(high) - rational(low)) * at / (count - 1)
        point = [x + factor * rational(p) for x, p in zip(point, direction, strict=True)]
    return point


def disagreements(told: dict[str, Any], every: int = 1) -> list[str]:
    """Where the object is not what `settle` says of a file with the token moved."""
    ends, layers, company = decoded(told)
    free, found = told["free"], []
    for place in range(0, ends.size, every):
        row, column = divmod(place, ends.shape[1])
        moved = json.loads(json.dumps(told["problem"]))
        moved["tokens"][free] = [str(x) for x in started(told, row, column)]
        Path("moved.json").write_text(json.dumps(moved))
        ((c, dynamics),) = read_problems("moved.json")
        answer = settle(c, dynamics=dynamics)
        end, layer, together = (int(x[row, column]) for x in (ends, layers, company))
        if end < 0 or isinstance(answer, Undecided):
            found += [f"{row}, {column}: undecided"]
            continue
        kind, leaders = (told["destinations"][end][key] for key in ("kind", "leaders"))
        here = (kind, leaders, layer, told["companies"][together])
        truth = equilibrium_of(answer)
        wanted: tuple[Any, ...] = ("none", [], answer.layer, [])
        if truth is not None:
            limit, others = truth.limits[free], [x.token for x in truth.leaders if x.token != free]
            there = [x.token for x in truth.leaders if x.position == limit]
            wanted_kind = truth.kinds[free] or "point"
            if wanted_kind in ("face", "point"):
                there = list(truth.faces.get(free, ()))
            wanted = (wanted_kind, there, answer.layer, others)
        if here != wanted:
            found += [f"{row}, {column}: {here}, not {wanted}"]
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_object_is_what_settle_says(hardmax: Invoke, name: str) -> None:
    content, options = CASES[name]
    file = put("c.json", content)
    small = () if "--resolution" in options else ("--resolution", "7")
    status, out, err = hardmax("map", file, *options, *small, "--json")
    told = only(out)
    assert [*told][:4] == ["file", "name", "problem", "free"]
    assert (told["file"], told["name"]) == (file, content.get("name"))
    ends, _, _ = decoded(told)
    assert told["undecided"] == (ends < 0).sum()
    points = [destination["points"] for destination in told["destinations"]]
    assert points == [(ends == k).sum() for k in range(len(points))]
    if name == "undecided":
        assert status == 3
        assert f"{told['undecided']} of 81 points are undecided" in err
        return
    assert (status, err, told["undecided"]) == (0, "", 0)
    assert disagreements(told, every=3) == []


def test_a_wrong_object_is_noticed(hardmax: Invoke) -> None:
    file = put("c.json", KINDS)
    _, out, _ = hardmax("map", file, "--free", "2", "--resolution", "5", "--json")
    told = only(out)
    assert disagreements(told) == []
    for wrong in (
        {**told, "map": told["map"][::-1]},
        {**told, "companies": told["companies"][::-1]},
        {**told, "destinations": told["destinations"][::-1]},
        {**told, "free": 1},
        {**told, "plane": {**told["plane"], "box": [["0", "1"], ["0", "1"]]}},
    ):
        assert disagreements(wrong) != []


def test_the_object_decodes_to_the_arrays(hardmax: Invoke) -> None:
    file = put("c.json", KINDS)
    options = ("--free", "1", "--box", "-3,3,-3,3", "--resolution", "40x30")
    told = only(hardmax("map", file, *options, "--json")[1])
    sides = tuple((rational(a), rational(b)) for a, b in told["plane"]["box"])
    axes = tuple(tuple(map(rational, p)) for p in told["plane"]["directions"])
    plane = Plane(tuple(map(rational, told["plane"]["origin"])), axes, sides, 30, 40)
    c = Configuration(KINDS["tokens"], "1/3")
    basins: Basins = settle_grid(Problem(c, 1, plane))
    for found, wanted in zip(
        decoded(told), (basins.ends, basins.layers, basins.company), strict=True
    ):
        assert np.array_equal(found, wanted)
    assert [d["leaders"] for d in told["destinations"]] == [
        [*d.leaders] for d in basins.destinations
    ]


def test_the_summary(hardmax: Invoke) -> None:
    file = put("c.json", KINDS)
    options = ("--free", "mid", "--box", "-2,2,-2,2", "--resolution", "5")
    status, out, err = hardmax("map", file, *options)
    assert (status, err) == (0, "")
    told = [" ".join(line.split()) for line in out.splitlines()]
    assert told[0] == "c.json"
    assert told[1] == "token mid (4) of 5 in dimension 2, α = 1/3"
    assert told[2] == "coordinate 0 from -2 to 2, coordinate 1 from -2 to 2: 5 × 5 points"
    assert any(line.startswith("goes to a point between up (0), down (1)") for line in told)


def test_a_limit_that_is_not_rational_is_not_denied(hardmax: Invoke) -> None:
    file = put("c.json", {"tokens": [[2, 1], [1, 0], [-3, 1]], "gamma": "1/(k^2+2)"})
    status, out, _ = hardmax("map", file, "--free", "1", "--resolution", "7")
    assert status == 0
    assert "has no limit that is told" in out
    assert "≈(1.808, 0.8079)" in hardmax("run", file)[1]


def test_a_map_for_each_step(hardmax: Invoke) -> None:
    file = put("c.json", KINDS)
    options = ("--animate", "alpha=1/10:4", "--frames", "3", "--free", "2", "--resolution", "5")
    status, out, _ = hardmax("map", file, *options, "--json")
    told = records(out)
    assert status == 0
    assert [x["problem"]["alpha"] for x in told] == ["1/10", "1", "4"]
    for x in told:
        assert x["problem"]["labels"] == KINDS["labels"]
        assert disagreements(x) == []
    status, out, _ = hardmax("map", file, *options)
    assert [out.count(f"α = {x}\n") for x in ("1/10", "1", "4")] == [1, 1, 1]


def test_a_table_has_its_step_from_an_option(hardmax: Invoke) -> None:
    Path("c.csv").write_text("2,0\n0,2\n1,1\n")
    options = ("c.csv", "--free", "2", "--resolution", "3", "--json")
    assert only(hardmax("map", *options, "--alpha", "1/2")[1])["problem"]["alpha"] == "1/2"
    assert len(records(hardmax("map", *options, "--animate", "alpha=1:2", "--frames", "2")[1])) == 2
    assert hardmax("map", *options)[0] == 2


def test_any_number_of_processes_prints_the_same(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content, size in ((KINDS, "130"), (OUTSIDE, "20")):
        file = put("c.json", content)
        options = ("map", file, "--free", "2", "--resolution", size, "--json", "--jobs")
        one, two = hardmax(*options, "1"), hardmax(*options, "2")
        assert one == two
        assert one[0] == 0
        monkeypatch.setattr(command_map, "SMALL", 0)
        assert hardmax(*options[:-1]) == one


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "no token": ((), "Missing option '--free'"),
    "a token beyond": (("--free", "5"), "--free 5: an index from 0 to 4 or the label of one token"),
    "no such label": (("--free", "left"), "--free left: an index"),
    "a negative token": (("--free=-1",), "--free -1: an index"),
    "not an index": (("--free", "1.0"), "--free 1.0: an index"),
    "an empty box": (("--free", "0", "--box", "1,1,0,1"), "--box 1,1,0,1: the box from 1 to 1"),
    "a box reversed": (("--free", "0", "--box", "0,1,1,0"), "the box from 1 to 0 is empty"),
    "half a box": (("--free", "0", "--box", "0,1"), "2 numbers; X0,X1,Y0,Y1 was wanted"),
    "a number": (("--free", "0", "--box", "1"), "--box 1: 1 number; X0,X1,Y0,Y1 was wanted"),
    "too short": (("--free", "0", "--along", "1"), "a direction of 1 number, where"),
    "no box": (("--free", "0", "--box", "a,b,c,d"), "'a' is not an exact number"),
    "no points": (("--free", "0", "--resolution", "0"), "0 as the number of columns"),
    "no rows": (("--free", "0", "--resolution", "9x0"), "0 as the number of rows; 2 or more"),
    "one point": (("--free", "0", "--resolution", "1"), "1 as the number of columns; 2 or more"),
    "too many points": (("--free", "0", "--resolution", "9999999"), "the most of one map"),
    "no number": (("--free", "0", "--resolution", "many"), "N or NxM was wanted"),
    "negative": (("--free", "0", "--resolution=-5"), "N or NxM was wanted"),
    "dependent": (("--free", "0", "--along", "1,2;2,4"), "linearly dependent"),
    "no direction": (("--free", "0", "--along", "0,0"), "the direction is 0"),
    "three directions": (("--free", "0", "--along", "1,0;0,1;1,1"), "3 directions"),
    "too long": (("--free", "0", "--along", "1,0,0;0,1,0"), "a direction of 3 numbers"),
    "one coordinate twice": (("--free", "0", "--plane", "0,0"), "linearly dependent"),
    "no coordinate": (("--free", "0", "--plane", "0,2"), "there is no coordinate 2"),
    "not coordinates": (("--free", "0", "--plane", "x,y"), "i,j was wanted"),
    "both": (("--free", "0", "--plane", "0,1", "--along", "1,0;0,1"), "exclude each other"),
    "frames of nothing": (("--free", "0", "--frames", "5"), "it is for --animate"),
    "one frame": (("--free", "0", "--animate", "alpha=1:2", "--frames", "1"), "'--frames'"),
    "no range": (("--free", "0", "--animate", "alpha=1"), "alpha=FROM:TO was wanted"),
    "another parameter": (("--free", "0", "--animate", "beta=1:2"), "alpha=FROM:TO was wanted"),
    "backwards": (("--free", "0", "--animate", "alpha=2:1"), "alpha from 2 to 1"),
    "two steps": (("--free", "0", "--animate", "alpha=1:2", "--alpha", "1"), "exclude each other"),
    "two kinds of steps": (("--free", "0", "--animate", "alpha=1:2", "--gamma", "1/2"), "gamma"),
    "too many maps": (
        ("--free", "0", "--animate", "alpha=1:2", "--frames", "200"),
        "200 maps of 160000 points",
    ),
    "another picture": (("--free", "0", "--plot", "m.pdf"), "m.pdf"),
    "over its input": (("--free", "0", "--plot", "c.json"), "that would overwrite c.json"),
    "a digit too many": (("--free", "0", "--box", f"0,{'9' * 20_001},0,1"), "20000 digits"),
    "a budget below 0": (("--free", "0", "--max-layers=-1"), "max-layers"),
    "jobs": (("--free", "0", "--jobs", "0"), "jobs"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_usage_is_one_line(hardmax: Invoke, name: str) -> None:
    options, words = BAD[name]
    file = put("c.json", KINDS)
    before = sorted(os.listdir())
    status, out, err = hardmax("map", file, *options)
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert sorted(os.listdir()) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"tokens": [[1]], "alpha": 1}\n{"tokens": [[1]], "alpha": 1}', "one configuration"),
        ('{"tokens": [], "alpha": 1}', "tokens"),
        ('{"tokens": [[1]], "layers": [{"alpha": 1}]}', "the layers end"),
        ('{"tokens": [[1], [2]], "alpha": 1, "labels": ["a", "a"]}', "tokens 0, 1 are called that"),
        ("", "the file is empty"),
    ],
)
def test_a_bad_file_is_one_line(hardmax: Invoke, content: str, words: str) -> None:
    Path("c.jsonl").write_text(content)
    status, out, err = hardmax("map", "c.jsonl", "--free", "a" if "labels" in content else "0")
    assert (status, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_long_numbers_are_settled(hardmax: Invoke) -> None:
    huge = {"tokens": [[10**300, 1], [1, 10**300], [-(10**300), -7]], "alpha": "1/3"}
    told = only(
        hardmax("map", put("c.json", huge), "--free", "2", "--resolution", "5", "--json")[1]
    )
    assert disagreements(told) == []


def test_standard_input(hardmax: Invoke) -> None:
    status, out, _ = hardmax(
        "map", "-", "--free", "1", "--resolution", "3", stdin=json.dumps(LINE).encode()
    )
    assert status == 0
    assert out.startswith("three on a line (standard input)\n")


def test_no_worker_is_left_by_one_that_is_killed(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> Any:
        from checks.campaigns.pool import EndedError

        raise EndedError

    monkeypatch.setattr(command_map, "ordered_map", killed)
    status, out, err = hardmax("map", put("c.json", KINDS), "--free", "0")
    assert (status, out) == (2, "")
    assert err == (
        "hardmax: a worker process ended before its work did: it was killed, or memory ran out\n"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = command("map", put("c.json", KINDS), "--free", "0", "--json")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            arguments,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "hardmax: cannot write the output: No space left on device\n"


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes and signals")
def test_a_closed_pipe_and_an_interrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = put("c.json", KINDS)
    with subprocess.Popen(
        command("map", file, "--free", "0", "--json"), env=environment(), stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.wait() == 141
    monkeypatch.setattr(command_map, "ordered_map", interrupted)
    from checks.cli import main

    assert main(["map", file, "--free", "0"]) == 128 + signal.SIGINT


def interrupted(function: Any, works: Any, jobs: int) -> Any:
    yield function(next(iter(works)))
    raise KeyboardInterrupt


def test_an_interrupt_tells_how_far_it_was(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_map, "ordered_map", interrupted)
    status, out, err = hardmax("map", put("c.json", KINDS), "--free", "0")
    assert (status, out) == (130, "")
    assert err == f"hardmax: interrupted after {PART} of 160000 points\n"
