"""What a model answers: predictions, explanations and pages, as octets with a status of HTTP.

`answer` is a function of the model, the bounds and the `Job` alone: it keeps nothing, and whatever
goes wrong becomes one line of JSON, ``{"error": "…"}``, that tells no more than the client sent.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checks.process import version
from sentiment.classifier import SentimentClassifier
from sentiment.deletion import deletions
from sentiment.explanation import Explanation, explain, plain
from sentiment.pages import page
from sentiment.provenance import Provenance
from sentiment.service.requests import JSON, Asked, Bounds, Refused, asked, refusal
from theory import HardmaxError, Undecided

HTML = "text/html; charset=utf-8"

UNKNOWN = "no word of the text is known: the prior of the training texts decides"
"""Why a prediction is none of the text's."""


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


def answer(model: SentimentClassifier, bounds: Bounds, job: Job) -> Answer:
    """The answer, whatever happens."""
    try:
        return KINDS[job.kind](model, bounds, asked(job.body, job.media, bounds))
    except Refused as error:
        return Answer.error(error.status, error.words)
    except HardmaxError as error:
        return Answer.error(422, refusal(error).words)
    except MemoryError:
        return Answer.error(503, "not enough memory for this request")
    except Exception as error:  # a fault of ours: no client is shown a traceback
        return Answer.error(500, f"internal error ({type(error).__name__})")


def predicted(model: SentimentClassifier, bounds: Bounds, given: Asked) -> Answer:
    """The label and the probabilities of each text."""
    known = model.known(given.texts)
    names = [str(label) for label in model.classes_]
    labels = [plain(label) for label in model.classes_]
    first = int(labels[0] == plain(model.positive_))
    told = [
        {
            "label": labels[_greater(row, first)],
            "probabilities": dict(zip(names, row, strict=True)),
            "cannot_tell": None if has else UNKNOWN,
        }
        for row, has in zip(model.predict_proba(given.texts).tolist(), known.tolist(), strict=True)
    ]
    return Answer.of({"predictions": told} if given.several else told[0])


def _greater(row: list[float], first: int) -> int:
    """The class of the greater probability; of two equal ones that which is not positive."""
    return int(row[1] > row[0] or (row[1] == row[0] and first == 1))


def explained(model: SentimentClassifier, bounds: Bounds, given: Asked) -> Answer:
    """The explanation of each text, as `hardmax sentiment explain --json` has it.

    But for what is said without a word, for which the text is read again word by word.
    """
    told = [
        _explanation(model, bounds, text, f"text {k}: " if given.several else "").as_dict()
        for k, text in enumerate(given.texts)
    ]
    return Answer.of({"explanations": told} if given.several else told[0])


def shown(model: SentimentClassifier, bounds: Bounds, given: Asked) -> Answer:
    """The page of one text, as `hardmax sentiment explain --html` writes it."""
    if len(given.texts) > 1:
        raise Refused(422, f"{len(given.texts)} texts; a page shows one")
    told = _explanation(model, bounds, given.texts[0], "")
    return Answer(200, HTML, page(told, deletions(model, told)).encode())


def _explanation(model: SentimentClassifier, bounds: Bounds, text: str, place: str) -> Explanation:
    try:
        told = explain(model, text, bounds.layers)
    except HardmaxError as error:
        raise Refused(422, f"{place}{error}") from None
    if isinstance(told, Undecided):
        raise Refused(422, f"{place}undecided after {told.layers} layers: {told.reason}")
    return told


Answering = Callable[[SentimentClassifier, Bounds, Asked], Answer]

KINDS: Mapping[str, Answering] = {"predict": predicted, "explain": explained, "page": shown}
"""What may be asked for."""


def described(
    model: SentimentClassifier, name: str, trained_on: Provenance | None, bounds: Bounds
) -> dict[str, Any]:
    """What a model is, and what one request may ask of it: for /health."""
    training = None
    if trained_on is not None:
        training = {key: getattr(trained_on, key) for key in ("name", "texts", "seed", "hold_out")}
    return {
        "model": name,
        "version": version(),
        "trained_on": training,
        "labels": [plain(label) for label in model.classes_],
        "positive": plain(model.positive_),
        "depth": model.depth,
        "features": len(model.vocabulary_),
        "limits": vars(bounds),
    }
