"""`hardmax run`: what it prints, how it ends, and how it fails."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from commands import Invoke, command, environment, only, records
from reference import brute_layer, brute_pattern, merge

from checks.cli import application, run
from checks.cli.terminal import ELSEWHERE, Status
from theory import HardmaxError, Settled

ROOT = Path(__file__).resolve().parents[2]

KEYS = [
    "file",
    "name",
    "settled_layer",
    "leaders",
    "limits",
    "kinds",
    "faces",
    "clusters",
    "attention",
    "rate",
    "hypotheses",
]

FACE = {"tokens": [[2, 2], [-2, 2], [0, 1]], "alpha": "1/2"}
WORDS = {"tokens": [[1], [2], [1], [2]], "alpha": 1, "labels": ["a", "b", "a", "b"]}
SLOW = {"tokens": [[-2, 0], [-2, 1], [-1, -1]], "alpha": "1/200"}
DIVERGING = {"tokens": [[1, 1], [1, 0]], "alpha": "-1/2", "A": [[0, 1], [0, 0]]}


def put(name: str, *values: Any) -> str:
    """A file in the working folder with the values, one a line."""
    Path(name).write_text("".join(json.dumps(value) + "\n" for value in values))
    return name


# ------------------------------------------------------------------------------- findings


def test_outputs_spare_inputs_and_each_other(hardmax: Invoke, tmp_path: Path) -> None:
    path = put("c.json", FACE)
    before = Path(path).read_bytes()
    link = tmp_path / "link.json"
    link.symlink_to(path)
    both = str(tmp_path / "both.svg")
    for arguments in (
        ("--certificate", path),
        ("--certificate", str(link)),
        ("--certificate", both, "--plot", both),
    ):
        status, out, err = hardmax("run", path, *arguments)
        assert (status, out) == (2, "")
        assert "would overwrite" in err
        assert err.count("\n") == 1
    assert Path(path).read_bytes() == before
    assert not Path(both).exists()


FOREIGN = {
    ("--certificate", "a.json"): [b"[1]", b"{", b'{"format": "notes"}', b"[" * 10**5, b"\xff"],
    ("--plot", "a.svg"): [
        b"<svg/>",
        b"<svg>" + b" " * 5000 + b"<dc:title>hardmax</dc:title></svg>",
    ],
    ("--plot", "a.png"): [b"\x89PNG", b"hardmax"],
    ("--plot", "a.html"): [b"<html>hardmax</html>"],
}
"""Files that others may have, where a command is asked to write its own."""


@pytest.mark.parametrize(("option", "name"), FOREIGN)
def test_what_others_made_is_replaced_by_force_only(
    hardmax: Invoke, tmp_path: Path, option: str, name: str
) -> None:
    (tmp_path / "in.json").write_text(json.dumps(FACE))
    command, file = ("run", "in.json", "--json", option, name), tmp_path / name
    for content in FOREIGN[option, name]:
        file.write_bytes(content)
        words = (
            f"hardmax: {option} {name}: hardmax did not make what is there; --force replaces it\n"
        )
        assert hardmax(*command) == (2, "", words)
        assert file.read_bytes() == content
    assert hardmax(*command, "--force")[0] == 0
    made = file.read_bytes()
    for again in (made, b""):
        file.write_bytes(again)
        assert hardmax(*command)[0] == 0
        assert file.read_bytes() == made
    file.unlink()
    file.symlink_to("nowhere")
    assert hardmax(*command)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.json", name])


def test_a_certificate_of_long_numbers_is_ones_own(hardmax: Invoke, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps(FACE))
    long = b'{"format": "hardmax-certificate", "tokens": [[' + b"7" * 5000 + b"]]}"
    (tmp_path / "a.json").write_bytes(long)
    assert hardmax("run", "in.json", "--json", "--certificate", "a.json")[0] == 0
    (tmp_path / "a.json").write_bytes(long.replace(b"hardmax", b"softmax"))
    assert hardmax("run", "in.json", "--json", "--certificate", "a.json")[0] == 2


def test_the_streams_of_the_process_are_written_to(tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text(json.dumps(FACE))
    (tmp_path / "out").write_text("what was there\n")
    with (tmp_path / "out").open("ab") as out:
        options = ("--json", "--certificate", "/dev/stdout")
        subprocess.run(
            [sys.executable, "-m", "checks", "run", "in.json", *options],
            cwd=tmp_path, env=environment(), stdout=out, check=True,
        )  # fmt: skip
    lines = (tmp_path / "out").read_text().splitlines()
    assert lines[0] == "what was there"
    assert json.loads(lines[1])["format"] == "hardmax-certificate"
    assert json.loads(lines[2])["file"] == "in.json"


EMPTY = {
    "run in.json --plot=": "--plot",
    "run in.json --certificate=": "--certificate",
    "validate --store= --seed 1": "--store",
    "validate --report= --seed 1": "--report",
    "refute settling --report=": "--report",
    "sentiment data --cache= rotten-tomatoes": "--cache",
}


@pytest.mark.parametrize(("words", "option"), EMPTY.items())
def test_a_path_without_a_name_is_refused(hardmax: Invoke, words: str, option: str) -> None:
    status, out, err = hardmax(*words.split())
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert f"Invalid value for '{option}': it is empty; a path was wanted" in err


GONE = {
    "run FILE": (0, ""),
    "run FILE --json --plot a.svg": (2, "the current folder is no longer there"),
    "run a.json": (2, "the current folder is no longer there"),
    "check a.json": (2, "a.json: No such file or directory"),
    "validate --seed 1 --examples 3": (2, "the current folder is no longer there"),
    "claims": (2, "the current folder is no longer there"),
}


@pytest.mark.parametrize("words", GONE)
def test_a_folder_that_was_removed(tmp_path: Path, words: str) -> None:
    (tmp_path / "in.json").write_text(json.dumps(FACE))
    (tmp_path / "gone").mkdir()
    arguments = words.replace("FILE", str(tmp_path / "in.json")).split()
    program = f"""
import os, sys
from checks.cli import main
os.rmdir(os.getcwd())
sys.exit(main({arguments!r}))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "gone", env=environment(),
        capture_output=True, text=True,
    )  # fmt: skip
    status, told = GONE[words]
    assert (done.returncode, done.stderr.count("\n")) == (status, int(status != 0)), done.stderr
    assert told in done.stderr


def test_the_object_of_a_face_limit(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", {**FACE, "name": "roof"}), "--json")
    assert (status, err) == (0, "")
    assert out.count("\n") == 1
    assert list(only(out)) == KEYS
    assert only(out) == {
        "file": "c.json",
        "name": "roof",
        "settled_layer": 0,
        "leaders": [
            {"token": 0, "since_layer": 0, "position": ["2", "2"]},
            {"token": 1, "since_layer": 0, "position": ["-2", "2"]},
        ],
        "limits": [["2", "2"], ["-2", "2"], ["0", "2"]],
        "kinds": ["leader", "leader", "face"],
        "faces": {"2": [0, 1]},
        "clusters": [[0], [1], [2]],
        "attention": [[0], [1], [0, 1]],
        "rate": {"base": "2/3", "degree": 0},
        "hypotheses": {
            "nonzero": True,
            "distinct": True,
            "positive_definite": True,
            "positive_step": True,
        },
    }


def test_copies_are_merged_and_the_user_is_told(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", WORDS), "--json")
    assert status == 0
    assert err.splitlines() == [
        "c.json: 4 tokens stand at 2 places and are merged into them "
        "(--keep-copies leaves them apart)"
    ]
    record = only(out)
    assert record["hypotheses"]["distinct"] is True
    assert [leader["token"] for leader in record["leaders"]] == [1, 3]
    assert record["kinds"] == ["vertex", "leader", "vertex", "leader"]
    assert record["attention"] == [[1, 3]] * 4
    assert record["clusters"] == [[0, 1, 2, 3]]
    assert record["limits"] == [["2"]] * 4


def test_copies_kept_do_not_lead(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", WORDS), "--json", "--keep-copies")
    assert status == 0
    assert err.splitlines() == [
        "c.json: outside the theorem's hypotheses: repeated tokens are kept apart"
    ]
    record = only(out)
    assert record["hypotheses"]["distinct"] is False
    assert record["leaders"] == []
    assert record["kinds"] == [None] * 4
    assert record["attention"] == [[1, 3]] * 4
    assert record["limits"] == [["2"]] * 4


def test_faces_list_every_copy(hardmax: Invoke) -> None:
    copies = {"tokens": [[0, 1], [2, 2], [0, 1], [-2, 2], [2, 2], [-2, 2]], "alpha": 1}
    _, out, _ = hardmax("run", put("c.json", copies), "--json")
    assert only(out)["faces"] == {"0": [1, 3, 4, 5], "2": [1, 3, 4, 5]}
    assert only(out)["clusters"] == [[0, 2], [1, 4], [3, 5]]


def test_nothing_moves(hardmax: Invoke) -> None:
    _, out, _ = hardmax("run", put("c.json", {"tokens": [[1], [-1]], "alpha": 1}), "--json")
    assert only(out)["rate"] is None
    assert only(out)["settled_layer"] == 0


# A configuration outside (H), the hypothesis that fails, and the words about it.
OUTSIDE = {
    "zero token": (
        {"tokens": [[1], [0], [2]], "alpha": 1},
        "nonzero",
        "zero tokens {1}",
    ),
    "indefinite": (
        {"tokens": [[1, 0], [0, 1]], "alpha": 1, "A": [[1, 0], [0, -1]]},
        "positive_definite",
        "A is not symmetric positive definite",
    ),
    "not symmetric": (
        {"tokens": [[1, 0]], "alpha": 1, "A": [[1, 1], [0, 1]]},
        "positive_definite",
        "A is not symmetric positive definite: A[0][1] = 1 and A[1][0] = 0 differ by 1",
    ),
    "symmetric but for rounding": (
        {
            "tokens": [[1, 0, 0]],
            "alpha": 1,
            "A": [[1, "0.3", "0.1"], ["0.30000000000000004", 1, 0], ["0.10000000000000001", 0, 1]],
        },
        "positive_definite",
        "A is not symmetric positive definite: symmetric but for rounding, A[0][1] = 3/10 and "
        "A[1][0] = 0.30000000000000004 differ by 4e-17, the most of 2 such pairs",
    ),
    "no step": ({"tokens": [[1], [2]], "alpha": 0}, "positive_step", "alpha = 0 is not positive"),
    "backwards": (
        {"tokens": [[1]], "alpha": "-1/2"},
        "positive_step",
        "alpha = -1/2 is not positive",
    ),
}


@pytest.mark.parametrize(("value", "hypothesis", "words"), OUTSIDE.values(), ids=OUTSIDE)
def test_failing_hypotheses_are_named(
    hardmax: Invoke, value: Any, hypothesis: str, words: str
) -> None:
    status, out, err = hardmax("run", put("c.json", value), "--json")
    assert status == 0
    assert err == f"c.json: outside the theorem's hypotheses: {words}\n"
    hypotheses = only(out)["hypotheses"]
    assert [name for name, holds in hypotheses.items() if not holds] == [hypothesis]


def test_several_failing_hypotheses_are_one_line(hardmax: Invoke) -> None:
    value = {"tokens": [[0], [0]], "alpha": 0, "A": [[0]]}
    _, _, err = hardmax("run", put("c.json", value), "--keep-copies")
    assert err.count("\n") == 1
    assert err.count(";") == 3


def test_undecided_is_status_three(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", SLOW), "--json", "--max-layers", "230")
    assert status == 3
    assert err == "c.json: undecided: the pattern changes at layer 231, beyond the budget of 230\n"
    record = only(out)
    assert list(record) == KEYS
    assert all(record[key] is None for key in KEYS[2:-1])
    assert all(record["hypotheses"].values())


def test_decided_within_the_budget(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", SLOW), "--json", "--max-layers", "231")
    assert (status, err) == (0, "")
    assert only(out)["settled_layer"] == 231


def test_settled_without_limits_is_status_three(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put("c.json", DIVERGING), "--json", "--numerics")
    assert status == 3
    assert err.splitlines()[-1].startswith("c.json: settled at layer 0, and no limit")
    record = only(out)
    assert record["settled_layer"] == 0
    assert record["attention"] == [[0], [0]]
    assert all(record[key] is None for key in ("leaders", "limits", "kinds", "faces", "clusters"))
    assert record["rate"] is None
    assert record["numerics"]["binary64"]["distance"] is None


def test_one_undecided_of_many_is_status_three(hardmax: Invoke) -> None:
    many = put("c.jsonl", FACE, SLOW, FACE)
    status, out, err = hardmax("run", many, "--json", "--max-layers", "5")
    assert status == 3
    assert [record["settled_layer"] for record in records(out)] == [0, None, 0]
    assert err.startswith("c.jsonl (2): undecided")
    status, out, err = hardmax("run", many, "--json")
    assert (status, err) == (0, "")


def test_files_in_order(hardmax: Invoke) -> None:
    np.save("b.npy", np.array([[0.1, 0.0], [0.0, 1.0]]))
    Path("c.csv").write_text("0.1,0\n0,1\n")
    Path("A.json").write_text("[[2, 1], [1, 2]]")
    a = put("a.jsonl", FACE, {**FACE, "alpha": 1})
    status, out, _ = hardmax("run", a, "--json")
    assert [record["rate"]["base"] for record in records(out)] == ["2/3", "1/2"]
    status, out, _ = hardmax(
        "run", a, "b.npy", "c.csv", "--alpha", "1/3", "--matrix", "A.json", "--json"
    )
    assert status == 0
    found = records(out)
    assert [record["file"] for record in found] == ["a.jsonl", "a.jsonl", "b.npy", "c.csv"]
    assert [record["rate"]["base"] for record in found] == ["3/4"] * 4
    assert found[2]["limits"][0] == found[3]["limits"][0] == ["0", "1"]


def test_binary64_is_taken_exactly(hardmax: Invoke) -> None:
    np.save("b.npy", np.array([[0.1]]))
    Path("c.csv").write_text("0.1\n")
    _, out, _ = hardmax("run", "b.npy", "c.csv", "--alpha", "1", "--json")
    exact, decimal = records(out)
    assert exact["limits"] == [["3602879701896397/36028797018963968"]]
    assert decimal["limits"] == [["1/10"]]


# ------------------------------------------------------------------------------ trajectory


def brute_trajectory(value: dict[str, Any], layers: int) -> Iterator[dict[str, Any]]:
    """The layers by the definition, merged, and spread out to the tokens again."""
    tokens = [[Fraction(x) for x in token] for token in value["tokens"]]
    places, weights, place_of = merge(tokens)
    A, alpha = value.get("A"), Fraction(value["alpha"])
    for _ in range(layers + 1):
        pattern = brute_pattern(places, weights, A)
        yield {
            "tokens": [[str(x) for x in places[p]] for p in place_of],
            "attention": [
                [other for other, q in enumerate(place_of) if q in pattern[p]] for p in place_of
            ],
        }
        places = brute_layer(places, weights, A, alpha)


TRAJECTORIES = {
    "face": (FACE, 6, ()),
    "words": (WORDS, 4, ()),
    "slow": (SLOW, 240, ()),
    "no limits": (DIVERGING, 9, ()),
    "undecided": (SLOW, 30, ("--max-layers", "5")),
    "layer 0": (FACE, 0, ()),
}


@pytest.mark.parametrize(("value", "layers", "options"), TRAJECTORIES.values(), ids=TRAJECTORIES)
def test_trajectory(
    hardmax: Invoke, value: dict[str, Any], layers: int, options: tuple[str, ...]
) -> None:
    path = put("c.json", value)
    _, out, _ = hardmax("run", path, "--json", "--layers", str(layers), *options)
    record = only(out)
    assert list(record) == [*KEYS, "trajectory"]
    assert record["trajectory"] == list(brute_trajectory(value, layers))


def test_trajectory_in_text(hardmax: Invoke) -> None:
    path = put("c.json", FACE)
    _, out, _ = hardmax("run", path, "--layers", "2")
    table = out[out.index("attends to") :]
    assert "(0, 4/3)" in table
    assert "(0, 14/9)" in table
    assert "{0, 1}" in table
    assert "(0, 46/27)" not in table
    assert "attends to" not in hardmax("run", path)[1]


# -------------------------------------------------------------------------------- numerics


def test_numerics(hardmax: Invoke) -> None:
    moving = {"tokens": [[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]], "alpha": "1/2"}
    path = put("c.json", moving)
    status, out, err = hardmax("run", path, "--json", "--numerics")
    assert (status, err) == (0, "")
    assert list(only(out)) == [*KEYS, "numerics"]
    assert list(only(out)["numerics"]) == ["binary64"]
    difference = only(out)["numerics"]["binary64"]["first_difference"]
    assert (difference["token"], difference["exact"]) == (4, [2, 3])
    _, out, _ = hardmax("run", path, "--json", "--numerics", "--beta", "10")
    assert list(only(out)["numerics"]) == ["binary64", "softmax"]
    assert only(out)["numerics"]["softmax"]["beta"] == "10"
    assert only(hardmax("run", path, "--json", "--beta", "10")[1]) == only(out)
    assert "numerics" not in only(hardmax("run", path, "--json")[1])
    _, out, _ = hardmax("run", path, "--beta", "1/10")
    assert "binary64, 200 layers" in out
    assert "β = 1/10" in out


def test_numerics_count_tokens_as_the_input_does(hardmax: Invoke) -> None:
    """The follower's place is number 1, its tokens are 1, 2 and 3; the leader's are 0 and 4."""
    value = {"tokens": [[1], ["1/2"], ["1/2"], ["1/2"], [1]], "alpha": 1}
    _, out, _ = hardmax("run", put("c.json", value), "--json", "--numerics")
    run = only(out)["numerics"]["binary64"]
    assert run["first_difference"]["token"] == 0
    assert run["first_difference"]["exact"] == [0, 4]
    assert run["first_difference"]["observed"] == [0, 1, 2, 3, 4]
    assert [leader["token"] for leader in run["lost_leaders"]] == [0, 4]


def test_numerics_of_numbers_beyond_binary64(hardmax: Invoke) -> None:
    path = put("c.json", {"tokens": [["1e400"], [1]], "alpha": 1})
    status, out, _ = hardmax("run", path, "--json", "--numerics", "--beta", "1")
    assert status == 0
    assert "binary64" in only(out)["numerics"]["binary64"]["failure"]
    status, out, _ = hardmax("run", path, "--numerics", "--beta", "1")
    assert status == 0
    assert "not representable" in out


def test_no_numerics_without_an_exact_result(hardmax: Invoke) -> None:
    path = put("c.json", SLOW)
    status, out, _ = hardmax("run", path, "--json", "--numerics", "--max-layers", "1")
    assert status == 3
    assert only(out)["numerics"] is None
    assert hardmax("run", path, "--numerics", "--max-layers", "1")[0] == 3


# ------------------------------------------------------------------------------------ text


def test_text_is_worth_reading(hardmax: Invoke) -> None:
    value = {**FACE, "name": "roof", "labels": ["sun", "rain", "mist"]}
    status, out, err = hardmax("run", put("c.json", value))
    assert (status, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert out.startswith("roof (c.json)\n3 tokens in dimension 2, α = 1/2\n")
    assert "settled at layer 0: 2 leaders, 3 clusters, slowest term (2/3)^t\n" in out
    assert ["0", "sun", "(2,", "2)", "(2,", "2)", "leader", "since", "layer", "0", "1"] in lines
    assert ["2", "mist", "(0,", "1)", "(0,", "2)", "face", "on", "face", "{0,", "1}", "3"] in lines


def test_text_shows_the_matrix_unless_it_is_the_identity(hardmax: Invoke) -> None:
    _, out, _ = hardmax("run", put("c.json", {**FACE, "A": [[2, 1], [1, 2]]}))
    assert "A = [2, 1; 1, 2]" in out
    _, out, _ = hardmax("run", put("c.json", {**FACE, "A": [[1, 0], [0, 1]]}))
    assert "A" not in out


def test_text_names_the_degree_of_resonance(hardmax: Invoke) -> None:
    moving = {"tokens": [[3, 2, 0], [-3, 2, 0], [1, 2, 1], [-1, 2, 1], [0, 1, 0]], "alpha": "1/2"}
    assert "slowest term (2/3)^t t\n" in hardmax("run", put("c.json", moving))[1]


def test_text_of_what_is_not_certified(hardmax: Invoke) -> None:
    _, out, _ = hardmax("run", put("c.json", SLOW), "--max-layers", "5")
    assert "undecided: nothing is certified" in out
    assert "limit" not in out
    _, out, _ = hardmax("run", put("c.json", DIVERGING))
    assert "settled at layer 0; the tokens have no limits" in out
    assert "attends to" in out
    _, out, _ = hardmax("run", put("c.json", WORDS), "--keep-copies")
    assert "none" in out


def test_long_numbers_are_rounded_in_text_only(hardmax: Invoke) -> None:
    np.save("c.npy", np.array([[1 / 3, 2.0]]))
    _, out, _ = hardmax("run", "c.npy", "--alpha", "1")
    assert "≈(0.3333, 2)" in out
    assert "--json has everything" in out
    assert "6004799503160661" not in out
    _, out, _ = hardmax("run", "c.npy", "--alpha", "1", "--json")
    assert only(out)["limits"] == [["6004799503160661/18014398509481984", "2"]]
    Path("c.csv").write_text("1/3,2\n")
    _, out, _ = hardmax("run", "c.csv", "--alpha", "1")
    assert "(1/3, 2)" in out
    assert "≈" not in out
    assert "--json" not in out


def test_huge_and_tiny_numbers_in_text(hardmax: Invoke) -> None:
    _, out, _ = hardmax("run", put("c.json", {"tokens": [["1e9999", "1e-9999"]], "alpha": 1}))
    assert "≈(1e+9999, 1e-9999)" in out


def test_many_tokens_and_coordinates_are_cut_in_text_only(hardmax: Invoke) -> None:
    rng = np.random.default_rng(0)
    np.save("c.npy", rng.integers(-3, 4, size=(60, 8)) + np.arange(60)[:, None])
    _, out, _ = hardmax("run", "c.npy", "--alpha", "1", "--layers", "0")
    assert "… and 20 more tokens" in out
    assert "…)" in out
    assert sum(line.split()[:1] == ["39"] for line in out.splitlines()) == 2
    assert not any(line.split()[:1] == ["40"] for line in out.splitlines())
    _, out, _ = hardmax("run", "c.npy", "--alpha", "1", "--json")
    assert len(only(out)["limits"]) == 60
    np.save("c.npy", np.eye(40, 6, dtype=int))
    assert "…" not in hardmax("run", "c.npy", "--alpha", "1", "--keep-copies")[1]


def test_names_and_labels_cannot_command_the_terminal(hardmax: Invoke) -> None:
    value = {**FACE, "name": "a\x1b[2J\nb", "labels": ["[bold]x[/bold]", "\x1b]0;t\x07", "\u202e"]}
    _, out, _ = hardmax("run", put("c.json", value))
    assert out.startswith("a\\x1b[2J b (c.json)\n")
    assert "[bold]x[/bold]" in out
    assert "\\x1b]0;t\\x07" in out
    assert "\\u202e" in out
    assert "\x1b" not in out
    _, out, _ = hardmax("run", put("c.json", value), "--json")
    assert only(out)["name"] == "a\x1b[2J\nb"


def test_json_is_ascii(hardmax: Invoke) -> None:
    _, out, _ = hardmax("run", put("ß.json", {**FACE, "name": "Größe 日本"}), "--json")
    assert out.isascii()
    assert (only(out)["file"], only(out)["name"]) == ("ß.json", "Größe 日本")


# ------------------------------------------------------------------------------------ plots


def plots(monkeypatch: pytest.MonkeyPatch, drawn: list[tuple[Settled, Path]]) -> None:
    """Let the drawing only record what it is asked to draw."""
    module = ModuleType("theory.pictures.figures")
    monkeypatch.setattr(
        module, "draw_configuration", lambda *x, **_: drawn.append(x), raising=False
    )
    monkeypatch.setitem(sys.modules, "theory.pictures.figures", module)
    monkeypatch.setitem(sys.modules, "matplotlib", ModuleType("matplotlib"))


@pytest.mark.parametrize("name", ["figure.svg", "figure.PNG"])
def test_plot(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    drawn: list[tuple[Settled, Path]] = []
    plots(monkeypatch, drawn)
    status, out, err = hardmax("run", put("c.json", FACE), "--json", "--plot", name)
    assert (status, err) == (0, "")
    assert only(out)["settled_layer"] == 0
    ((settled, path),) = drawn
    assert isinstance(settled, Settled)
    assert path == Path(name)


def test_real_plot(hardmax: Invoke) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("theory.pictures.figures")
    status, _, err = hardmax("run", put("c.json", FACE), "--plot", "figure.svg")
    assert (status, err) == (0, "")
    assert "<svg" in Path("figure.svg").read_text()
    status, _, err = hardmax("run", "c.json", "--plot", "figure.png")
    assert (status, err) == (0, "")
    assert Path("figure.png").read_bytes().startswith(b"\x89PNG")


def test_plot_that_cannot_be_written(hardmax: Invoke) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("theory.pictures.figures")
    status, out, err = hardmax("run", put("c.json", FACE), "--plot", "no/figure.svg")
    assert (status, out) == (2, "")
    assert err == "hardmax: cannot write no/figure.svg: No such file or directory\n"


@pytest.mark.parametrize(
    ("values", "name", "cause"),
    [
        ([FACE], "figure.pdf", "a .svg, .png or .html file was wanted"),
        ([FACE], "figure", "a .svg, .png or .html file was wanted"),
        ([FACE, FACE], "figure.svg", "one configuration was wanted, not 2"),
    ],
)
def test_plot_refused(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, values: list[Any], name: str, cause: str
) -> None:
    drawn: list[tuple[Settled, Path]] = []
    plots(monkeypatch, drawn)
    status, out, err = hardmax("run", put("c.jsonl", *values), "--plot", name)
    assert (status, out, drawn) == (2, "", [])
    assert err == f"hardmax: --plot {name}: {cause}\n"
    assert not Path(name).exists()


def test_plot_without_matplotlib(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    status, out, err = hardmax("run", put("c.json", FACE), "--plot", "figure.svg")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "matplotlib" in err
    assert "pip install 'hardmax-theory[report]'" in err


@pytest.mark.parametrize("value", [SLOW, DIVERGING], ids=["undecided", "no limits"])
def test_plot_of_what_is_not_certified(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, value: Any
) -> None:
    drawn: list[tuple[Settled, Path]] = []
    plots(monkeypatch, drawn)
    path = put("c.json", value)
    status, _, err = hardmax("run", path, "--plot", "figure.svg", "--max-layers", "5")
    assert (status, drawn) == (3, [])
    assert "figure.svg is not written" in err


# ------------------------------------------------------------------------------- bad input


# Arguments after `run`, beside the files below, and what the one line has to hold.
BAD = {
    "missing file": (["none.json"], "none.json: No such file or directory"),
    "a folder": (["folder"], "folder: Is a directory"),
    "bad number": (["zero.json"], "zero.json: tokens[0][0]: '1/0' divides by zero"),
    "bad line": (["lines.jsonl"], "lines.jsonl: line 2: alpha is missing"),
    "ragged": (["ragged.csv", "--alpha", "1"], "ragged.csv: line 2: 1 number; 2 were wanted"),
    "header": (["header.csv", "--alpha", "1"], "header.csv: line 1: 0,1 may be a header or a tok"),
    "no header": (
        ["good.csv", "--alpha", "1", "--columns", "x"],
        "good.csv: there is no column 'x'",
    ),
    "header for JSON": (["good.json", "--no-header"], "--header: only tables have one"),
    "columns for JSON": (["good.json", "--columns", "0"], "--columns 0: only tables and arrays"),
    "unknown format": (["good.json", "--format", "xml"], "'xml' is not one of"),
    "no alpha": (["good.csv"], "good.csv: a .csv file does not state alpha"),
    "alpha = -1": (["good.csv", "--alpha", "-1"], "good.csv: alpha = -1"),
    "alpha 1/0": (["good.csv", "--alpha", "1/0"], "alpha: '1/0' divides by zero"),
    "alpha a word": (["good.csv", "--alpha", "x"], "alpha: 'x' is not an exact number"),
    "matrix for JSON": (["good.json", "--matrix", "good.csv"], "good.json: A has 1 row"),
    "missing matrix": (["good.csv", "--alpha", "1", "--matrix", "A.csv"], "A.csv: No such file"),
    "matrix of wrong shape": (
        ["good.csv", "--alpha", "1", "--matrix", "good.csv"],
        "good.csv: A has 1 row; tokens of dimension 2 want 2",
    ),
    "beta 0": (["good.json", "--beta", "0"], "beta = 0"),
    "beta a word": (["good.json", "--numerics", "--beta", "hot"], "beta: 'hot'"),
    "no file": ([], "Missing argument 'FILE'"),
    "unknown option": (["good.json", "--certified"], "--certified"),
    "negative layers": (["good.json", "--layers", "-1"], "--layers"),
    "layers a word": (["good.json", "--layers", "two"], "--layers"),
    "negative budget": (["good.json", "--max-layers", "-1"], "--max-layers"),
    "no value": (["good.json", "--layers"], "--layers"),
}


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
@pytest.mark.parametrize(("arguments", "cause"), BAD.values(), ids=BAD)
def test_bad_input_is_one_line_and_status_two(
    hardmax: Invoke, form: list[str], arguments: list[str], cause: str
) -> None:
    put("good.json", FACE)
    put("zero.json", {"tokens": [["1/0"]], "alpha": 1})
    put("lines.jsonl", FACE, {"tokens": [[1]]})
    Path("good.csv").write_text("1,2\n")
    Path("ragged.csv").write_text("1,2\n3\n")
    Path("header.csv").write_text("0,1\n1,2\n")
    Path("folder").mkdir()
    before = sorted(Path().iterdir())
    status, out, err = hardmax("run", *form, *arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("hardmax")
    assert cause in err
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("arguments", [[], ["walk"], ["--walk"], ["run", "--walk"]])
def test_bad_usage_points_to_help(hardmax: Invoke, arguments: list[str]) -> None:
    status, out, err = hardmax(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "--help')" in err


def test_internal_errors_are_one_line(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def settle(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("x\ny")

    monkeypatch.setattr(run, "settle", settle)
    status, out, err = hardmax("run", put("c.json", FACE))
    assert (status, out) == (Status.INTERNAL_ERROR, "")
    assert err == "hardmax: internal error: ZeroDivisionError: x y\n"


def test_misuse_found_late_is_status_two(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def settle(*_: Any, **__: Any) -> None:
        raise HardmaxError("not today")

    monkeypatch.setattr(run, "settle", settle)
    assert hardmax("run", put("c.json", FACE)) == (2, "", "hardmax: not today\n")


def test_help_states_the_exit_statuses(hardmax: Invoke) -> None:
    status, out, err = hardmax("--help")
    assert (status, err) == (0, "")
    listed = [line.split() for line in out[out.index("Exit status:") :].splitlines()[1:]]
    assert [int(first) for first, *_ in listed if first.isdigit()] == sorted(Status)
    assert all(len(words) > 1 or not words[0].isdigit() for words in listed)


@pytest.mark.parametrize("command", application.COMMANDS)
def test_help_of_a_command_tells_where_they_are(hardmax: Invoke, command: str) -> None:
    status, out, err = hardmax(command, "--help")
    assert (status, err) == (0, "")
    assert out.splitlines()[-1].strip() == ELSEWHERE
    assert "Exit status:" not in out
    assert "<list" not in out


def test_version(hardmax: Invoke) -> None:
    status, out, err = hardmax("--version")
    assert (status, err) == (0, "")
    assert out.split()[0] == "hardmax"
    assert len(out.split()) > 1


# ----------------------------------------------------------- processes, pipes and signals


STRICT = environment(PYTHONWARNINGS="error")


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=options.pop("env", STRICT),
        encoding="utf-8",
        timeout=1200,
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file of more configurations than a pipe holds the results of."""
    monkeypatch.chdir(tmp_path)
    return put("many.jsonl", *[{**FACE, "name": str(i)} for i in range(2_000)])


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(*arguments),
        env=STRICT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = process("run", put("c.json", FACE), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert only(done.stdout)["limits"][2] == ["0", "2"]
    done = process("run", put("c.json", {}), "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "hardmax: c.json: tokens is missing\n"


@pytest.mark.parametrize("values", [[FACE], [FACE, WORDS]])
def test_standard_input(values: list[Any]) -> None:
    text = "\n".join(map(json.dumps, values))
    done = process("run", "-", "--json", input=text)
    assert done.returncode == 0
    assert [record["file"] for record in records(done.stdout)] == ["-"] * len(values)
    assert process("run", "-", input=text).stdout.startswith("standard input\n")
    done = process("run", "-", "--json", input=text[:-3])
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hardmax: standard input: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_closed_pipe_is_quiet(many: str, form: list[str]) -> None:
    with started("run", many, *form) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline()
        running.stdout.close()
        assert running.wait(60) == Status.CLOSED_PIPE
        assert running.stderr.read() == ""


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")
def test_head(many: str) -> None:
    line = f'"{sys.executable}" -m checks run {many} --json | head -1; exit 7'
    done = subprocess.run(line, shell=True, env=STRICT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (7, "")
    assert only(done.stdout)["name"] == "0"


@pytest.mark.skipif(os.name != "posix", reason="POSIX pipes")
@pytest.mark.parametrize("arguments", [["run", "c.json"], ["run", "none.json"], ["--help"]])
def test_closed_pipes_on_both_streams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Nobody reads anything: the status still tells what happened, and nothing hangs."""
    monkeypatch.chdir(tmp_path)
    put("c.json", WORDS)
    read, write = os.pipe()
    os.close(read)
    done = process(*arguments, stdout=write, stderr=write)
    os.close(write)
    assert done.returncode == (2 if "none.json" in arguments else Status.CLOSED_PIPE)


@pytest.mark.skipif(os.name != "posix", reason="POSIX descriptors")
def test_closed_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = f'"{sys.executable}" -m checks run {put("c.json", FACE)} >&-'
    done = subprocess.run(
        line, shell=True, env=STRICT, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "hardmax: standard output is closed\n")


@pytest.mark.skipif(os.name != "posix", reason="POSIX descriptors")
def test_closed_standard_input_and_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path, wanted in ((put("c.json", WORDS), 0), ("-", 2)):
        line = f'"{sys.executable}" -m checks run {path} <&- 2>&-'
        done = subprocess.run(
            line, shell=True, env=STRICT, stdout=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode == wanted
        assert bool(done.stdout) == (wanted == 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "arguments", [["run", "c.json"], ["run", "c.json", "--json"], ["--help"], ["--version"]]
)
def test_a_full_disk_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    put("c.json", FACE)
    with open("/dev/full", "w") as full:
        done = process(*arguments, stdout=full)
        assert done.returncode == 2
        assert done.stderr == "hardmax: cannot write the output: No space left on device\n"
        assert process(*arguments, stderr=full).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_interrupt(many: str) -> None:
    """Ctrl-C ends in one line, and what was found so far is whole."""
    with started("run", many, "--json") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        first = list(islice(running.stdout, 3))
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read().splitlines()
        err = running.stderr.read()
        assert running.wait(60) == Status.INTERRUPTED
    names = [json.loads(line)["name"] for line in [*first, *rest]]
    assert names == [str(i) for i in range(len(names))]
    assert 3 <= len(names) < 2_000
    assert err.count("\n") == 1
    assert err.startswith("hardmax: interrupted after ")
    assert err.endswith(" of 2000 configurations\n")
    assert len(names) - int(err.split()[3]) in (0, 1)


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_interrupt_while_reading() -> None:
    """Standard input never ends; the file before it was read, and nothing was run."""
    with subprocess.Popen(
        command("run", "-", "--json"),
        env=STRICT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stdin is not None
        # More than a pipe holds is taken only by a process that has begun to read.
        running.stdin.write(" " * 1_000_000)
        running.stdin.flush()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=600)
    assert (running.returncode, out) == (Status.INTERRUPTED, "")
    assert err == "hardmax: interrupted\n"


def test_an_encoding_that_lacks_the_symbols(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = process("run", put("c.json", FACE), env={**STRICT, "PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u03b1 = 1/2" in done.stdout


def test_optimised_python_behaves_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    put("c.jsonl", FACE, SLOW, WORDS)
    arguments = ("run", "c.jsonl", "--json", "--layers", "2", "--max-layers", "9")
    plain, optimised = (
        process(*arguments, env={**STRICT, "PYTHONOPTIMIZE": level}) for level in ("0", "2")
    )
    assert plain.returncode == optimised.returncode == 3
    assert plain.stdout == optimised.stdout
    assert plain.stderr == optimised.stderr
