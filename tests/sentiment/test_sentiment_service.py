"""The service: what it answers, what it refuses, and that nobody holds up the others."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("starlette")
pytest.importorskip("httpx")

import httpx
import numpy as np
from jsonschema import Draft202012Validator
from sentences import sentences

from sentiment import SentimentClassifier, explain
from sentiment.about import About
from sentiment.deletion import deletions
from sentiment.explanation import Explanation
from sentiment.pages import page
from sentiment.service import answers
from sentiment.service.answers import KINDS, Answer, Job, Served, answer, health
from sentiment.service.application import Hosts, application
from sentiment.service.bodies import LINGER
from sentiment.service.engines import Engine, Here
from sentiment.service.requests import FORM, JSON, Bounds, Refused, asked

SMALL = Bounds(characters=60, texts=3, octets=400, seconds=5.0, requests=2)
ABOUT = About("films", "0" * 12, None, None, "0")
TEXTS = ["a superb, witty film", "so dull and clumsy", "xyzzy"]


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    texts, labels, _ = sentences(120, 1)
    return SentimentClassifier(random_state=0).fit(texts, labels)


def service(
    model: SentimentClassifier, bounds: Bounds = SMALL, engine: Engine | None = None
) -> Any:
    served = Served(model, ABOUT, bounds)
    return application(engine or Here(served), bounds, health(served, None))


class Client:
    """Requests of one service, one after the other."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        return asyncio.run(self.one(method, path, **more))

    async def one(self, method: str, path: str, **more: Any) -> Any:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)


@pytest.fixture(scope="module")
def client(model: SentimentClassifier) -> Client:
    return Client(service(model))


def refused(response: Any, status: int, *words: str) -> None:
    """One line of JSON with the key error alone."""
    assert response.status_code == status
    assert response.headers["content-type"] == JSON
    assert response.content.count(b"\n") == 1
    assert response.content.endswith(b"\n")
    content = response.json()
    assert list(content) == ["error"]
    assert "Traceback" not in content["error"]
    for word in words:
        assert word in content["error"]


# ------------------------------------------------------------------------------- answers


def test_predictions_are_the_models(client: Client, model: SentimentClassifier) -> None:
    told = client("POST", "/predict", json={"texts": TEXTS})
    assert told.status_code == 200
    predictions = told.json()["predictions"]
    assert [x["label"] for x in predictions] == model.predict(TEXTS).tolist()
    classes = [str(label) for label in model.classes_]
    rows = [[x["probabilities"][label] for label in classes] for x in predictions]
    assert np.allclose(rows, model.predict_proba(TEXTS), rtol=0, atol=1e-12)
    assert [x["cannot_tell"] is None for x in predictions] == [True, True, False]
    for text, prediction in zip(TEXTS, predictions, strict=True):
        explained = explain(model, text)
        assert isinstance(explained, Explanation)
        assert prediction["cannot_tell"] == explained.cannot_tell
        assert prediction["cautions"] == list(explained.cautions)
    for text, wanted in zip(TEXTS, predictions, strict=True):
        single = client("POST", "/predict", json={"text": text}).json()
        assert single["label"] == wanted["label"]
        assert single["probabilities"] == pytest.approx(wanted["probabilities"])
        several = client("POST", "/predict", json={"texts": [text]}).json()
        assert several == {"predictions": [single]}


def test_explanations_are_those_of_the_command(client: Client, model: SentimentClassifier) -> None:
    told = client("POST", "/explain", json={"texts": TEXTS})
    explained = [explain(model, text) for text in TEXTS]
    wanted = [x.as_dict() for x in explained if isinstance(x, Explanation)]
    assert told.json()["explanations"] == json.loads(json.dumps(wanted))
    assert len(wanted) == len(TEXTS)
    assert client("POST", "/explain", json={"text": TEXTS[0]}).json() == wanted[0]


def test_the_page_is_that_of_the_command(client: Client, model: SentimentClassifier) -> None:
    explained = explain(model, TEXTS[0])
    assert isinstance(explained, Explanation)
    for body in ({"json": {"text": TEXTS[0]}}, {"data": {"text": TEXTS[0]}}):
        told = client("POST", "/explain/page", **body)
        assert told.text == page(explained, deletions(model, explained), ABOUT)
        assert told.headers["content-type"] == "text/html; charset=utf-8"
    refused(client("POST", "/explain/page", json={"texts": TEXTS}), 422, "3 texts")


def test_nothing_comes_from_elsewhere(client: Client) -> None:
    for method, path, more in (
        ("GET", "/", {}),
        ("POST", "/explain/page", {"json": {"text": TEXTS[0]}}),
        ("GET", "/none", {}),
    ):
        told = client(method, path, **more)
        policy = told.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "http" not in policy
        assert policy.count("script") == 1
        assert "script-src 'sha256-" in policy
        assert told.text.count("<script") == (path == "/explain/page")
        assert "http://" not in told.text
        assert "access-control-allow-origin" not in told.headers
        assert told.headers["cache-control"] == "no-store"


def test_health_tells_the_model(client: Client, model: SentimentClassifier) -> None:
    told = client("GET", "/health").json()
    assert told["status"] == "ok"
    assert told["model"]["name"] == "films"
    assert told["labels"] == model.classes_.tolist()
    assert told["limits"]["texts"] == SMALL.texts
    assert set(told) >= {"trained_on", "positive", "depth"}


def test_answers_are_as_described(client: Client) -> None:
    document = client("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    posts = {
        "/predict": [{"text": TEXTS[0]}, {"texts": TEXTS}],
        "/explain": [{"text": TEXTS[0]}, {"texts": TEXTS}],
    }

    def valid(schema: dict[str, Any], content: Any) -> bool:
        found = {**schema, "components": document["components"]}
        Draft202012Validator.check_schema(found)
        return bool(Draft202012Validator(found).is_valid(content))

    for path, bodies in posts.items():
        post = document["paths"][path]["post"]
        asking = post["requestBody"]["content"][JSON]["schema"]
        for body in bodies:
            told = client("POST", path, json=body)
            schema = post["responses"]["200"]["content"][JSON]["schema"]
            assert valid(asking, body)
            assert valid(schema, told.json())
            assert not valid(schema, {"error": "x"})
        for wrong in ({}, {"text": 1}, {"texts": []}, {"text": "a", "texts": ["a"]}, {"x": "a"}):
            assert not valid(asking, wrong)
            told = client("POST", path, json=wrong)
            described = post["responses"][str(told.status_code)]["content"][JSON]["schema"]
            assert valid(described, told.json())
    for path, ways in document["paths"].items():
        for method in ways:
            body = {"json": {"text": TEXTS[0]}} if method == "post" else {}
            assert client(method.upper(), path, **body).status_code == 200
    health = document["paths"]["/health"]["get"]["responses"]["200"]["content"][JSON]["schema"]
    assert valid(health, client("GET", "/health").json())


# ------------------------------------------------------------------------------ refusals

BAD = {
    "empty": (b"", 400, "not JSON"),
    "cut": (b'{"text": "go', 400, "not JSON"),
    "not UTF-8": (b'{"text": "fin\xe9"}', 400, "UTF-8"),
    "UTF-16": ('{"text": "fine"}'.encode("utf-16"), 400, "UTF-8"),
    "a raw null": (b'{"text": "a\0b"}', 400, "not JSON"),
    "a null": (b'{"text": "a\\u0000b"}', 422, "null character"),
    "half a pair": (b'{"text": "a\\ud800b"}', 422, "surrogate"),
    "not a number": (b'{"text": NaN}', 400, "NaN"),
    "infinity": (b'{"text": -Infinity}', 400, "Infinity"),
    "twice": (b'{"text": "a", "text": "b"}', 400, "twice"),
    "a list": (b'["a"]', 422, "an object"),
    "a string": (b'"a"', 422, "an object"),
    "null itself": (b"null", 422, "an object"),
    "no key": (b"{}", 422, "texts"),
    "both keys": (b'{"text": "a", "texts": ["b"]}', 422, "one of the keys"),
    "more keys": (b'{"text": "a", "depth": 3}', 422, "depth"),
    "a number": (b'{"text": 3}', 422, "a number"),
    "a huge number": (b'{"text": ' + b"9" * 300 + b"}", 422, "a number"),
    "no text": (b'{"text": null}', 422, "null"),
    "a nested text": (b'{"text": ["a"]}', 422, "a list"),
    "no list": (b'{"texts": "a"}', 422, "no list"),
    "an empty list": (b'{"texts": []}', 422, "empty"),
    "a bad member": (b'{"texts": ["a", 3]}', 422, "text 1 is a number"),
    "an empty member": (b'{"texts": ["a", " "]}', 422, "text 1 is empty"),
    "an empty text": (b'{"text": " \\n"}', 422, "text is empty"),
    "too many": (b'{"texts": ["a", "a", "a", "a"]}', 413, "4 texts"),
    "too long": (b'{"text": "' + b"a" * 61 + b'"}', 413, "61 characters"),
    "too many bytes": (b'{"text": "' + b"a" * 400 + b'"}', 413, "400 bytes"),
    "spread": (b'{"text": "a"}' + b" " * 400, 413, "400 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_bodies_are_one_line(client: Client, name: str) -> None:
    body, status, words = BAD[name]
    for path in ("/predict", "/explain", "/explain/page"):
        told = client("POST", path, content=body, headers={"content-type": JSON})
        refused(told, status, words)


def test_good_bodies_at_the_bounds(client: Client) -> None:
    for body in (
        b'{"texts": ["a", "a", "a"]}',
        b'{"text": "' + b"a" * 60 + b'"}',
        b'{"text": "a"}' + b" " * (400 - 13),
        '{"text": "schön 😀"}'.encode(),
        b'{"text": "\\ud83d\\ude00 good"}',
    ):
        told = client("POST", "/predict", content=body, headers={"content-type": JSON})
        assert told.status_code == 200


def test_deep_and_long_bodies_are_refused() -> None:
    large = Bounds(octets=10**7)
    for body in (b'{"text": ' + b"[" * 10**6, b'{"text": ' + b'{"a":' * 10**5):
        with pytest.raises(Refused, match="nested too deep"):
            asked(body, JSON, large)
    with pytest.raises(Refused, match="too long"):
        asked(b'{"text": ' + b"9" * 5000 + b"}", JSON, large)
    for form, words in (
        (b"", "none"), (b"text", "form"), (b"text=%ff", "form"), (b"text=", "empty"),
        (b"text=a&text=b", "twice"), (b"a=b&" * 20 + b"a=b", "form"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            asked(form, FORM, large)
    assert asked(b"text=%C3%A9t%C3%A9", FORM, large).texts == ("été",)


def test_texts_without_a_word(client: Client, model: SentimentClassifier) -> None:
    refused(client("POST", "/explain", json={"text": "..."}), 422, "no word")
    refused(client("POST", "/explain", json={"texts": ["good", "..."]}), 422, "text 1: ")
    told = client("POST", "/predict", json={"text": "..."}).json()
    assert told["cannot_tell"] is not None
    few = Bounds(layers=0)
    long = " ".join(sentences(12, 5)[0])
    told = answer(
        Served(model, ABOUT, few), Job("explain", JSON, json.dumps({"text": long}).encode())
    )
    assert told.status == 200 or (told.status == 422 and b"undecided after" in told.body)


def test_paths_methods_and_media(client: Client) -> None:
    body = {"json": {"text": "good"}}
    refused(client("GET", "/predic"), 404)
    refused(client("POST", "/predict/", **body), 404)
    refused(client("GET", "/docs"), 404)
    told = client("GET", "/predict")
    refused(told, 405)
    assert told.headers["allow"] == "POST"
    refused(client("POST", "/health", **body), 405)
    refused(client("OPTIONS", "/predict"), 405)
    for media in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "",
    ):
        headers = {"content-type": media}
        refused(client("POST", "/predict", content=b'{"text": "good"}', headers=headers), 415)
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    refused(client("POST", "/predict", content=b"x", headers=headers), 415, "packed")
    good = {"content-type": "Application/JSON; charset=UTF-8"}
    told = client("POST", "/predict", content=b'{"text": "good"}', headers=good)
    assert told.status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "LOCALHOST:8000",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.1.2.3",
        "[::1]:8000",
        "[::1]",
    ],
)
def test_names_of_this_machine(client: Client, name: str) -> None:
    assert client("GET", "/health", headers={"host": name}).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "",
     "10.0.0.1", "[2001:db8::1]:80", "127.0.0.1@evil.example", "localhost:evil"],
)  # fmt: skip
def test_other_names_are_refused(client: Client, name: str) -> None:
    refused(client("GET", "/health", headers={"host": name}), 421)


def test_further_names_have_to_be_given() -> None:
    assert "films.example" not in Hosts()
    assert "films.example:80" in Hosts(frozenset({"films.example"}))
    assert "other.example" not in Hosts(frozenset({"films.example"}), True)
    assert "10.0.0.1:80" in Hosts(open=True)
    assert "10.0.0.1" not in Hosts()
    assert None not in Hosts()


# ------------------------------------------------------------------------ time and number


class Slow:
    """An engine that answers once it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked = asyncio.Semaphore(0)
        self.cancelled = 0

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def answer(self, job: Job) -> Answer:
        self.asked.release()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return Answer.of({"done": True})


def test_a_request_over_time_is_refused_alone(model: SentimentClassifier) -> None:
    async def two() -> tuple[Any, Any, int]:
        slow = Slow()
        late = Client(service(model, Bounds(seconds=0.02), slow))
        first = await late.one("POST", "/explain", json={"text": "good"})
        return first, await late.one("GET", "/health"), slow.cancelled

    first, second, cancelled = asyncio.run(two())
    refused(first, 503, "within 0.02 s")
    assert first.headers["retry-after"] == "1"
    assert second.status_code == 200
    assert cancelled == 1


def test_only_so_many_requests_are_at_work(model: SentimentClassifier) -> None:
    async def four() -> tuple[list[Any], Any, Any]:
        slow = Slow()
        some = Client(service(model, SMALL, slow))
        ask = ("POST", "/predict")
        under_way = [asyncio.ensure_future(some.one(*ask, json={"text": "good"})) for _ in "ab"]
        for _ in under_way:
            await slow.asked.acquire()
        third, health = (
            await some.one(*ask, json={"text": "good"}),
            await some.one("GET", "/health"),
        )
        slow.go.set()
        return (
            [*await asyncio.gather(*under_way), await some.one(*ask, json={"text": "a"})],
            third,
            health,
        )

    answered, third, health = asyncio.run(four())
    assert [x.json() for x in answered] == [{"done": True}] * 3
    refused(third, 503, "2 requests are at work")
    assert health.status_code == 200


def test_bodies_that_are_still_coming_keep_nobody_waiting(model: SentimentClassifier) -> None:
    async def all_of_them() -> tuple[Any, list[Any]]:
        some = Client(service(model, SMALL))
        come = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b'{"text": '
            await come.wait()
            yield b'"good"}'

        ask, kind = ("POST", "/predict"), {"content-type": "application/json"}
        slow = [
            asyncio.ensure_future(some.one(*ask, content=slowly(), headers=kind)) for _ in range(9)
        ]
        await asyncio.sleep(0)
        quick = await some.one(*ask, json={"text": "good"})
        for each in slow[2:]:
            each.cancel()
        await asyncio.gather(*slow[2:], return_exceptions=True)
        come.set()
        return quick, await asyncio.gather(*slow[:2])

    quick, slow = asyncio.run(all_of_them())
    assert [x.status_code for x in (quick, *slow)] == [200] * 3


def test_bodies_are_bounded_together(
    model: SentimentClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sentiment.service.bodies.MOST_BODIES", 0)
    told = Client(service(model))("POST", "/predict", json={"text": "good"})
    refused(told, 503, "too much together")


def test_a_body_is_refused_before_it_is_read(client: Client, model: SentimentClassifier) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'{"text": "'
        while taken < 10**6:
            taken += 1
            yield b"a" * 100
            if taken > 6:  # what is dropped is dropped for some seconds only
                await asyncio.sleep(LINGER + 1)

    told = client("POST", "/predict", content=endless(), headers={"content-type": JSON})
    refused(told, 413, "400 bytes")
    assert taken <= 7

    def lying() -> Iterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    headers = {"content-type": JSON, "content-length": "9" * 30}
    told = asyncio.run(_bare(service(model), headers))
    assert told[0]["status"] == 413
    assert (b"connection", b"close") in told[0]["headers"]
    assert told[1]["body"] == b'{"error": "the body has more than 400 bytes"}\n'
    told = asyncio.run(_bare(service(model), headers | {"content-length": "x"}))
    assert told[0]["status"] == 400


async def _bare(app: Any, headers: dict[str, str]) -> list[dict[str, Any]]:
    """The messages that are sent for a request whose body never comes."""
    sent: list[dict[str, Any]] = []
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "method": "POST", "path": "/predict", "query_string": b"",
        "headers": [(b"host", b"localhost"), *pairs],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def test_a_body_that_does_not_come(model: SentimentClassifier, monkeypatch: Any) -> None:
    monkeypatch.setattr("sentiment.service.bodies.LINGER", 0.01)

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"text": '
        await asyncio.sleep(60)
        yield b'"good"}'

    late = Client(service(model, Bounds(seconds=0.02)))
    told = late("POST", "/predict", content=slow(), headers={"content-type": JSON})
    refused(told, 408, "within 0.02 s")


# -------------------------------------------------------------------------------- faults


class Faulty(Slow):
    async def answer(self, job: Job) -> Answer:
        raise ValueError("a secret text")


def test_faults_tell_no_text(model: SentimentClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Client(service(model, SMALL, Faulty()))("POST", "/predict", json={"text": "secret"})
    refused(told, 500, "ValueError")
    assert "secret" not in told.text

    def fault(*_: Any) -> Answer:
        raise MemoryError if told.status_code == 503 else KeyError("secret")

    monkeypatch.setattr(answers, "KINDS", {**KINDS, "predict": fault})
    told = Client(service(model))("POST", "/predict", json={"text": "secret"})
    refused(told, 500, "KeyError")
    assert "secret" not in told.text
    told.status_code = 503
    refused(Client(service(model))("POST", "/predict", json={"text": "secret"}), 503, "memory")


def test_one_request_leaves_nothing_to_the_next(client: Client) -> None:
    first = client("POST", "/explain", json={"text": TEXTS[0]}).content
    client("POST", "/explain", json={"text": TEXTS[1]})
    assert client("POST", "/explain", json={"text": TEXTS[0]}).content == first
