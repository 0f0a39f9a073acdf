"""Bodies on their way: counted while they come, so many at one time, and so many octets.

A client that sends slowly costs memory, and nothing else: its request takes no turn
(`sentiment.service.turns`) before its body is there. Bodies on their way are at most `MOST`, and
what is kept of all requests, at work or not, is at most `MOST_BODIES` of the greatest. Beyond that
the body that has been at rest for longest gives way, so that whoever sends at once is heard.
"""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope

from sentiment.service.requests import Bounds, Refused

MOST = 512
"""Bodies on their way at one time."""

MOST_BODIES = 32
"""Greatest bodies whose octets all requests together may hold."""

PAUSE = 3.0
"""Seconds in which something more of a body has to come."""

LINGER = 2.0
"""Seconds for which the rest of a refused body is dropped."""

MOST_DIGITS = 18
"""Digits of a length that is read as a number."""


class Bodies:
    """The bodies of all requests."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._coming: dict[Body, None] = {}  # the one at rest for longest comes first
        self.octets = 0

    def body(self, scope: Scope, receive: Receive) -> "Body":
        """The body of a request."""
        return Body(self, self._bounds, scope, receive)

    def expect(self, body: "Body") -> None:
        """More of it comes: it is the one that was heard last."""
        self._coming[body] = None
        if len(self._coming) > MOST:  # soon: of what is there already nobody has to give way
            asyncio.get_running_loop().call_soon(self._trim)

    def leave(self, body: "Body") -> None:
        """Nothing more of it comes."""
        self._coming.pop(body, None)

    def keep(self, octets: int) -> bool:
        """Whether there is room for further octets, which are counted."""
        most = MOST_BODIES * self._bounds.octets
        while self.octets + octets > most:
            if not self._coming:
                return False
            self._give_way()
        self.octets += octets
        return True

    def _trim(self) -> None:
        while len(self._coming) > MOST:
            self._give_way()

    def _give_way(self) -> None:
        next(iter(self._coming)).give_way()


class Body:
    """A request's body."""

    def __init__(self, bodies: Bodies, bounds: Bounds, scope: Scope, receive: Receive) -> None:
        headers = dict(scope["headers"])
        self._said: bytes = headers.get(b"content-length", b"0")
        self._bodies, self._receive, self._most = bodies, receive, bounds.octets
        self._pause = min(PAUSE, bounds.seconds)
        self._octets = self._kept = 0
        self._rest: asyncio.Timeout | None = None
        self._gave_way = False
        self._complete = self._said == b"0" and b"transfer-encoding" not in headers

    def check(self) -> None:
        """Raises `Refused` for a body that is said to be too long."""
        if not self._said.isdigit():
            raise Refused(400, "the header Content-Length is no number")
        if len(self._said) > MOST_DIGITS or int(self._said) > self._most:
            raise self._too_long()

    async def receive(self) -> Message:
        """The next message. Raises `Refused` where the body is too long, rests or gives way."""
        if self._complete:
            return await self._receive()
        self._bodies.expect(self)
        try:
            async with asyncio.timeout(self._pause) as self._rest:
                message = await self._receive()
        except TimeoutError:
            if self._gave_way:
                raise self._too_many() from None
            late = f"nothing more of the body came within {self._pause:g} s"
            raise Refused(408, late) from None
        finally:
            self._bodies.leave(self)
        if self._gave_way:
            raise self._too_many()
        if message["type"] == "http.request":
            self._count(len(message.get("body", b"")))
            self._complete = not message.get("more_body", False)
        return message

    def give_way(self) -> None:
        """End it, and forget its octets."""
        self._gave_way = True
        self.close()
        if self._rest is not None:
            self._rest.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Its octets are kept no more."""
        self._bodies.leave(self)
        self._bodies.octets -= self._kept
        self._kept = 0

    async def drop(self) -> None:
        """Drop the rest for some seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while not self._complete:
                    message = await self._receive()
                    more = message["type"] == "http.request" and message.get("more_body", False)
                    self._complete = not more

    @property
    def complete(self) -> bool:
        """Whether nothing more comes."""
        return self._complete

    def _count(self, octets: int) -> None:
        self._octets += octets
        if self._octets > self._most:
            raise self._too_long()
        if not self._bodies.keep(octets):
            raise self._too_many()
        self._kept += octets

    def _too_long(self) -> Refused:
        return Refused(413, f"the body has more than {self._most:,} bytes")

    def _too_many(self) -> Refused:
        return Refused(503, "the bodies of requests are too much together: try again later")
