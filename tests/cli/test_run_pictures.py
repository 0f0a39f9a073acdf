"""`hardmax run --plot` with --project, --geometry and --beta: what is drawn, what is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from commands import Invoke

pytest.importorskip("matplotlib")

FIVE = {
    "tokens": [[3, 1, 0, 2, 1], [-2, 1, 4, 0, 1], [0, -3, 1, 1, 2], [1, 1, 1, 1, -1]],
    "alpha": "1/2",
    "labels": ["good", "$x_1$", "слово", "a_b"],
}
SHEARED = {"tokens": [[1, 0], [-1, 1], [0, -1], [0, "1/8"]], "A": [[2, 1], [1, 2]], "alpha": "1/2"}
FILES: dict[str, Any] = {
    "five.json": FIVE,
    "sheared.json": SHEARED,
    "line.json": {"tokens": [[2], [1]], "alpha": 1},
    "turned.json": {**SHEARED, "A": [[0, -1], [1, 0]]},
    "saddle.json": {**SHEARED, "A": [[1, 0], [0, -1]]},
    "ending.json": {"tokens": [[2], [1]], "layers": [{"alpha": 1}]},
    "layers.json": {
        "tokens": [[2], [1]], "layers": [{"alpha": 1, "A": [[2]]}, {"alpha": 1}], "repeat": True
    },
    "huge.json": {"tokens": [["1e400"], [1]], "alpha": 1},
    "P.json": [[1, 0], [0, 1], [1, 1], [0, "1/2"], [0, 0]],
    "flat.json": [[1, 2], [2, 4]],
    "ragged.json": [[1, 0], [1]],
    "words.json": [["one", 0], [1, 0]],
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(hardmax: Invoke) -> None:
    for name, value in FILES.items():
        Path(name).write_text(json.dumps(value), encoding="utf-8")
    Path("P.csv").write_text("1,0\n0,1\n1,1\n0,0.5\n0,0\n")


def drawn(hardmax: Invoke, *arguments: str) -> bytes:
    name = "a.html" if "html" in arguments else "a.svg"
    arguments = tuple(x for x in arguments if x != "html")
    status, _, err = hardmax("run", *arguments, "--plot", name, "--force")
    assert status == 0, err
    return Path(name).read_bytes()


def test_what_is_asked_for_is_drawn(hardmax: Invoke) -> None:
    pictures = {
        arguments: drawn(hardmax, *arguments.split())
        for arguments in (
            "five.json", "five.json --project 0,1", "five.json --project 0,4",
            "five.json --project pca", "five.json --project P.json", "sheared.json",
            "sheared.json --geometry A", "sheared.json --project pca --geometry A",
            "sheared.json --geometry A --beta 2",
        )
    }  # fmt: skip
    assert len(set(pictures.values())) == len(pictures) - 1  # 0 and 1 tell the five apart
    assert pictures["five.json"] == pictures["five.json --project 0,1"]
    same = drawn(hardmax, "sheared.json", "--project", "0,1", "--geometry", "plain")
    assert same == pictures["sheared.json"]


def test_a_table_projects_as_its_json(hardmax: Invoke) -> None:
    one, two = (drawn(hardmax, "five.json", "--project", f"P.{kind}") for kind in ("json", "csv"))
    leaders = [re.findall(rb'<use [^>]*x="[^"]+" y="[^"]+"', x) for x in (one, two)]
    assert leaders[0] == leaders[1] != []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("five.json --project pca", "principal axes 1 and 2 of the starts (by floats"),
        ("five.json --project 4,0", "coordinates 4 and 0 of 0 to 4"),
        ("five.json --project P.json", "projected by P.json"),
        ("sheared.json --geometry A", "in A&#39;s inner product (Cholesky, rounded)"),
    ],
)
def test_a_page_tells_what_it_draws(hardmax: Invoke, arguments: str, told: str) -> None:
    pytest.importorskip("plotly")
    page = drawn(hardmax, *arguments.split(), "html").decode()
    assert told in page
    plain = drawn(hardmax, arguments.split()[0], "html").decode()
    assert told not in plain


BAD = {
    "five.json --project pca": "--project pca: it is for a picture: --plot FILE",
    "sheared.json --geometry A": "--geometry A: it is for a picture: --plot FILE",
    "five.json --plot a.svg --project 0,0": "--project 0,0: a coordinate twice",
    "five.json --plot a.svg --project 0,5": "tokens have the coordinates 0 to 4, and no 5",
    "five.json --plot a.svg --project 0,1,2,3": "4 coordinates; one to three are drawn",
    "five.json --plot a.svg --project=": "pca, coordinates such as 0,1, or a file",
    "five.json --plot a.svg --project=-1": "-1: unknown kind of file",
    f"five.json --plot a.svg --project {'9' * 5000}": "unknown kind of file",
    "five.json --plot a.svg --project none.json": "none.json: No such file or directory",
    "five.json --plot a.svg --project flat.json": "2 rows of 2; 5 rows of 2 or of 3 numbers",
    "sheared.json --plot a.svg --project ragged.json": "2 rows of 1 and 2; 2 rows of 2 or of 3",
    "sheared.json --plot a.svg --project words.json": "'one' is not an exact number",
    "sheared.json --plot a.svg --project flat.json --geometry A": "flat.json: its columns depend",
    "five.json --plot P.svg --project P.svg --force": "that would overwrite P.svg",
    "turned.json --plot a.svg --geometry A": "a matrix that is not symmetric has no inner product",
    "saddle.json --plot a.svg --geometry A": "⟨x, x⟩ = -1 for x = (0, 1)",
    "layers.json --plot a.svg --geometry A": "the layers have no one matrix A",
    "ending.json --plot a.svg --geometry A": "pictures are of runs that do not end",
    "sheared.json --plot a.svg --geometry B": "'B' is not one of 'plain', 'A'",
    "sheared.json --plot a.svg --beta 0": "beta = 0; a positive number was wanted",
    "sheared.json --plot a.svg --beta 1 --mask causal": "the floats are of hardmax attention",
    "huge.json --plot a.svg --beta 1": "not representable in binary64",
    "huge.json --plot a.html --beta 1": "not representable in binary64",
    "sheared.json five.json --plot a.svg --project pca": "one configuration was wanted, not 2",
}


@pytest.mark.parametrize("arguments", BAD, ids=lambda words: words[:60])
def test_what_makes_no_sense_is_one_line_and_nothing_is_written(
    hardmax: Invoke, arguments: str
) -> None:
    before = sorted(path.name for path in Path().iterdir())
    status, out, err = hardmax("run", *arguments.split(" "))
    complaints = [line for line in err.splitlines() if line.startswith("hardmax")]
    assert (status, out, len(complaints)) == (2, "", 1), err
    assert BAD[arguments] in complaints[0]
    assert sorted(path.name for path in Path().iterdir()) == before


@pytest.mark.parametrize("plot", ["a.svg", "a.png", "a.html"])
def test_softmax_stands_beside_hardmax(hardmax: Invoke, plot: str) -> None:
    pytest.importorskip("plotly")
    status, out, _ = hardmax("run", "five.json", "--json", "--beta", "1/2", "--plot", plot)
    assert status == 0
    assert json.loads(out)["numerics"]["softmax"]["beta"] == "1/2"
    with_softmax = Path(plot).read_bytes()
    hardmax("run", "five.json", "--plot", plot)
    assert Path(plot).read_bytes() != with_softmax
    if plot.endswith("html"):
        assert "softmax, β = 1/2".encode() in with_softmax
