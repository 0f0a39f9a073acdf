"""Stores: nothing is lost, nothing counts twice, and no file that is unsound is touched."""

import json
import os
import random
import shutil
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from checks import Run, Verdict, validate
from checks.campaigns.campaign import Campaign
from checks.campaigns.fingerprint import difference, fingerprint
from checks.campaigns.inspection import APPLICATION, VERSION, StoreError
from checks.campaigns.records import RecordError, decode, encode
from checks.campaigns.store import Ledger, Store, Terms
from checks.campaigns.units import MANY, UNIT, Unit, UnitResult, divide, do
from checks.reach import Reach
from checks.statements import Claim, find
from checks.verdicts import Tally
from theory import Configuration

SOME = ("attention-is-argmax", "limits-are-feet", "merging-commutes", "settling")
CODE = {"source": "one", "python": "3.11"}
TERMS = Terms(SOME, 80, 1000, CODE)


def claims() -> list[Claim]:
    return [find(name) for name in SOME]


def at_most_two(run: Run) -> bool:
    return run.configuration.size <= 2


def sometimes(run: Run) -> bool:
    if run.configuration.dimension == 5:
        raise RuntimeError("a lone surrogate \ud800 and a NUL \0")
    return run.configuration.size <= 2


REFUTED = Claim("planted", "…", (), "ours", Verdict.HELD, at_most_two)
FAILING = Claim("failing", "…", (), "ours", Verdict.HELD, sometimes)


def campaign(store: Store, seed: int | None = 5, fresh: int = 9) -> Campaign:
    ledger = store.campaign(TERMS, seed, fresh)
    return Campaign(claims(), 80, ledger.seed, ledger=ledger)


def texts(going: Campaign) -> list[str]:
    return [json.dumps(report.as_dict()) for report in going.reports()]


@pytest.fixture(scope="module")
def whole() -> list[str]:
    """The reports of the campaign in one sitting and without a store."""
    return [json.dumps(report.as_dict()) for report in validate(claims(), examples=80, seed=5)]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A store with a campaign of which five units are done."""
    path = tmp_path / "kept.sqlite"
    with Store(path) as store:
        results = campaign(store).results()
        for _ in range(5):
            next(results)
        results.close()  # type: ignore[attr-defined]  # it is a generator
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# -------------------------------------------------------------------------------- records


@pytest.mark.parametrize("source", ["rare", "general", "repeated", "huge", "near-tied"])
def test_records_are_exact(source: str) -> None:
    found = do(Unit(source, 12, 2**64 - 1, 3), [*claims(), REFUTED, FAILING], 50)
    assert found.tallies["planted"].witness is not None
    text = encode(found)
    assert text.isascii()
    again = decode(text)
    assert again == found
    assert encode(again) == text


def test_a_record_of_a_failure_keeps_every_character() -> None:
    found = do(Unit("lattice", 25, 1, 0), [FAILING], 50)
    assert found.tallies["failing"].failed
    assert "\ud800 and a NUL \0" in (found.tallies["failing"].explanation or "")
    assert decode(encode(found)) == found


def test_a_witness_keeps_matrix_step_and_great_numbers() -> None:
    rows = [["1e-40", "-2/3"], [10**60, 0], [10**60, 0]]
    witness = Configuration(rows, "3/7", [["1/2", 1], [0, -5]])
    found = UnitResult(Unit("x", 1, 1), {"a": Tally(1, 1, 0, witness, "why")}, Reach(), 1)
    again = decode(encode(found)).tallies["a"].witness
    assert again == witness
    assert again.A == ((fmpq(1, 2), fmpq(1)), (fmpq(0), fmpq(-5)))


def altered(change: Any) -> str:
    record = json.loads(encode(do(Unit("cube", 3, 1), [REFUTED], 50)))
    change(record)
    return json.dumps(record)


BAD_RECORDS: dict[str, str] = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "nested without end": "[" * 100_000,
    "more than one": "{}{}",
    "empty": "{}",
    "repeated name": '{"examples":1,"examples":2}',
    "unknown name": altered(lambda x: x.update(more=1)),
    "no reach": altered(lambda x: x.pop("reach")),
    "negative count": altered(lambda x: x["tallies"]["planted"].update(applicable=-1)),
    "count as text": altered(lambda x: x["tallies"]["planted"].update(applicable="1")),
    "count as truth": altered(lambda x: x["tallies"]["planted"].update(applicable=True)),
    "seed of words": altered(lambda x: x["unit"].update(seed="one")),
    "seed of other digits": altered(lambda x: x["unit"].update(seed="١")),
    "half a count": altered(lambda x: x.update(examples=0.5)),
    "witness of floats": altered(
        lambda x: x["tallies"]["planted"].update(witness={"tokens": [[0.5]], "alpha": "1"})
    ),
    "witness of no number": altered(
        lambda x: x["tallies"]["planted"].update(witness={"tokens": [["x"]], "alpha": "1"})
    ),
    "explanation of two": altered(lambda x: x["tallies"]["planted"].update(explanation=["a"])),
}


@pytest.mark.parametrize("text", BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_what_is_no_record_is_an_error(text: str) -> None:
    with pytest.raises(RecordError) as failure:
        decode(text)
    assert "\n" not in str(failure.value)


def test_the_twin_of_the_bad_records_is_good() -> None:
    assert decode(altered(lambda x: None)).tallies["planted"].examples == 3


# ------------------------------------------------------------------------- going on


def test_a_campaign_goes_on_where_it_stopped(kept: Path, whole: list[str]) -> None:
    with Store(kept) as store:
        going = campaign(store)
        assert going.ledger is not None
        assert going.ledger.resumed
        assert len(going.finished) == 5
        new = list(going.results())
        assert len(new) == len(going.units()) - 5
        assert texts(going) == whole
    with Store(kept) as store:
        assert list(campaign(store).results()) == []
        assert texts(campaign(store)) == whole


def test_every_stop_gives_the_same_reports(tmp_path: Path, whole: list[str]) -> None:
    path = tmp_path / "s.sqlite"
    for _ in divide(80, 5):
        with Store(path) as store:
            results = campaign(store).results()
            next(results)
            results.close()  # type: ignore[attr-defined]  # it is a generator
    with Store(path) as store:
        going = campaign(store)
        assert len(going.finished) == len(going.units())
        assert texts(going) == whole


def test_the_first_witness_is_that_of_the_first_unit_whoever_was_first(tmp_path: Path) -> None:
    plain = Campaign([REFUTED, FAILING], 60, 3, shrink=False)
    assert len(list(plain.results())) > 5
    with Store(tmp_path / "s.sqlite") as store:
        ledger = store.campaign(Terms(["planted", "failing"], 60, 1000, CODE), 3, 0)
        for unit in random.Random(1).sample(plain.units(), len(plain.units())):
            assert ledger.keep([do(unit, [REFUTED, FAILING], 1000)]) == 1
        going = Campaign([REFUTED, FAILING], 60, 3, shrink=False, ledger=ledger)
        assert texts(going) == texts(plain)
        assert {report.verdict for report in going.reports()} == {Verdict.REFUTED, Verdict.ERROR}


def test_nothing_counts_twice(kept: Path) -> None:
    with Store(kept) as store:
        ledger = store.campaign(TERMS, 5, 0)
        units = divide(80, 5)
        before = ledger.results(units)
        assert ledger.keep(before) == 0
        other = do(units[5], claims(), 1000)
        assert ledger.keep([before[0], other, other]) == 1
        assert ledger.results(units) == [*before, other]


def test_without_a_seed_the_unfinished_campaign_goes_on(kept: Path) -> None:
    with Store(kept) as store:
        assert store.campaign(TERMS, None, 9).seed == 5
        assert store.campaign(TERMS, 7, 9).seed == 7
        assert store.campaign(TERMS, None, 9).seed == 7, "the latest unfinished one"
        for _ in campaign(store, 7).results():
            pass
        assert store.campaign(TERMS, None, 9).seed == 5, "the one that is unfinished"
        for _ in campaign(store, 5).results():
            pass
        assert store.campaign(TERMS, None, 9).seed == 7, "the latest of the finished ones"


OTHERS = {
    "examples": Terms(SOME, 81, 1000, CODE),
    "budget": Terms(SOME, 80, 999, CODE),
    "claims": Terms(SOME[1:], 80, 1000, CODE),
    "code": Terms(SOME, 80, 1000, {**CODE, "source": "two"}),
    "library": Terms(SOME, 80, 1000, {**CODE, "python": "3.12"}),
}


@pytest.mark.parametrize("terms", OTHERS.values(), ids=OTHERS)
def test_another_campaign_takes_nothing_over(kept: Path, terms: Terms) -> None:
    with Store(kept) as store:
        assert store.campaign(terms, None, 9).seed == 9
        ledger = store.campaign(terms, 5, 9)
        assert not ledger.resumed
        assert ledger.results(divide(terms.examples, 5)) == []
        assert len(campaign(store).finished) == 5


def test_the_order_of_the_claims_does_not_matter(kept: Path) -> None:
    with Store(kept) as store:
        assert store.campaign(Terms(SOME[::-1], 80, 1000, CODE), 5, 9).resumed


def test_campaigns_of_other_code_are_told(kept: Path) -> None:
    with Store(kept) as store:
        assert store.others(TERMS, 5) == []
        assert store.others(OTHERS["code"], 5) == [CODE]
        assert store.others(OTHERS["code"], None) == [CODE]
        assert store.others(OTHERS["code"], 6) == []
        assert store.others(OTHERS["examples"], 5) == []


def test_units_of_great_campaigns_grow() -> None:
    assert {unit.examples for unit in divide(40_000, 1)} <= set(range(1, UNIT + 1))
    units = divide(40 * MANY * UNIT, 1)
    assert len(units) <= MANY + 20
    assert sum(unit.examples for unit in units) == 40 * MANY * UNIT
    assert [unit.place for unit in units] == list(range(len(units)))


def test_questions_in_sql(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as reader:
        rows = dict(reader.execute("SELECT claim, sum(applicable) FROM tallies GROUP BY claim"))
        seeds = [seed for (seed,) in reader.execute("SELECT DISTINCT seed FROM tallies")]
    assert sorted(map(int, seeds)) == sorted(unit.seed for unit in divide(80, 5)[:5])
    with Store(kept) as store:
        reports = campaign(store).reports()
    assert rows == {report.name: report.applicable for report in reports}


# --------------------------------------------------------------------- two at once


def test_two_at_once_share_the_work_and_agree(tmp_path: Path, whole: list[str]) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as one, Store(path) as other:
        first, second = campaign(one, 5), campaign(other, None)
        assert second.seed == 5
        turns = [first.results(), second.results()]
        while turns:
            for turn in list(turns):
                if next(turn, None) is None:
                    turns.remove(turn)
        assert texts(first) == texts(second) == whole
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("SELECT count(*) FROM campaigns").fetchone() == (1,)
        places = [place for (place,) in reader.execute("SELECT place FROM units")]
    assert sorted(places) == list(range(len(divide(80, 5))))


def test_who_comes_second_goes_elsewhere(tmp_path: Path) -> None:
    """Both hand out ahead of the results; without a leap they would do everything twice."""

    class Ahead:
        done = 0

        def results(self, units: Any, claims: Any, max_layers: int) -> Any:
            waiting = []
            for unit in units:
                waiting.append(unit)
                if len(waiting) > 3:
                    self.done += 1
                    yield [UnitResult(waiting.pop(0), {name: Tally() for name in SOME})]
            for unit in waiting:
                self.done += 1
                yield [UnitResult(unit, {name: Tally() for name in SOME})]

    path, terms = tmp_path / "s.sqlite", Terms(SOME, 10_000, 1000, CODE)
    engines = [Ahead(), Ahead()]
    with Store(path) as one, Store(path) as other:
        turns = [
            Campaign(claims(), 10_000, 1, ledger=store.campaign(terms, 1, 0)).results(engine)
            for store, engine in zip((one, other), engines, strict=True)
        ]
        while turns:
            turns = [turn for turn in turns if next(turn, None) is not None]
    units = len(divide(10_000, 1))
    assert sum(engine.done for engine in engines) < 1.3 * units
    assert min(engine.done for engine in engines) > 0.3 * units


def test_many_writers_at_once(tmp_path: Path) -> None:
    """Threads with a store each begin one campaign and write the same units."""
    path, units = tmp_path / "s.sqlite", divide(80, 5)
    results = [UnitResult(unit, {name: Tally() for name in SOME}) for unit in units]
    new: list[int] = []
    seeds = set()
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with Store(path) as store:
                ledger = store.campaign(Terms(SOME, 80, 1000, CODE), None, 5)
                seeds.add(ledger.seed)
                for result in random.Random(number).sample(results, len(results)):
                    new.append(ledger.keep([result]))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert seeds == {5}
    assert (len(new), sum(new)) == (6 * len(units), len(units))
    with Store(path) as store:
        assert store.campaign(TERMS, 5, 0).results(units) == results
    assert [path.name for path in tmp_path.iterdir()] == ["s.sqlite"]


# ------------------------------------------------------------------------- unsound files


def refused(path: Path, words: str) -> None:
    """Opening it is one line that says so, and changes nothing in the folder."""
    before = contents(path.parent)
    with pytest.raises(StoreError, match=words) as failure:
        Store(path)
    assert "\n" not in str(failure.value)
    assert path.name in str(failure.value)
    after = contents(path.parent)
    after.pop(f"{path.name}-shm", None)  # an index of the log, in memory that processes share
    before.pop(f"{path.name}-shm", None)
    assert after == before


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    for content in (b"", b"x", b"SQLite", b"\0" * 5000, b'{"tokens": [[1]]}', b"PK\3\4" * 100):
        path.write_bytes(content)
        refused(path, "is empty" if not content else "is not an SQLite database")


def test_stores_of_other_programs_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE units (campaign, place, record, digest)")
        other.execute(f"PRAGMA user_version = {VERSION}")
    refused(path, "is a database of another program")


@pytest.mark.parametrize(("version", "age"), [(0, "an older"), (VERSION + 1, "a newer")])
def test_other_versions_are_left_alone(kept: Path, version: int, age: str) -> None:
    with closing(sqlite3.connect(kept)) as changed:
        assert changed.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
        changed.execute(f"PRAGMA user_version = {version}")
    refused(kept, f"is a store of {age} hardmax: it has format {version}")


def test_a_truncated_store_is_left_alone(kept: Path) -> None:
    content = kept.read_bytes()
    for length in (50, 99, 100, 1000, 4096, len(content) // 2, len(content) - 4096):
        kept.write_bytes(content[:length])
        refused(kept, "is damaged|is not an SQLite")


def test_a_store_with_a_changed_byte_is_left_alone(kept: Path) -> None:
    """Any change of what the store says is noticed; a change that says nothing is no matter."""
    content, units = kept.read_bytes(), divide(80, 5)
    with Store(kept) as store:
        truth = store.campaign(TERMS, 5, 0).results(units)
    told: list[str] = []
    draw = random.Random(7)
    for _ in range(150):
        changed = bytearray(content)
        place = draw.randrange(len(changed))
        changed[place : place + 8] = draw.randbytes(8)[: len(changed) - place]
        kept.write_bytes(changed)
        try:
            with Store(kept) as store:
                found = store.campaign(TERMS, 5, 0)
                if found.resumed:
                    assert found.results(units) == truth
        except StoreError as error:
            told.append(str(error))
        else:
            continue
        assert kept.read_bytes() == changed
    assert len(told) > 20
    assert not any("\n" in line for line in told)


DAMAGES = {
    "a count": "UPDATE units SET record = replace(record, '\"applicable\":', '\"applicable\":1')",
    "a digest": "UPDATE units SET digest = substr(digest, 2) WHERE place = 3",
    "a place": "UPDATE units SET place = 17 WHERE place = 3",
    "no text": "UPDATE units SET record = x'ff00' WHERE place = 3",
    "arguments": "UPDATE campaigns SET arguments = replace(arguments, '80', '90')",
    "no campaign": "DELETE FROM campaigns",
    "no table": "DROP TABLE units",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_store_that_says_something_else_is_left_alone(kept: Path, damage: str) -> None:
    with closing(sqlite3.connect(kept)) as changed, changed:
        changed.execute(damage)
    refused(kept, "damaged|no such table")


def test_damage_beside_a_log_is_left_alone(kept: Path, tmp_path: Path) -> None:
    """As a killed process leaves it: the file, and a log with the latest units."""
    folder = tmp_path / "killed"
    folder.mkdir()
    with Store(kept) as store:
        for _, _ in zip(range(5), campaign(store).results(), strict=False):
            pass
    with Store(kept) as store:
        done = len(campaign(store).finished)
        next(campaign(store).results())
        for suffix in ("", "-wal"):
            shutil.copy(f"{kept}{suffix}", folder)
    copy = folder / kept.name
    sound = copy.read_bytes()
    assert (folder / f"{kept.name}-wal").stat().st_size > 0
    changed = bytearray(sound)
    start = changed.index(b'"place":0')  # the log has no newer version of this page
    changed[start : start + 9] = b'"place":7'
    copy.write_bytes(changed)
    refused(copy, "is damaged")
    copy.write_bytes(sound)
    with Store(copy) as store:
        assert len(campaign(store).finished) == done + 1, "the unit in the log counts"


def test_other_things_than_files(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/null")):
        with pytest.raises(StoreError, match="is not a file"):
            Store(path)
    (tmp_path / "loose").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="is a link to a file that is not there"):
        Store(tmp_path / "loose")
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        Store(tmp_path / "missing" / "x.sqlite")
    assert [path.name for path in tmp_path.iterdir()] == ["loose"]


@pytest.mark.parametrize("name", ["a b?mode=ro#x%20.sqlite", "é\n.sqlite", ":memory:", "-x"])
def test_any_name_of_a_file(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Store(name) as store:
        next(campaign(store).results())
    assert [path.name for path in tmp_path.iterdir()] == [name]
    with Store(name) as store:
        assert len(campaign(store).finished) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_what_must_not_be_written_is_told(kept: Path) -> None:
    kept.chmod(stat.S_IRUSR)
    refused(kept, "no right to write")
    kept.chmod(stat.S_IRUSR | stat.S_IWUSR)
    kept.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        refused(kept, "no right to write")
    finally:
        kept.parent.chmod(stat.S_IRWXU)


def test_a_store_that_is_deleted_in_use_is_told(kept: Path) -> None:
    with Store(kept) as store:
        results = campaign(store).results()
        next(results)
        kept.rename(kept.with_name("away"))
        with pytest.raises(StoreError, match="moved or deleted"):
            next(results)


def test_a_store_that_is_locked_is_told(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.campaigns.store.PATIENCE", 0.4)
    monkeypatch.setattr("checks.campaigns.store.SILENCE", 0.1)
    told: list[str] = []
    with (
        closing(sqlite3.connect(kept, isolation_level=None)) as other,
        Store(kept, told.append) as store,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another program keeps it locked"):
            store.campaign(TERMS, 5, 0)
        assert told == [f"{kept}: waiting for another program that writes"]
        other.execute("ROLLBACK")
        assert store.campaign(TERMS, 5, 0).resumed
    assert len(told) == 1


def test_an_interrupted_transaction_writes_nothing(kept: Path) -> None:
    with Store(kept) as store:
        ledger: Ledger = store.campaign(TERMS, 5, 0)
        before = ledger.results(divide(80, 5))

        def interrupted() -> None:
            with store.transaction():
                store.connection.execute("DELETE FROM units")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert ledger.results(divide(80, 5)) == before


# --------------------------------------------------------------------------- fingerprints


def test_the_fingerprint_is_that_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).resolve().parents[2]
    for package in ("checks", "theory"):
        shutil.copytree(root / package, tmp_path / package)
    truth = fingerprint()
    roots = (tmp_path / "checks", tmp_path / "theory")
    monkeypatch.setattr("checks.campaigns.fingerprint.ROOTS", roots)
    assert fingerprint() == truth

    def changes(place: str) -> bool:
        path = tmp_path / place
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        changed = fingerprint() != truth
        path.write_bytes(before)
        assert fingerprint() == truth
        return changed

    assert changes("checks/statements/layers.py")
    assert changes("checks/strategies.py")
    assert changes("theory/exponential.py")
    assert not changes("checks/cli/validate.py")
    assert not changes("checks/reports/html.py")
    (tmp_path / "theory/new.py").write_text("")
    assert fingerprint() != truth


def test_the_fingerprint_holds_claims_of_other_files() -> None:
    assert fingerprint([REFUTED]) != fingerprint()
    assert fingerprint(claims()) == fingerprint()
    loose: dict[str, Any] = {}
    exec("def judge(run): return True", loose)
    claim = Claim("loose", "…", (), "ours", Verdict.HELD, loose["judge"])
    with pytest.raises(ValueError, match="'loose' has no source file"):
        fingerprint([claim])


def test_differences_in_words() -> None:
    here = fingerprint()
    assert difference(here, here) == ""
    assert difference(here, {**here, "source": "x"}) == "another source of hardmax"
    assert difference(here, {**here, "numpy": "1"}) == f"numpy 1, not {here['numpy']}"
