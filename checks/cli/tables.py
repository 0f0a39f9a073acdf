"""`hardmax run` for people: the findings of one configuration as text and tables.

Everything is made of the object that ``--json`` prints, so that both say the same. Long exact
numbers are rounded, marked by ≈; only ``--json`` has all of their digits.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from checks.cli.screen import table
from checks.cli.words import printable
from theory import HARDMAX, Configuration, Dynamics, readable
from theory.exact import rational, text
from theory.files.sources import display_name
from theory.readable import cell, number, power
from theory.schedules.forms import in_turns
from theory.schedules.kept import Decay
from theory.showing import stated

MAX_ROWS = 40
"""Tokens shown; the others are counted."""

members = partial(readable.members, most=8)
"""A set of tokens in a cell."""

count = partial(readable.count, thousands="")
"""A number of things in a cell."""

MAX_PHASES = 6
"""Layers of a limit cycle that are shown."""

NUMBERED = ("token", "layer", "cluster")
"""Columns that are flush right."""

ROUNDED = "≈ marks rounded numbers and … what is left out; --json has everything."


def report(
    configuration: Configuration, record: Mapping[str, Any], dynamics: Dynamics = HARDMAX
) -> list[RenderableType]:
    """The findings about one configuration, from their JSON object."""
    parts: list[RenderableType] = [
        _heading(configuration, record, dynamics),
        _tokens(configuration, record),
    ]
    if "trajectory" in record:
        parts.append(_layers(record["trajectory"]))
    if record.get("numerics") is not None:
        parts += _numerics(record["numerics"])
    return parts


def _heading(configuration: Configuration, record: Mapping[str, Any], dynamics: Dynamics) -> Text:
    title = display_name(record["file"])
    if configuration.name is not None:
        title = f"{printable(configuration.name)} ({title})"
    given = stated(configuration, dynamics)
    return Text.assemble((title, "bold"), "\n", given, "\n", _outcome(record))


def _outcome(record: Mapping[str, Any]) -> str:
    layer = record["settled_layer"]
    if "final" in record:
        return f"the run ends at layer {record['final']['layer']}"
    cycle = f"the tokens tend to a cycle of {count(record.get('period', 1), 'layer')}"
    if "returns_from" in record:
        words = f"attention returns every {record['period']} layers from layer "
        words += f"{record['returns_from']} on, and never settles"
        if record["limits"] is not None:
            return f"{words}; the tokens have limits"
        return words if record["limit_cycle"] is None else f"{words}; {cycle}"
    if layer is None:
        return "undecided: nothing is certified"
    if "limit_cycle" in record:
        return f"settled at layer {layer}; {cycle}"
    if "products" in record:
        return f"settled at layer {layer}; limits are infinite products{_decay(record)}"
    if record["limits"] is None:
        return f"settled at layer {layer}; the tokens have no limits"
    leaders, clusters = len(record["leaders"]), len(record["clusters"])
    words = f"settled at layer {layer}: {count(leaders, 'leader')}, {count(clusters, 'cluster')}"
    if record.get("decay") is not None:
        return words + _decay(record)
    if record["rate"] is None:
        return f"{words}, nothing moves any more"
    return (
        f"{words}, slowest term {power(number(record['rate']['base']), record['rate']['degree'])}"
    )


def _decay(record: Mapping[str, Any]) -> str:
    """How the tokens come near to their limits under a schedule."""
    decay = record["decay"]
    if decay is None:
        return ", nothing moves any more"
    bound = Decay(
        decay["factorials"], rational(decay["base"]), rational(decay["power"]), decay["logarithms"]
    )
    turns = in_turns(record["turn"]["layers"]) if "turn" in record else ""
    return f", slowest term at most like {bound}{turns}"


def _tokens(configuration: Configuration, record: Mapping[str, Any]) -> Table:
    """One row a token: where it starts, where it ends, and why there."""
    starts = [cell([text(x) for x in row]) for row in configuration.tokens]
    columns: list[tuple[str, Sequence[str]]] = [("start", starts)]
    if configuration.labels is not None:
        columns.insert(0, ("label", [printable(label) for label in configuration.labels]))
    if record["kinds"] is not None:
        cluster_of = {
            i: str(c) for c, cluster in enumerate(record["clusters"], start=1) for i in cluster
        }
        tokens = range(configuration.size)
        columns += [
            ("limit", [cell(limit) for limit in record["limits"]]),
            ("kind", [kind or "none" for kind in record["kinds"]]),
            ("", _reasons(record)),
            ("cluster", [cluster_of[i] for i in tokens]),
        ]
    elif record["limits"] is not None:
        columns.append(("limit", [cell(limit) for limit in record["limits"]]))
    elif record.get("limit_cycle") is not None:
        for r, points in enumerate(record["limit_cycle"][:MAX_PHASES]):
            columns.append((f"+{r}", [cell(point) for point in points]))
    elif "products" in record:
        near = [
            cell([text(rational(low)) for low, _ in told["enclosure"]])
            for told in record["products"]
        ]
        columns.append(("limit", near))
    elif "final" in record:
        columns.append(("end", [cell(point) for point in record["final"]["tokens"]]))
    elif record["attention"] is not None:
        columns.append(("attends to", [members(attended) for attended in record["attention"]]))
    grid = table("token", *(name for name, _ in columns), right=NUMBERED)
    for i in range(min(configuration.size, MAX_ROWS)):
        grid.add_row(str(i), *(Text(column[i]) for _, column in columns))
    notes = []
    if configuration.size > MAX_ROWS:
        notes.append(f"… and {configuration.size - MAX_ROWS} more tokens.")
    shown = [cell for _, column in columns for cell in column[:MAX_ROWS]]
    if notes or any("≈" in cell or "…" in cell for cell in shown):
        notes.append(ROUNDED)
    grid.caption = Text(" ".join(notes)) if notes else None
    return grid


def _reasons(record: Mapping[str, Any]) -> list[str]:
    """Why each token's limit is what it is."""
    since = {leader["token"]: leader["since_layer"] for leader in record["leaders"]}
    cluster_of = {i: cluster for cluster in record["clusters"] for i in cluster}
    reasons = []
    for i, kind in enumerate(record["kinds"]):
        if kind == "leader":
            reasons.append(f"since layer {since[i]}")
        elif kind == "vertex":
            reasons.append(f"at leader {members([j for j in cluster_of[i] if j in since])[1:-1]}")
        elif kind == "face":
            reasons.append(f"on face {members(record['faces'][str(i)])}")
        else:
            reasons.append("no vertex, no foot")
    return reasons


def _layers(trajectory: Sequence[Mapping[str, Any]]) -> Table:
    """One row a layer and token."""
    grid = table("layer", "token", "position", "attends to", right=NUMBERED)
    hidden = 0
    for k, layer in enumerate(trajectory):
        sets = layer["attention"] or [None] * len(layer["tokens"])
        rows = list(zip(layer["tokens"], sets, strict=True))
        for i, (position, attended) in enumerate(rows[:MAX_ROWS]):
            words = "" if attended is None else members(attended)
            grid.add_row("" if i else str(k), str(i), Text(cell(position)), Text(words))
        hidden = len(rows) - min(len(rows), MAX_ROWS)
        grid.add_section()
    if hidden:
        grid.caption = Text(f"… and {hidden} more tokens at every layer; --json has them.")
    return grid


def _numerics(numerics: Mapping[str, Any]) -> list[RenderableType]:
    """What the float runs say, each in a paragraph."""
    paragraphs = [_binary64(numerics["binary64"])]
    if "softmax" in numerics:
        paragraphs.append(_softmax(numerics["softmax"]))
    return [Text("\n    ".join(lines) + "\n") for lines in paragraphs]


def _binary64(run: Mapping[str, Any]) -> list[str]:
    lines = [f"binary64, {count(run['layers'], 'layer')}:"]
    if run["failure"] is not None:
        return [*lines, run["failure"]]
    lines.append(_difference(run["first_difference"]))
    if run["lost_leaders"]:
        lost = [leader["token"] for leader in run["lost_leaders"]]
        first = min(leader["layer"] for leader in run["lost_leaders"])
        lines.append(f"loses the leaders {members(lost)}, from layer {first} on")
    changes = run["changes_after_settling"]
    lines.append(f"changes its attention {count(changes, 'time')} after settling")
    return [*lines, *_distance(run["distance"])]


def _softmax(run: Mapping[str, Any]) -> list[str]:
    lines = [f"softmax in binary64, β = {number(run['beta'])}, {count(run['layers'], 'layer')}:"]
    if run["failure"] is not None:
        return [*lines, run["failure"]]
    lines.append(f"is up to {run['distance_after_one_layer']:.2g} from hardmax after one layer")
    lines.append(_difference(run["first_difference"]))
    return [*lines, *_distance(run["distance_to_limits"])]


def _difference(difference: Mapping[str, Any] | None) -> str:
    if difference is None:
        return "attends as the exact run does"
    observed, exact = members(difference["observed"]), members(difference["exact"])
    layer, token = difference["layer"], difference["token"]
    return f"attends elsewhere first at layer {layer}: token {token} to {observed}, not {exact}"


def _distance(distance: float | None) -> list[str]:
    return [] if distance is None else [f"ends up to {distance:.2g} from the exact limits"]
