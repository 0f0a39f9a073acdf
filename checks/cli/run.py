"""`hardmax run`: attention to the limit."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from checks.cli import inputs
from checks.cli.options import AsJson, CertificateTo, Force, MaxLayers, PlotTo
from checks.cli.pictures import Asked, Geometry, Project, drawing
from checks.cli.terminal import Interrupted, Status, complain, notice, show, spare
from checks.findings import Result, at_tokens, findings, shortfall, trajectory
from theory import HARDMAX, Configuration, Cycling, Dynamics, HardmaxError, Settled, settle
from theory.exact import text
from theory.files.sources import at, display_name
from theory.matrices import is_positive_definite, unfit
from theory.places import merge
from theory.scores import OWN_MATRIX
from theory.settling import MAX_LAYERS
from theory.steps import PARTWAY


@dataclass(frozen=True)
class Problem:
    """A configuration that was read: as given, as it is run, and how to call it in a notice."""

    file: str
    title: str
    given: Configuration
    dynamics: Dynamics
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
            metavar="K",
            min=0,
            help="Add the trajectory: tokens and attention of layers 0 to K, or to the end of "
            "a run that ends, where nothing attends any more.",
        ),
    ] = None,
    alpha: inputs.Alpha = None,
    gamma: inputs.Gamma = None,
    matrix: inputs.Matrix = None,
    mask: inputs.Mask = None,
    ties: inputs.Ties = None,
    header: inputs.Header = None,
    columns: inputs.Columns = None,
    format: inputs.Format = None,
    keep_copies: Annotated[
        bool, typer.Option("--keep-copies", help="Do not merge repeated tokens.")
    ] = False,
    max_layers: MaxLayers = MAX_LAYERS,
    plot: PlotTo = None,
    project: Project = None,
    geometry: Geometry = None,
    certificate: CertificateTo = None,
    force: Force = False,
    numerics: Annotated[
        bool, typer.Option("--numerics", help="Add what a binary64 simulation says.")
    ] = False,
    beta: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER",
            help="Add softmax at this inverse temperature, to --plot too, layer for layer; implies "
            "--numerics.",
        ),
    ] = None,
) -> None:
    """Take tokens through attention to the limit, exactly.

    Tells from which layer on the attention pattern never changes again, which tokens lead and
    since when, every token's limit with its kind and cluster, and how fast the slowest converges.
    """
    inverse_temperature = None
    if beta is not None:
        from theory.numerics import softmax

        inverse_temperature = softmax.inverse_temperature(beta)
    asked = Asked(plot, project, geometry, inverse_temperature)
    spare(
        (*files, matrix, mask, asked.reads), {"--plot": plot, "--certificate": certificate}, force
    )
    reading = inputs.Reading(files, alpha, matrix, header, columns, format, gamma, mask, ties)
    problems, bad = _read(reading, keep_copies)
    if bad and not problems:
        raise typer.Exit(Status.BAD_INPUT)
    draw = _drawing(asked, problems)
    if certificate is not None:
        _certifiable(certificate, problems)
    page = plot is not None and plot.suffix.lower() == ".html"
    incomplete = False
    for done, problem in enumerate(problems):
        try:
            _tell_hypotheses(problem)
            result = settle(
                problem.configuration,
                max_layers,
                keep_copies=keep_copies,
                dynamics=problem.dynamics,
            )
            record = findings(result, problem.places, problem.given, problem.file)
            if layers is not None:
                with at(problem.title):
                    record["trajectory"] = trajectory(result, problem.places, layers)
                last = problem.dynamics.ends
                if last is not None and layers > last:
                    notice(f"{problem.title}: the run ends at layer {last}, before {layers}")
            if numerics or beta is not None:
                record["numerics"] = _numerics(result, problem.places, inverse_temperature)
            whole, ended = record["kinds"] is not None, "final" in record
            certified = whole or record.get("limit_cycle") is not None
            complete = certified or "products" in record
            if draw is not None and (whole or page):
                draw(result)
            if certificate is not None and certified and isinstance(result, Settled | Cycling):
                with at(f"--certificate {certificate}"):
                    _write_certificate(certificate, result)
            if as_json:
                typer.echo(json.dumps(record, allow_nan=False))
            else:
                from checks.cli.tables import report  # it needs rich

                show(*report(problem.given, record, problem.dynamics))
            unmade = [
                f"; {file} is not written"
                for file, made in ((None if page else plot, whole), (certificate, certified))
                if file is not None and not made
            ]
            if unmade or not complete:
                incomplete = incomplete or not ended
                if unmade or not ended:
                    told = "the tokens tend to a cycle and to no limits"
                    if isinstance(result, Cycling):
                        told = "attention never settles"
                    words = shortfall(result) or told
                    notice(f"{problem.title}: {words}{''.join(unmade)}")
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
        for number, (given, dynamics) in enumerate(configurations, start=1):
            title = display_name(file)
            if len(configurations) > 1:
                title = f"{title} ({number})"
            parts = (given, tuple(range(given.size))) if keep_copies else merge(given, dynamics)
            problems.append(Problem(file, title, given, dynamics, *parts))
    return problems, bad


def _tell_hypotheses(problem: Problem) -> None:
    """Say on stderr what was merged, and which of the standing hypotheses fail."""
    given, configuration = problem.given, problem.configuration
    if configuration.size < given.size:
        notice(
            f"{problem.title}: {given.size} tokens stand at {configuration.size} places and are "
            "merged into them (--keep-copies leaves them apart)"
        )
    hypotheses = problem.dynamics.hypotheses(configuration)
    failing = []
    if not hypotheses.nonzero:
        from checks.cli.tables import members

        zeros = [i for i, token in enumerate(given.tokens) if not any(token)]
        failing.append(f"zero tokens {members(zeros)}")
    if not hypotheses.distinct:
        failing.append("repeated tokens are kept apart")
    if not hypotheses.positive_definite:
        failing.append(_unfit(problem))
    if not hypotheses.positive_step:
        failing.append(
            f"alpha = {text(configuration.alpha)} is not positive"
            if problem.dynamics.step == PARTWAY
            else "not every step is a number γ with 0 < γ ≤ 1"
        )
    if problem.dynamics != HARDMAX:
        notice(f"{problem.title}: not the theorem's layers. {problem.dynamics.words}")
    if failing:
        notice(f"{problem.title}: outside the theorem's hypotheses: {'; '.join(failing)}")


def _unfit(problem: Problem) -> str:
    """What is wrong with the first matrix that is not symmetric positive definite."""
    scores, c = problem.dynamics.scores, problem.configuration
    if scores == OWN_MATRIX:
        return unfit(c.A)
    layers = range(scores.period or scores.ends or 1)
    k = next(k for k in layers if not is_positive_definite(scores.matrix(c, k)))
    return f"at layer {k} {unfit(scores.matrix(c, k))}"


def _numerics(result: Result, places: Sequence[int], beta: Any) -> dict[str, Any] | None:
    """The float runs against the exact result; None where there is no exact result."""
    from theory.numerics import simulation, softmax

    simulation.check_known(result.trajectory.dynamics)
    if not isinstance(result, Settled):
        return None
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
    (problem,) = problems
    if problem.dynamics.ends is not None:
        raise HardmaxError(f"--certificate {certificate}: certificates are of runs that do not end")
    hypotheses = problem.configuration.hypotheses
    if problem.dynamics != HARDMAX:
        return
    if not hypotheses.positive_step:
        raise HardmaxError(f"--certificate {certificate}: certificates want alpha > 0")
    if not hypotheses.distinct:
        raise HardmaxError(f"--certificate {certificate}: certificates want repeated tokens merged")


def _drawing(asked: Asked, problems: Sequence[Problem]) -> Callable[[Result], object] | None:
    """The function that draws the one configuration, or an error before anything is run."""
    if asked.plot is not None and len(problems) != 1:
        raise HardmaxError(
            f"--plot {asked.plot}: one configuration was wanted, not {len(problems)}"
        )
    problem = problems[0]
    return drawing(asked, problem.given, problem.configuration, problem.dynamics, problem.title)


def _write_certificate(file: Path, settled: Settled | Cycling) -> None:
    from theory import certificates
    from theory.files import outputs

    words = json.dumps(certificates.certificate(settled), separators=(",", ":"))
    outputs.write(file, words + "\n")
