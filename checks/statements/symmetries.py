"""Claims about what commutes with the layers: symmetries, and the merging of repeated tokens.

The proofs are in `paper_notes.md` (symmetries; section 6 for the merging).
"""

from collections.abc import Sequence
from hashlib import shake_256

from flint import fmpq, fmpq_mat, fmpz_mat

from checks.layer import Layer
from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation
from theory import Configuration, Pattern, Settled, Trajectory, settle
from theory.exponential import Form
from theory.matrices import as_matrix
from theory.places import copies_of, spread

LAYERS = 4
"""Two runs are compared on so many layers at most; of a symmetry, on the first of `Run.layers`."""

TIMES = (0, 1, 2, 5)
"""Times at which closed forms that are no exponential polynomials are compared."""

MOST = 128
"""Tokens beyond which two runs are not compared: it costs much, and nothing new is met."""


@claim(
    "permutation-symmetry",
    r"Permuting the tokens permutes attention sets, layers, and limits.",
    hypotheses=(),
)
def permutation_symmetry(run: Run) -> Outcome:
    c = run.configuration
    if not 2 <= c.size <= MOST:
        return None
    order = sorted(range(c.size), key=_digits(run, c.size).__getitem__)
    if order == sorted(order):
        order.reverse()
    places = fmpz_mat([[int(i == j) for j in range(c.size)] for i in order])
    position = {i: place for place, i in enumerate(order)}
    tokens, weights = c.tokens, c.multiplicities
    moved = c.altered(
        tokens=tuple([tokens[i] for i in order]), multiplicities=tuple([weights[i] for i in order])
    )
    carried: dict[Pattern, Pattern] = {}

    def carry(pattern: Pattern) -> Pattern:
        if pattern not in carried:
            sets = [
                (position[attended[0]],)
                if len(attended) == 1
                else tuple(sorted([position[j] for j in attended]))
                for attended in pattern
            ]
            carried[pattern] = tuple([sets[i] for i in order])
        return carried[pattern]

    other = Trajectory(moved, run.dynamics)
    for k in run.layers[:LAYERS]:
        if other.pattern(k) != carry(run.pattern(k)):
            return Violation("the permuted tokens attend otherwise", k)
        state = other.state(k)
        if not run.at(k).permuted(places).stands_at(state.matrix, state.denominator):
            return Violation("the permuted tokens move otherwise", k)
    if isinstance(run.settling, Settled):
        again = settle(moved, run.max_layers, other, keep_copies=True, dynamics=run.dynamics)
        if not isinstance(again, Settled) or again.layer != run.settled.layer:
            return Violation("the permuted configuration settles at another layer")
        if again.history != tuple([(k, carry(pattern)) for k, pattern in run.settled.history]):
            return Violation("the permuted configuration attends otherwise")
        if not _same_forms(run, again, [run.settled.closed_form[i] for i in order]):
            return Violation("the permuted configuration has another limit")
    return True


@claim(
    "scaling-symmetry",
    r"$Z\mapsto cZ$ and $A\mapsto cA$ $(c>0)$ leave the attention pattern as it is and commute "
    r"with the layer.",
    hypotheses=(),
)
def scaling_symmetry(run: Run) -> Outcome:
    c = run.configuration
    if c.size > MOST:
        return None
    factor = fmpq(7, 3)
    larger = tuple([tuple([factor * x for x in row]) for row in c.tokens])
    stretched = tuple([tuple([factor * x for x in row]) for row in c.A])
    longer, wider = c.altered(tokens=larger), c.altered(A=stretched)
    layers = [run.at(k) for k in run.layers[:LAYERS]]
    for words, moved, wanted in (
        ("scaled tokens", longer, [layer.scaled(factor) for layer in layers]),
        ("a scaled matrix", wider, layers),
    ):
        differs = _differs(run, moved, wanted)
        if differs is not None:
            return Violation(f"{words}: the layers differ", differs)
    return True


@claim(
    "coordinate-symmetry",
    r"$(Z,A)\mapsto(BZ,B^{-\top}AB^{-1})$ for invertible $B$ leaves the attention pattern as it is "
    r"and commutes with the layer.",
    hypotheses=(),
)
def coordinate_symmetry(run: Run) -> Outcome:
    c = run.configuration
    if c.size > MOST:
        return None
    B = _invertible(c.dimension, _digits(run, c.dimension * (c.dimension + 2)))
    inverse = B.inv()
    matrix = inverse.transpose() * as_matrix(c.A) * inverse

    numerators, divisor = B.transpose().numer_denom()
    wanted = [run.at(k).mapped(numerators, divisor) for k in run.layers[:LAYERS]]
    rows = tuple(map(tuple, matrix.table()))
    moved = c.altered(tokens=wanted[0].tokens(), A=rows)
    differs = _differs(run, moved, wanted)
    return True if differs is None else Violation("in other coordinates layers differ", differs)


@claim(
    "pattern-independent-of-step",
    r"The attention pattern at a given $Z$ does not depend on $\alpha$.",
    hypotheses=(),
)
def pattern_independent_of_step(run: Run) -> Outcome:
    c = run.configuration
    if c.size > MOST:
        return None
    steps = [alpha for alpha in (c.alpha + 1, fmpq(1, 97)) if alpha != -1]
    for k in run.layers[:LAYERS]:
        alpha = steps[k % len(steps)]  # another step at each layer
        moved = c.altered(tokens=run.tokens(k), alpha=alpha)
        if Trajectory(moved, run.dynamics).pattern(0) != run.pattern(k):
            return Violation(f"with the step {alpha} the same tokens attend otherwise", k)
    return True


@claim(
    "merging-commutes",
    r"Merging repeated tokens into places with multiplicities and then running the layers is the "
    r"same as running the layers and then merging.",
    hypotheses=(),
)
def merging_commutes(run: Run) -> Outcome:
    merged, places = run.source.merged()
    if merged.size == run.source.size or merged.size > MOST:
        return None
    apart, together = (Trajectory(x, run.dynamics) for x in (run.source, merged))
    copies = [run.dynamics.ties.copies(tuple(some)) for some in copies_of(places)]
    for k in range(LAYERS):
        tokens, at_places = apart.tokens(k), together.tokens(k)
        for i, p in enumerate(places):
            if tokens[i] != at_places[p]:
                return Violation("copies run apart from their place", k, (i,))
        if apart.pattern(k) != spread(together.pattern(k), places, copies):
            return Violation("copies attend otherwise than their place", k)
    return True


def _same_forms(run: Run, other: Settled, forms: Sequence[Form]) -> bool:
    """Whether the closed forms of another run are these: by their terms, or by some values."""
    if run.exponential:
        return other.closed_form == tuple(forms)
    pairs = [*zip(other.closed_form, forms, strict=True)]
    return all(form(t) == wanted(t) for form, wanted in pairs for t in TIMES)


def _differs(run: Run, moved: Configuration, wanted: Sequence[Layer]) -> int | None:
    """The first layer at which `moved` has other patterns than `run`, or tokens not `wanted`."""
    other = Trajectory(moved, run.dynamics)
    for k, tokens in zip(run.layers, wanted, strict=False):
        state = other.state(k)
        if other.pattern(k) != run.pattern(k) or not tokens.stands_at(
            state.matrix, state.denominator
        ):
            return k
    return None


def _digits(run: Run, count: int) -> bytes:
    """Random bytes that depend on the configuration alone, so that verdicts can be repeated."""
    c = run.configuration
    seed = hash((c, c.alpha.p, c.alpha.q))
    return shake_256(seed.to_bytes(8, "big", signed=True)).digest(count)


def _invertible(d: int, digits: bytes) -> fmpq_mat:
    """An invertible rational matrix: unit lower times nonzero-diagonal upper triangular.

    Each of its d (d + 2) choices takes one of the random digits.
    """
    numbers = [digit % 5 - 2 for digit in digits[: d * d]]
    own = [(-2, -1, 1, 2)[digit % 4] for digit in digits[d * d : -d]]
    divisors = [(1, 3)[digit % 2] for digit in digits[-d:]]
    lower, upper = fmpq_mat(d, d), fmpq_mat(d, d)
    for i in range(d):
        lower[i, i] = fmpq(1)
        upper[i, i] = fmpq(own[i], divisors[i])
        for j in range(i):
            lower[i, j] = fmpq(numbers[i * d + j], divisors[j])
            upper[j, i] = fmpq(numbers[j * d + i])
    return lower * upper
