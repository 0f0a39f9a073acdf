"""`hardmax sentiment`: what its commands print, how they end, and how they fail."""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn")

from anchored import anchored
from commands import Invoke, refused
from flint import fmpq
from sentences import sentences
from widths import broken, lines, recorded

from checks.cli import main
from sentiment import cli, saving, tables
from sentiment.leading import Survey, Word
from theory.exact import rational


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts and a model that was trained on them."""
    found = tmp_path_factory.mktemp("sentiment")
    with (found / "data.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["words", "stars", "film"])
        table.writerows(zip(*sentences(120, 1), strict=True))
    columns = ["--text-column", "words", "--label-column", "stars", "--group-column", "film"]
    arguments = ["sentiment", "train", str(found / "data.csv"), "--out", str(found / "model")]
    assert main([*arguments, *columns, "--seed", "3", "--hold-out", "0.5"]) == 0
    return found


COLUMNS = ("--text-column", "words", "--label-column", "stars", "--group-column", "film")


def test_train_is_reproducible(hardmax: Invoke, folder: Path) -> None:
    options = ("--seed", "3", "--hold-out", "0.5", "--json")
    status, out, err = hardmax(
        "train", folder / "data.csv", "--out", folder / "again", *COLUMNS, *options
    )
    assert (status, err) == (0, "")
    record = json.loads(out)
    assert record["seed"] == 3
    assert record["texts"] == record["held_out"] == 60
    assert (folder / "again.npz").read_bytes() == (folder / "model.npz").read_bytes()


def test_several_seeds_keep_the_best(hardmax: Invoke, folder: Path) -> None:
    options = ("--seeds", "2", "--epochs", "1", "--initialisation", "log-odds", "--json")
    status, out, _ = hardmax(
        "train", folder / "data.csv", "--out", folder / "two", *COLUMNS, *options
    )
    record = json.loads(out)
    assert status == 0
    assert [run["seed"] for run in record["runs"]] == [0, 1]
    best = max(run["validation_accuracy"] for run in record["runs"])
    assert record["runs"][record["seed"]]["validation_accuracy"] == best


def test_tables_break_nothing(
    hardmax: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = recorded(monkeypatch)
    model, data = folder / "model", folder / "data.csv"
    hardmax("explain", model, "a witty film, though dull and predictable")
    hardmax("leaders", model, data, *COLUMNS)
    hardmax("evaluate", model, data, *COLUMNS, "--baselines")
    assert len(shown) > 5
    assert broken(shown) == {}


def test_evaluate_counts_held_out_texts(hardmax: Invoke, folder: Path) -> None:
    model, data = folder / "model", folder / "data.csv"
    status, out, err = hardmax("evaluate", model, data, *COLUMNS, "--baselines", "--json")
    record = json.loads(out)
    assert status == 0
    assert record["texts"] == 60
    assert record["left_out"] == 60
    assert record["accuracy"] > 0.75
    assert set(record["baselines"]) == {
        "majority", "vader", "tfidf", "tfidf_bigrams", "tfidf_vader"
    }  # fmt: skip
    assert "left out; 60 count" in err
    status, out, _ = hardmax("evaluate", model, data, *COLUMNS, "--depth", "infinite")
    assert status == 0
    assert "depth infinite" in out
    assert "decide alike" in out


def test_explain(hardmax: Invoke, folder: Path) -> None:
    page, text = folder / "page.html", folder / "text.txt"
    text.write_text("A superb film, not a dull story. Zyx", encoding="utf-8")
    status, out, err = hardmax(
        "explain", folder / "model", "--file", text, "--html", page, "--json"
    )
    assert (status, err) == (0, "")
    record = json.loads(out)
    total = sum((rational(x["contribution"]) for x in record["leaders"]), rational(record["bias"]))
    assert total == rational(record["logit"]) > fmpq(0)
    assert record["unknown"][-1] == "zyx"
    assert "superb" in page.read_text(encoding="utf-8")
    status, out, _ = hardmax("explain", folder / "model", "a superb film")
    assert status == 0
    assert "followed by" in out


def test_explain_without_known_words(hardmax: Invoke, folder: Path) -> None:
    status, out, err = hardmax("explain", folder / "model", "zyx", "--json")
    assert status == 0
    assert json.loads(out)["prior_decides"] is True
    assert "prior" in err


def test_one_file_that_cannot_be_written_does_not_keep_another_from_it(
    hardmax: Invoke, folder: Path, tmp_path: Path
) -> None:
    page, plot = tmp_path / "a.html", tmp_path / "a.svg"
    explain = ("explain", folder / "model", "a superb film, not a dull story")
    nowhere, other = tmp_path / "no" / "a.html", tmp_path / "other.svg"
    other.write_text("of somebody else")
    for good, bad, why in (
        (("--plot", plot), ("--html", nowhere), "no folder"),
        (("--html", page), ("--plot", tmp_path / "a.pdf"), ".svg"),
        (("--html", page), ("--plot", other), "--force"),
        (("--html", page), ("--plot", tmp_path / "no" / "a.png"), "no folder"),
    ):
        for options in ((*good, *bad), (*bad, *good)):
            status, out, err = hardmax(*explain, *options)
            assert (status, err.count("\n")) == (2, 1)
            assert why in err
            assert "followed by" in out
            file = Path(good[1])
            assert b"hardmax" in file.read_bytes()
            file.unlink()
    assert other.read_text() == "of somebody else"
    status, out, err = hardmax(*explain, "--html", nowhere, "--plot", tmp_path / "a.pdf")
    assert (status, out, err.count("\n")) == (2, "", 2)
    refused(hardmax(*explain, "--html", nowhere), "no folder")
    zyx = ("explain", folder / "model", "zyx", "--html", page, "--plot", plot)
    status, out, err = hardmax(*zyx)
    assert status == 2
    assert "nothing to draw" in err
    assert page.exists()
    assert not plot.exists()
    if Path("/dev/full").exists():
        status, _, err = hardmax(*explain, "--html", "/dev/full", "--plot", plot)
        assert status == 2
        assert "/dev/full" in err
        assert plot.exists()


def test_explanations_tell_what_is_said_without_a_word(hardmax: Invoke, folder: Path) -> None:
    status, out, _ = hardmax("explain", folder / "model", "a superb film, superb", "--json")
    record = json.loads(out)
    assert status == 0
    assert record["without"][0]["word"] == "superb"
    assert record["without"][0]["occurrences"] == 2
    assert record["without"][0]["probability"] < record["probability"]
    assert record["model"]["corpus"] == "data.csv"
    spans = sum((rational(span["adds"]) for span in record["spans"]), rational(record["bias"]))
    assert spans == rational(record["logit"])
    status, out, _ = hardmax("explain", folder / "model", "a superb film, superb")
    assert "Without “superb” (2 times): probability of good" in out
    assert "vote" not in out


def test_the_anchor_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    explanation = anchored(cautions=("a question asks",), cannot_tell="too few words are known")
    shown = tables.explained(explanation)
    assert broken(shown) == {}
    for width in (40, 80):
        words = " ".join(" ".join(lines(shown, width)).split())
        assert "Cannot tell: Too few words are known." in words
        assert "Caution: A question asks." in words
        assert "The neutral anchor speaks for neither side." in words
        assert max(map(len, lines(shown, width))) <= width
    wide = lines(shown, 80)
    (row,) = [line for line in wide if line.strip().startswith("neutral anchor")]
    assert row.split() == ["neutral", "anchor", "0", "57.1%", "0.000", "film,", "the"]
    survey = Survey(
        3,
        {"dull": Word(1, fmpq(1, 2), Counter({-1: 1}), fmpq(-1), fmpq(-1)),
         "superb": Word(2, fmpq(1), Counter({1: 2}), fmpq(3), fmpq(3))},
        Counter({1: 3}), Counter({0: 3}), 0, (), Word(3, fmpq(1), Counter({0: 3})),
    )  # fmt: skip
    told = tables.surveyed(survey, {"dull": -1.5}, 20)
    assert broken(told) == {}
    rows = [line.split() for line in lines(told, 80) if "%" in line]
    assert rows[:3] == [
        ["superb", "positive", "2", "50.0%", "+1.500"],
        ["dull", "negative", "1", "50.0%", "−1.000", "−1.5"],
        ["neutral", "anchor", "neither", "3", "33.3%", "0.000"],
    ]
    assert survey.as_dict({})["anchor"]["texts"] == 3


def test_leaders(hardmax: Invoke, folder: Path) -> None:
    small = folder / "small.csv"
    texts, labels, _ = sentences(5, 8)
    with small.open("w", newline="") as file:
        csv.writer(file).writerows([["text", "label"], *zip(texts, labels, strict=True)])
    status, out, _ = hardmax("leaders", folder / "model", small, "--json")
    record = json.loads(out)
    assert status == 0
    assert sum(record["leaders_per_text"].values()) == 5
    status, out, _ = hardmax("leaders", folder / "model", small, "--top", "3")
    assert status == 0
    assert "leader words a text" in out


def test_bad_input_is_one_line_and_status_2(hardmax: Invoke, folder: Path) -> None:
    model, data = folder / "model", folder / "data.csv"
    odd = folder / "odd.csv"
    train = ("train", odd, "--out", folder / "x")
    odd.write_text("text,label\nfine,1\ngood,1\n")
    refused(hardmax(*train), "1 class")
    odd.write_bytes("text,label\nfiné,1\n".encode("latin-1"))
    refused(hardmax(*train), "not UTF-8")
    refused(hardmax("train", folder / "none.csv", "--out", folder / "x"), "no such file")
    refused(hardmax("train", "rotten-tomatos", "--out", folder / "x"), "did you mean")
    refused(hardmax("train", data, "--out", folder / "x"), "--text-column")
    refused(hardmax("train", data, "--out", folder / "no" / "x", *COLUMNS), "no folder")
    refused(hardmax("train", data, "--out", folder / "x", *COLUMNS, "--depth", "-1"), "--depth")
    refused(hardmax("train", data, "--out", folder / "x", *COLUMNS, "--alpha", "0"), "alpha")
    refused(hardmax("train", data, "--out", folder / "x", *COLUMNS, "--hold-out", "1"), "hold-out")
    refused(hardmax("evaluate", folder / "none", data), "cannot be read")
    refused(hardmax("evaluate", data, data), "cannot be read")
    refused(hardmax("evaluate", model, data, "--label-column", "x"), "'x'")
    refused(hardmax("explain", model, ""), "empty")
    refused(hardmax("explain", model, "..."), "no word")
    refused(hardmax("explain", model), "--file")
    refused(hardmax("explain", model, "fine", "--plot", folder / "x.pdf"), ".svg")
    refused(hardmax("explain", model, "fine superb", "--html", folder / "no" / "x.html"), "no/x")
    refused(hardmax("data", "imdb"), "no corpus")
    refused(hardmax("explain", ".", "fine"), "the name of a model")
    refused(hardmax("train", data, "--out", "..", *COLUMNS), "name of a file")
    if Path("/dev/full").exists():
        refused(hardmax("explain", model, "fine superb", "--html", "/dev/full"), "/dev/full")
    assert not (folder / "x.json").exists()


def test_without_the_extra(hardmax: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    for arguments in ((), ("explain", "model", "text")):
        refused(hardmax(*arguments), "pip install 'hardmax-theory[sentiment]'")


def test_the_core_starts_without_scikit_learn() -> None:
    program = (
        "import sys; from checks.cli import main; main(['claims', '--json']);"
        "sys.exit(any(name.split('.')[0] == 'sklearn' for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0


def test_help_lists_the_commands(hardmax: Invoke) -> None:
    status, out, _ = hardmax()
    assert status == 0
    assert all(name in out for name in cli.COMMANDS)


def table_of(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("words", "stars", "film"), *rows])
    return path


def test_texts_of_training_never_count(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    with (folder / "data.csv").open(newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    _, trained_on = saving.load(folder / "model")
    assert trained_on is not None
    seen = trained_on.seen(text for text, _, _ in rows)
    trained = [row for row, x in zip(rows, seen, strict=True) if x]
    held = [row for row, x in zip(rows, seen, strict=True) if not x]
    assert len(trained) == len(held) == 60
    other = [(f"{text} Newer.", label, film) for text, label, film in rows[:20]]
    model = folder / "model"

    def counted(rows: list[Any]) -> tuple[int, int, str]:
        table = table_of(tmp_path / "t.csv", rows)
        status, out, err = hardmax("evaluate", model, table, *COLUMNS[:4], "--json", "--baselines")
        assert status == 0
        record = json.loads(out)
        assert record["texts"] + record["left_out"] == len(rows)
        assert (record["baselines"]["tfidf"] is not None) == (len(rows) >= len(rows[:120]) >= 120)
        return record["texts"], record["left_out"], err

    assert counted(rows[::-1])[:2] == (60, 60)
    assert counted([*trained[:7], *other])[:2] == (20, 7)
    assert counted([*held, *trained[:1]])[:2] == (60, 1)
    spaced = [(f" {text}\r\n", "bad", "") for text, _, _ in trained[:5]]
    texts, left_out, err = counted([*spaced, *other])
    assert (texts, left_out) == (20, 5)
    assert "trained on: 5, left out; 20 count" in err
    assert counted(other)[1:] == (0, "without the texts of training there is no regression to "
                                     "compare with\n")  # fmt: skip
    table = table_of(tmp_path / "t.csv", trained)
    status, out, err = hardmax("evaluate", model, table, *COLUMNS)
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert "nothing to test" in err


def test_leaders_are_read_of_other_texts(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    status, out, err = hardmax("leaders", folder / "model", folder / "data.csv", *COLUMNS, "--json")
    assert status == 0
    assert json.loads(out)["texts"] == 60
    assert "left out; 60 are read" in err


def test_the_folder_acl_imdb_from_training_to_leaders(hardmax: Invoke, tmp_path: Path) -> None:
    for part, seed in (("train", 1), ("test", 2)):
        texts, labels, _ = sentences(60, seed)
        for number, (text, label) in enumerate(zip(texts, labels, strict=True)):
            folder = tmp_path / "aclImdb" / part / ("pos" if label == "good" else "neg")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}_9.txt").write_text(f"{text}<br /><br />Seen in a cinema.")
    data, model = tmp_path / "aclImdb", tmp_path / "model"
    status, out, _ = hardmax("train", data, "--out", model)
    assert status == 0
    assert "trained on 60 texts (60 held out)" in out
    status, out, err = hardmax("evaluate", model, data, "--json", "--baselines")
    assert status == 0
    assert json.loads(out)["texts"] == 60
    assert json.loads(out)["accuracy"] > 0.7
    status, out, _ = hardmax("leaders", model, data / "test", "--json")
    assert status == 0
    assert "br" not in {word["word"] for word in json.loads(out)["words"]}
    assert not err.count("undecided")


def test_too_few_texts_to_validate_are_said(hardmax: Invoke, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text("text,label\na good,pos\nbad,neg\n")
    told = hardmax("train", str(table), "--out", str(tmp_path / "m"), "--hold-out", "0")
    assert told[0] == 0
    assert "not validated: too few texts" in told[1]
    trained = hardmax("train", str(table), "--out", str(tmp_path / "m"), "--hold-out", "0",
                      "--epochs", "2")  # fmt: skip
    assert "kept: epoch 2 of 2\n" in trained[1]
    none = ("--epochs", "0", "--hold-out", "0")
    told = hardmax("train", str(table), "--out", str(tmp_path / "m"), *none)
    assert "kept: epoch 0 of 0, the beginning" in told[1]


def test_more_bad_input_is_one_line(hardmax: Invoke, tmp_path: Path) -> None:
    table = tmp_path / "two.csv"
    table.write_text("text,label\na good,pos\nbad,neg\n")
    deep, long = tmp_path / "deep.jsonl", tmp_path / "long.jsonl"
    deep.write_text("[" * 100_000)
    long.write_text('{"text": "a", "label": ' + "9" * 5000 + "}\n")
    model = str(tmp_path / "m")
    refused(hardmax("train", str(deep), "--out", model), "nested too deep")
    refused(hardmax("train", str(long), "--out", model), "too long")
    refused(hardmax("train", str(table), "--out", str(tmp_path)), "name of a file")
    refused(hardmax("train", str(table), "--out", model, "--seed", "99999999999"), "--seed")
    for option, value in (("--dimension", 10**8), ("--epochs", 10**9), ("--seeds", 10**9),
                          ("--depth", 201), ("--depth", 10**50), ("--alpha", "1e-9"),
                          ("--alpha", "nan"), ("--arc", "inf"), ("--hold-out", "nan"),
                          ("--initialisation", "x"), ("--positive", "x")):  # fmt: skip
        refused(hardmax("train", str(table), "--out", model, option, str(value)))
    empty = tmp_path / "empty.csv"
    empty.write_text("text,label\na good,pos\n ,neg\n")
    refused(hardmax("train", str(empty), "--out", model), "empty.csv, row 2: the text is empty")
    refused(hardmax("train", str(table), "--out", model), "--hold-out 0")
    refused(hardmax("explain", model, " \n"), "TEXT is empty")
    empty.write_text("")
    refused(hardmax("explain", model, "--file", str(empty)), "empty.csv is empty")
    own = tmp_path / "own.json"
    own.write_text('[{"text": "a", "label": 1}, {"text": "b", "label": 0}]')
    refused(hardmax("train", str(own), "--out", str(tmp_path / "own")), "overwrite")
    named = ("rotten-tomatoes", "--out", model, "--text-column", "x")
    refused(hardmax("train", *named), "columns")


def test_pages_spare_the_model_and_the_text(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    text, page = tmp_path / "text.txt", tmp_path / "page.svg"
    text.write_text("good film")
    model = folder / "model"
    before = [file.read_bytes() for file in (folder / "model.json", folder / "model.npz", text)]
    for arguments in (
        ("--html", folder / "model.json"),
        ("--plot", folder / "model.npz"),
        ("--html", text),
        ("--html", page, "--plot", page),
    ):
        status, _, err = hardmax("explain", model, "--file", text, *arguments)
        assert status == 2
        assert "would overwrite" in err
        assert err.count("\n") == 1
    after = [file.read_bytes() for file in (folder / "model.json", folder / "model.npz", text)]
    assert after == before
    assert not page.exists()


def test_too_many_layers_are_told_so(hardmax: Invoke, folder: Path) -> None:
    columns = ("--text-column", "words", "--label-column", "stars")
    for number in ("201", "1000000", "9" * 500):
        status, _, err = hardmax(
            "evaluate", folder / "model", folder / "data.csv", *columns, "--depth", number
        )
        assert status == 2
        assert "an int from 0 to 200 or 'infinite' was wanted" in err


def test_columns_without_a_name(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    model, data = folder / "model", folder / "data.csv"
    commands = (
        ("train", data, "--out", tmp_path / "m"),
        ("evaluate", model, data),
        ("leaders", model, data),
        ("train", "rotten-tomatoes", "--out", tmp_path / "m"),
    )
    for command in commands:
        for option in ("--text-column", "--label-column", "--group-column"):
            refused(hardmax(*command, f"{option}="), f"{option} is empty")
    for option in ("--html=", "--plot=", "--file="):
        refused(hardmax("explain", model, *(() if option == "--file=" else ("superb",)), option))
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_a_models_is_not_replaced(
    hardmax: Invoke, folder: Path, tmp_path: Path
) -> None:
    data = tmp_path / "a.csv"
    data.write_text("text,label\na good film,pos\nbad,neg\n")
    train = ("train", data, "--out", tmp_path / "m", "--hold-out", "0", "--epochs", "0")
    foreign = {".json": b'{"format": "notes"}', ".npz": b"PK\x05\x06" + bytes(18)}
    for suffix, content in foreign.items():
        file = tmp_path / f"m{suffix}"
        for content_now in (content, b"", b"[1]", b"\xff"):
            file.write_bytes(content_now)
            refused(hardmax(*train), f"m{suffix}", "--force")
            assert file.read_bytes() == content_now
            assert len(list(tmp_path.iterdir())) == 2
        file.unlink()
        file.symlink_to("nowhere")
        refused(hardmax(*train), f"m{suffix}", "--force")
        file.unlink()
        file.mkdir()
        refused(hardmax(*train), "is no file")
        refused(hardmax(*train, "--force"), "is no file")
        file.rmdir()
    for suffix, content in foreign.items():
        (tmp_path / f"m{suffix}").write_bytes(content)
    assert hardmax(*train, "--force")[0] == 0
    assert hardmax(*train)[0] == 0  # a model is replaced
    (tmp_path / "m.npz").write_bytes(foreign[".npz"])
    refused(hardmax(*train), "m.npz")
    (tmp_path / "m.npz").unlink()
    assert hardmax(*train)[0] == 0  # as a writer that was killed in between leaves it
    assert saving.load(tmp_path / "m")[0].positive_ == "pos"


def test_pages_and_pictures_replace_their_own(
    hardmax: Invoke, folder: Path, tmp_path: Path
) -> None:
    for option, name in (("--html", "a.html"), ("--plot", "a.svg"), ("--plot", "a.png")):
        file = tmp_path / name
        explain = ("explain", folder / "model", "a superb film", option, file)
        file.write_text("of somebody else, who likes hardmax")
        refused(hardmax(*explain), name, "--force")
        assert file.read_text().startswith("of somebody")
        for arguments in (("--force",), ()):
            assert hardmax(*explain, *arguments)[0] == 0
            assert b"hardmax" in file.read_bytes()
        file.write_bytes(b"")
        assert hardmax(*explain)[0] == 0


def test_a_bad_row_is_told_with_file_and_line(hardmax: Invoke, tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text('text,label\n"two\nlines",pos\nbad\n')
    told = hardmax("train", data, "--out", tmp_path / "m")
    refused(told, "a.csv, row 2: not 2 cells", "(line 4)")
    data.write_text('text,label\nfine,pos\n"never closed,neg\n')
    refused(hardmax("train", data, "--out", tmp_path / "m"), "a.csv, line 3")


def test_the_command_line_is_light() -> None:
    program = (
        "import sys, sentiment.cli.train, sentiment.cli.evaluate, sentiment.cli.leaders, "
        "sentiment.cli.explain, sentiment.cli.data; "
        "heavy = {'sklearn', 'sentiment.corpora', 'sentiment.classifier', 'rich.progress', "
        "'vaderSentiment', 'matplotlib'}; sys.exit(' '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
