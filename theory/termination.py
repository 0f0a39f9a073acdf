"""When it is proved beforehand, or from the limits, that a configuration settles.

The settling theorem (section 11 of the notes; ours). That every configuration settles under (H) is
a conjecture in one case: d ≥ 4, a step that is not small, and two tokens that share a limit which
is no vertex of K.
"""

from theory.configuration import Configuration
from theory.dynamics import HARDMAX
from theory.settling import Settled

ALL_VERTICES, APART = "all limits are vertices", "no two tokens share a face limit"
"""The cases that limits tell."""


def settles(configuration: Configuration) -> str | None:
    """The case of the theorem by which the configuration settles, in words; None if none is seen.

    Exact; told from the tokens alone, without following any layer. Repeated tokens count as one
    place with a multiplicity. None says nothing but that no case that can be seen beforehand holds.

    >>> settles(Configuration([[2, 1], [1, 1]], 100))
    'd ≤ 3'
    >>> five = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]]
    >>> settles(Configuration(five, 2)), settles(Configuration(five, 3))
    ('α < 3 and multiplicities 1', None)
    """
    c = configuration.merged()[0]
    if not c.hypotheses.hold:
        return None
    if c.dimension <= 3:
        return "d ≤ 3"
    if c.size <= 3:
        return "n ≤ 3"
    least, second, *_, greatest = sorted(c.multiplicities)
    if (1 + c.alpha) * greatest**2 < (least + second) ** 2:
        if greatest == 1:
            return "α < 3 and multiplicities 1"
        return "√(1+α) < (the two least multiplicities)/(the greatest)"
    return None


def settled_by(settled: Settled) -> str | None:
    """As `settles`, with what the limits tell besides: a theorem covers this run afterwards.

    >>> from theory import settle
    >>> five = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]]
    >>> settled_by(settle(Configuration(five, 3)))
    'all limits are vertices'
    """
    if settled.dynamics != HARDMAX:
        return None
    case = settles(settled.configuration)
    if case is not None or not settled.configuration.merged()[0].hypotheses.hold:
        return case
    equilibrium = settled.merged().equilibrium()
    if None in equilibrium.kinds:  # copies kept apart, none of which leads: nothing is told of it
        return None
    faces = [
        limit
        for limit, kind in zip(equilibrium.limits, equilibrium.kinds, strict=True)
        if kind == "face"
    ]
    return ALL_VERTICES if not faces else APART if len(set(faces)) == len(faces) else None
