"""Pictures: what is drawn is what is true, in every dimension."""

from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from theory import (
    CAUSAL,
    HARDMAX,
    Configuration,
    Dynamics,
    HardmaxError,
    Settled,
    Undecided,
    settle,
)
from theory.exact import fraction
from theory.hull import polygon
from theory.pictures.axes import Region
from theory.pictures.colours import GREY
from theory.pictures.figures import LAST_LAYER, LAYERS, draw_configuration, draw_layers, save
from theory.pictures.projections import Lens, Projection, principal
from theory.pictures.scene import Role
from theory.pictures.view import View
from theory.schedules.functions import RationalFunction
from theory.steps import Scheduled

FRANK_WOLFE = Dynamics(step=Scheduled(RationalFunction.parse("2/(k+2)")))

pytest.importorskip("matplotlib")

EMERGING: list[tuple[Any, Any]] = [
    (1, "4/12"), ("-1/12", "1/12"), (-1, -1), (0, "3/12"),
    ("-0.3", "-0.7"), ("-0.6", "-0.9"), ("0.8", "0.1"), ("0.6", "0.15"),
]  # fmt: skip
FACES: list[tuple[Any, Any]] = [
    (1, 1), (1, -1), (-1, -1), (-1, 1), ("-0.5", 0), ("0.5", 0), ("0.3", "0.1"), ("-0.4", "0.2"),
]  # fmt: skip
OKABE_ITO = {"#000000", "#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"}


def settled(*args: Any, **kwargs: Any) -> Settled:
    result = settle(Configuration(*args, **kwargs))
    assert isinstance(result, Settled)
    return result


def named(axes: Any, name: str) -> list[Any]:
    return list(axes.findobj(lambda artist: artist.get_gid() == name))


def places(axes: Any, name: str) -> list[tuple[float, ...]]:
    """Where the marks of one name stand, in two coordinates."""
    return [tuple(map(float, row)) for mark in named(axes, name) for row in mark.get_offsets()]


def floats(rows: Any) -> list[tuple[float, ...]]:
    return [tuple(float(fraction(x)) for x in row) for row in rows]


def legend_of(figure: Any) -> list[str]:
    (legend,) = figure.legends
    return [words.get_text() for words in legend.get_texts()]


# ---------------------------------------------------------------------------- layers


def test_every_panel_shows_the_tokens_of_its_layer() -> None:
    case = settled(EMERGING, "1/2")
    figure = draw_layers(case)
    assert [axes.get_title() for axes in figure.axes] == [f"layer {k}" for k in LAYERS]
    for axes, k in zip(figure.axes, LAYERS, strict=True):
        pattern, tokens = case.pattern_at(k), floats(case.tokens(k))
        leading = [i for i, attended in enumerate(pattern) if attended == (i,)]
        later = [leader.token for leader in case.equilibrium().leaders if leader.since_layer > k]
        rest = [i for i in range(len(tokens)) if i not in leading and i not in later]
        assert places(axes, "leaders") == [tokens[i] for i in leading]
        assert places(axes, "leaders-to-be") == [tokens[i] for i in later]
        assert set(places(axes, "followers")) == {tokens[i] for i in rest}


def test_an_emerging_leader_is_told_from_one_that_leads() -> None:
    first, second = draw_layers(settled(EMERGING, "1/2"), [0, 1]).axes
    assert places(first, "leaders-to-be") == [pytest.approx((-1 / 12, 1 / 12))]
    assert len(places(first, "leaders")) == 2
    assert not places(second, "leaders-to-be")
    assert len(places(second, "leaders")) == 3


def test_every_panel_shows_the_hull_of_its_tokens() -> None:
    case = settled(EMERGING, "1/2")
    for axes, k in zip(draw_layers(case).axes, LAYERS, strict=True):
        (hull,) = named(axes, "hull")
        drawn = [tuple(map(float, row)) for row in hull.get_xydata()]
        assert drawn[0] == drawn[-1]
        assert drawn[:-1] == floats(polygon(case.tokens(k)))
        (polytope,) = named(axes, "polytope")
        assert set(map(tuple, polytope.get_xydata())) == set(floats(case.equilibrium().polytope))


def test_arrows_go_where_attention_goes() -> None:
    case = settled([[2, 2], [2, -2], [1, 0], ["1/2", "1/4"]], 1)
    assert case.pattern_at(0) == ((0,), (1,), (0, 1), (0,))
    (axes,) = draw_layers(case, [0]).axes
    arrows = [tuple(map(tuple, arrow._posA_posB)) for arrow in named(axes, "attention")]
    assert sorted(arrows) == [
        ((0.5, 0.25), (2.0, 2.0)), ((1.0, 0.0), (2.0, -2.0)), ((1.0, 0.0), (2.0, 2.0)),
    ]  # fmt: skip


def test_panels_share_axes_of_equal_aspect() -> None:
    figure = draw_layers(settled(EMERGING, "1/2"), range(7))
    assert len(figure.axes) == 7
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in figure.axes}) == 1
    assert {axes.get_aspect() for axes in figure.axes} == {1.0}


def test_the_legend_names_what_is_there_and_no_more() -> None:
    emerging = legend_of(draw_layers(settled(EMERGING, "1/2")))
    assert set(emerging) == {
        "hull of the tokens", "polytope K", "origin", "attends to", "follower", "leads later",
        "leader",
    }  # fmt: skip
    assert "leads later" not in legend_of(draw_layers(settled(FACES, "1/2")))
    assert legend_of(draw_layers(settled([[1, 2]], 1))) == ["origin", "leader"]


@pytest.mark.parametrize("layers", [[], [-1], [0, 1.0], [True], ["0"], [LAST_LAYER + 1]])
def test_layers_that_are_none_are_refused(layers: Any) -> None:
    with pytest.raises(HardmaxError, match="layer"):
        draw_layers(settled([[1]], 1), layers)


def test_a_far_layer_is_drawn() -> None:
    (axes,) = draw_layers(settled([[1, 0], ["1/2", 0]], 1), [3000]).axes
    assert axes.get_title() == "layer 3000"
    assert places(axes, "followers") == [(1.0, 0.0)]


# ---------------------------------------------------------------------------- configuration


def test_the_configuration_shows_starts_limits_and_kinds() -> None:
    case = settled(FACES, "1/2")
    truth = case.equilibrium()
    (axes,) = draw_configuration(case).axes
    assert truth.kinds.count("face") == 2
    assert places(axes, "face-limits") == [(-1.0, 0.0), (1.0, 0.0)]
    assert places(axes, "leaders") == floats(truth.polytope)
    assert set(places(axes, "starts")) == set(floats(case.configuration.tokens[4:]))
    assert places(axes, "other-limits") == []
    assert places(axes, "origin") == [(0.0, 0.0)]
    arrows = {tuple(map(tuple, arrow._posA_posB)) for arrow in named(axes, "motion")}
    assert arrows == {
        (start, limit)
        for start, limit in zip(
            floats(case.configuration.tokens), floats(truth.limits), strict=True
        )
        if start != limit
    }


def test_a_limit_of_no_kind_is_marked_apart() -> None:
    c = Configuration([[2, 2], [2, 2], [-2, 1], [1, 0]], 1)
    twins = settle(c, keep_copies=True)
    assert isinstance(twins, Settled)
    assert None in twins.equilibrium().kinds
    figure = draw_configuration(twins)
    assert places(figure.axes[0], "other-limits") == [(2.0, 2.0)]
    assert "limit of no kind" in legend_of(figure)
    assert "limit of no kind" not in legend_of(draw_configuration(settled(FACES, "1/2")))


def test_copies_that_lead_are_drawn_as_leaders() -> None:
    twins = settled([[2, 2], [2, 2], [-2, 1], [1, 0]], 1)
    figure = draw_configuration(twins)
    assert "limit of no kind" not in legend_of(figure)
    assert (2.0, 2.0) in places(figure.axes[0], "leaders")
    assert (2.0, 2.0) in places(draw_layers(twins, [0]).axes[0], "leaders")


def test_labels_stand_at_the_starts_and_copies_share_one() -> None:
    case = settled(
        [[2, 2], [2, 2], [-2, 1], [1, 0]], 1, labels=["film", "film", "good\n day", "$x_{$"]
    )
    (axes,) = draw_configuration(case).axes
    shown = {text.get_text(): tuple(map(float, text.xy)) for text in list[Any](axes.texts)}
    assert shown == {
        "film (0), film (1)": (2.0, 2.0),
        "good day (2)": (-2.0, 1.0),
        "$x_{$ (3)": (1.0, 0.0),
    }


def test_of_many_tokens_the_leaders_alone_are_labelled() -> None:
    tokens = [[k, k * k] for k in range(-3, 4) if k] + [
        [fmpq(1, k), fmpq(1, 7)] for k in range(1, 31)
    ]
    case = settled(tokens, 1, labels=[f"w{i}" for i in range(len(tokens))])
    (axes,) = draw_configuration(case).axes
    leaders = {f"w{leader.token} ({leader.token})" for leader in case.equilibrium().leaders}
    assert {text.get_text() for text in axes.texts} == leaders


def test_a_long_label_is_cut() -> None:
    (axes,) = draw_configuration(settled([[1, 2]], 1, labels=["x" * 60])).axes
    assert "".join(axes.texts[0].get_text().split()) == "x" * 23 + "…(0)"


# ---------------------------------------------------------------------------- dimensions


def title_of(figure: Any) -> str:
    return " ".join(figure.get_suptitle().split())


def test_one_coordinate_is_drawn_on_a_line() -> None:
    case = settled([[2], [1], ["-1/2"]], 1)
    figure = draw_layers(case, [0, 1])
    assert [axes.get_ylabel() for axes in figure.axes] == ["layer 0", "layer 1"]
    for axes in figure.axes:
        assert {y for _, y in places(axes, "leaders")} == {0.0}
        assert list(axes.get_yticks()) == []
    assert places(figure.axes[1], "followers") == [(1.5, 0.0)]
    assert places(draw_configuration(case).axes[0], "starts") == [(1.0, 0.0)]


def test_three_coordinates_are_drawn_in_space() -> None:
    cube = [list(v) for v in product((-1, 1), repeat=3)]
    case = settled([*cube, ["1/2", 0, 0]], 1)
    for figure in (draw_layers(case, [0, 1]), draw_configuration(case)):
        for axes in figure.axes:
            assert axes.name == "3d"
            (polytope,) = named(axes, "polytope")
            assert len(polytope._segments3d) == 12
            x, y, z = (sorted(map(float, xs)) for xs in named(axes, "leaders")[0]._offsets3d)
            assert x == y == z == [-1.0] * 4 + [1.0] * 4


def test_of_more_coordinates_a_pair_that_tells_is_drawn_and_the_title_says_so() -> None:
    case = settled([[1, 2, 3, 7], [1, -1, 0, 7], [1, 1, "1/2", 7]], 1)
    for figure in (draw_layers(case, [0]), draw_configuration(case)):
        assert "coordinates 0 and 1 of 0 to 3" in title_of(figure)
    case = settled([[7, 7, 7, 2], [7, 7, 7, -1], [7, 7, 6, -1]], 1)
    for figure in (draw_layers(case, [0]), draw_configuration(case)):
        assert "coordinates 2 and 3 of 0 to 3" in title_of(figure)
        assert set(places(figure.axes[0], "leaders")) <= {(7.0, 2.0), (7.0, -1.0), (6.0, -1.0)}
    assert "coordinates" not in title_of(draw_configuration(settled(FACES, 1)))


@pytest.mark.parametrize(
    ("dynamics", "told", "silent"),
    [
        (HARDMAX, "α = 1, A = [[-1]], settled", "mask"),
        (FRANK_WOLFE, "γ_k = 2/(k+2), A = [[-1]], settled", "α"),
        (CAUSAL, "α = 1, A = [[-1]], a causal mask, settled", "γ"),
    ],
)
def test_the_title_tells_the_dynamics(dynamics: Dynamics, told: str, silent: str) -> None:
    case = settle(Configuration([[1], [0]], 1, [[-1]]), dynamics=dynamics)
    assert isinstance(case, Settled)
    for figure in (draw_layers(case, [0, 1]), draw_configuration(case)):
        assert told in title_of(figure)
        assert silent not in title_of(figure)


def test_the_title_says_what_the_picture_cannot() -> None:
    case = settled(EMERGING, "1/2", [[2, 1], [1, 2]], name="a $name\n with lines")
    words = title_of(draw_configuration(case))
    assert (
        words == f"a $name with lines, α = 1/2, A = [[2, 1], [1, 2]], settled at layer {case.layer}"
    )
    big = settled([[1, 1]], 1, [["12345678901234567890", 0], [0, "1/12345678901234567890"]])
    assert "A not the identity" in title_of(draw_configuration(big))


@pytest.mark.parametrize(
    ("unit", "shown"),
    [
        ("1e300", 300),
        ("1e4000", 4000),
        ("1e-300", -301),
        ("1e-4000", -4001),
        ("100", 0),
        ("1/100", 0),
    ],
)
def test_numbers_of_any_size_fit_on_the_page(unit: str, shown: int, tmp_path: Path) -> None:
    size = Configuration([[unit]], 1).tokens[0][0]
    case = settled([[size, 0], [-size, size / 3], [0, size / 7]], 1)
    words = title_of(draw_configuration(case, tmp_path / "a.png"))
    view = View.of(case.configuration.tokens)
    assert abs(view.exponent - shown) <= 1
    assert (f"in units of 1e{view.exponent}" in words) == (shown != 0)
    assert 0.01 <= max(view.extent) <= 1000


@pytest.mark.parametrize(
    "tokens",
    [
        [[1]],
        [[0]],
        [[1, 2]],
        [[0, 0]],
        [[1, 2, 3]],
        [[1, 1], [2, 2], [-1, -1]],
        [[1, 1, 1], [2, 2, 2], [-1, -1, -1]],
        [[1, 0, 1], [-1, 0, 1], [0, "1/3", 1], [0, -1, 1]],
        [[1, 0], [1, 0]],
    ],
    ids=str,
)
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_what_is_flat_or_small_is_drawn_all_the_same(
    tokens: Any, suffix: str, tmp_path: Path
) -> None:
    case = settled(tokens, 1)
    save(draw_layers(case, [0, 1]), tmp_path / f"layers.{suffix}")
    draw_configuration(case, tmp_path / f"limits.{suffix}")
    assert {file.name for file in tmp_path.iterdir()} == {f"layers.{suffix}", f"limits.{suffix}"}


def test_a_crowd_is_drawn_with_plain_lines() -> None:
    tokens = [[k, k * k % 101] for k in range(-60, 61) if k]
    for figure in (draw_layers(settled(tokens, 1), [0]), draw_configuration(settled(tokens, 1))):
        (axes,) = figure.axes
        assert sum(len(named(axes, name)) for name in ("attention", "motion")) == 1


def test_only_what_is_settled_is_drawn() -> None:
    open_case = settle(Configuration(EMERGING, "1/2"), max_layers=0)
    assert isinstance(open_case, Undecided)
    draws: list[Any] = [draw_layers, draw_configuration]
    for draw in draws:
        with pytest.raises(HardmaxError, match="Undecided cannot be drawn"):
            draw(open_case)


def test_without_limits_there_is_no_picture_of_limits() -> None:
    fleeing = settled([[2], [1]], "-1/4", A=[[-1]])
    with pytest.raises(HardmaxError, match="limit"):
        draw_configuration(fleeing)
    assert len(draw_layers(fleeing, [0, 1, 2]).axes) == 3


def test_colours_are_okabe_and_ito_s_and_marks_differ_in_shape() -> None:
    from theory.pictures import figures as plots

    marks = list(plots.MARKS.values())
    regions = [value for value in vars(plots).values() if isinstance(value, Region)]
    used = {c for mark in marks for c in (mark.face, mark.edge)}
    used |= {c for region in regions for c in (region.face, region.edge)}
    assert {c.lower() for c in used} <= OKABE_ITO | {GREY.lower(), "#ffffff", "none"}
    assert set(plots.MARKS) == set(Role) - {Role.VERTEX}
    for (one, mark), (other, twin) in combinations(plots.MARKS.items(), 2):
        # In one picture: hollow and filled stars differ, the dots are never drawn together.
        same_shape = {one, other} in ({Role.LEADER, Role.LATER}, {Role.FOLLOWER, Role.START})
        assert (mark.marker == twin.marker) == same_shape
    assert plots.MARKS[Role.LATER].face == "#FFFFFF"


def test_the_names_of_axes_keep_away_from_the_legend() -> None:
    space = settled([[3, 1, 2], [-3, 2, 1], [1, -2, 1], [-1, 2, -1], [0, 1, 0]], "1/2")
    for lens in (Lens(principal(space.configuration.tokens, (1,) * 5)),
                 Lens(Projection.onto(3, (0, 1)))):  # fmt: skip
        figure = draw_configuration(space, lens=lens)
        figure.canvas.draw()
        (legend,), (axes,) = figure.legends, figure.axes
        name = axes.xaxis.label.get_window_extent()
        assert axes.get_xlabel()
        assert name.y0 - legend.get_window_extent().y1 > 0.3 * name.height
