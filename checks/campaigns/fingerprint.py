"""Fingerprints: which code says what it says.

What a unit finds depends on the unit and on the code, so results may be put together only if the
same code found them. Code is the same if all modules of `theory` and `checks` that can reach a
result have the same text, and the interpreter and the libraries that generate and judge have the
same versions. `checks.cli`, `checks.reports` and what sets formulas for both show results and make
none: they may change.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from platform import python_version_tuple
from typing import Any

from checks.statements import Statement
from theory import HardmaxError

LIBRARIES = ("hypothesis", "mpmath", "numpy", "python-flint", "sympy")
"""The libraries that can change what a unit finds: its examples, or the verdicts on them."""

SHOWING = ("cli", "reports", "formulas.py", "symbols.py")
"""What of `checks` makes no results."""

ROOTS = tuple(Path(__file__).resolve().parents[2] / name for name in ("checks", "theory"))


def fingerprint(claims: Sequence[Statement] = ()) -> dict[str, str]:
    """What identifies the code, by name: the digest of the source, and the versions.

    `claims` are those that are held; where one, or its kind of dynamics, comes from a file outside
    this project, that file counts as source. What they are held under is named, if it is not the
    dynamics of each. Raises `HardmaxError` if there is no source to read.
    """
    digest = sha256()
    for name, text in [*_own(), *_foreign(claims)]:
        content = text.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return {
        "source": digest.hexdigest(),
        "python": ".".join(python_version_tuple()[:2]),
        **{name: version(name) for name in LIBRARIES},
        **_dynamics(claims),
    }


def _dynamics(claims: Sequence[Statement]) -> dict[str, str]:
    kinds = dict.fromkeys(claim.kind for claim in claims if claim.kind is not None)
    words = ", ".join(kind.identity or kind.name for kind in kinds)
    return {"dynamics": words} if kinds else {}


def difference(here: dict[str, str], there: dict[str, str]) -> str:
    """In words how the code there differs from the code here; empty if it does not.

    >>> difference({"python": "3.11", "numpy": "2.1"}, {"python": "3.12", "numpy": "2.1"})
    'python 3.12, not 3.11'
    """
    parts = []
    for name in dict.fromkeys([*here, *there]):
        one, other = here.get(name, "none"), there.get(name, "none")
        if one == other:
            continue
        if name == "source":
            parts.append("another source of hardmax")
        else:
            parts.append(f"{name} {other}, not {one}")
    return ", ".join(parts)


def _own() -> Iterator[tuple[str, bytes]]:
    files = 0
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            place = path.relative_to(root.parent)
            if place.parts[0] == "checks" and place.parts[1] in SHOWING:
                continue
            files += 1
            yield place.as_posix(), path.read_bytes()
    if not files:
        raise HardmaxError(f"no source of hardmax in {ROOTS[0].parent}, which identifies results")


def _file(claim: Statement) -> Path:
    """Where the claim is written: a user's file, or that of its judge."""
    if claim.origin is not None:
        return claim.origin.path
    judge: Any = claim.judge
    while isinstance(judge, partial):
        judge = judge.func
    code = getattr(judge, "__code__", None) or getattr(type(judge).__call__, "__code__", None)
    return Path("" if code is None else code.co_filename).resolve()


def _foreign(claims: Sequence[Statement]) -> Iterator[tuple[str, bytes]]:
    files = {claim.name: _file(claim) for claim in claims}
    kinds = [claim.kind for claim in claims if claim.kind is not None]
    files |= {kind.name: kind.origin for kind in kinds if kind.origin is not None}
    for name, path in sorted(files.items()):
        if any(path.is_relative_to(root) for root in ROOTS):
            continue
        try:
            yield name, path.read_bytes()
        except OSError:
            raise HardmaxError(
                f"the claim {name!r} has no source file, so that nobody could tell if it changes"
            ) from None
