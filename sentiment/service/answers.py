"""What a model answers: predictions, explanations and pages, as octets with a status of HTTP.

`answer` is a function of what is `Served` and of the `Job` alone: it keeps nothing, and whatever
goes wrong becomes one line of JSON, ``{"error": "…"}``, that tells no more than the client sent.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import exp
from types import MappingProxyType
from typing import Any

from sentiment.about import About
from sentiment.classifier import SentimentClassifier
from sentiment.deletion import deletions
from sentiment.explanation import Explanation, explain, plain
from sentiment.judging import judged
from sentiment.pages import page
from sentiment.provenance import Provenance
from sentiment.reading import Feature
from sentiment.service.requests import JSON, Asked, Bounds, Refused, asked, refusal
from theory import HardmaxError, Undecided

HTML = "text/html; charset=utf-8"

GREATEST = 700.0
"""The greatest logit whose exponential is a float."""


@dataclass(frozen=True)
class Job:
    """What is asked for (one of `KINDS`), and the body that asks, of the media type `media`."""

    kind: str
    media: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    """A status of HTTP, the media type, and the body."""

    status: int
    media: str
    body: bytes

    @classmethod
    def of(cls, content: object, status: int = 200) -> "Answer":
        """Content as JSON, in one line."""
        words = json.dumps(content, ensure_ascii=False, allow_nan=False)
        return cls(status, JSON, words.encode() + b"\n")

    @classmethod
    def error(cls, status: int, words: str) -> "Answer":
        """Why there is no other answer."""
        return cls.of({"error": words}, status)


@dataclass(frozen=True, eq=False)
class Served:
    """What is served: a model, which one it is, and what a request may ask of it."""

    model: SentimentClassifier
    about: About
    bounds: Bounds


def answer(served: Served, job: Job) -> Answer:
    """The answer, whatever happens."""
    try:
        return KINDS[job.kind](served, asked(job.body, job.media, served.bounds))
    except Refused as error:
        return Answer.error(error.status, error.words)
    except HardmaxError as error:
        return Answer.error(422, refusal(error).words)
    except MemoryError:
        return Answer.error(503, "not enough memory for this request")
    except Exception as error:  # a fault of ours: no client is shown a traceback
        return Answer.error(500, f"internal error ({type(error).__name__})")


def predicted(served: Served, given: Asked) -> Answer:
    """The label and the probabilities of each text, and how far they are to be relied on.

    Each text is read once.
    """
    model = served.model
    read = [model.reading_.features(text) for text in given.texts]
    bags = model.bags_of(map(_counts, read))
    logits = model.bag_logits(bags)
    second = model.positive_ == model.classes_[1]
    names = [str(label) for label in model.classes_]
    labels = plain(model.negative_), plain(model.positive_)
    told = []
    for text, features, bag, logit in zip(given.texts, read, bags, logits.tolist(), strict=True):
        doubt, cautions = judged(model, text, features, bag, logit)
        positive = 1 / (1 + exp(-max(-GREATEST, min(GREATEST, logit))))
        pair = (1 - positive, positive) if second else (positive, 1 - positive)
        told.append(
            {
                "label": labels[logit > 0],
                "probabilities": dict(zip(names, pair, strict=True)),
                "cannot_tell": doubt,
                "cautions": list(cautions),
            }
        )
    return Answer.of({"predictions": told} if given.several else told[0])


def _counts(features: Iterable[Feature]) -> dict[str, int]:
    """The features with the sums of their saliences."""
    counts: dict[str, int] = {}
    for name, _, _, salience in features:
        counts[name] = counts.get(name, 0) + salience
    return counts


def explained(served: Served, given: Asked) -> Answer:
    """The explanation of each text, as `hardmax sentiment explain --json` has it.

    But for what is said without a word, for which the text is read again word by word.
    """
    told = [
        _explanation(served, text, f"text {k}: " if given.several else "").as_dict()
        for k, text in enumerate(given.texts)
    ]
    return Answer.of({"explanations": told} if given.several else told[0])


def shown(served: Served, given: Asked) -> Answer:
    """The page of one text, as `hardmax sentiment explain --html` writes it."""
    if len(given.texts) > 1:
        raise Refused(422, f"{len(given.texts)} texts; a page shows one")
    told = _explanation(served, given.texts[0], "")
    words = page(told, deletions(served.model, told), served.about)
    return Answer(200, HTML, words.encode())


def _explanation(served: Served, text: str, place: str) -> Explanation:
    try:
        told = explain(served.model, text, served.bounds.layers)
    except HardmaxError as error:
        raise Refused(422, f"{place}{error}") from None
    if isinstance(told, Undecided):
        raise Refused(422, f"{place}undecided after {told.layers} layers: {told.reason}")
    return told


KINDS: Mapping[str, Callable[[Served, Asked], Answer]] = MappingProxyType(
    {"predict": predicted, "explain": explained, "page": shown}
)
"""What may be asked for."""


def health(served: Served, trained_on: Provenance | None) -> dict[str, Any]:
    """What is served, for /health."""
    model = served.model
    training = None
    if trained_on is not None:
        training = {key: getattr(trained_on, key) for key in ("name", "texts", "seed", "hold_out")}
    return {
        "status": "ok",
        "model": served.about.as_dict(),
        "trained_on": training,
        "labels": [plain(label) for label in model.classes_],
        "positive": plain(model.positive_),
        "depth": model.depth,
        "features": len(model.vocabulary_),
        "limits": vars(served.bounds),
    }
