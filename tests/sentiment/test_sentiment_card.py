"""The card that training writes beside a model: its figures, its place, what is not replaced."""

import csv
import hashlib
import json
import shlex
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from commands import Invoke
from sentences import sentences

from sentiment import card, saving
from sentiment.about import about
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.provenance import provenance

FAST = ("--epochs", "1", "--initialisation", "log-odds")


def table(path: Path, count: int, seed: int, *more: tuple[str, str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = [*zip(*sentences(count, seed), strict=True), *more]
        csv.writer(file).writerows([("text", "label", "group"), *rows])
    return path


def rows(words: str, head: str) -> list[list[str]]:
    """The rows of the Markdown table with this head."""
    lines = words[words.index(f"| {head} |") :].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_figures_are_those_of_evaluate(hardmax: Invoke, tmp_path: Path) -> None:
    data, model = table(tmp_path / "a.csv", 200, 1), tmp_path / "m"
    status, out, err = hardmax("train", data, "--out", model, *FAST, "--baselines", "--json")
    assert (status, err) == (0, "")
    record = json.loads(out)
    assert record["card"] == str(tmp_path / "m.md")
    status, out, _ = hardmax("evaluate", model, data, "--baselines", "--json")
    wanted = json.loads(out)
    for key in ("texts", "accuracy", "log_loss", "ece", "reliability", "baselines"):
        assert record["figures"][key] == wanted[key]
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert rows(
        words, "corpus | rows read | trained on | held out | without text | of other labels"
    )
    accuracies = dict(rows(words, " | accuracy"))
    assert accuracies["this model"] == f"{wanted['accuracy']:.3f}"
    assert accuracies["VADER's compound score"] == f"{wanted['baselines']['vader']:.3f}"
    told = rows(words, "told | texts | mean told | positive")
    bins = [b for b in wanted["reliability"] if b["texts"]]
    assert [line[1:] for line in told] == [
        [str(b["texts"]), f"{b['mean_probability']:.3f}", f"{b['positive']:.3f}"] for b in bins
    ]
    assert f"{wanted['ece']:.3f}" in words


def test_the_card_names_the_version_and_the_command_that_makes_it_again(
    hardmax: Invoke, tmp_path: Path
) -> None:
    data, model = table(tmp_path / "a b.csv", 60, 1), tmp_path / "m"
    options = ("--hold-out", "0.4", "--seed", "7", "--positive", "good", "--unquoted", "--json")
    assert hardmax("train", data, "--out", model, *FAST, *options)[0] == 0
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((tmp_path / "m.json").read_bytes()).hexdigest()[:12]
    assert f"Version `{digest}`" in words
    assert about(model, None).digest == digest
    (line,) = [line for line in words.splitlines() if line.startswith("hardmax sentiment train")]
    _, _, *given = shlex.split(line)
    assert "--json" not in given
    before = {p.name: p.read_bytes() for p in tmp_path.glob("m.*")}
    assert hardmax(*given)[0] == 0
    assert {p.name: p.read_bytes() for p in tmp_path.glob("m.*")} == before


def test_texts_that_stand_in_training_do_not_count(hardmax: Invoke, tmp_path: Path) -> None:
    first = list(zip(*sentences(120, 1), strict=True))[:60]
    copies = [
        (f"<p>{text.upper()}!</p>", label, f"copy of {group}") for text, label, group in first
    ]
    data = table(tmp_path / "a.csv", 120, 1, *copies)
    columns = ("--group-column", "group")
    status, out, _ = hardmax("train", data, "--out", tmp_path / "m", *FAST, *columns, "--json")
    record = json.loads(out)
    assert status == 0
    figures = record["figures"]
    assert figures["near_verbatim_in_training"] > 0
    assert figures["texts"] + figures["near_verbatim_in_training"] == record["held_out"]
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert f"{figures['near_verbatim_in_training']} more stand among those of training" in words
    assert "of the groups was drawn and held out, each with all of its texts." in words


def test_without_held_out_texts_it_says_so(hardmax: Invoke, tmp_path: Path) -> None:
    data = table(tmp_path / "a.csv", 40, 1)
    status, out, _ = hardmax("train", data, "--out", tmp_path / "m", *FAST, "--hold-out", "0")
    assert status == 0
    assert "held-out texts: accuracy" not in out
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "No text was held out." in words
    assert "has not been measured" in words
    assert "| told |" not in words


def test_several_corpora_are_told_apart(hardmax: Invoke, tmp_path: Path) -> None:
    one, other = table(tmp_path / "a.csv", 40, 1), table(tmp_path / "b|_*.csv", 60, 2)
    assert hardmax("train", one, other, "--out", tmp_path / "m", *FAST)[0] == 0
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    lines = [line for line in words.splitlines() if ".csv |" in line]
    assert lines == ["| a.csv | 40 | 28 | 12 | 0 | 0 |", r"| b\|\_\*.csv | 60 | 42 | 18 | 0 | 0 |"]


def test_a_corpus_that_divides_itself_is_told_so(hardmax: Invoke, tmp_path: Path) -> None:
    for part, seed in (("train", 1), ("test", 2)):
        for number, (text, label, _) in enumerate(zip(*sentences(20, seed), strict=True)):
            folder = tmp_path / "aclImdb" / part / ("pos" if label == "good" else "neg")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{number}_9.txt").write_text(text)
    other = table(tmp_path / "a.csv", 40, 3)
    assert hardmax("train", tmp_path / "aclImdb", "--out", tmp_path / "m", *FAST)[0] == 0
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "The part that the corpus itself calls test was held out. It is the same" in words
    both = ("train", tmp_path / "aclImdb", other, "--positive", "pos", "--positive", "good")
    status, _, err = hardmax(*both, "--out", tmp_path / "m", *FAST)
    assert (status, err) == (0, "")
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    assert "Of aclImdb: The part that the corpus itself calls test was held out." in words
    assert "Of a.csv: A part 0.3 of the texts was drawn" in words


def test_labels_are_shown_as_they_are(hardmax: Invoke, tmp_path: Path) -> None:
    data = tmp_path / "a.csv"
    hostile = "<script>*x*|`y`"
    with data.open("w", newline="") as file:
        lines = [(f"superb film {k}", hostile) for k in range(9)]
        lines += [(f"dull film {k}", "[z](w)") for k in range(9)]
        csv.writer(file).writerows([("text", "label"), *lines])
    told = hardmax("train", data, "--out", tmp_path / "m", *FAST, "--positive", hostile)
    assert told[0] == 0
    words = (tmp_path / "m.md").read_text(encoding="utf-8")
    before_command = words[: words.index("```bash")]
    assert "<script>" not in before_command
    assert r"**&lt;script>\*x\*\|\`y\`**" in before_command
    assert r"\[z\](w)" in before_command


def test_what_is_no_card_is_not_replaced(hardmax: Invoke, tmp_path: Path) -> None:
    data, file = table(tmp_path / "a.csv", 20, 1), tmp_path / "m.md"
    train = ("train", data, "--out", tmp_path / "m", *FAST, "--hold-out", "0")
    for content in (b"# My own notes", b"", b"\xff"):
        file.write_bytes(content)
        status, out, err = hardmax(*train)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "m.md" in err
        assert "--force" in err
        assert file.read_bytes() == content
        assert not (tmp_path / "m.json").exists()
    assert hardmax(*train, "--force")[0] == 0
    assert hardmax(*train)[0] == 0  # a card is replaced
    file.unlink()
    file.mkdir()
    status, _, err = hardmax(*train, "--force")
    assert status == 2
    assert "is no file" in err
    own = tmp_path / "own.md"
    own.write_text(card.CARD.decode() + "\n")
    data.rename(tmp_path / "own.json.csv")


def test_python_saves_no_card_unless_it_is_asked_to(tmp_path: Path) -> None:
    texts, labels, _ = sentences(30, 1)
    model = SentimentClassifier(initialisation="log-odds", epochs=1, random_state=0)
    model.fit(texts, labels)
    saving.save(model, tmp_path / "m")
    assert not (tmp_path / "m.md").exists()
    saving.save(model, tmp_path / "m", card=lambda version: f"{card.CARD.decode()}\n{version}\n")
    digest = hashlib.sha256((tmp_path / "m.json").read_bytes()).hexdigest()[:12]
    assert (tmp_path / "m.md").read_text() == f"{card.CARD.decode()}\n{digest}\n"


def test_of_many_texts_some_are_judged_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, labels, _ = sentences(60, 1)
    model = SentimentClassifier(initialisation="log-odds", epochs=1, random_state=0)
    model.fit(texts, labels)
    training = Corpus("t", tuple(texts), tuple(labels))
    others, truth, _ = sentences(50, 2)
    held = Corpus("h", tuple(others), tuple(truth))
    learned = provenance(training, 0, 0.3)
    everything = card.judged(model, learned, training, held)
    assert everything is not None
    assert everything["texts"] == everything["of_texts"] == 50
    monkeypatch.setattr(card, "MOST_JUDGED", 20)
    some = card.judged(model, learned, training, held)
    assert some is not None
    assert (some["texts"], some["of_texts"]) == (17, 50)
    assert card.judged(model, learned, training, training) is None
