"""Two samples compared: what changed by more than chance would have it.

`compare` takes two `Measured` to a `Drift`: a `Change` of each measure, and of the mean mass of
each leader that leads in some texts, with intervals that hold together
(`sentiment.drift.resampling`). There are two families, measures and leaders, and each gets half of
the error: at level 0.95 the intervals of a family hold together with probability 0.975, so that
where nothing drifted one of all intervals excludes 0 with probability of at most 0.05.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from sentiment.drift.measures import COLUMNS, MEASURES, Leader, Measured
from sentiment.drift.resampling import (
    Floats,
    Together,
    interval,
    permuted,
    resampled,
    sums,
    together,
)
from theory.exact import HardmaxError

LEAST_UNITS = 10
"""Texts, or groups where there are groups, of a sample at least: of fewer no spread is known."""

Two = tuple[Floats, Floats]
"""Of the old sample and of the new one."""

FAMILIES = 2
"""Measures and leaders."""


@dataclass(frozen=True)
class Settings:
    """How samples are compared.

    level : the probability with which all intervals hold together. resamples : of the bootstrap.
    least : texts of both samples in which a leader leads that is looked at. seed : of chance.
    comparisons : of how many this is one; the error is shared among them.
    """

    level: float = 0.95
    resamples: int = 2000
    least: int = 10
    seed: int = 0
    comparisons: int = 1

    @property
    def family(self) -> float:
        """The level of each family."""
        return 1 - (1 - self.level) / (FAMILIES * self.comparisons)


@dataclass(frozen=True)
class Change:
    """A number in two samples, and how far it changed, with the interval of the change.

    probability : the p-value among all of its family. old_interval, new_interval : of the number
    itself at the level asked for, each for itself; None of leaders. texts : of a leader, in how
    many of either sample it leads.
    """

    old: float
    new: float
    difference: float
    low: float
    high: float
    probability: float
    old_interval: tuple[float, float] | None = None
    new_interval: tuple[float, float] | None = None
    texts: tuple[int, int] | None = None

    @property
    def seen(self) -> int:
        """1 or −1 where the interval lies above or below 0, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    @property
    def visible(self) -> float:
        """How great a change would have had to be to be seen, about."""
        return (self.high - self.low) / 2

    def as_dict(self) -> dict[str, Any]:
        """The change as a JSON object."""
        record: dict[str, Any] = {
            "old": self.old,
            "new": self.new,
            "difference": self.difference,
            "interval": [self.low, self.high],
            "p": self.probability,
            "seen": bool(self.seen),
        }
        if self.old_interval is not None and self.new_interval is not None:
            record["old_interval"] = [*self.old_interval]
            record["new_interval"] = [*self.new_interval]
        if self.texts is not None:
            record["old_texts"], record["new_texts"] = self.texts
        return record


@dataclass(frozen=True)
class Side:
    """A sample: its name, its texts, what was drawn from, and the undecided texts left out."""

    name: str
    texts: int
    units: int
    grouped: bool
    undecided: tuple[int, ...]


@dataclass(frozen=True)
class Drift:
    """What changed from `old` to `new`.

    measures : by key. leaders : those looked at, the greatest changes first. appeared, vanished :
    words that lead in the one and never in the other, with their texts. strange : words outside the
    vocabulary, with their texts in either sample. few : leaders that lead in too few texts.
    """

    old: Side
    new: Side
    settings: Settings
    measures: Mapping[str, Change] = field(hash=False)
    leaders: tuple[tuple[Leader, Change], ...]
    appeared: tuple[tuple[str, int], ...]
    vanished: tuple[tuple[str, int], ...]
    strange: tuple[tuple[str, int, int], ...]
    few: int

    @property
    def seen(self) -> bool:
        """Whether anything changed by more than chance would have it."""
        return any(change.seen for change in self.changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        """All that was looked at."""
        return (*self.measures.values(), *(change for _, change in self.leaders))


def compare(old: Measured, new: Measured, settings: Settings | None = None) -> Drift:
    """What changed. Raises `HardmaxError` for samples of fewer than `LEAST_UNITS` texts or groups.

    Measures that need labels are told where both samples have them.
    """
    settings = settings or Settings()
    for side in (old, new):
        if side.units < LEAST_UNITS:
            what = "texts" if side.groups is None else "groups"
            raise HardmaxError(
                f"{side.name}: {side.units} {what}; at least {LEAST_UNITS} were wanted"
            )
    counts = [_leading(side) for side in (old, new)]
    both = counts[0] + counts[1]
    looked = sorted((x for x, n in both.items() if n >= settings.least), key=lambda x: x or "")
    rng = np.random.default_rng(settings.seed)
    old_sums, new_sums = (sums(_columns(side, looked), side.groups) for side in (old, new))
    told = _total(old_sums), _total(new_sums)
    count = settings.resamples
    drawn = resampled(old_sums, count, rng), resampled(new_sums, count, rng)
    null = permuted(old_sums, new_sums, count, rng)
    measures = _measures(old.labelled and new.labelled, told, drawn, null, settings)
    changes = _leaders(told, drawn, null, settings)
    texts = [(counts[0][name], counts[1][name]) for name in looked]
    leaders = [
        (name, _change(changes, k, told, n))
        for k, (name, n) in enumerate(zip(looked, texts, strict=True))
    ]
    leaders.sort(key=lambda pair: (not pair[1].seen, -abs(pair[1].difference), pair[0] or ""))
    return Drift(
        _side(old),
        _side(new),
        settings,
        measures,
        tuple(leaders),
        _only(counts[1], counts[0]),
        _only(counts[0], counts[1]),
        _strange(old, new),
        len(both) - len(looked),
    )


def _total(columns: sparse.csr_array) -> Floats:
    total: Floats = np.asarray(columns.sum(axis=0)).ravel()
    return total


def _side(side: Measured) -> Side:
    return Side(side.name, len(side), side.units, side.groups is not None, side.undecided)


def _leading(side: Measured) -> Counter[Leader]:
    """In how many texts each leader leads."""
    return Counter(leader for masses in side.masses for leader in masses)


def _columns(side: Measured, looked: list[Leader]) -> sparse.csr_array:
    """The columns of measures, and one of masses for each leader."""
    places = {leader: COLUMNS + number for number, leader in enumerate(looked)}
    rows, across, values = [], [], []
    for row, masses in enumerate(side.masses):
        for leader, mass in masses.items():
            if leader in places:
                rows.append(row)
                across.append(places[leader])
                values.append(mass)
    shape = (len(side), len(looked))
    columns = np.array(across, dtype=int) - COLUMNS
    led = sparse.csr_array((values, (rows, columns)), shape=shape, dtype=np.float64)
    return sparse.csr_array(sparse.hstack([sparse.csr_array(side.numbers), led]))


def _measures(
    labelled: bool, told: Two, drawn: Two, null: Two, settings: Settings
) -> dict[str, Change]:
    used = [measure for measure in MEASURES if labelled or not measure.labels]

    def values(sums: Floats) -> Floats:
        return np.stack([measure.value(sums) for measure in used], axis=-1)

    old, new = map(values, told)
    biased = np.array([measure.biased for measure in used])
    # Of a biased measure the smaller sample has the greater value: permutations tell by how much.
    dealt = values(null[1]) - values(null[0])
    bias = np.where(biased, dealt.mean(axis=0), 0.0)
    again = [values(sums) for sums in drawn]
    intervals = together(new - old - bias, again[1] - again[0], dealt - bias, settings.family)
    changes = {}
    for k, measure in enumerate(used):
        sides = [
            interval(draws[:, k] - (draws[:, k].mean() - value[k]) * biased[k], settings.level)
            for draws, value in zip(again, (old, new), strict=True)
        ]
        changes[measure.key] = Change(
            float(old[k]),
            float(new[k]),
            float(new[k] - old[k] - bias[k]),
            *_numbers(intervals, k),
            old_interval=sides[0],
            new_interval=sides[1],
        )
    return changes


def _leaders(told: Two, drawn: Two, null: Two, settings: Settings) -> Together:
    def change(sums: Two) -> Floats:
        old, new = (side[..., COLUMNS:] / side[..., :1] for side in sums)
        difference: Floats = new - old
        return difference

    return together(change(told), change(drawn), change(null), settings.family)


def _change(intervals: Together, k: int, told: Two, texts: tuple[int, int]) -> Change:
    old, new = (float(sums[COLUMNS + k] / sums[0]) for sums in told)
    return Change(old, new, new - old, *_numbers(intervals, k), texts=texts)


def _numbers(intervals: Together, k: int) -> tuple[float, float, float]:
    return float(intervals.low[k]), float(intervals.high[k]), float(intervals.probability[k])


def _only(here: Counter[Leader], there: Counter[Leader]) -> tuple[tuple[str, int], ...]:
    """The words that lead here and never there, most texts first."""
    words = [(word, n) for word, n in here.items() if word is not None and not there[word]]
    return tuple(sorted(words, key=lambda pair: (-pair[1], pair[0])))


def _strange(old: Measured, new: Measured) -> tuple[tuple[str, int, int], ...]:
    """Words outside the vocabulary in new texts, those first whose share of texts grew most.

    Of equal ones the commonest is first.
    """
    rates = {
        word: count / len(new) - old.strange[word] / len(old) for word, count in new.strange.items()
    }
    order = sorted(rates, key=lambda word: (-rates[word], -new.strange[word], word))
    return tuple((word, old.strange[word], new.strange[word]) for word in order)
