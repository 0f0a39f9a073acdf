"""How values show themselves: print, JSON, len and shape, and the HTML of notebooks."""

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from commands import ROOT, environment

from theory import INFINITE, Configuration, Dynamics, Settled, Undecided, settle
from theory.exact import HardmaxError, text
from theory.files.configurations import read_configurations, read_problems
from theory.pictures.notebooks import MOST_ROWS, page
from theory.readable import cell

EXAMPLES = sorted((ROOT / "examples").glob("*.json*"))
FACE = Configuration([[-2, 2], [-2, -2], [-1, 0]], 1, labels=["up", "down", "tie"])
HOSTILE = "<script>alert('x')</script>&\"\n\x1b[2J"


def many(n: int, d: int = 2, labels: list[str] | None = None) -> Configuration:
    rows = [[(7 * i * (s + 3)) % 1009 - 500 for s in range(d)] for i in range(1, n + 1)]
    return Configuration(rows, "1/3", labels=labels)


def problems() -> list[tuple[Configuration, Dynamics]]:
    return [problem for path in EXAMPLES for problem in read_problems(path)]


# ----------------------------------------------------------------- print, len, shape, JSON


def test_len_and_shape() -> None:
    assert (len(FACE), FACE.shape) == (3, (3, 2))
    weighted = Configuration([[1], [2]], 1, multiplicities=[2, 5])
    assert (len(weighted), weighted.shape) == (2, (2, 1))
    assert Configuration([[0]], 1)


def test_print_is_short_and_repr_is_exact() -> None:
    assert str(FACE) == "3 tokens in dimension 2, α = 1: up (-2, 2), down (-2, -2), tie (-1, 0)"
    assert eval(repr(FACE)) == FACE
    large = many(1000)
    assert str(large).endswith(", … 994 more")
    assert len(str(large)) < 200 < len(repr(large))
    assert eval(repr(large)) == large


def test_what_was_decided_is_printed() -> None:
    assert str(settle(FACE)).splitlines() == [
        "3 tokens in dimension 2, α = 1",
        "settled at layer 0: 2 leaders, 3 clusters, slowest term (1/2)^t",
        "  up (0) leads since layer 0 at (-2, 2)",
        "  down (1) leads since layer 0 at (-2, -2)",
    ]
    two = Configuration([[0], [1]], 1, [[-1]])
    assert "returns every 2 layers from layer 0 on" in str(settle(two, dynamics=INFINITE))
    late = settle(Configuration([[0, 1], [1, 1], [2, 0]], "1/3"), max_layers=1)
    assert str(late).endswith("undecided after 1 layer: " + late.reason)
    assert len(str(settle(many(1000)))) < 600


@pytest.mark.parametrize("number", range(len(problems())))
def test_every_example_prints_in_a_few_lines(number: int) -> None:
    configuration, dynamics = problems()[number]
    decided = settle(configuration, dynamics=dynamics, max_layers=200)
    for words in (str(configuration), str(decided)):
        assert len(words) < 700
        assert len(words.splitlines()) <= 9
    assert (f"α = {text(configuration.alpha)}" in str(decided)) == (not dynamics.step.named)


WRITTEN = [
    FACE,
    Configuration([["1/3", Decimal("0.1")]], "-1/2", A=[[2, 1], [0, 3]], name='a "name"\n'),
    Configuration([[10**400], [1]], 1, labels=["é", "猫"]),
    Configuration.from_binary64(np.array([[0.1, -1e-300], [2.5, 3.0]]), 1),
    many(300, 3),
]


@pytest.mark.parametrize("configuration", WRITTEN, ids=range(len(WRITTEN)))
def test_json_reads_back_equal(configuration: Configuration, tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text(configuration.to_json(), "utf-8")
    (found,) = read_configurations(path)
    assert found == configuration
    assert (found.labels, found.name) == (configuration.labels, configuration.name)
    path.write_text(json.dumps(json.loads(configuration.to_json()) | {"alpha": "77"}), "utf-8")
    assert read_configurations(path) != [configuration]


def test_json_has_copies_for_multiplicities(tmp_path: Path) -> None:
    weighted = Configuration([[1], [2]], 1, multiplicities=[2, 3])
    path = tmp_path / "c.json"
    path.write_text(weighted.to_json(), "utf-8")
    (found,) = read_configurations(path)
    assert found != weighted
    assert found.merged()[0] == weighted
    with pytest.raises(HardmaxError, match="too many tokens"):
        Configuration([[1]], 1, multiplicities=[10**9]).to_json()


# --------------------------------------------------------------------------------- notebooks


def parsed(html: str) -> ElementTree.Element:
    """The HTML as a tree: it is well-formed, and has no script and no handler."""
    tree = ElementTree.fromstring(html.replace("<br>", "<br/>"))
    for element in tree.iter():
        assert element.tag.rpartition("}")[2] not in ("script", "style", "link", "img")
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]
    return tree


def rows(html: str) -> list[list[str]]:
    """The cells of the table, its head first."""
    return [["".join(x.itertext()) for x in row] for row in parsed(html).iter("tr")]


@pytest.mark.parametrize("number", range(len(problems())))
def test_every_example_shows_its_exact_numbers(number: int) -> None:
    configuration, dynamics = problems()[number]
    decided = settle(configuration, dynamics=dynamics, max_layers=200)
    head, *body = rows(page(decided))
    assert len(body) == min(len(configuration), MOST_ROWS)
    starts = [cell([text(x) for x in z]) for z in configuration.tokens[:MOST_ROWS]]
    assert [row[1] for row in body] == starts
    assert [row[1] for row in rows(page(many(3)))[1:]] != starts
    if "limit" in head:
        limits = decided.equilibrium().limits[:MOST_ROWS]
        assert [row[2] for row in body] == [cell([text(x) for x in z]) for z in limits]
        assert rows(decided.equilibrium()._repr_html_())[1][2] == body[0][2]
    assert "<svg" in page(configuration)
    assert rows(page(configuration))[0] == ["token", "start"]


def test_labels_and_names_are_text() -> None:
    strange = Configuration([[2], [1]], 1, labels=[HOSTILE, "a"], name=HOSTILE)
    settled = settle(strange)
    for value in (strange, settled, settled.equilibrium()):
        shown = value._repr_html_()
        words = "".join(parsed(shown).itertext())
        assert "<script>" in words
        assert "<script" not in shown
        assert "\x1b" not in shown
    with pytest.raises((ElementTree.ParseError, AssertionError)):
        parsed(f"<p>{HOSTILE}</p>")


@pytest.mark.parametrize("d", [1, 2, 3, 5])
def test_a_thousand_tokens_stay_short(d: int) -> None:
    large = many(1000, d, [f"word{i}" for i in range(1000)])
    for value in (large, settle(large)):
        shown = page(value)
        assert len(shown) < 4000
        assert "… 990 more tokens" in shown
        assert len(rows(shown)) == MOST_ROWS + 1
    assert "<div>…" not in page(many(MOST_ROWS, d))
    assert "<svg" in page(many(100, d))


def test_whatever_settle_answers_is_shown() -> None:
    swap = settle(Configuration([[0], [1]], 1, [[-1]]), dynamics=INFINITE)
    assert rows(page(swap))[0] == ["token", "start", "+0", "+1"]
    late = settle(Configuration([[0, 1], [1, 1], [2, 0]], "1/3"), max_layers=1)
    assert isinstance(late, Undecided)
    assert late.reason in "".join(parsed(page(late)).itertext())
    turns = settle(Configuration([[1], [-1]], 1, [[-1]]), dynamics=INFINITE)
    assert isinstance(turns, Settled)
    assert rows(page(turns))[:2] == [
        ["token", "start", "+0", "+1", "attends to"],
        ["0", "(1)", "(1)", "(-1)", "{1}"],
    ]


def test_no_library_draws_it() -> None:
    words = """
import sys
from theory import Configuration, settle
assert "<svg" in settle(Configuration([[2, 0], [1, 1]], 1))._repr_html_()
print(*{name.partition(".")[0] for name in sys.modules})
"""
    told = subprocess.run(
        [sys.executable, "-c", words], env=environment(), capture_output=True, text=True, check=True
    )
    imported = set(told.stdout.split())
    assert "theory" in imported
    assert not imported & {"matplotlib", "plotly", "jinja2", "checks", "IPython"}


def test_a_notebook_finds_it() -> None:
    formatter: Any = pytest.importorskip("IPython.core.formatters").HTMLFormatter()
    assert re.match(r'<div style="display:flex', formatter(FACE))
    assert formatter(FACE.alpha) is None
