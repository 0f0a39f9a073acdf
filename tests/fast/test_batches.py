"""Batches: the same answers as one by one, numbers that never wrap, and errors that are noticed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import combinations, product
from math import lcm
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from cases import cases
from gallery import GALLERY
from reference import brute_layer, brute_pattern

from theory import Configuration, HardmaxError, Settled, Undecided, settle
from theory.fast import batches, lanes, shared
from theory.fast.batches import Batch, settle_batch
from theory.settling import MAX_LAYERS

Matrix = list[list[int]]

TILTED: Matrix = [[2, 1], [1, 3]]
STRETCHED: Matrix = [[1, 0], [0, 100]]


class Family(NamedTuple):
    """A batch and the step and matrix that it is settled with."""

    tokens: Any
    alpha: str
    A: Matrix | None = None


def lattice(count: int, n: int, d: int, radius: int, seed: int) -> Any:
    """Random integer tokens, at times zero, at times repeated."""
    return np.random.default_rng(seed).integers(-radius, radius + 1, (count, n, d))


def mirrored(count: int, pairs: int, d: int, radius: int, seed: int) -> Any:
    """Pairs (±x, y) and one token (0, y): ties that last, and ties whose tokens move."""
    half = lattice(count, pairs, d, radius, seed)
    axis = lattice(count, 1, d, radius, seed + 1) * ([0] + [1] * (d - 1))
    return np.concatenate([half, half * ([-1] + [1] * (d - 1)), axis], axis=1)


def collinear(count: int, n: int, radius: int, seed: int) -> Any:
    """Multiples of one direction."""
    factors = lattice(count, n, 1, radius, seed)
    return factors * lattice(count, 1, 2, 3, seed + 1)


def box(radius: int, n: int, d: int = 2) -> Any:
    """Every n-subset of the box without the origin."""
    points = [p for p in product(range(-radius, radius + 1), repeat=d) if any(p)]
    return np.array(list(combinations(points, n)))


def gallery() -> Iterator[tuple[str, Family]]:
    """The gallery's exhibits, scaled to integers, one a batch."""
    for name, exhibit in GALLERY.items():
        c = Configuration(exhibit["tokens"], exhibit["alpha"], exhibit["A"])
        scale = lcm(*(int(x.q) for row in c.tokens for x in row))
        A = None if exhibit["A"] is None else [list(row) for row in exhibit["A"]]
        tokens = [[[int(x * scale) for x in row] for row in c.tokens]]
        yield f"gallery: {name}", Family(tokens, str(c.alpha), A)


SMALL = {
    **dict(gallery()),
    "lattice": Family(lattice(250, 6, 2, 8, 1), "1/2"),
    "lattice at 1": Family(lattice(250, 6, 2, 8, 2), "1"),
    "box": Family(box(1, 4), "1"),
    "two of the box": Family(box(2, 2), "1"),
    "ties": Family(lattice(200, 5, 2, 2, 3), "2/3"),
    "cube": Family(lattice(200, 7, 3, 1, 4), "1"),
    "mirrored": Family(mirrored(150, 2, 3, 3, 5), "1"),
    "mirrored in the plane": Family(mirrored(150, 3, 2, 4, 7), "3"),
    "collinear": Family(collinear(150, 5, 6, 8), "1/3"),
    "one token": Family(lattice(20, 1, 2, 1, 10), "1/2"),
    "two tokens": Family(lattice(100, 2, 1, 3, 11), "1/2"),
    "copies": Family(np.repeat(lattice(60, 3, 2, 3, 12), 2, axis=1), "1/2"),
    "nine tokens": Family(lattice(40, 9, 2, 3, 13), "2"),
    "small step": Family(lattice(60, 6, 2, 8, 14), "1/10"),
    "tiny step": Family(lattice(20, 5, 2, 8, 15), "1/40"),
    "step of no size": Family(lattice(60, 3, 2, 2, 16), "1/1000000000000000000000000"),
    "huge step": Family(lattice(60, 6, 2, 8, 17), "1000000000000000000000000"),
    "odd step": Family(lattice(60, 6, 2, 8, 18), "1048583/3145739"),
    "matrix": Family(lattice(100, 5, 2, 4, 19), "1/2", TILTED),
    "stretched": Family(lattice(100, 5, 2, 4, 20), "1", STRETCHED),
    "huge matrix": Family(lattice(60, 4, 2, 4, 21), "1", [[2**61, 1], [1, 2**70]]),
    "indefinite": Family(lattice(30, 4, 2, 2, 22), "1", [[1, 2], [2, 1]]),
    "lopsided": Family(lattice(30, 4, 2, 2, 23), "1", [[1, 1], [0, 1]]),
    "negative step": Family(lattice(30, 4, 2, 2, 24), "-1/2"),
    "no step": Family(lattice(30, 4, 2, 2, 25), "0"),
    **{
        f"2^{bits}": Family(lattice(60, 5, 2, 2**bits, bits), "1/2")
        for bits in (28, 29, 30, 31, 32, 40, 62)
    },
    "overtaken between": Family([[[-2, 2, 5], [5, 3, 4], [2, 2, 5], [-5, 3, 4], [0, 1, 0]]], "1/3"),
    "overtaken in the limit": Family(
        [[[-5, 3, 5], [0, 0, 1], [5, 3, 5], [0, 0, 1], [0, 5, 4]]], "1/3"
    ),
    "long numbers": Family(lattice(100, 5, 2, 2**40, 26), "1/2"),
    "limits of the type": Family(
        [[[-(2**63), 2**63 - 1], [2**63 - 1, 0], [1, 1]], [[1, 1], [0, 2], [-3, 1]]], "1"
    ),
    "beyond 64 bits": Family(mirrored(60, 2, 2, 3, 29).astype(object) * 3**60, "1/2"),
    "far beyond 64 bits": Family(lattice(20, 4, 2, 2**30, 30).astype(object) * 2**900 + 1, "1/3"),
    "beyond every bound": Family(lattice(4, 3, 2, 3, 31).astype(object) * 2**4096, "1/2"),
    "wide ties": Family(mirrored(100, 2, 2, 3, 27) * 2**28, "1/2"),
    "ties of two limbs": Family(mirrored(60, 2, 2, 2**40, 35), "1/2"),
    "wide mirrored": Family(mirrored(100, 2, 3, 40_000, 28), "1/1000"),
}


TOGETHER_SETTLED = (
    *("lattice", "ties", "cube", "copies", "small step", "long numbers", "matrix"),
    *("ties of two limbs", "wide ties", "beyond 64 bits"),
)
"""Families of which none is settled on its own."""


def differences(family: Family, batch: Batch, max_layers: int = MAX_LAYERS) -> Iterator[str]:
    """Where the arrays say something else than `settle`, configuration by configuration."""
    if len(batch) != len(family.tokens):
        yield f"{len(batch)} answers for {len(family.tokens)} configurations"
        return
    for k, rows in enumerate(np.asarray(family.tokens).tolist()):
        one = settle(Configuration(rows, family.alpha, family.A), max_layers)
        wanted: Any = (-1, (), [0] * len(rows), [-1] * len(rows))
        if isinstance(one, Settled):
            masks = [sum(2**j for j in attended) for attended in one.pattern]
            own = [
                tuple(j for j, row in enumerate(rows) if row == rows[i]) for i in range(len(rows))
            ]
            since = [
                next(at for at, kept in one.history if kept[i] == own[i]) if last == own[i] else -1
                for i, last in enumerate(one.pattern)
            ]
            wanted = (one.layer, one.history, masks, since)
        found = (
            batch.layer[k].item(),
            batch.history(k),
            batch.pattern[k].tolist(),
            batch.since[k].tolist(),
        )
        if found != wanted:
            yield f"{rows}: {found}, not {wanted}"


def other_answers(family: Family, batch: Batch) -> Iterator[str]:
    """Where `batch[k]` is not what `settle` answers."""
    for k, rows in enumerate(np.asarray(family.tokens).tolist()):
        c = Configuration(rows, family.alpha, family.A)
        one, again = settle(c), batch[k]
        if again.configuration != c or again.trajectory.configuration != c:
            yield f"{rows}: {again.configuration}"
        elif isinstance(one, Undecided):
            if not isinstance(again, Undecided) or again.reason != one.reason:
                yield f"{rows}: {again}"
        elif isinstance(again, Undecided):
            yield f"{rows}: {again.reason}"
        elif (one.history, one.closed_form) != (again.history, again.closed_form):
            yield f"{rows}: {again.history}"
        elif any(
            one.trajectory.pattern(at) != again.trajectory.pattern(at)
            for at in range(min(one.layer, 20) + 2)
        ):
            yield f"{rows}: other layers"
        elif c.alpha > 0 and one.equilibrium() != again.equilibrium():
            yield f"{rows}: {again.equilibrium()}"


def settled_batch(family: Family, **options: Any) -> Batch:
    return settle_batch(family.tokens, family.alpha, family.A, **options)


@pytest.mark.parametrize("name", SMALL)
def test_the_batch_says_what_settling_one_by_one_says(name: str) -> None:
    assert not list(differences(SMALL[name], settled_batch(SMALL[name])))


@pytest.mark.parametrize("name", SMALL)
def test_every_answer_is_that_of_settle(name: str) -> None:
    family = SMALL[name]
    few = Family(family.tokens[:20], family.alpha, family.A)
    assert not list(other_answers(few, settled_batch(few)))


LARGE = {
    "lattice": (lattice(3000, 6, 2, 8, 101), "1/2"),
    "ties": (lattice(3000, 5, 2, 2, 102), "1"),
    "solid": (lattice(2500, 6, 3, 2, 103), "1/2"),
    "mirrored": (mirrored(1500, 2, 2, 4, 104), "2"),
    "box": (box(1, 6), "3/2"),
    "small step": (lattice(300, 5, 2, 8, 105), "1/7"),
}


@pytest.mark.parametrize("name", LARGE)
def test_thousands_of_configurations(name: str) -> None:
    family = Family(*LARGE[name])
    batch = settled_batch(family)
    assert not list(differences(family, batch))
    assert batch.fallback.mean() < 0.02


def test_the_independent_reference_agrees() -> None:
    """The layers of random cases, made from the definition, beyond the last change."""
    compared = 0
    for case in cases(120, seed=5):
        scale = lcm(*(x.denominator for row in case["tokens"] for x in row))
        tokens = [[int(x * scale) for x in row] for row in case["tokens"]]
        if max(abs(x) for row in tokens for x in row) >= 2**63:
            continue
        A = case["A"] and [[str(x) for x in row] for row in case["A"]]
        batch = settle_batch([tokens], str(case["alpha"]), A)
        found = batch.history(0)
        places: Any = [[Fraction(x) for x in row] for row in tokens]
        patterns = dict(found)
        for layer in range(min(found[-1][0], 30) + 4):
            pattern = brute_pattern(places, [1] * len(places), case["A"])
            patterns.setdefault(layer, patterns.get(layer - 1))
            assert patterns[layer] == pattern
            places = brute_layer(places, [1] * len(places), case["A"], case["alpha"])
        compared += 1
    assert compared > 60


# ------------------------------------------------------------------------------ the phenomena


def test_the_families_reach_what_they_are_for() -> None:
    """The same answers prove little if nothing happens in the families."""
    fallbacks = {name: settled_batch(family).fallback for name, family in SMALL.items()}
    for name in ("indefinite", "lopsided", "negative step", "no step"):
        assert fallbacks[name].all()
    for name in ("moving-tie", "resonance-of-degree-two", "late-by-resonance"):
        assert fallbacks[f"gallery: {name}"].all()
    assert not fallbacks["gallery: face-limit"].any()
    for name in TOGETHER_SETTLED:
        assert not fallbacks[name].any()
    ties = settled_batch(SMALL["ties"])
    assert (np.bitwise_count(ties.pattern) > 1).any(axis=1).mean() > 0.2
    assert settled_batch(SMALL["gallery: emerging-leader"]).since.max() == 2
    assert settled_batch(SMALL["lattice"]).layer.max() >= 4
    assert (settled_batch(SMALL["tiny step"]).layer > 20).any()


@pytest.mark.parametrize("max_layers", [0, 1, 2, 3])
def test_budgets_are_those_of_settle(max_layers: int) -> None:
    for name in ("mirrored", "copies", "lattice", "small step"):
        batch = settled_batch(SMALL[name], max_layers=max_layers)
        assert not list(differences(SMALL[name], batch, max_layers))
    assert (batch.layer < 0).any()
    k = int(np.flatnonzero(batch.layer < 0)[0])
    assert "budget" in getattr(batch[k], "reason", "")


def test_blocks_of_any_size_give_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    family = SMALL["mirrored"]
    whole = settled_batch(family)
    for size in (1, 700, 10**9):
        monkeypatch.setattr(batches, "BLOCK", size)
        other = settled_batch(family)
        for name in ("layer", "pattern", "since", "fallback"):
            assert (getattr(whole, name) == getattr(other, name)).all()
        for old, new in zip(whole.changes, other.changes, strict=True):
            assert (old == new).all()


# -------------------------------------------------------------------- numbers that never wrap


@contextmanager
def shadowed(module: ModuleType) -> Iterator[list[int]]:
    """Repeat every operation on 64-bit integers in Python's; the list gets the greatest results.

    A difference, which only a number that wrapped can make, is an `OverflowError`.
    """
    greatest = [0]
    originals = {
        name: getattr(module, name) for name in ("gram", "image", "means", "stands", "moved")
    }

    def wide(value: Any) -> Any:
        number = isinstance(value, np.ndarray) and value.dtype == np.int64
        return value.astype(object) if number else value

    def shadow(name: str) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            result = originals[name](*arguments)
            if any(argument is not wide(argument) for argument in arguments):
                exact = originals[name](*map(wide, arguments))
                if (exact != result).any():
                    raise OverflowError(name)
                if result.dtype == np.int64:
                    greatest[0] = max([greatest[0], *map(abs, exact.flat)])
            return result

        return run

    try:
        for name in originals:
            setattr(module, name, shadow(name))
        yield greatest
    finally:
        for name, original in originals.items():
            setattr(module, name, original)


def edge(bits: int, scale: float, seed: int) -> Any:
    """Tokens whose numbers reach 2^bits, as near as random ones do, with ties and without."""
    radius = int(2**bits * scale)
    ties, plain = mirrored(12, 3, 2, radius, seed), lattice(6, 7, 2, radius, seed + 1)
    own = lattice(6, 7, 2, radius // 8, seed + 2)
    own[:, 0] = [radius, 0]  # in its attention set with the next token, halfway to which it moves
    own[:, 1] = [radius, radius // 3 * 2 + 1]
    return np.concatenate([ties, plain, own, -abs(ties), -abs(plain)])


EDGES = {
    **{
        f"{scale} * 2^{bits} at {alpha}{' tilted' * bool(A)}": Family(
            edge(bits, scale, 200 + bits), alpha, A
        )
        for bits, scale, alpha, A in product(
            (20, 28, 29, 30, 31), (0.7, 1.4), ("1", "1/1000", "999"), (None, TILTED)
        )
    },
    **{
        f"{name} 2^{bits}": Family(box(2, 3)[::20] * 2**bits, "1/2", A)
        for name, A in {"plain": None, "tilted": TILTED, "huge": [[2**40, 0], [0, 1]]}.items()
        for bits in (8, 24, 27, 28, 29, 30)
    },
}
"""Numbers on both sides of each of the guards."""


@pytest.mark.parametrize("name", list(EDGES)[::4])
def test_numbers_at_the_guards_are_settled_right(name: str) -> None:
    family = Family(EDGES[name].tokens[::3], *EDGES[name][1:])
    assert not list(differences(family, settled_batch(family)))


@pytest.mark.parametrize("name", ["lattice", "ties", "mirrored", "copies", "one token", "matrix"])
def test_ends_are_where_the_limits_are(name: str) -> None:
    family = SMALL[name]
    batch = settled_batch(family)
    told = untold = 0
    for k in range(0, len(batch), 7):
        e = batch[k].equilibrium()
        stands = {leader.token: leader.position for leader in e.leaders}
        for limit, kind, end in zip(e.limits, e.kinds, batch.ends[k].tolist(), strict=True):
            if end >= 0:
                assert limit == stands[end]
                assert end == min(i for i in stands if stands[i] == limit)
                told += 1
            else:
                assert kind not in ("leader", "vertex")
                untold += 1
    assert told
    assert untold or name in ("one token", "copies", "lattice", "matrix")


def test_nothing_ends_where_nothing_is_decided() -> None:
    batch = settle_batch([[[0, 1], [1, 1], [2, 0]]], "1/3", max_layers=1)
    assert batch.layer.tolist() == [-1]
    assert batch.ends.tolist() == [[-1, -1, -1]]


# ------------------------------------------------------------------------------ planted errors

IMPORT = "from theory.fast.shared import"

TOGETHER = "".join(Path(part.__file__).read_text(encoding="utf-8") for part in (shared, lanes))
SOURCE = "".join(line for line in TOGETHER.splitlines(keepends=True) if IMPORT not in line)
"""`theory.fast.shared` and `theory.fast.lanes` as one module."""

MUTANTS = {
    "guard 1": ("fits = np.all(inside, axis=(0, 1))", "fits = np.ones(going.lanes.size, bool)"),
    "guard 2": ("within(common <= shared.fits // 2 // size)", "within(common > 0)"),
    "guard 3": ("(common <= shared.steps // size, on)", "(common > 0, on)"),
    "guard 3 without L": ("(common <= shared.steps // size, on)", "(size <= shared.steps, on)"),
    "guard 3 without b": ("fits // (self.above + self.below)", "fits // self.above"),
    "a limit too high": ("\nLIMIT = 2**62", "\nLIMIT = 2**68"),
    "limbs too long": ("SPLIT_LIMIT = 2**110", "SPLIT_LIMIT = 2**126"),
    "limbs without the lowest": ("low & LOWEST, -1)", "0, -1)"),
    "limbs without the middle": ("(middle & LOWEST) << LIMB | ", ""),
    "limbs without a carry": ("maximal(high + (middle >> LIMB))", "maximal(high)"),
    "limbs without the lower carry": ("middle = middle + (low >> LIMB)", "pass"),
    "limbs of two tokens mixed up": (
        "gram(shared, H, M) + gram(shared, L, K)",
        "gram(shared, H, K) + gram(shared, L, M)",
    ),
    "what stopped is forgotten": ("return _Going.joined(stopped)", "return going"),
    "the layer is forgotten": ("layer=going.layer + 1)", "layer=0 * going.layer)"),
    "a matrix without size": ("isqrt(self.limit // self.total)", "isqrt(self.limit)"),
    "only numbers above 0": ("np.abs(going.X).max", "going.X.max"),
    "no limit below": (" & np.greater_equal(going.X, -shared.fits)", ""),
    "first index only": (
        "np.equal(products, greatest[:, None])",
        "np.arange(len(products))[:, None] == products.argmax(axis=1)[:, None]",
    ),
    "no matrix": ("if shared.A is not None:", "if False:"),
    "any single token leads": ("(masks == place) & leads", "(masks == place)"),
    "a follower locks": ("locked(masks, going.copies)", "locked(masks, masks)"),
    "copies of one coordinate": ("same &= X[i, s] == X[j, s]", "same &= True"),
    "means not weighted": ("total * share[:, None, tied]", "total"),
    "step upside down": (
        "shared.below * common * X + shared.above * targets",
        "shared.above * common * X + shared.below * targets",
    ),
    "no common divisor of one token": ("layer.reshape(n * d, count)", "layer[0]"),
    "targets that move": (
        "constant: Flags = ~np.any(",
        "constant = np.any(np.arange(2) > 0) | np.any(",
    ),
    "only the first coefficient": ("for other in (None, X)", "for other in (None,)"),
    "only the second coefficient": ("for other in (None, X)", "for other in (X,)"),
    "tied tokens are not compared": ("(most | ~equal[..., chosen])", "(most | True)"),
    "settled at the first layer": (
        "np.where(changed, going.layer, going.stood)",
        "0 * going.lanes",
    ),
    "leads since now": (
        "going.copies[:, changed]) & (leading < 0)",
        "going.copies[:, changed])",
    ),
    "copies do not lead": (
        "(change.masks == going.copies[:, changed])",
        "(change.masks == _bits(len(masks)))",
    ),
    "one budget more": ("(going.layer < last)", "(going.layer <= last)"),
}
"""Each an error in the source, with what it stands for."""


def mutated(old: str, new: str) -> ModuleType:
    assert SOURCE.count(old) == 1, old
    module = ModuleType("mutated_lanes")
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(SOURCE.replace(old, new), "mutated_lanes", "exec"), vars(module))
    return module


def noticed(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch, reached: list[int] | None = None
) -> str | None:
    """The first family with which the error is noticed, if it is; what all others reached."""
    for name in ("LIMIT", "SPLIT_LIMIT", "Shared", "settle_lanes"):
        monkeypatch.setattr(batches, name, getattr(module, name))
    for name, family in {**SMALL, **EDGES}.items():
        try:
            with shadowed(module) as greatest, np.errstate(over="ignore"):
                batch = settled_batch(family)
                short = settled_batch(family, max_layers=1) if name == "lattice" else None
        except OverflowError:
            return name
        if reached is not None:
            reached += greatest
        if greatest[0] > 2**62 or (name in SMALL and any(differences(family, batch))):
            return name
        if name in TOGETHER_SETTLED and batch.fallback.any():
            return name
        if short is not None and any(differences(family, short, 1)):
            return name
    return None


@pytest.mark.parametrize("mutant", MUTANTS)
def test_planted_errors_are_noticed(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert noticed(mutated(*MUTANTS[mutant]), monkeypatch) is not None


def test_no_number_wraps_and_none_exceeds_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is anything else noticed of the source itself."""
    reached: list[int] = []
    assert noticed(mutated(SOURCE[:40], SOURCE[:40]), monkeypatch, reached) is None
    assert len(reached) == len(SMALL) + len(EDGES)
    assert shared.LIMIT // 8 < max(reached[len(SMALL) :]) <= shared.LIMIT
    assert max(reached) <= shared.LIMIT


# -------------------------------------------------------------------------------------- input


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ([[1, 2], [3, 4]], r"shape \(2, 2\)"),
        ([], r"shape \(0,\)"),
        (np.zeros((3, 0, 2), int), "1 to 32 tokens"),
        (np.zeros((3, 2, 0), int), "1 to 32 tokens"),
        (np.zeros((1, 33, 1), int), "1 to 32 tokens"),
        ([[[0.5]]], "float64, 0.5 first"),
        ([[[True]]], "bool, True first"),
        ([[["1"]]], "'1' first"),
        ([[[2**64, 1.5]]], "object, 18446744073709551616 first"),
        (np.array([[[True]]], object), "object, True first"),
        (np.ones((1, 1, 1), np.uint64), "uint64"),
        ([[[1, 2], [3]]], "tokens: "),
        ([[[float("nan")]]], "nan first"),
        ([[[None]]], "None first"),
    ],
)
def test_bad_tokens(tokens: Any, message: str) -> None:
    with pytest.raises(HardmaxError, match=message):
        settle_batch(tokens, 1)


def test_bad_steps_matrices_and_budgets() -> None:
    for options, message in (
        ({"alpha": -1}, "alpha = -1"),
        ({"alpha": 0.5}, "alpha: the float 0.5"),
        ({"alpha": 1, "A": [[1, 0]]}, "A has 1 row"),
        ({"alpha": 1, "A": [[1.0, 0], [0, 1]]}, "the float 1.0"),
        ({"alpha": 1, "max_layers": -1}, "max_layers = -1"),
        ({"alpha": 1, "max_layers": 2.0}, "max_layers = 2.0"),
        ({"alpha": 1, "max_layers": 2**70}, "max_layers = "),
    ):
        with pytest.raises(HardmaxError, match=message):
            settle_batch([[[1, 2]]], **options)  # type: ignore[arg-type]  # misuse is the point


def test_no_configurations() -> None:
    batch = settle_batch(np.zeros((0, 3, 2), int), 1)
    assert len(batch) == 0
    assert batch.layer.shape == (0,)
    assert batch.pattern.shape == batch.since.shape == batch.leads.shape == (0, 3)
    with pytest.raises(IndexError):
        batch[0]


def test_places_are_counted_like_those_of_a_list() -> None:
    batch = settle_batch([[[1], [2]], [[3], [2]]], 1)
    assert batch[-1].configuration.tokens == batch[1].configuration.tokens == ((3,), (2,))
    assert [answer.configuration for answer in batch] == [batch.configuration(k) for k in (0, 1)]
    for k in (2, -3):
        with pytest.raises(IndexError):
            batch.history(k)
        with pytest.raises(IndexError):
            batch.configuration(k)


def test_the_input_is_copied_and_the_output_is_frozen() -> None:
    tokens = np.array([[[1, 2], [2, 1]]])
    batch = settle_batch(tokens, 1)
    tokens[:] = 7
    assert batch.configuration(0).tokens == ((1, 2), (2, 1))
    for array in (batch.tokens, batch.layer, batch.pattern, batch.since, *batch.changes):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


@pytest.mark.parametrize("n", [8, 9, 16, 17, 32])
def test_masks_are_wide_enough(n: int) -> None:
    family = Family(np.arange(1, n + 1).reshape(1, n, 1) * np.array([[[1]], [[-1]]]), "1")
    batch = settled_batch(family)
    assert not list(differences(family, batch))
    assert batch.pattern[0].tolist() == [2 ** (n - 1)] * n


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.uint32])
def test_short_integers_do_not_wrap_either(kind: Any) -> None:
    tokens = np.array([[[100, 27], [127, 1], [90, 90]]], kind)
    assert not list(differences(Family(tokens, "1/3"), settle_batch(tokens, "1/3")))


def test_rational_matrices_are_scaled() -> None:
    tokens = lattice(50, 4, 2, 3, 300)
    half = settle_batch(tokens, "1/2", [["1/2", "1/3"], ["1/3", 2]])
    assert not half.fallback.any()
    assert (half.pattern == settle_batch(tokens, "1/2", [[3, 2], [2, 12]]).pattern).all()
