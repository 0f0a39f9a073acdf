"""Claims about settled patterns that the notes prove (section 8; ours)."""

from checks.run import Run
from checks.statements.registry import claim
from checks.verdicts import Outcome, Violation


@claim(
    "own-attention-rests",
    r"If $i\in C_i$ in the settled pattern then $z_i$ rests from the settled layer on.",
)
def own_attention_rests(run: Run) -> Outcome:
    for i, attended in zip(range(run.configuration.size), run.settled.pattern, strict=True):
        if i in attended and run.settled.closed_form[i].moving:
            return Violation("a token in its own attention set moves", run.settled.layer, (i,))
    return True


@claim(
    "one-base",
    r"From the settled layer on $z_i^{k+t}=s_i+P_i(t)\lambda^t$ with polynomials $P_i$ and "
    r"$\lambda=1/(1+\alpha)$: no other base occurs.",
)
def one_base(run: Run) -> Outcome:
    applied = False
    for i, form in zip(range(run.configuration.size), run.settled.closed_form, strict=True):
        for term in form.moving:
            applied = True
            if term.base != run.configuration.lam:
                words = "another base than λ"
                lam = run.configuration.lam
                return Violation(words, run.settled.layer, (i,), term.base, "=", lam)
    return True if applied else None


@claim(
    "single-attention-is-a-leader",
    r"If $C_i=\{j\}$ in the settled pattern then $j$ leads.",
)
def single_attention_is_a_leader(run: Run) -> Outcome:
    pattern = run.settled.pattern
    for i, attended in zip(range(run.configuration.size), pattern, strict=True):
        if len(attended) == 1 and pattern[attended[0]] != attended:
            words = "a token attends for ever to one that does not lead"
            return Violation(words, run.settled.layer, (i, attended[0]))
    return True


@claim(
    "resonance-iff-no-leader",
    r"In the settled pattern the distance of a moving token $i$ to its limit is of order "
    r"$\lambda^t$ if $C_i$ contains a leader, and of order $t^p\lambda^t$ with $p\ge1$ otherwise; "
    r"in the first case $C_j\subset C_i$ for all $j\in C_i$, in the second every $j\in C_i$ moves.",
)
def resonance_iff_no_leader(run: Run) -> Outcome:
    pattern, layer = run.settled.pattern, run.settled.layer
    forms = run.settled.closed_form
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
