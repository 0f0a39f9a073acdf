"""What a notebook shows of a value: a heading, a short table, and an image beside it.

    page        the HTML of a configuration, of what `settle` decided, or of an equilibrium.

It needs no library and no script. Whatever labels and names say is text; of many tokens the first
are told and the others counted, and where there are too many to be drawn there is no image.
"""

from collections.abc import Callable, Sequence
from html import escape

from theory.configuration import Configuration
from theory.equilibrium import Equilibrium
from theory.exact import HardmaxError, text
from theory.matrices import Vector
from theory.names import Names
from theory.pictures.scene import Role, Scene, Slide, journey
from theory.pictures.still import still
from theory.pictures.view import View
from theory.readable import cell, count, members
from theory.settling import Cycling, Settled, Undecided, equilibrium_of
from theory.showing import heading

MOST_ROWS = 10
"""Tokens of the table."""

MOST_PHASES = 4
"""Layers of a limit cycle in the table, after how many layers each."""

MOST_DRAWN = 200
"""Tokens of the image."""

LEFT = ' style="text-align:left"'
"""Notebooks have cells flush right."""

Value = Configuration | Settled | Cycling | Undecided | Equilibrium
Column = tuple[str, Callable[[int], str]]
"""A column's name, and the text of its cell for each token."""


def page(value: Value) -> str:
    """The value as HTML.

    >>> from theory import settle
    >>> shown = page(Configuration([[2, 0], [1, 1]], alpha=1, labels=["<b>", "film"]))
    >>> "&lt;b&gt;" in shown, "<svg" in shown, "<b>" in shown.partition("</b>")[2]
    (True, True, False)
    >>> "settled at layer 1" in page(settle(Configuration([[2, 0], [1, 1]], alpha=1)))
    True
    """
    if isinstance(value, Configuration):
        return _page(value, heading(value), [], _start(value))
    if isinstance(value, Equilibrium):
        lines = str(value).splitlines()
        return _page(value.configuration, lines[0], _limits(value), _end(value))
    configuration = value.configuration
    title = str(value).splitlines()[:2]
    columns, image = _decided(value)
    return _page(configuration, "\n".join(title), columns, image or _start(configuration))


def _decided(value: Settled | Cycling | Undecided) -> tuple[list[Column], str]:
    """The columns beside the starts, and the image of a decision that has one of its own."""
    if isinstance(value, Undecided):
        return [], ""
    columns: list[Column] = []
    if isinstance(value, Settled):
        columns.append(("attends to", lambda i: members(value.pattern[i], MOST_ROWS)))
        if (truth := equilibrium_of(value)) is not None:
            image = _image(value.configuration, lambda: journey(value))
            return [*_limits(truth), *columns], image
    try:
        cycle = value.limit_cycle[:MOST_PHASES]
    except HardmaxError:
        return columns, ""
    return [*((f"+{r}", _places(points)) for r, points in enumerate(cycle)), *columns], ""


def _limits(truth: Equilibrium) -> list[Column]:
    kinds = [kind or "none" for kind in truth.kinds]
    return [("limit", _places(truth.limits)), ("kind", kinds.__getitem__)]


def _places(points: Sequence[Vector]) -> Callable[[int], str]:
    return lambda i: cell([text(x) for x in points[i]])


def _page(configuration: Configuration, title: str, columns: Sequence[Column], image: str) -> str:
    names = Names.of(configuration)
    rows = range(min(configuration.size, MOST_ROWS))
    starts = configuration.some_tokens(rows)
    every: list[Column] = [("token", names.name), ("start", _places(starts)), *columns]
    head = "".join(f"<th{LEFT}>{escape(name)}</th>" for name, _ in every)
    lines = ("".join(f"<td{LEFT}>{escape(words(i))}</td>" for _, words in every) for i in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    more = configuration.size - len(rows)
    rest = f"<div>… {count(more, 'more token')}</div>" if more else ""
    first, *others = escape(title).split("\n")
    told = "".join([f"<b>{first}</b>", *(f"<br>{line}" for line in others)])
    return (
        '<div style="display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start">'
        f"<div><div>{told}</div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"{rest}</div>{image}</div>"
    )


def _start(configuration: Configuration) -> str:
    """The tokens where they start."""

    def scene() -> Scene:
        tokens = configuration.tokens
        slide = Slide("layer 0", tokens, ((),) * len(tokens), (Role.START,) * len(tokens))
        return Scene(View.of(tokens), slide)

    return _image(configuration, scene)


def _end(truth: Equilibrium) -> str:
    """The limits, and the polytope of the leaders."""

    def scene() -> Scene:
        slide = Slide.of_limit(truth, ((),) * len(truth.limits))
        return Scene(View.of(truth.limits), slide, truth.polytope)

    return _image(truth.configuration, scene)


def _image(configuration: Configuration, scene: Callable[[], Scene]) -> str:
    """The image on a ground of its own, since a notebook may be dark."""
    if configuration.size > MOST_DRAWN:
        return ""
    names = Names.of(configuration)
    drawn = still(scene(), [names.name(i) for i in range(configuration.size)])
    return f'<div style="background:#fff;color:#000">{drawn}</div>'
