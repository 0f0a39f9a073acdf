"""Still images: names beside marks, leaders' in bold, none over another."""

import re
from itertools import combinations

import pytest

from theory import Configuration, settle
from theory.files.configurations import read_configurations
from theory.pictures.scene import Scene
from theory.pictures.slides import Slides
from theory.pictures.still import LETTER, LINE, still

Box = tuple[float, float, float, float]


def names(image: str) -> dict[str, Box]:
    """The names of an image, with their boxes; the numbers of its axes have no halo."""
    found = {}
    for x, y, anchor, words in re.findall(
        r'<text x="([^"]+)" y="([^"]+)" text-anchor="(\w+)"[^>]*paint-order[^>]*>(.*?)</text>',
        image,
    ):
        plain = re.sub("<[^>]*>", "", words)
        wide = LETTER * len(plain)
        left = float(x) - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        found[plain] = (left, float(y) + 3 - LINE, left + wide, float(y) + 3)
    return found


def images(given: Configuration) -> list[str]:
    slides = Slides.of(settle(given.merged()[0]), given)
    called = [slides.names.name(i) for i in range(slides.configuration.size)]
    return [still(Scene(slides.view, slide), called) for slide in slides.slides]


@pytest.mark.parametrize("name", ["cloud.csv", "repeated-words.json", "moving-tie.json"])
def test_no_two_names_meet(name: str) -> None:
    step = {"alpha": "1/2"} if name.endswith("csv") else {}
    (given,) = read_configurations(f"examples/{name}", **step)
    for image in images(given):
        boxes = names(image)
        assert len(boxes) >= 3
        for a, b in combinations(boxes.values(), 2):
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_leaders_are_bold_and_come_first() -> None:
    (given,) = read_configurations("examples/cloud.csv", alpha="1/2")
    last = images(given)[-1]
    assert '<tspan font-weight="700">22</tspan>, 6, 10, 16, 23<' in last
    assert '<tspan font-weight="700">8</tspan>, 0, 3' in last
    assert '<tspan font-weight="700">6</tspan>' not in last


def test_labels_are_text() -> None:
    image = images(Configuration([[2, 1], [1, 1]], 1, labels=["<b>&", "$x_1$"]))[0]
    assert "&lt;b&gt;&amp; (0)" in image
    assert "$x_1$ (1)" in image
