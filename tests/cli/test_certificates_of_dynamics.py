"""`hardmax run --certificate` and `hardmax check` for dynamics other than hardmax attention."""

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Invoke

from checks.cli.terminal import Status

MEETS = {"tokens": [[1], [0]], "A": [[-1]], "gamma": "2/(k+2)"}
MASKED = {"tokens": [[2, 0], [1, 1], [1, -1], [3, 2]], "alpha": 1, "mask": "causal"}
FIRST = {"tokens": [[0, 1], [-1, 1], [1, 1]], "alpha": 1, "ties": "first"}
VALUED = {"tokens": [[2, 2], [1, 0]], "V": [["3/2", 0], [0, "7/3"]]}
PAIR = {"tokens": [[1], [-1]], "A": [[-1]], "alpha": 3}
TURNED = {
    "tokens": [[1, 0], [0, 1], [-1, -1]], "A": [["-1/2", 1], [-1, "-1/2"]], "gamma": "1/4",
}  # fmt: skip
ENDS = {"tokens": [[2], [1]], "layers": [{"alpha": 1}]}


def put(name: str, configuration: Any) -> str:
    Path(name).write_text(json.dumps(configuration), encoding="utf-8")
    return name


@pytest.mark.parametrize("configuration", [MEETS, MASKED, FIRST, VALUED, PAIR])
def test_a_certificate_is_written_and_compared(hardmax: Invoke, configuration: Any) -> None:
    put("c.json", configuration)
    assert hardmax("run", "c.json", "--certificate", "c.cert")[0] == Status.CHECKED
    assert json.loads(Path("c.cert").read_text(encoding="utf-8"))["version"] == 2
    status, out, _ = hardmax("check", "c.cert", "--configuration", "c.json")
    assert (status, out.startswith("c.cert: accepted: ")) == (Status.CHECKED, True)


def test_another_dynamics_is_another_configuration(hardmax: Invoke) -> None:
    put("c.json", MEETS)
    assert hardmax("run", "c.json", "--certificate", "c.cert")[0] == Status.CHECKED
    for options in (
        ["--gamma", "1/(k+2)"],
        ["--alpha", "1"],
        ["--ties", "first"],
        ["--mask", "causal"],
    ):
        status, out, _ = hardmax("check", "c.cert", "--configuration", "c.json", *options)
        assert (status, "it is not about c.json" in out) == (Status.REFUTED, True), options
    status, _, err = hardmax("check", "c.cert", "--configuration", put("e.json", ENDS))
    assert (status, "without end" in err) == (Status.BAD_INPUT, True)
    assert hardmax("check", "c.cert", "--gamma", "1/2")[0] == Status.BAD_INPUT


def test_what_no_certificate_covers_is_refused_and_nothing_written(hardmax: Invoke) -> None:
    put("c.json", TURNED)
    assert hardmax("run", "c.json")[0] == Status.CHECKED
    status, _, err = hardmax("run", "c.json", "--certificate", "c.cert")
    assert (status, Path("c.cert").exists()) == (Status.BAD_INPUT, False)
    assert err.splitlines()[-1] == (
        "hardmax: --certificate c.cert: certificates cover closed forms with rational bases in "
        "(0, 1]; this one has other eigenvalues, which are not rational"
    )
