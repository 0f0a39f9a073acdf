"""Evidence: the certificate that a counterexample refutes its statement, for `hardmax check`.

What has a certificate, and what it has to say, is specified in `theory/CERTIFICATE.md`. Statements
about other dynamics than hardmax attention have none. For a user's statement, and
for a claim of the theory, the certificate is that of the settled run: it proves the leaders and
limits from which the statement is read.
"""

import json
from contextlib import suppress
from typing import Any

from checks import verifier
from checks.refutation.search import Counterexample
from checks.statements.conjectures import Conjecture, origin
from checks.statements.conjectures.doubted import OTHER_STEPS
from checks.statements.conjectures.dropped import PARTS
from checks.verdicts import Violation
from theory import Configuration, HardmaxError, Settled, settle
from theory.certificates import certificate, refutation, refutation_by_layer, separating

OTHER_DYNAMICS = ("with-infinite-step", "with-first-index-ties")
"""Statements about other dynamics than hardmax attention."""

BY_RUN = (
    "leaders-from-the-first-layer",
    "limits-are-vertices",
    "nearest-leader",
    "settles-within-n-layers",
    "attends-leaders-eventually",
)
"""Statements whose violation names the tokens in the order that the certificate wants."""


def evidence(conjecture: Conjecture, found: Counterexample) -> dict[str, Any] | None:
    """The certificate of the counterexample, or None where there is none."""
    violation = found.violation
    if conjecture.name in OTHER_DYNAMICS:
        return None
    try:
        if violation is None or origin(conjecture) is not None:
            return certificate(_settled(found.configuration))
        if conjecture.dropped is None:
            return _by_runs(conjecture.name, found.configuration, violation)
        return _dropped(conjecture.name, found.configuration, violation)
    except HardmaxError:
        return None


def _by_runs(name: str, c: Configuration, violation: Violation) -> dict[str, Any] | None:
    run = _settled(c)
    token = violation.tokens[0] if violation.tokens else 0
    other = violation.tokens[-1] if violation.tokens else 0
    if name in BY_RUN:
        return refutation(name, [run], token, other)
    if name == "geometric-rate":
        return refutation(name, [run], token, token)
    if name == "hull-vertices-lead":
        return refutation(name, [run], token, token, separating(c.tokens, token))
    if name.endswith("-independent-of-alpha"):
        for alpha in OTHER_STEPS:
            again = _settled(Configuration(c.tokens, alpha, c.A, c.multiplicities))
            for i in range(c.size):
                leads = [x.pattern[i] == (i,) for x in (run, again)]
                limits = [x.closed_form[i].limit() for x in (run, again)]
                differ = leads if name.startswith("leaders") else limits
                if differ[0] != differ[1]:
                    return refutation(name, [run, again], i, i)
        return None
    return certificate(run)


def _dropped(name: str, c: Configuration, violation: Violation) -> dict[str, Any] | None:
    if name == "without-nonzero-tokens":
        run = _settled(c)
        origin = [i for i, form in enumerate(run.closed_form) if not any(form.limit())]
        return refutation(name, [run], origin[0], origin[0]) if origin else None
    lemma = violation.text.split(":")[0]
    if lemma not in {part.name for part in PARTS} or not violation.tokens:
        return None
    first, last, told = violation.tokens[0], violation.tokens[-1], violation.layer or 0
    for layer in (told, told - 1):  # some are told of the layer after the one that fails
        found = refutation_by_layer(name, c, lemma, max(0, layer), first, last)
        with suppress(verifier.Rejected):
            verifier.verify(json.dumps(found))
            return found
    return None


def _settled(c: Configuration) -> Settled:
    result = settle(c)
    if not isinstance(result, Settled):
        raise HardmaxError(result.reason)
    return result
