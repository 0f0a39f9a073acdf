"""Explanations: exact sums, the page, the picture, the survey."""

import copy
import json
import pickle
from collections.abc import Callable
from contextlib import AbstractContextManager
from html.parser import HTMLParser

import numpy as np
import pytest
from flint import fmpq

pytest.importorskip("sklearn")

from anchored import explained
from sentences import sentences
from sklearn.base import clone

from sentiment import pages, pictures
from sentiment.anchor import FUNCTION_HEIGHT, WEAK_HEIGHT
from sentiment.classifier import SentimentClassifier
from sentiment.explanation import explain
from sentiment.judging import strengths
from sentiment.leading import survey_leaders
from sentiment.lexicon import MARK
from sentiment.scope import PLAIN
from theory import HardmaxError
from theory.exact import rational
from theory.readable import nearest


def test_explanations_are_values(trained: SentimentClassifier) -> None:
    one, again, other = (
        explained(trained, text) for text in ("a superb film", "a superb film", "a dull film")
    )
    back = pickle.loads(pickle.dumps(one))
    assert one == again == back == copy.deepcopy(one)
    assert hash(one) == hash(again) == hash(back)
    assert one != other
    assert back.as_dict() == one.as_dict() != other.as_dict()


def test_explanation(trained: SentimentClassifier) -> None:
    found = explained(trained, "A moving film, not dull, with superb, superb acting. Zyx!")
    assert found.prediction == found.positive == "good"
    assert found.unknown == ("zyx",)
    resolved = found.resolved
    assert resolved is not None
    assert resolved.failures == ()
    assert sum((one.contribution for one in found.leaders), resolved.bias) == found.logit
    assert sum((one.weighted_vote for one in found.leaders), fmpq(0)) == found.logit
    assert sorted(i for cluster in found.clusters for i in cluster) == list(range(len(found.words)))
    record = json.loads(json.dumps(found.as_dict()))
    total = sum((rational(one["contribution"]) for one in record["leaders"]), fmpq(0))
    assert total + rational(record["bias"]) == rational(record["logit"])
    assert sum((rational(word["part"]) for word in record["words"]), fmpq(0)) == found.logit
    for word in record["words"]:
        assert sum((rational(x) for x in word["follows"].values()), fmpq(0)) == 1
    counts = {word["word"]: word["count"] for word in record["words"]}
    masses = trained.parameters_.masses
    assert masses is not None
    assert counts["superb"] == round(2 * PLAIN * masses[trained.vocabulary_.index["superb"]])
    assert counts[None] == trained.parameters_.anchor


def test_explanations_agree_with_predictions(trained: SentimentClassifier) -> None:
    texts, _, _ = sentences(8, 9)
    deep = SentimentClassifier(**trained.get_params())
    deep.__dict__.update({k: v for k, v in vars(trained).items() if k.endswith("_")})
    deep.set_params(depth="infinite")
    for text, label in zip(texts, deep.predict(texts), strict=True):
        assert explained(trained, text).prediction == label


def test_what_cannot_be_judged_is_said_so_and_decided_all_the_same(
    trained: SentimentClassifier,
) -> None:
    for text, why in {
        "Is it a superb film?": "the text is a question",
        "zyx": "no word of the text is known to the model",
        "Das ist ein sehr guter Film und ich mag ihn": "in German, and the model knows",
    }.items():
        found = explained(trained, text)
        assert found.cannot_tell is not None
        assert why in found.cannot_tell
        assert found.as_dict()["cannot_tell"] == found.cannot_tell
        assert found.prediction in {found.positive, found.negative}
        assert "<h1>Cannot tell</h1>" in pages.page(found)
    plain = explained(trained, "a superb film")
    assert plain.cannot_tell is None
    assert plain.cautions == ()
    assert "<h1>good</h1>" in pages.page(plain)
    mixed = explained(trained, "superb acting, dull story, gripping plot, awful ending")
    assert any("mixed" in line for line in mixed.cautions)
    assert mixed.as_dict()["cautions"] == list(mixed.cautions)
    assert "mixed" in pages.page(mixed)


def test_strengths_are_those_by_which_features_are_placed(trained: SentimentClassifier) -> None:
    parameters = trained.parameters_
    ids = np.arange(len(trained.vocabulary_), dtype=np.int32)
    told = strengths(parameters, ids)
    first = parameters.embedding[:-1, 0].astype(float)
    leading = parameters.embedding[:-1, 1] < FUNCTION_HEIGHT / 2
    assert leading.sum() > 10
    wanted = np.sign(first) * (abs(first) - 1) / trained.spread
    assert told[leading] == pytest.approx(wanted[leading], rel=1e-3, abs=1e-3)
    weak = parameters.embedding[:-1, 1] == WEAK_HEIGHT
    assert weak.any()
    assert not told[weak].any()
    assert told[trained.vocabulary_.index["superb"]] > 0.1
    assert told[trained.vocabulary_.index["dull"]] < -0.1
    without = clone(trained).set_params(anchor=0).fit(*sentences(60, 1)[:2])
    known = without.bags(["superb"])[0].ids
    assert strengths(without.parameters_, known)[0] == pytest.approx(
        nearest(explained(without, "superb").logit)
    )


def test_the_calibration_is_that_of_the_bin(trained: SentimentClassifier) -> None:
    own = trained.calibration_
    assert own is not None
    for text in ("superb", "dull", "superb film, dull plot"):
        found = explained(trained, text)
        assert found.calibration == own.bin_of(found.probability)
        assert found.calibration.start <= found.probability <= found.calibration.end
        assert found.as_dict()["calibration"] == vars(found.calibration)


def test_the_prior_decides_where_no_word_is_known(trained: SentimentClassifier) -> None:
    found = explained(trained, "zyx")
    assert found.resolved is None
    assert found.leaders == ()
    assert found.as_dict()["prior_decides"] is True
    assert "prior" in pages.page(found)
    with pytest.raises(HardmaxError, match="no word"):
        explain(trained, "... 123")
    with pytest.raises(HardmaxError, match="nothing to draw"):
        pictures.draw_explanation(found)


def test_a_review_is_explained_quickly(
    trained: SentimentClassifier, within: Callable[[float], AbstractContextManager[None]]
) -> None:
    text = " ".join(sentences(6, 4)[0])
    words = " ".join(text.replace(".", "").split()[:25])
    explain(trained, words)
    with within(0.2):
        explain(trained, words)


class Reader(HTMLParser):
    """The text and the attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag != "meta":
            self.open.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_escapes_and_needs_nothing(trained: SentimentClassifier) -> None:
    text = 'moving <script>alert("x")</script> & superb film'
    page = pages.page(explained(trained, text))
    reader = Reader(page)
    assert reader.open == []
    assert page.count("<script>") == 1  # the page's own, which its policy names
    assert '<script>alert("' in "".join(reader.words)
    assert not any(name in {"src", "href"} for name, _ in reader.attributes)
    assert "http://" not in page
    assert "https://" not in page
    assert page.count("data-tip=") >= 2


def test_survey(trained: SentimentClassifier) -> None:
    texts, _, _ = sentences(12, 5)
    steps: list[int] = []
    found = survey_leaders(trained, [*texts, "zyx"], lambda: steps.append(1))
    assert len(steps) == found.texts == 13
    assert found.without == 1
    assert sum(found.counts.values()) == 12
    assert sum(k * n for k, n in found.counts.items()) <= sum(w.texts for w in found.words.values())
    lexicon = {"superb": 3.0, "dull": -1.5, "awful": 2.0}
    agree, rated = found.agreement(lexicon)
    assert 0 < agree <= rated
    assert found.ranked()[0][1].texts == max(word.texts for word in found.words.values())
    json.dumps(found.as_dict(lexicon))
    assert MARK == "not_"
