"""How we know: claims held against configurations built to break them.

The public names: `configurations` is a Hypothesis strategy, `claim` declares a statement, and
`validate` holds statements against generated configurations. Each is imported when it is first
asked for, so that the command `hardmax` starts before anything else is loaded.
"""

TYPE_CHECKING = False  # that of `typing`, which takes a while to import

if TYPE_CHECKING:
    from checks.campaigns.campaign import validate
    from checks.run import Run
    from checks.statements import Claim, Conjecture, Statement, claim, conjecture, dynamics
    from checks.strategies import configurations
    from checks.verdicts import Report, Verdict, Violation
else:
    _HOMES = {
        "validate": "checks.campaigns.campaign",
        "Claim": "checks.statements",
        "claim": "checks.statements",
        "Conjecture": "checks.statements",
        "conjecture": "checks.statements",
        "dynamics": "checks.statements",
        "Statement": "checks.statements",
        "Run": "checks.run",
        "configurations": "checks.strategies",
        "Report": "checks.verdicts",
        "Verdict": "checks.verdicts",
        "Violation": "checks.verdicts",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)


__all__ = [
    "Claim",
    "Conjecture",
    "Report",
    "Run",
    "Statement",
    "Verdict",
    "Violation",
    "claim",
    "configurations",
    "conjecture",
    "dynamics",
    "validate",
]
