"""A drift as a JSON object."""

from typing import Any

from sentiment.drift.comparison import Drift, Side
from sentiment.drift.telling import verdict


def record(drift: Drift) -> dict[str, Any]:
    """All of it. The neutral anchor is a leader without a word."""
    return {
        "old": _side(drift.old),
        "new": _side(drift.new),
        **vars(drift.settings),
        "drift": drift.seen,
        "verdict": verdict(drift),
        "measures": {key: change.as_dict() for key, change in drift.measures.items()},
        "leaders": [
            {"word": leader, "anchor": leader is None} | change.as_dict()
            for leader, change in drift.leaders
        ],
        "rarer_leaders": drift.few,
        "appeared": [{"word": word, "texts": texts} for word, texts in drift.appeared],
        "vanished": [{"word": word, "texts": texts} for word, texts in drift.vanished],
        "unknown": [
            {"word": word, "old_texts": old, "new_texts": new} for word, old, new in drift.strange
        ],
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "name": side.name,
        "texts": side.texts,
        "groups": side.units if side.grouped else None,
        "undecided": list(side.undecided),
    }
