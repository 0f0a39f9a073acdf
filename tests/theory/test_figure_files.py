"""Pictures on disk: the same bytes each time, and no traffic with the rest of matplotlib."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from theory import Configuration, HardmaxError, Settled, settle
from theory.pictures.figures import draw_configuration, draw_layers, save
from theory.pictures.sheet import styled

matplotlib = pytest.importorskip("matplotlib")

FACES: list[tuple[Any, Any]] = [
    (1, 1), (1, -1), (-1, -1), (-1, 1), ("-0.5", 0), ("0.5", 0), ("0.3", "0.1"), ("-0.4", "0.2"),
]  # fmt: skip


def settled(*args: Any, **kwargs: Any) -> Settled:
    result = settle(Configuration(*args, **kwargs))
    assert isinstance(result, Settled)
    return result


def test_a_png_is_a_png_and_an_svg_an_svg(tmp_path: Path) -> None:
    case = settled(FACES, "1/2")
    draw_configuration(case, tmp_path / "a.PNG")
    draw_configuration(case, str(tmp_path / "a.svg"))
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "a.svg").read_text()
    assert svg.startswith("<?xml")
    assert set(re.findall(r'<g id="([a-z-]+)"', svg)) >= {
        "leaders", "starts", "face-limits", "start-hull", "polytope", "motion", "origin",
    }  # fmt: skip
    assert "date" not in svg.lower()


@pytest.mark.parametrize("name", ["a.svg", "a.png"])
@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_the_same_picture_is_the_same_file(name: str, dimension: int, tmp_path: Path) -> None:
    tokens = [[(7 * i * i + 3 * s) % 11 - 5 for s in range(dimension)] for i in range(1, 5)]
    written = []
    for _ in range(2):
        case = settled(tokens, "1/2")
        draw_configuration(case, tmp_path / name)
        one = (tmp_path / name).read_bytes()
        save(draw_layers(case), tmp_path / name)
        written.append((one, (tmp_path / name).read_bytes()))
    assert written[0] == written[1]
    other = settled([[x + 1 for x in row] for row in tokens], "1/2")
    draw_configuration(other, tmp_path / name)
    assert (tmp_path / name).read_bytes() != written[0][0]


@pytest.mark.parametrize("name", ["a.pdf", "a", "a.html", ".svg/a"])
def test_another_suffix_is_refused_before_anything_is_drawn(name: str, tmp_path: Path) -> None:
    case = settled([[1, 2]], 1)
    with pytest.raises(HardmaxError, match=r"\.svg or \.png"):
        draw_configuration(case, tmp_path / name)
    with pytest.raises(HardmaxError, match=r"\.svg or \.png"):
        save(draw_layers(case), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_character_without_a_glyph_is_no_warning(tmp_path: Path) -> None:
    draw_configuration(settled([[1, 2]], 1, labels=["中文"], name="中"), tmp_path / "a.png")
    assert (tmp_path / "a.png").exists()


def test_other_scripts_have_the_fonts_that_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import font_manager

    for has, wanted in (([], []), (["Yu Gothic", "Comic Sans"], ["Yu Gothic"])):
        monkeypatch.setattr(font_manager, "get_font_names", lambda has=has: has)
        with styled():
            assert matplotlib.rcParams["font.family"] == ["DejaVu Sans", *wanted]


# ---------------------------------------------------------------------------- matplotlib


def run(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip


def test_without_matplotlib_the_package_imports_and_drawing_says_what_is_missing() -> None:
    result = run("""
        import sys
        for name in ("matplotlib", "mpl_toolkits"):
            sys.modules[name] = None
        from theory import Configuration, HardmaxError, settle
        from theory.pictures.figures import draw_configuration, draw_layers
        case = settle(Configuration([[1, 2]], 1))
        for draw in (draw_configuration, draw_layers):
            try:
                draw(case)
            except HardmaxError as error:
                print(error)
    """)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == 2
    assert all("pip install 'hardmax-theory[report]'" in line for line in lines)


def test_importing_does_not_import_matplotlib_and_drawing_not_pyplot() -> None:
    result = run("""
        import sys, tempfile, pathlib
        import theory, theory.pictures.figures
        assert "matplotlib" not in sys.modules
        case = theory.settle(theory.Configuration([[1, 2], [0, 1]], 1))
        with tempfile.TemporaryDirectory() as folder:
            theory.pictures.figures.draw_configuration(case, pathlib.Path(folder) / "a.svg")
        print("matplotlib" in sys.modules, "matplotlib.pyplot" in sys.modules)
    """)
    assert (result.returncode, result.stderr, result.stdout.split()) == (0, "", ["True", "False"])


@pytest.fixture
def loud_settings() -> Iterator[None]:
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "lines.color": "red"}):
        yield


def test_the_reader_s_settings_neither_matter_nor_change(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    case = settled(FACES, "1/2")
    draw_configuration(case, tmp_path / "plain.svg")
    request.getfixturevalue("loud_settings")
    before = dict(matplotlib.rcParams)
    draw_configuration(case, tmp_path / "loud.svg")
    assert dict(matplotlib.rcParams) == before
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "loud.svg").read_bytes()
