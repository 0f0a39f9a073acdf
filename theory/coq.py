"""A settling certificate as a Coq file: a theorem about its configuration, at all layers.

    python -m theory.coq CERT.json > I.v
    coqc -Q proofs Hardmax I.v          (after `make -C proofs all`)

CERT.json is what `hardmax run FILE --certificate CERT.json` writes (``theory/CERTIFICATE.md``).
I.v states its tokens, A, α, multiplicities, attention sets and limits, and Coq accepts it only if
the proved checker of ``proofs/certificates`` does. Nothing that is computed here is trusted: with
a wrong number Coq refuses the file. What the checker does not cover, certificates of version 2
among it, is refused here, in one line.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import lcm
from pathlib import Path
from textwrap import fill
from typing import Any

from flint import fmpq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from theory.dominance import least_start
from theory.exact import HardmaxError, rational
from theory.exponential import ExponentialPolynomial, Term
from theory.files.sources import once
from theory.matrices import Vector
from theory.stated import digest

MAX_LAYERS = 4000
"""Layers before the last pattern, and times after them: Coq reads them as unary numbers."""

SHORT = 200
"""Bits of the tokens at the last layer up to which binary integers are as fast as bignums."""

USAGE = "usage: python -m theory.coq CERT.json > FILE.v"


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Problem(_Strict):
    tokens: list[list[str]]
    A: list[list[str]]
    alpha: str
    multiplicities: list[int]


class _Claim(_Strict):
    settled_layer: int
    leaders: list[dict[str, int]]
    limits: list[list[str]]


class _Stretch(_Strict):
    layer: int = Field(alias="from")
    attention: list[list[int]]


class _Term(_Strict):
    base: str
    degree: int
    coefficient: list[str]


class _Evidence(_Strict):
    patterns: list[_Stretch]
    closed_forms: list[list[_Term]]
    leads: list[dict[str, Any]]


class _Certificate(_Strict):
    format: str
    version: int
    kind: str
    problem: _Problem
    sha256: str
    claim: _Claim
    evidence: _Evidence


def coq_file(text: str) -> str:
    """The Coq file of a settling certificate, given as its JSON text.

    Raises `HardmaxError` for what is no such certificate, and for one that the checker in Coq does
    not cover: closed forms with a base other than 1 and λ = 1/(1+α) or of a degree that no run of
    so few tokens has, more than `MAX_LAYERS` layers.

    >>> from theory import Configuration, settle
    >>> from theory.certificates import certificate
    >>> proof = certificate(settle(Configuration([[2, 2], [-2, 2], [0, 1]], alpha="1/2")))
    >>> next(line for line in coq_file(json.dumps(proof)).splitlines() if "ok :" in line)
    'Definition ok : check binary 3 certified = true := ltac:(vm_cast_no_check (erefl true)).'
    """
    given = _read(text)
    stated, claim = given.problem, given.claim
    tokens, A, limits = (_rows(rows) for rows in (stated.tokens, stated.A, claim.limits))
    alpha, n, d = rational(stated.alpha), len(tokens), len(A)
    shapes = {len(row) for rows in (tokens, A, limits) for row in rows}
    counts = {len(x) for x in (limits, stated.multiplicities, given.evidence.closed_forms)}
    if not n or shapes != {d} or counts != {n} or alpha <= 0 or min(stated.multiplicities) < 1:
        raise HardmaxError("the certificate's tokens, A, alpha, multiplicities and limits misfit")
    history = _history(given, n)
    k, (_, final) = claim.settled_layer, history.pop()
    forms = [_form(i, terms, d, alpha) for i, terms in enumerate(given.evidence.closed_forms)]
    degree = max([p for form in forms for r, p, _ in form.terms if r != 1], default=0)
    if degree >= n:
        raise HardmaxError(
            f"a term C(t,{degree}): the degrees are less than {n}, the tokens' number"
        )
    start = least_start(forms, A, tuple(map(tuple, final)), 1 / (1 + alpha), MAX_LAYERS)
    if k > MAX_LAYERS or start is None:
        raise HardmaxError(f"the checker in Coq takes at most {MAX_LAYERS} layers and times")
    if given.sha256 != (sha256 := digest(stated.model_dump())):
        raise HardmaxError(f"sha256: that of the problem is {sha256}")
    weights = [sum(stated.multiplicities[j] for j in c) for _, pattern in history for c in pattern]
    layer = int(alpha.p + alpha.q).bit_length() + lcm(*weights).bit_length()
    integers = "binary" if (k + start) * layer <= SHORT else "big"
    token_den, token_rows = _over_one(tokens)
    matrix_den, matrix_rows = _over_one(A)
    limit_den, limit_rows = _over_one(limits)
    return TEMPLATE.format(
        digest=sha256,
        n=n,
        k=k,
        alpha=alpha,
        integers=integers,
        imports=" BigIntegers" if integers == "big" else "",
        history=_wrapped([f"({m}, {_pattern(pattern)})" for m, pattern in history]),
        final=_wrapped(map(_list, final)),
        dimension=d,
        token_den=token_den,
        tokens=_wrapped(token_rows),
        matrix_den=matrix_den,
        matrix=_wrapped(matrix_rows),
        num=alpha.p,
        den=alpha.q,
        multiplicities=_wrapped(map(str, stated.multiplicities)),
        limit_den=limit_den,
        limits=_wrapped(limit_rows),
        degree=degree,
        start=start,
    )


TEMPLATE = """\
(* A configuration that has settled at layer {k}: written by `python -m theory.coq`, checked by Coq.
   alpha = {alpha}; the lists below state everything else. Tokens, A and limits are rows of integers
   over one denominator each; a history of (m, C) means m layers with the attention sets C.
   SHA-256 of the problem: {digest} *)
Set Warnings "-notation-overridden,-ambiguous-paths".
From Coq Require Import ZArith.
From mathcomp Require Import all_ssreflect all_algebra.
From Hardmax Require Import Theory Converge ClosedForm Integers Program Sound{imports}.
Import GRing.Theory Num.Theory.

Definition the_history : seq (nat * pattern) :=
  {history}.
Definition the_final : pattern :=
  {final}.

Local Open Scope Z_scope.
Definition the_problem : problem := {{|
  dimension := {dimension}%N;
  token_den := {token_den};
  tokens :=
    {tokens};
  matrix_den := {matrix_den};
  matrix :=
    {matrix};
  alpha_num := {num};
  alpha_den := {den};
  multiplicities :=
    {multiplicities} |}}.
Definition certified : certificate := {{|
  stated := the_problem;
  history := the_history;
  final := the_final;
  limit_den := {limit_den};
  limits :=
    {limits};
  degree := {degree}%N;
  start := {start}%N |}}.
Local Close Scope Z_scope.

Definition ok : check {integers} {n} certified = true := ltac:(vm_cast_no_check (erefl true)).

Local Open Scope ring_scope.
(* The attention sets are those of the history before layer k, those of `the_final` for ever from
   layer k on, and others at layer k-1; the closed form; every token tends to its limit. *)
Theorem settled_for_ever (R : archiFieldType) :
  let run := run_of R the_problem (n := {n}) in
  let attn t := attn (form_of R the_problem) (run t) in
  let past := patterns the_history in let k := size past in
  let s (i : 'I_{n}) :=
    place R (dimension the_problem) (limit_den certified) (limits certified) i in
  [/\\ forall l i, (l < k)%N -> attn l i = sets (nth [::] past l) i,
      forall t i, attn (k + t)%N i = sets the_final i,
      k = 0%N \\/ exists i, attn k.-1 i != sets the_final i,
      forall t i, run (k + t)%N i =
        sol (@weight_of the_problem {n}) (alpha_of R the_problem) (run k)
          (sets the_final) s (degree certified) t i &
      forall (i : 'I_{n}) j, small (fun t => `|run t i 0 j - s i 0 j|)].
Proof. exact (certificate_sound ok R). Qed.
"""


def _read(text: str) -> _Certificate:
    stated = _decode(text)
    if isinstance(stated, dict) and stated.get("version") == 2:
        raise HardmaxError("version 2: the checker in Coq reads certificates of version 1 alone")
    try:
        given = _Certificate.model_validate(stated)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise HardmaxError(f"no settling certificate: {place}: {first['msg']}") from None
    wanted = ("hardmax-certificate", 1, "settling")
    if (given.format, given.version, given.kind) != wanted:
        raise HardmaxError(f"wanted a settling certificate of version 1, not {given.kind!r}")
    return given


def _decode(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=once)
    except RecursionError:
        raise HardmaxError("no certificate: the text is nested too deeply") from None
    except ValueError as error:
        raise HardmaxError(f"no certificate: {error}") from None


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def _rows(rows: Sequence[Sequence[str]]) -> list[Vector]:
    return [tuple(map(rational, row)) for row in rows]


def _history(given: _Certificate, n: int) -> list[tuple[int, list[list[int]]]]:
    """(number of layers, pattern), one after the other; the last one for 0 layers."""
    layers = [stretch.layer for stretch in given.evidence.patterns]
    patterns = [stretch.attention for stretch in given.evidence.patterns]
    k = given.claim.settled_layer
    rising = all(a < b for a, b in pairwise(layers))
    inside = all(c and all(0 <= j < n for j in c) for pattern in patterns for c in pattern)
    if not layers or not rising or layers[0] or layers[-1] != k or not inside:
        raise HardmaxError("the certificate's layers or attention sets misfit")
    if {len(pattern) for pattern in patterns} != {n}:
        raise HardmaxError("the certificate's patterns have not one set for each token")
    ends = [*layers[1:], k]
    return [(b - a, p) for a, b, p in zip(layers, ends, patterns, strict=True)]


def _form(i: int, terms: Iterable[_Term], d: int, alpha: fmpq) -> ExponentialPolynomial:
    lam, read = 1 / (1 + alpha), []
    for term in terms:
        base = rational(term.base)
        if base != lam and (base != 1 or term.degree):
            raise HardmaxError(
                f"token {i} has a term C(t,{term.degree}) ({base})^t; the checker in Coq has the "
                f"bases 1 and λ = {lam} alone"
            )
        read.append(Term(base, term.degree, tuple(map(rational, term.coefficient))))
    return ExponentialPolynomial.of(d, read)


def _over_one(rows: Sequence[Vector]) -> tuple[int, list[str]]:
    """The least common denominator, and the rows of numerators as Coq writes them.

    >>> _over_one([(fmpq(1, 2), fmpq(-1, 3))])
    (6, ['[:: 3; -2]'])
    """
    common = lcm(*[int(x.q) for row in rows for x in row])
    return common, [_list(int(x.p) * (common // int(x.q)) for x in row) for row in rows]


def _list(items: Iterable[object]) -> str:
    words = "; ".join(map(str, items))
    return f"[:: {words}]" if words else "[::]"


def _pattern(pattern: Iterable[Iterable[int]]) -> str:
    return _list(map(_list, pattern))


def _wrapped(items: Iterable[str]) -> str:
    words = fill(_list(items), 90, break_long_words=False, break_on_hyphens=False)
    return words.replace("\n", "\n    ")


def main(arguments: Sequence[str]) -> int:
    """Print the Coq file of the certificate in a file; the exit status."""
    try:
        if len(arguments) != 1:
            raise HardmaxError(USAGE)
        text = coq_file(Path(arguments[0]).read_text(encoding="utf-8"))
        if sys.stdout is None:
            raise HardmaxError("the standard output is closed")
        sys.stdout.write(text)
        sys.stdout.flush()
    except (HardmaxError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"theory.coq: {' '.join(str(error).split())}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
