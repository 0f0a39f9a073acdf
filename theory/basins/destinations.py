r"""Where a token goes: a leader itself, a vertex, a face; read off a settled pattern.

Let A be symmetric positive definite and α > 0, and let the pattern C be constant from layer k on.
Draw an arrow from i to every j ∈ C_i. By lemma G every cycle of arrows stays among the copies of
one token, so that from f arrows lead to a set R of places that lead, and s_f = Σ_{v∈R} p_v v with
all p_v > 0. So (section 13 of the notes; ours)

* if f leads it stays, and its copies with it;
* if R is one place, s_f is that vertex of K;
* otherwise s_f is no vertex, and R lies on its face F_f = {x ∈ K : ⟨s_f, x⟩ = |s_f|²}. For d ≤ 2
  it has all the leaders of F_f. For d > 2 there may be more, which the positions of the leaders
  decide (`theory.basins.faces`).

Copies of a token lead together, and all are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from theory.exact import HardmaxError
from theory.names import Names
from theory.places import leading
from theory.settling import Cycling, Settled, Undecided

Kind: TypeAlias = Literal["leader", "vertex", "face", "point", "none"]

KINDS: tuple[Kind, ...] = ("leader", "vertex", "face", "point", "none")
"""Of destinations, in the order in which they are told."""

Result: TypeAlias = Settled | Cycling | Undecided


@dataclass(frozen=True)
class Destination:
    """Where a token goes.

    kind : "leader", it leads itself; "vertex", it tends to a leader's position; "face", to a point
        of a face of K; "point", to a point of which neither is true, and "none", to no point that
        an equilibrium tells: there is no limit, or none that is known to be rational, be it of this
        token or of another. These two need (H) to fail.
    leaders : the tokens that lead there: the token itself with its copies, those at the vertex,
        those on the face; none for the last two kinds.
    """

    kind: Kind
    leaders: tuple[int, ...]

    @property
    def order(self) -> tuple[int, tuple[int, ...]]:
        """What destinations are sorted by: kinds as in `KINDS`, then leaders."""
        return KINDS.index(self.kind), self.leaders

    def words(self, names: Names) -> str:
        """In words, the tokens called by their names.

        >>> from theory import Configuration
        >>> names = Names.of(Configuration([[1], [2], [3]], 1, labels=["good", "film", "bad"]))
        >>> Destination("face", (0, 2)).words(names)
        'goes to a point between good (0), bad (2)'
        """
        listed = names.listed(self.leaders)
        return {
            "leader": "leads" if len(self.leaders) == 1 else f"leads at one place: {listed}",
            "vertex": f"goes to {listed}",
            "face": f"goes to a point between {listed}",
            "point": "goes to a point on no face of the leaders",
            "none": "has no limit that is told",
        }[self.kind]


class Told(NamedTuple):
    """What is told of one point; no destination and layer −1 where it is undecided.

    `company` has the other tokens that lead.
    """

    destination: Destination | None
    layer: int
    company: tuple[int, ...]


def told(result: Result, free: int) -> Told:
    """What an answer of `settle` tells of the token `free`.

    >>> from theory import Configuration, settle
    >>> told(settle(Configuration([[2], [1], [-1]], alpha=1)), 1)
    Told(destination=Destination(kind='vertex', leaders=(0,)), layer=0, company=(0, 2))
    """
    if isinstance(result, Undecided):
        return Told(None, -1, ())
    try:
        truth = result.equilibrium()
    except HardmaxError:  # no limits, or none that are known to be rational
        leads: list[int] = []
        if isinstance(result, Settled):
            leads = leading(result.pattern, result.places, result.dynamics.ties)
        own = [i for i in leads if result.places[i] == result.places[free]]
        kind: Kind = "leader" if own else "none"
        others = tuple([i for i in leads if i != free])
        return Told(Destination(kind, tuple(own)), result.layer, others)
    company = tuple([x.token for x in truth.leaders if x.token != free])
    limit = truth.limits[free]
    match truth.kinds[free]:
        case None:
            destination = Destination("point", ())
        case "face":
            destination = Destination("face", truth.faces[free])
        case kind:
            there = [x.token for x in truth.leaders if x.position == limit]
            destination = Destination(kind, tuple(there))
    return Told(destination, result.layer, company)


def reached(masks: Sequence[int], free: int, leads: int) -> list[int]:
    """R: the places that lead and that arrows go to from `free`, each as the mask of its copies.

    `masks[i]` has C_i, and `leads` the tokens that lead.

    >>> reached([0b001, 0b010, 0b011, 0b100], free=2, leads=0b011)
    [1, 2]
    """
    seen, waiting, found = 1 << free, [free], set()
    while waiting:
        own = masks[waiting.pop()]
        for j in members(own & ~seen):
            if leads >> j & 1:
                found.add(masks[j])
            else:
                waiting.append(j)
        seen |= own
    return sorted(found)


def members(mask: int) -> tuple[int, ...]:
    """The tokens of a mask."""
    return tuple([j for j in range(mask.bit_length()) if mask >> j & 1])
