"""Chromium for the tests of pages, and what axe-core says of a page that it has open.

Needs Chromium (Debian's package chromium; any other by CHROMIUM=/path/to/it), playwright, which
drives it through its own protocol, and the wheel that brings axe-core along; nothing is downloaded.
Tests are skipped where one of them is missing, but fail under continuous integration. The fixtures
`browser` and `visit` are every test's; a module that visits pages has a fixture `folder` of them.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

INTEGRATION = bool(os.environ.get("CI"))

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

OPTIONS = (
    "--no-sandbox",
    "--disable-gpu-compositing",  # only WebGL is drawn by the emulated graphics card, which is slow
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)

LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""Axe's tags of levels A and AA, and of what it takes for good practice: headings in order."""


def needs(*modules: str) -> None:
    """Skip the tests of a module where one of these, or Chromium, is missing; fail under CI."""
    for name in modules:
        if INTEGRATION:
            __import__(name)
        else:
            pytest.importorskip(name)
    if CHROMIUM is None:
        missing = "no Chromium: apt-get install chromium"
        if INTEGRATION:
            raise RuntimeError(missing)
        pytest.skip(missing, allow_module_level=True)


@contextmanager
def launched() -> Iterator[Any]:
    """Chromium, for as long as it is used."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the tests of one module."""
    with launched() as chromium:
        yield chromium


@pytest.fixture
def visit(browser: Any, folder: Path) -> Iterator[Any]:
    """`visit(name)` opens a page of `folder` offline; at the end no page may have complained."""
    contexts, complaints = [], []

    def go(name: str, width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_offline(True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(600_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("console", lambda said: complaints.append(said.text))
        page.goto(f"{folder.as_uri()}/{name}.html")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not complaints


def violations(page: Any) -> dict[str, list[str]]:
    """What axe-core finds wrong with an open page: the elements, by the rule that they break."""
    import axe_playwright_python

    if not page.evaluate("typeof axe === 'object'"):
        script = Path(axe_playwright_python.__file__).with_name("axe.min.js")
        page.evaluate(script.read_text(encoding="utf-8"))
    found: list[tuple[str, list[str]]] = page.evaluate(
        """async (levels) => {
            const options = { preload: false, resultTypes: ["violations"], runOnly: levels };
            const { violations } = await axe.run(document, options);
            return violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))]);
        }""",
        LEVELS,
    )
    return dict(found)
