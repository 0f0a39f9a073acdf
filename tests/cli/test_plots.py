"""`--plot` of `hardmax map` and `hardmax sweep`: pictures and pages, whole or not at all."""

import json
from pathlib import Path

import pytest
from commands import Invoke

pytest.importorskip("matplotlib")
pytest.importorskip("plotly")
pytest.importorskip("latex2mathml")

THREE = {"tokens": [[0, 1], [1, 1], [2, 0]], "alpha": "1/3", "name": "three"}
MAP = ("map", "c.json", "--free", "1", "--resolution", "4")
SWEEP = ("sweep", "c.json", "--check", "0")


@pytest.fixture(autouse=True)
def file(hardmax: Invoke) -> None:
    Path("c.json").write_text(json.dumps(THREE))  # where `hardmax` has gone to


@pytest.mark.parametrize("command", [MAP, SWEEP], ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("name", "begins"), [("p.svg", b"<?xml"), ("p.PNG", b"\x89PNG"), ("p.html", b"<!doctype html>")]
)
def test_a_file_of_each_kind(
    hardmax: Invoke, command: tuple[str, ...], name: str, begins: bytes
) -> None:
    plain = hardmax(*command)
    assert hardmax(*command, "--plot", name) == plain
    assert Path(name).read_bytes().startswith(begins)
    again = hardmax(*command, "--plot", name)  # hardmax made it, and so may replace it
    assert again == plain


@pytest.mark.parametrize("command", [MAP, SWEEP], ids=lambda words: words[0])
def test_the_page_says_which_command_makes_it(hardmax: Invoke, command: tuple[str, ...]) -> None:
    status, _, _ = hardmax(*command, "--plot", "my page.html")
    assert status == 0
    page = Path("my page.html").read_text()
    assert f"hardmax {command[0]} c.json" in page
    assert "&#39;--plot=my page.html&#39;" in page


@pytest.mark.parametrize("command", [MAP, SWEEP], ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("plot", "words"),
    [
        ("p.pdf", "a .svg, .png or .html file was wanted"),
        ("c.json", "would overwrite"),
        ("none/p.svg", "No such file"),
        ("mine.svg", "hardmax did not make what is there"),
    ],
)
def test_what_cannot_be_written_is_one_line(
    hardmax: Invoke, command: tuple[str, ...], plot: str, words: str
) -> None:
    Path("mine.svg").write_text("<svg/>")
    status, out, err = hardmax(*command, "--plot", plot)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert sorted(path.name for path in Path().iterdir()) == ["c.json", "mine.svg"]
    if plot == "mine.svg":
        assert hardmax(*command, "--plot", plot, "--force")[0] == 0
        assert Path(plot).read_bytes().startswith(b"<?xml")


def test_a_slider_needs_a_page(hardmax: Invoke) -> None:
    frames = ("--animate", "alpha=1/2:2", "--frames", "2")
    status, _, err = hardmax(*MAP, *frames, "--plot", "p.svg")
    assert (status, err.count("\n")) == (2, 1)
    assert "a .html file shows them" in err
    status, _, err = hardmax(*MAP, *frames, "--plot", "p.html")
    assert (status, err) == (0, "")
    assert "α from 1/2 to 2" in Path("p.html").read_text()


def test_one_configuration_is_drawn(hardmax: Invoke) -> None:
    Path("two.jsonl").write_text(f"{json.dumps(THREE)}\n{json.dumps(THREE)}\n")
    status, _, err = hardmax("sweep", "two.jsonl", "--plot", "p.svg")
    assert (status, err.count("\n")) == (2, 1)
    assert "one configuration was wanted, not 2" in err
    assert not Path("p.svg").exists()
