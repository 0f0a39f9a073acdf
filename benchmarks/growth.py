"""How cost grows with n, d and the number of layers: fitted exponents, and a picture."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from benchmarks.baselines import expected_layers, layers_to_rest, vectorised_layer
from benchmarks.inputs import Tokens, gaussian
from benchmarks.settling import Case, decided
from benchmarks.timing import in_words, medians

mpl.use("Agg")

PICTURE = Path(__file__).parent / "results" / "growth.svg"


MOST = 300
"""Layers of a simulation that are measured; more are scaled up."""


class Line(NamedTuple):
    """Costs of the exact result, and of the simulation (or of one layer of it), along one axis."""

    axis: str
    values: Sequence[float]
    exact: Sequence[float]
    simulated: Sequence[float]
    other: str


def exactly(tokens: Tokens, alpha: str) -> None:
    """From the array to what `benchmarks.settling.decided` asks for."""
    decided(Case("growth", tokens, alpha))


def exponent(x: Sequence[float], y: Sequence[float]) -> float:
    """The slope of log y against log x, by least squares."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def along_n() -> list[Line]:
    """n = 100 to 30,000 at d = 2, 8, 16; one layer of the simulation."""
    lines = []
    for d in (2, 8, 16):
        sizes = [100, 300, 1000, 3000, 10_000, 30_000][: 6 if d < 16 else 5]
        exact, simulated = [], []
        for n in sizes:
            Z = gaussian(n, d)
            rows = min(n, 6_000_000 // n)
            times = medians(
                {
                    "exact": partial(exactly, Z, "1/2"),
                    "layer": partial(vectorised_layer, Z, 0.5, rows),
                },
                3,
            )
            exact.append(times["exact"])
            simulated.append(times["layer"] * n / rows)
        lines.append(Line(f"n (d = {d})", sizes, exact, simulated, "one simulated layer"))
    return lines


def along_d() -> Line:
    """d = 2 to 64 at n = 1000; one layer of the simulation."""
    dimensions = [2, 4, 8, 16, 32, 64]
    exact, simulated = [], []
    for d in dimensions:
        Z = gaussian(1000, d)
        times = medians(
            {
                "exact": partial(exactly, Z, "1/2"),
                "layer": partial(vectorised_layer, Z, 0.5),
            }
        )
        exact.append(times["exact"])
        simulated.append(times["layer"])
    return Line("d (n = 1000)", dimensions, exact, simulated, "one simulated layer")


def along_layers() -> Line:
    """1/α from 1/2 to 1000 at n = 300, d = 3: the layers of the simulation grow like 1/α."""
    steps = ["2", "1", "1/2", "1/5", "1/10", "1/30", "1/100", "1/300", "1/1000"]
    inverse, exact, simulated = [], [], []
    Z = gaussian(300, 3)
    for alpha in steps:
        above, _, below = alpha.partition("/")
        step = int(above) / int(below or 1)
        times = medians({"exact": partial(exactly, Z, alpha)}, 3)
        layers, _ = layers_to_rest(Z, step, MOST)
        part = medians({"part": partial(layers_to_rest, Z, step, layers)}, 1)
        full = layers if layers < MOST else expected_layers(Z, step)
        inverse.append(1 / step)
        exact.append(times["exact"])
        simulated.append(part["part"] * full / layers)
    return Line("1/α (n = 300, d = 3)", inverse, exact, simulated, "simulation to 1e-12")


def draw(lines: Sequence[Line]) -> None:
    """The lines on logarithmic axes, in one row of panels."""
    mpl.rcParams["svg.hashsalt"] = "growth"
    figure = Figure(figsize=(15, 3.6), layout="constrained")
    for axes, line in zip(figure.subplots(1, len(lines)), lines, strict=True):
        axes.loglog(line.values, line.exact, "o-", label="exact result")
        axes.loglog(line.values, line.simulated, "s--", color="0.5", label=line.other)
        axes.set(xlabel=line.axis, ylabel="CPU seconds")
        if line.values[-1] < 100 * line.values[0]:  # no room for a label at every minor tick
            axes.set_xticks(line.values, [f"{x:g}" for x in line.values])
            axes.tick_params(axis="x", which="minor", bottom=False, labelbottom=False)
        axes.legend(frameon=False, fontsize=8)
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> str:
    """The page; draws the picture too."""
    lines = [*along_n(), along_d(), along_layers()]
    draw(lines)
    page = [
        "# How the cost grows",
        "",
        "Gaussian tokens, α = 1/2 where α is not the axis. Exponents are slopes of log cost "
        "against log size over the whole range. One simulated layer is the unit along n and d; "
        "along 1/α it is the whole simulation, measured on at most 300 layers and scaled up.",
        "",
        "![cost against n, d and 1/α](growth.svg)",
        "",
        "| axis | from | to | exact result | exponent | compared with | | exponent |",
        "| --- | ---: | ---: | --- | ---: | --- | --- | ---: |",
    ]
    for line in lines:
        x = line.values
        page.append(
            f"| {line.axis} | {x[0]:g} | {x[-1]:g} "
            f"| {in_words(line.exact[0])} to {in_words(line.exact[-1])} "
            f"| {exponent(x, line.exact):.2f} | {line.other} "
            f"| {in_words(line.simulated[0])} to {in_words(line.simulated[-1])} "
            f"| {exponent(x, line.simulated):.2f} |"
        )
    return "\n".join(page)
