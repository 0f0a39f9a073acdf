"""Engines: who answers the jobs. `Here` is this process, `Workers` are processes of their own.

A job that is given up, since its request ran out of time, goes on in a thread of `Here` until it is
done. A worker at it is ended, and another one takes its place: so is whatever it holds up. What is
answered does not depend on the engine.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, create_subprocess_exec
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sentiment.service.answers import Answer, Job, Served, answer
from sentiment.service.requests import Refused
from sentiment.service.worker import LENGTH, PROGRAM, framed
from theory.exact import HardmaxError

START = 120.0
"""Seconds in which a worker has to be ready."""

PAUSE = 1.0
"""Seconds after which a worker that could not start is started again."""

ROOT = str(Path(__file__).resolve().parents[2])

ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Each worker computes in one thread: there are as many workers as cores."""


class Engine(Protocol):
    """Answers jobs, several at a time if it can."""

    async def start(self) -> None:
        """Be ready. Raises `HardmaxError` where that cannot be."""
        ...

    async def answer(self, job: Job) -> Answer:
        """The answer; whoever cancels it wants none any more."""
        ...

    async def stop(self) -> None:
        """Leave nothing behind."""
        ...


class Here:
    """Answers in threads of this process."""

    def __init__(self, served: Served) -> None:
        self._served = served

    async def start(self) -> None:
        """There is nothing to do."""

    async def answer(self, job: Job) -> Answer:
        """The answer, from a thread."""
        return await asyncio.to_thread(answer, self._served, job)

    async def stop(self) -> None:
        """There is nothing to do."""


class Workers:
    """Answers in `count` processes that have the model each."""

    def __init__(self, served: Served, count: int) -> None:
        self._first = framed(served)
        self._count = count
        self._free: asyncio.Queue[Process] = asyncio.Queue()
        self._every: set[Process] = set()
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start all of them. Raises `HardmaxError` where one cannot be started."""
        try:
            await asyncio.gather(*(self._start() for _ in range(self._count)))
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            await self.stop()
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise HardmaxError(f"a worker cannot be started: {reason}") from None

    async def answer(self, job: Job) -> Answer:
        """The answer of the next worker that is free. Raises `Refused` where that one ends."""
        worker = await self._free.get()
        try:
            told: Answer = await _asked(worker, framed(job))
        except (OSError, asyncio.IncompleteReadError):
            self._replace(worker)
            raise Refused(503, "the worker at this request ended; try again") from None
        except asyncio.CancelledError:
            self._replace(worker)
            raise
        self._free.put_nowait(worker)
        return told

    async def stop(self) -> None:
        """End all of them."""
        for task in [*self._starting]:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(_ended(worker) for worker in [*self._every]))
        self._every.clear()

    def _replace(self, worker: Process) -> None:
        task = asyncio.get_running_loop().create_task(self._start_instead(worker))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start_instead(self, worker: Process) -> None:
        await _ended(worker)
        self._every.discard(worker)
        while True:
            try:
                return await self._start()
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(PAUSE)

    async def _start(self) -> None:
        worker = await create_subprocess_exec(
            sys.executable, "-P", "-c", PROGRAM, ROOT,
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=os.environ | ALONE,
        )  # fmt: skip
        self._every.add(worker)
        try:
            async with asyncio.timeout(START):
                await _asked(worker, self._first)
        except BaseException:
            await _ended(worker)
            self._every.discard(worker)
            raise
        self._free.put_nowait(worker)


async def _asked(worker: Process, frame: bytes) -> Any:
    """What a worker answers to a frame."""
    if worker.stdin is None or worker.stdout is None:
        raise OSError("a worker without pipes")
    worker.stdin.write(frame)
    await worker.stdin.drain()
    head = await worker.stdout.readexactly(LENGTH.size)
    return pickle.loads(await worker.stdout.readexactly(LENGTH.unpack(head)[0]))


async def _ended(worker: Process) -> None:
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.wait()
