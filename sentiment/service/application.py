"""The application: its routes, and the guards that every request passes (Starlette).

*Guards.* The name in the header Host is one of ours, so that no page of another site reaches a
service on this machine by a name of its own (DNS rebinding). So many requests are at work or wait
at one time, and no more; one whose body is still coming is not counted yet. The body is counted
while it comes, whatever its length is said to be, and the whole request has so many seconds. There
is no CORS: pages of other sites read no answer.

*Refusals.* Every error is ``{"error": "…"}``, one line. A refusal is sent at once. What still comes
of the body is dropped for some seconds, and then the connection closed: a client that goes on
sending would not read an answer on a connection that was closed before.
"""

import asyncio
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sentiment.pages import SCRIPTS
from sentiment.service.answers import HTML, Answer, Job
from sentiment.service.engines import Engine
from sentiment.service.form import form
from sentiment.service.openapi import document
from sentiment.service.requests import FORM, JSON, Bounds, Refused

LINGER = 2.0
"""Seconds for which the rest of a refused body is dropped."""

MOST_BODIES = 32
"""Greatest bodies whose octets all requests together may hold."""

MOST_DIGITS = 18
"""Digits of a length that is read as a number."""

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

    async def asking(kind: str, request: Request) -> Response:
        media = _media(request, (JSON, FORM) if kind == "page" else (JSON,))
        return _response(await engine.answer(Job(kind, media, await request.body())))

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


class Guard:
    """The guards around an application."""

    def __init__(self, app: ASGIApp, bounds: Bounds, hosts: Hosts) -> None:
        self._app, self._bounds, self._hosts = app, bounds, hosts
        self._load = _Load(bounds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _Body(scope, receive, self._load)
        reply = _Reply(send)
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
                await reply.refuse(503, f"no answer {late}: ask for less", body)
            else:
                await reply.refuse(408, f"the body did not come {late}", body)
        except Refused as error:
            await reply.refuse(error.status, error.words, body)
        except HTTPException as error:
            words = WORDS.get(error.status_code, "the request is refused")
            await reply.refuse(error.status_code, words, body, error.headers or {})
        except Exception as error:  # a fault of ours: it is told without a traceback
            words = f"internal error ({type(error).__name__})"
            await reply.refuse(500, words, body)
        finally:
            body.leave()

    def _check(self, scope: Scope) -> None:
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1 or named[0] not in self._hosts:
            raise Refused(421, "the header Host names another machine than this service")


class _Load:
    """What all requests together hold: requests whose body is there, and octets of bodies.

    A body that is still coming is no request at work: who sends slowly keeps nobody else waiting.
    """

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.most = bounds.octets
        self.requests = self.octets = 0

    def check(self) -> None:
        """Raises `Refused` where it is too much."""
        if self.requests > self._bounds.requests:
            raise Refused(503, f"{self._bounds.requests} requests are at work: try again later")
        if self.octets > MOST_BODIES * self.most:
            raise Refused(503, "the bodies of requests are too much together: try again later")


class _Body:
    """A request's body, counted while it comes."""

    def __init__(self, scope: Scope, receive: Receive, load: _Load) -> None:
        headers = dict(scope["headers"])
        self._said: bytes = headers.get(b"content-length", b"0")
        self._receive, self._load = receive, load
        self._octets = 0
        self._at_work = False
        self._complete = self._said == b"0" and b"transfer-encoding" not in headers

    def check(self) -> None:
        """Raises `Refused` for a body that is said to be too long."""
        if not self._said.isdigit():
            raise Refused(400, "the header Content-Length is no number")
        if len(self._said) > MOST_DIGITS or int(self._said) > self._load.most:
            raise self._refused()

    async def receive(self) -> Message:
        """The next message. Raises `Refused` where the body is too long, or breaks off."""
        message = await self._receive()
        if message["type"] == "http.request":
            octets = len(message.get("body", b""))
            self._octets += octets
            self._load.octets += octets
            self._complete = not message.get("more_body", False)
            if self._octets > self._load.most:
                raise self._refused()
            if self._complete and not self._at_work:
                self._at_work = True
                self._load.requests += 1
            self._load.check()
        return message

    def leave(self) -> None:
        """The request is over."""
        self._load.requests -= self._at_work
        self._load.octets -= self._octets

    async def drop(self) -> None:
        """Drop the rest for some seconds."""
        try:
            async with asyncio.timeout(LINGER):
                while not self._complete:
                    message = await self._receive()
                    more = message["type"] == "http.request" and message.get("more_body", False)
                    self._complete = not more
        except TimeoutError:
            pass

    @property
    def complete(self) -> bool:
        """Whether nothing more comes."""
        return self._complete

    def _refused(self) -> Refused:
        return Refused(413, f"the body has more than {self._load.most:,} bytes")


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

    async def refuse(
        self,
        status: int,
        words: str,
        body: _Body,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Send an error instead, while nothing is sent yet."""
        if self._begun:
            return
        answer = Answer.error(status, words)
        headers = [
            (b"content-type", answer.media.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *((name.lower().encode(), value.encode()) for name, value in more.items()),
        ]
        if status == 503:
            headers.append((b"retry-after", b"1"))
        if not body.complete:
            headers.append((b"connection", b"close"))
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": answer.body, "more_body": True})
        await body.drop()
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
