"""The interpretable sentiment classifier: a model whose decisions are read off its leader words.

The application of Alcalde, Fantuzzi and Zuazua (arXiv:2407.01602): words are tokens, layers of
hardmax attention gather them at leaders, and a linear decoder reads their mean. Here at most
two words of a text and a neutral anchor lead, and decisions are explained by exact equilibria.

The public names: `SentimentClassifier`, a scikit-learn estimator (the extra ``sentiment``), and
`explain`, which needs no extra. They are imported when they are asked for, so that importing
this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentiment.classifier import SentimentClassifier
    from sentiment.explanation import explain

__all__ = ["SentimentClassifier", "explain"]

_ROOMS = {"SentimentClassifier": "sentiment.classifier", "explain": "sentiment.explanation"}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'sentiment' has no attribute {name!r}")
    return getattr(import_module(_ROOMS[name]), name)
