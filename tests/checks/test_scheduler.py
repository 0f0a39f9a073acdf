"""Clusters: a Dask cluster finds what one process finds, whatever dies meanwhile.

The clusters are real: a scheduler, and workers in processes of their own, on the loopback.
"""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import commands
import pytest

from checks import Run, Verdict
from checks.campaigns import roster
from checks.campaigns.campaign import Campaign, validate
from checks.campaigns.engines import InProcess, Processes, local
from checks.campaigns.units import divide
from checks.statements import Claim, find

pytest.importorskip("distributed", reason="a cluster needs the extra 'cluster'")

from checks.campaigns.cluster import Cluster, ClusterError, connected
from checks.campaigns.tls import security
from theory import HardmaxError

ROOT = Path(__file__).resolve().parents[2]

NAMES = ("attention-is-argmax", "limits-are-feet", "settling")
EXAMPLES = 400
UNITS = len(divide(EXAMPLES, 0))
CHOSEN = [word for name in NAMES for word in ("--claim", name)]
USUAL = ["validate", *CHOSEN, "--examples", str(EXAMPLES), "--seed", "3", "--json"]

LISTEN = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
WORK = [*LISTEN, "--no-nanny", "--nthreads", "1"]


def environment(path: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(path), "PYTHONSAFEPATH": "1"}


class Machines:
    """A scheduler and workers, each a process as a user starts it."""

    def __init__(self, folder: Path, tls: Sequence[str] = ()) -> None:
        self.folder = folder
        self.tls = tls
        self.running: list[subprocess.Popen[bytes]] = []
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"{'tls' if tls else 'tcp'}://127.0.0.1:{port}"
        self.scheduler = self._start("scheduler", "--port", str(port), *LISTEN)

    def worker(self, *, source: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start one more worker, with the hardmax that is found under `source`."""
        place = self.folder / f"worker-{len(self.running)}"
        options = (*WORK, "--local-directory", str(place), "--death-timeout", "60")
        return self._start("worker", self.address, *options, source=source)

    def _start(self, kind: str, *more: str, source: Path = ROOT) -> subprocess.Popen[bytes]:
        with (self.folder / f"{kind}-{len(self.running)}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", kind, *more, *self.tls],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment(source),
            )
        self.running.append(started)
        return started

    def stop(self) -> None:
        for process in reversed(self.running):
            process.kill()
            process.wait(300)


@contextmanager
def machines(folder: Path, workers: int, tls: Sequence[str] = ()) -> Iterator[Machines]:
    made = Machines(folder, tls)
    try:
        for _ in range(workers):
            made.worker()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Two workers that live as long as the tests."""
    with machines(tmp_path_factory.mktemp("cluster"), 2) as made:
        yield made


@pytest.fixture(scope="module")
def whole() -> str:
    """What the campaign comes to in one process."""
    reports = validate([find(name) for name in NAMES], examples=EXAMPLES, seed=3)
    return "".join(f"{json.dumps(report.as_dict())}\n" for report in reports)


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "checks", *USUAL, *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=commands.environment(),
        cwd=folder,
    )


def finish(running: subprocess.Popen[str], seconds: float = 2000) -> tuple[int, str, str]:
    try:
        out, err = running.communicate(timeout=seconds)
    finally:
        running.kill()
    assert "Traceback" not in err
    return running.returncode, out, err


def places(folder: Path) -> list[int]:
    if not (folder / "s").exists():
        return []
    with closing(sqlite3.connect(folder / "s")) as reader:
        return [place for (place,) in reader.execute("SELECT place FROM units")]


def until(running: subprocess.Popen[str], folder: Path, units: int) -> None:
    """Wait until the store has so many units; fails if the process ends without."""
    while len(places(folder)) < units:
        assert running.poll() is None or len(places(folder)) >= units
        time.sleep(0.02)


# ------------------------------------------------------------------------- the same result


def test_a_cluster_finds_what_one_process_finds(
    cluster: Machines, tmp_path: Path, whole: str
) -> None:
    assert finish(start(tmp_path, "--scheduler", cluster.address)) == (0, whole, "seed 3\n")


def test_engines_and_stores_mix(cluster: Machines, tmp_path: Path, whole: str) -> None:
    """Begun on the cluster, killed, ended by local processes; and complete for all."""
    store = ("--store", "s")
    running = start(tmp_path, *store, "--scheduler", cluster.address)
    until(running, tmp_path, 3)
    running.kill()
    running.communicate()
    kept = len(places(tmp_path))
    assert 3 <= kept <= UNITS
    status, out, err = finish(start(tmp_path, *store, "--jobs", "2"))
    assert (status, out) == (0, whole), err
    assert sorted(places(tmp_path)) == list(range(UNITS))
    status, out, err = finish(start(tmp_path, *store, "--scheduler", cluster.address))
    assert (status, out) == (0, whole)
    assert err == "s: the campaign of seed 3 is complete\nseed 3\n"


def test_a_cluster_of_many_threads(tmp_path: Path, whole: str) -> None:
    """A LocalCluster with a nanny and two threads a worker, as users make it in Python."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        local_directory=str(tmp_path / "dask"),
    ) as made:
        assert finish(start(tmp_path, "--scheduler", made.scheduler_address))[:2] == (0, whole)


# --------------------------------------------------------------------------------- deaths


def test_a_worker_is_killed(tmp_path: Path, whole: str) -> None:
    with machines(tmp_path, 2) as made:
        running = start(tmp_path, "--store", "s", "--scheduler", made.address)
        until(running, tmp_path, 2)
        made.running[1].send_signal(signal.SIGKILL)
        status, out, err = finish(running)
    assert (status, out, err) == (0, whole, "seed 3\n")
    assert sorted(places(tmp_path)) == list(range(UNITS))


def test_workers_are_killed_and_replaced(tmp_path: Path, whole: str) -> None:
    """No worker outlasts the campaign that it began."""
    with machines(tmp_path, 1) as made:
        running = start(tmp_path, "--store", "s", "--scheduler", made.address)
        for units in (1, UNITS // 3):
            until(running, tmp_path, units)
            made.running[-1].send_signal(signal.SIGKILL)
            made.worker()
        assert finish(running)[:2] == (0, whole)
    assert sorted(places(tmp_path)) == list(range(UNITS))


def test_a_nanny_starts_a_killed_worker_again(tmp_path: Path) -> None:
    """In the same process as a user's own code; the reports are those of one process."""
    from distributed import LocalCluster

    claims = [find(name) for name in NAMES]
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        local_directory=str(tmp_path / "dask"),
        silence_logs=50,
    ) as made:
        pids = [nanny.process.pid for nanny in made.workers.values()]
        with connected(made.scheduler_address, claims) as engine:
            campaign = Campaign(claims, EXAMPLES, 3)
            for number, _ in enumerate(campaign.results(engine)):
                if number == 2:
                    os.kill(pids[0], signal.SIGKILL)
    assert sorted(result.unit.place for result in campaign.finished) == list(range(UNITS))
    assert as_dicts(campaign) == as_dicts(done(claims))


def as_dicts(campaign: Campaign) -> list[dict[str, object]]:
    return [report.as_dict() for report in campaign.reports()]


def done(claims: Sequence[Claim]) -> Campaign:
    campaign = Campaign(claims, EXAMPLES, 3)
    for _ in campaign.results():
        pass
    return campaign


def test_the_scheduler_is_killed(tmp_path: Path, whole: str) -> None:
    with machines(tmp_path, 1) as made:
        running = start(tmp_path, "--store", "s", "--scheduler", made.address)
        until(running, tmp_path, 2)
        made.scheduler.kill()
        status, out, err = finish(running, 100)
    assert (status, out) == (2, "")
    assert re.fullmatch(r"hardmax: (the scheduler was lost|lost the scheduler).*\n", err)
    assert len(places(tmp_path)) >= 2
    status, out, _ = finish(start(tmp_path, "--store", "s", "--jobs", "2"))
    assert (status, out) == (0, whole)


def test_no_worker_is_left(tmp_path: Path) -> None:
    claims = [find(name) for name in NAMES]
    with machines(tmp_path, 1) as made, connected(made.address, claims, absence=3) as engine:
        results = Campaign(claims, EXAMPLES, 3).results(engine)
        next(results)
        made.running[-1].kill()
        with pytest.raises(ClusterError, match="has had no worker for 3 seconds"):
            list(results)


def test_ctrl_c(cluster: Machines, tmp_path: Path) -> None:
    """In a campaign that is too long to be over before the signal comes."""
    longer = ("--examples", "40000", "--store", "s")
    running = start(tmp_path, *longer, "--scheduler", cluster.address)
    until(running, tmp_path, 2)
    running.send_signal(signal.SIGINT)
    status, out, err = finish(running)
    assert status == 130
    assert [json.loads(line)["name"] for line in out.splitlines()] == list(NAMES)
    assert "the same command goes on from there" in err


# -------------------------------------------------------------------------------- refused


def refused(folder: Path, address: str, words: str) -> None:
    """One line, status 2, and nothing written."""
    status, out, err = finish(start(folder, "--store", "s", "--scheduler", address))
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"hardmax: .*({words}).*\n", err), err
    assert not (folder / "s").exists()


@pytest.mark.parametrize(
    "address", ["", "localhost", "tcp://", "tcp://h:0", "tcp://h:99999", "x://h:1", "tcp://[::1:1"]
)
def test_what_is_no_address(tmp_path: Path, address: str) -> None:
    with (
        pytest.raises(ClusterError, match=r"is no address; tcp://HOST:PORT was wanted"),
        connected(address, []),
    ):
        pass


def test_nobody_answers(tmp_path: Path) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    refused(tmp_path, f"tcp://127.0.0.1:{port}", "no scheduler answers")


def test_somebody_listens_and_says_nothing(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        refused(tmp_path, address, "no scheduler answers")


def test_a_scheduler_without_workers(tmp_path: Path) -> None:
    with machines(tmp_path, 0) as made:
        refused(tmp_path, made.address, "no worker has joined")


def test_jobs_and_scheduler(tmp_path: Path) -> None:
    running = start(tmp_path, "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2")
    status, out, err = finish(running)
    assert (status, out) == (2, "")
    assert err.startswith("hardmax: --jobs and --scheduler exclude each other")


def copied(folder: Path) -> Path:
    """Another hardmax, to be changed."""
    for package in ("checks", "theory"):
        shutil.copytree(ROOT / package, folder / "other" / package)
    return folder / "other"


def test_a_worker_with_another_hardmax(tmp_path: Path) -> None:
    other = copied(tmp_path)
    with (other / "checks/statements/layers.py").open("a") as file:
        file.write("# changed\n")
    with machines(tmp_path, 0) as made:
        made.worker(source=other)
        refused(tmp_path, made.address, "has another source of hardmax")


def test_a_worker_without_hardmax(tmp_path: Path) -> None:
    """As where only Dask is installed."""
    for package in ("checks", "theory"):
        (tmp_path / "none" / package).mkdir(parents=True)
        (tmp_path / "none" / package / "__init__.py").write_text(
            f"raise ModuleNotFoundError('No module named {package}')\n"
        )
    with machines(tmp_path, 0) as made:
        made.worker(source=tmp_path / "none")
        refused(tmp_path, made.address, "has no hardmax, or another one")
        assert made.running[-1].poll() is None, "the question ended the worker"


def test_a_worker_with_another_hardmax_joins_later(tmp_path: Path, whole: str) -> None:
    other = copied(tmp_path)
    with (other / "theory/dynamics.py").open("a") as file:
        file.write("# changed\n")
    with machines(tmp_path, 1) as made:
        running = start(tmp_path, "--store", "s", "--scheduler", made.address)
        until(running, tmp_path, 1)
        made.worker(source=other)
        status, out, err = finish(running)
        assert (status, out) == (0, whole)
    lines = [line for line in err.splitlines() if line != "seed 3"]
    assert len(lines) <= 1  # the campaign may be over before anybody looks
    for line in lines:
        assert re.fullmatch(LEFT_OUT, line)


LEFT_OUT = r"the worker \S+ has another source of hardmax.*; the campaign goes on without it"


@pytest.mark.parametrize("kind", ["another", "none"])
def test_a_worker_with_another_hardmax_is_left_out(tmp_path: Path, whole: str, kind: str) -> None:
    """Its neighbour does all of the work. Alone it is an error, above."""
    other = copied(tmp_path)
    with (other / "theory/dynamics.py").open("a") as file:
        file.write("# changed\n" if kind == "another" else "raise ImportError('none')\n")
    with machines(tmp_path, 1) as made:
        with connected(made.address, [], patience=600) as engine:  # its neighbour is there first
            made.worker(source=other)
            engine.client.wait_for_workers(2, timeout=1200)
        status, out, err = finish(start(tmp_path, "--scheduler", made.address))
        assert made.running[-1].poll() is None
    assert (status, out) == (0, whole)
    told = [line for line in err.splitlines() if line != "seed 3"]
    assert len(told) == 1, err
    assert re.fullmatch(r"the worker \S+ has .*; the campaign goes on without it", told[0])
    if kind == "another":
        assert re.fullmatch(LEFT_OUT, told[0])


def test_a_unit_whose_workers_are_gone_is_done_by_later_ones(tmp_path: Path, whole: str) -> None:
    with machines(tmp_path, 1) as made:
        running = start(tmp_path, "--store", "s", "--scheduler", made.address)
        until(running, tmp_path, 1)
        made.running[1].kill()
        made.worker()
        assert finish(running)[:2] == (0, whole)


def test_paused_workers_are_told(cluster: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """First the user hears of it, then the campaign ends; one that goes on is not spoken of."""
    claims = [find("settling")]
    told: list[str] = []
    monkeypatch.setattr(roster, "LOOK", 0.0)
    monkeypatch.setattr(roster, "PAUSE", 0.0)
    with connected(cluster.address, claims, patience=600, absence=0.5, tell=told.append) as engine:
        there = engine.workers()
        assert all(takes for _, takes in there.values())
        assert done(claims).reports()
        assert told == []
        paused = {name: (threads, False) for name, (threads, _) in there.items()}
        monkeypatch.setattr(engine, "workers", lambda: paused)
        with pytest.raises(ClusterError, match=r"has had paused workers only for 0\.5 seconds"):
            list(Campaign(claims, 5).results(engine))
    (line,) = told
    assert "is paused, as when its memory is nearly full" in line
    assert roster.PAUSE + roster.LOOK < 30


# ------------------------------------------------------------------------------------- TLS


def signed(folder: Path, name: str, authority: str | None = None) -> None:
    """A key and a certificate, the authority's own or signed by it."""
    subject = ["-subj", f"/CN={name}", "-days", "36500", "-nodes", "-newkey", "rsa:2048"]
    made = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    by = [] if authority is None else ["-CA", f"{authority}.pem", "-CAkey", f"{authority}.key"]
    subprocess.run(
        ["openssl", "req", "-x509", *subject, *made, *by],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("openssl") is None:
        pytest.fail("this test makes certificates with openssl")
    folder = tmp_path_factory.mktemp("keys")
    signed(folder, "authority")
    signed(folder, "machine", "authority")
    signed(folder, "stranger")
    return folder


def files(keys: Path, authority: str, name: str) -> list[str]:
    return [
        *("--tls-ca-file", str(keys / f"{authority}.pem")),
        *("--tls-cert", str(keys / f"{name}.pem"), "--tls-key", str(keys / f"{name}.key")),
    ]


def test_a_cluster_behind_tls(tmp_path: Path, whole: str, keys: Path) -> None:
    secret = files(keys, "authority", "machine")
    with machines(tmp_path, 1, secret) as made:
        assert made.address.startswith("tls://")
        where = ("--scheduler", made.address)
        assert finish(start(tmp_path, *where, *secret)) == (0, whole, "seed 3\n")
        stranger = files(keys, "stranger", "stranger")
        status, out, err = finish(start(tmp_path, *where, *stranger))
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("hardmax: no scheduler answers at tls://")
        status, out, err = finish(start(tmp_path, *where))
        assert (status, out) == (2, "")
        assert err == "hardmax: tls:// wants --tls-ca-file and --tls-cert\n"


BAD_FILES = {
    "a missing authority": ("--tls-ca-file", "missing.pem", "No such file"),
    "a folder": ("--tls-cert", ".", "Is a directory"),
    "no certificate": ("--tls-cert", "words", "no certificate with its key"),
    "no authority": ("--tls-ca-file", "words", "no certificate in PEM format"),
    "another's key": ("--tls-key", "stranger.key", "no certificate with its key"),
    "a key with a password": ("--tls-key", "locked.key", "without a password"),
}


@pytest.mark.parametrize(("option", "name", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_files_of_tls(keys: Path, option: str, name: str, words: str) -> None:
    (keys / "words").write_text("words")
    locked = ["openssl", "rsa", "-aes128", "-passout", "pass:x", "-in", "machine.key"]
    subprocess.run([*locked, "-out", "locked.key"], cwd=keys, check=True, capture_output=True)
    chosen = {"--tls-ca-file": "authority.pem", "--tls-cert": "machine.pem"}
    chosen |= {"--tls-key": "machine.key"}
    good = tuple(keys / file for file in chosen.values())
    assert security("tls://127.0.0.1:1", good) is not None
    chosen[option] = name
    with pytest.raises(HardmaxError, match=words) as caught:
        security("tls://127.0.0.1:1", tuple(keys / file for file in chosen.values()))
    assert "\n" not in str(caught.value)


def test_files_of_tls_without_tls(keys: Path) -> None:
    assert security("tcp://127.0.0.1:1", (None, None, None)) is None
    with pytest.raises(HardmaxError, match="only an address tls://"):
        security("tcp://127.0.0.1:1", (keys / "authority.pem", None, None))


def test_a_claim_that_no_worker_knows(cluster: Machines) -> None:
    loose = Claim("loose", "…", (), "ours", Verdict.HELD, a_judge)
    with (
        pytest.raises(ValueError, match="no statement is named 'loose'"),
        connected(cluster.address, [loose]),
    ):
        pass


def a_judge(run: Run) -> bool:
    return True


def test_without_the_extra(tmp_path: Path) -> None:
    (tmp_path / "distributed.py").write_text("raise ImportError('No module named distributed')\n")
    done = subprocess.run(
        [sys.executable, "-m", "checks", *USUAL, "--scheduler", "tcp://127.0.0.1:1"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        cwd=tmp_path,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("hardmax: a Dask cluster needs the extra 'cluster': pip install")
    assert done.stderr.count("\n") == 1


# -------------------------------------------------------------------------------- engines


def test_the_engines_agree_unit_by_unit(cluster: Machines) -> None:
    """Every source, all three engines, equal results."""
    claims = [find(name) for name in NAMES]
    units = divide(60, 8)
    with connected(cluster.address, claims) as engine:
        assert isinstance(engine, Cluster)
        found = [
            sorted(
                (result for some in each.results(units, claims, 500) for result in some),
                key=lambda result: result.unit.place,
            )
            for each in (InProcess(), Processes(2), engine)
        ]
    assert found[0] == found[1] == found[2]
    assert [result.unit for result in found[0]] == units


def test_local_engines() -> None:
    assert isinstance(local(1), InProcess)
    assert local(3) == Processes(3)
