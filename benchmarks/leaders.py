"""What leaders cost: accuracy against the words that lead, for many designs, on validation films.

    python -m benchmarks leaders                  # the page and the picture: six minutes
    python -m benchmarks.leaders --rows anchor    # the settings whose names hold a word; prints

Rotten Tomatoes' training films alone (`benchmarks.sentiment.parts`) are divided by film, once for
each seed; no test film is looked at. Every design of `benchmarks.designs` reads the same strengths
and is decoded alike; `benchmarks.led` tells who leads, and deletes words in earnest. What costs
what is told against no attention: the same strengths, summed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks import curve
from benchmarks.designs import (
    DEEP,
    DEFAULT,
    Divided,
    Fits,
    Placed,
    Points,
    Read,
    anchored,
    arched,
    decided,
    decoded,
    divided,
    ruled,
    strongest,
    summed,
    topical,
)
from benchmarks.endtoend import Way, trained
from benchmarks.led import Leading, Led, Logits, Probes, deletions, led
from benchmarks.sentiment import RESULTS, parts
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.model import Floats, Parameters, logits
from sentiment.reading import Reading
from sentiment.reliability import Calibration
from sentiment.scope import PLAIN
from sentiment.strengths import LENGTH, Known, Values
from sentiment.vocabulary import Bag

SEEDS = (1, 2, 3)

PROBED = 300
"""Held-out texts in which words are deleted."""

BEFORE: dict[str, Any] = {"anchor": 0, "ngrams": 2, "lexicon_scale": 0.3}
"""The classifier without an anchor, as its settings were."""

Measured = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Judged:
    """A model to be measured: what it says, who leads, and the logits of no attention beside it."""

    known: Known
    held: Sequence[Bag]
    logits: Logits
    leading: Leading
    alone: Floats
    ngrams: int = 1
    note: Measured = field(default_factory=dict)


class Bench:
    """A divided corpus, read and fitted once for all settings that share it."""

    def __init__(self, texts: Divided, probed: int = PROBED) -> None:
        self.texts = texts
        self._fits: dict[tuple[Any, ...], Fits] = {}
        self._probes: dict[int, Probes] = {}
        self._before: dict[int, Floats] = {}
        order = np.random.default_rng(texts.seed).permutation(len(texts.validation))
        self.chosen = [texts.validation.texts[i] for i in order[:probed].tolist()]

    def fits(
        self, ngrams: int = 1, least: int = 5, lexicon: bool = True, *,
        leave_one_out: bool = True, remainders: bool = True,
    ) -> Fits:  # fmt: skip
        """Strengths of features read and fitted so."""
        key = ngrams, least, lexicon, leave_one_out, remainders
        if key not in self._fits:
            same = next((fits.read for old, fits in self._fits.items() if old[:3] == key[:3]), None)
            read = same or Read.of(self.texts, ngrams, least, lexicon)
            self._fits[key] = Fits.of(read, leave_one_out, remainders)
        return self._fits[key]

    def probes(self, ngrams: int) -> Probes:
        """The texts in which words are deleted, as read."""
        if ngrams not in self._probes:
            self._probes[ngrams] = Probes.of(Reading(DEFAULT["negation"], ngrams), self.chosen)
        return self._probes[ngrams]

    def before(self, dimension: int) -> Floats:
        """The logits of the classifier without an anchor and without attention."""
        if dimension not in self._before:
            model = former(self.texts, {"depth": 0, "dimension": dimension})
            bags = model.bags(self.texts.validation.texts)
            self._before[dimension] = model.finite_logits(bags, 0)
        return self._before[dimension]


def former(texts: Divided, options: dict[str, Any]) -> SentimentClassifier:
    """The classifier without an anchor, trained."""
    model = SentimentClassifier(random_state=texts.seed, **(BEFORE | options))
    inside = texts.training
    return model.fit(inside.texts, inside.labels, groups=inside.groups)


Setting = Callable[[Bench], Judged]


def attentive(
    bench: Bench, design: Callable[[Read], Placed], way: Way | None = None, plane: bool = True,
    **fitted: Any,
) -> Judged:  # fmt: skip
    """A design of attention over fitted strengths; `way` trains it end to end.

    In the plane with an anchor the decoder reads the first coordinate, as the classifier's does.
    """
    fits = bench.fits(**fitted)
    place = design(fits.read)
    if way is None:
        judged = _judged(fits, decoded(fits, place, 1 if plane else None))
        return replace(judged, ngrams=fitted.get("ngrams", 1))
    model, epochs = trained(fits, place, way, bench.texts.seed)
    return replace(_judged(fits, model), note={"epochs": epochs})


def _judged(fits: Fits, model: Parameters) -> Judged:
    return Judged(fits.read.known, fits.read.held, partial(said, model), partial(led, model),
                  fits.alone)  # fmt: skip


def said(model: Parameters, bags: Sequence[Bag]) -> Floats:
    """The logits at the limit, in binary64."""
    return logits(model.as_type(np.float64), bags, DEEP)


def by_points(points: Points, weights: Floats, bias: float, bags: Sequence[Bag]) -> Floats:
    """The decoder on points."""
    return np.asarray(points(bags) @ weights + bias)


def alone(bench: Bench) -> Judged:
    """No attention: every word leads itself."""
    fits = bench.fits()
    points, weights, bias = decided(fits, summed)

    def everyone(bags: Sequence[Bag]) -> list[Led]:
        told = []
        for bag in bags:
            said = bag.counts / PLAIN
            shares = said / max(1.0, said.sum())
            adds = fits.of_all[bag.ids] * said * weights[0] / np.sqrt(said.sum() + LENGTH)
            told.append(
                Led(tuple(bag.ids.tolist()), tuple(shares.tolist()), tuple(adds.tolist()), 0.0)
            )
        return told

    speak = partial(by_points, points, weights, bias)
    return Judged(fits.read.known, fits.read.held, speak, everyone, fits.alone)


def leaders_only(bench: Bench) -> Judged:
    """The decoder on the strongest word of each side, of equal weight whatever follows them."""
    fits = bench.fits()

    def kept(values: Values) -> Values:
        return ruled(fits.read, values)

    points, weights, bias = decided(fits, lambda values: strongest(kept(values)))
    strengths = kept(fits.of_all)

    def two(bags: Sequence[Bag]) -> list[Led]:
        told = []
        for bag, ends in zip(bags, points(bags), strict=True):
            here = strengths[bag.ids]
            words = [(bag.ids[pick(here)], x * w) for pick, x, w in zip(
                (np.argmin, np.argmax), ends, weights, strict=True) if x]  # fmt: skip
            share = (1 / max(1, len(words)),) * len(words)
            told.append(Led(tuple(int(i) for i, _ in words), share,
                            tuple(float(x) for _, x in words), 0.0))  # fmt: skip
        return told

    speak = partial(by_points, points, weights, bias)
    return Judged(fits.read.known, fits.read.held, speak, two, fits.alone)


def as_before(bench: Bench, **options: Any) -> Judged:
    """The classifier without an anchor."""
    model = former(bench.texts, options)
    held = model.bags(bench.texts.validation.texts)
    known = Known.of(model.vocabulary_, {})
    return Judged(known, held, partial(said, model.parameters_), partial(led, model.parameters_),
                  bench.before(model.dimension), model.ngrams)  # fmt: skip


def by_design(
    mass: float = DEFAULT["anchor"], spread: float = DEFAULT["spread"], **rest: Any
) -> Setting:
    """A setting of the design with an anchor."""
    return partial(attentive, design=partial(anchored, mass=mass, spread=spread), **rest)


def settings() -> dict[str, tuple[str, Setting]]:
    """Every setting by name, with the family that it belongs to."""
    rows: dict[str, dict[str, Setting]] = {family: {} for family in curve.FAMILIES}
    own = rows["neutral anchor"]
    own[curve.DEFAULT_NAME] = by_design()
    for mass in (0.5, 1.0, 2.0, 8.0, 16.0):
        own[f"anchor {mass:g}"] = by_design(mass)
    for spread in (0.05, 0.1, 0.2, 0.3, 0.5):
        own[f"spread {spread:g}"] = by_design(spread=spread)
    for least in (2, 5, 20):
        own[f"with pairs in {least} texts"] = by_design(ngrams=2, least=least)
    own["with pairs in 5 texts, spread 0.1"] = by_design(spread=0.1, ngrams=2)
    own["log-odds alone, no lexicon"] = by_design(lexicon=False)
    own["log-odds not leave-one-out"] = by_design(leave_one_out=False)
    own["no remainders: ratings and log-odds"] = by_design(remainders=False)
    for d, width in ((3, 0.3), (4, 0.3), (8, 0.3), (16, 0.3), (16, 1.0)):
        rows["anchor, more dimensions"][f"topics, d = {d}, width {width:g}"] = partial(
            attentive, design=partial(topical, dimension=d, width=width), plane=False
        )
    ends = rows["trained end to end"]
    for soft, name in ((False, "hardmax"), (True, "annealed softmax")):
        ends[name] = by_design(way=Way(1e-3, soft=soft))
        ends[f"{name}, from no remainders"] = by_design(way=Way(1e-3, soft=soft), remainders=False)
    for up, down, axes in ((0.0, 0.0, False), (0.8, 0.8, False), (0.4, 0.8, False),
                           (0.8, 0.4, False), (0.8, 0.8, True), (0.98, 0.98, True)):  # fmt: skip
        name = f"arcs {up:g} and {down:g}" + (", own axes" if axes else "")
        rows["arcs, same strengths"][name] = partial(
            attentive, plane=False,
            design=partial(arched, positives=up, negatives=down, own_axes=axes),
        )  # fmt: skip
    for d in (2, 16):
        for arc in (0, 0.4, 0.8, 0.98):
            rows["before the anchor"][f"arc {arc:g}, d = {d}"] = partial(
                as_before, arc=arc, dimension=d
            )
    rows["before the anchor"]["arc 0.8, d = 2, not trained"] = partial(as_before, epochs=0)
    rows["no attention"]["leaders only, without masses"] = leaders_only
    rows["no attention"][curve.ALONE_NAME] = alone
    return {
        name: (family, setting) for family, some in rows.items() for name, setting in some.items()
    }


def measured(bench: Bench, setting: Setting) -> Measured:
    """Everything that is told of a setting."""
    it = setting(bench)
    truth = np.array([label == "fresh" for label in bench.texts.validation.labels])
    told = it.logits(it.held).astype(np.float64)
    here, there = ((x > 0) == truth for x in (told, it.alone))
    difference = there.astype(float) - here
    calibration = Calibration.of(told, truth, 1)
    leading = [x for x, bag in zip(it.leading(it.held), it.held, strict=True) if len(bag.ids)]
    functional = it.known.functional
    by_function = [
        sum(share for word, share in zip(x.words, x.shares, strict=True) if functional[word])
        for x in leading
    ]
    anchor = float(np.mean([x.anchored for x in leading]))
    function = float(np.mean(by_function))
    removed = deletions(it.logits, it.leading, it.known.vocabulary, bench.probes(it.ngrams))
    return {
        "texts": len(truth),
        "accuracy": calibration.accuracy,
        "cost": float(difference.mean()),
        "cost_variance": float(difference.var()),
        "log_loss": calibration.log_loss,
        "ece": calibration.ece,
        "leaders": float(np.mean([len(x.words) for x in leading])),
        "function": function,
        "content": 1 - function - anchor,
        "anchor": anchor,
        "deletions": asdict(removed),
        **it.note,
    }


def main(arguments: Sequence[str] = ()) -> str:
    """Measure; the page. Figures are kept in `results/leaders.json`, unless only some are made."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", default="", help="only settings whose names hold this")
    parser.add_argument("--seeds", type=int, default=len(SEEDS), help="divisions of the films")
    parser.add_argument("--cache", type=Path, help="where the corpus is kept")
    given = parser.parse_args(list(arguments))
    training, _ = parts(given.cache)
    results = run(training, SEEDS[: given.seeds], given.rows)
    if given.rows:
        return json.dumps(results, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "leaders.json").write_text(json.dumps(results, indent=1) + "\n")
    curve.draw(results, RESULTS / "leaders.svg")
    return curve.page(results)


def run(corpus: Corpus, seeds: Sequence[int], chosen: str = "") -> dict[str, Any]:
    """All settings whose names hold `chosen`, over all seeds: by name the family and its runs."""
    results: dict[str, Any] = {}
    for seed in seeds:
        bench = Bench(divided(corpus, seed))
        for name, (family, setting) in settings().items():
            if chosen not in name:
                continue
            start = process_time()
            record = measured(bench, setting)
            results.setdefault(name, {"family": family, "runs": []})["runs"].append(record)
            told = (
                f"{record['accuracy']:.4f} {record['leaders']:.2f} {process_time() - start:.1f} s"
            )
            print(seed, name, told, file=sys.stderr, flush=True)
    return results


if __name__ == "__main__":
    print(main(sys.argv[1:]))
