"""How long patterns stand that linear maps carry on: exactly, or for ever.

For p patterns in turn, with an `Orbit` of p maps, the pattern of each phase r stands at all turns
s iff every f_il(s) = ⟨z_i, z_j − z_l⟩, of the tokens at the time p s + r and with the matrix A of
that layer, has the signs that the dynamics wants of it (section 3.2 of the notes, for each phase).
Such a sequence has order at most B = m (m + 1) / 2, m the degree of the orbit's polynomial, so
that its first 2 B values tell it, and `theory.beyond.recurrences` decides (section 3.8; ours).
"""

from collections.abc import Iterator, Sequence

from flint import fmpq_mat, fmpz, fmpz_mat

from theory.beyond.linear import Orbit, Rows, layer_map
from theory.beyond.recurrences import first_unwanted
from theory.configuration import Configuration
from theory.dynamics import Dynamics, Pattern
from theory.exact import Undecidable
from theory.rules import ZERO, Signs

MOST_VALUES = 2_000_000
"""Products that are made for one proof, over all pairs of tokens and all layers looked at."""


def orbit_of(
    configuration: Configuration,
    dynamics: Dynamics,
    tokens: Rows,
    patterns: Sequence[Pattern],
    layer: int,
) -> Orbit:
    """The orbit of the `tokens` of a layer, if from there on the patterns stand in turn."""
    pulls = [dynamics.pull(configuration, layer + r) for r in range(len(patterns))]
    wide = any(isinstance(pull, fmpq_mat) for pull in pulls)
    dimension = configuration.dimension if wide else 1
    maps = [
        layer_map(pattern, pull, configuration.multiplicities, dimension)
        for pattern, pull in zip(patterns, pulls, strict=True)
    ]
    return Orbit(tuple(maps), tokens)


def first_departure(
    configuration: Configuration,
    dynamics: Dynamics,
    orbit: Orbit,
    patterns: Sequence[Pattern],
    layer: int,
) -> int | None:
    """The first time at which one attends otherwise than its pattern says; None if it never does.

    `layer` is that of time 0. Raises `Undecidable` where a sign is not decided.
    """
    phases, size = len(patterns), configuration.size
    degree, repeats = orbit.polynomial.degree(), orbit.repeats
    bound = max(1, degree * (degree + 1) // 2)
    turns = 2 * bound if repeats is None else repeats
    locked = set(dynamics.locked(configuration, patterns[0], layer))
    asked: list[list[tuple[int, int, int, Signs]]] = []
    for pattern in patterns:
        rows = [i for i in range(size) if i not in locked or pattern[i] != patterns[0][i]]
        asked.append(list(_asked(dynamics, pattern, rows)))
    count = turns * sum(map(len, asked))
    if count > MOST_VALUES:
        raise Undecidable(
            f"the pattern's linear map has order {degree}: {count:,} products would be made, "
            f"{MOST_VALUES:,} are"
        )
    forms = [dynamics.scores.form(configuration, layer + r) for r in range(phases)]
    values: list[list[list[fmpz]]] = [[[] for _ in pairs] for pairs in asked]
    turning = orbit.first
    for turn in range(turns):
        state = turning
        for r, (matrix, _) in enumerate(orbit.integers):
            products = _products(orbit.tokens(state), forms[r])
            for sequence, (i, j, other, wanted) in zip(values[r], asked[r], strict=True):
                x = products[i][j] - products[i][other]
                if (x > 0) - (x < 0) not in wanted:
                    return turn * phases + r
                sequence.append(x)
            state = matrix * state
        turning = state
    if repeats is not None:
        return None
    different = {
        (r, tuple(sequence), wanted): None
        for r, pairs in enumerate(asked)
        for sequence, (_, _, _, wanted) in zip(values[r], pairs, strict=True)
        if wanted != ZERO  # B zeros are zero for ever
    }
    change: int | None = None
    doubt: Undecidable | None = None
    doubtful: list[tuple[int, tuple[fmpz, ...], Signs]] = []
    for r, found, wanted in different:
        try:
            change = _earlier(change, phases, r, found, bound, wanted)
        except Undecidable as error:
            doubt = error
            doubtful.append((r, found, wanted))
    if doubt is not None and change is None:
        raise doubt
    for r, found, wanted in doubtful:
        change = _earlier(change, phases, r, found, bound, wanted)
    return change


def _earlier(
    change: int | None, phases: int, r: int, values: Sequence[fmpz], bound: int, wanted: Signs
) -> int | None:
    """The first of a known change, if there is one, and those of the values of phase r."""
    before = None if change is None else (change - r + phases - 1) // phases
    turn = first_unwanted(values, bound, wanted, before)
    times = [
        time for time in (change, None if turn is None else turn * phases + r) if time is not None
    ]
    return min(times, default=None)


def _asked(
    dynamics: Dynamics, pattern: Pattern, rows: Sequence[int]
) -> Iterator[tuple[int, int, int, Signs]]:
    """i, j, l and the signs that are wanted of ⟨z_i, z_j − z_l⟩."""
    for i in rows:
        for other in dynamics.candidates.of(i, len(pattern)):
            if other != pattern[i][0]:
                yield i, pattern[i][0], other, dynamics.ties.wanted(other, pattern[i])


def _products(tokens: fmpz_mat, form: fmpz_mat | None) -> list[list[fmpz]]:
    asking = tokens if form is None else tokens * form
    return (asking * tokens.transpose()).table()
