"""The service under load: slow bodies hold nobody up, and requests wait for their turn."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("starlette")
pytest.importorskip("httpx")

import httpx
from sentences import sentences

from sentiment import SentimentClassifier
from sentiment.about import About
from sentiment.service.answers import Answer, Job, Served, health
from sentiment.service.application import application
from sentiment.service.bodies import Bodies
from sentiment.service.engines import Engine, Here
from sentiment.service.requests import JSON, Bounds, Refused
from sentiment.service.turns import Turns

SMALL = Bounds(characters=60, texts=3, octets=400, seconds=60.0, requests=200)
ABOUT = About("films", "0" * 12, None, None, "0")
GOOD = b'{"text": "good"}'


@pytest.fixture(autouse=True)
def two_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment.service.turns.AT_WORK", 2)


@pytest.fixture(scope="module")
def served() -> Served:
    texts, labels, _ = sentences(120, 1)
    return Served(SentimentClassifier(random_state=0).fit(texts, labels), ABOUT, SMALL)


class Counted:
    """An engine that holds its jobs until it is let go, and counts how many it has at one time."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked = asyncio.Semaphore(0)
        self.now = self.most = 0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def answer(self, job: Job) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        self.asked.release()
        try:
            await self.go.wait()
            await asyncio.sleep(0)
        finally:
            self.now -= 1
        return Answer.of({"octets": len(job.body)})


class Part:
    """A request whose body comes in pieces, each when it is told to."""

    def __init__(self, client: "Client", first: bytes) -> None:
        self._pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self._taken = asyncio.Semaphore(0)
        self._first = first
        self.answer = asyncio.ensure_future(client.post(self._body()))

    async def _body(self) -> AsyncIterator[bytes]:
        yield self._first
        while True:
            self._taken.release()  # what was sent before is with the service
            piece = await self._pieces.get()
            yield piece
            if piece.endswith(b"}"):
                return

    async def send(self, piece: bytes) -> None:
        self._pieces.put_nowait(piece)
        if not piece.endswith(b"}"):
            await self._taken.acquire()

    async def under_way(self) -> "Part":
        await self._taken.acquire()
        return self

    async def end(self) -> httpx.Response:
        await self.send(b'"good"}')
        return await self.answer


class Client:
    """Requests of one service, all in one loop."""

    def __init__(self, served: Served, bounds: Bounds = SMALL, engine: Engine | None = None):
        app: Any = application(engine or Here(served), bounds, health(served, None))
        self._transport = httpx.ASGITransport(app)

    async def post(self, body: Any = GOOD) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=self._transport, base_url="http://localhost"
        ) as client:
            return await client.post("/predict", content=body, headers={"content-type": JSON})

    async def part(self, first: bytes = b'{"text": ') -> Part:
        return await Part(self, first).under_way()


def refused(response: httpx.Response, status: int, *words: str) -> None:
    """One line of JSON, and when to come again if the service is too busy."""
    assert response.status_code == status
    assert response.content.count(b"\n") == 1
    content = response.json()
    assert list(content) == ["error"]
    for word in words:
        assert word in content["error"]
    assert response.headers.get("retry-after") == ("1" if status == 503 else None)


# ----------------------------------------------------------------- bodies that are on their way


def test_bodies_on_their_way_take_no_turn(served: Served) -> None:
    """A hundred clients that have sent a part; others are answered; then these are as well."""

    async def all_of_them() -> tuple[list[int], list[int]]:
        client = Client(served)
        parts = [await client.part() for _ in range(100)]
        between = [(await client.post()).status_code for _ in range(20)]
        return between, [(await part.end()).status_code for part in parts]

    assert asyncio.run(all_of_them()) == ([200] * 20, [200] * 100)


def test_of_too_many_bodies_the_one_at_rest_gives_way(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment.service.bodies.MOST", 3)

    async def four() -> tuple[httpx.Response, list[int], list[int]]:
        client = Client(served)
        first, second, third = [await client.part() for _ in range(3)]
        await first.send(b" ")
        fourth = await client.part()
        lost = await second.answer
        between = [(await client.post()).status_code for _ in range(2)]  # at the bound
        return lost, between, [(await part.end()).status_code for part in (third, first, fourth)]

    lost, between, rest = asyncio.run(four())
    refused(lost, 503, "too much together")
    assert between == [200] * 2
    assert rest == [200] * 3


def test_of_too_many_octets_the_body_at_rest_gives_way(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment.service.bodies.MOST_BODIES", 4)

    async def five() -> tuple[httpx.Response, list[int], httpx.Response]:
        client = Client(served)
        long = b'{"text": ' + b" " * 380
        parts = [await client.part(long) for _ in range(5)]
        lost = await parts[0].answer
        rest = [(await part.end()).status_code for part in parts[1:]]
        return lost, rest, await client.post()

    lost, rest, later = asyncio.run(five())
    refused(lost, 503, "too much together")
    assert rest == [200] * 4
    assert later.status_code == 200


def test_octets_that_wait_are_counted(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no body on its way can give way to it, a new one is refused itself."""
    monkeypatch.setattr("sentiment.service.bodies.MOST_BODIES", 4)

    async def five() -> tuple[httpx.Response, list[int]]:
        engine = Counted()
        client = Client(served, SMALL, engine)
        long = b'{"text": "good"' + b" " * 380 + b"}"
        full = [asyncio.ensure_future(client.post(long)) for _ in range(4)]
        for _ in range(2):
            await engine.asked.acquire()
        last = await client.post(long)
        engine.go.set()
        return last, [(await answer).status_code for answer in full]

    last, full = asyncio.run(five())
    refused(last, 503, "too much together")
    assert full == [200] * 4


def test_a_body_at_rest_is_ended_soon(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment.service.bodies.PAUSE", 0.01)
    monkeypatch.setattr("sentiment.service.bodies.LINGER", 0.01)

    async def one() -> httpx.Response:
        return await (await Client(served).part()).answer

    refused(asyncio.run(one()), 408, "within 0.01 s")


def test_nothing_is_kept_of_bodies(served: Served) -> None:
    async def left() -> tuple[int, int]:
        bodies = Bodies(SMALL)
        sent = iter([{"type": "http.request", "body": b"ab", "more_body": True}])

        async def receive() -> Any:
            try:
                return next(sent)
            except StopIteration:
                await asyncio.sleep(60)

        body = bodies.body({"headers": [(b"content-length", b"50")]}, receive)
        await body.receive()
        waiting = asyncio.ensure_future(body.receive())
        await asyncio.sleep(0)
        during = bodies.octets
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        body.close()
        body.close()
        return during, bodies.octets

    assert asyncio.run(left()) == (2, 0)


# ------------------------------------------------------------------------------------- turns


def test_requests_wait_for_their_turn(served: Served) -> None:
    """A hundred at one time, of which two are at work: all are answered."""

    async def hundred(engine: Counted) -> list[httpx.Response]:
        client = Client(served, SMALL, engine)
        asked = [asyncio.ensure_future(client.post()) for _ in range(100)]
        for _ in range(2):
            await engine.asked.acquire()
        engine.go.set()
        return [await one for one in asked]

    engine = Counted()
    told = asyncio.run(hundred(engine))
    assert [x.status_code for x in told] == [200] * 100
    assert engine.most == 2
    real = asyncio.run(_together(Client(served)))
    assert [x.status_code for x in real] == [200] * 100
    assert len({x.content for x in real}) == 1


async def _together(client: Client) -> list[httpx.Response]:
    return await asyncio.gather(*(client.post() for _ in range(100)))


def test_only_so_many_wait(served: Served) -> None:
    """Two are at work and one waits; the fourth is one too many."""

    async def four() -> tuple[list[int], httpx.Response]:
        engine = Counted()
        client = Client(served, replace(SMALL, requests=3), engine)
        asked = [asyncio.ensure_future(client.post()) for _ in range(4)]
        first, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        (lost,) = first
        engine.go.set()
        return sorted([(await one).status_code for one in asked]), await lost

    statuses, lost = asyncio.run(four())
    assert statuses == [200, 200, 200, 503]
    refused(lost, 503, "3 requests are at work", "try again")


def test_nobody_waits_for_ever() -> None:
    """Whoever gets no turn in time is refused, and takes none from the others."""

    async def three() -> str:
        turns = Turns(Bounds(seconds=0.01))
        async with turns.turn(), turns.turn():
            with pytest.raises(Refused, match=r"all were at work for 0\.009 s") as late:
                async with turns.turn():
                    raise AssertionError("three at work")
        async with turns.turn(), asyncio.timeout(60):
            pass
        assert late.value.status == 503
        return late.value.words

    assert "try again later" in asyncio.run(three())


def test_a_turn_is_given_back_by_those_who_leave(served: Served) -> None:
    async def left() -> int:
        engine = Counted()
        client = Client(served, SMALL, engine)
        asked = [asyncio.ensure_future(client.post()) for _ in range(6)]
        for _ in range(2):
            await engine.asked.acquire()
        for one in asked[:4]:  # two at work, two that wait
            one.cancel()
        engine.go.set()
        return [(await one).status_code for one in asked[4:]].count(200)

    assert asyncio.run(left()) == 2


def test_json_is_as_before(served: Served) -> None:
    """A body that comes octet by octet is the same body."""

    async def both() -> tuple[bytes, bytes]:
        client = Client(served)
        part = await client.part(b"{")
        for octet in GOOD[1:]:
            await part.send(bytes([octet]))
        return (await part.answer).content, (await client.post()).content

    slowly, quickly = asyncio.run(both())
    assert json.loads(slowly) == json.loads(quickly)
