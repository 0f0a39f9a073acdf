"""`hardmax sentiment leaders`: which words lead in many texts."""

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
    Quoted,
    SkipEmpty,
    TextColumn,
    read,
    rows_of,
)


def leaders(
    model: Model,
    data: Data,
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    quoted: Quoted = None,
    skip_empty: SkipEmpty = False,
    top: Annotated[
        int, typer.Option(metavar="N", min=1, help="Leader words shown; --json has all.")
    ] = 20,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """The words that lead in many texts, for which side, and how many lead in a text.

    Texts that the model was trained on, be it but for case, punctuation or markup, are left out,
    unless there are no others.
    """
    from sentiment import leading, saving, tables
    from sentiment.cli import unseen
    from sentiment.lexicon import vader_lexicon

    classifier, trained_on = saving.load(model)
    corpus = given = read(data, text_column, label_column, group_column, quoted, cache, skip_empty)
    known = unseen.known(trained_on, corpus)
    if known.either.all():
        notice("the model was trained on all of these texts")
    else:
        corpus = corpus.part(~known.either)
        unseen.tell(trained_on, known, f"{len(corpus)} are read")
    with progress("texts", len(corpus)) as step:
        surveyed = leading.survey_leaders(classifier, corpus.texts, step)
    if as_json:
        told = {"rows": given.rows, "empty_rows": given.empty} | known.counts
        typer.echo(json.dumps(told | surveyed.as_dict(vader_lexicon())))
    else:
        show(rows_of(given), *tables.surveyed(surveyed, vader_lexicon(), top))
    if surveyed.undecided:
        notice(f"{len(surveyed.undecided)} texts are undecided")
        raise typer.Exit(Status.INCONCLUSIVE)
