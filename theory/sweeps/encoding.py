"""A sweep as a JSON object, and its polynomials and numbers in words.

A polynomial is written twice: as text, and as its integer coefficients, the constant one first; a
rational function has those of its numerator and of its denominator, in lowest terms, and at a break
an enclosure of what it is there. A number that is not rational is the one root of its minimal
polynomial in an enclosure.
"""

from collections.abc import Sequence
from typing import Any

from flint import arb, ctx, fmpq, fmpz, fmpz_poly

from theory.exact import text
from theory.readable import outward
from theory.schedules.quotients import Quotient
from theory.sweeps.numbers import Root
from theory.sweeps.values import Piece, Sweep

PLACES = 24
"""Decimals of an enclosure."""


def polynomial(p: fmpz_poly, x: str) -> str:
    """The polynomial as text.

    >>> polynomial(fmpz_poly([-4, 0, 1, -7]), "alpha"), polynomial(fmpz_poly([]), "x")
    ('-7*alpha^3 + alpha^2 - 4', '0')
    """
    words = ""
    for k, c in reversed([*enumerate(p.coeffs())]):
        if not c:
            continue
        size, power = abs(int(c)), "" if not k else x if k == 1 else f"{x}^{k}"
        term = "*".join([str(size)] * (size != 1 or not k) + [power] * bool(k))
        sign = "-" if c < 0 else "+"
        words += f" {sign} {term}" if words else f"{'-' * (c < 0)}{term}"
    return words or "0"


def factored(p: fmpz_poly, x: str) -> str:
    """The polynomial as a product of powers.

    >>> factored(fmpz_poly([1, 1]) ** 3 * 4, "x"), factored(fmpz_poly([2, 4]), "x")
    ('4*(x + 1)^3', '2*(2*x + 1)')
    """
    unit, factors = p.factor()
    words = [str(unit)] * (unit != 1 or not factors)
    for factor, times in factors:
        inner = polynomial(factor, x)
        inner = inner if inner == x else f"({inner})"
        words.append(inner if times == 1 else f"{inner}^{times}")
    return "*".join(words)


def function(f: Quotient, x: str) -> str:
    """The rational function as text, its denominator as a product.

    >>> function(Quotient.of(fmpz_poly([0, 1]), fmpz_poly([1, 2, 1])), "x")
    'x/(x + 1)^2'
    >>> function(Quotient.constant(fmpq(-2, 3)), "x")
    '-2/3'
    """
    above = polynomial(f.above, x)
    if f.below.is_one():
        return above
    above = f"({above})" if " " in above else above
    below = factored(f.below, x)
    return f"{above}/({below})" if "*" in below else f"{above}/{below}"


def number(root: Root, x: str) -> dict[str, Any]:
    """A number: exact where it is rational, and its minimal polynomial with an enclosure.

    >>> number(Root.rational(fmpq(1, 2)), "alpha")["exact"]
    '1/2'
    """
    low, high = enclosure(root)
    return {
        "exact": None if root.value is None else text(root.value),
        "polynomial": polynomial(root.polynomial, x),
        "coefficients": list(root.coefficients),
        "enclosure": [low, high],
    }


def enclosure(root: Root, places: int = PLACES) -> tuple[str, str]:
    """Two decimals between which the number is; of a rational one, itself twice.

    >>> from theory.sweeps.numbers import isolated
    >>> enclosure(*isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(2)), places=3)
    ('1.414', '1.415')
    """
    if root.value is not None:
        return text(root.value), text(root.value)
    near = root.narrowed(fmpq(1, fmpz(10) ** (places + 3)))
    return outward(near.low, -1, places), outward(near.high, 1, places)


def enclosed(f: Quotient, root: Root, places: int = PLACES) -> tuple[str, str]:
    """Two decimals between which a function is at a number.

    >>> from theory.sweeps.numbers import isolated
    >>> root, = isolated(fmpz_poly([-2, 0, 1]), fmpq(0), fmpq(2))
    >>> enclosed(Quotient.of(fmpz_poly([1]), fmpz_poly([1, 1])), root, places=3)
    ('0.414', '0.415')
    """
    if root.value is not None:
        return text(f(root.value)), text(f(root.value))
    bits, near, unit = 64, root, fmpq(1, fmpz(10) ** (places + 1))
    while True:
        near = near.narrowed(fmpq(1, fmpz(1) << bits))
        with ctx.workprec(4 * bits):
            x = arb(near.low).union(arb(near.high))
            below = f.below(x)
            if not below.contains(0):
                ball = f.above(x) / below
                low, high = ball.lower().fmpq(), ball.upper().fmpq()
                if high - low < unit:
                    return outward(low, -1, places), outward(high, 1, places)
        bits *= 2


def as_dict(sweep: Sweep) -> dict[str, Any]:
    """The object of ``hardmax sweep --json``, but for the name of its file.

    `pieces` has the breaks, each `at` a number, and the intervals `from` one `to` another, with
    whether these are `closed`, in order. Of a piece that is not `decided` `reason` says why, and
    `history` is known as far as it goes: the layers from which on tokens attend otherwise.
    Polynomials are in the `symbol`, and have integer coefficients, the constant one first.

    >>> from theory import Configuration
    >>> from theory.sweeps import steps
    >>> from theory.sweeps.walk import sweep as swept
    >>> told = as_dict(swept(steps(Configuration([[0, 1], [1, 1], [2, 0]], 1), 1, 4)))
    >>> told["range"], told["pieces"][0]["settled_layer"], told["pieces"][0]["limits"][1]
    (['1', '4'], 3, [{'text': '2', 'numerator': [2], 'denominator': [1]}, {'text': '0', ...}])
    """
    family, x = sweep.family, sweep.symbol
    return {
        "name": sweep.configuration.name,
        "parameter": sweep.parameter,
        "symbol": x,
        "range": [text(family.low), text(family.high)],
        "decided": sweep.decided,
        "breaks": len(sweep.breaks),
        "pieces": [_piece(piece, x) for piece in sweep.pieces],
    }


def _piece(piece: Piece, x: str) -> dict[str, Any]:
    found = piece.outcome
    told: dict[str, Any] = {"kind": "break" if piece.is_break else "interval"}
    if piece.is_break:
        told["at"] = number(piece.low, x)
    else:
        told |= {
            "from": number(piece.low, x),
            "to": number(piece.high, x),
            "closed": [piece.low_closed, piece.high_closed],
        }
    return told | {
        "decided": piece.decided,
        "reason": piece.reason,
        "settled_layer": None if found is None else piece.layer,
        "leaders": None
        if found is None
        else [{"token": i, "since_layer": since} for i, since in found.leaders],
        "kinds": None if found is None else list(found.kinds),
        "limits": None
        if found is None
        else [_functions(row, x, piece.low if piece.is_break else None) for row in found.limits],
        "history": [
            {"layer": layer, "attention": list(map(list, pattern))}
            for layer, pattern in piece.history
        ],
    }


def _functions(row: Sequence[Quotient], x: str, root: Root | None) -> list[dict[str, Any]]:
    """The coordinates of a limit, at a break with what they are there."""
    return [
        {
            "text": function(f, x),
            "numerator": list(map(int, f.above.coeffs())),
            "denominator": list(map(int, f.below.coeffs())),
            **({} if root is None else {"enclosure": list(enclosed(f, root))}),
        }
        for f in row
    ]
