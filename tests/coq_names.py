"""The names that the Coq files define, read off their texts."""

import re
from functools import cache
from pathlib import Path

PROOFS = Path(__file__).resolve().parents[1] / "proofs"
KEYWORDS = "Theorem|Lemma|Corollary|Proposition|Fact|Remark|Definition|Fixpoint|Record|Notation"
DEFINED = re.compile(rf"^\s*(?:Local\s+)?(?:{KEYWORDS})\s+([A-Za-z_][\w']*)", re.MULTILINE)


def bare(text: str) -> str:
    """The text without comments; Coq's may be nested."""
    while (shorter := re.sub(r"\(\*(?:(?!\(\*|\*\)).)*\*\)", " ", text, flags=re.DOTALL)) != text:
        text = shorter
    return text


@cache
def files() -> dict[str, str]:
    """The text of every .v file by its logical path, as ``Hardmax.layers.Theory``."""
    found = {}
    for path in sorted(PROOFS.rglob("*.v")):
        place = path.relative_to(PROOFS).with_suffix("")
        found[".".join(("Hardmax", *place.parts))] = path.read_text(encoding="utf-8")
    return found


@cache
def names() -> frozenset[str]:
    """Every defined name by its full path, as ``Hardmax.layers.Theory.norm_grows``."""
    return frozenset(
        f"{place}.{name}" for place, text in files().items() for name in DEFINED.findall(bare(text))
    )
