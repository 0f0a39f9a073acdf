"""Conjectures: statements to be refuted, and how users add their own.

Two kinds of statement (`paper_notes.md`, section 5) are expected to be refuted. Those under the
standing hypotheses (H) are what one might believe of hardmax attention and is false. Those with a
hypothesis dropped are the lemmas and the main theorem on configurations where exactly that
hypothesis fails. The settling conjecture is a claim (`checks.statements.limits`), expected to hold.
"""

from checks.statements.conjectures import doubted, dropped  # noqa: F401  # they register
from checks.statements.conjectures.registry import (
    Conjecture,
    adopt,
    conjecture,
    conjectures,
    declared,
    find,
    forget,
    load,
    origin,
    select,
)

__all__ = [
    "Conjecture",
    "adopt",
    "conjecture",
    "conjectures",
    "declared",
    "find",
    "forget",
    "load",
    "origin",
    "select",
]
