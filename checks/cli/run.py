"""`hardmax run`: attention to the limit."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.cli import inputs
from checks.cli.options import AsJson, CertificateTo, Force, MaxLayers, PlotTo
from checks.cli.terminal import Interrupted, Status, complain, notice, show, spare
from checks.findings import Result, at_tokens, findings, shortfall, trajectory
from theory import Configuration, HardmaxError, Settled, settle
from theory.exact import text
from theory.files.sources import display_name
from theory.matrices import unfit
from theory.settling import MAX_LAYERS


@dataclass(frozen=True)
class Problem:
    """A configuration that was read: as given, as it is run, and how to call it in a notice."""

    file: str
    title: str
    given: Configuration
    configuration: Configuration
    places: tuple[int, ...]


def run(  # noqa: C901 - one branch an option
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=f"Configurations: {inputs.KINDS}; - reads standard input, as JSON or JSON Lines "
            "unless --format says otherwise.",
        ),
    ],
    as_json: AsJson = False,
    layers: Annotated[
        int | None,
        typer.Option(
            metavar="K", min=0, help="Add the trajectory: tokens and attention of layers 0 to K."
        ),
    ] = None,
    alpha: inputs.Alpha = None,
    matrix: inputs.Matrix = None,
    header: inputs.Header = None,
    columns: inputs.Columns = None,
    format: inputs.Format = None,
    keep_copies: Annotated[
        bool, typer.Option("--keep-copies", help="Do not merge repeated tokens.")
    ] = False,
    max_layers: MaxLayers = MAX_LAYERS,
    plot: PlotTo = None,
    certificate: CertificateTo = None,
    force: Force = False,
    numerics: Annotated[
        bool, typer.Option("--numerics", help="Add what a binary64 simulation says.")
    ] = False,
    beta: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER", help="Add softmax at this inverse temperature; implies --numerics."
        ),
    ] = None,
) -> None:
    """Take tokens through attention to the limit, exactly.

    Tells from which layer on the attention pattern never changes again, which tokens lead and
    since when, every token's limit with its kind and cluster, and how fast the slowest converges.
    """
    spare((*files, matrix), {"--plot": plot, "--certificate": certificate}, force)
    reading = inputs.Reading(files, alpha, matrix, header, columns, format)
    problems, bad = _read(reading, keep_copies)
    if bad and not problems:
        raise typer.Exit(Status.BAD_INPUT)
    draw = None if plot is None else _drawing(plot, problems)
    if certificate is not None:
        _certifiable(certificate, problems)
    inverse_temperature = None
    if beta is not None:
        from theory.numerics import softmax

        inverse_temperature = softmax.inverse_temperature(beta)
    page = plot is not None and plot.suffix.lower() == ".html"
    incomplete = False
    decide = partial(settle, keep_copies=True) if keep_copies else settle
    for done, problem in enumerate(problems):
        try:
            _tell_hypotheses(problem)
            result = decide(problem.configuration, max_layers)
            record = findings(result, problem.places, problem.given, problem.file)
            if layers is not None:
                record["trajectory"] = trajectory(result, problem.places, layers)
            if numerics or beta is not None:
                record["numerics"] = _numerics(result, problem.places, inverse_temperature)
            complete = record["limits"] is not None
            if draw is not None and (complete or page):
                draw(result)
            if certificate is not None and complete and isinstance(result, Settled):
                _write_certificate(certificate, result)
            if as_json:
                typer.echo(json.dumps(record, allow_nan=False))
            else:
                from checks.cli.tables import report  # it needs rich

                show(*report(problem.given, record))
            if not complete:
                incomplete = True
                unmade = [
                    f"; {file} is not written"
                    for file in (None if page else plot, certificate)
                    if file is not None
                ]
                notice(f"{problem.title}: {shortfall(result)}{''.join(unmade)}")
        except KeyboardInterrupt:
            raise Interrupted(f" after {done} of {len(problems)} configurations") from None
        except (HardmaxError, MemoryError) as error:
            if len(problems) == 1:
                raise
            complain(problem.title, error)
            bad = True
    if bad:
        raise typer.Exit(Status.BAD_INPUT)
    if incomplete:
        raise typer.Exit(Status.INCONCLUSIVE)


def _read(reading: inputs.Reading, keep_copies: bool) -> tuple[list[Problem], bool]:
    """Every configuration of every file, before anything is run; whether a file is bad."""
    problems, bad = [], False
    for file in reading.files:
        try:
            configurations = reading.read(file)
        except HardmaxError as error:
            notice(f"hardmax: {error}")
            bad = True
            continue
        except MemoryError as error:
            complain(display_name(file), error)
            bad = True
            continue
        for number, given in enumerate(configurations, start=1):
            title = display_name(file)
            if len(configurations) > 1:
                title = f"{title} ({number})"
            if keep_copies:
                problems.append(Problem(file, title, given, given, tuple(range(given.size))))
            else:
                problems.append(Problem(file, title, given, *given.merged()))
    return problems, bad


def _tell_hypotheses(problem: Problem) -> None:
    """Say on stderr what was merged, and which of the standing hypotheses fail."""
    given, configuration = problem.given, problem.configuration
    if configuration.size < given.size:
        notice(
            f"{problem.title}: {given.size} tokens stand at {configuration.size} places and are "
            "merged into them (--keep-copies leaves them apart)"
        )
    hypotheses = configuration.hypotheses
    failing = []
    if not hypotheses.nonzero:
        from checks.cli.tables import members

        zeros = [i for i, token in enumerate(given.tokens) if not any(token)]
        failing.append(f"zero tokens {members(zeros)}")
    if not hypotheses.distinct:
        failing.append("repeated tokens are kept apart")
    if not hypotheses.positive_definite:
        failing.append(unfit(configuration.A))
    if not hypotheses.positive_step:
        failing.append(f"alpha = {text(configuration.alpha)} is not positive")
    if failing:
        notice(f"{problem.title}: outside the theorem's hypotheses: {'; '.join(failing)}")


def _numerics(result: Result, places: Sequence[int], beta: Any) -> dict[str, Any] | None:
    """The float runs against the exact result; None where there is no exact result."""
    if not isinstance(result, Settled):
        return None
    from theory.numerics import simulation, softmax

    found = {"binary64": at_tokens(simulation.compare(result).as_dict(), places)}
    if beta is not None:
        found["softmax"] = at_tokens(softmax.compare(result, beta).as_dict(), places)
    return found


def _certifiable(certificate: Path, problems: Sequence[Problem]) -> None:
    """Raise unless there is one configuration, of a kind that certificates cover."""
    if len(problems) != 1:
        raise HardmaxError(
            f"--certificate {certificate}: one configuration was wanted, not {len(problems)}"
        )
    hypotheses = problems[0].configuration.hypotheses
    if not hypotheses.positive_step:
        raise HardmaxError(f"--certificate {certificate}: certificates want alpha > 0")
    if not hypotheses.distinct:
        raise HardmaxError(f"--certificate {certificate}: certificates want repeated tokens merged")


def _write_certificate(file: Path, settled: Settled) -> None:
    from theory import certificates
    from theory.files import outputs

    words = json.dumps(certificates.certificate(settled), separators=(",", ":"))
    outputs.write(file, words + "\n")


def _drawing(plot: Path, problems: Sequence[Problem]) -> Callable[[Result], object]:
    """The function that draws to a file of this kind, or an error before anything is run."""
    suffix = plot.suffix.lower()
    if suffix not in (".svg", ".png", ".html"):
        raise HardmaxError(f"--plot {plot}: a .svg, .png or .html file was wanted")
    if len(problems) != 1:
        raise HardmaxError(f"--plot {plot}: one configuration was wanted, not {len(problems)}")
    (problem,) = problems
    if suffix == ".html":
        from checks import reports  # with Hypothesis and all claims

        try:
            reports.require()
        except HardmaxError as error:
            raise HardmaxError(f"--plot {plot}: {error}") from None
        title = Path(problem.title).name
        return lambda result: reports.write_run(result, problem.given, plot, title)
    try:
        import_module("matplotlib")
        from theory.pictures.figures import draw_configuration
    except ImportError as error:
        raise HardmaxError(
            f"--plot {plot}: {error.name} is missing: pip install 'hardmax-theory[report]'"
        ) from None
    return lambda result: isinstance(result, Settled) and draw_configuration(result, plot)
