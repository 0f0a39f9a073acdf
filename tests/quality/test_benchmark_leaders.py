"""The benchmark of leaders: its measures are those of the exact theory, and its default is ours."""

import re
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from sentences import sentences

from benchmarks import __main__ as frame
from benchmarks import curve, leaders
from benchmarks.designs import (
    DEFAULT,
    Divided,
    Fits,
    Read,
    anchored,
    decided,
    decoded,
    divided,
    summed,
)
from benchmarks.endtoend import Way, slopes, soft, thinned, trained
from benchmarks.led import Led, Probes, deletions, led, rid
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.limits import Resolved, resolve
from sentiment.model import Batch, Floats, Parameters, logits, loss
from sentiment.reading import Reading
from sentiment.vocabulary import Bag, Vocabulary


@pytest.fixture(scope="module")
def texts() -> Divided:
    texts, labels, films = sentences(400, 1)
    named = tuple({"good": "fresh", "bad": "rotten"}[label] for label in labels)
    return divided(Corpus("made", tuple(texts), named, tuple(films)), 1)


@pytest.fixture(scope="module")
def fits(texts: Divided) -> Fits:
    return Fits.of(Read.of(texts))


def test_films_are_on_one_side(texts: Divided) -> None:
    assert not set(texts.training.groups or ()) & set(texts.validation.groups or ())
    assert len(texts.training) + len(texts.validation) == 400


def test_the_default_is_the_classifier(texts: Divided, fits: Fits) -> None:
    model = SentimentClassifier(random_state=texts.seed).fit(
        texts.training.texts, texts.training.labels, groups=texts.training.groups
    )
    ours, theirs = (
        decoded(fits, anchored(fits.read, DEFAULT["anchor"], DEFAULT["spread"]), 1),
        model.parameters_,
    )
    assert model.vocabulary_.names == fits.read.known.vocabulary.names
    assert (ours.embedding == theirs.embedding).all()
    assert (ours.masses == theirs.masses).all()  # type: ignore[union-attr]  # both have an anchor
    assert (ours.weights == theirs.weights).all()
    assert (ours.bias, ours.anchor, ours.prior) == (theirs.bias, theirs.anchor, theirs.prior)
    other = decoded(fits, anchored(fits.read, 10.0, 0.2), 1)
    assert other.anchor != theirs.anchor


def test_strengths_are_fitted_without_the_part_that_they_are_held_against(fits: Fits) -> None:
    read = fits.read
    assert len(fits.without) == read.parts.max() + 1 > 2
    turned = np.where(read.parts == 0, ~read.labels, read.labels)
    changed = Fits.of(Read(read.known, read.bags, turned, read.parts, read.held, read.held_labels))
    assert np.allclose(changed.without[0], fits.without[0])
    assert not np.allclose(changed.without[1], fits.without[1])


def test_variants_of_strengths_differ(fits: Fits) -> None:
    plain = Fits.of(fits.read, leave_one_out=False)
    bare = Fits.of(fits.read, remainders=False)
    assert not np.allclose(plain.of_all, fits.of_all)
    assert not np.allclose(bare.of_all, fits.of_all)


@pytest.mark.parametrize("anchor", [True, False])
def test_leaders_are_those_of_the_exact_equilibrium(fits: Fits, anchor: bool) -> None:
    model = decoded(fits, anchored(fits.read, 2.0, 0.2), 1)
    if not anchor:
        rng = np.random.default_rng(0)
        points = rng.normal(size=(len(model.embedding), 3)).astype(np.float32)
        model = Parameters(points, np.float32([1, -1, 2]), 0.5, 2.0, 0.0)
    bags = [*fits.read.held[:25], Bag(*(np.zeros(0, np.int32),) * 2)]
    told = led(model, bags)
    assert told[-1] == Led((), (), (), 0.0)
    assert told[-1].strongest is None
    for bag, here in zip(bags[:-1], told[:-1], strict=True):
        exact = resolve(model, bag)
        assert isinstance(exact, Resolved)
        place = exact.anchor
        assert (place is not None) is anchor
        words = {exact.features[i][0]: i for i in exact.leaders if i != place}
        assert sorted(words) == sorted(here.words)
        for word, share, adds in zip(here.words, here.shares, here.contributions, strict=True):
            assert abs(share - float(exact.masses[words[word]])) < 1e-9
            assert abs(adds - float(exact.contributions[words[word]])) < 1e-6
        assert abs(sum(here.shares) + here.anchored - 1) < 1e-9
        if here.strongest is not None:
            assert abs(here.contributions[here.strongest]) == max(map(abs, here.contributions))


PLANTED = {"superb": 3.0, "good": 1.0, "dull": -2.0, "film": 0.0}
WORDS = Vocabulary(tuple(PLANTED))


def said(bags: Sequence[Bag]) -> Floats:
    """A planted model: the greatest value, and the least."""
    values = np.array(list(PLANTED.values()))
    return np.array([values[b.ids].max(initial=0) + values[b.ids].min(initial=0) for b in bags])


def leading(bags: Sequence[Bag], wrong: bool = False) -> list[Led]:
    """Whoever has the greatest value leads all; or, wrongly, the first word with the other sign."""
    values, told = np.array(list(PLANTED.values())), []
    for bag in bags:
        sizes = np.abs(values[bag.ids])
        word = int(bag.ids[sizes.argmin() if wrong else sizes.argmax()]) if len(bag.ids) else -1
        adds = -float(values[word]) if wrong else float(values[word])
        told.append(Led((word,), (1.0,), (adds,), 0.0) if word >= 0 else Led((), (), (), 0.0))
    return told


GIVEN = ["Superb, superb, good film", "a good film, superb?", "dull good film", "zyx"]


def test_deletions_of_a_planted_model() -> None:
    probes = Probes.of(Reading(), GIVEN)
    told = deletions(said, leading, WORDS, probes)
    assert (told.texts, told.most, told.told_way) == (3, 1.0, 1.0)
    assert told.flips == pytest.approx(1 / 3)  # only "good" remains of the third
    assert told.ratio == pytest.approx((3 + 3 + 2) / (2 + 2 + 2))
    assert told.correlation == pytest.approx(1.0)


def test_deletions_tell_a_wrong_explanation() -> None:
    def wrong(bags: Sequence[Bag]) -> list[Led]:
        return [Led(x.words, x.shares, (-y,), 0.0) for x in leading(bags) for y in x.contributions]

    told = deletions(said, wrong, WORDS, Probes.of(Reading(), GIVEN[:3]))
    assert (told.most, told.told_way) == (1.0, 0.0)
    told = deletions(said, lambda b: leading(b, True), WORDS, Probes.of(Reading(), GIVEN[:3]))
    assert told.most < 1
    with pytest.raises(ValueError, match="no word leads"):
        deletions(said, leading, WORDS, Probes.of(Reading(), ["zyx"]))


def test_a_word_goes_with_all_its_occurrences_and_its_marks() -> None:
    probe = Probes.of(Reading(4), ["Not good. GOOD, so good"]).probes[0]
    assert set(probe.words) == {"not", "good", "so"}
    assert len(probe.words["good"]) == 3
    assert set(probe.left["good"]) == {"not", "so"}
    assert not any(name.startswith("not_") for name in probe.left["not"])  # it is read again
    assert rid("aXbX", [(3, 4), (1, 2)]) == "a b"


def test_a_pair_is_deleted_as_one() -> None:
    names = Vocabulary(("very good", "good", "very"))
    probes = Probes.of(Reading(0, 2), ["a very good film"])

    def value(bags: Sequence[Bag]) -> Floats:
        return np.array([2.0 * (0 in b.ids) + 1.0 * (1 in b.ids) for b in bags])

    def pair(bags: Sequence[Bag]) -> list[Led]:
        return [Led((0,), (1.0,), (2.0,), 0.0) for _ in bags]

    told = deletions(value, pair, names, probes)
    assert (told.most, told.told_way, told.ratio) == (1.0, 1.0, pytest.approx(2 / 3))


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_gradients_of_softmax_attention(fits: Fits, beta: float) -> None:
    model = decoded(fits, anchored(fits.read, 2.0, 0.2)).as_type(np.float64)
    batch, truth = Batch.of(model, fits.read.held[:3]), np.array([True, False, True])
    places, rest = slopes(model, batch, truth, beta)
    width = batch.ids.shape[1]
    free = Batch(np.arange(3 * width, dtype=np.int32).reshape(3, width), batch.counts)

    def mean(points: Floats, bias: float) -> float:
        moved = Parameters(points, model.weights, bias, model.alpha, 0.0)
        portions = free.counts / free.counts.sum(axis=1, keepdims=True)
        last = soft(moved, free, beta)[-1]
        told = np.einsum("bn,bnd->bd", portions, last) @ moved.weights + moved.bias
        return float(loss(told, truth).mean())

    points = model.embedding[batch.ids].reshape(-1, 2)
    rng, step = np.random.default_rng(0), 1e-6
    for _ in range(5):
        way = rng.normal(size=points.shape)
        wanted = mean(points + step * way, model.bias) - mean(points - step * way, model.bias)
        assert np.vdot(way, places.reshape(-1, 2)) == pytest.approx(wanted / (2 * step), rel=1e-4)
    wanted = mean(points, model.bias + step) - mean(points, model.bias - step)
    assert rest[-1] == pytest.approx(wanted / (2 * step), rel=1e-4)


def test_softmax_attention_tends_to_hardmax(fits: Fits) -> None:
    model = decoded(fits, anchored(fits.read, 2.0, 0.5)).as_type(np.float64)
    bags = fits.read.held[:20]
    batch = Batch.of(model, bags)
    portions = batch.counts / batch.counts.sum(axis=1, keepdims=True)
    wanted = logits(model, bags, 2)
    off = []
    for beta in (1.0, 1e4):
        mean = np.einsum("bn,bnd->bd", portions, soft(model, batch, beta)[-1])
        off.append(float(np.abs(mean @ model.weights + model.bias - wanted).mean()))
    assert off[1] < 0.02 < off[0]


def test_dropout_keeps_the_anchor(fits: Fits) -> None:
    model = decoded(fits, anchored(fits.read, 2.0, 0.2))
    batch = Batch.of(model, fits.read.held[:20])
    less = thinned(batch, True, np.random.default_rng(0))
    assert (less.counts[:, 0] == model.anchor).all()
    assert less.counts[:, 1:].astype(bool).sum() < 0.8 * batch.counts[:, 1:].astype(bool).sum()
    assert (thinned(batch, False, np.random.default_rng(0)).counts[:, 0] == 0).any()


@pytest.mark.parametrize("soft", [False, True])
def test_training_moves_the_embedding_and_keeps_the_masses(fits: Fits, soft: bool) -> None:
    design = anchored(fits.read, 2.0, 0.2)
    start = decoded(fits, design)
    model, epochs = trained(fits, design, Way(1e-3, soft, 2), 0)
    assert epochs in (1, 2)
    assert model.anchor == start.anchor
    assert (model.masses == start.masses).all()  # type: ignore[union-attr]  # it has an anchor
    assert 0 < np.abs(model.embedding - start.embedding).max() < 1
    right = (logits(model, fits.read.held, inf) > 0) == fits.read.held_labels
    assert right.mean() > 0.8


def test_no_attention_is_the_sum(fits: Fits) -> None:
    points, weights, bias = decided(fits, summed)
    bag = fits.read.held[0]
    parts = fits.of_all[bag.ids] * bag.counts / 8
    wanted = parts.sum() / np.sqrt(bag.counts.sum() / 8 + 8)
    assert points([bag])[0, 0] == pytest.approx(wanted)
    assert weights[0] > 0
    assert abs(bias) < 5


@pytest.fixture(scope="module")
def results(texts: Divided) -> dict[str, Any]:
    """The cheap settings."""
    bench = leaders.Bench(texts, probed=20)
    every = leaders.settings()
    names = [curve.DEFAULT_NAME, "anchor 16", "with pairs in 2 texts", "topics, d = 3, width 0.3",
             "arcs 0.8 and 0.8, own axes", "arc 0.8, d = 2, not trained",
             "leaders only, without masses", curve.ALONE_NAME]  # fmt: skip
    return {
        name: {"family": every[name][0], "runs": [leaders.measured(bench, every[name][1])]}
        for name in names
    }


def test_every_setting_is_measured(results: dict[str, Any]) -> None:
    for name, record in results.items():
        run = record["runs"][0]
        assert record["family"] in curve.FAMILIES
        assert run["function"] + run["content"] + run["anchor"] == pytest.approx(1)
        assert run["accuracy"] > 0.6, name
    default, alone = (results[x]["runs"][0] for x in (curve.DEFAULT_NAME, curve.ALONE_NAME))
    assert default["leaders"] <= 2
    assert default["function"] == 0
    assert alone["leaders"] > 5
    assert alone["cost"] == 0
    assert default["cost"] == pytest.approx(alone["accuracy"] - default["accuracy"])
    assert alone["deletions"]["told_way"] > 0.95


def test_the_page_says_what_was_measured(results: dict[str, Any], tmp_path: Path) -> None:
    page = curve.page(results)
    for name, record in results.items():
        accuracy = record["runs"][0]["accuracy"]
        assert re.search(rf"^\| {re.escape(name)} \| {accuracy:.4f} \|", page, re.M)
    assert page.count("reached") + page.count("missed") == 5
    bad = {**results, curve.DEFAULT_NAME: {**results[curve.DEFAULT_NAME]}}
    bad[curve.DEFAULT_NAME]["runs"] = [
        {**results[curve.DEFAULT_NAME]["runs"][0], "leaders": 9.0, "function": 0.5, "content": 0.0}
    ]
    assert curve.page(bad).count("missed") >= 2
    curve.draw(results, tmp_path / "leaders.svg")
    drawn = (tmp_path / "leaders.svg").read_text(encoding="utf-8")
    assert "before-the-anchor" in drawn
    assert "no attention" in drawn or "<svg" in drawn


def test_the_frame_knows_it() -> None:
    assert "leaders" in frame.ON_REQUEST
    families = {family for family, _ in leaders.settings().values()}
    assert families == set(curve.FAMILIES)
