"""Which label is positive: what is known, what is asked for, and what the commands say of it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from commands import Invoke, refused
from sentences import sentences

from sentiment import checking, labels, saving
from theory import HardmaxError


def table(file: Path, bad: str, good: str, count: int = 60, seed: int = 1) -> Path:
    """Texts labelled with these two words."""
    texts, said, _ = sentences(count, seed)
    with file.open("w", newline="") as lines:
        rows = [
            (text, good if label == "good" else bad)
            for text, label in zip(texts, said, strict=True)
        ]
        csv.writer(lines).writerows([("text", "label"), *rows])
    return file


KNOWN = [
    ("1", "2"), ("1", "5"), ("1", "10"), ("2", "10"), ("0", "1"), ("-1", "1"), ("−1", "+1"),
    ("1.0", "5.0"), ("0.5", "1e1"), ("0", "4"), ("neg", "pos"), ("Negative", "POSITIVE"),
    ("rotten", "fresh"), ("bad", "good"), ("False", "True"), ("no", "Yes"), ("down", "pos"),
    ("thumbs_down", "Thumbs up"), ("9" * 30, "1" + "0" * 30),
]  # fmt: skip
UNKNOWN = [
    ("ham", "spam"), ("1", "good"), ("pos", "other"), ("good", "great"), ("1", "1.0"), ("0", "-0"),
    ("nan", "inf"), ("1 star", "5 stars"), ("a", "b"),
]  # fmt: skip


@pytest.mark.parametrize(("worse", "better"), KNOWN)
def test_known_labels(worse: str, better: str) -> None:
    assert labels.positive([worse, better, worse]) == better
    assert labels.positive([better, worse]) == better
    assert checking.positive(np.unique([worse, better]), None) == better


@pytest.mark.parametrize("pair", UNKNOWN)
def test_labels_that_are_asked_for(pair: tuple[str, str], hardmax: Invoke, tmp_path: Path) -> None:
    assert labels.positive(pair) is None
    data = table(tmp_path / "a.csv", *pair)
    refused(hardmax("train", data, "--out", tmp_path / "m"), "a.csv", "--positive", *pair)
    assert not (tmp_path / "m.json").exists()
    for given in pair:
        chosen = checking.positive(np.array(sorted(pair)), given)
        assert chosen == given


def test_one_or_three_labels_are_no_pair() -> None:
    assert labels.positive(["1"]) is None
    assert labels.positive(["1", "2", "3"]) is None


@pytest.mark.parametrize("pair", [("1", "2"), ("1", "5"), ("2", "10"), ("bad", "Good")])
def test_train_says_which_label_it_takes(
    pair: tuple[str, str], hardmax: Invoke, tmp_path: Path
) -> None:
    data = table(tmp_path / "a.csv", *pair)
    quick = ("--epochs", "0", "--hold-out", "0")
    status, out, err = hardmax("train", data, "--out", tmp_path / "m", *quick, "--json")
    assert (status, err) == (0, "")
    record = json.loads(out)
    assert (record["positive"], record["rows"], record["texts"]) == (pair[1], 60, 60)
    assert record["lexicon_disagrees"] is False
    status, out, err = hardmax("train", data, "--out", tmp_path / "m", *quick)
    assert (status, err) == (0, "")
    assert f"positive: {pair[1]}\n" in out
    assert f"a.csv: 60 rows read, all used: 30 {min(pair)}, 30 {max(pair)}" in out
    status, out, err = hardmax(
        "train", data, "--out", tmp_path / "m", *quick, "--json", "--positive", pair[0].upper()
    )
    assert json.loads(out)["positive"] == pair[0]
    assert err.count("\n") == 1
    assert saving.load(tmp_path / "m")[0].positive_ == pair[0]


def test_three_labels_are_refused_by_name(hardmax: Invoke, tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    data.write_text("text,label\ngood,1\nfair,2\nbad,3\n")
    refused(hardmax("train", data, "--out", tmp_path / "m"), "3 classes", "'1', '2', '3'")


def test_swapped_labels_are_doubted(hardmax: Invoke, tmp_path: Path) -> None:
    quick = ("--epochs", "0", "--hold-out", "0", "--json", "--out", tmp_path / "m")
    for pair, doubted in ((("1", "2"), False), (("2", "1"), True), (("pos", "neg"), True)):
        status, out, err = hardmax("train", table(tmp_path / "a.csv", *pair), *quick)
        assert status == 0
        assert json.loads(out)["lexicon_disagrees"] is doubted
        assert ("VADER" in err and "swapped" in err and err.count("\n") == 1) is doubted
    given = table(tmp_path / "a.csv", "2", "1")
    assert hardmax("train", given, *quick, "--positive", "1")[2] == ""


def test_a_lexicon_leans_by_more_than_chance() -> None:
    lexicon = {"good": 2.0, "bad": -2.0}
    assert labels.leaning(["good"], ["bad"], lexicon) == float("inf")
    assert labels.leaning(["bad"], ["good"], lexicon) == float("-inf")
    assert labels.leaning(["not bad"] * 3, ["not good"] * 3, lexicon) > 0
    mixed = ["good", "bad"] * 40
    assert labels.leaning(mixed, mixed[::-1], lexicon) == 0
    assert abs(labels.leaning([*mixed, "good"], mixed, lexicon)) < labels.DOUBTFUL
    assert labels.leaning(["zyx"], ["good"], lexicon) == 0
    assert labels.leaning(["good"] * 9999, ["bad"] * 9999, lexicon) == float("inf")


def test_evaluate_reads_labels_as_the_model_has_them(hardmax: Invoke, tmp_path: Path) -> None:
    train = table(tmp_path / "a.csv", "1", "5")
    quick = ("--epochs", "0", "--hold-out", "0")
    assert hardmax("train", train, "--out", tmp_path / "m", *quick)[0] == 0

    def accuracy(worse: str, better: str) -> tuple[float, str]:
        data = table(tmp_path / "b.csv", worse, better, 40, 7)
        status, out, err = hardmax("evaluate", tmp_path / "m", data, "--json")
        assert status == 0
        record = json.loads(out)
        assert record["rows"] == record["texts"] == 40
        return record["accuracy"], err

    found, err = accuracy("1", "5")
    assert found > 0.7
    assert err == ""
    for pair in (("1.0", "5.0"), ("neg", "pos"), ("0", "9")):
        again, err = accuracy(*pair)
        assert again == found
        assert f"{pair[0]} means 1" in err
        assert f"{pair[1]} means 5" in err
    for pair, strange in ((("1", "2"), "'2'"), (("ham", "spam"), "'ham'"), (("0", "1"), "'0'")):
        data = table(tmp_path / "b.csv", *pair, 40, 7)
        refused(hardmax("evaluate", tmp_path / "m", data), strange, "none of the model's '1', '5'")
    turned = ("--positive", "1")
    assert hardmax("train", train, "--out", tmp_path / "m", *quick, *turned)[0] == 0
    refused(hardmax("evaluate", tmp_path / "m", table(tmp_path / "b.csv", "neg", "pos")), "'neg'")


def test_meanings() -> None:
    assert labels.matched(["POS"], ["neg", "pos"], "pos") == {"POS": "pos"}
    assert labels.matched(["yes"], ["0", "1"], "1") == {"yes": "1"}
    assert labels.matched(["5"], ["0", "1"], "1") is None
    assert labels.matched(["a", "b"], ["A", "a"], "A") is None
    assert labels.matched(["Pos", "pos"], ["neg", "pos"], "pos") == {"Pos": "pos", "pos": "pos"}


def test_the_positive_label_is_one_of_them() -> None:
    classes = np.array(["Good", "good"])
    assert checking.positive(classes, "good") == "good"
    with pytest.raises(HardmaxError, match="none of the labels"):
        checking.positive(classes, "GOOD")
    assert checking.positive(np.array(["1.0", "5.0"]), "5") == "5.0"
    assert checking.positive(np.array(["one", "two"]), None) == "two"
    assert checking.positive(np.array([2, 10]), None) == 10
