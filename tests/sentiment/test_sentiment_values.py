"""The classifier's values travel, compare and hash, those that hold arrays among them."""

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import joblib
import numpy as np
import pytest

from sentiment.corpora import Corpus
from sentiment.leading import Survey, Word
from sentiment.model import Parameters
from sentiment.provenance import Provenance
from sentiment.vocabulary import Bag


def parameters(bias: float = 0.0) -> Parameters:
    return Parameters(np.arange(6.0).reshape(3, 2), np.array([1.0, -1.0]), bias, 0.5, 0.25)


MAKERS: dict[str, Callable[[int], Any]] = {
    "Bag": lambda n: Bag(np.array([1, 2], np.int32), np.array([1, n], np.int32)),
    "Parameters": lambda n: parameters(float(n)),
    "Parameters, embedding": lambda n: replace(parameters(), embedding=np.full((3, 2), float(n))),
    "Provenance": lambda n: Provenance("c", 2, 0, 0.1, np.array([5, 6 + n], np.uint64)),
    "Survey": lambda n: Survey(2, {"a": Word()}, Counter({1: n}), Counter({0: 2}), 0, ()),
    "Corpus": lambda n: Corpus("c", ("a", str(n)), ("0", "1")),
}


@pytest.mark.parametrize("name", MAKERS)
def test_values_compare_hash_and_travel(name: str) -> None:
    make = MAKERS[name]
    one = make(1)
    for other in (make(1), copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one))):
        assert (other == one) is True
        assert hash(other) == hash(one)
    assert (one == make(2)) is False
    assert (one != make(2)) is True
    assert one != "x"


def test_joblib_brings_values_back() -> None:
    values = [make(1) for make in MAKERS.values()]
    there = joblib.Parallel(n_jobs=2)(joblib.delayed(copy.copy)(value) for value in values)
    assert there == values
