"""The service: latency and throughput by HTTP, against the model called in this process.

A model is trained on the training part of Rotten Tomatoes, and asked about held-out reviews. The
service is a process of its own with its workers; clients are threads of this one, with a
connection each, so that all of them share the machine. Each row is measured in rounds that take
turns with the model called directly, and a ratio is the median of the ratios of neighbours.
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlsplit

from sentiment import SentimentClassifier, downloads, explain, saving, sources
from sentiment.about import About
from sentiment.explanation import Explanation
from sentiment.service.answers import Job, Served, answer
from sentiment.service.requests import JSON, Bounds

ROUNDS = 5
WORKERS = (1, 2)
BATCH = 500
"""Texts of a request of many."""

BAD = (
    (b"{", 400),
    (b'{"text": NaN}', 400),
    (b'{"texts": []}', 422),
    (b'{"text": "a\\u0000b"}', 422),
    (b'{"text": ' + b"[" * 50_000, 400),
    (b'{"text": "' + b"a" * 30_000 + b'"}', 413),
    (b"\xff\xfe", 400),
)
"""Bodies that are refused, and with which status."""

SLOW_TEXTS = 1000
"""Texts of the one request that is explained while others are asked."""


@dataclass(frozen=True)
class Load:
    """Requests: to a path, with bodies of so many texts each, from so many clients."""

    name: str
    path: str
    bodies: tuple[bytes, ...]
    clients: int
    texts: int
    bad: bool = False


@dataclass(frozen=True)
class Measured:
    """Seconds of each good request, and of all requests from the first to the last."""

    latencies: tuple[float, ...]
    seconds: float

    def rate(self, texts: int) -> float:
        """Texts a second."""
        return len(self.latencies) * texts / self.seconds


def main() -> str:
    """The page."""
    with TemporaryDirectory() as folder:
        model, texts = trained(Path(folder, "model"))
        loads = [*offered(texts)]
        lines = [*head(model, texts), ""]
        for count in WORKERS:
            with serving(Path(folder, "model"), count) as url:
                lines += [f"## {count} worker{'s' if count > 1 else ''}", "", *names()]
                lines += [row(load, model, texts, url) for load in loads]
                if count > 1:
                    lines.append(beside(loads[0], url, texts))
                lines.append("")
    return "\n".join(lines)


def trained(place: Path) -> tuple[SentimentClassifier, list[str]]:
    """The model, which is saved, and reviews that it was not trained on."""
    source = sources.SOURCES["rotten-tomatoes"]
    downloads.fetch(source, None)
    train = [sys.executable, "-m", "checks", "sentiment", "train", "rotten-tomatoes"]
    subprocess.run([*train, "--out", str(place)], check=True, stdout=subprocess.DEVNULL)
    model, trained_on = saving.load(place)
    if trained_on is None:
        raise SystemExit("the model does not know what it was trained on")
    corpus = downloads.load(source, None)
    held = corpus.part(~trained_on.seen(corpus.texts))
    return model, list(held.texts[:2000])


def offered(texts: Sequence[str]) -> Iterator[Load]:
    """The loads."""
    single = tuple(json.dumps({"text": text}).encode() for text in texts[:200])
    starts = range(0, len(texts) - BATCH + 1, BATCH)
    many = tuple(json.dumps({"texts": texts[k : k + BATCH]}).encode() for k in starts)
    for clients in (1, 8):
        yield Load("predict one text", "/predict", single, clients, 1)
    for clients in (1, 4):
        yield Load(f"predict {BATCH} texts", "/predict", many, clients, BATCH)
    for clients in (1, 8):
        yield Load("explain one text", "/explain", single, clients, 1)
    yield Load("the page of one text", "/explain/page", single[:100], 4, 1)
    yield Load("predict one text, every other request bad", "/predict", single, 8, 1, bad=True)


def head(model: SentimentClassifier, texts: Sequence[str]) -> list[str]:
    """What the model does without a service, in processor time of one core."""

    def rate(work: Callable[[], int]) -> float:
        rates = []
        for _ in range(ROUNDS):
            start = process_time()
            done = work()
            rates.append(done / (process_time() - start))
        return median(rates)

    predicted = rate(lambda: len(model.predict_proba(texts)))
    served = Served(model, About("model", "", None, None, ""), Bounds())
    many = Job("predict", JSON, json.dumps({"texts": texts[:BATCH]}).encode())
    answered = rate(lambda: BATCH * (answer(served, many).status == 200))
    explained = rate(lambda: sum(map(bool, (explained_as_json(model, x) for x in texts[:300]))))
    words = sum(len(text.split()) for text in texts) / len(texts)
    return [
        "# The service: latency and throughput by HTTP, against the model called directly",
        "",
        f"Rotten Tomatoes, reviews of {words:.0f} words on the mean that the model was not trained "
        f"on. In processor time of one core, without a service: {predicted:,.0f} predictions a "
        f"second at depth {model.depth}, {answered:,.0f} as the service answers them ({BATCH} "
        "texts at a time, each with its cautions, from JSON to JSON), and "
        f"{explained:,.0f} explanations a second as JSON, at infinite depth.",
        "",
        "Direct is the same work in one process, in wall time like the service; the clients take "
        "their part of the machine.",
    ]


def explained_as_json(model: SentimentClassifier, text: str) -> str:
    """The explanation of a text as the service answers it."""
    told = explain(model, text)
    return json.dumps(told.as_dict()) if isinstance(told, Explanation) else "undecided"


def names() -> list[str]:
    """The head of a table."""
    return [
        "| requests | clients | p50 | p95 | texts a second | direct | ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]


@contextmanager
def serving(model: Path, workers: int) -> Iterator[str]:
    """The address of the service while it runs."""
    arguments = [sys.executable, "-m", "checks", "sentiment", "serve", str(model), "--port", "0"]
    with subprocess.Popen(
        [*arguments, "--workers", str(workers), "--json", "--seconds", "60"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None:
            raise SystemExit("the service has no output")
        yield json.loads(process.stdout.readline())["url"]
        process.terminate()


def row(load: Load, model: SentimentClassifier, texts: Sequence[str], url: str) -> str:
    """A line of the table."""
    works: dict[str, Callable[[], int]] = {
        "/predict": lambda: len(model.predict_proba(texts[:BATCH])),
        "/explain": lambda: len([explained_as_json(model, text) for text in texts[:100]]),
    }
    work = works.get(load.path)
    run(load, url)
    told, direct, ratios = [], [], []
    for _ in range(ROUNDS):
        measured = run(load, url)
        told.append(measured)
        if work is not None:
            start = perf_counter()
            done = work()
            direct.append(done / (perf_counter() - start))
            ratios.append(measured.rate(load.texts) / direct[-1])
    latencies = [x for measured in told for x in measured.latencies]
    rate = median(measured.rate(load.texts) for measured in told)
    beside = f"{median(direct):,.0f} | {median(ratios):.2f}" if direct else " | "
    return f"| {load.name} | {load.clients} | {spread(latencies)} | {rate:,.0f} | {beside} |"


def beside(load: Load, url: str, texts: Sequence[str]) -> str:
    """Single requests while one of many explanations is under way."""
    slow = json.dumps({"texts": list(texts[:SLOW_TEXTS])}).encode()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: [*asked(url, [("/explain", slow, 200)])])
        told = run(load, url)
        while not waiting.done():
            told = run(load, url)
        waiting.result()
    rate = told.rate(load.texts)
    name = f"{load.name}, while {SLOW_TEXTS} are explained"
    return f"| {name} | {load.clients} | {spread(told.latencies)} | {rate:,.0f} | | |"


def spread(latencies: Sequence[float]) -> str:
    """The median and the 95th percentile in milliseconds."""
    return f"{median(latencies) * 1e3:.1f} ms | {quantiles(latencies, n=20)[-1] * 1e3:.1f} ms"


def run(load: Load, url: str) -> Measured:
    """All requests of a load, once for each client."""
    requests: list[tuple[str, bytes, int]] = [(load.path, body, 200) for body in load.bodies]
    if load.bad:
        requests = [
            request
            for k, good in enumerate(requests)
            for request in (good, (load.path, *BAD[k % len(BAD)]))
        ]
    start = perf_counter()
    with ThreadPoolExecutor(load.clients) as pool:
        clients = [pool.submit(lambda: [*asked(url, requests)]) for _ in range(load.clients)]
        latencies = [x for client in clients for x in client.result()]
    return Measured(tuple(latencies), perf_counter() - start)


def asked(url: str, requests: Sequence[tuple[str, bytes, int]]) -> Iterator[float]:
    """Seconds of each request that is answered; ends the benchmark where a status is another."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port)
    for path, body, wanted in requests:
        start = perf_counter()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        with connection.getresponse() as answer:
            content: Any = answer.read()
            status = answer.status
        if status != wanted or (status != 200 and list(json.loads(content)) != ["error"]):
            raise SystemExit(f"{path}: status {status} where {wanted} was wanted")
        if status == 200:
            yield perf_counter() - start
    connection.close()
