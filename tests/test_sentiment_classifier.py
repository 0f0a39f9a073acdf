"""The estimator: what scikit-learn asks of one, and what a reader of texts may ask."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sentences import sentences
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks as checks

from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.evaluation import evaluation, rivals
from theory import HardmaxError

TEXTS, LABELS, FILMS = sentences(200, 1)
WORDS = {"initialisation": "log-odds", "min_count_groups": 2, "random_state": 0}

APPLICABLE = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]
"""The checks that need no data. All others fit arrays of numbers, which are no texts: scikit-learn
itself leaves them out for an estimator whose tags refuse two-dimensional arrays. What they ask
of one that reads texts is asked below."""


def fitted(**changes: Any) -> SentimentClassifier:
    return SentimentClassifier(**WORDS | changes).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    return fitted()


@pytest.mark.parametrize("name", APPLICABLE)
def test_scikit_learn_accepts_it(name: str) -> None:
    getattr(checks, name)("SentimentClassifier", SentimentClassifier())


def test_learns_words_and_predicts_at_both_depths(model: SentimentClassifier) -> None:
    texts, labels, _ = sentences(60, 2)
    assert model.score(texts, labels) > 0.85
    deep = clone(model).set_params(depth="infinite")
    deep.fit(TEXTS, LABELS)
    assert deep.score(texts[:12], labels[:12]) > 0.8
    assert model.classes_.tolist() == ["bad", "good"]
    assert model.positive_ == "good"


@pytest.mark.parametrize("initialisation", ["random", "log-odds", "lexicon"])
def test_every_beginning_learns(initialisation: str) -> None:
    changes = {"epochs": 20, "patience": 9, "learning_rate": 0.02, "refit": False}
    found = fitted(initialisation=initialisation, dimension=3, **changes)
    assert found.score(TEXTS, LABELS) > 0.8
    assert np.isfinite(found.parameters_.embedding).all()


def test_probabilities(model: SentimentClassifier) -> None:
    found = model.predict_proba(TEXTS)
    assert found.shape == (len(TEXTS), 2)
    assert found.sum(axis=1) == pytest.approx(1)
    assert ((found[:, 1] > 0.5) == (model.predict(TEXTS) == "good")).all()
    assert ((model.decision_function(TEXTS) > 0) == (found[:, 1] > 0.5)).all()


def test_the_positive_class_may_be_the_first() -> None:
    labels = ["fresh" if label == "good" else "rotten" for label in LABELS]
    found = SentimentClassifier(**WORDS).fit(TEXTS, labels)
    same = fitted()
    assert found.positive_ == "fresh"
    assert (found.positive_logits(TEXTS) == same.positive_logits(TEXTS)).all()
    assert (found.decision_function(TEXTS) == -same.decision_function(TEXTS)).all()
    assert [x == "fresh" for x in found.predict(TEXTS)] == [
        x == "good" for x in same.predict(TEXTS)
    ]
    turned = SentimentClassifier(**WORDS, positive="rotten").fit(TEXTS, labels)
    assert turned.positive_ == "rotten"


def test_the_same_seed_gives_the_same_model(model: SentimentClassifier) -> None:
    again, other = fitted(), fitted(random_state=1)
    assert (again.parameters_.embedding == model.parameters_.embedding).all()
    assert again.history_ == model.history_
    assert (other.parameters_.weights != model.parameters_.weights).any()


def test_cloning_pipelines_and_grid_search(model: SentimentClassifier) -> None:
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        clone(model).predict(TEXTS)
    upper = FunctionTransformer(lambda texts: [text.upper() for text in texts])
    pipe = Pipeline([("upper", upper), ("model", SentimentClassifier(**WORDS))])
    assert pipe.fit(TEXTS, LABELS).score(TEXTS, LABELS) > 0.85
    search = GridSearchCV(SentimentClassifier(**WORDS), {"dimension": [1, 2]}, cv=2)
    assert search.fit(TEXTS, LABELS).best_score_ > 0.8


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"dimension": 0}, "dimension = 0"),
        ({"depth": -1}, "depth = -1"),
        ({"depth": "deep"}, "infinite"),
        ({"alpha": 0}, "alpha = 0"),
        ({"alpha": "teach"}, "learn"),
        ({"alpha": float("nan")}, "alpha = nan"),
        ({"initialisation": "zero"}, "initialisation = 'zero'"),
        ({"dropout": 1.0}, "dropout = 1.0"),
        ({"validation_fraction": 1}, "validation_fraction"),
        ({"ngrams": 0}, "ngrams = 0"),
        ({"negation": 1.5}, "negation = 1.5"),
        ({"positive": "best"}, "'best' is none"),
        ({"min_count": 999, "min_count_groups": 999}, "min_count"),
        ({"batch_size": True}, "batch_size"),
        ({"dimension": 10**8}, "from 1 to 1024"),
        ({"depth": 10**9}, "or 'infinite'"),
        ({"epochs": 10**9}, "epochs"),
        ({"ngrams": 10**9}, "from 1 to 8"),
        ({"negation": 10**9}, "negation"),
        ({"batch_size": 10**9}, "batch_size"),
        ({"patience": 10**400}, "a huge int"),
        ({"alpha": 10**400}, "a huge int"),
        ({"alpha": 1e-9}, "alpha = 1e-09"),
        ({"alpha": 1j}, "alpha"),
        ({"scale": 1e30}, "scale"),
    ],
)
def test_bad_parameters(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(HardmaxError, match=match):
        fitted(**changes)


@pytest.mark.parametrize(
    ("texts", "labels", "match"),
    [
        ([], [], "no texts"),
        (["a", "b"], [1, 1], "1 class"),
        (["a", "b", "c"], [1, 2, 3], "3 classes"),
        (["a", "b"], [1], "labels of shape"),
        (["a", 3], [0, 1], "text 1 is 3"),
        ("ab", [0, 1], "one string"),
        (["a", "b", "c"], [1.0, float("nan"), 1.0], "None or NaN"),
        (["a", "b"], ["x", None], "None or NaN"),
        (["a", "b", "c"], np.array(["x", 1, 1], dtype=object), "several kinds"),
    ],
)
def test_bad_data(texts: Any, labels: Any, match: str) -> None:
    with pytest.raises(HardmaxError, match=match):
        SentimentClassifier(**WORDS).fit(texts, labels)


def test_texts_without_known_words_get_the_prior(model: SentimentClassifier) -> None:
    texts = ["", "zyx", "superb"]
    assert model.known(texts).tolist() == [False, False, True]
    for depth in (8, "infinite"):
        found = clone(model).set_params(depth=depth)
        found.__dict__.update({k: v for k, v in vars(model).items() if k.endswith("_")})
        assert found.positive_logits(texts)[:2].tolist() == [model.parameters_.prior] * 2


def test_words_at_the_origin_are_dropped() -> None:
    found = fitted(epochs=0)
    number = found.vocabulary_.index["superb"]
    found.parameters_.embedding[number] = 0
    assert found.known(["superb"]).tolist() == [False]


def test_groups_stay_together_in_validation() -> None:
    found = SentimentClassifier(**WORDS).fit(TEXTS, LABELS, groups=FILMS)
    assert found.history_[0].validation_accuracy is not None
    with pytest.raises(HardmaxError, match="groups for"):
        SentimentClassifier(**WORDS).fit(TEXTS, LABELS, groups=FILMS[:-1])
    alone = fitted(validation_fraction=0, epochs=3)
    assert alone.history_[-1].validation_loss is None
    assert alone.n_iter_ == 3


def test_alpha_keeps_its_bound(model: SentimentClassifier) -> None:
    assert model.parameters_.alpha >= 2
    assert (model.parameters_.alpha * 256).is_integer()
    assert fitted(alpha=0.3).parameters_.alpha == 0.3


def test_progress_is_told_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    fitted(progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "epoch 0" in err


def test_evaluation_and_rivals(model: SentimentClassifier) -> None:
    texts, labels, films = sentences(40, 3)
    tested = Corpus("t", tuple(texts), tuple(labels), tuple(films))
    training = Corpus("t", tuple(TEXTS), tuple(LABELS), None)
    found = evaluation(model, tested)
    assert found["accuracy"] == model.score(texts, labels)
    simple = rivals(model, training, tested)
    assert simple["majority"] == 0.5
    for name in ("tfidf", "tfidf_bigrams", "tfidf_vader"):
        assert (simple[name] or 0) > 0.7
        assert rivals(model, None, tested)[name] is None
    with pytest.raises(HardmaxError, match="none of the model's"):
        evaluation(model, Corpus("t", ("a",), ("odd",), None))
