"""An explanation as a picture in the plane: tokens, limits, leaders, and the decoder's line.

The picture is `theory.pictures.figures.draw_configuration`, with the line ⟨v, x⟩ + b = 0 on which
the logit is 0 and the mean of the limits: the review is positive iff the mean is on the line's
positive side.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sentiment.explanation import Explanation
from theory import HardmaxError
from theory.pictures.axes import BLACK, PURPLE
from theory.pictures.figures import draw_configuration, save
from theory.readable import nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(explanation: Explanation, path: str | Path | None = None) -> "Figure":
    """The picture of an explanation, saved to `path` (.svg or .png) if given.

    Raises `HardmaxError` unless the model has dimension 2 and the text a known word, for another
    suffix, and without matplotlib.
    """
    resolved = explanation.resolved
    if resolved is None:
        raise HardmaxError("the text has no known word: there is nothing to draw")
    if len(resolved.weights) != 2:
        raise HardmaxError(f"dimension {len(resolved.weights)}: the picture wants dimension 2")
    if path is not None and Path(path).suffix.lower() not in {".svg", ".png"}:
        raise HardmaxError(f"{str(path)!r}: a file name ending in .svg or .png was wanted")
    figure = draw_configuration(resolved.settled)
    axes = figure.axes[0]
    leading = {leader.word for leader in explanation.leaders}
    for label in list(axes.texts):  # the words of a review lie close: only the leaders' are kept
        if leading.isdisjoint(label.get_text().split(", ")):
            label.remove()
    first, second = map(nearest, resolved.weights)
    bias = nearest(resolved.bias)
    length = first * first + second * second
    if length:
        foot = (-bias * first / length, -bias * second / length)
        ahead = (foot[0] - second, foot[1] + first)
        axes.axline(foot, ahead, color=PURPLE, linewidth=1.2, linestyle="-.", zorder=4)
    means = [
        sum(nearest(p) * nearest(s[k]) for p, s in
            zip(resolved.portions, resolved.equilibrium.limits, strict=True))
        for k in (0, 1)
    ]  # fmt: skip
    axes.plot(*means, marker="s", markersize=6, color=PURPLE, markeredgecolor=BLACK, zorder=9)
    side = ">" if explanation.logit > 0 else "≤"
    axes.set_title(
        f"square: mean of the limits, logit {nearest(explanation.logit):.3f} {side} 0; "
        "dash-dotted: logit 0",
        fontsize=6.5,
    )
    if path is not None:
        save(figure, path)
    return figure
