"""Statements typeset: LaTeX text with $…$ as HTML with MathML, and as Markdown.

Whatever a statement contains comes out as text: no tag and no attribute of it gets through.
"""

import re
from html import escape, unescape
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

from checks.formulas import pieces
from checks.reports.library import library

_ATTRIBUTES = frozenset(
    ("display", "linethickness", "stretchy", "fence", "minsize", "maxsize", "mathvariant",
     "displaystyle", "scriptlevel", "accent", "lspace", "rspace", "width", "height", "depth",
     "columnalign", "rowspacing", "movablelimits")
)  # fmt: skip
_SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
_OPENING = frozenset("([{⟨")


def to_html(statement: str) -> str:
    """The statement as safe HTML, its formulas as MathML with their LaTeX as alternative text."""
    return "".join(
        _mathml(part) if formula else escape(part) for formula, part in pieces(statement)
    )


def to_markdown(statement: str) -> str:
    """The statement as Markdown: formulas stay LaTeX between dollars, text is escaped."""
    return "".join(
        f"${_harmless(part)}$" if formula else markdown(part) for formula, part in pieces(statement)
    )


def markdown(words: str) -> str:
    """Words that Markdown shows as they are.

    >>> print(markdown("<b>a_b</b>"))
    &lt;b>a\\_b&lt;/b>
    """
    line = re.sub(r"\s+", " ", words)
    return re.sub(r"([\\`*_\[\]|#~$])", r"\\\1", line.replace("&", "&amp;").replace("<", "&lt;"))


def _harmless(formula: str) -> str:
    """The formula with < and > by name, so that no reader takes them for a tag."""
    named = formula.replace("<", r"\lt ").replace(">", r"\gt ")
    return " ".join(named.split())


def _mathml(formula: str) -> str:
    converter = library("latex2mathml.converter")
    try:
        root: Any = converter.Converter().convert_to_element(formula)
    except Exception:  # LaTeX that the library does not know is shown as it was written
        return f"<code>{escape(formula)}</code>"
    for element in root.iter():
        element.text = unescape(element.text) if element.text else element.text
        for name in [name for name in element.attrib if name not in _ATTRIBUTES]:
            del element.attrib[name]
    _operators(root)
    root.set("alttext", formula)
    return ElementTree.tostring(root, encoding="unicode")


def _operators(root: Any) -> None:
    """Room as TeX leaves it: none inside |…|, a thin space after a name such as max."""
    for parent in list(root.iter()):
        children = list(parent)
        for child, following in zip_longest(children, children[1:]):
            base = next(iter(child), child) if child.tag in _SCRIPTED else child
            words = base.text or ""
            if base.tag != "mo":
                continue
            if words in ("|", "‖"):
                base.attrib |= {"lspace": "0", "rspace": "0"}
            elif len(words) > 1 and words.isalpha():
                opens = following is None or (following.text or "") in _OPENING
                base.attrib |= {"lspace": "0", "rspace": "0" if opens else "0.1667em"}
