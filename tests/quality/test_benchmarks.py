"""The baselines compute attention, the timing alternates, and the frame knows its pages."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from benchmarks import __main__ as frame
from benchmarks import basins as maps
from benchmarks.baselines import (
    expected_layers,
    fraction_layer,
    layers_to_rest,
    looped_layer,
    plain_layer,
    vectorised_layer,
)
from benchmarks.growth import exponent
from benchmarks.inputs import Tokens, drawn_lattice, gaussian, lattice, near_ties
from benchmarks.machine import described
from benchmarks.settling import Case, row
from benchmarks.timing import in_words, medians
from theory import Configuration, Settled, Trajectory, settle


@pytest.mark.parametrize("tokens", [gaussian(400, 3), lattice(2, 2), lattice(1, 4)])
def test_the_baselines_are_layers_of_attention(tokens: Tokens) -> None:
    """Of floats that tie exactly where the tokens do; 400 rows are more than one block."""
    c = Configuration.from_binary64(tokens[:40], alpha="1/2")
    wanted = np.array([[float(int(x.p) / int(x.q)) for x in z] for z in Trajectory(c).tokens(1)])
    exact = fraction_layer([[Fraction(x) for x in z] for z in tokens[:40].tolist()], Fraction(1, 2))
    assert np.abs(np.array(exact, dtype=float) - wanted).max() < 1e-14
    assert np.abs(vectorised_layer(tokens[:40], 0.5) - wanted).max() < 1e-14
    assert np.abs(vectorised_layer(tokens, 0.5) - looped_layer(tokens, 0.5)).max() < 1e-14
    assert np.abs(plain_layer(tokens, 0.5) - looped_layer(tokens, 0.5)).max() < 1e-14
    assert np.array_equal(plain_layer(tokens, 0.5, 7), plain_layer(tokens, 0.5)[:7])
    part = vectorised_layer(tokens, 0.5, 7)
    assert np.array_equal(part, vectorised_layer(tokens, 0.5)[:7])
    assert np.abs(part - looped_layer(tokens, 0.5, 7)).max() < 1e-14


def test_a_simulation_ends_near_the_exact_limits() -> None:
    Z = gaussian(100, 2)
    layers, last = layers_to_rest(Z, 0.5)
    result = settle(Configuration.from_binary64(Z, alpha="1/2"))
    assert isinstance(result, Settled)
    limits = [[float(int(x.p) / int(x.q)) for x in z] for z in result.equilibrium().limits]
    assert np.abs(last - np.array(limits)).max() < 1e-11
    assert abs(layers - expected_layers(Z, 0.5)) < 0.1 * layers
    assert layers_to_rest(Z, 0.5, 5)[0] == 5


def test_inputs_are_what_they_are_called() -> None:
    assert lattice(4, 3).shape == (9**3 - 1, 3)
    assert len(np.unique(drawn_lattice(1000, 1, 2), axis=0)) == 9
    off = np.abs(near_ties(lattice(2, 2), 1e-9) - lattice(2, 2)).max()
    assert 0 < off < 1e-7
    assert np.array_equal(gaussian(5, 2), gaussian(5, 2))


def test_sides_run_in_turn() -> None:
    calls: list[str] = []
    times = medians({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 3)
    assert "".join(calls) == "ab" * 4
    assert times.keys() == {"a", "b"}


def test_times_in_words() -> None:
    assert [in_words(x) for x in (12.34, 0.0123, 1.5e-6, 0)] == [
        "12.3 s",
        "12.3 ms",
        "1.5 µs",
        "0 µs",
    ]


def test_fitted_exponents() -> None:
    x = [1.0, 2.0, 5.0]
    assert exponent(x, [3 * v**1.5 for v in x]) == pytest.approx(1.5)


def test_a_row_of_the_table() -> None:
    cells = row(Case("six", gaussian(6, 2), "1/2")).split("|")
    assert cells[1].strip() == "six"
    assert len(cells) == 14


def cells(page: str) -> list[Sequence[str]]:
    return [line.split("|") for line in page.splitlines() if line.startswith("|")]


@pytest.mark.parametrize("name", ["settling", "growth", "memory"])
def test_results_are_stored(name: str) -> None:
    page = (frame.RESULTS / f"{name}.md").read_text(encoding="utf-8")
    assert len({len(row) for row in cells(page)}) == 1
    assert len(cells(page)) > 5
    assert "Measured on" in page
    assert name in frame.PAGES


def test_an_unknown_page_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert frame.main(["nothing"]) == 2
    assert "no benchmark is named 'nothing'" in capsys.readouterr().err


def test_the_machine_is_described_in_general_terms() -> None:
    assert "cores" in described()


def test_maps_are_compared_point_by_point(monkeypatch: pytest.MonkeyPatch) -> None:
    family = maps.Family(4, 2, 3, "1/2")
    assert len(list(maps.rows([family], 1, 5, 4))) == 1
    assert maps.Family(3, 2, 0, "1").drawn(1).binary64 is not None
    monkeypatch.setattr(maps, "told", lambda *_: None)
    with pytest.raises(SystemExit, match="the answers differ"):
        list(maps.rows([family], 1, 5, 4))
