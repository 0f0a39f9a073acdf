"""A scene as a small SVG image, which needs no library to be drawn and no script to be seen.

    still    the image: axes, hulls, arrows, marks, and names beside the marks;
    told     the same in words, for those who do not see it.

Pages have these images for readers without scripts and for print. Colours are those of
`theory.pictures.colours`, written as they stand there, so that a page may have its own for ink and
paper.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, floor, hypot, log10, pi, sin

from theory.matrices import Vector
from theory.pictures.colours import BLACK, BLUE, FACE_AND_EDGE, GREEN, GREY, ORANGE, SKY, WHITE
from theory.pictures.placing import Wanted, lead, place
from theory.pictures.scene import Hull, Role, Scene
from theory.pictures.view import Place, View
from theory.readable import count, label, point

WIDTH, LONGEST, FLAT = 340.0, 330.0, 130.0
"""The width of an image, the longest side of a plane's frame, and the height of a line's image."""

LEFT, BELOW, PAD = 50.0, 30.0, 8.0
"""Room for the numbers beside the axes, and around the frame."""

MOST_ARROWS, MOST_NAMED, MOST_TOLD, LONGEST_NAME = 150, 24, 8, 32

LETTER, LINE = 6.3, 13.0
"""How wide a letter is about, and how high a line."""

GRID = "#EAEAEA"

HALO = f' stroke="{WHITE}" stroke-width="3" paint-order="stroke"'
"""Around a name, so that it can be read on lines."""

STAR = " ".join(
    f"{r * sin(k * pi / 5):.2f},{-r * cos(k * pi / 5):.2f}"
    for k in range(10)
    for r in (8 - k % 2 * 4.8,)
)
SHAPES = {
    "star": f'<polygon points="{STAR}"/>',
    "circle": '<circle r="4.5"/>',
    "diamond": '<polygon points="0,-6.5 6.5,0 0,6.5 -6.5,0"/>',
    "small diamond": '<polygon points="0,-5.5 5.5,0 0,5.5 -5.5,0"/>',
    "square": '<rect x="-5" y="-5" width="10" height="10"/>',
    "cross": '<path d="M-5 -5L5 5M5 -5L-5 5" stroke-width="4"/>',
}
MARKS = {
    Role.MEAN: "square",
    Role.START: "circle",
    Role.FACE: "diamond",
    Role.OTHER: "cross",
    Role.VERTEX: "circle",
    Role.FOLLOWER: "circle",
    Role.LATER: "square",
    Role.LEADER: "star",
}
"""The shape of each role; roles that share one have colours of their own, or never meet."""

IN_SPACE = MARKS | {Role.LEADER: "square"}
"""Those in space, where pictures that move have no star."""


def still(scene: Scene, names: Sequence[str], ends: Iterable[Vector] = ()) -> str:
    """The image as an SVG element; `names` are those of the tokens of the scene's slide.

    ends : shadows of limits that are shown beside the tokens.

    >>> from theory import Configuration, settle
    >>> from theory.pictures.scene import layers
    >>> (scene,) = layers(settle(Configuration([[2, 0], [1, 1]], alpha=1)), [0])
    >>> still(scene, ["0", "1"])[:38]
    '<svg xmlns="http://www.w3.org/2000/svg'
    """
    page = _Page(scene.view)
    parts = [*page.frame(), *_hulls(page, scene), *_arrows(page, scene)]
    origin = page.at(scene.view.place(scene.view.origin))
    x, y = (f"{coordinate:.1f}" for coordinate in origin)
    parts.append(_path(f"M{x} {y}m-5 0h10m-5 -5v10", BLACK, 1))
    parts += [
        _mark("small diamond", page.at(scene.view.place(z)), "none", GREEN)
        for z in dict.fromkeys(ends)
    ]
    placed: list[tuple[Vector, Place]] = []
    for role, shape in (IN_SPACE if scene.view.axes == 3 else MARKS).items():
        for z in scene.marks[role]:
            at = page.at(scene.view.place(z))
            parts.append(_mark(shape, at, *FACE_AND_EDGE[role]))
            placed.append((z, at))
    parts += _names(page, scene, placed[::-1], names)
    width, height = page.width, page.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        f'aria-label="{escape(told(scene, names))}" font-size="11.5" '
        f'font-family="system-ui, sans-serif">{"".join(parts)}</svg>'
    )


def told(scene: Scene, names: Sequence[str]) -> str:
    """What the image shows, in words.

    >>> from theory import Configuration, settle
    >>> from theory.pictures.scene import layers
    >>> (scene,) = layers(settle(Configuration([[2], [1]], alpha=1)), [0])
    >>> told(scene, ["good", "film"])
    'layer 0: good at (2), leader; film at (1), follower'
    """
    slide = scene.slide
    first = sorted(range(len(slide.tokens)), key=lambda i: slide.roles[i] is not Role.LEADER)
    parts = [f"{names[i]} at {point(slide.tokens[i])}, {slide.roles[i]}" for i in first[:MOST_TOLD]]
    if len(first) > MOST_TOLD:
        parts.append(f"{count(len(first) - MOST_TOLD, 'more token')}")
    return f"{slide.title}: {'; '.join(parts)}"


class _Page:
    """Where the places of a view are on the page."""

    def __init__(self, view: View) -> None:
        self.view, self.width, self.left = view, WIDTH, 2.0
        longest = max(view.extent)
        if view.axes == 1:
            self.scale, self.height = (WIDTH - 2 * PAD) / longest, FLAT
            return
        if view.axes == 3:
            self.scale, self.height = 0.56 * WIDTH / longest, 0.94 * WIDTH
            return
        self.scale = min((WIDTH - LEFT - PAD) / view.extent[0], LONGEST / view.extent[1])
        self.left = LEFT
        self.width = LEFT + self.scale * view.extent[0] + PAD
        self.height = self.scale * view.extent[1] + BELOW + PAD

    def at(self, place: Place) -> tuple[float, float]:
        """The point of the page, from the left and from the top."""
        low, high = self.view.low, self.view.high
        if self.view.axes == 1:
            return PAD + self.scale * (place[0] - low[0]), 68 - 62 * place[1]
        if self.view.axes == 2:
            x, y = place
            return LEFT + self.scale * (x - low[0]), PAD + self.scale * (high[1] - y)
        a, b, c = (x - (p + q) / 2 for x, p, q in zip(place, low, high, strict=True))
        # seen from the right, in front and above, without perspective
        x, depth = 0.81 * a + 0.58 * b, -0.58 * a + 0.81 * b
        return WIDTH / 2 + 14 + self.scale * x, 0.46 * WIDTH - self.scale * (
            0.92 * c + 0.39 * depth
        )

    def line(self, places: Iterable[Place]) -> str:
        """The path along `places`."""
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.at, places))

    def frame(self) -> list[str]:
        """The axes, with their numbers."""
        low, high = self.view.low, self.view.high
        titles = self.view.drawn.names
        if self.view.axes == 3:
            return self._corner(titles)
        parts = []
        left, right = self.at((low[0], 0.0))[0], self.at((high[0], 0.0))[0]
        bottom = self.height - BELOW
        for x, words in _ticks(low[0], high[0]):
            at = self.at((x, 0.0))[0]
            top = PAD if self.view.axes == 2 else bottom - 4
            parts.append(
                _path(f"M{at:.1f} {top:.1f}V{bottom:.1f}", GRID if self.view.axes == 2 else GREY, 1)
            )
            parts.append(_words(words, (at, bottom + 14), "middle"))
        parts.append(_path(f"M{left:.1f} {bottom:.1f}H{right:.1f}", GREY, 1))
        parts.append(_words(titles[0], ((left + right) / 2, bottom + 27), "middle"))
        if self.view.axes == 2:
            for y, words in _ticks(low[1], high[1]):
                at = self.at((low[0], y))[1]
                parts.append(_path(f"M{left:.1f} {at:.1f}H{right:.1f}", GRID, 1))
                parts.append(_words(words, (left - 4, at + 4), "end"))
            parts.append(_path(f"M{left:.1f} {PAD}V{bottom:.1f}", GREY, 1))
            x, y = 11.0, (PAD + bottom) / 2
            turned = f' transform="rotate(-90 {x:.0f} {y:.1f})"'
            parts.append(_words(titles[1], (x, y), "middle", turned))
        return parts

    def _corner(self, titles: Sequence[str]) -> list[str]:
        """Three edges of the cube that is seen, with their numbers: two below, one at the left."""
        low, high = self.view.low, self.view.high
        parts = []
        beside = ((-7, 12, "end"), (7, 12, "start"), (-7, 4, "end"))
        for s, (title, (right, down, anchor)) in enumerate(zip(titles, beside, strict=True)):
            corner = (high[0] if s == 1 else low[0], low[1], low[2])

            def along(t: float, s: int = s, corner: Place = corner) -> Place:
                return (*corner[:s], t, *corner[s + 1 :])

            parts.append(_path(self.line([corner, along(high[s])]), GREY, 1))
            for t, words in _ticks(low[s], high[s]):
                x, y = self.at(along(t))
                parts.append(_words(words, (x + right, y + down), anchor))
            x, y = self.at(along((low[s] + high[s]) / 2))
            turn = (22, -33, -90)[s]
            x, y = x + (-12, 22, -32)[s], y + (30, 28, 0)[s]
            turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"'
            parts.append(_words(title, (x, y), "middle", turned))
        return parts


def _ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round numbers between two, four to eight of them.

    >>> [words for _, words in _ticks(-1.2, 1.9)]
    ['−1', '0', '1']
    """
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= rough)
    first = -floor(-low / step)
    numbers = [k * step for k in range(first, floor(high / step) + 1)]
    return [(x, f"{x:.6g}".replace("-", "−")) for x in numbers]


def _path(path: str, stroke: str, width: float, more: str = 'fill="none"') -> str:
    return f'<path d="{path}" stroke="{stroke}" stroke-width="{width}" {more}/>'


def _words(words: str, at: Place, anchor: str, more: str = "", bold: str = "") -> str:
    x, y = at
    first = f'<tspan font-weight="700">{escape(bold)}</tspan>' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{BLACK}"{more}>'
        f"{first}{escape(words)}</text>"
    )


def _mark(shape: str, at: Place, face: str, edge: str) -> str:
    x, y = at
    return (
        f'<g transform="translate({x:.1f} {y:.1f})" fill="{face}" '
        f'stroke="{edge if shape != "cross" else face}" stroke-width="1.3">{SHAPES[shape]}</g>'
    )


def _hulls(page: _Page, scene: Scene) -> list[str]:
    return [
        *_hull(page, scene.hull, SKY, BLUE, 1.5, ""),
        *_hull(page, scene.polytope, "none", ORANGE, 2.5, ' stroke-dasharray="6 4"'),
    ]


def _hull(page: _Page, hull: Hull, face: str, edge: str, width: float, dashes: str) -> list[str]:
    if not hull.edges:
        return []
    paths = "".join(page.line(map(page.view.place, path)) for path in hull.edges)
    if page.view.axes == 1 and face != "none":
        return [_path(paths, SKY, 7, 'fill="none" stroke-opacity=".6"')]
    inside = f'fill="{face}" fill-opacity=".2"' if page.view.axes == 2 else 'fill="none"'
    return [_path(paths, edge, width, inside + dashes)]


def _arrows(page: _Page, scene: Scene) -> list[str]:
    """From each token to each other one that it attends to; over and under a line."""
    lines, heads = [], []
    for start, end in page.view.arrows(scene.ways)[:MOST_ARROWS]:
        (x, y), (u, v) = page.at(start), page.at(end)
        bent = page.view.axes == 1
        middle = (
            (x + u) / 2,
            (y + v) / 2 - (0.55 * (u - x) / page.width + 0.12 * (u > x) - 0.06) * 190 * bent,
        )
        length = hypot(u - middle[0], v - middle[1])
        e, f = (u - middle[0]) / length, (v - middle[1]) / length
        u, v = u - 6 * e, v - 6 * f
        lines.append(f"M{x:.1f} {y:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {u:.1f} {v:.1f}")
        a, b = u - 8 * e, v - 8 * f
        heads.append(
            f"M{u:.1f} {v:.1f}L{a - 3.2 * f:.1f} {b + 3.2 * e:.1f}"
            f"L{a + 3.2 * f:.1f} {b - 3.2 * e:.1f}Z"
        )
    if not lines:
        return []
    return [
        _path("".join(lines), GREY, 1.1),
        _path("".join(heads), GREY, 0.5, f'fill="{GREY}"'),
    ]


def _names(
    page: _Page, scene: Scene, placed: Sequence[tuple[Vector, Place]], names: Sequence[str]
) -> list[str]:
    """Names beside the marks, where there is room: of all tokens if they are few, else of leaders.

    Leaders' come first, in bold; none is written over another one.
    """
    roles, leads = scene.slide.roles, set(scene.marks[Role.LEADER])
    few = len(roles) <= MOST_NAMED
    shown = [(z, x) for z, x in placed if z in scene.at and (few or z in leads)]
    texts = [_parts([(names[i], roles[i] is Role.LEADER) for i in scene.at[z]]) for z, _ in shown]
    wanted = [
        Wanted(x[0], x[1], LETTER * len(bold + thin), LINE, 8)
        for (_, x), (bold, thin) in zip(shown, texts, strict=True)
    ]
    marks = [(x - 5, y - 5, x + 5, y + 5) for _, (x, y) in placed]
    ways = scene.view.arrows(scene.ways)[:MOST_ARROWS]
    lines = [(*page.at(x), *page.at(y)) for x, y in ways]
    bottom = page.height - (BELOW if scene.view.axes < 3 else 0)
    boxes = place(wanted, (page.left, 0, page.width - 2, bottom), marks, lines)
    parts = []
    for name, (bold, thin), box in zip(wanted, texts, boxes, strict=True):
        if box is None:
            continue
        near = lead(name, box)
        if hypot(near[0] - name.x, near[1] - name.y) > 12:
            parts.append(
                _path(f"M{near[0]:.1f} {near[1]:.1f}L{name.x:.1f} {name.y:.1f}", GREY, 0.6)
            )
        side = box[0] + box[2] - 2 * name.x
        anchor = "middle" if abs(side) < 1 else "start" if side > 0 else "end"
        x = name.x if abs(side) < 1 else box[0] if side > 0 else box[2]
        parts.append(_words(thin, (x, box[3] - 3), anchor, HALO, bold))
    return parts


def _parts(named: Sequence[tuple[str, bool]]) -> tuple[str, str]:
    """The names of leaders at one place, and those of the others there, cut where they are long."""
    first, rest = (
        ", ".join(dict.fromkeys(words for words, leads in named if leads is leading))
        for leading in (True, False)
    )
    bold = label(first, LONGEST_NAME)
    room = LONGEST_NAME - len(bold) - 2
    if not bold or not rest or room < 2:
        return bold, "" if bold else label(rest, LONGEST_NAME)
    return bold, ", " + label(rest, room)
