"""The sentiment classifier against simpler ones and the published one, split by film.

`python -m benchmarks sentiment` measures every row over 3 seeds, in some minutes, and writes
`benchmarks/results/sentiment.md`; rows of the published model are kept as they were measured. With
`python -m benchmarks.sentiment --published` those are measured too, which takes about an hour, and
with `--rows ours` only rows whose names hold a word; the page is printed.

Each run has a process of its own, so that its greatest memory is known; seconds are processor time
of training.

Data: the Rotten Tomatoes reviews of `hardmax sentiment data rotten-tomatoes`; the films of the test
set are the last 30% of all films in the order of `split_groups(films, 0.7, seed=0)`. All settings
were chosen on splits of the training films; the test films were looked at for these rows alone.
"""

import argparse
import json
import resource
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, stdev
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # as a script this file would be the module `sentiment`

from benchmarks import published  # noqa: E402 - after the path
from sentiment.classifier import SentimentClassifier  # noqa: E402 - likewise
from sentiment.corpora import Corpus, split_groups  # noqa: E402 - likewise
from sentiment.downloads import load  # noqa: E402 - likewise
from sentiment.evaluation import evaluation, rivals  # noqa: E402 - likewise
from sentiment.sources import ROTTEN_TOMATOES  # noqa: E402 - likewise

RESULTS = ROOT / "benchmarks" / "results"

PUBLISHED = "published"
"""Beginning of the names of rows of the published model."""

Measured = dict[str, Any]


def parts(cache: Path | None) -> tuple[Corpus, Corpus]:
    """The texts for training and for the test."""
    corpus = load(ROTTEN_TOMATOES, cache)
    inside = split_groups(corpus.groups or (), 0.7, 0)
    return corpus.part(inside), corpus.part(~inside)


def fresh(corpus: Corpus) -> NDArray[np.bool_]:
    """Which texts are positive."""
    return np.array([label == "fresh" for label in corpus.labels])


def ours(cache: Path | None, seed: int, options: dict[str, Any]) -> Measured:
    """Our classifier: accuracy at its depth, and at infinite depth by exact equilibria."""
    training, tested = parts(cache)
    start = process_time()
    model = SentimentClassifier(random_state=seed, **options)
    model.fit(training.texts, training.labels, groups=training.groups)
    seconds = process_time() - start
    memory = peak()
    shallow = evaluation(model, tested)
    record: Measured = {key: shallow[key] for key in ("accuracy", "ece", "log_loss")}
    depth = model.depth
    if isinstance(depth, int) and depth:
        deep = evaluation(model.set_params(depth="infinite"), tested, depth)
        record |= {"infinite": deep["accuracy"], "agreement": deep["agreement"]}
        record["undecided"] = len(deep["undecided"])
    return record | {"alpha": model.parameters_.alpha, "seconds": seconds, "memory": memory}


def theirs(cache: Path | None, seed: int, d: int, rate: float, epochs: int) -> Measured:
    """The published model: accuracy after the last epoch, and after the best on the test set."""
    training, tested = parts(cache)
    run = published.run(
        training.texts, fresh(training), tested.texts, fresh(tested), d, rate, epochs, seed
    )
    return {"accuracy": run.accuracies[-1], "best": max(run.accuracies), "alpha": run.alpha,
            "seconds": run.seconds, "memory": peak()}  # fmt: skip


def simple(cache: Path | None, seed: int, name: str) -> Measured:
    """A baseline without randomness."""
    training, tested = parts(cache)
    model = SentimentClassifier(initialisation="log-odds", epochs=0, validation_fraction=0)
    model.fit(training.texts[:200], training.labels[:200])
    return {"accuracy": rivals(model, training, tested)[name]}


def peak() -> float:
    """The greatest memory of this process, in megabytes."""
    greatest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return greatest / (1024 if sys.platform != "darwin" else 1024**2)


def rows() -> dict[str, tuple[Callable[..., Measured], bool]]:
    """Every row: what measures it, and whether seeds matter."""
    words, trained = {"initialisation": "log-odds"}, {"anchor": 0, "ngrams": 2}
    every: dict[str, tuple[Callable[..., Measured], bool]] = {
        "majority": (partial(simple, name="majority"), False),
        "VADER": (partial(simple, name="vader"), False),
        "TF-IDF, logistic regression": (partial(simple, name="tfidf"), False),
        "TF-IDF with pairs, logistic regression": (partial(simple, name="tfidf_bigrams"), False),
        "TF-IDF with pairs, negation marks and VADER, logistic regression": (
            partial(simple, name="tfidf_vader"), False),
        "ours": (partial(ours, options={}), True),
        "ours, no attention": (partial(ours, options={"depth": 0}), True),
        "ours, words only": (partial(ours, options=words), True),
        "ours, with pairs": (partial(ours, options={"ngrams": 2}), True),
        "ours, no anchor, trained": (partial(ours, options=trained), True),
        "ours, no anchor, trained, no attention": (
            partial(ours, options=trained | {"depth": 0}), True),
    }  # fmt: skip
    for d in (2, 16):
        for rate, epochs in ((0.001, 100), (0.01, 40)):
            name = f"{PUBLISHED}, d = {d}, rate {rate:g}"
            every[name] = (partial(theirs, d=d, rate=rate, epochs=epochs), True)
    return every


def table(measured: dict[str, list[Measured]]) -> str:
    """The rows as Markdown."""
    lines = [
        "# The sentiment classifier on Rotten Tomatoes, split by film",
        "",
        "Made by `python -m benchmarks sentiment`. Accuracy on the test films, mean ± standard "
        "deviation over seeds; the standard error of one accuracy is about 0.007. *ECE* is the "
        "expected calibration error of ten bins. *Infinite* is the accuracy of exact equilibria, "
        "*alike* the part of the test texts on which depth 8 decides the same. The published rows "
        "give the last epoch (of 100 at rate 0.001, of 40 at rate 0.01), and in brackets the best "
        "epoch on the test set, which flatters them. Seconds are processor time of training, "
        "megabytes the greatest memory of the process.",
        "",
        "*Ours* is the classifier by default: a neutral anchor, the lexicon, d = 2, depth 8. "
        "Without the anchor the embedding is trained by gradients, on words and pairs. The last "
        "regression reads words, words marked after a negation, pairs, and VADER's four scores. "
        "Its C = 40 was the best of 1 to 100 on three validation splits of the training films.",
        "",
        "| model | accuracy | ECE | infinite | alike | α | seconds | MB | seeds |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, runs in measured.items():
        accuracy = spread([run["accuracy"] for run in runs])
        if "best" in runs[0]:
            accuracy += f" ({spread([run['best'] for run in runs])})"
        deep = alike = alpha = seconds = memory = ece = ""
        if "ece" in runs[0]:
            ece = f"{fmean(run['ece'] for run in runs):.3f}"
        if "infinite" in runs[0]:
            deep = spread([run["infinite"] for run in runs])
            alike = f"{fmean(run['agreement'] for run in runs):.2%}"
        if "alpha" in runs[0]:
            alpha = f"{fmean(run['alpha'] for run in runs):.2f}"
        if "seconds" in runs[0]:
            seconds = f"{fmean(run['seconds'] for run in runs):.1f}"
            memory = f"{max(run['memory'] for run in runs):.0f}"
        cells = [name, accuracy, ece, deep, alike, alpha, seconds, memory, str(len(runs))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def spread(values: Sequence[float]) -> str:
    """Mean and standard deviation."""
    return f"{fmean(values):.4f}" + (f" ± {stdev(values):.4f}" if len(values) > 1 else "")


def main(arguments: Sequence[str] = ()) -> str:
    """Measure; the page. What is measured is kept in `results/sentiment.json` row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="runs of each row with randomness")
    parser.add_argument("--rows", default="", help="only rows whose names hold this")
    parser.add_argument("--cache", type=Path, help="where the corpus is kept")
    parser.add_argument("--published", action="store_true", help="the published model too")
    given = parser.parse_args(list(arguments))
    RESULTS.mkdir(exist_ok=True)
    store = RESULTS / "sentiment.json"
    for name, (measure, seeded) in rows().items():
        if given.rows not in name or (name.startswith(PUBLISHED) and not given.published):
            continue
        runs = []
        for seed in range(given.seeds if seeded else 1):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                runs.append(pool.submit(measure, given.cache, seed).result())
            print(name, seed, runs[-1], file=sys.stderr, flush=True)
        store.write_text(json.dumps(stored(store) | {name: runs}, indent=1) + "\n")
    kept = stored(store)
    kept = {name: kept[name] for name in rows() if name in kept}
    store.write_text(json.dumps(kept, indent=1) + "\n")
    return table(kept)


def stored(store: Path) -> dict[str, list[Measured]]:
    """The rows that were measured before."""
    known: dict[str, list[Measured]] = json.loads(store.read_text()) if store.exists() else {}
    return known


if __name__ == "__main__":
    print(main(sys.argv[1:]))
