"""The benchmark on corpora: no text is on both sides, and its tables say what was measured."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sentences import sentences

from benchmarks import __main__ as frame
from benchmarks import corpora
from benchmarks.corpora import divided, foreign, held, known, measured, named, page
from sentiment.corpora import Corpus
from sentiment.provenance import near_fingerprints


def corpus(name: str, seed: int, grouped: bool = False, count: int = 60) -> Corpus:
    texts, labels, films = sentences(count, seed)
    return Corpus(name, tuple(texts), tuple(labels), tuple(films) if grouped else None)


def near(texts: tuple[str, ...]) -> set[int]:
    return set(near_fingerprints(texts).tolist())


def test_a_part_of_the_texts_is_kept_whatever_their_order() -> None:
    whole = corpus("a", 1, count=400)
    test = held(whole, 0, {})
    assert 0.2 < test.mean() < 0.4
    order = np.random.default_rng(0).permutation(len(whole))
    turned = Corpus("a", *(tuple(np.array(x)[order].tolist()) for x in (whole.texts, whole.labels)))
    assert (held(turned, 0, {}) == test[order]).all()
    assert (held(whole, 1, {}) != test).any()


def test_groups_stay_together() -> None:
    whole = corpus("a", 2, grouped=True, count=400)
    test = held(whole, 0, {})
    groups = np.array(whole.groups)
    assert not set(groups[test]) & set(groups[~test])
    assert 0 < test.sum() < 400


@pytest.mark.parametrize("again", [False, True])
def test_no_text_is_on_two_sides_of_two_corpora(again: bool) -> None:
    first = corpus("a", 3, grouped=True)
    louder = Corpus("b", tuple(text.upper() for text in first.texts), first.labels)
    parts = list(divided([first, louder, corpus("c", 4)], again))
    training = set().union(*(near(each.training.texts) for each in parts))
    tested = set().union(*(near(each.tested.texts) for each in parts))
    assert not training & tested
    both = [len(each.training) + len(each.tested) for each in parts]
    assert (both == [60, 60, 60]) is not again
    if again:  # and none of the test part is among them
        kept = [each.training for each in divided([first, louder, corpus("c", 4)], False)]
        assert both == [len(each) for each in kept]


def test_near_verbatim_texts_are_known() -> None:
    training = Corpus("a", ("A good film.", "Fine!"), ("good", "good"))
    tested = Corpus("b", ("a GOOD film", "Fine!", "fine", "a good film too"), ("good",) * 4)
    assert known(training, tested).tolist() == [True, True, False, False]


def test_labels_are_named() -> None:
    assert named(Corpus("a", ("x", "y"), ("rotten", "fresh"))).labels == ("negative", "positive")


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpora, "LEAST_TEXTS", 30)
        patch.setattr(corpora, "ALIKE", ({"a", "b"},))
        parts = [corpus("a", 5), corpus("b", 6), corpus("c", 7), corpus("d", 8, count=30)]
        return measured(list(divided([named(each) for each in parts], False)))


def test_every_pair_is_measured(results: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "ALIKE", ({"a", "b"},))
    assert results["corpora"] == list(results["home"]) == list(results["others"]) == list("abcd")
    assert list(results["abroad"]) == list("abc")
    assert list(results["abroad"]["b"]) == list("acd")
    record = results["home"]["a"]
    assert set(record["accuracies"]) == set(corpora.METHODS)
    assert record["accuracies"]["ours"] > record["accuracies"]["majority"]
    assert len(foreign(results, "a")) == 1
    assert len(foreign(results, "d")) == 3
    assert results["others"]["a"]["training"] == sum(
        results["home"][name]["training"] for name in "cd"
    )


def test_the_page(results: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "ALIKE", ({"a", "b"},))
    results["home"]["a"]["accuracies"]["vader"] = 1.0
    told = page(results)
    row = next(line for line in told.splitlines() if line.startswith("| a |"))
    assert "**1.000**" in row
    assert told.count("| **mean** |") == 3
    matrix = told[told.index("## Ours from each") :]
    assert matrix.count("(0.") + matrix.count("(1.") == 5
    for table in told.split("\n\n"):
        if table.startswith("|"):
            assert len({line.count("|") for line in table.splitlines()}) == 1


def test_it_is_made_on_request() -> None:
    assert "corpora" in frame.ON_REQUEST
