"""Text without its markup, and where each of its characters stood in what was given.

Tags of HTML go; comments, scripts and styles go with all that is in them; entities become what they
stand for, also where a text was escaped twice. A tag of a block, such as ``<br>`` or ``</p>``,
leaves an empty line: the sentence before it ends there. "<3" and "a < b" are no tags.

    Plain  a text without markup; `Plain.given` says which characters of the given text a part was
    plain  strips a text

Written for text that people paste, and not a parser of HTML: an unknown name in angle brackets is a
tag only if it closes or has attributes, and what is never closed hides nothing that comes after.
The time is proportional to the length, whatever the text.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from html import unescape

APOSTROPHES = "‘’‛ʹʻʼʽˈˊˋ´`′‵՚❛❜Ꞌꞌ＇｀\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\x91\x92"
"""What is written for an apostrophe; the last two are those of Windows-1252, read as Latin-1."""

QUOTATION_MARKS = "“”„‟«»″‶＂\x93\x94"
"""What is written for a quotation mark."""

INLINE = frozenset([
    "a",         "abbr",         "acronym",         "b",         "bdi",         "bdo",
    "big",         "cite",         "code",         "data",         "del",         "dfn",
    "em",         "font",         "i",         "img",         "ins",         "kbd",
    "label",         "mark",         "nobr",         "q",         "rp",         "rt",
    "ruby",         "s",         "samp",         "small",         "span",         "strike",
    "strong",         "sub",         "sup",         "time",         "tt",         "u",
    "var",         "wbr",
])  # fmt: skip
"""Tags within a sentence; they leave nothing."""

BLOCK = frozenset([
    "address",         "area",         "article",         "aside",         "audio",
    "base",         "blockquote",         "body",         "br",         "button",
    "canvas",         "caption",         "center",         "col",         "colgroup",
    "dd",         "details",         "dialog",         "dir",         "div",         "dl",
    "dt",         "embed",         "fieldset",         "figcaption",         "figure",
    "footer",         "form",         "frame",         "frameset",         "h1",         "h2",
    "h3",         "h4",         "h5",         "h6",         "head",         "header",
    "hgroup",         "hr",         "html",         "iframe",         "input",
    "legend",         "li",         "link",         "main",         "map",         "menu",
    "meta",         "meter",         "nav",         "noscript",         "object",
    "ol",         "optgroup",         "option",         "output",         "p",
    "param",         "picture",         "pre",         "progress",         "script",
    "section",         "select",         "source",         "style",         "summary",
    "svg",         "table",         "tbody",         "td",         "template",
    "textarea",         "tfoot",         "th",         "thead",         "title",         "tr",
    "track",         "ul",         "video",
])  # fmt: skip
"""Tags that end a sentence."""

HIDDEN = frozenset({"script", "style"})
"""Elements whose content is no text."""

_PIECE = re.compile(
    r"""
      (?P<comment> <!--)
    | (?P<declaration> <[!?][A-Za-z\[][^<>]{0,2000}>)
    | <(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]{0,40})
      (?P<rest>(?: [\s/] (?>="[^"<]{0,2000}" | ='[^'<]{0,2000}' | [^<>]){0,2000})?)>
    | &(?:amp;)?(?: \#[0-9]{1,7}; | \#[xX][0-9A-Fa-f]{1,6}; | [A-Za-z][A-Za-z0-9]{1,31};
      | (?:amp|lt|gt|quot|nbsp)(?![A-Za-z0-9;=]))
    """,
    re.VERBOSE,
)

_CLOSING = {"-->": re.compile("-->")} | {
    f"</{name}": re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE) for name in sorted(HIDDEN)
}


@dataclass(frozen=True)
class Plain:
    """A text without markup.

    text : what is left. starts : where in `text` each piece begins, rising from 0. places, widths :
    where in the text under it the piece began, and of how many characters it was made, 0 for a
    piece that was copied as it is. under : the text that was stripped; None for the given one.

    >>> plain_text = plain("a &amp; <b>bee</b>")
    >>> plain_text.text, plain_text.given(2, 3), plain_text.given(4, 7)
    ('a & bee', (2, 7), (11, 14))
    """

    text: str
    starts: tuple[int, ...] = (0,)
    places: tuple[int, ...] = (0,)
    widths: tuple[int, ...] = (0,)
    under: "Plain | None" = None

    def given(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the given text that text[start:end] was made of, start < end."""
        if self.under is None:
            return start, end
        first = bisect_right(self.starts, start) - 1
        last = bisect_right(self.starts, end - 1) - 1
        shift = 0 if self.widths[first] else start - self.starts[first]
        width = self.widths[last] or end - self.starts[last]
        return self.under.given(self.places[first] + shift, self.places[last] + width)


def plain(text: str) -> Plain:
    """The text without markup.

    >>> plain("Fine.<br />I <i>love</i> it &lt;3 &amp;#39;n&amp;#39; a<b").text
    "Fine.\\n\\nI love it <3 'n' a<b"
    """
    bare = Plain(text)
    for _ in range(2):
        if "<" not in bare.text and "&" not in bare.text:
            break
        stripped = _stripped(bare)
        if stripped is None:
            break
        bare = stripped
    return bare


class _Copy:
    """A text in the making: pieces with where they came from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.places: list[int] = []
        self.widths: list[int] = []
        self.length = 0

    def add(self, part: str, place: int, width: int) -> None:
        if part:
            self.parts.append(part)
            self.starts.append(self.length)
            self.places.append(place)
            self.widths.append(width)
            self.length += len(part)


def _stripped(under: Plain) -> Plain | None:
    """One pass over the text; None where it has no markup."""
    text, copy = under.text, _Copy()
    done = place = 0
    never: set[str] = set()
    while (piece := _PIECE.search(text, place)) is not None:
        replacement, end = _replacement(text, piece, never)
        if replacement is None:
            place = piece.start() + 1
            continue
        copy.add(text[done : piece.start()], done, 0)
        copy.add(replacement, piece.start(), end - piece.start())
        done = place = end
    if not done:
        return None
    copy.add(text[done:], done, 0)
    if not copy.parts:
        return Plain("", under=under)
    return Plain(
        "".join(copy.parts), tuple(copy.starts), tuple(copy.places), tuple(copy.widths), under
    )


def _replacement(text: str, piece: re.Match[str], never: set[str]) -> tuple[str | None, int]:
    """What stands for a piece of markup, and where that ends; None for what is no markup.

    `never` collects the ends that were looked for in vain, so that none is looked for twice.
    """
    if piece["comment"]:
        end = _after(text, "-->", piece.end(), never)
        return (None, 0) if end is None else ("", end)
    if piece["declaration"]:
        return "", piece.end()
    if piece["name"] is None:
        return unescape(unescape(piece[0])), piece.end()
    name = piece["name"].lower()
    if name in INLINE:
        return "", piece.end()
    if name not in BLOCK:
        is_tag = piece["close"] or "=" in piece["rest"] or piece["rest"].endswith("/")
        return ("\n\n" if is_tag else None), piece.end()
    if name in HIDDEN and not piece["close"]:
        end = _after(text, f"</{name}", piece.end(), never)
        if end is not None:
            return "\n\n", end
    return "\n\n", piece.end()


def _after(text: str, closing: str, place: int, never: set[str]) -> int | None:
    """Where what closes with those letters has ended, in whatever case; None for nowhere."""
    if closing in never:
        return None
    match = _CLOSING[closing].search(text, place)
    if match is None:
        never.add(closing)
        return None
    return match.end()
