"""The registry of statements: what one is, and how one is declared.

A claim is what the theory says, and `hardmax validate` holds it against configurations. A
conjecture is what somebody doubts, and `hardmax refute` looks for its counterexample; so it does
for the literature, which is what others have published, and what can be said in its place where
that is false. All are `Statement`s, and no two share a name.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeAlias

from hypothesis.errors import UnsatisfiedAssumption

from checks.arrays import ArrayJudge
from checks.run import Run
from checks.statements.domains import STANDARD, STANDING, Domain
from checks.statements.evidence import Evidence, settled_run
from checks.statements.kinds import Kind
from checks.statements.sources import Source
from checks.verdicts import Outcome, Verdict, Violation, answer
from theory import HARDMAX, Configuration, Dynamics, HardmaxError
from theory.exact import expect, shorten, shown

AFZ = "Alcalde, Fantuzzi and Zuazua, arXiv:2407.01602"
AGR = "Alcalde, Geshkovski and Ruiz-Balet, arXiv:2508.09628"
OURS = "ours"

LONGEST_NAME = 100

Judge: TypeAlias = Callable[[Run], Outcome]


@dataclass(frozen=True)
class Statement:
    """A statement about every configuration of a domain that satisfies its hypotheses.

    name : in words, as the command line takes it.
    statement : the statement in LaTeX.
    hypotheses : which of `STANDING` it assumes.
    source : who states it.
    expected : the verdict that it should get.
    judge : True, False or a `Violation`, or None where it does not apply.
    dynamics : what moves the tokens.
    domain : what its configurations are, besides, and where counterexamples are looked for.
    evidence : makes the certificate of a counterexample; None where there is none.
    doubted : whether a counterexample is looked for, as for a conjecture.
    published : whether it is of the literature, and so is no conjecture.
    remark : where a published argument breaks, or what else a reader should know.
    arrays : what it says of many configurations of `STANDARD` at once, if arrays can tell.
    origin : the user's file that declares it.
    kind : under which kind of dynamics it is held, if not under its own (`under`).

    Those that are registered pickle by their names (`checks.statements.users`).

    >>> made = find("norms-grow")
    >>> made.expected.value, made.hypotheses, made(made.run(Configuration([[2], [1]], 1), 40))
    ('HELD', ('positive_definite', 'positive_step'), True)
    """

    name: str
    statement: str
    hypotheses: tuple[str, ...]
    source: str
    expected: Verdict
    judge: Judge
    dynamics: Dynamics = HARDMAX
    domain: Domain = STANDARD
    evidence: Evidence | None = settled_run
    doubted: bool = False
    published: bool = False
    remark: str = ""
    arrays: ArrayJudge | None = None
    origin: Source | None = field(default=None, compare=False, repr=False)
    kind: Kind | None = None

    @property
    def key(self) -> str:
        """What tells it from all others of a campaign: its name, after that of its kind."""
        return self.name if self.kind is None else f"{self.kind.name}:{self.name}"

    def moves(self, configuration: Configuration) -> Dynamics:
        """What moves the tokens of the configuration, where the statement is judged."""
        return self.dynamics if self.kind is None else self.kind.moves(configuration)

    def applies(self, run: Run) -> bool:
        """Whether the hypotheses hold of the run's configuration, and it is of the domain."""
        holding = run.hypotheses
        holds = holding.hold or all(getattr(holding, name) for name in self.hypotheses)
        return holds and (self.domain.condition is None or self.domain.condition(run))

    def __call__(self, run: Run) -> Outcome:
        """What the statement says of `run`; None where it, or what it assumes, does not apply.

        Raises `checks.verdicts.NoAnswer` if the judge returns what is no answer.
        """
        try:
            return as_given(answer(self.judge(run)), run) if self.applies(run) else None
        except UnsatisfiedAssumption:  # that of `hypothesis.assume`
            return None

    def run(self, configuration: Configuration, max_layers: int) -> Run:
        """The run on which the statement is judged."""
        dynamics, copies = self.moves(configuration), self.domain.keep_copies
        return Run(configuration, dynamics, max_layers=max_layers, keep_copies=copies)

    def fits(self, configuration: Configuration) -> bool:
        """Whether its dynamics is for configurations of this shape: a value matrix is of one
        dimension, and a mask of one number of tokens.
        """
        try:
            self.moves(configuration).fit(configuration)
        except HardmaxError:
            return False
        return True

    def own(self, run: Run) -> Run:
        """The run of the same configuration on which the statement is judged."""
        copies = self.domain.keep_copies and not run.keep_copies
        if run.dynamics == self.moves(run.source) and not copies:
            return run
        return self.run(run.source, run.max_layers)

    def certificate(
        self, witness: Configuration, violation: Violation | None
    ) -> dict[str, Any] | None:
        """The certificate that the witness refutes the statement, or None where there is none.

        `theory/CERTIFICATE.md` specifies what it says. That of a claim, of a user's statement, and
        of one about another dynamics is that of the settled run: it proves the leaders and limits
        from which the statement is read.
        """
        if self.evidence is None:
            return None
        told = Violation("the statement is false here") if violation is None else violation
        try:
            dynamics = self.moves(witness)
            if violation is None or dynamics != HARDMAX or self.kind is not None:
                return settled_run(self.name, witness, told, dynamics)
            if not self.domain.keep_copies:  # certificates have places, with multiplicities
                witness, places = witness.merged()
                told = replace(told, tokens=tuple(places[i] for i in told.tokens))
            return self.evidence(self.name, witness, told)
        except (HardmaxError, IndexError):
            return None


def as_given(outcome: Outcome, run: Run) -> Outcome:
    """The outcome with its tokens numbered as in the configuration that was given.

    >>> run = Run(Configuration([[2], [2], [1]], 1))
    >>> as_given(Violation("too short", tokens=(1,)), run).tokens
    (2,)
    """
    if not isinstance(outcome, Violation) or run.source.size == run.configuration.size:
        return outcome
    known = range(run.configuration.size)
    tokens = tuple(run.index(i) if i in known else i for i in outcome.tokens)
    return replace(outcome, tokens=tokens)


Claim: TypeAlias = Statement
Conjecture: TypeAlias = Statement

_REGISTRY: dict[str, Statement] = {}


def claim(
    name: str,
    statement: str,
    *,
    hypotheses: Iterable[str] = STANDING,
    source: str = OURS,
    expected: Verdict = Verdict.HELD,
    dynamics: Dynamics = HARDMAX,
    domain: Domain = STANDARD,
    arrays: ArrayJudge | None = None,
) -> Callable[[Judge], Statement]:
    """Declare the decorated function of a `Run` as a claim and register it under `name`.

    The function returns True, False or a `checks.verdicts.Violation`, or None where the statement
    does not apply; `arrays` says the same of many at once (`checks.arrays`), for boxes. Raises
    `HardmaxError` for a name that is taken or cannot be one, an unknown hypothesis, and whatever
    else cannot declare a statement.

    >>> before = statements()
    >>> @claim("leaders-are-few", r"At most $n$ tokens lead.")
    ... def leaders_are_few(run):
    ...     return len(run.equilibrium.leaders) <= run.configuration.size
    >>> leaders_are_few(Run(Configuration([[2], [1]], alpha=1)))
    True
    >>> restore(before)
    """
    return declare(
        name, statement, hypotheses, source, expected, dynamics, domain=domain, arrays=arrays
    )


def conjecture(
    name: str,
    statement: str,
    *,
    hypotheses: Iterable[str] = STANDING,
    source: str = OURS,
    expected: Verdict = Verdict.HELD,
    dynamics: Dynamics = HARDMAX,
    domain: Domain = STANDARD,
) -> Callable[[Judge], Statement]:
    """Declare the decorated function of a `Run` as a conjecture and register it under `name`.

    The function returns True or False, or None where the statement does not apply; a `Violation` in
    place of False carries the numbers into the report. `expected` is what you believe: the command
    ends with status 0 if it comes out so. Raises `HardmaxError` for a name that is taken or cannot
    be one, and for whatever else cannot declare a statement.

    >>> @conjecture("few-leaders", r"At most $d+1$ tokens lead.")
    ... def few_leaders(run):
    ...     return len(run.equilibrium.leaders) <= run.configuration.dimension + 1
    >>> forget("few-leaders")
    """
    return declare(
        name,
        statement,
        hypotheses,
        source,
        expected,
        dynamics,
        domain=domain,
        doubted=True,
    )


def declare(
    name: str,
    statement: str,
    hypotheses: Iterable[str],
    source: str,
    expected: Verdict,
    dynamics: Dynamics = HARDMAX,
    **more: Any,
) -> Callable[[Judge], Statement]:
    """The decorator that registers a statement, with whatever more a `Statement` has.

    There are certificates of hardmax attention alone.
    Raises `HardmaxError` for a name that is taken, and for whatever no statement can be made of.
    """
    check_name(name)
    for what, words in (("statement", statement), ("source", source)):
        if not isinstance(words, str):
            raise HardmaxError(f"{name}: {what} = {shown(words)}; text was wanted")
    name, statement, source = (str.__str__(x) for x in (name, statement, source))  # of no subclass
    expect(Dynamics, dynamics, "a Dynamics")
    expect(Domain, more.get("domain", STANDARD), "a Domain")
    arrays, domain = more.get("arrays"), more.get("domain", STANDARD)
    if arrays is not None:
        _check_judge(name, arrays)
        if dynamics != HARDMAX or domain.condition is not None:
            raise HardmaxError(f"{name}: arrays know hardmax attention alone, and no condition")
    assumed = _names_of(hypotheses)
    for hypothesis in assumed:
        if hypothesis not in STANDING:
            raise HardmaxError(f"{name}: {shown(hypothesis)} is none of {', '.join(STANDING)}")
    try:
        wanted = Verdict(expected)
    except ValueError:
        raise HardmaxError(
            f"{name}: expected = {shown(expected)}; one of {', '.join(Verdict)} was wanted"
        ) from None

    def register(judge: Judge) -> Statement:
        if name in _REGISTRY:
            raise HardmaxError(f"a statement named {name!r} exists already")
        if isinstance(judge, Statement):
            judge = judge.judge
        _check_judge(name, judge)
        made = Statement(name, statement, assumed, source, wanted, judge, dynamics, **more)
        _REGISTRY[name] = made
        return made

    return register


def _names_of(hypotheses: object) -> tuple[str, ...]:
    """The hypotheses that a statement is declared with. Raises `HardmaxError` for no list."""
    if not isinstance(hypotheses, Iterable) or isinstance(hypotheses, str | bytes):
        raise HardmaxError(f"hypotheses = {shown(hypotheses)}; a list of names was wanted")
    return tuple(str.__str__(x) if isinstance(x, str) else x for x in hypotheses)


def check_name(name: object) -> None:
    """Raise `HardmaxError` unless a command line, a table and a file can have the name."""
    if not isinstance(name, str):
        raise HardmaxError(f"a statement named {shown(name)}; text was wanted")
    fits = 0 < len(name) <= LONGEST_NAME and name.isprintable() and not set(name) & set(" :/\\")
    if not fits or name.startswith("-") or name.endswith(".py"):
        raise HardmaxError(
            f"a statement named {shown(name)}; 1 to {LONGEST_NAME} printable characters were "
            "wanted, without spaces, colons and slashes, not beginning with '-' or ending in '.py'"
        )


def _check_judge(name: str, judge: object) -> None:
    """Raise `HardmaxError` unless the judge is a function that can be called with a run."""
    if not callable(judge) or isinstance(judge, type):
        raise HardmaxError(f"{name}: {shown(judge)} declared; a function of a run was wanted")
    if inspect.iscoroutinefunction(judge) or inspect.isgeneratorfunction(judge):
        raise HardmaxError(f"{name}: a plain function was wanted, without async or yield")
    try:
        inspect.signature(judge).bind(None)
    except (TypeError, ValueError):
        raise HardmaxError(f"{name}: a function of one argument, the run, was wanted") from None


def statements() -> tuple[Statement, ...]:
    """Every registered statement, in the order of declaration.

    >>> {*claims()} | {*conjectures()} | {*literature()} == {*statements()}
    True
    """
    return tuple(_REGISTRY.values())


def claims() -> tuple[Statement, ...]:
    """Every registered claim, in the order of declaration.

    >>> claims()[0].name, claims()[0].expected.value
    ('attention-is-argmax', 'HELD')
    """
    return tuple(made for made in statements() if not made.doubted)


def conjectures() -> tuple[Statement, ...]:
    """Every registered conjecture, in the order of declaration.

    >>> find("hull-vertices-lead") in conjectures(), find("norms-grow") in conjectures()
    (True, False)
    """
    return tuple(made for made in statements() if made.doubted and not made.published)


def literature() -> tuple[Statement, ...]:
    """Every registered statement of the literature, in the order of declaration.

    >>> made = find("fw-cluster")
    >>> made in literature(), made.expected.value
    (True, 'REFUTED')
    """
    return tuple(made for made in statements() if made.published)


def find(name: str) -> Statement:
    """The statement of that name. Raises `HardmaxError` listing near names if there is none.

    >>> find("hull-vertices-lead").expected.value
    'REFUTED'
    """
    return _find(name, "statement", (*conjectures(), *literature(), *claims()))


def find_claim(name: str) -> Statement:
    """The claim of that name. Raises `HardmaxError` listing near names if there is none."""
    return _find(name, "claim", claims())


def _find(name: str, what: str, among: Iterable[Statement]) -> Statement:
    expect(str, name, "the name of a statement")
    known = {made.name: made for made in among}
    if name in known:
        return known[name]
    alike = [other for other in known if name and name in other] or get_close_matches(name, known)
    near = f"near names: {', '.join(alike)}" if alike else "'hardmax claims' lists them all"
    raise HardmaxError(f"no {what} is named {shorten(repr(name))}; {near}")


def forget(name: str) -> None:
    """Take a conjecture back, for instance before its file is read again."""
    if name in _REGISTRY and _REGISTRY[name].doubted:
        del _REGISTRY[name]


def restore(known: Iterable[Statement]) -> None:
    """Let the registry hold these statements and no others, in their order."""
    restored = {made.name: made for made in known}
    _REGISTRY.clear()
    _REGISTRY.update(restored)
