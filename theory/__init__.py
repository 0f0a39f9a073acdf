"""The exact mathematics of hardmax attention.

The public names: `Configuration` states a problem, `Trajectory` holds its layers, `settle`
decides the limit of infinitely many layers, and `Equilibrium` reads it.
"""

from theory.configuration import Configuration, Hypotheses
from theory.dynamics import CAUSAL, FIRST_INDEX, HARDMAX, INFINITE, Dynamics, Pattern
from theory.equilibrium import Equilibrium, Leader, Rate
from theory.exact import HardmaxError, Undecidable
from theory.settling import Cycling, NotSettled, Settled, Undecided
from theory.solve import settle
from theory.trajectory import Trajectory

__all__ = [
    "CAUSAL",
    "FIRST_INDEX",
    "HARDMAX",
    "INFINITE",
    "Configuration",
    "Cycling",
    "Dynamics",
    "Equilibrium",
    "HardmaxError",
    "Hypotheses",
    "Leader",
    "NotSettled",
    "Pattern",
    "Rate",
    "Settled",
    "Trajectory",
    "Undecidable",
    "Undecided",
    "settle",
]
