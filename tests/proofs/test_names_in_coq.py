"""The proofs in Coq: nothing is assumed, and the names in claims and README are names in files."""

import re

import pytest
from coq_names import PROOFS, bare, files, names

from checks.statements import claims
from checks.statements.formal import COQ, theorems

FORBIDDEN = re.compile(r"Admitted|\badmit\b|\bAxiom|Parameter|bypass_check|Unset Guard|Conjecture")
FULL = re.compile(r"Hardmax(?:\.\w+){2}\.[\w']+")
CLASSICAL = {
    "boolp.propositional_extensionality",
    "boolp.functional_extensionality_dep",
    "boolp.constructive_indefinite_description",
}


def forbidden(text: str) -> list[str]:
    return FORBIDDEN.findall(text)


def test_nothing_is_assumed() -> None:
    assert len(files()) > 10
    assert {place: forbidden(text) for place, text in files().items() if forbidden(text)} == {}


@pytest.mark.parametrize(
    "text", ["Lemma x : False. Admitted.", "by admit.", "Axiom a : False.", "Parameter p : nat."]
)
def test_what_assumes_is_told(text: str) -> None:
    assert forbidden(text)


def test_every_line_is_short() -> None:
    long = [
        f"{place}: {number}"
        for place, text in files().items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > 100 and ".instances." not in place
    ]
    assert long == []


def test_every_file_opens_with_its_table() -> None:
    assert [place for place, text in files().items() if not text.startswith("(*")] == []


def test_every_file_is_built() -> None:
    project = (PROOFS / "_CoqProject").read_text()
    listed = {
        "Hardmax." + line.removesuffix(".v").replace("/", ".")
        for line in project.split()
        if line.endswith(".v")
    }
    apart = {place for place in files() if ".instances." in place} | {"Hardmax.Assumptions"}
    assert listed == set(files()) - apart


def test_claims_name_theorems() -> None:
    assert set(COQ) <= {claim.name for claim in claims()}
    told = [name for claim in COQ for name in theorems(claim)]
    assert told
    assert [name for name in told if name not in names()] == []


def test_a_name_that_is_none_is_told() -> None:
    assert "Hardmax.layers.Theory.pigs_fly" not in names()
    assert bare("a (* Lemma b (* c *) d *) e").split() == ["a", "e"]


def assumed() -> dict[str, set[str]]:
    """What assumptions.expected says of each theorem: the axioms by name."""
    told: dict[str, set[str]] = {}
    for line in (PROOFS / "assumptions.expected").read_text().splitlines():
        if title := re.fullmatch(r"([\w']+):", line):
            if title[1] != "Axioms":
                told[title[1]] = set()
        elif axiom := re.match(r"([\w.']+)(?: :|$)", line):
            told[[*told][-1]].add(axiom[1])
    return told


def test_what_is_expected_to_be_assumed() -> None:
    """Nothing, or the three classical axioms of mathcomp-analysis where real limits are taken."""
    told = assumed()
    asked = re.findall(r'idtac "([\w\']+):"', (PROOFS / "Assumptions.v").read_text())
    assert [*told] == asked
    assert len(asked) > 30
    assert all(axioms in (set(), CLASSICAL) or "int63" in str(axioms).lower()
               for axioms in told.values())  # fmt: skip
    assert any(axioms == CLASSICAL for axioms in told.values())
    told_of = {name for claim in COQ for name in theorems(claim)}
    for place in (PROOFS / "README.md", PROOFS.parent / "paper_notes.md"):
        told_of |= {
            name for name in FULL.findall(place.read_text(encoding="utf-8")) if proved(name)
        }
    assert {name.rsplit(".", 1)[1] for name in told_of} - set(asked) == set()


def proved(name: str) -> bool:
    """Whether the name is that of a theorem, rather than of a definition or a file."""
    place, _, last = name.rpartition(".")
    text = bare(files().get(place, ""))
    return bool(
        re.search(rf"^(?:Theorem|Lemma|Corollary)\s+{re.escape(last)}\b", text, re.MULTILINE)
    )


def test_theorems_are_told_from_definitions() -> None:
    assert proved("Hardmax.convergence.Main.main")
    assert not proved("Hardmax.convergence.Main.clusters")
    assert not proved("Hardmax.convergence.Main.pigs_fly")


def test_the_readme_names_theorems() -> None:
    told = FULL.findall((PROOFS / "README.md").read_text(encoding="utf-8"))
    assert len(told) > 20
    assert [name for name in told if name not in names()] == []
