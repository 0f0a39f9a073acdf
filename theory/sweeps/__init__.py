"""Sweeps: one number varies, and everything is told of all its values (section 14 of the notes)."""

from theory.sweeps.families import Family, lines, pulls, steps
from theory.sweeps.values import Outcome, Piece, Sweep
from theory.sweeps.variations import varied
from theory.sweeps.walk import sweep

__all__ = ["Family", "Outcome", "Piece", "Sweep", "lines", "pulls", "steps", "sweep", "varied"]
