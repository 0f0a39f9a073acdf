"""Planted faults in every module that settles: a campaign refutes each, by a named claim.

Where `test_mutants` plants wrong dynamics, these are slips of one line in code that few examples
reach: large configurations, lanes, α ≤ 0, long waits, resonance, held ties. Each is held against
units of a campaign as `hardmax validate` runs them, of the sources that are for it.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from inspect import getsource
from textwrap import dedent
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from checks import Verdict, validate
from checks.campaigns.campaign import Campaign
from checks.campaigns.units import Unit, do
from checks.statements import find
from checks.verdicts import Tally
from theory import certificates, closed_form, dynamics, equilibrium, hull, positivity, walk
from theory.beyond import linear
from theory.fast import argmax, batches, held, history, lanes, persistence
from theory.fast import filter as filters
from theory.fast import walk as filtered

SEED, EXAMPLES = 1, 2000
"""The campaign whose units are done."""

Plant = Callable[[pytest.MonkeyPatch], None]

FAULTS: dict[str, tuple[str, tuple[str, ...], Plant]] = {}
"""By name: the claim that kills it, the sources of its units (all if none), how it is planted."""


def fault(name: str, claim: str, *sources: str) -> Callable[[Plant], Plant]:
    def register(plant: Plant) -> Plant:
        assert name not in FAULTS
        FAULTS[name] = (claim, sources, plant)
        return plant

    return register


def slip(
    patch: pytest.MonkeyPatch, module: ModuleType, name: str, old: str, new: str, times: int = 1
) -> None:
    """Write `new` for `old` in a function of a module, or a method: "Class.method"."""
    *owners, last = name.split(".")
    owner: Any = module
    for part in owners:
        owner = getattr(owner, part)
    source = dedent(getsource(vars(owner)[last]))
    assert source.count(old) == times, (name, old)
    namespace: dict[str, Any] = dict(vars(module))
    exec(source.replace(old, new), namespace)
    true = getattr(owner, last)
    patch.setattr(owner, last, namespace[last])
    for name, other in list(sys.modules.items()):  # those that have it by name
        if name.split(".")[0] in ("theory", "checks") and vars(other).get(last) is true:
            patch.setattr(other, last, namespace[last])


def everywhere(patch: pytest.MonkeyPatch, name: str, value: Any, *modules: ModuleType) -> None:
    """Replace a function in all the modules that have taken it by name."""
    for module in modules:
        patch.setattr(module, name, value)


SLIPS: tuple[tuple[str, str, str, ModuleType, str, str, str], ...] = (
    # closed forms
    ("multiplicities counted as tokens", "closed-form", "repeated, crowd",
     closed_form, "recursion", "configuration.multiplicities", "(1,) * 10**4"),
    # positivity
    ("two times looked at for the first that is not 0", "signs-are-those-of-values", "",
     positivity, "first_nonzero", "next(t for t in range(order) if any(f(t)))",
     "next((t for t in range(min(order, 2)) if any(f(t))), None)"),
    ("resonant terms taken for positive", "signs-are-those-of-values", "",
     positivity, "_is_plainly_positive", "if c < 0:", "if False:"),
    # the history, and the filter
    ("a far layer crossed one short", "paths-agree", "resonant, waiting, rare, held",
     history, "AttentionHistory._cross", "form(end - now)", "form(end - now - 1)"),
    ("means without multiplicities", "paths-agree", "repeated, crowd",
     history, "AttentionHistory._mean", "[self.configuration.multiplicities[j] for", "[1 for"),
    ("a drift that does not grow", "the-filter-is-within-its-bounds", "",
     filters, "Image.moved", "(self.drift + growth) * SLACK", "self.drift"),
    ("shares without multiplicities", "paths-agree", "repeated, crowd, large crowd",
     filters, "Image.moved", "[multiplicities[j] for j in members]", "[1] * len(members)"),
    ("columns beyond the first few never looked at", "paths-agree", "largest crowd",
     argmax, "rivals", "reach > columns.head", "reach < 0"),
    ("the first of the open columns wins", "paths-agree", "near-tied, rational",
     filtered, "FilteredWalk._compared", "for q in AVERAGED.chosen(values)", "for q in (0,)"),
    ("a leap that leaves locked rows one layer short", "paths-agree",
     "waiting, rare, resonant, held",
     filtered, "FilteredWalk.cross", "lam, steps)", "lam, steps - 1)"),
    ("followers of followers taken for locked", "paths-agree", "lattice, clustered",
     filtered, "FilteredWalk._unlocked", "free = history.single.take(leader) != leader",
     "free = leader < 0"),
    ("late terms ignored", "paths-agree", "resonant",
     persistence, "Persistence._positive", "least -= most[late]", "most[late]"),
    ("held ties without an exact look along the mean", "paths-agree", "held",
     held, "HeldTies._leads_to", "all(dot(functional, token(j, layer)) <= top for j in others)",
     "True"),
    # lanes
    ("half a test of standing", "side-by-side", "waiting",
     lanes, "stands", "for other in (None, X):", "for other in (None,):"),
    ("lanes locked without leading", "side-by-side", "",
     lanes, "locked", "(masks == place) & leads", "(masks == place)"),
    ("lanes whose targets may move", "side-by-side", "waiting",
     lanes, "stands", "common * X - targets) != 0", "common * X - targets) > 2**62"),
    ("leaders of a batch since the settled layer", "side-by-side", "",
     lanes, "_follow", "(change.masks == going.copies[:, changed]) & (leading < 0)",
     "change.masks == going.copies[:, changed]"),
    # batches
    ("leaders of what a batch leaves open since the settled layer", "side-by-side", "rare",
     batches, "_part", "np.array(layers)[alone.argmax(axis=0)]", "layers[-1]"),
    ("the first pattern of a batch for its last", "side-by-side", "rare",
     batches, "_part", "answer.layer, masks[-1]", "answer.layer, masks[0]"),
    ("a batch that follows its first pattern", "side-by-side", "",
     batches, "_settled", "layer, pattern = history[-1]", "layer, pattern = history[0]"),
    # linear maps
    ("a turn too few", "answers-need-no-hypothesis", "backward",
     linear, "_at", "divmod(t, orbit.period)", "divmod(max(t - 1, 0), orbit.period)"),
    # settling, equilibrium
    ("a face with one leader too few", "limits-are-feet", "",
     equilibrium, "face_of", "for leader in face)", "for leader in face[1:])"),
    ("a face where the functional is least", "limits-are-feet", "",
     equilibrium, "face_of", "max(products) != norm", "min(products) != norm"),
    ("a face without A", "limits-are-feet", "rare",
     equilibrium, "face_of", "if not configuration.euclidean:", "if False:"),
    ("vertices taken for faces", "limits-are-feet", "",
     equilibrium, "_kinds", "elif key in positions:", "elif False:"),
    ("leaders since the settled layer", "leaders-are-vertices", "",
     equilibrium, "leaders_of", "history[other[-1] + 1][0] if other else history[0][0]",
     "history[-1][0]"),
    ("leaders at other tokens' limits", "leaders-are-vertices", "",
     equilibrium, "leaders_of", "limits[i]))", "limits[i - 1]))"),
    ("clusters of the first token alone", "clusters-are-limits", "",
     equilibrium, "_clusters", "setdefault(key, []).append(i)", "__setitem__(key, [i])"),
    ("points that differ in a denominator taken for equal", "clusters-are-limits", "resonant",
     equilibrium, "keys_of", "list(map(tuple, numerators.table()))",
     "[tuple(x.p for x in point) for point in points]"),
    ("the fastest rate for the slowest", "clusters-are-limits", "rare",
     equilibrium, "_rate", "max(moving)", "min(moving)"),
    ("a rate without its degree", "clusters-are-limits", "resonant",
     equilibrium, "_rate", "(abs(r), p, r)", "(abs(r), 0, r)"),
    # dynamics
    ("multiplicities ignored for many tokens", "layer-is-the-definition", "crowd, large crowd",
     dynamics, "next_state", "(multiplicities[j] * state.numerators[j][s] for",
     "(state.numerators[j][s] for"),
    ("rows taken for locked in a step backward", "attention-is-argmax", "backward",
     dynamics, "Dynamics.locked", "if not self.locks(configuration, layer):", "if False:"),
    ("locked rows trusted where α ≤ 0", "answers-need-no-hypothesis", "backward",
     walk, "first_change", "dynamics.locked(configuration, pattern, 0)",
     "[i for i, own in enumerate(pattern) if len(own) == 1 and pattern[own[0]] == own]"),
    ("all locked where α < 0", "answers-need-no-hypothesis", "backward",
     dynamics, "Dynamics.all_locked", "return False", "pass"),
    ("a leap of settling one layer short", "paths-agree", "held, waiting, rare",
     walk, "ExactWalk.leap", "[form(time) for form in self._forms]",
     "[form(time - 1) for form in self._forms]"),
    ("hulls without signs", "hulls-tell-sides", "",
     hull, "in_hull", "reduced[s, count] >= 0", "True"),
    ("certificates with leaders since the settled layer", "settling", "",
     certificates, "certificate",
     "next(k for k, pattern in settled.history if pattern[i] == (i,))",
     "settled.layer"),
)  # fmt: skip
"""Name, claim, sources (all if none), and where one text is written for another."""

for fault_name, claim_name, drawn, room, function, true_text, slipped in SLIPS:
    fault(fault_name, claim_name, *filter(None, drawn.split(", ")))(
        partial(slip, module=room, name=function, old=true_text, new=slipped)
    )


@fault("a product of binomials without its lower degrees", "paths-agree", "resonant", "rare")
def lower_degrees(patch: pytest.MonkeyPatch) -> None:
    everywhere(patch, "product_degrees", lambda p, q: [(p + q, 1)], closed_form)


@fault("growth looked at once", "signs-are-those-of-values")
def once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        positivity,
        "_grows",
        lambda f: positivity._start(positivity._difference(f, f[-1][0])) >= 0,
    )


@fault("frozen columns without their closure", "paths-agree", "waiting")
def unclosed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(persistence.Persistence, "_close", lambda self, mask: None)


@fault("attended leaders taken for tied for ever", "paths-agree", "parting")
def tied(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        persistence.Persistence, "_tied", lambda self, group, *_: np.ones(len(group), np.bool_)
    )


@fault("held ties whose mean may move", "paths-agree", "waiting", "symmetric", "resonant", "rare")
def moving_mean(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(held.HeldTies, "_moves", lambda *_: False)


@fault("lanes that overflow", "side-by-side", "binary64")
def overflow(patch: pytest.MonkeyPatch) -> None:
    everything = "fits = np.ones(going.lanes.size, np.bool_)"
    slip(patch, lanes, "_follow", "fits = np.all(inside, axis=(0, 1))", everything)


@fault("certificates without their evidence of positive signs", "settling", "rare")
def evidence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(certificates, "_leads", lambda settled: [])


def units(sources: tuple[str, ...], examples: int = EXAMPLES) -> Iterator[Unit]:
    """The units of the campaign that draw from these sources, source by source; all if none."""
    every = Campaign(examples=examples, seed=SEED).units()
    for source in sources or dict.fromkeys(unit.source for unit in every):
        yield from (unit for unit in every if unit.source == source)


def held_against(claim: str, sources: tuple[str, ...], examples: int = EXAMPLES) -> Tally:
    """What the claim comes to on these units, up to the first that it is refuted by."""
    found = Tally()
    for unit in units(sources, examples):
        found.add(do(unit, [find(claim)], 2000).tallies[claim])
        if found.witness is not None:
            break
    return found


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """What was kept of one fault must not be taken for another's."""
    dynamics._dense.cache_clear()
    yield
    dynamics._dense.cache_clear()


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_refuted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, sources, plant = FAULTS[name]
    plant(monkeypatch)
    found = held_against(claim, sources)
    assert found.witness is not None, f"{name}: {found}"
    assert found.verdict in (Verdict.REFUTED, Verdict.ERROR)


def test_without_a_fault_a_campaign_holds() -> None:
    claims = sorted({claim for claim, _, _ in FAULTS.values()})
    reports = validate([find(claim) for claim in claims], examples=400, seed=SEED, max_layers=2000)
    assert [report.name for report in reports] == claims
    assert {(report.verdict, report.undecided) for report in reports} == {(Verdict.HELD, 0)}


def test_there_are_enough_faults() -> None:
    assert len(FAULTS) >= 30
    assert len({claim for claim, _, _ in FAULTS.values()}) >= 8
