"""The page at /: a form that asks for the explanation of a text, and what else there is to ask.

One file, no script, nothing from elsewhere; what is sent goes to this service alone.
"""

from collections.abc import Mapping
from typing import Any

from sentiment.about import About
from sentiment.pages import document
from sentiment.service.requests import Bounds

MORE = """
textarea { width: 100%; min-height: 8rem; font: inherit; padding: .5rem; color: inherit;
           background: transparent; border: 1px solid var(--edge); border-radius: 4px; }
button { font: inherit; padding: .4rem 1.2rem; margin: .6rem 0; }
code { overflow-wrap: anywhere; }
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'"

ROUTES = (
    ("POST /predict", "labels and probabilities of one text or a list, as JSON"),
    ("POST /explain", "exact explanations, as JSON"),
    ("POST /explain/page", "the explanation of one text, as a page"),
    ("GET /health", "which model this is"),
    ("GET /openapi.json", "all of it, in OpenAPI"),
)


def form(model: Mapping[str, Any], bounds: Bounds) -> str:
    """The page; `model` says which one it is, as `About` does."""
    routes = "".join(f"<li><code>{path}</code>: {words}</li>" for path, words in ROUTES)
    body = [
        "<h1>Explain a text</h1>",
        '<form method="post" action="/explain/page">\n'
        '<label for="text">The text, which is not kept:</label>\n'
        f'<textarea id="text" name="text" required maxlength="{bounds.characters}"></textarea>\n'
        "<button>Explain</button>\n</form>",
        f"<h2>For programs</h2>\n<ul>{routes}</ul>",
    ]
    return document("Explain a text", body, About(**model), POLICY, style=MORE)
