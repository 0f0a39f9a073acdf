"""Turns: so many requests are at work at one time, and the others wait for theirs, in order.

They wait for nine tenths of their time at most. The last tenth is left for the work, since a worker
whose request runs out of time is ended (`sentiment.service.engines`).
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sentiment.service.requests import Bounds, Refused

AT_WORK = 64
"""Requests at work at one time: as many as there can be workers."""

SHARE = 0.9
"""How much of its time a request may wait."""


class Turns:
    """Turns of all requests: at work or waiting are at most `bounds.requests`."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._free = asyncio.Semaphore(min(AT_WORK, bounds.requests))
        self._requests = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """At work within. Raises `Refused` for whoever gets no turn."""
        most, longest = self._bounds.requests, SHARE * self._bounds.seconds
        if self._requests >= most:
            raise Refused(503, f"{most} requests are at work: try again later")
        self._requests += 1
        try:
            try:
                async with asyncio.timeout(longest):
                    await self._free.acquire()
            except TimeoutError:
                late = f"all were at work for {longest:g} s: try again later"
                raise Refused(503, late) from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._requests -= 1
