"""`hardmax run` where tokens or their attention go round for ever: keys, words, files, status."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from commands import Invoke, only

from checks.cli.terminal import Status

SWAP: dict[str, Any] = {"tokens": [[1], [-1]], "A": [[-1]], "gamma": 1}
RETURNS: dict[str, Any] = {"tokens": [[0], [1]], "A": [[-1]], "gamma": 1}
PURSUIT: dict[str, Any] = {"tokens": [[1, 0], [0, 1], [-1, -1]], "A": [[0, -1], [1, 0]]}
GROWS: dict[str, Any] = {"tokens": [[1], [-1]], "A": [[-1]], "alpha": "-1/4"}


def put(keys: dict[str, Any], name: str = "c.json") -> str:
    Path(name).write_text(json.dumps(keys))
    return name


def test_tokens_that_change_places_have_a_limit_cycle(hardmax: Invoke) -> None:
    status, out, _ = hardmax("run", put(SWAP), "--json")
    record = only(out)
    assert status == Status.CHECKED
    assert (record["settled_layer"], record["attention"]) == (0, [[1], [0]])
    assert record["period"] == 2
    assert record["limit_cycle"] == [[["1"], ["-1"]], [["-1"], ["1"]]]
    assert (record["limits"], "returns_from" in record) == (None, False)
    words = hardmax("run", "c.json")[1]
    assert "settled at layer 0; the tokens tend to a cycle of 2 layers" in words


def test_attention_that_returns_is_told_with_its_patterns(hardmax: Invoke) -> None:
    status, out, _ = hardmax("run", put(RETURNS), "--json")
    record = only(out)
    assert status == Status.CHECKED
    assert (record["settled_layer"], record["attention"]) == (None, None)
    assert (record["returns_from"], record["period"]) == (0, 2)
    assert record["patterns"] == [[[0, 1], [0]], [[1], [0, 1]]]
    assert record["limits"] == [["0"], ["0"]]
    words = " ".join(hardmax("run", "c.json")[1].split())
    assert "returns every 2 layers from layer 0 on, and never settles; the tokens have" in words


def test_copies_are_told_in_a_cycle_as_in_the_input(hardmax: Invoke) -> None:
    tokens = [[1], [-1], [1]]
    record = only(hardmax("run", put(SWAP | {"tokens": tokens}), "--json")[1])
    assert record["limit_cycle"] == [[["1"], ["-1"], ["1"]], [["-1"], ["1"], ["-1"]]]
    record = only(hardmax("run", put(RETURNS | {"tokens": [[0], [1], [0]]}), "--json")[1])
    assert record["patterns"][0] == [[0, 1, 2], [0, 2], [0, 1, 2]]


def test_layers_that_repeat_have_the_cycle_of_their_turn(hardmax: Invoke) -> None:
    """A = 1 and A = −1 in turn: two tokens come together, and go on as one."""
    layers = [{"A": [[1]], "gamma": "1/2"}, {"A": [[-1]], "gamma": "1/2"}]
    record = only(
        hardmax("run", put({"tokens": [[2], [1]], "layers": layers, "repeat": True}), "--json")[1]
    )
    assert (record["returns_from"], record["period"]) == (0, 2)
    assert record["patterns"] == [[[0], [0]], [[1], [1]]]
    one, other = (x for (x,) in record["limit_cycle"][0])
    assert one == other
    far = only(hardmax("run", "c.json", "--json", "--layers", "40")[1])["trajectory"][-1]
    near = [abs(Fraction(x) - Fraction(one)) for (x,) in far["tokens"]]
    assert max(near) < 1e-9


def test_a_rate_that_is_not_rational_is_enclosed(hardmax: Invoke) -> None:
    record = only(hardmax("run", put(PURSUIT | {"alpha": "1/2"}), "--json")[1])
    rate = record["rate"]
    low, high = (int(a) / int(b) for a, b in (rate[k].split("/") for k in ("base", "upper")))
    assert low < 3**-0.5 < high
    assert record["limits"] == [["0", "0"]] * 3
    assert only(hardmax("run", put(PURSUIT | {"alpha": 1}), "--json")[1])["rate"] == {
        "base": "1/2",
        "degree": 0,
    }


def test_tokens_that_tend_to_nothing_are_inconclusive(hardmax: Invoke) -> None:
    status, out, err = hardmax("run", put(GROWS), "--json")
    record = only(out)
    assert status == Status.INCONCLUSIVE
    assert record["settled_layer"] == 0
    assert (record["limits"], "limit_cycle" in record) == (None, False)
    assert "c.json: settled at layer 0, and no limit" in err


def test_files_are_written_of_what_is_certified(hardmax: Invoke) -> None:
    put(SWAP)
    assert hardmax("run", "c.json", "--certificate", "c.cert")[0] == Status.CHECKED
    assert hardmax("check", "c.cert", "--configuration", "c.json")[0] == Status.CHECKED
    status, _, err = hardmax("run", "c.json", "--plot", "c.svg")
    assert (status, Path("c.svg").exists()) == (Status.INCONCLUSIVE, False)
    assert "the tokens tend to a cycle and to no limits; c.svg is not written" in err
    assert hardmax("run", "c.json", "--plot", "c.html")[0] == Status.CHECKED
    assert Path("c.html").exists()
    status, _, err = hardmax("run", put(RETURNS, "r.json"), "--plot", "r.svg")
    assert (status, Path("r.svg").exists()) == (Status.INCONCLUSIVE, False)
    assert "attention never settles; r.svg is not written" in err
    assert hardmax("run", "r.json", "--certificate", "r.cert")[0] == Status.CHECKED
    status, out, _ = hardmax("check", "r.cert", "--configuration", "r.json")
    assert (status, "patterns from layer" in out) == (Status.CHECKED, True)
