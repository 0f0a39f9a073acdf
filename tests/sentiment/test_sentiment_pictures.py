"""Pictures of explanations: names never meet, sides are named, the anchor is drawn, for a phone."""

from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from anchored import anchored
from sentences import BAD, FILLING, GOOD, THINGS, sentences
from sklearn.base import clone

from sentiment.classifier import SentimentClassifier
from sentiment.explanation import Explanation, explain
from sentiment.pictures import draw_explanation, drawn
from theory import HardmaxError
from theory.pictures.sheet import DPI

PHONE = 390
"""Pixels of a phone's width."""


@pytest.fixture(scope="module")
def trained() -> SentimentClassifier:
    texts, labels, films = sentences(120, 1)
    return SentimentClassifier(initialisation="log-odds", random_state=0, min_count_groups=2).fit(
        texts, labels, groups=films
    )


def figures(model: SentimentClassifier) -> list[tuple[Explanation, Any]]:
    random = Random(6)
    texts = ["superb", "a superb film and not a dull story", "$superb$ \\alpha dull " * 3]
    for length in (10, 40, 150):
        words = [random.choice([*GOOD, *BAD, *THINGS, *FILLING]) for _ in range(length)]
        texts.append(" ".join(words))
    found = [explain(model, text) for text in texts]
    explanations = [x for x in found if isinstance(x, Explanation)]
    explanations += [anchored(), anchored("the film"), anchored("superb"), anchored("dull the")]
    return [(x, draw_explanation(x)) for x in explanations]


def written(figure: Any) -> dict[str, Any]:
    """The boxes of all names in the picture, by their words."""
    figure.set_dpi(DPI)
    figure.canvas.draw()
    texts = [t for t in figure.axes[0].texts if t.get_gid() == "name"]
    assert len({t.get_text() for t in texts}) == len(texts)
    return {t.get_text().replace("\n", " "): t.get_window_extent() for t in texts}


def meet(one: Any, other: Any) -> bool:
    apart = one.x1 <= other.x0 or other.x1 <= one.x0 or one.y1 <= other.y0 or other.y1 <= one.y0
    return not apart


def test_names_never_meet_nor_leave_the_picture(trained: SentimentClassifier) -> None:
    for explanation, figure in figures(trained):
        boxes = written(figure)
        page = figure.axes[0].get_window_extent()
        for (one, box), (other, next_box) in combinations(boxes.items(), 2):
            assert not meet(box, next_box), (explanation.given, one, other)
        for box in boxes.values():
            assert page.x0 <= box.x0 < box.x1 <= page.x1
            assert page.y0 <= box.y0 < box.y1 <= page.y1
        top = figure._suptitle.get_window_extent()
        (legend,) = figure.legends
        assert not any(meet(part, page) for part in (top, legend.get_window_extent()))
        for part in (top, legend.get_window_extent()):
            assert figure.bbox.x0 <= part.x0 < part.x1 <= figure.bbox.x1


def test_names_that_meet_would_be_noticed() -> None:
    figure = draw_explanation(anchored())
    for text in figure.axes[0].texts:
        text.xyann = (0, 0)
        text.xy = (0, 0)
    boxes = list(written(figure).values())
    assert any(meet(one, other) for one, other in combinations(boxes, 2))


def test_sides_and_leaders_are_named_and_the_anchor_is_drawn() -> None:
    names = written(figure := draw_explanation(anchored()))
    assert names.keys() == {
        "fresh side", "rotten side", "superb, 29%", "dull, 14%", "neutral anchor, 57%"
    }  # fmt: skip
    fresh, rotten = names["fresh side"], names["rotten side"]
    to_place = figure.axes[0].transData.inverted().transform
    assert to_place((rotten.x0, rotten.y0))[0] < -0.1 < to_place((fresh.x1, fresh.y1))[0]
    (legend,) = figure.legends
    words = [text.get_text() for text in legend.get_texts()]
    assert {"fresh side", "rotten side", "score 0", "leader for fresh", "leader for rotten",
            "neutral anchor", "mean of the text"} <= {*words}  # fmt: skip
    assert "fresh: score +0.529" in figure._suptitle.get_text()
    marks = {c.get_gid(): c.get_offsets().tolist() for c in figure.axes[0].collections}
    assert marks["anchor"] == [[0.0, 1.0]]
    assert marks["leaders-positive"] == [[2.0, 0.0]]
    assert marks["leaders-negative"] == [[-1.0, 0.0]]


def test_without_an_anchor_none_is_drawn(trained: SentimentClassifier) -> None:
    model = clone(trained).set_params(anchor=0)
    found = explain(model.fit(*sentences(60, 1)[:2]), "a superb film")
    assert isinstance(found, Explanation)
    figure = draw_explanation(found)
    assert "anchor" not in {c.get_gid() for c in figure.axes[0].collections}
    assert not any("neutral anchor" in name for name in written(figure))


def test_letters_can_be_read_on_a_phone(trained: SentimentClassifier) -> None:
    for _, figure in figures(trained):
        scale = PHONE / (72 * figure.get_figwidth())
        sizes = [text.get_fontsize() * scale for text in figure.axes[0].texts if text.get_text()]
        assert min(sizes) >= 9


def test_two_pictures_of_one_text_are_the_same_file(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw_explanation(anchored(), tmp_path / name)
    one = (tmp_path / "one.svg").read_bytes()
    assert one == (tmp_path / "two.svg").read_bytes() == drawn(anchored(), "three.svg")
    assert drawn(anchored(), "x.png").startswith(b"\x89PNG")
    for name in ("one.pdf", "one"):
        with pytest.raises(HardmaxError, match="ending"):
            draw_explanation(anchored(), tmp_path / name)
    with pytest.raises(HardmaxError, match="nothing to draw"):
        drawn(anchored("zyx"), "x.svg")
