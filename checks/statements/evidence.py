"""Evidence: the certificates that a counterexample refutes a statement, for `hardmax check`.

What has a certificate, and what it has to say, is specified in `theory/CERTIFICATE.md`. Each
function here makes one from the name of a statement, a configuration that refutes it, and the
violation; each raises `HardmaxError` where there is none, and none knows a statement by its name.
"""

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from flint import fmpq

from checks import verifier
from checks.verdicts import Violation
from theory import HARDMAX, Configuration, Dynamics, HardmaxError, Settled, settle
from theory.certificates import certificate, refutation, refutation_by_layer, separating

Certificate: TypeAlias = dict[str, Any]
Evidence: TypeAlias = Callable[[str, Configuration, Violation], Certificate]


def settled_run(
    name: str, c: Configuration, violation: Violation, dynamics: Dynamics = HARDMAX
) -> Certificate:
    """That of the settled run, which proves the leaders and limits that a statement reads."""
    return certificate(_settled(c, dynamics))


def first_and_last(name: str, c: Configuration, violation: Violation) -> Certificate:
    """By the settled run, and the first and the last token that the violation names, if any."""
    return refutation(name, [_settled(c)], *_ends(violation))


def first(name: str, c: Configuration, violation: Violation) -> Certificate:
    """By the settled run, and the first token that the violation names."""
    token, _ = _ends(violation)
    return refutation(name, [_settled(c)], token, token)


def vertex(name: str, c: Configuration, violation: Violation) -> Certificate:
    """By the settled run, and what separates that token from all others."""
    token, _ = _ends(violation)
    return refutation(name, [_settled(c)], token, token, separating(c.tokens, token))


def other_step(steps: Sequence[fmpq], answer: Callable[[Settled, int], object]) -> Evidence:
    """By two settled runs: with the first of the steps at which some token's answer is another."""

    def evidence(name: str, c: Configuration, violation: Violation) -> Certificate:
        run = _settled(c)
        for alpha in steps:
            again = _settled(Configuration(c.tokens, alpha, c.A, c.multiplicities))
            for i in range(c.size):
                if answer(run, i) != answer(again, i):
                    return refutation(name, [run, again], i, i)
        raise HardmaxError("no step makes a difference")

    return evidence


def leads(settled: Settled, i: int) -> bool:
    """Whether token i leads."""
    return settled.pattern[i] == (i,)


def limit(settled: Settled, i: int) -> object:
    """Where token i tends to."""
    return settled.closed_form[i].limit()


def zero_limit(name: str, c: Configuration, violation: Violation) -> Certificate:
    """By the settled run, and a token that tends to the origin."""
    run = _settled(c)
    for i, form in enumerate(run.closed_form):
        if not any(form.limit()):
            return refutation(name, [run], i, i)
    raise HardmaxError("no token tends to the origin")


def one_layer(lemmas: Collection[str]) -> Evidence:
    """By the layer at which one of these lemmas fails, which the violation begins with."""

    def evidence(name: str, c: Configuration, violation: Violation) -> Certificate:
        lemma = violation.text.split(":")[0]
        told = violation.layer or 0
        if lemma in lemmas and violation.tokens:
            for layer in (told, told - 1):  # some are told of the layer after the one that fails
                proof = refutation_by_layer(name, c, lemma, max(0, layer), *_ends(violation))
                with suppress(verifier.Rejected):
                    verifier.verify(json.dumps(proof))
                    return proof
        raise HardmaxError("no layer is named at which a lemma fails")

    return evidence


def _ends(violation: Violation) -> tuple[int, int]:
    """The first and the last token that it names, or 0."""
    return (violation.tokens[0], violation.tokens[-1]) if violation.tokens else (0, 0)


def _settled(c: Configuration, dynamics: Dynamics = HARDMAX) -> Settled:
    result = settle(c, dynamics=dynamics)
    if not isinstance(result, Settled):
        result.equilibrium()
    return result
