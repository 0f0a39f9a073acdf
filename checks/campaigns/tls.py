"""TLS for clusters: the three files with which a scheduler at ``tls://`` is spoken to.

Whatever is wrong with a file is found before anything is connected. Needs the extra ``cluster``.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from theory import HardmaxError
from theory.files.sources import display_name

if TYPE_CHECKING:
    from distributed.security import Security

OPTIONS = ("--tls-ca-file", "--tls-cert", "--tls-key")
"""Of the authority that both sides trust, of this side's certificate, and of its key."""

SECURE = ("tls", "wss")
"""The protocols that want them."""

Files = tuple[Path | None, Path | None, Path | None]


def security(address: str, files: Files) -> "Security | None":
    """How to speak to the scheduler at `address`; files that are not given are Dask's settings.

    Raises `HardmaxError` where a file is missing or is no certificate or key, and where files are
    given to a protocol without TLS.
    """
    from distributed.security import Security

    secure = address.partition("://")[0] in SECURE
    given = {option: file for option, file in zip(OPTIONS, files, strict=True) if file is not None}
    if not secure:
        for option, file in given.items():
            raise HardmaxError(f"{option} {display_name(file)}: only an address tls://… wants it")
        return None
    names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
    chosen = {n: str(file) for n, file in zip(names, files, strict=True) if file is not None}
    try:
        settings = Security(require_encryption=True, **chosen)
    except (ValueError, TypeError, OSError) as error:
        raise HardmaxError(f"Dask's settings of TLS: {error}") from None
    wanted = dict(zip(OPTIONS, (getattr(settings, name) for name in names), strict=True))
    missing = [option for option in OPTIONS[:2] if not wanted[option]]
    if missing:
        raise HardmaxError(f"{address.partition('://')[0]}:// wants {' and '.join(missing)}")
    _look(wanted)
    return settings


def _look(wanted: Mapping[str, str | None]) -> None:
    """Raise `HardmaxError` unless TLS can use the files."""
    for option, file in wanted.items():
        if file is not None and "\n" not in file:  # Dask's settings may hold the text itself
            try:
                Path(file).read_bytes()
            except OSError as error:
                name = display_name(file)
                raise HardmaxError(f"{option} {name}: {error.strerror or error}") from None
    ca, cert, key = (wanted[option] for option in OPTIONS)
    if any(file is not None and "\n" in file for file in (ca, cert, key)):
        return
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(ca)
    except ssl.SSLError:
        name = display_name(ca or "")
        raise HardmaxError(f"{OPTIONS[0]} {name}: no certificate in PEM format") from None
    try:
        context.load_cert_chain(cert or "", key, password=lambda: b"")
    except (ssl.SSLError, ValueError) as error:
        names = " and ".join(display_name(file) for file in (cert, key) if file is not None)
        cause = getattr(error, "reason", None) or str(error)
        raise HardmaxError(
            f"{names}: no certificate with its key in PEM format, without a password ({cause})"
        ) from None
