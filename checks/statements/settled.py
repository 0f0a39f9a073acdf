"""Claims about settled patterns that the notes prove (section 8; ours)."""

import numpy as np

from checks.arrays import Said, Settlements, every, everywhere, some
from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation


def _own_attention_rests(made: Settlements) -> Said:
    own = np.einsum("iim->im", made.attends)
    return everywhere(~some(own & made.moves, 0))


@claim(
    "own-attention-rests",
    r"If $i\in C_i$ in the settled pattern then $z_i$ rests from the settled layer on.",
    arrays=_own_attention_rests,
)
def own_attention_rests(run: Run) -> Outcome:
    for i, attended in zip(range(run.configuration.size), run.settled.pattern, strict=True):
        if i in attended and not run.settled.closed_form[i].rests:
            return Violation("a token in its own attention set moves", run.settled.layer, (i,))
    return True


def _one_base(made: Settlements) -> Said:
    """While targets are constant no other base occurs."""
    moving = some(made.moves, 0)
    return Said(moving, moving)


@claim(
    "one-base",
    r"From the settled layer on $z_i^{k+t}=s_i+P_i(t)\lambda^t$ with polynomials $P_i$ and "
    r"$\lambda=1/(1+\alpha)$: no other base occurs.",
    arrays=_one_base,
)
def one_base(run: Run) -> Outcome:
    applied = False
    for i, form in zip(range(run.configuration.size), run.settled.exponential, strict=True):
        for term in form.moving:
            applied = True
            if term.base != run.configuration.lam:
                words = "another base than λ"
                lam = run.configuration.lam
                sides = f"a base of z_{run.index(i)}", "λ"
                return Violation(words, run.settled.layer, (i,), term.base, "=", lam, sides)
    return True if applied else None


def _single_attention_is_a_leader(made: Settlements) -> Said:
    single = made.attends.sum(axis=1) == 1
    attended = some(made.attends & ~made.leads, 1)
    return everywhere(~some(single & attended, 0))


@claim(
    "single-attention-is-a-leader",
    r"If $C_i=\{j\}$ in the settled pattern then $j$ leads.",
    arrays=_single_attention_is_a_leader,
)
def single_attention_is_a_leader(run: Run) -> Outcome:
    pattern = run.settled.pattern
    for i, attended in zip(range(run.configuration.size), pattern, strict=True):
        if len(attended) == 1 and pattern[attended[0]] != attended:
            words = "a token attends for ever to one that does not lead"
            return Violation(words, run.settled.layer, (i, attended[0]))
    return True


def _resonance_iff_no_leader(made: Settlements) -> Said:
    """While targets are constant nothing resonates: a moving token has to attend to a leader."""
    led = some(made.attends & made.leads, 1)
    holds = every(led | ~made.moves, 0)
    for j, attended in enumerate(made.attends):
        beyond = some(attended & ~made.attends, 1)  # whether C_j has a token outside C_i
        holds &= ~some(made.moves & made.attends[:, j] & beyond, 0)
    return Said(some(made.moves, 0), holds)


@claim(
    "resonance-iff-no-leader",
    r"In the settled pattern the distance of a moving token $i$ to its limit is of order "
    r"$\lambda^t$ if $C_i$ contains a leader, and of order $t^p\lambda^t$ with $p\ge1$ otherwise; "
    r"in the first case $C_j\subset C_i$ for all $j\in C_i$, in the second every $j\in C_i$ moves.",
    arrays=_resonance_iff_no_leader,
)
def resonance_iff_no_leader(run: Run) -> Outcome:
    pattern, layer = run.settled.pattern, run.settled.layer
    forms = run.settled.exponential
    applied = False
    for i, attended in zip(range(run.configuration.size), pattern, strict=True):
        if not forms[i].moving:
            continue
        applied = True
        bases = {term.base for term in forms[i].moving}
        if bases != {run.configuration.lam}:
            return Violation("the order has another base than λ", layer, (i,))
        resonates = any(term.degree for term in forms[i].moving)
        leaders = [j for j in attended if pattern[j] == (j,)]
        if bool(leaders) == resonates:
            words = "a leader is attended to, and yet" if leaders else "no leader, and yet no"
            return Violation(f"{words} resonance", layer, (i, *leaders[:1]))
        for j in attended:
            if leaders and not set(pattern[j]) <= set(attended):
                return Violation("an attended token attends elsewhere", layer, (i, j))
            if not leaders and not forms[j].moving:
                return Violation("all resonate, and yet one rests", layer, (i, j))
    return True if applied else None
