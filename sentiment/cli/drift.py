"""`hardmax sentiment drift`: what changed from old texts to new ones."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checks.cli.options import AsJson, Force
from checks.cli.progress import progress
from checks.cli.terminal import Status, notice, show, spare
from sentiment.cli.options import (
    DATA_HELP,
    Cache,
    GroupColumn,
    LabelColumn,
    Model,
    Negatives,
    Positives,
    Quoted,
    SkipEmpty,
    TextColumn,
    named,
    tell_other_labels,
)
from theory import HardmaxError
from theory.files.outputs import write

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier
    from sentiment.drift.measures import Measured
    from sentiment.drift.samples import Sample
    from sentiment.provenance import Provenance

MOST_PERIODS = 100
MOST_RESAMPLES = 100_000


def drift(
    model: Model,
    old: Annotated[
        str, typer.Argument(metavar="OLD", show_default=False, help="Old texts. " + DATA_HELP)
    ],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="NEW", show_default=False, help="New texts; none with --time-column."
        ),
    ] = None,
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    time_column: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The column of times (numbers or dates) that divides the texts of one file.",
        ),
    ] = None,
    periods: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=2,
            max=MOST_PERIODS,
            help="Periods of about as many texts each; every later one is held against the first.",
        ),
    ] = 2,
    unlabelled: Annotated[
        bool, typer.Option("--unlabelled", help="Read no labels, and look at texts alone.")
    ] = False,
    quoted: Quoted = None,
    skip_empty: SkipEmpty = False,
    positive: Positives = None,
    negative: Negatives = None,
    level: Annotated[
        float,
        typer.Option(
            metavar="P",
            min=0.5,
            max=0.999,
            help="The probability with which all intervals hold together.",
        ),
    ] = 0.95,
    resamples: Annotated[
        int, typer.Option(metavar="N", min=200, max=MOST_RESAMPLES, help="Of the bootstrap.")
    ] = 2000,
    min_texts: Annotated[
        int, typer.Option(metavar="N", min=1, help="Texts that a leader is looked at from.")
    ] = 10,
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Makes it reproducible.")] = 0,
    top: Annotated[
        int, typer.Option(metavar="N", min=1, help="Leader words shown; --json has all.")
    ] = 20,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows it.")
    ] = None,
    force: Force = False,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """What changed from old texts to new ones: leaders, unknown words, and how good the model is.

    Labels are not needed; with them accuracy and calibration are compared. Texts that the model was
    trained on, be it but for case, punctuation or markup, are left out of both. The status is 0
    whether drift is seen or not.
    """
    from sentiment import saving
    from sentiment.about import about
    from sentiment.drift.comparison import Settings, compare
    from sentiment.sides import check_named

    if (new is None) == (time_column is None):
        raise HardmaxError("NEW was wanted, or --time-column, and not both")
    check_named(positive or [], negative or [])
    spare((old, new, *saving.paths(model)), {"--html": html}, force)
    classifier, trained_on = saving.load(model)

    def given(data: str) -> "Sample":
        columns = text_column, label_column, group_column, time_column
        sample = _read(data, columns, quoted, cache, skip_empty, unlabelled)
        return _unseen(trained_on, _sided(classifier, sample, positive or [], negative or []))

    samples = [given(data) for data in (old, new) if data is not None]
    if time_column is not None:
        from sentiment.drift.samples import periods as divided

        samples = divided(samples[0], periods)
    settings = Settings(level, resamples, min_texts, seed, len(samples) - 1)
    sides = [_measured(classifier, sample) for sample in samples]
    drifts = [compare(sides[0], side, settings) for side in sides[1:]]
    if html is not None:
        from sentiment.drift.pages import page

        write(html, page(drifts, about(model, trained_on)))
    if as_json:
        from sentiment.drift.records import record

        for changes in drifts:
            typer.echo(json.dumps(record(changes)))
    else:
        from sentiment.drift.tables import compared

        show(*(part for changes in drifts for part in compared(changes, top)))
    undecided = sum(len(side.undecided) for side in sides)
    if undecided:
        notice(f"{undecided} texts are undecided")
        raise typer.Exit(Status.INCONCLUSIVE)


def _read(
    data: str,
    columns: tuple[str | None, str | None, str | None, str | None],
    quoted: bool | None,
    cache: Path | None,
    skip_empty: bool,
    unlabelled: bool,
) -> "Sample":
    """The texts that DATA names. Raises `HardmaxError` where there are none."""
    from sentiment import downloads
    from sentiment.drift.samples import Sample, read_sample

    options = ("--text-column", "--label-column", "--group-column", "--time-column")
    source = named(data, dict(zip(options, columns, strict=True)), quoted)
    if source is not None:
        return Sample(downloads.load(source, cache), not unlabelled)
    sample = read_sample(data, *columns, quoted, skip_empty, unlabelled)
    if sample.corpus.empty:
        notice(f"{sample.corpus.name}: empty rows: {sample.corpus.empty}, skipped")
    return sample


def _sided(
    classifier: "SentimentClassifier", sample: "Sample", positive: list[str], negative: list[str]
) -> "Sample":
    """The sample with the model's labels, without texts of others; as it is without labels."""
    from dataclasses import replace

    import numpy as np

    from sentiment.drift.samples import Sample
    from sentiment.evaluation import matched
    from sentiment.sides import sided

    if not sample.labelled:
        return sample
    if not (positive or negative):
        return Sample(matched(classifier, sample.corpus), True, sample.times)
    classes = str(classifier.negative_), str(classifier.positive_)
    numbered = replace(sample.corpus, texts=tuple(map(str, range(len(sample)))))
    used = sided(numbered, positive, negative, classes)
    tell_other_labels(numbered, used)
    kept = np.zeros(len(sample), dtype=bool)
    kept[[int(number) for number in used.texts]] = True
    part = sample.part(kept)
    return Sample(replace(part.corpus, labels=used.labels), True, part.times)


def _unseen(trained_on: "Provenance | None", sample: "Sample") -> "Sample":
    """The texts that the model was not trained on; ends the command where there are none."""
    from sentiment.cli import unseen

    known = unseen.known(trained_on, sample.corpus)
    if known.either.all():
        notice(f"{sample.corpus.name}: the model was trained on all of these texts")
        raise typer.Exit(Status.INCONCLUSIVE)
    kept = sample.part(~known.either)
    unseen.tell(trained_on, known, f"{sample.corpus.name}: {len(kept)} are read")
    return kept


def _measured(classifier: "SentimentClassifier", sample: "Sample") -> "Measured":
    from sentiment.drift.measures import measured
    from sentiment.evaluation import is_positive

    corpus = sample.corpus
    truth = is_positive(classifier, corpus) if sample.labelled else None
    with progress("texts", len(corpus)) as step:
        return measured(classifier, corpus.name, corpus.texts, truth, corpus.groups, step)
