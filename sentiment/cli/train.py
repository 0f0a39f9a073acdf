"""`hardmax sentiment train`: a classifier of a corpus, saved."""

import json
import os
import shlex
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Annotated, Any

import typer

from checks.cli.options import AsJson, Force
from checks.cli.progress import progress
from checks.cli.terminal import notice
from checks.cli.words import printable
from sentiment.cli.options import (
    Cache,
    Datas,
    GroupColumn,
    LabelColumn,
    Negatives,
    Positives,
    Quoted,
    SkipEmpty,
    TextColumn,
    depth_of,
    number_of,
    read,
    rows_of,
    tell_other_labels,
)
from theory import HardmaxError
from theory.exact import shorten

if TYPE_CHECKING:
    from sentiment.corpora import Corpus

MOST_SEEDS = 1000


def train(
    context: typer.Context,
    data: Datas,
    out: Annotated[
        Path, typer.Option("--out", metavar="MODEL", help="Writes MODEL.json, .npz and .md.")
    ],
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    quoted: Quoted = None,
    skip_empty: SkipEmpty = False,
    dimension: Annotated[int, typer.Option(metavar="D", min=1, help="Coordinates of a word.")] = 2,
    depth: Annotated[
        str, typer.Option(metavar="K", help="Layers of attention, or infinite.")
    ] = "8",
    alpha: Annotated[
        str, typer.Option(metavar="NUMBER", help="The step α, or learn (then at least 2).")
    ] = "learn",
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Makes it reproducible.")] = 0,
    seeds: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=MOST_SEEDS, help="Train with N seeds and keep the best."
        ),
    ] = 1,
    hold_out: Annotated[
        float,
        typer.Option(
            metavar="FRACTION",
            help="The part of the texts (of the groups, if there are any) that is kept for "
            "`evaluate`; of aclImdb the part test. 0 trains on all.",
        ),
    ] = 0.3,
    initialisation: Annotated[
        str, typer.Option(metavar="NAME", help="lexicon, log-odds or random.")
    ] = "lexicon",
    anchor: Annotated[
        float | None,
        typer.Option(
            metavar="MASS",
            help="The mass of the neutral anchor, in words of strength 1 (4 if not given); 0 "
            "trains without one, as --arc, --epochs and --initialisation random do.",
        ),
    ] = None,
    arc: Annotated[
        float | None,
        typer.Option(
            metavar="NUMBER",
            help="Without an anchor: how high neutral words begin, 0 for one positive and one "
            "negative leader a text, up to 1, where every word leads.",
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="Without an anchor: passes over the texts at most."),
    ] = None,
    positive: Positives = None,
    negative: Negatives = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Have simple classifiers beside it on the card.")
    ] = False,
    force: Force = False,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Train a classifier and save it, with a card that tells what it can and cannot: MODEL.md.

    Of several seeds the best on validation is kept; the card's figures are of texts held out.

    Several corpora are trained on as one: their labels are matched by what they mean, their groups
    stay apart, and each keeps its own part for `evaluate`.
    """
    from sentiment import card, checking, corpora, saving
    from sentiment.classifier import SentimentClassifier
    from sentiment.provenance import provenance
    from sentiment.sides import agreed, check_named, joined

    positives, negatives = positive or [], negative or []
    check_named(positives, negatives)
    if not 0 <= hold_out < 1:
        raise HardmaxError(f"--hold-out {hold_out}; a number in [0, 1) was wanted")
    if not 0 <= seed <= 2**32 - seeds:
        raise HardmaxError(f"--seed {seed}: a number from 0 to {2**32 - seeds} was wanted")
    if anchor is None and (initialisation == "random" or arc is not None or epochs is not None):
        anchor = 0.0
    if anchor and (arc is not None or epochs is not None):
        raise HardmaxError(f"--anchor {anchor:g}: --arc and --epochs are of models without one")
    given = {"epochs": epochs, "arc": arc, "anchor": anchor}
    options = {
        "dimension": dimension,
        "depth": depth_of(depth),
        "alpha": "learn" if alpha == "learn" else number_of("--alpha", alpha),
        "initialisation": initialisation,
        "positive": positives[0] if positives else None,
    } | {name: value for name, value in given.items() if value is not None}
    checking.settings(SentimentClassifier(**options).get_params(deep=False))
    _check_place(out, data, force)
    columns = text_column, label_column, group_column
    read_ones = [read(name, *columns, quoted, cache, skip_empty) for name in data]
    used, (_, best_label) = agreed(read_ones, positives, negatives)
    options["positive"] = best_label
    for pair in zip(read_ones, used, strict=True):
        tell_other_labels(*pair)
    parts = [whole.part(corpora.training_part(whole, hold_out)) for whole in used]
    corpus, part = joined(used), joined(parts)
    if len(part.classes) < 2:
        raise HardmaxError(
            f"{', '.join(data)}: the {len(part)} texts that are not held out have one label: "
            "give more texts, or --hold-out 0"
        )
    best: SentimentClassifier | None = None
    runs: list[dict[str, Any]] = []
    chosen: dict[str, Any] = {}
    with progress("training", seeds) as step:
        for number in range(seed, seed + seeds):
            model = SentimentClassifier(random_state=number, **options)
            model.fit(part.texts, part.labels, groups=part.groups)
            runs.append({"seed": number, "alpha": model.parameters_.alpha} | vars(model.kept_))
            if best is None or _accuracy(runs[-1]) > _accuracy(chosen):
                best, chosen = model, runs[-1]
            step()
    if best is None:
        raise HardmaxError("no seed was given")
    learned = provenance(part, chosen["seed"], hold_out)
    told = [
        {"name": whole.name, "rows": whole.rows, "texts": len(kept),
         "held_out": len(whole) - len(kept), "empty_rows": whole.empty,
         "other_labels": _of_other_labels(whole), "split": corpora.split_by(whole)}
        for whole, kept in zip(used, parts, strict=True)
    ]  # fmt: skip
    held = joined([whole.part(~corpora.training_part(whole, hold_out)) for whole in used])
    figures = card.judged(best, learned, part, held, baselines) if len(held) else None
    facts = card.Facts(
        saving.paths(out)[0].stem, told, Counter(part.labels), hold_out,
        chosen["seed"], figures, _command(context),
    )  # fmt: skip
    files = saving.save(best, out, learned, force, partial(card.card, best, facts))
    doubted = _doubted(part, best_label)
    if doubted:
        notice(
            f"warning: the lexicon VADER rates the texts labelled {shorten(repr(best_label))} "
            "below the others; are the labels swapped? --positive names the positive one"
        )
    record = {"files": [str(file) for file in files], "rows": corpus.rows, "texts": len(part),
              "held_out": len(corpus) - len(part), "features": len(best.vocabulary_),
              "positive": best_label, "lexicon_disagrees": doubted, "seed": chosen["seed"],
              "empty_rows": corpus.empty, "other_labels": sum(map(_of_other_labels, used)),
              "corpora": told, "runs": runs, "card": str(saving.card_path(out)),
              "figures": figures}  # fmt: skip
    if as_json:
        typer.echo(json.dumps(record))
        return
    judged = [run["validation_accuracy"] for run in runs]
    accuracies = [float(x) for x in judged if x is not None]
    spread = f" ± {stdev(accuracies):.4f} over {seeds} seeds" if len(accuracies) > 1 else ""
    validated = (
        f"validation accuracy {fmean(accuracies):.4f}{spread}"
        if accuracies
        else "not validated: too few texts"
    )
    untrained = ", the beginning: no epoch of training was better" if not chosen["number"] else ""
    kept = f"kept: epoch {chosen['number']} of {best.n_iter_}{untrained}"
    if best.parameters_.anchor:
        kept = f"neutral anchor of mass {best.anchor:g}, in multiplicity {best.parameters_.anchor}"
    typer.echo(
        f"trained on {len(part)} texts ({len(corpus) - len(part)} held out), "
        f"{len(best.vocabulary_)} features, d = {dimension}, α = {best.parameters_.alpha:g}\n"
        f"{rows_of(corpus)}; positive: {printable(best_label)}\n"
        f"{validated}\n"
        f"{kept}\n"
        f"{_judged(figures)}"
        f"seed {chosen['seed']}: {files[0]}, {files[1].name} and {saving.card_path(out).name}"
    )


def _judged(figures: dict[str, Any] | None) -> str:
    """The figures on held-out texts, in a line."""
    if figures is None:
        return ""
    return (
        f"on {figures['texts']} held-out texts: accuracy {figures['accuracy']:.4f}, "
        f"log loss {figures['log_loss']:.4f}, ECE {figures['ece']:.4f}\n"
    )


def _command(context: typer.Context) -> str:
    """The command as it was given, but for how its answer is told."""
    chosen: dict[str, Any] = {}
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if source is not None and source.name == "COMMANDLINE":
            chosen[option.name or ""] = context.params[option.name or ""]
    words = ["hardmax", "sentiment", "train", *chosen.pop("data", [])]
    for name, value in chosen.items():
        named = f"--{name.replace('_', '-')}"
        if name in {"force", "as_json", "cache"}:
            continue
        if isinstance(value, bool):
            words.append("--unquoted" if (name, value) == ("quoted", False) else named)
        else:
            several = value if isinstance(value, list | tuple) else [value]
            words += [word for item in several for word in (named, str(item))]
    return shlex.join(words)


def _of_other_labels(whole: "Corpus") -> int:
    """How many rows were left out for their labels, by the corpus itself or as was asked."""
    return (whole.rows or 0) - whole.empty - len(whole)


def _accuracy(run: dict[str, Any]) -> float:
    return float(run["validation_accuracy"] or 0)


def _doubted(corpus: "Corpus", best: str) -> bool:
    """Whether the lexicon disagrees with the labels."""
    from sentiment import labels
    from sentiment.lexicon import vader_lexicon

    sides: tuple[list[str], list[str]] = ([], [])
    for text, label in zip(corpus.texts, corpus.labels, strict=True):
        sides[label == best].append(text)
    return labels.leaning(sides[1], sides[0], vader_lexicon()) < -labels.DOUBTFUL


def _check_place(out: Path, data: Sequence[str], force: bool) -> None:
    """Raises `HardmaxError`, before any work, where the model cannot be written.

    Nor is one corpus to be given twice: its texts would stand on both sides of a split.
    """
    from sentiment import saving

    if len({os.path.realpath(name) for name in data}) < len(data):
        raise HardmaxError("one DATA is given twice; different ones were wanted")
    if out.is_dir():
        raise HardmaxError(f"--out {out}: the name of a file was wanted")
    if not out.parent.is_dir():
        raise HardmaxError(f"--out {out}: there is no folder {out.parent}")
    if not os.access(out.parent, os.W_OK):
        raise HardmaxError(f"--out {out}: the folder {out.parent} cannot be written")
    for file in (*saving.paths(out), saving.card_path(out)):
        for name in data:
            if file.exists() and Path(name).exists() and file.samefile(name):
                raise HardmaxError(f"--out {out}: the model would overwrite {name}")
    saving.check_place(out, force, card=True)
