"""`hardmax sentiment drift`: what it prints, its page on a phone, how it ends, and how it fails."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn")

from browser import launched, needs, violations
from commands import Invoke, records, refused
from sentences import sentences
from widths import broken, recorded

from checks.cli import main
from sentiment.drift import measures

FEW = ("--resamples", "200", "--min-texts", "5")


def table(path: Path, seed: int, count: int, change: Any = lambda text: text) -> Path:
    texts, labels, films = sentences(count, seed)
    days = [f"2024-{1 + 12 * k // count:02}-01" for k in range(count)]
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["text", "label", "film", "day"])
        rows.writerows(zip(map(change, texts), labels, films, days, strict=True))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, texts that it was trained on, old texts, and new ones with a word of their own."""
    found = tmp_path_factory.mktemp("drift")
    data = table(found / "trained.csv", 1, 120)
    assert (
        main(["sentiment", "train", str(data), "--out", str(found / "model"), "--hold-out", "0"])
        == 0
    )
    table(found / "old.csv", 2, 150)
    table(found / "new.csv", 3, 150, lambda text: text.replace("film", "zyx"))
    with (found / "bare.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["words"], *([text] for text in sentences(150, 4)[0])])
    return found


def test_what_changed_is_told(hardmax: Invoke, folder: Path) -> None:
    given = ("drift", folder / "model", folder / "old.csv", folder / "new.csv", *FEW)
    status, out, err = hardmax(*given, "--json", "--seed", "5")
    assert (status, err) == (0, "")
    (record,) = records(out)
    assert record["seed"] == 5
    assert record["drift"] is True
    assert record["measures"]["unknown_words"]["seen"] is True
    assert record["measures"]["unknown_words"]["difference"] > 0.02
    assert record["unknown"][0]["word"].removeprefix("not_") == "zyx"
    assert record["old"] == {"name": "old.csv", "texts": 150, "groups": None, "undecided": []}
    assert set(record["measures"]) == {m.key for m in measures.MEASURES}
    assert hardmax(*given, "--json", "--seed", "5")[1] == out
    status, out, _ = hardmax(*given)
    assert status == 0
    assert "Drift is seen" in out
    assert "seed 0" in out
    status, out, _ = hardmax(*given, "--group-column", "film", "--json")
    assert records(out)[0]["new"]["groups"] == 15


def test_nothing_is_told_of_equal_files(hardmax: Invoke, folder: Path) -> None:
    old = folder / "old.csv"
    status, out, err = hardmax("drift", folder / "model", old, old, *FEW)
    assert (status, err) == (0, "")
    assert "No drift is seen" in out
    assert "would not have been seen" in " ".join(out.split())


def test_labels_are_not_needed(hardmax: Invoke, folder: Path) -> None:
    model, bare, old = folder / "model", folder / "bare.csv", folder / "old.csv"
    refused(hardmax("drift", model, old, bare), "bare.csv", "--text-column")
    columns = ("--text-column", "words")
    status, out, _ = hardmax("drift", model, bare, bare, *columns, *FEW, "--json")
    assert status == 0
    assert "accuracy" not in records(out)[0]["measures"]
    status, out, _ = hardmax("drift", model, old, old, "--unlabelled", *FEW, "--json")
    assert "accuracy" not in records(out)[0]["measures"]
    assert any("nothing is said of accuracy" in words for words in records(out)[0]["verdict"])


def test_one_file_over_time(hardmax: Invoke, folder: Path) -> None:
    given = ("drift", folder / "model", folder / "old.csv", "--time-column", "day", *FEW)
    status, out, _ = hardmax(*given, "--json", "--periods", "3")
    assert status == 0
    told = records(out)
    assert [record["new"]["name"] for record in told] == [
        "2024-05-01 to 2024-08-01", "2024-09-01 to 2024-12-01",
    ]  # fmt: skip
    assert {record["old"]["name"] for record in told} == {"2024-01-01 to 2024-04-01"}
    assert [record["comparisons"] for record in told] == [2, 2]
    status, out, _ = hardmax(*given, "--json")
    assert [record["comparisons"] for record in records(out)] == [1]
    refused(hardmax(*given, "--periods", "13"), "12 times")
    refused(hardmax("drift", folder / "model", folder / "old.csv"), "NEW was wanted")
    refused(hardmax(*given[:3], folder / "new.csv", *given[3:]), "not both")
    refused(hardmax(*given[:3], "--time-column", "label", *FEW), "'good' is no date")
    refused(hardmax(*given[:3], "--time-column", "year", *FEW), "no column 'year'")


def test_texts_of_training_do_not_count(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    model, trained, old = folder / "model", folder / "trained.csv", folder / "old.csv"
    status, out, err = hardmax("drift", model, trained, old, *FEW)
    assert (status, out) == (3, "")
    assert "trained.csv: the model was trained on all of these texts" in err
    both = tmp_path / "both.csv"
    both.write_text(old.read_text() + "".join(trained.read_text().splitlines(True)[1:40]))
    status, out, err = hardmax("drift", model, both, old, *FEW, "--json")
    assert status == 0
    assert records(out)[0]["old"]["texts"] == 150
    assert "left out; both.csv: 150 are read" in err


def test_labels_of_two_sides(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    stars = tmp_path / "stars.csv"
    with (folder / "old.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    names = {"good": ("5", "4"), "bad": ("1", "3")}
    with stars.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["text", "label"],
                *([row[0], names[row[1]][k // 2 % 2]] for k, row in enumerate(rows)),
            ]
        )
    given = ("drift", folder / "model", folder / "old.csv", stars, *FEW, "--json")
    refused(hardmax(*given), "stars.csv")
    sides = ("--positive", "good", "--positive", "5", "--negative", "bad", "--negative", "1")
    for data in (folder / "old.csv", stars):
        assert hardmax("drift", folder / "model", data, data, *FEW, *sides)[0] == 2
    status, out, err = hardmax("drift", folder / "model", stars, stars, *FEW, "--json",
                               "--positive", "4", "--positive", "5", "--negative", "1")  # fmt: skip
    assert status == 0
    assert 0 < records(out)[0]["old"]["texts"] < 150
    assert "texts of other labels" in err


def test_undecided_texts_are_told(
    hardmax: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = measures._led
    monkeypatch.setattr(
        measures, "_led", lambda m, text: None if "dull" in text else usual(m, text)
    )
    status, out, err = hardmax(
        "drift", folder / "model", folder / "old.csv", folder / "new.csv", *FEW, "--json"
    )
    assert status == 3
    assert len(records(out)[0]["old"]["undecided"]) > 0
    assert "texts are undecided" in err


def test_bad_input_is_one_line(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    model, old = folder / "model", folder / "old.csv"
    refused(hardmax("drift", model, old, folder / "none.csv"), "no such file")
    refused(hardmax("drift", folder / "none", old, old), "cannot be read")
    refused(hardmax("drift", model, old, old, "--level", "1"), "--level")
    refused(hardmax("drift", model, old, old, "--text-column", ""), "--text-column is empty")
    refused(hardmax("drift", model, old, old, "--html", old), "would overwrite")
    refused(hardmax("drift", model, old, old, *FEW, "--html", tmp_path / "no" / "x.html"), "no/x")
    refused(hardmax("drift", model, "rotten-tomatos", old), "did you mean")
    few = table(tmp_path / "few.csv", 9, 4)
    refused(hardmax("drift", model, old, few, *FEW), "few.csv: 4 texts; at least 10")
    foreign = tmp_path / "foreign.html"
    foreign.write_text("of somebody else")
    refused(hardmax("drift", model, old, old, "--html", foreign), "--force")
    assert foreign.read_text() == "of somebody else"


def test_tables_break_nothing(
    hardmax: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = recorded(monkeypatch)
    hardmax("drift", folder / "model", folder / "old.csv", folder / "new.csv", *FEW)
    assert len(shown) > 5
    assert broken(shown) == {}


@pytest.mark.xdist_group("chromium")
def test_the_page_on_a_phone(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    needs("playwright.sync_api", "axe_playwright_python")
    one, several = tmp_path / "one.html", tmp_path / "several.html"
    given = ("drift", folder / "model", folder / "old.csv")
    assert hardmax(*given, folder / "new.csv", *FEW, "--html", one)[0] == 0
    periods = ("--time-column", "day", "--periods", "3", "--html", several)
    assert hardmax(*given, *FEW, *periods)[0] == 0
    with launched() as chromium:
        for file in (one, several):
            for width in (390, 320, 1280):
                page = chromium.new_page(viewport={"width": width, "height": 800})
                asked: list[str] = []
                told: list[str] = []
                page.on("request", lambda request, asked=asked: asked.append(request.url))
                page.on("console", lambda message, told=told: told.append(message.text))
                page.goto(file.as_uri())
                page.evaluate("document.querySelectorAll('details').forEach(x => x.open = true)")
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width
                assert asked == [file.as_uri()]
                assert told == []
                assert width != 390 or violations(page) == {}
                page.close()


def test_the_page_says_what_the_table_says(hardmax: Invoke, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "d.html"
    given = ("drift", folder / "model", folder / "old.csv", folder / "new.csv", *FEW)
    status, out, _ = hardmax(*given, "--html", file, "--json")
    assert status == 0
    page, record = file.read_text(encoding="utf-8"), json.loads(out)
    assert record["verdict"][0] in page
    assert "zyx" in page
    assert hardmax(*given, "--html", file)[0] == 0  # our own page is replaced
