"""`hardmax sentiment serve`: a process of its own, its workers, its end, and bad input."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("uvicorn")

from browser import launched, needs, violations
from commands import Invoke, command, environment, refused
from processes import wait_until_gone
from sentences import sentences

from sentiment import SentimentClassifier, saving
from sentiment.about import about
from sentiment.cli import serve
from sentiment.service.answers import Answer, Job, Served
from sentiment.service.engines import Here, Workers
from sentiment.service.requests import JSON, Bounds, Refused
from sentiment.service.server import address, bound, is_loopback

SECRET = "superb zyxsecret"
MANY = json.dumps({"texts": [f"{' '.join(sentences(12, k)[0])}" for k in range(999)]}).encode()
"""More than a worker explains in three seconds."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts, labels, _ = sentences(120, 1)
    path = tmp_path_factory.mktemp("serve") / "films"
    saving.save(SentimentClassifier(random_state=0).fit(texts, labels), path)
    return path


@dataclass
class Running:
    """A service in a process of its own, and what it said when it was ready."""

    process: "subprocess.Popen[str]"
    told: dict[str, Any]

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(
            self.told["url"] + path, body, {"content-type": JSON} | headers
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def raw(self, octets: bytes) -> bytes:
        """What comes back for octets on a connection of their own, to its end."""
        place = urlsplit(self.told["url"])
        with socket.create_connection((place.hostname, place.port)) as connection:
            connection.sendall(octets)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)


@pytest.fixture(scope="module")
def running(model: Path) -> Iterator[Running]:
    options = ("--port", "0", "--workers", "2", "--seconds", "3", "--json")
    arguments = command("sentiment", "serve", str(model), *options)
    with subprocess.Popen(
        arguments, env=environment(), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Running(process, json.loads(line))
        finally:
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate()
            wait_until_gone(process.pid)
        assert (process.returncode, out, err) == (0, "", "")


def test_it_answers(running: Running) -> None:
    assert running.told["url"].startswith("http://127.0.0.1:")
    assert running.told["workers"] == 2
    status, body = running.ask("/predict", json.dumps({"text": SECRET}).encode())
    assert (status, json.loads(body)["label"]) == (200, "good")
    status, body = running.ask("/explain", json.dumps({"text": SECRET}).encode())
    assert (status, json.loads(body)["text"]) == (200, SECRET)
    status, body = running.ask("/explain/page", json.dumps({"text": SECRET}).encode())
    assert status == 200
    assert body.startswith(b"<!DOCTYPE html>")
    assert json.loads(running.ask("/health")[1])["model"]["name"] == "films"


def test_a_slow_request_ends_alone(running: Running) -> None:
    """Its worker is ended and another one started; the other one answers all the time."""
    status, body = running.ask("/explain", MANY)
    assert status == 503
    assert b"within 3 s" in body
    for _ in range(20):
        assert running.ask("/predict", json.dumps({"text": SECRET}).encode())[0] == 200


def test_half_sent_bodies_hold_nobody_up(running: Running) -> None:
    """A hundred connections that say fifty bytes and send one; others are answered meanwhile."""
    place = urlsplit(running.told["url"])
    half = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with ExitStack() as slow:
        for _ in range(100):
            connection = socket.create_connection((place.hostname, place.port))
            slow.enter_context(connection).sendall(half + b"Content-Length: 50\r\n\r\n{")
        for _ in range(20):
            assert running.ask("/predict", json.dumps({"text": SECRET}).encode())[0] == 200
    assert running.ask("/health")[0] == 200


def test_more_than_can_be_at_work_are_answered(running: Running) -> None:
    """Requests of many clients wait for their turn."""
    body = json.dumps({"text": SECRET}).encode()
    with ThreadPoolExecutor(60) as pool:
        told = [*pool.map(lambda _: running.ask("/predict", body)[0], range(100))]
    assert told == [200] * 100


def test_what_is_no_http_gets_a_line(running: Running) -> None:
    for octets in (
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"GET /" + b"a" * 70_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 10 + b"\r\n\r\n",
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\ncontent-type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ):
        head, _, body = running.raw(octets).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert list(json.loads(body)) == ["error"]
        assert body.count(b"\n") == 1
    assert running.ask("/health")[0] == 200


def test_a_client_that_sends_too_much_reads_why(running: Running) -> None:
    status, body = running.ask("/predict", b"a" * 30_000_000)
    assert status == 413
    assert b"4,000,000 bytes" in body
    place = urlsplit(running.told["url"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    connection.request(
        "POST", "/predict", (b"a" * 10**6 for _ in range(20)), {"content-type": JSON},
        encode_chunked=True,
    )  # fmt: skip
    with connection.getresponse() as answer:
        assert answer.status == 413
        assert json.loads(answer.read())["error"].startswith("the body has more")
    connection.close()


def test_connections_are_kept(running: Running) -> None:
    """Good and bad requests in turn on one connection."""
    place = urlsplit(running.told["url"])
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    for body, status in ((b'{"text": "good"}', 200), (b"{", 400), (b'{"text": "bad"}', 200)) * 3:
        connection.request("POST", "/predict", body, {"content-type": JSON})
        with connection.getresponse() as answer:
            assert answer.status == status
            assert answer.read().count(b"\n") == 1
            assert answer.getheader("connection") is None
    connection.close()


@pytest.mark.xdist_group("chromium")
def test_a_person_on_a_phone(running: Running) -> None:
    """The form and what it leads to, under the policy that the service sends."""
    needs("playwright.sync_api", "axe_playwright_python")
    with launched() as chromium:
        page = chromium.new_page(viewport={"width": 390, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(running.told["url"])
        assert violations(page) == {}
        page.get_by_label("The text").fill("a superb film,\nnot dull <script>alert(1)</script>")
        page.get_by_role("button").click()
        page.wait_for_url("**/explain/page")
        assert page.locator("h1").inner_text() == "good"
        assert page.evaluate("document.scrollingElement.scrollWidth") == 390
        page.locator("[data-tip]").first.focus()
        assert page.locator("#tip").inner_text()  # the page's own script runs
        assert complaints == []


def test_ctrl_c_ends_it_too(model: Path) -> None:
    arguments = command("sentiment", "serve", str(model), "--port", "0", "--workers", "1")
    with subprocess.Popen(
        arguments, env=environment(), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().startswith("films: http://127.0.0.1:")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it as well
        assert process.communicate() == ("", "")
    assert process.returncode == 0
    wait_until_gone(process.pid)


# ------------------------------------------------------------------------------- workers


def job(text: str) -> Job:
    return Job("predict", JSON, json.dumps({"text": text}).encode())


def test_workers_answer_as_this_process(model: Path) -> None:
    """Also after one was killed, and after its request was given up."""
    served = Served(saving.load(model)[0], about(model, None), Bounds())

    async def asked() -> list[Answer]:
        workers, here = Workers(served, 1), Here(served)
        await workers.start()
        try:
            told = [await here.answer(job("superb")), await workers.answer(job("superb"))]
            (worker,) = workers._every
            worker.kill()
            with pytest.raises(Refused, match="try again"):
                await workers.answer(job("superb"))
            told.append(await workers.answer(job("superb")))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await workers.answer(Job("explain", JSON, MANY))
            told.append(await workers.answer(job("superb")))
            assert len(workers._every) == 1
        finally:
            await workers.stop()
        assert not workers._every
        return told

    told = asyncio.run(asked())
    assert [x.status for x in told] == [200] * 4
    assert len({x.body for x in told}) == 1


# ----------------------------------------------------------------------------- bad input


def test_bad_input_is_one_line(hardmax: Invoke, model: Path, monkeypatch: Any) -> None:
    with bound("127.0.0.1", 0) as taken:
        port = str(taken.getsockname()[1])
        refused(hardmax("serve", model, "--port", port), f"127.0.0.1:{port}", "in use")
    refused(hardmax("serve", model, "--host", "no.such.host.invalid"), "no.such.host.invalid")
    refused(hardmax("serve", model, "--port", "70000"), "--port")
    refused(hardmax("serve", model, "--port", "0", "--depth", "-1"), "--depth")
    refused(hardmax("serve", model.parent / "none", "--port", "0"), "cannot be read")
    refused(hardmax("serve", model, "--port", "0", "--seconds", "0"), "--seconds")
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    refused(hardmax("serve", model), "starlette", "pip install 'hardmax-theory[sentiment,serve]'")


def test_places() -> None:
    for host, loopback in (("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False)):
        with bound(host, 0) as opened:
            assert is_loopback(opened) == loopback
            assert opened.proto == socket.IPPROTO_TCP  # else each answer waits 40 ms
            assert address(opened).startswith("http://")
