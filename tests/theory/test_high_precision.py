"""Many digits beside exact answers: they agree where they can, and say where they cannot."""

from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import mpmath
import pytest
from cases import cases
from flint import arb, ctx, fmpq

from theory import Configuration, HardmaxError, Settled, Trajectory, settle
from theory.numerics import high_precision
from theory.numerics.high_precision import attention_weights, simulate, targets

DIGITS = 120
SMALL = fmpq(1, 10**90)
NEAR_TIE: Any = [["1", "0"], ["1", "1e-40"], ["2", "0"], ["2", "1e-40"]]


def exact(x: Any) -> fmpq:
    """The rational that a number of mpmath's is."""
    sign, mantissa, exponent, _ = x._mpf_
    return fmpq((-1) ** sign * int(mantissa)) * fmpq(2) ** int(exponent)


def away(rows: Any, points: Any) -> fmpq:
    """The largest distance of a coordinate."""
    assert [len(row) for row in rows] == [len(point) for point in points]
    return max(
        abs(exact(x) - y)
        for row, point in zip(rows, points, strict=True)
        for x, y in zip(row, point, strict=True)
    )


def settled(case: Any) -> Settled:
    result = settle(Configuration(case["tokens"], case["alpha"], case["A"]), keep_copies=True)
    assert isinstance(result, Settled)
    return result


@pytest.mark.parametrize("seed", [1, 2])
def test_layers_and_their_attention_are_the_exact_ones(seed: int) -> None:
    for case in islice(cases(24, seed), 24):
        configuration = Configuration(case["tokens"], case["alpha"], case["A"])
        trajectory = Trajectory(configuration)
        for k, layer in enumerate(simulate(configuration, 5, digits=DIGITS)):
            assert layer.pattern == trajectory.pattern(k)
            assert away(layer.tokens, trajectory.tokens(k)) < SMALL


def test_multiplicities_are_weights() -> None:
    weighted = Configuration([[1, 1], [1, -1], ["1/4", 0]], 1, multiplicities=[3, 1, 1])
    plain = Configuration([[1, 1], [1, -1], ["1/4", 0]], 1)
    for configuration, unlike in ((weighted, plain), (plain, weighted)):
        last = list(simulate(configuration, 3, digits=DIGITS))[-1]
        assert away(last.tokens, Trajectory(configuration).tokens(3)) < SMALL
        assert away(last.tokens, Trajectory(unlike).tokens(3)) > fmpq(1, 10)


def test_limits_of_settle_are_where_many_layers_arrive() -> None:
    """After t layers what is left is the slowest term, times what the tokens' size allows."""
    told = 0
    for case in islice(cases(40, 3), 40):
        result = settled(case)
        truth = result.equilibrium()
        rate = truth.rate
        base = rate.base if rate else fmpq(0)
        if result.layer > 20 or abs(base) > fmpq(3, 4):
            continue
        last = list(simulate(result.configuration, result.layer + 60, digits=DIGITS))[-1]
        left = 10**6 * max(abs(base), fmpq(1, 2)) ** 60
        assert away(last.tokens, truth.limits) < left < fmpq(1, 10)
        false = [[x + 1 for x in point] for point in truth.limits]
        assert away(last.tokens, false) > left
        told += 1
    assert told > 10


def test_closed_forms_are_where_layers_arrive() -> None:
    for case in islice(cases(24, 4), 24):
        result = settled(case)
        if result.layer > 20:
            continue
        layers = list(simulate(result.configuration, result.layer + 8, digits=DIGITS))
        for t in (0, 3, 8):
            points = [list(form(t)) for form in result.closed_form]
            assert away(layers[result.layer + t].tokens, points) < SMALL


def test_a_near_tie_is_a_tie_within_the_tolerance() -> None:
    near = Configuration(NEAR_TIE, 1)
    truth = Trajectory(near).pattern(0)
    assert truth[1] == (3,)
    for arguments, agrees in (
        ({"digits": 20}, False),
        ({"digits": 200}, True),
        ({"digits": 200, "tolerance": "1e-60"}, False),
        ({"digits": 200, "tolerance": 0}, True),
    ):
        more: dict[str, Any] = arguments
        assert (next(simulate(near, 0, **more)).pattern == truth) is agrees


def test_products_that_cancel_are_ties_next_to_what_cancels() -> None:
    """⟨(1, 1, 1), ·⟩ is 0 for all three up to rounding: nothing is large but the summands."""
    tokens: Any = [["1/3", "1/7", "-10/21"], ["1/7", "-10/21", "1/3"], [1, 1, 1]]
    A: Any = [[1, 0, 0], [0, 1, 0], [0, 0, 0]]
    configuration = Configuration([*tokens, ["1/3", "-1/3", 5]], 1, A)
    truth = Trajectory(configuration).pattern(0)
    assert next(simulate(configuration, 0, digits=30)).pattern == truth


def test_no_global_precision_is_read_or_set() -> None:
    near = Configuration(NEAR_TIE, 1)
    before = mpmath.mp.prec
    wanted = [targets(near, 3), attention_weights(near, 3), list(simulate(near, 2))]
    assert mpmath.mp.prec == before
    with mpmath.workdps(5):
        found = [targets(near, 3), attention_weights(near, 3), list(simulate(near, 2))]
    assert found == wanted
    assert exact(targets(near, 3)[0][1]) != exact(targets(near, 3, digits=20)[0][1])


def test_weights_add_up_to_one_and_targets_are_their_means() -> None:
    configuration = Configuration([[1, 2], [0, 1], [-1, 3]], 1, multiplicities=[1, 2, 3])
    weights = attention_weights(configuration, "3/2", digits=DIGITS)
    for row, target in zip(weights, targets(configuration, "3/2", digits=DIGITS), strict=True):
        assert abs(sum(map(exact, row)) - 1) < SMALL
        mean = [
            sum((exact(p) * z[s] for p, z in zip(row, configuration.tokens, strict=True)), fmpq(0))
            for s in range(2)
        ]
        assert away([target], [mean]) < SMALL
    assert away(weights, attention_matrix(configuration, Fraction(3, 2), 1)) < SMALL
    assert away(weights, attention_matrix(configuration, Fraction(3, 2), 2)) > fmpq(1, 100)


def attention_matrix(configuration: Configuration, beta: Fraction, times: int) -> Any:
    """The weights by exponentials that FLINT makes, at β times something."""
    with ctx.workprec(900):
        rows = []
        for x in configuration.tokens:
            products = [
                sum((a * b for a, b in zip(x, y, strict=True)), fmpq(0))
                for y in configuration.tokens
            ]
            powers = [
                arb(w) * arb(fmpq(beta.numerator, beta.denominator) * times * p).exp()
                for w, p in zip(configuration.multiplicities, products, strict=True)
            ]
            total = sum(powers, arb(0))
            rows.append([middle(power / total) for power in powers])
        return rows


def middle(ball: Any) -> fmpq:
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"layers": -1}, "layers = -1|layer = -1|-1"),
        ({"digits": 0}, "digits = 0"),
        ({"digits": True}, "digits = True"),
        ({"digits": 2.5}, "digits = 2.5"),
        ({"tolerance": -1}, "tolerance = -1"),
        ({"tolerance": 0.1}, "0.1"),
        ({"configuration": [[1]]}, "a Configuration"),
    ],
)
def test_misuse_is_told_at_once(arguments: Any, told: str) -> None:
    with pytest.raises(HardmaxError, match=told):
        simulate(**{"configuration": Configuration([[1]], 1), "layers": 1, **arguments})


@pytest.mark.parametrize("ask", [attention_weights, targets])
def test_misuse_of_softmax_is_told(ask: Any) -> None:
    case = Configuration([[1]], 1)
    for arguments, told in (
        ((case, 0), "beta = 0"),
        ((case, "hot"), "beta"),
        (([[1]], 1), "a Configuration"),
    ):
        with pytest.raises(HardmaxError, match=told):
            ask(*arguments)
    with pytest.raises(HardmaxError, match="digits = -3"):
        ask(case, 1, digits=-3)


def test_it_is_nobody_elses_business() -> None:
    """An opinion decides nothing: no module of the project asks for it."""
    root = Path(str(high_precision.__file__)).parents[2]
    files = [
        path
        for room in ("theory", "checks", "sentiment")
        for path in (root / room).rglob("*.py")
        if path.name != "high_precision.py"
    ]
    assert files
    assert not [path for path in files if "high_precision" in path.read_text(encoding="utf-8")]
