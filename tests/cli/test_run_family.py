"""`hardmax run` of layers that are not hardmax attention: files, options, and what is refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import Invoke, only, records

from checks.cli.terminal import Status

TOKENS: list[list[Any]] = [[1, 0], [0, 1], [1, 1]]


def put(name: str, **keys: Any) -> str:
    """A file of these tokens with the keys."""
    Path(name).write_text(json.dumps({"tokens": TOKENS} | keys))
    return name


# ----------------------------------------------------------------------------- what is told


def test_a_negative_matrix_under_a_schedule_has_its_layers(hardmax: Invoke) -> None:
    """The two tokens that refute a theorem: both stand at 1/6 from layer 2 on."""
    put("two.json", tokens=[[1], [0]], A=[[-1]], gamma="2/(k+2)")
    _, out, _ = hardmax("run", "two.json", "--json", "--layers", "4")
    tokens = [[x for (x,) in layer["tokens"]] for layer in only(out)["trajectory"]]
    assert tokens == [["1", "0"], ["0", "1/2"], *[["1/6", "1/6"]] * 3]


def test_other_layers_are_told_with_their_keys(hardmax: Invoke) -> None:
    put("masked.json", alpha=1, mask="causal", ties="first")
    status, out, err = hardmax("run", "masked.json", "--json")
    assert status == Status.CHECKED
    assert only(out)["dynamics"] == {"mask": "causal", "ties": "first"}
    assert "masked.json: not the theorem's layers. The layers are masked" in err
    put("plain.json", gamma="1/2", mask=[[1] * 3] * 3)
    status, out, err = hardmax("run", "plain.json", "--json")
    assert (status, "dynamics" in only(out), err) == (Status.CHECKED, False, "")


@pytest.mark.parametrize(
    "keys",
    [
        {"gamma": "1/3"},
        {"gamma": 0.5, "mask": [[1, 1, 1]] * 3},
        {"V": [["1/2", 0], [0, "1/2"]]},
        {"layers": [{"alpha": "1/2"}, {"V": [["1/2", 0], [0, 0.5]]}], "repeat": True},
        {"layers": [{"A": [[1, 0], [0, 1]]}] * 2, "repeat": True, "alpha": "1/2"},
    ],
)  # fmt: skip
def test_what_is_hardmax_attention_is_told_as_such(hardmax: Invoke, keys: dict[str, Any]) -> None:
    alpha = 1 if keys.get("gamma") == 0.5 else "1/2"
    put("plain.json", alpha=alpha)
    put("stated.json", **keys)
    outs = [hardmax("run", name, "--json")[1] for name in ("plain.json", "stated.json")]
    assert outs[0].replace("plain.json", "stated.json") == outs[1]


def test_the_limits_of_a_schedule_are_told(hardmax: Invoke) -> None:
    put("two.json", tokens=[[1], [0]], A=[[-1]], gamma="2/(k+2)")
    status, out, _ = hardmax("run", "two.json", "--json")
    record = only(out)
    assert status == Status.CHECKED
    assert (record["settled_layer"], record["limits"]) == (2, [["1/6"], ["1/6"]])
    assert (record["decay"], "products" in record) == (None, False)
    put("near.json", tokens=[[2], [1]], gamma="1/(k+2)")
    record = only(hardmax("run", "near.json", "--json")[1])
    assert record["limits"] == [["2"], ["2"]]
    assert record["decay"] == {"power": "-1", "base": "1", "factorials": 0, "logarithms": 0}
    assert "slowest term at most like k^(-1)\n" in hardmax("run", "near.json")[1]
    assert "nothing moves any more" in hardmax("run", "two.json")[1]


def test_a_limit_that_is_an_infinite_product_is_told(hardmax: Invoke) -> None:
    """z_1 = 2 − Π (1 − 1/(2(r+2)²)); with 1/(r+2)² it would be 2 − 1/2."""
    put("product.json", tokens=[[2], [1]], gamma="1/(2*(k+2)^2)")
    status, out, _ = hardmax("run", "product.json", "--json")
    record = only(out)
    assert (status, record["limits"], record["kinds"]) == (Status.CHECKED, None, None)
    assert record["leaders"] == [{"token": 0, "since_layer": 0, "position": ["2"]}]
    assert record["products"][0] == {
        "token": 0, "rational": ["2"], "terms": [], "enclosure": [["2", "2"]],
    }  # fmt: skip
    told = record["products"][1]
    assert told["terms"] == [{"factor": "(2*k^2+8*k+7)/(2*k^2+8*k+8)", "from": 0, "times": ["-1"]}]
    ((low, high),) = told["enclosure"]
    assert low.startswith("1.28362442797351")
    assert low < high < low[:-3] + "999"
    status, out, _ = hardmax("run", "product.json")
    assert status == Status.CHECKED
    assert "limits are infinite products, slowest term at most like k^(-1)" in out
    assert "≈(1.284)" in out
    status, _, err = hardmax("run", "product.json", "--certificate", "proof.json")
    assert status == Status.INCONCLUSIVE
    assert "an infinite product, not known to be rational; proof.json is not written" in err
    assert not Path("proof.json").exists()
    put("rational.json", tokens=[[2], [1]], gamma="1/(k+2)^2")
    record = only(hardmax("run", "rational.json", "--json")[1])
    assert (record["limits"], "products" in record) == ([["2"], ["3/2"]], False)


def test_bounds_of_schedules_that_take_turns_count_turns(hardmax: Invoke) -> None:
    """Σ 1/(k+2)² converges and two in turn do; with 1/2 in place of one a turn keeps half."""
    turns = {"tokens": [[2], [1]], "repeat": True}
    put("half.json", **turns, layers=[{"gamma": "1/(k+2)^2"}, {"alpha": 1}])
    status, out, _ = hardmax("run", "half.json", "--json")
    record = only(out)
    assert (status, record["limits"]) == (Status.CHECKED, [["2"], ["2"]])
    assert (record["decay"]["base"], record["turn"]) == ("1/2", {"layers": 2, "from": 0})
    told = " ".join(hardmax("run", "half.json")[1].split())
    assert "slowest term at most like (1/2)^k after k turns of 2 layers" in told
    put("kept.json", **turns, layers=[{"gamma": "1/(k+2)^2"}, {"gamma": "0"}])
    record = only(hardmax("run", "kept.json", "--json")[1])
    assert (record["limits"], record["turn"]["layers"]) == (None, 2)
    ((low, high),) = record["products"][1]["enclosure"]
    assert low.startswith("1.36338022763241")  # 2 − 2/π, by Wallis: Π (1 − 1/(2j+2)²) = 2/π
    assert low < high
    put("rests.json", tokens=[[2]], repeat=True, layers=turns_of("1/(k+1)", "1/2"))
    record = only(hardmax("run", "rests.json", "--json")[1])
    assert (record["limits"], record["decay"], "turn" in record) == ([["2"]], None, False)
    put("plain.json", tokens=[[2], [1]], gamma="1/(k+2)")
    assert "turn" not in only(hardmax("run", "plain.json", "--json")[1])
    put("matrices.json", tokens=[[1], [0]], gamma="2/(k+2)", repeat=True,
        layers=[{"A": [[1]]}, {"A": [[2]]}])  # fmt: skip
    status, _, err = hardmax("run", "matrices.json", "--certificate", "proof.json")
    assert (status, Path("proof.json").exists()) == (Status.BAD_INPUT, False)
    assert "schedules with one matrix A" in err


def turns_of(*gammas: str) -> list[dict[str, str]]:
    """Layers with these pulls."""
    return [{"gamma": gamma} for gamma in gammas]


def test_tokens_that_go_back_and_forth_under_a_schedule_have_no_limits(hardmax: Invoke) -> None:
    put("turn.json", tokens=[[1], [-1]], A=[[-1]], gamma="1-1/(k+3)^2")
    status, out, err = hardmax("run", "turn.json", "--json")
    record = only(out)
    assert status == Status.INCONCLUSIVE
    assert (record["settled_layer"], record["limits"], "products" in record) == (0, None, False)
    assert "goes back and forth" in err


def test_layers_that_end_are_told_to_their_end(hardmax: Invoke) -> None:
    A = [[[0, 1], [1, 0]], [[-1, 0], [0, -1]]]
    put("end.json", layers=[{"alpha": 1, "A": A[0]}, {"gamma": "1/2", "A": A[1]}])
    status, out, err = hardmax("run", "end.json", "--json", "--layers", "2")
    record = only(out)
    assert status == Status.CHECKED
    assert "undecided" not in err
    assert (record["settled_layer"], record["limits"]) == (None, None)
    assert record["final"]["layer"] == 2
    assert record["final"]["tokens"] == record["trajectory"][2]["tokens"]
    assert [layer["attention"] is None for layer in record["trajectory"]] == [False, False, True]
    status, out, _ = hardmax("run", "end.json", "--layers", "2")
    assert status == Status.CHECKED
    assert "the run ends at layer 2" in out


@pytest.mark.parametrize("own", [{}, {"A": [[0, 1], [1, 0]]}])
def test_layers_beyond_the_end_are_told_to_the_end(hardmax: Invoke, own: dict[str, Any]) -> None:
    put("end.json", layers=[{"alpha": 1, **own}, {"gamma": "1/2"}])
    status, out, err = hardmax("run", "end.json", "--json", "--layers", "2")
    told = only(out)["trajectory"]
    assert [layer["attention"] is None for layer in told] == [False, False, True]
    beyond = hardmax("run", "end.json", "--json", "--layers", "7")
    assert beyond == (status, out, err + "end.json: the run ends at layer 2, before 7\n")
    put("on.json", layers=[{"alpha": 1, **own}, {"gamma": "1/2"}], repeat=True)
    _, out, err = hardmax("run", "on.json", "--json", "--layers", "7")
    assert len(only(out)["trajectory"]) == 8
    assert all(layer["attention"] for layer in only(out)["trajectory"])
    assert "ends" not in err


def test_one_layer_is_called_one(hardmax: Invoke) -> None:
    put("end.json", layers=[{"alpha": 1}])
    _, out, err = hardmax("run", "end.json")
    assert "There is one layer, with its own step." in err
    assert "one step" in out
    put("end.json", layers=[{"alpha": 1}] * 2)
    _, out, err = hardmax("run", "end.json")
    assert "There are 2 layers, each with its own step." in err
    assert "2 steps in turn" in out


def test_a_run_that_ends_has_no_certificate(hardmax: Invoke) -> None:
    put("end.json", layers=[{"alpha": 1}])
    assert hardmax("run", "end.json", "--certificate", "end.cert") == (
        2, "", "hardmax: --certificate end.cert: certificates are of runs that do not end\n",
    )  # fmt: skip
    assert not Path("end.cert").exists()
    put("end.json", layers=[{"alpha": 1}], repeat=True)
    assert hardmax("run", "end.json", "--certificate", "end.cert")[0] == Status.CHECKED
    assert Path("end.cert").exists()


def test_copies_stay_apart_under_a_mask(hardmax: Invoke) -> None:
    put("copies.json", tokens=[[1, 0], [2, 1], [1, 0]], alpha=1, mask="causal")
    _, out, _ = hardmax("run", "copies.json", "--json", "--layers", "1")
    assert only(out)["trajectory"][0]["attention"] == [[0], [1], [1]]
    put("copies.json", tokens=[[1, 0], [1, 0], [-1, 0]], alpha=1, ties="first")
    _, out, _ = hardmax("run", "copies.json", "--json", "--layers", "1")
    assert only(out)["trajectory"][0]["attention"] == [[0], [0], [2]]


# ------------------------------------------------------------------------------- the options


def trajectory(hardmax: Invoke, *arguments: str) -> Any:
    status, out, err = hardmax("run", *arguments, "--json", "--layers", "3", "--max-layers", "3")
    assert status in (Status.CHECKED, Status.INCONCLUSIVE), err
    return only(out)["trajectory"]


def test_options_override_the_keys(hardmax: Invoke) -> None:
    put("plain.json", alpha=3)
    Path("mask.csv").write_text("1,0,0\n0,1,1\n1,1,1\n")
    mask = [[1, 0, 0], [0, 1, 1], [1, 1, 1]]
    cases: list[tuple[list[str], dict[str, Any]]] = [
        (["--gamma", "2/(k+2)"], {"gamma": "2/(k+2)"}),
        (["--mask", "causal"], {"alpha": 3, "mask": "causal"}),
        (["--mask", "mask.csv"], {"alpha": 3, "mask": mask}),
        (["--ties", "first"], {"alpha": 3, "ties": "first"}),
    ]
    for options, keys in cases:
        wanted = trajectory(hardmax, put("stated.json", **keys))
        assert trajectory(hardmax, "plain.json", *options) == wanted
        assert trajectory(hardmax, "plain.json") != wanted
    everything = put("everything.json", gamma="2/(k+2)", mask="causal", ties="first")
    back = ["--alpha", "3", "--mask", "all", "--ties", "averaged"]
    assert trajectory(hardmax, everything, *back) == trajectory(hardmax, "plain.json")


def test_a_step_and_a_matrix_are_those_of_all_layers(hardmax: Invoke) -> None:
    B = [[2, 1], [0, 1]]
    Path("B.json").write_text(json.dumps(B))
    put("turn.json", layers=[{"alpha": 1, "A": [[1, 0], [0, -1]]}, {"gamma": "1/3"}], repeat=True)
    put("plain.json", alpha=2, A=B)
    options = ["--alpha", "2", "--matrix", "B.json"]
    assert trajectory(hardmax, "turn.json", *options) == trajectory(hardmax, "plain.json")


def test_tables_and_arrays_take_them_too(hardmax: Invoke) -> None:
    put("stated.json", gamma="2/(k+2)", mask="causal", ties="first")
    Path("t.csv").write_text("1,0\n0,1\n1,1\n")
    np.save("t.npy", np.array(TOKENS, dtype=float))
    options = ["--gamma", "2/(k+2)", "--mask", "causal", "--ties", "first"]
    for name in ("t.csv", "t.npy"):
        assert trajectory(hardmax, name, *options) == trajectory(hardmax, "stated.json")


def test_every_line_has_its_own_dynamics(hardmax: Invoke) -> None:
    lines = [{"gamma": "1/(k+2)"}, {"alpha": 1}, {"alpha": 1, "mask": "causal"}]
    text = "".join(json.dumps({"tokens": TOKENS} | keys) + "\n" for keys in lines)
    Path("three.jsonl").write_text(text)
    _, out, _ = hardmax("run", "three.jsonl", "--json")
    assert [record.get("dynamics") for record in records(out)] == [
        {"gamma": "1/(k+2)"}, None, {"mask": "causal"},
    ]  # fmt: skip


# -------------------------------------------------------------------------- what is refused


REFUSED: dict[str, tuple[list[str], str]] = {
    "two steps": (["plain.json", "--alpha", "1", "--gamma", "1/2"], "alpha and gamma are both"),
    "no step": (["t.csv"], "t.csv: a .csv file does not state alpha: give --alpha or --gamma"),
    "a pole": (["plain.json", "--gamma", "1/(k-3)"], "gamma: '1/(k-3)' has a pole at layer 3"),
    "no word for a mask": (
        ["plain.json", "--mask", "nosuch"],
        "mask = 'nosuch'; 'causal', 'all' or a file of a 0/1 matrix (.json, a table or an array)",
    ),
    "no mask's file": (["plain.json", "--mask", "plain"], "plain: unknown kind of file; .json, a"),
    "no mask": (["plain.json", "--mask", "none.json"], "none.json: No such file"),
    "an empty row": (["plain.json", "--mask", "empty.csv"], "row 1 of the mask is empty"),
    "a half": (["plain.json", "--mask", "half.csv"], "mask[0][1] is 1/2; 0 or 1 was wanted"),
    "too few rows": (["plain.json", "--mask", "few.csv"], "the mask has 2 rows; 3 tokens want 3"),
    "floats of others": (
        ["masked.json", "--numerics"], "the floats are of hardmax attention. The layers are masked",
    ),
    "a picture of the end": (
        ["end.json", "--plot", "a.svg"], "--plot a.svg: pictures are of runs that do not end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_told_in_one_line(hardmax: Invoke, name: str) -> None:
    arguments, words = REFUSED[name]
    put("plain.json", alpha=1)
    put("masked.json", alpha=1, mask="causal")
    put("end.json", layers=[{"alpha": 1}])
    Path("t.csv").write_text("1,0\n0,1\n1,1\n")
    Path("plain").write_text("1,0\n0,1\n")
    Path("empty.csv").write_text("1,0,0\n0,0,0\n1,1,1\n")
    Path("half.csv").write_text("1,1/2,0\n0,1,0\n1,1,1\n")
    Path("few.csv").write_text("1,0,0\n0,1,0\n")
    before = {path.name for path in Path().iterdir()}
    status, out, err = hardmax("run", *arguments)
    assert (status, out) == (Status.BAD_INPUT, "")
    assert err.splitlines()[-1].startswith("hardmax: ")
    assert words in err.splitlines()[-1]
    assert {path.name for path in Path().iterdir()} == before


def test_one_bad_file_does_not_silence_the_others(hardmax: Invoke) -> None:
    put("bad.json", gamma="1/k")
    put("good.json", gamma="1/2")
    status, out, err = hardmax("run", "bad.json", "good.json", "--json")
    assert (status, only(out)["file"]) == (Status.BAD_INPUT, "good.json")
    assert err == "hardmax: bad.json: gamma: '1/k' has a pole at layer 0\n"


# ------------------------------------------------------------------------- the hypotheses


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"V": [[1, 1], [0, 1]]}, "not every step is a number γ with 0 < γ ≤ 1"),
        ({"gamma": "k/(k+1)"}, "not every step is a number γ with 0 < γ ≤ 1"),
        ({"layers": [{"alpha": 1}, {"alpha": -3}]}, "not every step is a number γ with 0 < γ ≤ 1"),
        ({"gamma": "2/(k+2)", "A": [[-1, 0], [0, -1]]}, "A is not symmetric positive definite"),
        (
            {"alpha": 1, "layers": [{}, {"A": [[1, 1], [0, 1]]}], "repeat": True},
            "at layer 1 A is not symmetric positive definite: A[0][1] = 1 and A[1][0] = 0",
        ),
    ],
)
def test_what_fails_of_what_is_used_is_named(
    hardmax: Invoke, keys: dict[str, Any], words: str
) -> None:
    _, out, err = hardmax("run", put("c.json", **keys), "--json")
    assert f"outside the theorem's hypotheses: {words}" in err
    holding = only(out)["hypotheses"]
    assert [holding["positive_step"], holding["positive_definite"]] == [
        "step" not in words, "step" in words,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "keys", [{"gamma": "2/(k+2)"}, {"gamma": "1"}, {"alpha": 1, "ties": "first"}]
)
def test_what_holds_is_not_named(hardmax: Invoke, keys: dict[str, Any]) -> None:
    """The α of the configuration is no step of such layers."""
    _, out, err = hardmax("run", put("c.json", **keys), "--json")
    assert "hypotheses" not in err
    assert all(only(out)["hypotheses"].values())
