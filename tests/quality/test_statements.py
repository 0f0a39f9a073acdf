"""Statements say one thing in the lemma, the claim and the notes, and need all that they assume.

Each lemma is read again here, as a function that looks for a counterexample in one configuration by
the definitions (`tests/reference.py`). None is to be found among configurations that satisfy the
hypotheses that the lemma prints, and that keep none of the others; once a hypothesis is left out
one is found, so that no printed hypothesis is missing or superfluous.
"""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations, pairwise, product
from math import exp
from random import Random
from typing import Any, NamedTuple

import pytest
from flint import fmpq
from reference import (
    Matrix,
    Vector,
    as_matrix,
    brute_layer,
    brute_pattern,
    inner,
    is_symmetric_positive_definite,
    weighted_mean,
)
from test_paper_notes import anchors, notes

from checks.statements import STANDING, claims, find
from theory import Configuration, HardmaxError, Undecided, settle
from theory.hull import in_hull
from theory.lemmas.registry import find as find_lemma
from theory.lemmas.registry import lemmas
from theory.lemmas.statements import STATEMENTS

SYMMETRIES = (
    "permutation-symmetry",
    "scaling-symmetry",
    "coordinate-symmetry",
    "pattern-independent-of-step",
)

# --------------------------------------------------------------------- one text in three places

PHRASES = {
    "tokens nonzero": ("nonzero",),
    "tokens distinct": ("distinct",),
    r"$a$ positive definite": ("positive_definite",),
    r"$\alpha>0$": ("positive_step",),
    "(h)": STANDING,
    "none": (),
}
"""How the notes write the standing hypotheses."""

ROW = re.compile(r"^\| (.*?) \| \[.*?\]\(#(.*?)\).*? \|(.*?)\|(.*?)\|$", re.MULTILINE)
FIELDS = re.compile(r"\*(Statements?|Hypotheses)\.\*(.*?)(?=\*[A-Z]\w+\.\*)", re.DOTALL)


def plain(latex: str) -> str:
    """LaTeX without what only its setting differs in."""
    for old, new in {
        r"\lvert": "|",
        r"\rvert": "|",
        r"\lbrace": r"\{",
        r"\rbrace": r"\}",
        r"\,": "",
        "$$": "$",
    }.items():
        latex = latex.replace(old, new)
    return re.sub(r"\s", "", latex)


def sections(text: str) -> dict[str, str]:
    """The sections of the notes by anchor."""
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    return {
        next(iter(anchors(heading))): body
        for heading, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def hypotheses(words: str) -> tuple[str, ...]:
    """The standing hypotheses named in the first sentence."""
    first = words.split(".")[0]
    named = {name for phrase in first.split(", ") for name in PHRASES[phrase.strip().lower()]}
    return tuple(name for name in STANDING if name in named)


def differences(text: str, statements: dict[str, tuple[str, tuple[str, ...]]]) -> Iterator[str]:
    """Where the notes say other than `statements`, and what either of them lacks."""
    linked = {anchor for _, anchor, *_ in ROW.findall(text)}
    stated = set()
    for anchor, body in sections(text).items():
        names = re.findall(r"\*(?:Claim|Lemma)\.\*\s`([a-z0-9-]+)`", body)
        if len(names) != 1 or names[0] not in statements:
            if re.match(r"[a-z]{1,2}-", anchor):
                yield f"no lemma is named in {anchor}"
            continue
        name = names[0]
        stated.add(name)
        fields = dict(FIELDS.findall(body))
        words, assumed = statements[name]
        if plain(fields.get("Statement", "")) != plain(words):
            yield f"another statement: {name}"
        if hypotheses(fields.get("Hypotheses", "")) != assumed:
            yield f"other hypotheses: {name}"
        if anchor not in linked:
            yield f"not in the table: {name}"
    for name in statements:
        if name not in stated:
            yield f"not in the notes: {name}"


def proved() -> dict[str, tuple[str, tuple[str, ...]]]:
    return {lemma.name: (lemma.statement, lemma.hypotheses) for lemma in lemmas()}


def test_lemmas_and_notes_say_the_same() -> None:
    assert not list(differences(notes(), proved()))


def test_lemmas_and_claims_say_the_same() -> None:
    assert {lemma.name for lemma in lemmas()} == {"means", *STATEMENTS}
    for name, words in STATEMENTS.items():
        lemma, claim = find_lemma(name), find(name)
        assert lemma is not None
        assert lemma.statement is words
        assert claim.statement is words
        assert lemma.hypotheses == claim.hypotheses, name


def test_symmetries_and_notes_say_the_same() -> None:
    fields = dict(FIELDS.findall(sections(notes())["symmetries"]))
    told = re.findall(r"- `([a-z-]+)`: (.*?)(?=\n- |\Z)", fields["Statements"], re.DOTALL)
    assert [name for name, _ in told] == list(SYMMETRIES)
    for name, words in told:
        assert plain(words) == plain(find(name).statement)
        assert find(name).hypotheses == hypotheses(fields["Hypotheses"]) == ()


FEET = r"in the norm $\lvert\cdot\rvert$, onto the face"
WRONG: dict[str, tuple[str, str, str]] = {
    "a hypothesis less": (
        "*Hypotheses.* Tokens nonzero, tokens distinct,",
        "*Hypotheses.* Tokens nonzero,",
        "other hypotheses: limits-are-feet",
    ),
    "a hypothesis more": (
        "*Hypotheses.* $\\alpha>0$. None on $A$. *Source.* Ours.\n\n*Proof.* $z_i'=\\lambda",
        "*Hypotheses.* Tokens nonzero, $\\alpha>0$. *Source.* Ours.\n\n*Proof.* $z_i'=\\lambda",
        "other hypotheses: hulls-shrink",
    ),
    "a word more": (FEET, f"strictly {FEET}", "another statement: limits-are-feet"),
    "a sign": (
        r"\lvert z_j\rvert>\lvert z_i\rvert$: the",
        r"\lvert z_j\rvert\ge\lvert z_i\rvert$: the",
        "another statement: acyclic-attention",
    ),
    "a lemma left out": ("### N. Norms grow", "", "not in the notes: norms-grow"),
    "a lemma without a row": (
        "[FW](#fw-the-frankwolfe-form)",
        "[2](#2-lemmas-about-single-layers)",
        "not in the table: frank-wolfe",
    ),
    "a lemma without code": (
        "### FW. The",
        "### Q. Quick\n\n*Statement.* All is quick.\n\n### FW. The",
        "no lemma is named in q-quick",
    ),
    "a claim that is not named": (
        "*Claim.* `rest-is-a-foot`",
        "*Checked* by `rest-is-a-foot`",
        "not in the notes: rest-is-a-foot",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_notes_that_say_otherwise_are_told(name: str) -> None:
    old, new, told = WRONG[name]
    assert old in notes()
    assert told in list(differences(notes().replace(old, new, 1), proved()))


def test_a_lemma_that_says_otherwise_is_told() -> None:
    said = proved()
    words, assumed = said["limits-are-feet"]
    for wrong in ((words, ("positive_definite",)), (words.replace("Let", "let"), assumed)):
        assert list(differences(notes(), {**said, "limits-are-feet": wrong}))
    assert list(differences(notes(), {**said, "new": ("All is new.", ())})) == [
        "not in the notes: new"
    ]


# ------------------------------------------------------------- each lemma read by the definitions


class World(NamedTuple):
    """A configuration, as the definitions take it."""

    tokens: tuple[Vector, ...]
    A: Matrix
    alpha: Fraction

    def ip(self, x: Vector, y: Vector) -> Fraction:
        return inner(x, y, self.A)

    def sq(self, x: Vector) -> Fraction:
        return self.ip(x, x)

    def pattern(self, tokens: Any) -> Any:
        return patterns(tokens, self.A)

    def targets(self, tokens: Any) -> list[Vector]:
        return [weighted_mean([tokens[j] for j in C], [1] * len(C)) for C in self.pattern(tokens)]

    def layers(self) -> list[tuple[Vector, ...]]:
        return followed(self)

    @property
    def holding(self) -> set[str]:
        """Which of the standing hypotheses hold."""
        told = {
            "nonzero": all(map(any, self.tokens)),
            "distinct": len(set(self.tokens)) == len(self.tokens),
            "positive_definite": is_symmetric_positive_definite(self.A),
            "positive_step": self.alpha > 0,
        }
        return {name for name, holds in told.items() if holds}


@cache
def patterns(tokens: tuple[Vector, ...], A: Matrix) -> Any:
    return brute_pattern(tokens, [1] * len(tokens), A)


@cache
def followed(w: World) -> list[tuple[Vector, ...]]:
    """Layers 0 to 4."""
    found = [w.tokens]
    for _ in range(4):
        found.append(tuple(brute_layer(found[-1], [1] * len(found[-1]), w.A, w.alpha)))
    return found


def away(x: Vector, y: Vector) -> Vector:
    return tuple(a - b for a, b in zip(x, y, strict=True))


def exact(x: Vector) -> Any:
    return tuple(fmpq(a.numerator, a.denominator) for a in x)


Reading = Callable[[World], bool]
FALSE_IN: dict[str, Reading] = {}
"""Whether a lemma is false of a configuration."""


def reading(name: str) -> Callable[[Reading], Reading]:
    def register(false: Reading) -> Reading:
        FALSE_IN[name] = false
        return false

    return register


@reading("means")
def means(w: World) -> bool:
    z, weights = w.tokens, [k % 3 + (k == 0) for k in range(len(w.tokens))]
    mean = weighted_mean(list(z), weights)
    return any(w.ip(u, mean) > max(w.ip(u, x) for x in z) for u in (*z, away(z[0], z[-1])))


@reading("norms-grow")
def norms_grow(w: World) -> bool:
    gamma = w.alpha / (1 + w.alpha)
    for z, after in zip(w.layers(), w.layers()[1:], strict=False):
        for x, y, m in zip(z, after, w.targets(z), strict=True):
            gain = w.sq(y) - w.sq(x)
            if gain < gamma**2 * w.sq(away(m, x)) or gain < 0 or (gain == 0) != (x == y):
                return True
    return False


@reading("hulls-shrink")
def hulls_shrink(w: World) -> bool:
    (z, after) = w.layers()[:2]
    return not all(in_hull(exact(x), [*map(exact, z)]) for x in after)


@reading("first-leader")
def first_leader(w: World) -> bool:
    layers = w.layers()
    for z in layers:
        longest = max(map(w.sq, z))
        if any(w.sq(x) == longest and w.pattern(z)[i] != (i,) for i, x in enumerate(z)):
            return True
    return not any(all(w.pattern(z)[i] == (i,) for z in layers) for i in range(len(w.tokens)))


@reading("leader-invariance")
def leader_invariance(w: World) -> bool:
    return any(
        w.pattern(z)[i] == (i,) and (after[i] != z[i] or w.pattern(after)[i] != (i,))
        for k, z in enumerate(w.layers())
        for after in w.layers()[k + 1 :]
        for i in range(len(z))
    )


@reading("separation")
def separation(w: World) -> bool:
    (z, after), a = w.layers()[:2], w.alpha
    m = w.targets(z)
    for i, j in combinations(range(len(z)), 2):
        apart, pull = away(z[i], z[j]), away(m[i], m[j])
        whole = w.sq(apart) + 2 * a * w.ip(apart, pull) + a**2 * w.sq(pull)
        if (1 + a) ** 2 * w.sq(away(after[i], after[j])) != whole or w.ip(apart, pull) < 0:
            return True
        if z[i] != z[j] and after[i] == after[j]:
            return True
    return False


@reading("acyclic-attention")
def acyclic_attention(w: World) -> bool:
    return any(
        j != i and w.sq(z[j]) <= w.sq(z[i])
        for z in w.layers()
        for i, attended in enumerate(w.pattern(z))
        for j in attended
    )


def dense(points: list[Vector]) -> Iterator[Vector]:
    """Points of the hull: means with small weights."""
    for weights in product(range(3), repeat=len(points)):
        if any(weights):
            yield weighted_mean(points, list(weights))


@reading("rest-is-a-foot")
def rest_is_a_foot(w: World) -> bool:
    for x, m in zip(w.tokens, w.targets(w.tokens), strict=True):
        if x == m:
            top = max(w.ip(x, y) for y in w.tokens)
            face = [y for y in dense(list(w.tokens)) if w.ip(x, y) == top]
            if w.ip(x, x) != top or any(w.sq(y) <= w.sq(x) for y in face if y != x):
                return True
    return False


@reading("locked-followers")
def locked_followers(w: World) -> bool:
    layers, lam = w.layers(), 1 / (1 + w.alpha)
    for k, z in enumerate(layers):
        C = w.pattern(z)
        for i, attended in enumerate(C):
            j = attended[0]
            if attended == (j,) == C[j]:
                for t, later in enumerate(layers[k:]):
                    D, follows = w.pattern(later), away(later[i], z[j])
                    if D[i] != (j,) or D[j] != (j,):
                        return True
                    if follows != tuple(lam**t * x for x in away(z[i], z[j])):
                        return True
    return False


@reading("frank-wolfe")
def frank_wolfe(w: World) -> bool:
    (z, after), gamma = w.layers()[:2], w.alpha / (1 + w.alpha)
    if not 0 < gamma < 1:
        return True
    for x, y, m in zip(z, after, w.targets(z), strict=True):
        if y != tuple(a + gamma * b for a, b in zip(x, away(m, x), strict=True)):
            return True
        if not in_hull(exact(m), [*map(exact, z)]) or w.ip(x, m) < max(w.ip(x, p) for p in z):
            return True
        for v in (*z, *as_matrix(None, len(x))):  # the derivative of ½|x|² in the direction v
            if w.ip(x, v) != (w.ip(x, v) + w.ip(v, x)) / 2:
                return True
    return False


@reading("softmax-limit")
def softmax_limit(w: World) -> bool:
    z = w.tokens
    for beta, (i, C) in product((1, 3), enumerate(w.pattern(z))):
        products = [w.ip(z[i], x) for x in z]
        values = sorted(set(products), reverse=True)
        weights = [exp(beta * float(x - values[0])) for x in products]
        soft = [
            sum(p * float(a) for p, a in zip(weights, column, strict=True))
            for column in zip(*z, strict=True)
        ]
        off = [a / sum(weights) - float(b) for a, b in zip(soft, w.targets(z)[i], strict=True)]
        square = sum(a * float(w.A[s][t]) * b for s, a in enumerate(off) for t, b in enumerate(off))
        widest = max((w.sq(away(x, y)) for x in z for y in z), default=Fraction(0))
        bound = 0.0
        if len(values) > 1:
            rest = (len(z) - len(C)) / len(C) * exp(-beta * float(values[0] - values[1]))
            bound = float(widest) * rest**2
        if not -1e-9 < square <= bound + 1e-9:  # of numbers near 1, each of a few roundings
            return True
    return False


@cache
def settled(w: World) -> Any:
    """The limits and the positions of the leaders; None where there are none, or nobody knows."""
    found = settle(Configuration(*map(_text, (w.tokens, w.alpha, w.A))), 60)
    try:
        return None if isinstance(found, Undecided) else found.equilibrium()
    except HardmaxError:
        return None


def _text(x: Any) -> Any:
    return tuple(map(_text, x)) if isinstance(x, tuple) else str(x)


@reading("limits-are-feet")
def limits_are_feet(w: World) -> bool:
    found = settled(w)
    if found is None:
        return False
    # by the definition, C_i = {i}, no copy of a repeated token leads
    K = [x.position for x in found.leaders if w.tokens.count(w.tokens[x.token]) == 1]
    A, zero = [exact(row) for row in w.A], fmpq(0)

    def ip(x: Any, y: Any) -> Any:
        return sum((x[s] * A[s][t] * y[t] for s in range(len(x)) for t in range(len(x))), zero)

    def supported(s: Any) -> bool:
        """Whether s, in K, is on its boundary: a functional is greatest there, or is constant."""
        gaps = [tuple(a - b for a, b in zip(v, s, strict=True)) for v in K if v != s]
        units = [(1,), (-1,)] if len(s) == 1 else [(1, 0)]
        normals = units if len(s) == 1 else [(c * y, -c * x) for x, y in gaps for c in (1, -1)]
        return any(
            all(sum(a * b for a, b in zip(u, gap, strict=True)) <= 0 for gap in gaps)
            for u in (*normals, *(() if gaps else units))
        )

    for s in found.limits:
        if s in K:
            continue
        if not K or not in_hull(s, K) or max(ip(s, v) for v in K) != ip(s, s):
            return True  # there is no such face, or s is not on it
        face = [v for v in K if ip(s, v) == ip(s, s)]
        if any(ip(v, v) <= ip(s, s) for v in face) or not supported(s):
            return True
    return False


def corners(w: World) -> list[Vector]:
    """The vertices of the hull: what is in no hull of others."""
    places = list(dict.fromkeys(w.tokens))
    others = [[exact(y) for y in places if y != x] for x in places]
    return [
        x for x, rest in zip(places, others, strict=True) if not (rest and in_hull(exact(x), rest))
    ]


def level(w: World) -> bool:
    return len({w.sq(v) for v in corners(w)}) == 1


def cell(w: World, x: Vector, v: Vector) -> bool:
    return w.ip(x, v) == max(w.ip(x, y) for y in w.tokens)


@reading("voronoi-cells")
def voronoi_cells(w: World) -> bool:
    if not level(w):
        return False
    v = corners(w)
    return any(
        cell(w, x, a) != (w.sq(away(x, a)) == min(w.sq(away(x, b)) for b in v))
        for x in dense(list(dict.fromkeys(w.tokens)))
        for a in v
    )


@reading("straight-lines")
def straight_lines(w: World) -> bool:
    if not level(w):
        return False
    v = corners(w)
    for i, start in enumerate(w.tokens):
        path = [z[i] for z in w.layers()]
        homes = [a for a in v if cell(w, start, a)]
        if start in v and any(x != start for x in path):
            return True
        if len(homes) != 1:
            continue
        for x, y in pairwise(path):
            if not in_hull(exact(y), [exact(x), exact(homes[0])]):
                return True
            if [a for a in v if cell(w, y, a)] != homes:
                return True
    return False


# ----------------------------------------------------------- configurations with given hypotheses

ONE = ((Fraction(1),),)
MATRICES: dict[int, list[tuple[tuple[int, ...], ...]]] = {
    1: [((1,),), ((0,),), ((-1,),)],
    2: [
        ((1, 0), (0, 1)),
        ((2, 1), (1, 1)),
        ((1, 0), (0, 0)),
        ((1, 1), (1, 1)),
        ((1, 0), (0, -1)),
        ((0, 1), (-1, 0)),
        ((1, 1), (0, 1)),
        ((0, 0), (0, 0)),
        ((-1, 0), (0, -1)),
    ],
}
STEPS = [Fraction(x) for x in ("1", "1/3", "3", "0", "-1/2", "-2/3", "-2", "-3")]

SMALL: list[World] = [
    World(tuple(tuple(map(Fraction, z)) for z in tokens), as_matrix(A, len(tokens[0])), alpha)
    for tokens in (
        ((1,),),
        ((0,),),
        ((2,), (1,)),
        ((1,), (1,)),
        ((-1,), (0,), (1,)),
        ((0,), (1,)),
        ((2,), (-2,), (1,), (-1,)),
        ((0, 0),),
        ((1, 0), (1, 1)),
        ((0, 1), (0, -1)),
        ((2, 2), (-2, 2), (0, 1)),
        ((-1, 1), (0, 1), (1, 1)),
        ((0, 1), (1, 1), (2, 0)),
        ((2, 0), (1, 0), (1, 0)),
    )
    for A in MATRICES[len(tokens[0])]
    for alpha in STEPS
]


@cache
def worlds() -> tuple[World, ...]:
    """Small configurations of every kind, and random ones."""
    random, found = Random(11), list(SMALL)
    while len(found) < 2000:
        d, n = random.choice((1, 2, 2)), random.randint(1, 4)
        size = random.choice((1, 2, 3))
        points = [tuple(Fraction(random.randint(-size, size)) for _ in range(d)) for _ in range(n)]
        if random.random() < 0.3:
            points.append(random.choice(points))
        A = as_matrix(random.choice(MATRICES[d]), d)
        found.append(World(tuple(points), A, random.choice(STEPS)))
    return tuple(dict.fromkeys(found))


def counterexample(name: str, assumed: set[str]) -> World | None:
    """A configuration of which the assumed hypotheses hold, and the lemma does not."""
    false = FALSE_IN[name]
    return next((w for w in worlds() if assumed <= w.holding and false(w)), None)


def test_every_lemma_is_read() -> None:
    assert set(FALSE_IN) == {lemma.name for lemma in lemmas()}


@pytest.mark.parametrize("name", FALSE_IN)
def test_under_its_printed_hypotheses_a_lemma_is_true(name: str) -> None:
    lemma = find_lemma(name)
    assert lemma is not None
    assert counterexample(name, set(lemma.hypotheses)) is None
    kinds = {frozenset(w.holding) for w in worlds() if set(lemma.hypotheses) <= w.holding}
    assert frozenset(lemma.hypotheses) in kinds  # those, and none of the others


@pytest.mark.parametrize(
    ("name", "left"),
    [(lemma.name, left) for lemma in lemmas() for left in lemma.hypotheses],
)
def test_without_any_one_of_them_it_is_false(name: str, left: str) -> None:
    lemma = find_lemma(name)
    assert lemma is not None
    assert counterexample(name, set(lemma.hypotheses) - {left}) is not None


def world(tokens: Any, alpha: Any, A: Any = None) -> World:
    points = tuple(tuple(map(Fraction, z)) for z in tokens)
    return World(points, as_matrix(A, len(points[0])), Fraction(alpha))


@pytest.mark.parametrize(
    ("name", "false"),
    [
        ("limits-are-feet", world([[-1], [0], [1]], 1)),  # was printed from definiteness alone
        ("limits-are-feet", world([[2], [1]], 0)),
        ("frank-wolfe", world([[2], [1]], "-1/2")),  # was printed for every step
        ("first-leader", world([[2], [1]], -2)),  # "from layer 0 on" needs α > 0
    ],
)
def test_what_was_once_printed_as_proved_is_false(name: str, false: World) -> None:
    lemma = find_lemma(name)
    assert lemma is not None
    assert FALSE_IN[name](false)
    assert not set(lemma.hypotheses) <= false.holding


def test_the_claims_agree_with_their_reading() -> None:
    """Where a lemma's hypotheses hold its claim is not refuted; the judge sees what is false."""
    from checks.run import Run

    seen = 0
    for w in worlds()[:: len(worlds()) // 150]:
        run = Run(Configuration(*map(_text, (w.tokens, w.alpha, w.A))), keep_copies=True)
        for name in ("hulls-shrink", "first-leader", "leader-invariance", "rest-is-a-foot"):
            claim = find(name)
            if claim.applies(run):
                assert claim(run) in (True, None), (name, w)
                seen += 1
    assert seen > 50
    assert claims()
