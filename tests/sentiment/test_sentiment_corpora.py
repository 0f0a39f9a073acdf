"""Corpora: every kind of file, what is wrong with files, and the vocabulary."""

import bz2
import gzip
import json
from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest

from sentiment.corpora import Corpus, read_corpus, split_groups, training_part
from sentiment.lexicon import valence
from sentiment.markup import APOSTROPHES
from sentiment.reading import Reading
from sentiment.scope import PLAIN
from sentiment.vocabulary import Vocabulary
from theory import HardmaxError

ROWS = [('A good, "fine" film', "pos", "x"), ("Bad,\nbad film", "neg", "y")]
QUOTED = 'text,label,film\n"A good, ""fine"" film",pos,x\n"Bad,\nbad film",neg,y\n'


def expected(corpus: Corpus) -> bool:
    return list(zip(corpus.texts, corpus.labels, corpus.groups or (), strict=True)) == ROWS


def test_tables_and_lines(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"text": t, "label": y, "film": g}) + "\n" for t, y, g in ROWS)
    contents = {
        "a.csv": QUOTED.encode(),
        "b.csv": b"\xef\xbb\xbf" + QUOTED.encode(),
        "c.csv.gz": gzip.compress(QUOTED.encode()),
        "d.csv.bz2": bz2.compress(QUOTED.encode()),
        "e.tsv": QUOTED.replace(",film", "\tfilm").replace("text,", "text\t").replace(
            '",pos,x', '"\tpos\tx').replace('",neg,y', '"\tneg\ty').encode(),
        "f.jsonl": lines.encode(),
        "g.json": json.dumps([json.loads(line) for line in lines.splitlines()]).encode(),
        "h.jsonl.bz2": bz2.compress(lines.encode()),
    }  # fmt: skip
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        quoted = True if name == "e.tsv" else None
        assert expected(read_corpus(tmp_path / name, group_column="film", quoted=quoted)), name


def test_columns(tmp_path: Path) -> None:
    file = tmp_path / "IMDB Dataset.csv"
    file.write_text('review,sentiment\n"Fine.<br />Yes",positive\nBad,negative\n')
    assert read_corpus(file).labels == ("positive", "negative")
    file.write_text("words,stars,review\nfine,1,a\nbad,0,b\n")
    assert read_corpus(file, "words", "stars").texts == ("fine", "bad")


def test_the_folder_acl_imdb(tmp_path: Path) -> None:
    for part in ("train", "test"):
        for label in ("pos", "neg"):
            folder = tmp_path / "aclImdb" / part / label
            folder.mkdir(parents=True)
            (folder / "0_9.txt").write_text(f"{part} {label} é", encoding="utf-8")
    found = read_corpus(tmp_path / "aclImdb")
    assert found.labels == ("neg", "pos") * 2
    assert found.groups == ("train", "train", "test", "test")
    assert found.texts[1] == "train pos é"
    half = read_corpus(tmp_path / "aclImdb" / "train")
    assert half.groups is None
    assert len(half) == 2


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("a.csv", b"", "no rows"),
        ("a.csv", b"text,label\n", "no rows"),
        ("a.csv", b"words,label\nfine,1\n", "--text-column"),
        ("a.csv", b"text,label\nfine\n", "row 1: not 2 cells"),
        ("a.csv", b"text,label\nfine,1,2\n", "row 1: not 2 cells"),
        ("a.csv", b"text,text\nfine,1\n", "one name"),
        ("a.csv", b"text,label\nfine,\n", "no label"),
        ("a.csv", b'text,label\n"fine,1\n', "not a table"),
        ("a.csv", "text,label\nfiné,1\n".encode("latin-1"), "not UTF-8"),
        ("a.csv", "text,label\nfine,1\n".encode("utf-16"), "not UTF-8"),
        ("a.csv.gz", b"text,label\nfine,1\n", "cannot be read"),
        ("a.csv.bz2", bz2.compress(b"text,label\nfine,1\n")[:-4], "cannot be read"),
        ("a.jsonl", b'{"text": "a"}\n', "which columns"),
        ("a.jsonl", b'{"text": 3, "label": 1}\n', "is no text"),
        ("a.jsonl", b'{"text": "a", "label": 1}\n{', "row 2: not JSON"),
        ("a.jsonl", b'{"text": "a", "label": 1}\n{"text": "a"}', "row 2: no column 'label'"),
        ("a.jsonl", b"3\n", "no JSON object"),
        ("a.txt", b"text", "was wanted"),
        ("a.csv", b"text,label\nfine,1\n,1\n", "row 2: the text is empty"),
        ("a.csv", b"text,label\n \t ,1\n", "row 1: the text is empty"),
        ("a.tsv", b'text\tlabel\nfine\t1\n"\n"\t1\n', "row 2: not 2 cells"),
        ("a.tsv", b"text\tlabel\nfine\t1\n \t1\n", r"row 2: the text is empty \(line 3\)"),
        ("a.jsonl", b'{"text": "", "label": 1}\n', "row 1: the text is empty"),
        ("a.csv", b"text,label\n" + b"x" * 1_000_001 + b",1\n", "row 1: 1,000,001 characters"),
        ("a.csv", b"text,label\nfine," + b"x" * 1001 + b"\n", "a label of 1,001"),
        ("a.jsonl", b'{"text": "a", "label": NaN}\n', "nan is no label"),
        ("a.csv", b'text,label\n"' + b"x\n" * 5_500_000, "not a table: field larger"),
    ],
)
def test_bad_files(tmp_path: Path, name: str, content: bytes, match: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HardmaxError, match=match) as error:
        read_corpus(tmp_path / name)
    assert "\n" not in str(error.value)


def test_line_ends_of_every_kind(tmp_path: Path) -> None:
    rows = [json.dumps({"text": t, "label": y, "film": g}) for t, y, g in ROWS]
    for end in ("\n", "\r\n", "\n\n"):
        (tmp_path / "a.jsonl").write_bytes((end.join(rows) + end).encode())
        assert expected(read_corpus(tmp_path / "a.jsonl", group_column="film"))
    (tmp_path / "a.csv").write_bytes(b"text,label\r\nfine,1\r\nbad,0\r\n")
    assert read_corpus(tmp_path / "a.csv").texts == ("fine", "bad")


def test_bad_places(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(HardmaxError):
            read_corpus(path)
    (tmp_path / "a.csv").write_text(QUOTED)
    with pytest.raises(HardmaxError, match="no column 'movie'"):
        read_corpus(tmp_path / "a.csv", group_column="movie")


def test_splits_keep_groups_together() -> None:
    groups = [f"g{i % 37}" for i in range(500)]
    inside = split_groups(groups, 0.7, 0)
    assert len({g for g, x in zip(groups, inside, strict=True) if x}) == round(0.7 * 37)
    assert not {g for g, x in zip(groups, inside, strict=True) if x} & {
        g for g, x in zip(groups, inside, strict=True) if not x
    }
    names = np.unique(groups)
    names = names[np.random.default_rng(0).permutation(len(names))]
    assert (inside == np.isin(groups, names[: round(0.7 * len(names))])).all()
    for groups, fraction in ((["a", "a"], 0.5), (["a", "b"], 1.0), (["a", "b"], 0.0)):
        with pytest.raises(HardmaxError):
            split_groups(groups, fraction, 0)


def test_a_corpus_that_comes_divided_stays_so() -> None:
    texts = tuple("abcdef")
    parts = Corpus("a", texts, ("0", "1") * 3, ("test",) * 2 + ("train",) * 4)
    assert training_part(parts, 0.3).tolist() == [False] * 2 + [True] * 4
    assert training_part(parts, 0).all()
    films = replace(parts, groups=("train", "other") * 3)
    assert training_part(films, 0.3).sum() == 3
    assert training_part(replace(parts, groups=None), 0.3).sum() == 4


def test_a_label_and_a_group_for_every_text() -> None:
    with pytest.raises(HardmaxError, match="1 labels for 2"):
        Corpus("a", ("x", "y"), ("0",))
    with pytest.raises(HardmaxError, match="1 groups for 2"):
        Corpus("a", ("x", "y"), ("0", "1"), ("g",))


def test_rows_with_other_labels_are_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,label\n,plot\nfine,pos\nbad,neg\n")
    assert read_corpus(file, labels=("pos", "neg")).texts == ("fine", "bad")
    with pytest.raises(HardmaxError, match="no rows"):
        read_corpus(file, labels=("good",))


def test_an_empty_review_of_a_folder(tmp_path: Path) -> None:
    for label in ("pos", "neg"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "0_9.txt").write_text("fine")
    (tmp_path / "neg" / "1_1.txt").write_text(" \n")
    with pytest.raises(HardmaxError, match=r"1_1\.txt: the text is empty"):
        read_corpus(tmp_path)


def test_reading() -> None:
    names = [f.name for f in Reading(3, 2).features("It’s NOT a good film. Good!")]
    assert names == [
        "it's", "not", "it's not", "a", "not a", "not_good", "not_a good", "not_film",
        "not_good film", "good",
    ]  # fmt: skip
    for text in ("", "... 12 !", "日本語 très Ωmega"):
        for feature in Reading(4, 3).features(text):
            assert (
                text[feature.start : feature.end]
                .lower()
                .startswith(feature.name.removeprefix("not_")[:1])
            )
    assert [f.name for f in Reading(0, 1).features("don't be")] == ["don't", "be"]
    marked = [f.name for f in Reading(4, 2).features("Not cut.<br /><br/>Fine br <b>")]
    assert marked == ["not", "not_cut", "not cut", "fine", "br", "fine br"]
    with pytest.raises(HardmaxError, match="1,000,001 characters"):
        Reading().features("x" * 1_000_001)
    assert Reading(0, 3).counts("a b c a b")["a b"] == 2 * PLAIN
    assert Reading(0, 3).counts("a b c a b")["a b c"] == PLAIN
    for bad in ({"negation": -1}, {"ngrams": 0}, {"ngrams": True}):
        with pytest.raises(HardmaxError):
            Reading(**bad)
    with pytest.raises(HardmaxError, match="no text"):
        Reading().features(3)  # type: ignore[arg-type]  # what is refused


def names(text: str) -> list[str]:
    return [feature.name for feature in Reading(4, 2).features(text)]


def test_every_apostrophe_marks_a_negation() -> None:
    wanted = names("I don't like it")
    assert "not_like" in wanted
    written = "‘’‛ʼ′＇`´\x92\x91ʹʻʽ‵՚ˈˊˋꞌ｀❛❜\u1fbd\u1fbf\u1fef\u1ffd\u1ffe"
    assert set(written) <= set(APOSTROPHES)
    for mark in APOSTROPHES:
        text = f"I don{mark}t like it"
        assert names(text) == wanted, hex(ord(mark))
        found = Reading(4, 2).features(text)
        assert [text[f.start : f.end] for f in found if f.is_word][1] == f"don{mark}t"
    assert "not_like" not in names("I don\u2022s like it")
    assert "not_like" not in names("I don like it")


def test_quotation_marks_stand_around_words() -> None:
    for opening, closing in ("‘’", "“”", "„“", "«»", "\x93\x94", "''", '""', "`´"):
        assert names(f"a {opening}fine{closing} film")[1] in {"fine", "a fine"}
    for mark in ("“", "”", "«", "\x93", '"'):
        assert "not_like" not in names(f"not this {mark}like")
    assert "not_like" in names("not this 'like'")


def test_accents_composed_or_not() -> None:
    for text in ("Un café naïve, ÉTÉ", "Ångström ça", "が ガ", "Tiếng Việt", "ё й", "ά ὕ"):
        composed, apart = (normalize(form, text) for form in ("NFC", "NFD"))
        assert names(composed) == names(apart)
        assert composed != apart
        for feature in Reading().features(apart):
            assert normalize("NFC", apart[feature.start : feature.end]).lower() == feature.name
    assert names("cafe") != names("café")


def test_vocabulary() -> None:
    documents = [Reading(2, 2).counts(text) for text in ("good film", "not good", "good film")]
    found = Vocabulary.of(documents, 1, 2, {"good": 2.0, "awful": -2.0, ":-)": 1.0})
    assert found.names == (
        ":-)", "awful", "film", "good", "good film", "not", "not_awful", "not_good"
    )  # fmt: skip
    one = found.bag({"good": 3, "zyx": 1, "awful": 1})
    assert one.ids.tolist() == [1, 3]
    assert one.counts.tolist() == [1, 3]
    assert valence("not_awful", {"awful": -2.0}) == 1
    assert valence("good film", {"good": 2.0}) == 0
    with pytest.raises(HardmaxError, match="'a' twice"):
        Vocabulary(("a", "b", "a"))
