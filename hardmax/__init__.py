"""Exact hardmax attention: limits with proofs, and claims held against configurations.

Here are the public names of all rooms; each stays documented where it is defined:

    theory      state a problem, take it to the limit, read the equilibrium, prove it;
    checks      hold statements against configurations, refute them, report what came out;
    sentiment   the classifier whose decisions are read off its leader words.

A name is imported when it is first asked for: ``import hardmax`` loads nothing else.

>>> from hardmax import Configuration, certificate, settle, verify
>>> settled = settle(Configuration([[2], [1]], alpha=1))
>>> settled.equilibrium().limits
((2,), (2,))

A certificate is checked by a program of one file, which shares nothing with the others:

>>> import json
>>> proof = json.dumps(certificate(settled))
>>> verify(proof)
'2 tokens settle at layer 0 with 1 leader'
>>> verify(proof.replace('"limits": [["2"], ["2"]]', '"limits": [["2"], ["1"]]'))
Traceback (most recent call last):
    ...
checks.verifier.Rejected: condition 13: the limit of token 1
"""

TYPE_CHECKING = False  # that of `typing`, which takes a while to import

if TYPE_CHECKING:
    from checks import (
        Claim,
        Conjecture,
        Report,
        Run,
        Statement,
        Verdict,
        Violation,
        claim,
        configurations,
        conjecture,
        dynamics,
        validate,
    )
    from checks.boxes import Box
    from checks.campaigns.enumeration import enumerate_box
    from checks.refutation.account import Budget, Counterexample, Finding
    from checks.refutation.search import minimise, refute
    from checks.reports import Page, draw, write_report, write_run
    from checks.statements import claims, conjectures, find, literature, statements
    from checks.statements.domains import Domain
    from checks.statements.kinds import find_kind
    from checks.survey.search import Survey
    from checks.verifier import Rejected, verify
    from sentiment import SentimentClassifier, explain
    from sentiment.corpora import read_corpus, split_groups
    from sentiment.deletion import deletions
    from sentiment.evaluation import evaluation
    from sentiment.leading import survey_leaders
    from sentiment.lexicon import vader_lexicon
    from sentiment.pictures import draw_explanation
    from theory import (
        CAUSAL,
        FIRST_INDEX,
        HARDMAX,
        INFINITE,
        Configuration,
        Cycling,
        Dynamics,
        Equilibrium,
        HardmaxError,
        Hypotheses,
        Leader,
        NotSettled,
        Pattern,
        Rate,
        Settled,
        Trajectory,
        Undecidable,
        Undecided,
        settle,
    )
    from theory.basins import Basins, Plane, Problem, settle_grid
    from theory.certificates import certificate
    from theory.closed_form import closed_form
    from theory.dynamics import locked_rows
    from theory.fast.batches import Batch, settle_batch
    from theory.files.configurations import read_configurations, read_matrix, read_problems
    from theory.files.sources import InputError, InputWarning
    from theory.hull import in_hull
    from theory.lemmas.registry import lemmas
    from theory.numerics import high_precision, simulation, softmax
    from theory.numerics.enclosures import SoftmaxBound, bound_holds, targets_enclosure
    from theory.pictures.figures import draw_beside, draw_configuration, draw_layers, save
    from theory.pictures.projections import Lens, Projection
    from theory.positivity import first_failure, first_nonzero
    from theory.rules import Averaged, Before, Everyone, FirstIndex, Masked
    from theory.schedules.functions import RationalFunction
    from theory.scores import Matrices, OwnMatrix
    from theory.steps import AllTheWay, Constant, InTurn, Partway, Scheduled, Valued
    from theory.sweeps import Sweep, pulls, steps, sweep, varied

    __version__: str
else:
    _ROOMS = {
        "checks": (
            "Claim", "Conjecture", "Report", "Run", "Statement", "Verdict", "Violation",
            "claim", "configurations", "conjecture", "dynamics", "validate",
        ),
        "checks.boxes": ("Box",),
        "checks.campaigns.enumeration": ("enumerate_box",),
        "checks.refutation.account": ("Budget", "Counterexample", "Finding"),
        "checks.refutation.search": ("minimise", "refute"),
        "checks.reports": ("Page", "draw", "write_report", "write_run"),
        "checks.statements": ("claims", "conjectures", "find", "literature", "statements"),
        "checks.statements.domains": ("Domain",),
        "checks.statements.kinds": ("find_kind",),
        "checks.survey.search": ("Survey",),
        "checks.verifier": ("Rejected", "verify"),
        "sentiment": ("SentimentClassifier", "explain"),
        "sentiment.corpora": ("read_corpus", "split_groups"),
        "sentiment.deletion": ("deletions",),
        "sentiment.evaluation": ("evaluation",),
        "sentiment.leading": ("survey_leaders",),
        "sentiment.pictures": ("draw_explanation",),
        "sentiment.lexicon": ("vader_lexicon",),
        "theory": (
            "CAUSAL", "FIRST_INDEX", "HARDMAX", "INFINITE", "Configuration", "Cycling", "Dynamics",
            "Equilibrium", "HardmaxError", "Hypotheses", "Leader", "NotSettled", "Pattern", "Rate",
            "Settled", "Trajectory", "Undecidable", "Undecided", "settle",
        ),
        "theory.basins": ("Basins", "Plane", "Problem", "settle_grid"),
        "theory.certificates": ("certificate",),
        "theory.closed_form": ("closed_form",),
        "theory.dynamics": ("locked_rows",),
        "theory.fast.batches": ("Batch", "settle_batch"),
        "theory.files.configurations": ("read_configurations", "read_matrix", "read_problems"),
        "theory.files.sources": ("InputError", "InputWarning"),
        "theory.hull": ("in_hull",),
        "theory.lemmas.registry": ("lemmas",),
        "theory.numerics.enclosures": ("SoftmaxBound", "bound_holds", "targets_enclosure"),
        "theory.pictures.figures": ("draw_beside", "draw_configuration", "draw_layers", "save"),
        "theory.pictures.projections": ("Lens", "Projection"),
        "theory.positivity": ("first_failure", "first_nonzero"),
        "theory.rules": ("Averaged", "Before", "Everyone", "FirstIndex", "Masked"),
        "theory.schedules.functions": ("RationalFunction",),
        "theory.scores": ("Matrices", "OwnMatrix"),
        "theory.steps": ("AllTheWay", "Constant", "InTurn", "Partway", "Scheduled", "Valued"),
        "theory.sweeps": ("Sweep", "pulls", "steps", "sweep", "varied"),
    }  # fmt: skip
    _HOMES = {name: room for room, names in _ROOMS.items() for name in names}
    _MODULES = {
        "high_precision": "theory.numerics.high_precision",
        "simulation": "theory.numerics.simulation",
        "softmax": "theory.numerics.softmax",
    }

    def __getattr__(name):
        if name == "__version__":
            from checks.process import version

            return version()
        if name not in _HOMES and name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        if name in _MODULES:
            return import_module(_MODULES[name])
        try:
            return getattr(import_module(_HOMES[name]), name)
        except ModuleNotFoundError as missing:
            if not _HOMES[name].startswith("sentiment"):
                raise
            from theory.exact import HardmaxError

            raise HardmaxError(
                f"{name} needs {missing.name}: pip install 'hardmax-theory[sentiment]'"
            ) from None


__all__ = [
    "CAUSAL",
    "FIRST_INDEX",
    "HARDMAX",
    "INFINITE",
    "AllTheWay",
    "Averaged",
    "Basins",
    "Batch",
    "Before",
    "Box",
    "Budget",
    "Claim",
    "Configuration",
    "Conjecture",
    "Constant",
    "Counterexample",
    "Cycling",
    "Domain",
    "Dynamics",
    "Equilibrium",
    "Everyone",
    "Finding",
    "FirstIndex",
    "HardmaxError",
    "Hypotheses",
    "InTurn",
    "InputError",
    "InputWarning",
    "Leader",
    "Lens",
    "Masked",
    "Matrices",
    "NotSettled",
    "OwnMatrix",
    "Page",
    "Partway",
    "Pattern",
    "Plane",
    "Problem",
    "Projection",
    "Rate",
    "RationalFunction",
    "Rejected",
    "Report",
    "Run",
    "Scheduled",
    "SentimentClassifier",
    "Settled",
    "SoftmaxBound",
    "Statement",
    "Survey",
    "Sweep",
    "Trajectory",
    "Undecidable",
    "Undecided",
    "Valued",
    "Verdict",
    "Violation",
    "__version__",
    "bound_holds",
    "certificate",
    "claim",
    "claims",
    "closed_form",
    "configurations",
    "conjecture",
    "conjectures",
    "deletions",
    "draw",
    "draw_beside",
    "draw_configuration",
    "draw_explanation",
    "draw_layers",
    "dynamics",
    "enumerate_box",
    "evaluation",
    "explain",
    "find",
    "find_kind",
    "first_failure",
    "first_nonzero",
    "high_precision",
    "in_hull",
    "lemmas",
    "literature",
    "locked_rows",
    "minimise",
    "pulls",
    "read_configurations",
    "read_corpus",
    "read_matrix",
    "read_problems",
    "refute",
    "save",
    "settle",
    "settle_batch",
    "settle_grid",
    "simulation",
    "softmax",
    "split_groups",
    "statements",
    "steps",
    "survey_leaders",
    "sweep",
    "targets_enclosure",
    "vader_lexicon",
    "validate",
    "varied",
    "verify",
    "write_report",
    "write_run",
]


def __dir__() -> list[str]:
    """The public names, but for those of an extra that is absent: `help` asks for each."""
    from importlib.util import find_spec

    absent = set() if find_spec("sklearn") else {"SentimentClassifier", "evaluation"}
    return sorted(set(__all__) - absent)
