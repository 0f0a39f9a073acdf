"""Rows never melt into one another, and no file hangs or floods the reader.

Every file that is read has a twin beside it that is refused, or is read otherwise.
"""

import bz2
import gzip
import json
import lzma
import os
import socket
from pathlib import Path

import pytest

from sentiment import corpora, opening
from sentiment.corpora import Corpus, read_corpus
from theory import HardmaxError

COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


def read(folder: Path, name: str, content: str | bytes, quoted: bool | None = None) -> Corpus:
    content = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(content)
    return read_corpus(folder / name, quoted=quoted)


def refused(folder: Path, name: str, content: str | bytes, *words: str) -> None:
    with pytest.raises(HardmaxError) as error:
        read(folder, name, content)
    told = str(error.value)
    assert told.startswith(str(folder / name))
    assert "\n" not in told
    for word in words:
        assert word in told, told


MARKED = ['"Great film', 'a "fine" one', '5" tall', '"', 'quoted "at the end"', 'it\'s ""odd""']


def test_a_tsv_file_is_unquoted(tmp_path: Path) -> None:
    lines = "".join(f"{text}\t{k % 2}\n" for k, text in enumerate(MARKED))
    found = read(tmp_path, "a.tsv", "text\tlabel\n" + lines)
    assert found.texts == tuple(MARKED)
    assert found.rows == len(MARKED)


def test_a_tsv_file_that_says_otherwise(tmp_path: Path) -> None:
    content = 'text\tlabel\n"a\n""fine""\tfilm"\t1\nbad\t0\n'
    found = read(tmp_path, "a.tsv", content, quoted=True)
    assert found.texts == ('a\n"fine"\tfilm', "bad")
    refused(tmp_path, "a.tsv", content, "row 1", "--quoted", "line 2")
    refused(tmp_path, "a.tsv", '"text"\t"label"\n"a"\t"1"\n', "--quoted", "--unquoted")
    assert read_corpus(tmp_path / "a.tsv", '"text"', '"label"', quoted=False).labels == ('"1"',)


def test_a_csv_file_without_quoting(tmp_path: Path) -> None:
    content = 'text,label\n"a,1\nb",0\nc,1\n'
    assert read(tmp_path, "a.csv", content, quoted=False).texts == ('"a', 'b"', "c")
    refused(tmp_path, "a.csv", content, "row 1", "2 lines", "line 2")


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('fine,1\n"bad film,0\ngood,1\n', "line 3"),
        ('fine,1\n"bad film,0\ngood,1\n"better",1\n', "line 3"),
        ('fine,1\n"bad, film,0\ngood,1\nbetter",1\n', "line 3"),
        ('fine,1\nbad,0\n"good,1\nbetter",1\n', "line 4"),
        ('"Great" film,1\nbad,0\n', "line 2"),
        ('fine,1\n"bad""\ngood,1\n', "line 3"),
    ],
)
def test_a_quotation_mark_that_is_not_closed(tmp_path: Path, rows: str, line: str) -> None:
    refused(tmp_path, "a.csv", "text,label\n" + rows, line)


def test_a_label_before_the_text(tmp_path: Path) -> None:
    refused(tmp_path, "a.csv", 'label,text\n1,"fine\n0,bad\n1,good"\n', "line 2")
    refused(tmp_path, "a.csv", 'label,text\n0,worse\n1,"fine\n0,bad"\n', "line 3")
    assert read(tmp_path, "a.csv", 'label,text\n1,"fine,\nindeed, fine"\n0,bad\n').rows == 2


def test_line_ends_in_quoted_cells_are_text(tmp_path: Path) -> None:
    texts = ["two\nlines", "three\r\n\r\nlines", "a\rreturn", "1, 2\n0, 1", "so bad,\nbut good"]
    lines = "".join(f'"{text}",{k % 2}\n' for k, text in enumerate(texts))
    assert read(tmp_path, "a.csv", "text,label\n" + lines).texts == tuple(texts)


SEPARATORS = ["\x00", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_only_a_line_feed_ends_a_line(tmp_path: Path, name: str) -> None:
    texts = [f"good{mark}film" for mark in SEPARATORS]
    if name == "a.jsonl":
        lines = [json.dumps({"text": t, "label": "1"}, ensure_ascii=False) for t in texts]
    else:
        comma = "," if name == "a.csv" else "\t"
        lines = [f"text{comma}label", *(f"{text}{comma}1" for text in texts)]
    found = read(tmp_path, name, "\n".join(lines) + "\n")
    assert found.texts == tuple(texts)
    assert found.rows == len(SEPARATORS)


def test_carriage_returns(tmp_path: Path) -> None:
    assert read(tmp_path, "a.tsv", "text\tlabel\r\na\rb\t1\r\n").texts == ("a\rb",)
    assert read(tmp_path, "a.csv", 'text,label\r\n"a\rb",1\r\n').texts == ("a\rb",)
    refused(tmp_path, "a.csv", "text,label\na\rb,1\n", "line 2", "carriage return")
    refused(tmp_path, "a.csv", "text,label\ra,1\rb,0\r", "carriage return")
    refused(tmp_path, "a.tsv", "text\tlabel\ra\t1\rb\t0\r", "carriage return")
    refused(tmp_path, "a.jsonl", '{"text": "a", "label": 1}\r{"text": "b", "label": 0}', "not JSON")


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz"])
def test_byte_order_marks(tmp_path: Path, suffix: str) -> None:
    mark = "\ufeff"
    contents = {
        "a.csv": f"{mark}text,label\nfine,1\n{mark}bad,0\n",
        "a.tsv": f"{mark}text\tlabel\nfine\t1\n{mark}bad\t0\n",
        "a.jsonl": f'{mark}{{"text": "fine", "label": 1}}\n{mark}{{"text": "bad", "label": 0}}\n',
        "a.json": f'{mark}[{{"text": "fine", "label": 1}},\n{{"text": "bad", "label": 0}}]',
    }
    for name, content in contents.items():
        packed = COMPRESS[suffix](content.encode()) if suffix else content.encode()
        found = read(tmp_path, name + suffix, packed)
        assert found.texts == ("fine", "bad"), name
        for code in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
            wide = content.removeprefix(mark).encode(code)
            packed = COMPRESS[suffix](wide) if suffix else wide
            refused(tmp_path, name + suffix, packed, "not UTF-8", "UTF-16")


def folder_of(place: Path) -> Path:
    for label, text in (("pos", "fine"), ("neg", "bad")):
        (place / label).mkdir(parents=True)
        (place / label / "0_1.txt").write_text(text)
    return place


def test_what_systems_leave_in_folders(tmp_path: Path) -> None:
    place = folder_of(tmp_path / "f")
    (place / "pos" / "1_1.TXT").write_bytes(b"\xef\xbb\xbfgood")
    for name in ("._0_1.txt", ".DS_Store", "Thumbs.db", "desktop.ini"):
        (place / "pos" / name).write_bytes(b"\x00\xff")
    (place / "pos" / "__MACOSX").mkdir()
    found = read_corpus(place)
    assert found.texts == ("bad", "fine", "good")
    assert found.rows == 3
    (place / "neg" / "notes.md").write_text("a note")
    assert (len(read_corpus(place)), read_corpus(place).rows) == (3, 4)
    (place / "neg" / "1_1.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(HardmaxError, match=r"1_1\.txt: not UTF-8 but UTF-16"):
        read_corpus(place)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize("kind", ["pipe", "device", "socket", "loop", "folder", "nowhere"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    place = folder_of(tmp_path / "f")
    (tmp_path / "outside").write_text("a good film")
    (place / "pos" / "2_1.txt").symlink_to(tmp_path / "outside")
    assert "a good film" in read_corpus(place).texts
    for odd in (place / "neg" / "9_1.txt", tmp_path / "a.csv"):
        if kind == "pipe":
            os.mkfifo(odd)
        elif kind == "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(os.path.relpath(odd))
        elif kind == "folder":
            odd.mkdir()
        else:
            odd.symlink_to({"device": "/dev/zero", "loop": odd, "nowhere": "none"}[kind])
    for given in (place, tmp_path / "a.csv"):
        with pytest.raises(HardmaxError) as error:
            read_corpus(given)
        told = str(error.value)
        assert "\n" not in told
        assert told.startswith(str(tmp_path))


def test_files_that_unpack_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "EASY_BYTES", 2**16)
    few = b"text,label\n" + b"".join(b"%d,1\n" % k for k in range(1000))
    many = b"text,label\n" + b"fine,1\n" * 40_000
    assert read(tmp_path, "a.csv", many).rows == 40_000
    for suffix, compress in COMPRESS.items():
        assert read(tmp_path, f"a.csv{suffix}", compress(few)).rows == 1000
        refused(tmp_path, f"a.csv{suffix}", compress(many), "100 times its size")
    monkeypatch.setattr(opening, "MOST_BYTES", 2**17)
    refused(tmp_path, "a.csv", many, "more than 0 MiB")
    monkeypatch.setattr(opening, "MOST_LINES", 1000)
    refused(tmp_path, "a.csv", few, "more than 1,000 lines")


def test_lines_cells_and_lists_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LONGEST_LINE", 100)
    assert read(tmp_path, "a.csv", f"text,label\n{'x' * 90},1\n").rows == 1
    for name in ("a.csv", "a.tsv", "a.jsonl"):
        refused(tmp_path, name, "x" * 100, "line 1 has 100")


def test_no_memory_is_told_as_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(corpora, "rows", exhausted)
    refused(tmp_path, "a.csv", "text,label\nfine,1\n", "not enough memory")


def test_archives_are_to_be_unpacked(tmp_path: Path) -> None:
    for name in ("a.zip", "aclImdb.tar.gz", "a.tgz", "a.tar"):
        refused(tmp_path, name, b"PK", "unpack the archive first")
    refused(tmp_path, "a.doc", b"PK", "was wanted")


def test_columns_without_a_name(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text,label,film\nfine,1,a\n")
    for names in (("", None, None), (None, "", None), (None, None, "")):
        with pytest.raises(HardmaxError, match="name is empty"):
            read_corpus(file, *names)
    with pytest.raises(HardmaxError, match="both text and label"):
        read_corpus(file, "text", "text")
    assert read_corpus(file, "text", "label", "film").groups == ("a",)


def test_labels_of_json(tmp_path: Path) -> None:
    lines = "".join(
        json.dumps({"text": "a", "label": label}) + "\n" for label in (1, 2.5, True, "x")
    )
    assert read(tmp_path, "a.jsonl", lines).labels == ("1", "2.5", "True", "x")
    for label in ("NaN", "Infinity", "null", "[1]", '" "'):
        refused(tmp_path, "a.jsonl", f'{{"text": "a", "label": {label}}}\n', "row 1", "line 1")
