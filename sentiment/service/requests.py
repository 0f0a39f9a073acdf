"""What a request says: one text or several, in JSON or from a form, within bounds.

`asked` takes the body's octets to texts, or raises `Refused` with the status of HTTP and one line
of why. JSON is read strictly: UTF-8, no repeated keys, no NaN, nothing but the keys that are known.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from checks.cli.words import printable
from theory.exact import HardmaxError, shorten

JSON, FORM = "application/json", "application/x-www-form-urlencoded"

MOST_WORDS = 300
"""Characters of an error's line."""


@dataclass(frozen=True)
class Bounds:
    """What one request may ask for, and what all of them together may.

    characters : of a text. texts : of a request. octets : of its body. seconds : until its answer.
    requests : at work or waiting at one time. layers : of an explanation; None for those of
    `theory.settle`.
    """

    characters: int = 20_000
    texts: int = 1_000
    octets: int = 4_000_000
    seconds: float = 10.0
    requests: int = 1_024
    layers: int | None = None


class Refused(Exception):
    """A request that is not answered: the status of HTTP, and why, in one line."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(printable(words)[:MOST_WORDS])
        self.status = status

    @property
    def words(self) -> str:
        """Why."""
        return str(self.args[0])


@dataclass(frozen=True)
class Asked:
    """The texts of a request; `several` tells whether they came as a list, which may have one."""

    texts: tuple[str, ...]
    several: bool


def asked(body: bytes, kind: str, bounds: Bounds) -> Asked:
    """The texts that a body of that media type has. Raises `Refused`.

    >>> asked(b'{"texts": ["good", "bad"]}', JSON, Bounds())
    Asked(texts=('good', 'bad'), several=True)
    >>> asked(b"text=so+good", FORM, Bounds()).texts
    ('so good',)
    """
    try:
        words = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "the body is not UTF-8") from None
    content = _form(words) if kind == FORM else _json(words)
    if set(content) == {"text"}:
        return Asked((_text("text", content["text"], bounds),), False)
    if set(content) != {"texts"}:
        have = ", ".join(shorten(repr(key)) for key in list(content)[:4]) or "none"
        raise Refused(422, f'one of the keys "text" and "texts" was wanted; there are {have}')
    texts = content["texts"]
    if not isinstance(texts, list) or not texts:
        raise Refused(422, '"texts" is no list of strings' if texts != [] else '"texts" is empty')
    if len(texts) > bounds.texts:
        raise Refused(413, f"{len(texts):,} texts; at most {bounds.texts:,} are taken at a time")
    return Asked(tuple(_text(f"text {k}", text, bounds) for k, text in enumerate(texts)), True)


def _text(name: str, text: object, bounds: Bounds) -> str:
    if not isinstance(text, str):
        kinds = {bool: "a boolean", dict: "an object", list: "a list", type(None): "null"}
        raise Refused(422, f"{name} is {kinds.get(type(text), 'a number')}; a string was wanted")
    if len(text) > bounds.characters:
        raise Refused(
            413, f"{name} has {len(text):,} characters; at most {bounds.characters:,} are taken"
        )
    if not text.strip():
        raise Refused(422, f"{name} is empty")
    if "\0" in text:
        raise Refused(422, f"{name} has a null character, and so is no text")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Refused(422, f"{name} has half of a surrogate pair, and so is no Unicode")
    return text


def _form(words: str) -> Mapping[str, Any]:
    """The fields of a form."""
    try:
        pairs = parse_qsl(
            words, keep_blank_values=True, strict_parsing=bool(words), errors="strict",
            max_num_fields=10,
        )  # fmt: skip
    except ValueError:
        raise Refused(400, "the body is not that of a form") from None
    return _once(pairs)


def _json(words: str) -> Mapping[str, Any]:
    """The object that a body has."""
    try:
        content = json.loads(words, object_pairs_hook=_once, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise Refused(400, f"not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise Refused(400, "not JSON that is read: nested too deep") from None
    except ValueError:  # Python's own bound on the digits of an integer
        raise Refused(400, "not JSON that is read: a number is too long") from None
    if not isinstance(content, dict):
        raise Refused(422, 'an object with the key "text" or "texts" was wanted')
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise Refused(400, "a key is there twice")
    return content


def _constant(name: str) -> NoReturn:
    raise Refused(400, f"not JSON: {name} is no number of JSON")


def refusal(error: HardmaxError) -> Refused:
    """What is wrong with a text, as the model says it."""
    return Refused(422, str(error))
