"""`hardmax map`: which start of one token goes where."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from flint import fmpq

from checks.campaigns.pool import ordered_map
from checks.cli import drawing, inputs, planes
from checks.cli.options import AsJson, Force, Jobs, MaxLayers, PlotTo
from checks.cli.progress import progress
from checks.cli.terminal import Interrupted, Status, notice, show, spare
from theory.basins import Basins, Problem, settle_grid
from theory.basins.encoding import as_dict
from theory.basins.engine import Part, Work, batched
from theory.basins.frames import steps
from theory.basins.plane import MOST_POINTS
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.exact import HardmaxError, text
from theory.files.sources import at, display_name
from theory.settling import MAX_LAYERS

FRAMES = 16
"""Maps of an animation, unless another number is asked for."""

SMALL = 2**18
"""Points that batches settle in about the time that a process takes to start."""


def map_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=f"One configuration: {inputs.KINDS}; - reads standard input.",
        ),
    ],
    free: Annotated[
        str,
        typer.Option(
            metavar="TOKEN",
            show_default=False,
            help="The token that is moved: its index in the input, or its label.",
        ),
    ],
    plane: Annotated[
        str | None,
        typer.Option(
            metavar="I,J",
            show_default=False,
            help="Move it in these two coordinates, from 0; one for a line. The first two, if "
            "neither this nor --along is given.",
        ),
    ] = None,
    along: Annotated[
        str | None,
        typer.Option(
            metavar='"P;Q"',
            show_default=False,
            help="Move it along these directions through its own start, such as 1,0,1;0,1,0; one "
            "for a line.",
        ),
    ] = None,
    box: Annotated[
        str | None,
        typer.Option(
            metavar="X0,X1[,Y0,Y1]",
            show_default=False,
            help="The box, in coordinates of the plane; around the tokens if omitted.",
        ),
    ] = None,
    resolution: Annotated[
        str | None,
        typer.Option(
            metavar="N|NxM",
            show_default=False,
            help="Points across and up, both ends of the box among them; 400x400 if omitted.",
        ),
    ] = None,
    animate: Annotated[
        str | None,
        typer.Option(
            metavar="alpha=A:B",
            show_default=False,
            help="A map for each of some steps α from A to B.",
        ),
    ] = None,
    frames: Annotated[
        int | None,
        typer.Option(metavar="K", min=2, show_default=False, help="How many: 16 if omitted."),
    ] = None,
    plot: PlotTo = None,
    alpha: inputs.Alpha = None,
    gamma: inputs.Gamma = None,
    matrix: inputs.Matrix = None,
    mask: inputs.Mask = None,
    ties: inputs.Ties = None,
    header: inputs.Header = None,
    columns: inputs.Columns = None,
    format: inputs.Format = None,
    max_layers: MaxLayers = MAX_LAYERS,
    jobs: Jobs = None,
    as_json: AsJson = False,
    force: Force = False,
) -> None:
    """Map the basins of one token's start: where it goes from each point of a grid, exactly.

    The token is moved over a plane, or a line, and all others stay where they are. Of each point of
    a rational grid it is proved to which leader the token goes, or between which, or that it leads
    itself; from which layer on the pattern stands; and which of the others lead. Nothing is proved
    of what lies between the points.
    """
    spare((file, matrix, mask), {"--plot": plot}, force)
    chosen = {
        "free": free, "plane": plane, "along": along, "box": box, "resolution": resolution,
        "animate": animate, "frames": frames, "alpha": alpha, "gamma": gamma, "matrix": matrix,
        "mask": mask, "ties": ties, "header": header, "columns": columns, "format": format,
        "max-layers": None if max_layers == MAX_LAYERS else max_layers, "plot": plot,
    }  # fmt: skip
    alphas = _alphas(animate, frames, alpha)
    if alphas:
        alpha = text(alphas[0])
    reading = inputs.Reading([file], alpha, matrix, header, columns, format, gamma, mask, ties)
    configuration, dynamics = _one(reading.read(file), file)
    token = planes.token(configuration, free)
    grid = planes.grid(configuration, token, plane, along, box, resolution)
    with at(display_name(file)):
        problem = Problem(configuration, token, grid, dynamics, max_layers)
    problems = [problem.stepping(step) for step in alphas] if alphas else [problem]
    total = grid.points * len(problems)
    if total > MOST_POINTS:
        raise HardmaxError(
            f"--animate {animate}: {len(problems)} maps of {grid.points} points are more than "
            f"{MOST_POINTS} points; fewer were wanted (--frames, --resolution)"
        )
    draw = None if plot is None else _drawing(plot, len(problems), file, chosen)
    maps = _settled(problems, jobs)
    if draw is not None:
        draw(maps)
    for basins in maps:
        if as_json:
            name = {"file": file, "name": configuration.name}
            typer.echo(json.dumps({**name, **as_dict(basins)}, separators=(",", ":")))
        else:
            from checks.cli.basins import summary  # it needs rich

            show(*summary(basins, file))
    undecided = sum(basins.undecided for basins in maps)
    if undecided:
        notice(
            f"{display_name(file)}: {undecided} of {total} points are undecided within "
            f"{max_layers} layers, or beyond what is known"
        )
        raise typer.Exit(Status.INCONCLUSIVE)


def _alphas(animate: str | None, frames: int | None, alpha: str | None) -> tuple[fmpq, ...]:
    """The steps of an animation; none if there is none."""
    if animate is None:
        if frames is not None:
            raise HardmaxError(f"--frames {frames}: it is for --animate")
        return ()
    if alpha is not None:
        raise HardmaxError("--alpha and --animate exclude each other")
    low, high = planes.animation(animate)
    with at(f"--animate {animate}"):
        return steps(low, high, FRAMES if frames is None else frames)


def _settled(problems: Sequence[Problem], jobs: int | None) -> list[Basins]:
    """A map of each problem; how far they are is told while they are made."""
    total = sum(problem.plane.points for problem in problems)
    if jobs is None:
        small = total <= SMALL and all(batched(problem) for problem in problems)
        jobs = 1 if small else os.cpu_count() or 1
    done = 0
    with progress("points", total) as step:

        def counted(function: Callable[[Work], Part], works: Iterable[Work]) -> Iterator[Part]:
            nonlocal done
            for part in ordered_map(function, works, jobs):
                done += len(part.ends)
                step(len(part.ends))
                yield part

        try:
            return [settle_grid(problem, counted) for problem in problems]
        except KeyboardInterrupt:
            raise Interrupted(f" after {done} of {total} points") from None


def _one(
    configurations: Sequence[tuple[Configuration, Dynamics]], file: str
) -> tuple[Configuration, Dynamics]:
    if len(configurations) != 1:
        raise HardmaxError(
            f"{display_name(file)}: one configuration was wanted, not {len(configurations)}"
        )
    return configurations[0]


def _drawing(
    plot: Path, frames: int, file: str, chosen: Mapping[str, object]
) -> Callable[[Sequence[Basins]], object]:
    """The function that draws to a file of this kind, or an error before anything is settled."""
    if drawing.page(plot):
        from checks import reports

        command = drawing.line("map", file, chosen)
        return lambda maps: reports.write_map(maps, plot, Path(file).name, command)
    if frames > 1:
        raise HardmaxError(
            f"--plot {plot}: a picture shows one map, and --animate makes several; a .html file "
            "shows them"
        )
    from theory.pictures.maps import draw_map

    return lambda maps: draw_map(maps[0], plot)
