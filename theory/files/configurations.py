"""Configuration files: JSON, tables and arrays become configurations and dynamics, exactly.

A JSON object states a whole configuration (`tokens`, a step, and optionally `A`, `mask`, `ties`,
`labels`, `name`: `theory.files.layers`); a table (`theory.files.tables`) or an array
(`theory.files.arrays`) states the tokens alone, one a row, and gets the rest from the caller.
Numbers never pass through a float: a literal of JSON or of a table is the decimal that it spells,
and the floats of an array are the dyadic rationals that they are.

Whatever is wrong with a file becomes one `InputError` of one line: file, place, cause.
"""

import os
from collections.abc import Sequence
from pathlib import PurePath

from theory.configuration import Configuration
from theory.dynamics import HARDMAX, Dynamics
from theory.exact import Rational, rational, shown
from theory.files.layers import MASKS, Given, stated
from theory.files.objects import configuration_fields, decode, matrix_rows
from theory.files.sources import (
    ARRAYS,
    TABLES,
    InputError,
    Rows,
    Tell,
    as_text,
    at,
    display_name,
    kind_of,
    read_bytes,
    room,
    telling,
)
from theory.schedules.functions import RationalFunction

Source = str | os.PathLike[str]

_LEADING = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a JSON value."""


def read_configurations(
    path: str | os.PathLike[str],
    *,
    alpha: Rational | None = None,
    matrix: str | os.PathLike[str] | Rows | None = None,
    header: bool | None = None,
    columns: Sequence[str | int] | None = None,
    format: str | None = None,
    tell: Tell | None = None,
) -> list[Configuration]:
    """The configurations that a file states: one, or one a line of a .jsonl file.

    Parameters
    ----------
    path : a file of one of the kinds .json, .jsonl, .csv, .tsv, .txt, .npy and .npz, each perhaps
        packed (.gz); a path without a suffix, and "-" for standard input, are read as JSON or JSON
        Lines.
    alpha : the step, for tables and arrays, which do not state it; instead of the file's own for
        JSON.
    matrix : the rows of A, or a file that `read_matrix` takes, for tables and arrays, which have
        the identity otherwise; instead of the file's own for JSON.
    header : whether the first line of a table is a header; None leaves it to the table, and is
        an error where that does not tell.
    columns : the columns that are coordinates, by name or by number from 0; None for all of them,
        but for an index. Ranges such as "1:" are taken as well.
    format : the kind of the file, whatever its name.
    tell : takes remarks, each one line, on what was skipped: a header, an index, a line that names
        the separator. Without it one `InputWarning` a file has them.

    Raises `InputError`, and nothing else, for everything that is wrong with the input.

    Possible issues: the numbers of a table are decimals and fractions, so that 0.1 means 1/10
    there; in an array it means the float nearest to 1/10.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "two.json")
    ...     with open(path, "w") as file:
    ...         _ = file.write('{"tokens": [[0.1], ["1/3"]], "alpha": 1}')
    ...     (configuration,) = read_configurations(path)
    >>> configuration.tokens
    ((1/10,), (1/3,))
    """
    with telling(tell, display_name(path)) as remark:
        given = given_options(alpha, matrix=matrix, tell=tell)
        problems = _read(path, given, header, columns, format, remark)
    for _, dynamics in problems:
        if dynamics != HARDMAX:
            raise InputError(
                f"{display_name(path)}: {dynamics.words} read_problems reads such layers, too"
            )
    return [configuration for configuration, _ in problems]


def read_problems(
    path: Source,
    *,
    alpha: Rational | None = None,
    gamma: str | None = None,
    matrix: Source | Rows | None = None,
    mask: Source | Rows | None = None,
    ties: str | None = None,
    header: bool | None = None,
    columns: Sequence[str | int] | None = None,
    format: str | None = None,
    tell: Tell | None = None,
) -> list[tuple[Configuration, Dynamics]]:
    """As `read_configurations`, each configuration with what moves its tokens.

    Parameters beside those
    -----------------------
    gamma : the pull, a number or a rational function of k such as "2/(k+2)", instead of `alpha`.
    mask : "causal", "all", or a matrix of 0 and 1, or a file of one.
    ties : "first" or "averaged".

    Each is for tables and arrays, which do not state it, and instead of a JSON file's own. Where
    layers have their own, a given step or matrix is that of all layers.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "two.json")
    ...     with open(path, "w") as file:
    ...         _ = file.write('{"tokens": [[1], [2]], "gamma": "2/(k+2)", "mask": "causal"}')
    ...     ((configuration, dynamics),) = read_problems(path)
    >>> dict(dynamics.keys)
    {'mask': 'causal', 'alpha': None, 'gamma': '2/(k+2)'}
    """
    with telling(tell, display_name(path)) as remark:
        given = given_options(alpha, gamma, matrix, mask, ties, tell)
        return _read(path, given, header, columns, format, remark)


def _read(
    path: Source,
    given: Given,
    header: bool | None,
    columns: Sequence[str | int] | None,
    format: str | None,
    remark: Tell,
) -> list[tuple[Configuration, Dynamics]]:
    place = os.fspath(path)
    kind = kind_of(place, format)
    called = display_name(place)
    if header is not None and kind not in TABLES:
        raise InputError(f"{called}: header is for tables: .csv, .tsv or .txt")
    if columns is not None and kind not in (*TABLES, *ARRAYS):
        raise InputError(f"{called}: columns are for tables and arrays")
    with at(called):
        if kind not in (*TABLES, *ARRAYS):
            return _stated(read_bytes(place), kind, given)
        if not given.step:
            raise InputError(f"a .{kind} file does not state alpha: give --alpha or --gamma")
        content = read_bytes(place)
        if kind in TABLES:
            from theory.files.tables import table_rows  # here and below: what this kind needs

            text = as_text(content)
            tokens = table_rows(text, kind, header=header, columns=columns, tell=remark)
        else:
            from theory.files.arrays import array_rows

            tokens = array_rows(content, kind)
            if columns is not None:
                from theory.files.tables import chosen_columns

                chosen = chosen_columns(columns, len(tokens[0]))
                tokens = [[row[column] for column in chosen] for row in tokens]
        return [stated({"tokens": tokens}, given)]


def given_options(
    alpha: Rational | None = None,
    gamma: str | None = None,
    matrix: Source | Rows | None = None,
    mask: Source | Rows | None = None,
    ties: str | None = None,
    tell: Tell | None = None,
) -> Given:
    """What is given instead of files' keys, read. Raises `InputError`, which names it."""
    with at("alpha"):
        step = None if alpha is None else rational(alpha)
    with at("gamma"):
        pull = None if gamma is None else RationalFunction.parse(gamma)
    if isinstance(matrix, str | os.PathLike):
        matrix = read_matrix(matrix, tell)
    if isinstance(mask, os.PathLike) or (isinstance(mask, str) and mask not in MASKS):
        if not PurePath(mask).suffix and not os.path.exists(mask):  # meant for a word
            raise InputError(
                f"mask = {shown(os.fspath(mask))}; 'causal', 'all' or a file of a 0/1 matrix "
                "(.json, a table or an array) was wanted"
            )
        mask = read_matrix(mask, tell)
    return Given(step, pull, matrix, mask, ties)


def _stated(content: bytes, kind: str, given: Given) -> list[tuple[Configuration, Dynamics]]:
    """The configurations that JSON states, one or one a line."""
    try:
        text = as_text(content)
        if kind == "json" or (not kind and not _has_lines(text)):
            return [stated(configuration_fields(decode(text)), given)]
        return _lines(text, given)
    except InputError as error:
        if kind or content.lstrip(_LEADING).startswith(b"{"):
            raise
        raise InputError(f"{error} (--format, if it is not JSON)") from None


def _has_lines(text: str) -> bool:
    """Whether the first line that is not blank is a JSON value with more lines after it."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        return False
    try:
        decode(lines[0])
    except InputError:
        return False
    return True


def _lines(text: str, given: Given) -> list[tuple[Configuration, Dynamics]]:
    configurations = []
    room(text.count(","), text.count("["))
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            with at(f"line {number}"):
                configurations.append(stated(configuration_fields(decode(line)), given))
    return configurations


def read_matrix(path: str | os.PathLike[str], tell: Tell | None = None) -> Rows:
    """The rows of numbers of a matrix: JSON's list of lists, a table or an array.

    Raises `InputError`; `tell` takes remarks on what was skipped, which one `InputWarning` has
    without it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "A.csv")
    ...     with open(path, "w") as file:
    ...         _ = file.write("2, 1/2\\n1/2, 1")
    ...     Configuration([[1, 0]], alpha=1, A=read_matrix(path)).A
    ((2, 1/2), (1/2, 1))
    """
    place = os.fspath(path)
    called = display_name(place)
    kind = kind_of(place)
    if kind not in ("json", *TABLES, *ARRAYS):
        raise InputError(f"{called}: unknown kind of file; .json, a table or an array was wanted")
    with telling(tell, called) as remark, at(called):
        content = read_bytes(place)
        if kind in ARRAYS:
            from theory.files.arrays import array_rows

            return array_rows(content, kind)
        text = as_text(content)
        if kind in TABLES:
            from theory.files.tables import matrix_rows as table_matrix

            return table_matrix(text, kind, remark)
        return matrix_rows(decode(text))
