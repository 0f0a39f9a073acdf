"""Floats are read as they are, and decide nothing, where another library changed the arithmetic."""

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from tests.modes import DOWN, FLUSH, SETTABLE, SUBNORMALS_ARE_ZERO, TOWARDS_ZERO, UP, mode
from theory import Configuration, Settled, settle
from theory.arithmetic import is_standard
from theory.exact import FEW, dyadic, fraction, from_binary64
from theory.fast.filter import Image
from theory.fast.walk import FilteredWalk
from theory.solve import path_of

pytestmark = pytest.mark.skipif(not SETTABLE, reason="sets the modes of an x86-64 under Linux")

MODES = {
    "results flushed": FLUSH,
    "subnormals are zero": SUBNORMALS_ARE_ZERO,
    "both, as built for speed": FLUSH | SUBNORMALS_ARE_ZERO,
    "down": DOWN,
    "up": UP,
    "towards zero": TOWARDS_ZERO,
}

LEAST = 5e-324


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
def test_a_mode_is_noticed_when_it_is_set_and_no_longer(bits: int) -> None:
    assert is_standard()
    with mode(bits):
        noticed = not is_standard()
    assert noticed
    assert is_standard()
    with mode(0):
        noticed = not is_standard()
    assert not noticed


def test_the_modes_are_really_set() -> None:
    with mode(SUBNORMALS_ARE_ZERO):
        lost = float(np.array([LEAST])[0] * 2.0**60)
    assert lost == 0.0
    assert np.array([LEAST])[0] * 2.0**60 > 0


GIVEN: dict[str, Any] = {
    "an array": np.array([[LEAST, -LEAST], [-0.0, 1.0]]),
    "a long array": np.tile(np.array([[LEAST, -LEAST], [-0.0, 1.0]]), (FEW, 1)),
    "float32": np.array([[1e-45, -1e-45], [-0.0, 1.0]], np.float32),
    "float16": np.array([[6e-8, -6e-8], [-0.0, 1.0]], np.float16),
    "lists": [[LEAST, -LEAST], [-0.0, 1.0]],
    "lists with ints": [[LEAST, -LEAST], [0, 1]],
}


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
@pytest.mark.parametrize("name", GIVEN)
def test_subnormal_tokens_are_read_as_they_are(name: str, bits: int) -> None:
    rows, step = GIVEN[name], np.float64(LEAST)
    wanted = Configuration.from_binary64(rows, step, A=rows[:2])
    assert wanted.hypotheses.nonzero
    assert fraction(wanted.alpha) == Fraction(1, 2**1074)
    with mode(bits):
        found = Configuration.from_binary64(rows, step, A=rows[:2])
        kept = found.binary64
        hypotheses = found.hypotheses
    assert (found, found.alpha, hypotheses) == (wanted, wanted.alpha, wanted.hypotheses)
    assert kept is None
    assert all(map(any, found.tokens))


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
def test_a_mode_set_later_changes_no_token(bits: int) -> None:
    rows = np.array([[LEAST, 1.0], [0.0, 1.0], [2 * LEAST, 1.0], [0.0, -LEAST]])
    c = Configuration.from_binary64(rows, 1)
    with mode(bits):
        distinct, nonzero, tokens = c.hypotheses.distinct, c.hypotheses.nonzero, c.tokens
        scalar, table = from_binary64(LEAST), dyadic(rows)
    assert distinct
    assert nonzero
    assert tokens[0] == (fmpq(1, 2**1074), fmpq(1))
    assert (scalar, table) == (fmpq(1, 2**1074), list(tokens))


def drawn(seed: int) -> Configuration:
    """Near-ties, subnormal against the greatest token, that floats alone could not tell apart."""
    r = random.Random(seed)
    rows = [[r.gauss(0, 1) for _ in range(3)] for _ in range(80)]
    rows += [[x * (1 + 2.0**-52), y, z + r.choice([0.0, 1e-310])] for x, y, z in rows[:20]]
    rows += [[r.choice([0.0, 1e-310]), r.choice([LEAST, 3e-320]), 1e-300] for _ in range(10)]
    return Configuration.from_binary64(np.array(rows), "1/3")


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
def test_the_filter_is_not_asked_then(bits: int) -> None:
    c = drawn(0)
    assert path_of(c) == "filtered"
    wanted = settle(c, path="exact")
    with mode(bits):
        path, found = path_of(c), settle(c)
    assert path == "exact"
    assert isinstance(found, Settled)
    assert found == wanted


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
def test_the_filter_excludes_nothing_then(bits: int) -> None:
    lattice = Configuration([[x, y] for x in range(-4, 5) for y in range(-4, 5)], 1)
    for c in (drawn(1), lattice):
        image = Image.of(c)
        assert (image.maximisers().sole >= 0).any()
        with mode(bits):
            other = Image.of(c)
            during, decided = image.maximisers(), image.maximisers().decided
            moved = Image.of(c).moved(c.lam, np.arange(c.size), {}, c.multiplicities)
            near = image.contenders([c.tokens[0]])[0]
        for maximisers in (during, other.maximisers(), moved.maximisers()):
            assert (maximisers.sole < 0).all()
            assert not maximisers.decided
            assert all(len(columns) == c.size for columns in maximisers.open.values())
        assert not decided
        assert len(near) == c.size


@pytest.mark.parametrize("bits", MODES.values(), ids=MODES)
def test_a_mode_set_on_the_way_changes_no_answer(bits: int) -> None:
    c = drawn(2)
    plain = FilteredWalk(c)
    changed = FilteredWalk(c)
    for _ in range(3):
        plain.advance()
        with mode(bits):
            changed.advance()
    assert list(changed.history.patterns()) == list(plain.history.patterns())
    filtered = settle(c, path="filtered")
    assert isinstance(filtered, Settled)
    wanted = settle(c, path="exact").equilibrium()
    with mode(bits):
        found = filtered.equilibrium()
        kinds = found.kinds, found.faces, found.limits
    assert kinds == (wanted.kinds, wanted.faces, wanted.limits)
