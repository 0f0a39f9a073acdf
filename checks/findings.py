"""What `hardmax run` reports of a configuration: one plain object, exact numbers as text.

Tokens are counted as in the input. Where repeated tokens were merged, each place is spread out
again to its copies: they share limit, kind, face, cluster and attention set, and a leading place
lists every copy as a leader.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flint import fmpq

from theory import (
    HARDMAX,
    Configuration,
    Cycling,
    Dynamics,
    Equilibrium,
    HardmaxError,
    Rate,
    Settled,
    Undecided,
)
from theory.dynamics import Pattern
from theory.equilibrium import Leader, leaders_of
from theory.exact import text
from theory.exponential import NoLimit
from theory.matrices import Vector
from theory.places import copies_of, spread
from theory.readable import outward
from theory.schedules.forms import ProductLimit, ScheduledForm
from theory.schedules.formulas import expression

Result = Settled | Cycling | Undecided


def findings(
    result: Result, places: Sequence[int], configuration: Configuration, file: str | None
) -> dict[str, Any]:
    """The object of ``hardmax run --json``.

    Parameters
    ----------
    result : the decision about the configuration of places.
    places : the place of each token; 0, 1, 2, … where nothing was merged.
    configuration : the configuration as given, with its copies.
    file : where it came from.

    What is not certified is None: everything but the hypotheses if the result is undecided, and
    everything but the settled layer and its attention if the tokens have no limits (which needs (H)
    to fail); `shortfall` tells why. Tokens that tend to no limits may tend to a cycle: `period` is
    the number of layers after which it returns, and entry r of `limit_cycle` has the limits of the
    layers k + r, k + r + `period`, … for each token, with k the settled layer. Where the attention
    pattern never settles but returns, k is `returns_from`, and `patterns` has that of each of these
    layers; `limits` are told too if they are the same at each. Of other layers than hardmax
    attention `dynamics` has the keys that state them, and of layers that end `final` has the last
    one with its tokens. Under a schedule `decay` bounds how tokens come near to their limits, by
    (k!)^`factorials` `base`^k k^`power` (log k)^`logarithms` for large k; it is None if all rest.
    Limits that are not known to be rational are told in `products`: of each token what is
    `rational`, plus `times` the product of `factor` over the layers from `from` on (with an `order`
    j, the coefficient of x^j in the product of `factor` + `pull`·x), and an `enclosure` of each
    coordinate. Where schedules take turns k counts turns, in both: `turn` has its `layers` and the
    layer `from` which the first begins.

    >>> from theory import settle
    >>> c = Configuration([[2], [1], [1]], alpha=1)
    >>> merged, places = c.merged()
    >>> told = findings(settle(merged), places, c, None)
    >>> told["limits"], told["kinds"], told["attention"]
    ([['2'], ['2'], ['2']], ['leader', 'vertex', 'vertex'], [[0], [0], [0]])
    """
    settled = result if isinstance(result, Settled) else None
    dynamics = result.trajectory.dynamics
    equilibrium = _equilibrium(result)
    copies = copies_of(places)
    return {
        "file": file,
        "name": configuration.name,
        "settled_layer": None if settled is None else settled.layer,
        **_limits(equilibrium, places, copies),
        "attention": None if settled is None else _attention(settled.pattern, places, dynamics),
        "rate": None if equilibrium is None else _rate(equilibrium.rate),
        "hypotheses": dynamics.hypotheses(result.configuration).as_dict(),
        **_of_cycles(result, places),
        **_of_schedules(result, places),
        **_of_others(result, places),
    }


def shortfall(result: Result) -> str | None:
    """Why `findings` cannot report everything, or None if it does."""
    if isinstance(result, Undecided):
        return f"undecided: {result.reason}"
    try:
        _ = result.limit_cycle
    except HardmaxError as error:
        if isinstance(result, Cycling):
            return f"the attention returns from layer {result.layer} on, and {error}"
        return f"settled at layer {result.layer}, and {error}"
    return None


def trajectory(result: Result, places: Sequence[int], layers: int) -> list[dict[str, Any]]:
    """The tokens and attention sets at the layers 0, …, `layers`, in the indices of the input.

    A run that ends has no attention at its end, since no layer follows: that is None, and the last.
    """
    whole, told = result.trajectory, []
    ends = whole.dynamics.ends
    for k in range(layers + 1 if ends is None else min(layers, ends) + 1):
        tokens = [_point(whole.tokens(k)[p]) for p in places]
        attention = None
        if k != ends:
            attention = _attention(whole.pattern(k), places, whole.dynamics)
        told.append({"tokens": tokens, "attention": attention})
    return told


def at_tokens(comparison: Mapping[str, Any], places: Sequence[int]) -> dict[str, Any]:
    """A numerical comparison of places, as a dict, with its token indices those of the input.

    A difference at a place is reported at its first copy; a lost leader lists every copy. The
    numbers of leaders stay numbers of places.
    """
    copies = copies_of(places)
    told = dict(comparison)
    if (difference := told.get("first_difference")) is not None:
        told["first_difference"] = difference | {
            "token": copies[difference["token"]][0],
            "exact": sorted(c for p in difference["exact"] for c in copies[p]),
            "observed": sorted(c for p in difference["observed"] for c in copies[p]),
        }
    if (lost := told.get("lost_leaders")) is not None:
        spread_out = [leader | {"token": c} for leader in lost for c in copies[leader["token"]]]
        told["lost_leaders"] = sorted(spread_out, key=lambda leader: leader["token"])
    return told


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    upper = {} if rate.upper is None else {"upper": text(rate.upper)}
    return {"base": text(rate.base), **upper, "degree": rate.degree}


def _of_cycles(result: Result, places: Sequence[int]) -> dict[str, Any]:
    """What is told where tokens tend to a cycle, or attention returns."""
    if isinstance(result, Undecided):
        return {}
    try:
        cycle = [[_point(rows[p]) for p in places] for rows in result.limit_cycle]
    except HardmaxError:
        cycle = None
    if isinstance(result, Settled):
        return {"period": len(cycle), "limit_cycle": cycle} if cycle and len(cycle) > 1 else {}
    dynamics, shared = result.dynamics, {}
    if cycle is not None and all(points == cycle[0] for points in cycle):
        shared = {"limits": cycle[0]}
    length = result.period if cycle is None else len(cycle)
    patterns = [result.pattern_at(result.layer + r) for r in range(length)]
    return {
        **shared,
        "returns_from": result.layer,
        "period": length,
        "patterns": [_attention(pattern, places, dynamics) for pattern in patterns],
        "limit_cycle": cycle,
    }


def _of_schedules(result: Result, places: Sequence[int]) -> dict[str, Any]:
    """What is told of a settled run under a schedule."""
    forms = [] if isinstance(result, Undecided) else result.closed_form
    scheduled = [form for form in forms if isinstance(form, ScheduledForm)]
    if not scheduled:
        return {}
    course = scheduled[0].course
    decay = course.decay([form.token for form in scheduled])
    told: dict[str, Any] = {"decay": None}
    if course.turn > 1 and decay is not None:
        told["turn"] = {"layers": course.turn, "from": course.steady}
    if decay is not None:
        told["decay"] = {
            "power": text(decay.power),
            "base": text(decay.base),
            "factorials": decay.degree,
            "logarithms": decay.logarithms,
        }
    try:
        limits = [course.limit(scheduled[p].token) for p in places]
    except NoLimit:
        return told
    if isinstance(result, Settled) and any(isinstance(x, ProductLimit) for x in limits):
        rests = result.tokens(result.layer)
        led = leaders_of(result.history, result.places, rests, result.dynamics.ties)
        told["leaders"] = _leaders(led, copies_of(places))
        told["products"] = [{"token": i, **_product(limit)} for i, limit in enumerate(limits)]
    return told


def _product(limit: Vector | ProductLimit) -> dict[str, Any]:
    if not isinstance(limit, ProductLimit):
        limit = ProductLimit(limit, ())
    terms = []
    for c, row in limit.kept:
        term: dict[str, Any] = {"factor": expression(c.product.ratio), "from": c.since}
        if c.order:
            term |= {"pull": str(c.gamma), "order": c.order}
        terms.append({**term, "times": _point(row)})
    ends = [[outward(low, -1), outward(high, 1)] for low, high in limit.enclosure(128)]
    return {"rational": _point(limit.rational), "terms": terms, "enclosure": ends}


def _equilibrium(result: Result) -> Equilibrium | None:
    try:
        return result.equilibrium()
    except HardmaxError:
        return None


def _limits(
    equilibrium: Equilibrium | None, places: Sequence[int], copies: Sequence[Sequence[int]]
) -> dict[str, Any]:
    if equilibrium is None:
        return dict.fromkeys(["leaders", "limits", "kinds", "faces", "clusters"])
    return {
        "leaders": _leaders(equilibrium.leaders, copies),
        "limits": [_point(equilibrium.limits[p]) for p in places],
        "kinds": [equilibrium.kinds[p] for p in places],
        "faces": {
            str(i): sorted(c for q in equilibrium.faces[p] for c in copies[q])
            for i, p in enumerate(places)
            if p in equilibrium.faces
        },
        "clusters": sorted(
            sorted(c for p in cluster for c in copies[p]) for cluster in equilibrium.clusters
        ),
    }


def _leaders(leaders: Sequence[Leader], copies: Sequence[Sequence[int]]) -> list[dict[str, Any]]:
    told = [
        {"token": c, "since_layer": leader.since_layer, "position": _point(leader.position)}
        for leader in leaders
        for c in copies[leader.token]
    ]
    return sorted(told, key=lambda leader: leader["token"])


def _attention(pattern: Pattern, places: Sequence[int], dynamics: Dynamics) -> list[list[int]]:
    sets = spread(pattern, places, copies_of(places), dynamics.ties)
    return [list(attended) for attended in sets]


def _of_others(result: Result, places: Sequence[int]) -> dict[str, Any]:
    """What is told besides of layers that are not hardmax attention, or that end."""
    dynamics = result.trajectory.dynamics
    if dynamics == HARDMAX:
        return {}
    keys = {key: value for key, value in dynamics.keys.items() if value is not None}
    if dynamics.ends is None:
        return {"dynamics": keys}
    tokens = result.trajectory.tokens(dynamics.ends)
    final = {"layer": dynamics.ends, "tokens": [_point(tokens[p]) for p in places]}
    return {"dynamics": keys, "final": final}


def _point(row: Sequence[fmpq]) -> list[str]:
    return [text(x) for x in row]
