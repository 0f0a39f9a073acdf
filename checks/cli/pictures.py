"""Pictures of `hardmax run`: the options that say how one is drawn, and the drawing.

    Asked      what the options ask for, checked before anything is run;
    drawing    the function that draws a decision to the file.

Every option that makes no sense, alone or beside another, is refused in one line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from flint import fmpq

from checks.cli.terminal import notice
from checks.findings import Result
from theory.configuration import Configuration
from theory.dynamics import Dynamics
from theory.exact import HardmaxError, text
from theory.files.sources import InputError, display_name
from theory.readable import count
from theory.scores import OWN_MATRIX
from theory.settling import Settled

KINDS = (".svg", ".png", ".html")

MOST_AXES = 3

Project = Annotated[
    str | None,
    typer.Option(
        metavar="pca|I,J|FILE",
        help="What --plot draws: the principal axes of the starts, these coordinates (from 0), or "
        "z ↦ zP for the d×2 or d×3 matrix P of a file (.json, or a table or array).",
    ),
]
Geometry = Annotated[
    Literal["plain", "A"] | None,
    typer.Option(
        help="Whose lengths and right angles --plot draws: those of the coordinates, or those of "
        "A's own inner product.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """A picture that was asked for: the file, what of the tokens, and softmax beside them."""

    plot: Path | None
    project: str | None = None
    geometry: str | None = None
    beta: fmpq | None = None

    def __post_init__(self) -> None:
        if self.plot is None:
            for option, value in (("--project", self.project), ("--geometry", self.geometry)):
                if value is not None:
                    raise HardmaxError(f"{option} {value}: it is for a picture: --plot FILE")
        elif self.kind not in KINDS:
            raise HardmaxError(f"--plot {self.plot}: a .svg, .png or .html file was wanted")

    @property
    def kind(self) -> str:
        """The suffix of the file."""
        return "" if self.plot is None else self.plot.suffix.lower()

    @property
    def reads(self) -> str | None:
        """The file of a matrix, if one is read."""
        named = self.project is not None and self.project != "pca"
        return self.project if named and not _coordinates(self.project or "") else None


def drawing(
    asked: Asked, given: Configuration, run: Configuration, dynamics: Dynamics, title: str
) -> Callable[[Result], object] | None:
    """The function that draws a decision about `run`, or an error before anything is run.

    given : the configuration as it was read, before copies were merged.
    """
    plot = asked.plot
    if plot is None:
        return None
    if dynamics.ends is not None:
        raise HardmaxError(f"--plot {plot}: pictures are of runs that do not end")
    html, options = asked.kind == ".html", _options(asked, run, dynamics)
    try:
        if html:
            from checks import reports  # with Hypothesis and all claims

            reports.require()
        else:
            import_module("matplotlib")
            from theory.pictures.figures import draw_configuration
    except HardmaxError as error:
        raise HardmaxError(f"--plot {plot}: {error}") from None
    except ImportError as error:
        raise HardmaxError(
            f"--plot {plot}: {error.name} is missing: pip install 'hardmax-theory[report]'"
        ) from None
    if html:
        options |= {} if asked.beta is None else {"beta": asked.beta}
        name = Path(title).name
        return lambda result: reports.write_run(result, given, plot, name, **options)
    if given.size != run.size:
        options["given"] = given
    if (beta := asked.beta) is None:
        return lambda result: (
            isinstance(result, Settled) and draw_configuration(result, plot, **options)
        )

    def draw(result: Result) -> object:
        from theory.numerics import softmax
        from theory.pictures.figures import draw_beside, layers_to_compare

        if not isinstance(result, Settled):
            return None
        layers = layers_to_compare(result)
        runs = {f"softmax, β = {text(beta)}": softmax.tokens(result.configuration, beta, layers)}
        return draw_beside(result, runs, plot, layers, **options)

    return draw


def _options(asked: Asked, run: Configuration, dynamics: Dynamics) -> dict[str, Any]:
    """What of the tokens is drawn, if it is asked for."""
    if asked.project is None and asked.geometry in (None, "plain"):
        return {}
    from theory.pictures.projections import Lens, orthonormal

    metric = None
    if asked.geometry == "A":
        if dynamics.scores != OWN_MATRIX:
            raise HardmaxError(f"--geometry A: the layers have no one matrix A. {dynamics.words}")
        metric = run.A
    try:
        lens = Lens(None, asked.project == "pca", metric)
    except HardmaxError as error:
        raise HardmaxError(f"--geometry A: {error}") from None
    if asked.project is None or lens.principal:
        return {"lens": lens}
    try:
        projection = _projection(asked.project, run.dimension)
        if metric is not None:
            orthonormal(projection.rows, metric)
    except InputError as error:  # it names the file
        raise HardmaxError(f"--project {error}") from None
    except HardmaxError as error:
        raise HardmaxError(f"--project {asked.project}: {error}") from None
    return {"lens": Lens(projection, False, metric)}


def _coordinates(words: str) -> bool:
    return re.fullmatch(r"\s*\d{1,9}\s*(,\s*\d{1,9}\s*)*", words, re.ASCII) is not None


def _projection(words: str, dimension: int) -> Any:
    from theory.pictures.projections import Projection

    if _coordinates(words):
        chosen = [int(x) for x in words.split(",")]
        if len(chosen) > MOST_AXES:
            raise HardmaxError(f"{len(chosen)} coordinates; one to three are drawn")
        if len(set(chosen)) < len(chosen):
            raise HardmaxError("a coordinate twice")
        if max(chosen) >= dimension:
            last = dimension - 1
            raise HardmaxError(f"tokens have the coordinates 0 to {last}, and no {max(chosen)}")
        return Projection.onto(dimension, chosen)
    if not words.strip():
        raise HardmaxError("pca, coordinates such as 0,1, or a file of a matrix was wanted")
    from theory.entries import exact_rows
    from theory.files.configurations import read_matrix

    rows = exact_rows("P", read_matrix(words, notice))
    if len(rows) != dimension or {len(row) for row in rows} not in ({2}, {3}):
        widths = " and ".join(map(str, sorted({len(row) for row in rows})))
        found = f"{count(len(rows), 'row')} of {widths}"
        raise HardmaxError(f"{found}; {dimension} rows of 2 or of 3 numbers were wanted")
    return Projection.by(rows, display_name(Path(words).name))
