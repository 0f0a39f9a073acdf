"""The server: a socket, uvicorn, and an end in order.

The socket is bound before anything else, so that a port in use is told at once. The connection
(`Connection`) has what lies below the application: what is not HTTP gets one line as well, nobody
holds a connection open without asking anything, and there are so many connections and no more.
uvicorn tells nothing: its messages might quote what a client sent.
"""

import asyncio
import ipaddress
import json
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import h11
from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from checks.process import SIGNALS
from sentiment.service.engines import Engine
from theory.exact import HardmaxError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # no module of it

SILENT = logging.CRITICAL + 1

IDLE = 10
"""Seconds for which a connection may be silent before its first request, and between two."""

GRACE = 5
"""Seconds for which requests that are under way may go on at the end."""

SOON = 0.01
"""Seconds between two looks whether the server answers."""

MOST_CONNECTIONS = 2_048
"""More than the requests that are at work, wait or are on their way."""

OWN_FILES = 128
"""Open files that are no connections."""

LONGEST_HEAD = 2**15
"""Octets of a request's line and headers."""


def _most_connections() -> int:
    """As many as this process may open files for."""
    if resource is None:
        return MOST_CONNECTIONS
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_CONNECTIONS if files < 0 else max(1, min(MOST_CONNECTIONS, files - OWN_FILES))


@contextmanager
def _files() -> Iterator[None]:
    """Within, this process may open files for all connections, as far as the system lets it."""
    if resource is None:
        yield
        return
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OWN_FILES
    more = wanted if most < 0 else min(wanted, most)
    raised = 0 <= files < more
    if raised:
        resource.setrlimit(resource.RLIMIT_NOFILE, (more, most))
    try:
        yield
    finally:
        if raised:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))


class Connection(H11Protocol):
    """A client's connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection, or refuse it where there are too many."""
        super().connection_made(transport)
        self._waiting = self.loop.call_later(IDLE, self._unasked)
        if len(self.connections) > _most_connections():
            self._close(503, "too many connections")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._waiting.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._close(400, "not HTTP that is read")

    def _unasked(self) -> None:
        if self.cycle is None:
            self._close(408, "no request came")

    def _close(self, status: int, words: str) -> None:
        """One line, and the end."""
        if self.transport.is_closing():
            return
        body = json.dumps({"error": words}).encode() + b"\n"
        phrase = {400: "Bad Request", 408: "Request Timeout"}.get(status, "Service Unavailable")
        head = (
            f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE, h11.ERROR):
            self.transport.write(head.encode() + body)
        self.transport.close()


class _Quiet(Server):
    """A server that leaves signals to `run`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A socket at that place; port 0 is any that is free. Raises `HardmaxError`."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no name of a machine"
        raise HardmaxError(f"--host {host}: {reason}") from None
    # asyncio sends small packets at once (TCP_NODELAY) where a socket knows that it is TCP.
    opened = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(place)
        opened.listen()
    except OSError as error:
        opened.close()
        raise HardmaxError(f"{host}:{port}: {error.strerror or error}") from None
    return opened


def address(opened: socket.socket) -> str:
    """The socket's place as a URL."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(opened: socket.socket) -> bool:
    """Whether this machine alone reaches it."""
    return ipaddress.ip_address(opened.getsockname()[0].partition("%")[0]).is_loopback


def run(app: ASGIApp, engine: Engine, opened: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C, SIGTERM or SIGHUP; `ready` is called when requests are answered.

    Requests that are under way are answered; a second signal ends them. Signals that are ignored
    stay so. Raises `HardmaxError` where the engine cannot be started.
    """
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(SILENT)
    try:
        with _files():
            asyncio.run(_served(app, engine, opened, ready))
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


async def _served(
    app: ASGIApp, engine: Engine, opened: socket.socket, ready: Callable[[], None]
) -> None:
    server = _Quiet(
        Config(
            app,
            http=Connection,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=IDLE,
            timeout_graceful_shutdown=GRACE,
            h11_max_incomplete_event_size=LONGEST_HEAD,
        )
    )
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    heard = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]

    def leave(*_: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    before = {number: signal.signal(number, leave) for number in heard}
    telling = asyncio.ensure_future(_once_started(server, ready))
    try:
        await engine.start()
        await server.serve(sockets=[opened])
    finally:
        telling.cancel()
        await engine.stop()
        for number, usual in before.items():
            signal.signal(number, usual)


async def _once_started(server: Server, ready: Callable[[], None]) -> None:
    while not server.started:
        await asyncio.sleep(SOON)
    ready()
