"""The estimator: what scikit-learn asks of one, and what a reader of texts may ask."""

import pickle
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest import SkipTest

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("sklearn")


import joblib
from sentences import sentences
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator
from sklearn.utils.validation import check_is_fitted, validate_data

from sentiment import checking, fitting
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.evaluation import evaluation, rivals
from sentiment.model import MOST_PLACES
from sentiment.vocabulary import Bag
from theory import HardmaxError

TEXTS, LABELS, FILMS = sentences(200, 1)
WORDS = {"initialisation": "log-odds", "min_count_groups": 2, "random_state": 0}


class OnNumbers(SentimentClassifier):
    """The classifier for rows of numbers, each spelled as a text.

    scikit-learn's checks fit arrays of numbers and leave out whoever refuses them. Through this
    they are made of all that the classifier does, but for the reading of texts.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = False
        tags.input_tags.two_d_array = True
        return tags

    def fit(self, X: Any, y: Any, groups: Any = None) -> SentimentClassifier:
        X, y = validate_data(self, X, y, ensure_min_samples=2)
        return super().fit(spelled(X), y, groups)

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> SentimentClassifier:
        first = not hasattr(self, "parameters_")
        X, y = validate_data(self, X, y, reset=first, ensure_min_samples=2)
        return super().fit(spelled(X), y) if first else super().partial_fit(spelled(X), y, classes)

    def positive_logits(self, X: Any) -> NDArray[np.float64]:
        check_is_fitted(self)
        return super().positive_logits(spelled(validate_data(self, X, reset=False)))


def spelled(rows: NDArray[Any]) -> list[str]:
    """A word for each column and the quarter that its number is in, by its sign as well."""
    letters = "abcdefghijklmnop"

    def words(column: int, value: float) -> str:
        name = letters[column % 16] + letters[column // 16 % 16]
        level = letters[min(int(abs(value) * 4), 15)]
        return f"{name}{'up' if value > 0 else 'down'} {name}{level}"

    return [" ".join(words(k, x) for k, x in enumerate(row)) for row in rows.tolist()]


ON_NUMBERS = {"initialisation": "log-odds", "min_count_groups": 1, "validation_fraction": 0}


def checks_of(estimator: SentimentClassifier) -> list[tuple[SentimentClassifier, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that checks of data are left out for who reads texts
        return list(estimator_checks_generator(estimator))


CHECKED = [
    *checks_of(SentimentClassifier(random_state=0)),
    *checks_of(OnNumbers(**ON_NUMBERS, random_state=0)),
]


def fitted(**changes: Any) -> SentimentClassifier:
    return SentimentClassifier(**WORDS | changes).fit(TEXTS, LABELS)


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    return fitted()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning")
@pytest.mark.parametrize(
    ("estimator", "check"),
    CHECKED,
    ids=[f"{type(x).__name__}-{c.func.__name__}" for x, c in CHECKED],
)
def test_scikit_learn_accepts_it(estimator: SentimentClassifier, check: Any) -> None:
    with suppress(SkipTest):  # what asks for pandas or an array API
        check(clone(estimator))


def test_scikit_learn_has_checks_of_data() -> None:
    names = {check.func.__name__ for x, check in CHECKED if isinstance(x, OnNumbers)}
    assert len(names) > 45
    assert {"check_fit_idempotent", "check_estimators_pickle", "check_pipeline_consistency",
            "check_methods_subset_invariance", "check_dict_unchanged"} <= names  # fmt: skip


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
    found = fitted(initialisation=initialisation, dimension=3, anchor=0, **changes)
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


def upper(texts: list[str]) -> list[str]:
    return [text.upper() for text in texts]


def test_cloning_and_pipelines(model: SentimentClassifier) -> None:
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        clone(model).predict(TEXTS)
    pipe = Pipeline(
        [("upper", FunctionTransformer(upper)), ("model", SentimentClassifier(**WORDS))]
    )
    assert pipe.fit(TEXTS, LABELS).score(TEXTS, LABELS) > 0.85
    assert (pipe.predict_proba(TEXTS) == model.predict_proba(TEXTS)).all()
    films = clone(pipe).fit(TEXTS, LABELS, model__groups=FILMS)
    alone = SentimentClassifier(**WORDS).fit(TEXTS, LABELS, groups=FILMS)
    assert (films.predict_proba(TEXTS) == alone.predict_proba(TEXTS)).all()
    again = pickle.loads(pickle.dumps(pipe))
    assert (again.predict_proba(TEXTS) == pipe.predict_proba(TEXTS)).all()
    assert pipe.set_params(model__depth="infinite").predict(TEXTS[:4]).tolist() == LABELS[:4]


def test_joblib_and_processes(model: SentimentClassifier, tmp_path: Path) -> None:
    joblib.dump(model, tmp_path / "m")
    found = joblib.load(tmp_path / "m")
    assert (found.positive_logits(TEXTS) == model.positive_logits(TEXTS)).all()
    assert found.get_params() == model.get_params()
    both = joblib.Parallel(2)(joblib.delayed(model.predict)(TEXTS[k : k + 2]) for k in (0, 2))
    assert np.concatenate(both).tolist() == model.predict(TEXTS[:4]).tolist()


def test_grid_search_and_cross_validation() -> None:
    grid = {"dimension": [2, 3], "depth": [0, 2, "infinite"], "alpha": [3.0]}
    search = GridSearchCV(SentimentClassifier(**WORDS), grid, cv=2, error_score="raise")
    search.fit(TEXTS[:80], LABELS[:80])
    assert len(search.cv_results_["params"]) == 6
    assert search.best_score_ > 0.7
    assert search.best_estimator_.parameters_.alpha == 3.0
    pickle.loads(pickle.dumps(search)).predict(TEXTS)
    folds = GroupKFold(3).split(TEXTS, LABELS, FILMS)
    scores = cross_val_score(
        SentimentClassifier(**WORDS), np.array(TEXTS), np.array(LABELS), cv=folds, scoring="roc_auc"
    )
    assert (scores > 0.8).all()


@pytest.mark.parametrize("depth", [3, "infinite"])
def test_a_prediction_depends_on_no_other_text(model: SentimentClassifier, depth: Any) -> None:
    found = pickle.loads(pickle.dumps(model)).set_params(depth=depth)
    together = found.positive_logits(TEXTS[:30])
    alone = [found.positive_logits([text])[0] for text in TEXTS[:30]]
    assert together == pytest.approx(alone, rel=1e-12)
    assert (found.positive_logits(TEXTS[:30][::-1]) == together[::-1]).all()


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
        ({"dimension": 10**8}, "from 2 to 1024"),
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
        ({"refit": "yes"}, "refit = 'yes'"),
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
        (["a", "b", "c"], [0.1, 0.2, 0.3], "continuous"),
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


def test_an_embedding_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    checking.size(50_000, 1000)
    with pytest.raises(HardmaxError, match="50,001 features × dimension 1000"):
        checking.size(50_001, 1000)
    monkeypatch.setattr(checking, "MOST_NUMBERS", 100)
    with pytest.raises(HardmaxError, match="lower dimension"):
        fitted()
    monkeypatch.undo()

    def exhausted(*_: Any) -> None:
        raise MemoryError

    for name, anchor in (("initial", 0), ("train", 0), ("fitted", 2)):
        monkeypatch.setattr(fitting, name, exhausted)
        with pytest.raises(HardmaxError, match="not enough memory"):
            fitted(anchor=anchor)
        monkeypatch.undo()


def test_a_text_of_too_many_places(model: SentimentClassifier) -> None:
    ids = np.zeros(MOST_PLACES + 1, dtype=np.int32)
    with pytest.raises(HardmaxError, match="8,193 distinct features"):
        model.finite_logits([Bag(ids, ids + 1)], 1)


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
    alone = fitted(validation_fraction=0, epochs=3, anchor=0)
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
