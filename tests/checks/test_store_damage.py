"""Damaged stores: every index is compared with its table, the schema is that of a store, and what
identifies a campaign is read as strictly as what a unit found."""

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from checks.campaigns.campaign import Campaign
from checks.campaigns.engines import Results
from checks.campaigns.inspection import StoreError, campaign_digest, canonical, unit_digest
from checks.campaigns.store import Store, Terms
from checks.campaigns.units import UnitResult
from checks.cli import main
from checks.statements import find
from checks.verdicts import Tally
from theory import HardmaxError

NAMES = ("norms-grow",)
EXAMPLES = 300
CLAIMS = [find(name) for name in NAMES]
TERMS = Terms(NAMES, EXAMPLES, 1000, {"source": "one"})
COMMAND = ("validate", "--claim", "norms-grow", "--examples", "60", "--seed", "3", "--jobs", "1")
STORED = (*COMMAND, "--json", "--store")


class Nothing:
    """An engine that finds nothing, at once."""

    def results(self, units: Any, claims: Any, max_layers: int) -> Results:
        for unit in units:
            yield [UnitResult(unit, {name: Tally() for name in NAMES}, examples=unit.examples)]


def campaign(store: Store) -> Campaign:
    return Campaign(CLAIMS, EXAMPLES, 3, 1000, ledger=store.campaign(TERMS, 3, 0))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store whose campaign is complete."""
    path = tmp_path_factory.mktemp("whole") / "s.sqlite"
    with Store(path) as store:
        assert list(campaign(store).results(Nothing()))
    return path.read_bytes()


@pytest.fixture
def kept(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    return path


def refused(path: Path, words: str) -> None:
    """One line that says so, and nothing in the folder is changed."""
    before = path.read_bytes()
    with pytest.raises(StoreError, match=words) as failure:
        Store(path)
    assert "\n" not in str(failure.value)
    assert "http" not in str(failure.value)
    assert path.read_bytes() == before
    assert [x.name for x in path.parent.iterdir()] == [path.name]


# --------------------------------------------------------------------------------- indexes


def index_pages(content: bytes) -> Iterator[range]:
    """The pages of an SQLite file that hold an index, by the first byte of a page."""
    size = int.from_bytes(content[16:18])
    for start in range(size, len(content), size):
        if content[start] in (2, 10):
            yield range(start, start + size)


def test_every_region_of_every_index_is_compared(kept: Path, content: bytes) -> None:
    """A changed bit is damage, or it is where nothing is said; it never makes another report."""
    draw = random.Random(11)
    pages = list(index_pages(content))
    assert len(pages) >= 2
    with Store(kept) as store:
        truth = campaign(store).finished
    told: list[str] = []
    for page in pages:
        for place in page:
            if not content[place] and place % 16:  # most of a page is empty
                continue
            changed = bytearray(content)
            changed[place] ^= 1 << draw.randrange(8)
            kept.write_bytes(changed)
            try:
                with Store(kept) as store:
                    assert campaign(store).finished == truth
            except StoreError as error:
                told.append(str(error))
                assert kept.read_bytes() == changed
    assert len(told) > 100
    assert all("is damaged: " in line for line in told)


def test_a_changed_entry_of_an_index_is_one_line(
    kept: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last entries of the index of units, which name campaign, place and row."""
    page = max(index_pages(content), key=lambda page: content[page.start : page.stop].count(b"\0"))
    changed = bytearray(content)
    changed[page.stop - 1] ^= 4
    kept.write_bytes(changed)
    assert main([*STORED, str(kept)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "is damaged: " in err
    assert err.endswith("; it is left as it is\n")
    assert kept.read_bytes() == changed


# ---------------------------------------------------------------------------------- schema

ALTERATIONS = {
    "no view": ("DROP VIEW tallies", "it has no view 'tallies'"),
    "no table": ("DROP TABLE units", "it has no table 'units'"),
    "another table": ("CREATE TABLE more (x)", "the table 'more' in it is not hardmax's"),
    "another index": ("CREATE INDEX i ON units (place)", "the index 'i' in it is not hardmax's"),
    "a trigger": (
        "CREATE TRIGGER t AFTER INSERT ON units BEGIN DELETE FROM units; END",
        "the trigger 't' in it is not hardmax's",
    ),
    "a column more": ("ALTER TABLE units ADD COLUMN x", "the table 'units' in it is not hardmax's"),
    "no unit twice": (
        "DROP VIEW tallies; ALTER TABLE units RENAME TO old;"
        "CREATE TABLE units (campaign, place, record, digest);"
        "INSERT INTO units SELECT * FROM old; DROP TABLE old",
        "the table 'units' in it is not hardmax's|it has no",
    ),
}


@pytest.mark.parametrize(("change", "words"), ALTERATIONS.values(), ids=ALTERATIONS)
def test_another_schema_is_damage(kept: Path, change: str, words: str) -> None:
    with closing(sqlite3.connect(kept)) as other:
        other.executescript(change)
    refused(kept, f"is damaged: ({words}).*; it is left as it is$")


def test_a_page_of_the_schema_that_is_lost(kept: Path, content: bytes) -> None:
    changed = bytearray(content)
    changed[100:108] = bytes(8)
    kept.write_bytes(changed)
    refused(kept, "is damaged: database disk image is malformed; it is left as it is$")


# ------------------------------------------------------------------------------- forgeries


def without(name: str) -> str:
    return canonical({key: x for key, x in TERMS.arguments(3).items() if key != name})


def but(**changes: object) -> str:
    return canonical({**TERMS.arguments(3), **changes})


FORGERIES = {
    "a list": "[1]",
    "no JSON": "nope",
    "other names": '{"a":1}',
    "a repeated name": '{"seed":"1",' + but()[1:],
    "no seed": without("seed"),
    "no code": without("code"),
    "a seed of words": but(seed="one"),
    "a number as seed": but(seed=3),
    "examples as text": but(examples="300"),
    "fewer than no examples": but(examples=-1),
    "claims in one text": but(claims="norms-grow"),
    "code that is no text": but(code={"source": 1}),
    "one name more": but(more=1),
}


@pytest.mark.parametrize("arguments", FORGERIES.values(), ids=FORGERIES)
def test_forged_arguments_with_a_sound_digest(
    kept: Path, arguments: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(kept)) as other, other:
        other.execute(
            "INSERT INTO campaigns (digest, arguments, begun) VALUES (?, ?, '')",
            (campaign_digest(arguments), arguments),
        )
    refused(kept, "is damaged: campaign 2: .*; it is left as it is$")
    for seed in ((), ("--seed", "3")):
        assert main([*(x for x in STORED if x not in ("--seed", "3")), str(kept), *seed]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)


def test_the_twin_of_the_forgeries_is_good(kept: Path) -> None:
    arguments = but(seed="-4")
    with closing(sqlite3.connect(kept)) as other, other:
        other.execute(
            "INSERT INTO campaigns (digest, arguments, begun) VALUES (?, ?, '')",
            (campaign_digest(arguments), arguments),
        )
    with Store(kept) as store:
        assert store.campaign(TERMS, -4, 0).resumed


def test_a_forged_record_is_told_without_an_address(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as other, other:
        (digest,) = other.execute("SELECT digest FROM campaigns").fetchone()
        record = json.dumps({"unit": {}, "examples": -1})
        other.execute(
            "UPDATE units SET record = ?, digest = ? WHERE place = 2",
            (record, unit_digest(digest, 2, record)),
        )
    with Store(kept) as store, pytest.raises(StoreError) as failure:
        campaign(store)
    words = str(failure.value)
    assert "is damaged: unit 2: " in words
    assert words.endswith("; it is left as it is")
    assert "http" not in words
    assert "\n" not in words


def test_a_link_to_nowhere_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loose = tmp_path / "loose.sqlite"
    loose.symlink_to(tmp_path / "nowhere.sqlite")
    assert main([*STORED, str(loose)]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"hardmax: {loose}: is a link to a file that is not there\n")
    assert [path.name for path in tmp_path.iterdir()] == ["loose.sqlite"]


# -------------------------------------------------------------------------------- deletion


class Deleting(Nothing):
    """Does the same, and deletes the row of the first unit through a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def results(self, units: Any, claims: Any, max_layers: int) -> Results:
        for some in super().results(units, claims, max_layers):
            yield some
            with closing(sqlite3.connect(self.path)) as other, other:
                other.execute("DELETE FROM units WHERE place = 0")


class Losing(Nothing):
    def results(self, units: Any, claims: Any, max_layers: int) -> Results:
        yield from list(super().results(units, claims, max_layers))[:-1]


class Repeating(Nothing):
    def results(self, units: Any, claims: Any, max_layers: int) -> Results:
        several: Sequence[Sequence[UnitResult]] = list(super().results(units, claims, max_layers))
        yield from [*several, several[0]]


def test_rows_that_are_deleted_meanwhile_are_missed(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        going = campaign(store)
        with pytest.raises(HardmaxError, match=r"s\.sqlite: rows were deleted .* 1 of \d+ units"):
            list(going.results(Deleting(path)))
    with Store(path) as store:
        assert len(list(campaign(store).results(Nothing()))) == 1


def test_a_campaign_without_its_last_unit_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HardmaxError, match=r"1 of \d+ units"):
        list(Campaign(CLAIMS, EXAMPLES, 3).results(Losing()))
    with pytest.raises(HardmaxError, match="twice"):
        list(Campaign(CLAIMS, EXAMPLES, 3).results(Repeating()))
    with Store(tmp_path / "s.sqlite") as store:
        list(campaign(store).results(Repeating()))  # a ledger keeps each once
        assert len(campaign(store).finished) == len(campaign(store).units())
