"""`hardmax sweep`: one number as a dial, and where attention changes."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from flint import fmpq

from checks.cli import drawing, inputs
from checks.cli.options import AsJson, Force, MaxLayers, PlotTo
from checks.cli.progress import progress
from checks.cli.terminal import Interrupted, Status, complain, notice, show, spare
from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.exact import HardmaxError, shorten
from theory.files.sources import at, display_name
from theory.steps import Constant
from theory.sweeps import Family, Sweep, pulls, steps, sweep, varied
from theory.sweeps.checking import held
from theory.sweeps.encoding import as_dict
from theory.sweeps.families import ends
from theory.sweeps.walk import EFFORT, MAX_LAYERS, MAX_PIECES

RANGE = "1/100:10"
"""The steps that are swept unless others are asked for."""


def sweep_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=f"Configurations: {inputs.KINDS}; - reads standard input.",
        ),
    ],
    alpha: Annotated[
        str | None,
        typer.Option(
            metavar="LO:HI",
            show_default=False,
            help=f"Sweep the step α from LO to HI, {RANGE} if nothing else is asked for; with "
            "--vary a number, which is the step.",
        ),
    ] = None,
    gamma: Annotated[
        str | None,
        typer.Option(
            metavar="LO:HI",
            show_default=False,
            help="Sweep the pull γ = α/(1+α), from 0 or more to at most 1, which is α = ∞. The "
            "step that a file states is not looked at, here and with --alpha.",
        ),
    ] = None,
    vary: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT=LO:HI",
            show_default=False,
            help='Sweep one number: "A[0][1]=-1:1", an entry of the matrix and its mirror image; '
            '"token 2[0]=-1:1", a coordinate; "token 2+(1,-1)=0:1", a token along a direction. '
            "Tokens go by index or label.",
        ),
    ] = None,
    matrix: inputs.Matrix = None,
    header: inputs.Header = None,
    columns: inputs.Columns = None,
    format: inputs.Format = None,
    max_layers: MaxLayers = MAX_LAYERS,
    max_pieces: Annotated[
        int, typer.Option(metavar="N", min=1, help="The budget of breaks and intervals.")
    ] = MAX_PIECES,
    effort: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, help="The budget of work: millions of bits of coefficients."
        ),
    ] = EFFORT,
    check: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Hold so many rational numbers of each interval, near its ends first, and every "
            "rational break against `settle`.",
        ),
    ] = 3,
    plot: PlotTo = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Sweep one number, and find where attention changes: exactly, with what holds between.

    The range is cut into maximal intervals on which every layer has one attention pattern, and the
    breaks between them, each with its minimal polynomial. Of all of these it is proved which tokens
    lead, from which layer on the pattern stands, and where every token tends to, as a rational
    function. Near α = 0 intervals accumulate; what is beyond the budgets is told as undecided.
    """
    spare((file, matrix), {"--plot": plot}, force)
    family, step = _asked(alpha, gamma, vary)
    reading = inputs.Reading([file], step, matrix, header, columns, format)
    problems = reading.read(file)
    families = []
    for number, (configuration, dynamics) in enumerate(problems, start=1):
        title = display_name(file) + (f" ({number})" if len(problems) > 1 else "")
        with at(title):
            families.append((title, family(_hardmax(configuration, dynamics))))
    chosen = {
        "alpha": alpha, "gamma": gamma, "vary": vary, "matrix": matrix, "header": header,
        "columns": columns, "format": format,
        "max-layers": None if max_layers == MAX_LAYERS else max_layers,
        "max-pieces": None if max_pieces == MAX_PIECES else max_pieces,
        "effort": None if effort == EFFORT else effort, "plot": plot,
    }  # fmt: skip
    draw = None if plot is None else _drawing(plot, len(families), file, chosen)
    undecided = disagrees = False
    for title, one in families:
        found = _swept(one, max_layers, max_pieces, effort)
        points, wrong = 0, 0
        for x, difference in held(found, check):
            points += 1
            if difference is not None:
                wrong += 1
                complain(
                    title,
                    HardmaxError(f"{found.parameter} = {x}: settle knows otherwise: {difference}"),
                )
        disagrees = disagrees or bool(wrong)
        if draw is not None:
            draw(found)
        if as_json:
            record = {"file": file, **as_dict(found), "checked": points, "disagree": wrong}
            typer.echo(json.dumps(record))
        else:
            from checks.cli.swept import report  # it needs rich

            show(*report(found, title, points, wrong))
        if not found.decided:
            undecided = True
            count = sum(not piece.decided for piece in found.pieces)
            notice(f"{title}: {count} of {len(found.pieces)} pieces are undecided")
    if disagrees:
        raise typer.Exit(Status.REFUTED)
    if undecided:
        raise typer.Exit(Status.INCONCLUSIVE)


def _asked(
    alpha: str | None, gamma: str | None, vary: str | None
) -> tuple[Callable[[Configuration], Family], str | None]:
    """What is swept, and the step that files are read with."""
    if gamma is not None and (alpha is not None or vary is not None):
        raise HardmaxError("--gamma: it stands alone: no --alpha or --vary beside it")
    if vary is not None:
        what, equals, words = vary.rpartition("=")
        if not equals:
            raise HardmaxError(f"--vary {shorten(vary)}: WHAT=LO:HI was wanted")
        low, high = _range(f"--vary {shorten(vary)}", what, words)
        if alpha is not None and ":" in alpha:
            raise HardmaxError(f"--alpha {shorten(alpha)}: one number was wanted beside --vary")

        def family(c: Configuration) -> Family:
            with at(f"--vary {shorten(vary)}"):
                return varied(c, what, low, high)

        return family, alpha
    if gamma is not None:
        low, high = _range(f"--gamma {shorten(gamma)}", "gamma", gamma)
        return lambda c: pulls(c, low, high), "1"
    words = RANGE if alpha is None else alpha
    low, high = _range(f"--alpha {shorten(words)}", "alpha", words)
    return lambda c: steps(c, low, high), "1"


def _range(place: str, parameter: str, words: str) -> tuple[fmpq, fmpq]:
    low, colon, high = words.partition(":")
    with at(place):
        if not colon or ":" in high:
            raise HardmaxError("a range such as 1/100:10 was wanted")
        return ends(parameter, low.strip(), high.strip())


def _hardmax(configuration: Configuration, dynamics: Dynamics) -> Configuration:
    """The configuration, if its layers are hardmax attention with one step."""
    if dynamics == HARDMAX:
        return configuration
    if dynamics == Dynamics(step=dynamics.step) and isinstance(dynamics.step, Constant):
        gamma = dynamics.step.gamma
        if gamma != 1:
            return configuration.altered(alpha=gamma / (1 - gamma))
    raise HardmaxError(f"{dynamics.words} A sweep is of hardmax attention with one step")


def _drawing(
    plot: Path, count: int, file: str, chosen: Mapping[str, object]
) -> Callable[[Sweep], object]:
    """The function that draws to a file of this kind, or an error before anything is swept."""
    if count != 1:
        raise HardmaxError(f"--plot {plot}: one configuration was wanted, not {count}")
    if drawing.page(plot):
        from checks import reports

        command = drawing.line("sweep", file, chosen)
        return lambda found: reports.write_sweep(found, plot, Path(file).name, command)
    from theory.pictures.sweeps import draw_sweep

    return lambda found: draw_sweep(found, plot)


def _swept(family: Family, max_layers: int, max_pieces: int, effort: int) -> Sweep:
    with _counted(max_layers) as told:
        try:
            return sweep(family, max_layers, max_pieces, effort, told)
        except KeyboardInterrupt:
            raise Interrupted("; nothing is told of a sweep that was not finished") from None


@contextmanager
def _counted(max_layers: int) -> Iterator[Callable[[int, int, int], None]]:
    """A bar of the layers."""
    reached = 0
    with progress("layers", max_layers) as step:

        def told(layer: int, waiting: int, done: int) -> None:
            nonlocal reached
            if layer > reached:
                step(layer - reached)
                reached = layer

        yield told
