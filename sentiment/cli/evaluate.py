"""`hardmax sentiment evaluate`: how good a classifier is on labelled texts."""

import json
from typing import Annotated

import typer

from checks.cli.options import AsJson
from checks.cli.progress import progress
from checks.cli.terminal import Status, notice, show
from sentiment.cli.options import (
    Cache,
    Data,
    GroupColumn,
    LabelColumn,
    Model,
    Negatives,
    Positives,
    Quoted,
    SkipEmpty,
    TextColumn,
    depth_of,
    read,
    rows_of,
    tell_other_labels,
)


def evaluate(
    model: Model,
    data: Data,
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    quoted: Quoted = None,
    skip_empty: SkipEmpty = False,
    positive: Positives = None,
    negative: Negatives = None,
    depth: Annotated[
        str | None, typer.Option(metavar="K", help="Layers, or infinite; as trained if not given.")
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option(
            "--baselines", help="Add majority, VADER and, from the texts of training, regressions."
        ),
    ] = False,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Accuracy on labelled texts; at infinite depth also the agreement with finite depth.

    Texts that the model was trained on are known again, wherever they stand, and do not count; nor
    do those that differ from them in case, punctuation, white space or markup alone.
    """
    from sentiment import saving
    from sentiment.cli import unseen
    from sentiment.evaluation import evaluation, matched, rivals
    from sentiment.sides import check_named, sided

    check_named(positive or [], negative or [])
    classifier, trained_on = saving.load(model)
    finite = classifier.depth if classifier.depth != "infinite" else 8
    if depth is not None:
        classifier.set_params(depth=depth_of(depth))
    given = read(data, text_column, label_column, group_column, quoted, cache, skip_empty)
    if positive or negative:
        classes = str(classifier.negative_), str(classifier.positive_)
        corpus = sided(given, positive or [], negative or [], classes)
    else:
        corpus = matched(classifier, given)
    others = tell_other_labels(given, corpus)
    known = unseen.known(trained_on, corpus)
    if known.either.all():
        notice("the model was trained on all of these texts: there is nothing to test it on")
        raise typer.Exit(Status.INCONCLUSIVE)
    tested = corpus.part(~known.either)
    unseen.tell(trained_on, known, f"{len(tested)} count")
    training = None
    if trained_on is not None and trained_on.all_in(corpus.texts):
        training = corpus.part(known.verbatim)
    with progress("texts", len(tested)) as step:
        record = evaluation(classifier, tested, finite, step)
    meant = (
        {}
        if others or positive or negative
        else dict(zip(given.labels, corpus.labels, strict=True))
    )
    if any(label != name for label, name in meant.items()):
        notice("labels: " + ", ".join(f"{label} means {meant[label]}" for label in given.classes))
    record["file"] = data
    record["rows"] = given.rows
    record["left_out"] = len(corpus) - len(tested)
    record |= known.counts | {"empty_rows": given.empty, "other_labels": others}
    if baselines:
        record["baselines"] = rivals(classifier, training, tested)
        if training is None:
            notice("without the texts of training there is no regression to compare with")
    if record["without_known_word"]:
        notice(
            f"texts without a known word: {record['without_known_word']}; the prior decides them"
        )
    if as_json:
        typer.echo(json.dumps(record))
    else:
        from sentiment.tables import evaluated

        show(rows_of(corpus if others else given), *evaluated(record))
    if record["undecided"]:
        notice(f"{len(record['undecided'])} texts are undecided at infinite depth")
        raise typer.Exit(Status.INCONCLUSIVE)
