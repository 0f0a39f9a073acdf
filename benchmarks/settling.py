"""The exact result against simulations and against exact layers without the filter."""

import sys
from fractions import Fraction
from functools import partial
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np

from benchmarks.baselines import (
    STILL,
    expected_layers,
    fraction_layer,
    layers_to_rest,
    looped_layer,
    plain_layer,
    seconds_per_layer,
    vectorised_layer,
)
from benchmarks.inputs import Tokens, drawn_lattice, gaussian, lattice, near_ties
from benchmarks.timing import in_words
from theory import Configuration, Equilibrium, Settled, settle


class Case(NamedTuple):
    """Tokens with a name and a step."""

    name: str
    tokens: Tokens
    alpha: str


FULL_RUN = 3e8
"""A simulation of so many products is run to its end; a longer one is measured in part."""


FULL_LAYER = 20_000
"""Tokens of which a whole layer is simulated."""


def cases() -> list[Case]:
    """Generic tokens first, then ties, near-ties and small steps."""
    found = [
        Case(f"Gaussian n={n} d={d}", gaussian(n, d), alpha)
        for alpha in ("1/2", "1/10", "2", "1/1000")
        for n, d in (
            (100, 2),
            (1000, 2),
            (1000, 3),
            (1000, 8),
            (1000, 16),
            (1000, 64),
            (5000, 8),
        )
    ]
    found += [
        Case("Gaussian n=10000 d=3", gaussian(10_000, 3), "1/2"),
        Case("Gaussian n=100000 d=16", gaussian(100_000, 16), "1/2"),
    ]
    for alpha in ("1/2", "2", "1/1000"):
        found += [
            Case("lattice {−15…15}²", lattice(15, 2), alpha),
            Case("lattice {−4…4}³", lattice(4, 3), alpha),
            Case("lattice {−2…2}⁴", lattice(2, 4), alpha),
            Case("lattice {−1…1}⁶, all at rest", lattice(1, 6), alpha),
            Case("1000 draws of {−10…10}³", drawn_lattice(1000, 10, 3), alpha),
            Case("1000 draws of {−3…3}⁴", drawn_lattice(1000, 3, 4), alpha),
            Case("1000 draws of {−1…1}⁸", drawn_lattice(1000, 1, 8), alpha),
            Case("{−4…4}³ off by 1e-15", near_ties(lattice(4, 3), 1e-15), alpha),
            Case("{−15…15}² off by 1e-9", near_ties(lattice(15, 2), 1e-9), alpha),
        ]
    return found


def decided(case: Case) -> tuple[Settled, Equilibrium]:
    """From the array to who leads since when, kinds, faces, clusters and the rate, proved."""
    result = settle(Configuration.from_binary64(case.tokens, alpha=case.alpha))
    e = result.equilibrium()
    asked = (e.leaders, e.kinds, e.clusters, e.faces, e.rate)
    if not (isinstance(result, Settled) and all(asked[:3])):
        raise RuntimeError(f"{case.name} has not settled")
    return result, e


class Costs(NamedTuple):
    """Seconds of CPU time: the exact result, and what it is compared with."""

    decided: float
    limits: float
    plain: float
    simulated: float
    looped: float
    fractions: float


def simulation(case: Case) -> tuple[int, bool]:
    """The layers that the simulation needs, and whether they are run and counted or estimated."""
    alpha, n = float(Fraction(case.alpha)), len(case.tokens)
    if n <= FULL_LAYER and np.abs(vectorised_layer(case.tokens, alpha) - case.tokens).max() < STILL:
        return 1, True
    layers = expected_layers(case.tokens, alpha)
    if layers * n * n > FULL_RUN:
        return layers, False
    return layers_to_rest(case.tokens, alpha)[0], True


def measured(case: Case, layers: int, run: bool) -> Costs:
    """One round, all sides in turn."""
    Z, step, n = case.tokens, Fraction(case.alpha), len(case.tokens)
    alpha = float(step)
    start = process_time()
    settled, equilibrium = decided(case)
    known = process_time() - start
    if len(equilibrium.limits) != n:
        raise RuntimeError(f"{case.name} has {len(equilibrium.limits)} limits")
    whole = process_time() - start
    if run:
        start = process_time()
        layers_to_rest(Z, alpha)
        simulated = process_time() - start
    else:
        part = max(1, 4_000_000 // n)
        simulated = layers * seconds_per_layer(partial(vectorised_layer, Z, alpha), n, part)
    part = max(1, 4_000_000 // n)
    plain = layers * seconds_per_layer(partial(plain_layer, Z, alpha), n, part)
    part = max(1, 20_000 // n)
    looped = layers * seconds_per_layer(partial(looped_layer, Z, alpha), n, part)
    rows = [[Fraction(x) for x in z] for z in Z[:1000].tolist()]
    m = len(rows)
    one = seconds_per_layer(partial(fraction_layer, rows, step), m, max(1, 4_000 // m))
    return Costs(known, whole, plain, simulated, looped, (settled.layer + 1) * one * (n / m) ** 2)


def row(case: Case) -> str:
    """One line of the table."""
    layers, run = simulation(case)
    settled = decided(case)[0].layer
    rounds = [measured(case, layers, run) for _ in range(1 if len(case.tokens) > FULL_LAYER else 5)]
    cost = Costs(*(median(side) for side in zip(*rounds, strict=True)))
    line = (
        f"| {case.name} | {case.alpha} | {settled} | {in_words(cost.decided)} "
        f"| {in_words(cost.limits)} | {layers}{'' if run else ' *'} | {in_words(cost.plain)} "
        f"| {in_words(cost.simulated)} | {cost.plain / cost.decided:,.3g} "
        f"| {cost.simulated / cost.decided:,.3g} | {cost.looped / cost.decided:,.3g} "
        f"| {cost.fractions / cost.decided:,.3g} |"
    )
    print(line, file=sys.stderr, flush=True)
    return line


def main() -> str:
    """The page."""
    lines = [
        "# The exact result against simulating it",
        "",
        "CPU time, medians of runs taken in turn, one thread. *Decided* is "
        "`settle(Configuration.from_binary64(array, alpha)).equilibrium()` with who leads since "
        "when, kinds, faces, clusters and rate: a proof about infinitely many layers. *With "
        "limits* has the limit of every token as rationals besides, of which a leader has d and "
        "which in high dimension cost more than the decision. *Plain* is a float64 simulation as "
        "one writes it in NumPy (all products at once), *blocked* the same tuned: block by block "
        "in the same buffers. Either is run until no coordinate moves by "
        f"{STILL:g}, which proves nothing; plain is measured by one layer. "
        "*Loop* is the same simulation token by token, in the style of published code. "
        "*Fractions* is the exact layers up to the settled one in `fractions.Fraction`, without "
        "the proof that the pattern stands. The last four columns say how many times the cost of "
        "the decision each takes.",
        "",
        "What is compared is not one layer with one layer. Most of the gain is stopping early with "
        "a proof, and not asking rows again that are locked; the simulation goes on for as many "
        "layers as λ = 1/(1+α) needs to become small. Loop and Fractions are measured on a part "
        "of one layer and scaled up, with the layers of the simulation and the settled layer; "
        "so are simulations marked *, whose layers are estimated from λ. Where nothing moves, as "
        "in {−1…1}⁶ or among a thousand Gaussian tokens in dimension 64, one layer of the "
        "simulation is all there is to compare with.",
        "",
        "| tokens | α | settled layer | decided | with limits | layers | plain | blocked "
        "| plain ÷ decided | blocked ÷ decided | loop ÷ decided | Fractions ÷ decided |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*lines, *map(row, cases())])
