"""Scenes: what a picture shows is what is true, and every drawing shows the same scene."""

from dataclasses import replace
from itertools import product

import pytest
from flint import fmpq

from checks.reports.picture import Painter
from theory import Configuration, HardmaxError, Settled, settle
from theory.hull import polygon
from theory.pictures.scene import Hull, Role, Scene, Slide, journey, layers
from theory.pictures.slides import Slides
from theory.pictures.view import View, telling

EVERY_KIND = Configuration(
    [[-2, 2], [-2, -2], [1, 1], [0, 2], [-1, 0]], "1/3", labels=list("abcde")
)
TWINS = Configuration([[2, 2], [2, 2], [-2, 1], [1, 0]], 1)


def settled(configuration: Configuration) -> Settled:
    result = settle(configuration)
    assert isinstance(result, Settled)
    return result


def test_a_journey_marks_limits_by_their_kinds() -> None:
    case = settled(EVERY_KIND)
    truth, scene = case.equilibrium(), journey(case)
    assert "face" in truth.kinds
    for role, kind in ((Role.FACE, "face"), (Role.OTHER, None), (Role.LEADER, "leader")):
        wanted = {z for z, found in zip(truth.limits, truth.kinds, strict=True) if found == kind}
        assert set(scene.marks[role]) == wanted
    moved = [(a, b) for a, b in zip(case.tokens(0), truth.limits, strict=True) if a != b]
    assert list(scene.ways) == moved
    assert scene.marks[Role.START] == tuple(a for a, _ in moved)
    assert scene.hull == Hull.of(case.tokens(0)) != Hull.of(truth.limits)
    leaders = {leader.token for leader in truth.leaders}
    named = [(f"{'abcde'[i]} ({i})", truth.limits[i], True) for i in sorted(leaders)]
    named += [
        (f"{'abcde'[i]} ({i})", z, False)
        for i, z in enumerate(EVERY_KIND.tokens)
        if i not in leaders or z != truth.limits[i]
    ]
    assert [(tag.words, tag.place, tag.leads) for tag in scene.tags] == named
    assert [tag.words for tag in journey(case, [3]).tags] == ["d (3)"]
    assert [tag.words for tag in journey(case, [2, 3]).tags] == ["c (2)", "d (3)"]
    assert [tag.words for tag in journey(case, [3], "t{}".format).tags] == ["t3"]


def test_layers_mark_who_leads_now_and_who_will() -> None:
    case = settled(EVERY_KIND)
    since = {leader.token: leader.since_layer for leader in case.equilibrium().leaders}
    assert max(since.values()) > 0
    for k, scene in enumerate(layers(case, range(4))):
        roles: dict[Role, list[int]] = {Role.LEADER: [], Role.LATER: [], Role.FOLLOWER: []}
        for i in range(case.configuration.size):
            later = since.get(i)
            role = Role.FOLLOWER if later is None else Role.LEADER if later <= k else Role.LATER
            roles[role].append(i)
        for role, tokens in roles.items():
            assert scene.marks[role] == tuple(case.tokens(k)[i] for i in tokens)
        pairs = [(i, j) for i, found in enumerate(case.pattern_at(k)) for j in found]
        assert scene.ways == tuple((case.tokens(k)[i], case.tokens(k)[j]) for i, j in pairs)


def test_copies_lead_together_unless_they_are_kept_apart() -> None:
    together = layers(settled(TWINS), [0])[0]
    assert together.slide.roles[:2] == (Role.LEADER, Role.LEADER)
    kept = settle(TWINS, keep_copies=True)
    assert isinstance(kept, Settled)
    assert layers(kept, [0])[0].slide.roles[:2] == (Role.FOLLOWER, Role.FOLLOWER)


def test_where_marks_meet_the_greater_role_is_on_top() -> None:
    here, there = (fmpq(1), fmpq(2)), (fmpq(3), fmpq(0))
    view = View.of([here, there])
    roles = (Role.VERTEX, Role.LEADER, Role.FACE)
    scene = Scene(view, Slide("limit", (here, here, there), ((1,), (1,), (1, 2)), roles))
    assert scene.at == {here: (0, 1), there: (2,)}
    assert {role: at for role, at in scene.marks.items() if at} == {
        Role.LEADER: (here,),
        Role.FACE: (there,),
    }
    apart = replace(scene, mean=(fmpq(0), fmpq(0)))
    assert apart.marks[Role.MEAN] == ((0, 0),)


def test_a_page_and_a_figure_show_one_scene() -> None:
    case = settled(EVERY_KIND)
    slides = Slides.of(case).slides
    for scene, slide in zip(layers(case, range(3)), slides, strict=False):
        assert scene.slide == slide
    assert journey(case).slide == slides[-1]
    assert layers(case, [1])[0].slide != slides[0]


FLAT = [[1, 1, 2, 0, 1], [1, 1, -1, 2, 0], [1, 1, 0, "1/2", 0]]
AWAY = Configuration(
    [[0, 0, 2, 0], [0, 0, 1, 0]], "-1/4", A=[[-(i == j) for j in range(4)] for i in range(4)]
)


@pytest.mark.parametrize(
    ("configuration", "drawn"), [(Configuration(FLAT, 1), (0, 2)), (AWAY, (0, 2))]
)
def test_a_page_and_a_figure_draw_the_same_coordinates(
    configuration: Configuration, drawn: tuple[int, int]
) -> None:
    """Those that tell starts and limits apart, whichever layers are asked for."""
    case = settled(configuration)
    assert Painter(Slides.of(case)).view.chosen == drawn
    assert all(scene.view.chosen == drawn for k in (0, 1, 9) for scene in layers(case, [k]))


def test_hulls_in_every_dimension() -> None:
    cube = [tuple(map(fmpq, z)) for z in product((0, 1), repeat=3)]
    solid = Hull.of([*cube, (fmpq(1, 2),) * 3])
    assert (solid.solid, len(solid.edges), len(solid.faces)) == (True, 12, 12)
    square = [z for z in cube if z[2] == 0]
    flat = Hull.of(square)
    assert not flat.solid
    assert flat.edges[0][:-1] == tuple(polygon(square))
    assert flat.edges[0][0] == flat.edges[0][-1]
    assert Hull.of(cube[:1]).edges == Hull.of([]).edges == ()


def test_a_view_chooses_draws_and_leaves_out() -> None:
    points = [tuple(map(fmpq, (1, x, y, y - 3))) for x in (0, 1) for y in (5, 6)]
    assert telling(points) == (1, 2)
    view = View.of(points)
    assert [view.shadow(z) for z in points] == [(0, 5), (0, 6), (1, 5), (1, 6)]
    assert view.projection == "coordinates 1 and 2 of 0 to 3"
    assert View.of(points, points[:2]).chosen == (0, 2)
    assert View.of([z[:3] for z in points]).projection == ""
    near = (fmpq(0), fmpq(1, 100))
    assert view.arrows([(view.origin, near)]) == []
    assert view.arrows([(view.origin, (fmpq(0), fmpq(5)))] * 2) == [((0.0, 0.0), (0.0, 5.0))]
    assert view.outward(view.place((fmpq(1), fmpq(6)))) == (True, True)
    assert view.outward(view.place(view.origin)) == (False, False)


def test_without_limits_there_is_no_journey() -> None:
    with pytest.raises(HardmaxError, match="limit"):
        journey(settled(Configuration([[2], [1]], "-1/4", A=[[-1]])))
