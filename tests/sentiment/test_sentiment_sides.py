"""Which labels are which side, rows without text, and several corpora at once."""

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from commands import Invoke

from sentiment import saving
from sentiment.corpora import Corpus, read_corpus
from sentiment.sides import agreed, joined
from theory import HardmaxError

GOOD = ["a good film", "good fun and a fine film", "a fine, moving story", "superb and moving"]
BAD = ["a bad film", "dull and bad", "a dull, tedious story", "tedious and awful"]
BRIEF = ("--epochs", "0", "--json")


def stars(path: Path, labels: dict[str, list[str]]) -> Path:
    rows = [f'"{text} {label}{k}",{label}' for label, texts in labels.items()
            for k, text in enumerate(texts)]  # fmt: skip
    path.write_text("\n".join(["text,label", *rows]) + "\n", encoding="utf-8")
    return path


FIVE = {"1": BAD, "2": BAD, "3": ["a film", "a story"], "4": GOOD, "5": GOOD}
SIDES = ("--positive", "4", "--positive", "5.0", "--negative", "1", "--negative", "2")


def test_several_labels_a_side(hardmax: Invoke, tmp_path: Path) -> None:
    data, model = stars(tmp_path / "five.csv", FIVE), tmp_path / "m"
    status, out, err = hardmax("train", data, "--out", model, *SIDES, *BRIEF)
    record = json.loads(out)
    assert (status, record["positive"], record["other_labels"]) == (0, "positive", 2)
    assert record["texts"] + record["held_out"] == 16
    assert "texts of other labels: 2, left out\n" in err
    status, out, err = hardmax("evaluate", model, data, *SIDES, "--json")
    record = json.loads(out)
    assert (status, record["other_labels"]) == (0, 2)
    assert record["texts"] + record["left_out"] == 16
    swapped = [{"--positive": "--negative", "--negative": "--positive"}.get(x, x) for x in SIDES]
    status, out, _ = hardmax("evaluate", model, data, *swapped, "--json")
    assert json.loads(out)["accuracy"] == pytest.approx(1 - record["accuracy"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Only binary"),
        (("--positive", "5"), "left are '1', '2', '3', '4'"),
        (("--positive", "5", "--negative", "5.0"), "both positive and negative"),
        (("--positive", "9", "--negative", "1"), "'9' is none of the labels"),
        (("--positive", "", "--negative", "1"), "empty"),
    ],
)
def test_sides_that_cannot_be_told(
    hardmax: Invoke, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    data = stars(tmp_path / "five.csv", FIVE)
    status, out, err = hardmax("train", data, "--out", tmp_path / "m", *options)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert words in err
    two = stars(tmp_path / "two.csv", {"1": BAD, "5": GOOD})
    assert hardmax("train", two, "--out", tmp_path / "m", *BRIEF)[0] == 0
    status, out, err = hardmax("evaluate", tmp_path / "m", data, *options)
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("empty", ['"",1', '"  ",1', ","])
def test_empty_rows_are_skipped_when_asked(hardmax: Invoke, tmp_path: Path, empty: str) -> None:
    data = stars(tmp_path / "two.csv", {"1": BAD, "5": GOOD})
    data.write_text(data.read_text("utf-8") + f"{empty}\n", "utf-8")
    train = ("train", data, "--out", tmp_path / "m", *BRIEF)
    status, out, err = hardmax(*train)
    assert (status, out) == (2, "")
    status, out, err = hardmax(*train, "--skip-empty")
    record = json.loads(out)
    assert (status, record["rows"], record["empty_rows"]) == (0, 9, 1)
    assert "empty rows: 1, skipped\n" in err
    for command in ("evaluate", "leaders"):
        status, out, err = hardmax(command, tmp_path / "m", data, "--skip-empty", "--json")
        assert (status, json.loads(out)["empty_rows"]) == (0, 1)


def test_what_is_skipped_has_no_text_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": null, "label": 1}\n{"text": "good", "label": 1}\n', "utf-8")
    corpus = read_corpus(path, skip_empty=True)
    assert (corpus.texts, corpus.rows, corpus.empty) == (("good",), 2, 1)
    for row in ('{"text": 3, "label": 1}', '{"text": "good", "label": ""}', '{"label": 1}'):
        path.write_text(f'{{"text": "bad", "label": 0}}\n{row}\n', "utf-8")
        with pytest.raises(HardmaxError, match="row 2"):
            read_corpus(path, skip_empty=True)
    path.write_text('{"text": "", "label": 1}\n', "utf-8")
    with pytest.raises(HardmaxError, match="no rows but 1 empty"):
        read_corpus(path, skip_empty=True)
    for part, text in (("pos", "good"), ("neg", "bad")):
        (tmp_path / "f" / part).mkdir(parents=True)
        (tmp_path / "f" / part / "1.txt").write_text(text, "utf-8")
        (tmp_path / "f" / part / "2.txt").write_text(" \n", "utf-8")
    folder = read_corpus(tmp_path / "f", skip_empty=True)
    assert (len(folder), folder.rows, folder.empty) == (2, 4, 2)


def test_train_on_several_corpora(hardmax: Invoke, tmp_path: Path) -> None:
    one = stars(tmp_path / "one.csv", {"1": BAD, "5": GOOD})
    other = stars(tmp_path / "other.csv", {"fresh": GOOD, "rotten": BAD})
    model = tmp_path / "m"
    status, out, _ = hardmax("train", one, other, "--out", model, *BRIEF)
    record = json.loads(out)
    assert (status, record["rows"], record["positive"]) == (0, 16, "5")
    assert [c["name"] for c in record["corpora"]] == ["one.csv", "other.csv"]
    assert sum(c["texts"] + c["held_out"] for c in record["corpora"]) == 16
    assert all(c["held_out"] for c in record["corpora"])
    _, trained_on = saving.load(model)
    assert trained_on is not None
    assert (trained_on.name, trained_on.texts) == ("one.csv, other.csv", record["texts"])
    for k, data in enumerate((one, other)):
        told = json.loads(hardmax("evaluate", model, data, "--json")[1])
        assert told["texts"] == record["corpora"][k]["held_out"]
    status, out, err = hardmax("train", one, other, one, "--out", model)
    assert (status, out, "given twice" in err) == (2, "", True)
    strange = stars(tmp_path / "strange.csv", {"ham": GOOD, "spam": BAD})
    status, out, err = hardmax("train", one, strange, "--out", model)
    assert (status, out, "which of its labels 'ham' and 'spam'" in err) == (2, "", True)
    status, out, _ = hardmax("train", one, strange, "--out", model, "--positive", "ham", *BRIEF)
    assert (status, json.loads(out)["positive"]) == (0, "5")


def test_each_corpus_has_its_own_meaning() -> None:
    a = Corpus("a", ("x", "y"), ("1", "5"), ("film", "film"))
    b = Corpus("b", ("z", "w"), ("1", "0"), ("film", "other"))
    c = Corpus("c", ("v",), ("neg",))
    used, names = agreed([a, b, c], [], [])
    assert names == ("1", "5")
    assert [corpus.labels for corpus in used] == [("1", "5"), ("5", "1"), ("1",)]
    assert joined(used).groups == ("0 film", "0 film", "1 film", "1 other", "2.0")
    assert joined([c, Corpus("d", ("u",), ("pos",))]).groups is None
    used, names = agreed([a, b], ["1"], [])
    assert [corpus.labels for corpus in used] == [("1", "5"), ("1", "5")]
    assert names == ("5", "1")
