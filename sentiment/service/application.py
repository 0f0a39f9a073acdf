"""The application: its routes, and the guards that every request passes (Starlette).

*Guards.* The name in the header Host is one of ours, so that no page of another site reaches a
service on this machine by a name of its own (DNS rebinding). The body is counted while it comes,
whatever its length is said to be (`sentiment.service.bodies`). Only a request whose body is there
takes a turn, or waits for one (`sentiment.service.turns`), and the whole of it has so many seconds.
There is no CORS: pages of other sites read no answer.

*Refusals.* Every error is ``{"error": "…"}``, one line. A refusal is sent at once. What still comes
of the body is dropped for some seconds, and then the connection closed: a client that goes on
sending would not read an answer on a connection that was closed before.
"""

import asyncio
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.pages import SCRIPTS
from sentiment.service.answers import HTML, Answer, Job
from sentiment.service.bodies import Bodies, Body
from sentiment.service.engines import Engine
from sentiment.service.form import form
from sentiment.service.openapi import document
from sentiment.service.requests import FORM, JSON, Bounds, Refused
from sentiment.service.turns import Turns

LOOPBACK = frozenset({"localhost", "localhost.localdomain", "ip6-localhost"})
"""Names of this machine that are no addresses."""

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'unsafe-inline'; {SCRIPTS}; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""On every answer. Pages have their style and their one script with them, and nothing else runs."""


WORDS = {404: "there is no such path", 405: "this path is for another method"}
"""What a router refuses, by status."""


@dataclass(frozen=True)
class Hosts:
    """Which names a request may say that it was sent to.

    Loopback names and addresses; `names`, without a port; and, if `open`, every address, since
    rebinding needs a name.
    """

    names: frozenset[str] = field(default_factory=frozenset)
    open: bool = False

    def __contains__(self, header: object) -> bool:
        if not isinstance(header, str):
            return False
        name = header.rpartition(":")[0] if _has_port(header) else header
        name = name.lower().rstrip(".")
        if name in LOOPBACK or name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return self.open or address.is_loopback


def _has_port(header: str) -> bool:
    end = header.rpartition(":")[2]
    return ":" in header and end.isdecimal() and not header.endswith("]")


def application(
    engine: Engine, bounds: Bounds, told: Mapping[str, Any], hosts: Hosts | None = None
) -> ASGIApp:
    """The service of an engine that is started; `told` is what /health says."""
    turns = Turns(bounds)

    async def asking(kind: str, request: Request) -> Response:
        media = _media(request, (JSON, FORM) if kind == "page" else (JSON,))
        job = Job(kind, media, await request.body())
        async with turns.turn():
            return _response(await engine.answer(job))

    def route(path: str, kind: str) -> Route:
        async def endpoint(request: Request) -> Response:
            return await asking(kind, request)

        return Route(path, endpoint, methods=["POST"], name=kind)

    def fixed(path: str, answer: Answer) -> Route:
        async def endpoint(request: Request) -> Response:
            return _response(answer)

        return Route(path, endpoint, methods=["GET"], name=path)

    router = Router(
        [
            fixed("/", Answer(200, HTML, form(told["model"], bounds).encode())),
            fixed("/health", Answer.of(dict(told))),
            fixed("/openapi.json", Answer.of(document(bounds, told))),
            route("/predict", "predict"),
            route("/explain", "explain"),
            route("/explain/page", "page"),
        ],
        redirect_slashes=False,
    )
    return Guard(router, bounds, hosts or Hosts())


def _media(request: Request, wanted: Sequence[str]) -> str:
    """The media type of the body. Raises `Refused` for another one, and for a packed body."""
    given = request.headers.get("content-type", "")
    media, _, parameters = given.partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() not in wanted or charset not in ("", "utf-8", "utf8"):
        raise Refused(415, f"the header Content-Type: {' or '.join(wanted)} was wanted, in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "a packed body is not taken")
    return media.strip().lower()


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, media_type=answer.media)


@dataclass(frozen=True)
class _Refusal:
    """A status of HTTP and why, with further headers."""

    status: int
    words: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Guard:
    """The guards around an application."""

    def __init__(self, app: ASGIApp, bounds: Bounds, hosts: Hosts) -> None:
        self._app, self._bounds, self._hosts = app, bounds, hosts
        self._bodies = Bodies(bounds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = self._bodies.body(scope, receive)
        reply = _Reply(send)
        try:
            refusal = await self._refusal(scope, body, reply)
        finally:
            body.close()
        # Where an exception is still at hand, so is what was read of the body.
        if refusal is not None:
            await reply.refuse(refusal, body)

    async def _refusal(self, scope: Scope, body: Body, reply: "_Reply") -> _Refusal | None:
        """Let the application answer; what is to be said instead, if it does not."""
        try:
            async with asyncio.timeout(self._bounds.seconds):
                self._check(scope)
                body.check()
                # Within an "app" a router raises what it refuses, where it would answer it else.
                inside = {**scope, "app": self}
                await self._app(inside, body.receive, reply.send)
        except TimeoutError:
            late = f"within {self._bounds.seconds:g} s"
            if body.complete:
                return _Refusal(503, f"no answer {late}: ask for less")
            return _Refusal(408, f"the body did not come {late}")
        except Refused as error:
            return _Refusal(error.status, error.words)
        except HTTPException as error:
            words = WORDS.get(error.status_code, "the request is refused")
            return _Refusal(error.status_code, words, error.headers or {})
        except Exception as error:  # a fault of ours: it is told without a traceback
            return _Refusal(500, f"internal error ({type(error).__name__})")
        return None

    def _check(self, scope: Scope) -> None:
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or named[0] not in self._hosts:
            raise Refused(421, "the header Host names another machine than this service")


class _Reply:
    """An answer under way, with the headers that all have."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = False

    async def send(self, message: Message) -> None:
        """Hand on a message of the application."""
        if message["type"] == "http.response.start":
            self._begun = True
            own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", ()), *own]}
        await self._send(message)

    async def refuse(self, refusal: _Refusal, body: Body) -> None:
        """Send an error instead, while nothing is sent yet."""
        if self._begun:
            return
        answer = Answer.error(refusal.status, refusal.words)
        headers = [
            (b"content-type", answer.media.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in refusal.headers.items()),
        ]
        if refusal.status == 503:
            headers.append((b"retry-after", b"1"))
        if not body.complete:
            headers.append((b"connection", b"close"))
        start = {"type": "http.response.start", "status": refusal.status, "headers": headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": answer.body, "more_body": True})
        await body.drop()
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
