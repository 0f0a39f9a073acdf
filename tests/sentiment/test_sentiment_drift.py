"""Drift: what is planted is seen, what is chance is not, and intervals are what they are called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from scipy import sparse
from sentences import sentences

from sentiment import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.drift import telling
from sentiment.drift.comparison import Change, Drift, Settings, compare
from sentiment.drift.measures import COLUMNS, MEASURES, TEXTS, Measured, measured
from sentiment.drift.pages import page
from sentiment.drift.records import record
from sentiment.drift.resampling import permuted, resampled, sums, together
from sentiment.drift.samples import Sample, periods, read_sample
from sentiment.evaluation import is_positive
from sentiment.leading import survey_leaders
from theory import HardmaxError

QUICK = Settings(resamples=300, least=5)


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    texts, labels, _ = sentences(200, 1)
    return SentimentClassifier(random_state=0).fit(texts, labels)


def sample(
    model: SentimentClassifier, seed: int, count: int = 200, name: str = "x", noise: float = 0.1
) -> Measured:
    texts, labels, films = sentences(count, seed, noise)
    truth = np.array([label == "good" for label in labels])
    return measured(model, name, texts, truth, films)


@pytest.fixture(scope="module")
def old(model: SentimentClassifier) -> Measured:
    return sample(model, 11, 240, "old")


def seen(drift: Drift) -> set[str]:
    """The measures and leaders that changed."""
    measures = {key for key, change in drift.measures.items() if change.seen}
    return measures | {telling.name(leader) for leader, change in drift.leaders if change.seen}


# ------------------------------------------------------------------------------ planted


def test_nothing_changes_from_a_sample_to_itself(old: Measured) -> None:
    drift = compare(old, replace(old, name="new"), QUICK)
    assert not drift.seen
    assert all(change.difference == pytest.approx(0, abs=0.02) for change in drift.changes)
    assert drift.appeared == drift.vanished == ()
    assert "No drift is seen" in telling.verdict(drift)[0]


def test_where_nothing_varies_no_bound_is_told(old: Measured) -> None:
    drift = compare(old, replace(old, name="new"), QUICK)
    assert "would not have been seen" in " ".join(telling.verdict(drift))
    still = replace(drift.measures["accuracy"], difference=0.0, low=0.0, high=0.0)
    words = " ".join(
        telling.verdict(replace(drift, measures={**drift.measures, "accuracy": still}))
    )
    assert "the accuracy never varied" in words
    assert "would not have been seen" not in words


def test_another_sample_of_the_same_kind_shows_nothing(
    old: Measured, model: SentimentClassifier
) -> None:
    assert seen(compare(old, sample(model, 12, 240, "new"), QUICK)) == set()


def planted(model: SentimentClassifier, change: Any, seed: int = 11) -> Measured:
    """A sample whose texts and labels are changed."""
    texts, labels, films = sentences(240, seed)
    changed = [change(text, label) for text, label in zip(texts, labels, strict=True)]
    truth = np.array([label == "good" for _, label in changed])
    return measured(model, "new", [text for text, _ in changed], truth, films)


def test_a_word_that_replaces_another_is_seen(old: Measured, model: SentimentClassifier) -> None:
    replaced = ("dull", "clumsy", "hollow", "awful", "shallow", "bland")

    def change(text: str, label: str) -> tuple[str, str]:
        for word in replaced:
            text = text.replace(word, "tedious")
        return text, label

    drift = compare(old, planted(model, change), QUICK)
    changes = {leader: change.seen for leader, change in drift.leaders}
    assert changes["tedious"] == 1
    assert -1 in {changes.get(word, 0) for word in replaced}
    assert all(changes.get(word, 0) <= 0 for word in replaced)
    assert not drift.measures["unknown_words"].seen


def test_of_unknown_words_that_did_not_grow_the_commonest_is_first(
    model: SentimentClassifier,
) -> None:
    same = planted(
        model, lambda text, label: (f"{text.replace('film', 'zyx')} zya{len(text)}", label)
    )
    counts = [new for _, _, new in compare(same, same, QUICK).strange]
    assert len(counts) > 2
    assert counts == sorted(counts, reverse=True)


def test_unknown_words_are_seen(old: Measured, model: SentimentClassifier) -> None:
    new = planted(model, lambda text, label: (text.replace("film", "zyx"), label))
    drift = compare(old, new, QUICK)
    assert drift.measures["unknown_words"].seen == 1
    assert drift.strange[0][0].removeprefix("not_") == "zyx"
    assert drift.strange[0][1] == 0
    assert not drift.measures["accuracy"].seen


def test_labels_that_turn_are_seen(old: Measured, model: SentimentClassifier) -> None:
    turned = {"good": "bad", "bad": "good"}

    def turn(text: str, label: str) -> tuple[str, str]:
        return text, turned[label] if len(text) % 3 == 0 else label

    drift = compare(old, planted(model, turn), QUICK)
    assert drift.measures["accuracy"].seen == -1
    assert drift.measures["ece"].seen == 1
    assert not any(change.seen for _, change in drift.leaders)
    assert not drift.measures["mean_probability"].seen


def test_without_labels_nothing_is_said_of_accuracy(old: Measured) -> None:
    drift = compare(replace(old, labelled=False), old, QUICK)
    assert set(drift.measures) == {m.key for m in MEASURES if not m.labels}
    assert any("nothing is said of accuracy" in words for words in telling.verdict(drift))
    assert set(compare(old, old, QUICK).measures) == {m.key for m in MEASURES}


def test_the_seed_decides(old: Measured, model: SentimentClassifier) -> None:
    new = sample(model, 14, 100, "new")
    first, again = compare(old, new, QUICK), compare(old, new, QUICK)
    assert record(first) == record(again)
    assert record(first) != record(compare(old, new, replace(QUICK, seed=1)))


@pytest.mark.parametrize("share", [0.5, 0.25])
def test_false_alarms_are_as_rare_as_told(model: SentimentClassifier, share: float) -> None:
    """Random parts of one sample; with level 0.95 and sixty of them, seven are one in sixty."""
    whole = replace(sample(model, 21, 400), groups=None)
    alarms = 0
    for seed in range(60):
        inside = np.random.default_rng(seed).random(len(whole)) < share
        parts = whole.part(inside, "a"), whole.part(~inside, "b")
        alarms += compare(*parts, replace(QUICK, seed=seed)).seen
    assert alarms <= 6


def test_few_texts_are_refused(old: Measured) -> None:
    few = old.part(np.arange(len(old)) < 20, "few")
    with pytest.raises(HardmaxError, match="few: 2 groups; at least 10"):
        compare(old, few)
    with pytest.raises(HardmaxError, match="9 texts"):
        compare(replace(old.part(np.arange(len(old)) < 9, "few"), groups=None), old)


# ------------------------------------------------------------------------------ measured


def test_measures_are_what_they_are_called(old: Measured, model: SentimentClassifier) -> None:
    texts, labels, films = sentences(240, 11)
    truth = np.array([label == "good" for label in labels])
    told = {m.key: float(m.value(old.numbers.sum(axis=0))) for m in MEASURES}
    positive = model.predict_proba(texts)[:, list(model.classes_).index("good")]
    assert told["accuracy"] == pytest.approx(((positive > 0.5) == truth).mean())
    assert told["mean_probability"] == pytest.approx(positive.mean())
    assert told["positive"] == pytest.approx(truth.mean())
    assert told["excess"] == pytest.approx(positive.mean() - truth.mean())
    gaps = [
        abs((positive - truth)[(positive * 10).astype(int).clip(0, 9) == k].sum())
        for k in range(10)
    ]
    assert told["ece"] == pytest.approx(sum(gaps) / len(texts))
    corpus = Corpus("c", tuple(texts), tuple(labels))
    assert is_positive(model, corpus).tolist() == truth.tolist()
    assert old.groups == tuple(films)
    for text, masses in zip(texts[:20], old.masses, strict=False):
        one = survey_of(model, text)
        assert set(masses) == set(one)
        assert masses == pytest.approx(one)


def survey_of(model: SentimentClassifier, text: str) -> dict[str | None, float]:
    told = survey_leaders(model, [text])
    masses: dict[str | None, float] = {
        word: float(w.mass.p) / float(w.mass.q) for word, w in told.words.items()
    }
    if told.anchor is not None:
        masses[None] = float(told.anchor.mass.p) / float(told.anchor.mass.q)
    return masses


def test_undecided_texts_count_nowhere(
    model: SentimentClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sentiment.drift import measures

    usual = measures._led
    monkeypatch.setattr(
        measures, "_led", lambda model, text: None if "dull" in text else usual(model, text)
    )
    told = measured(model, "m", ["a dull film", "witty", "so dull", "zyx"], groups=list("abcd"))
    assert told.undecided == (0, 2)
    assert len(told) == 2
    assert told.groups == ("b", "d")
    assert told.numbers[:, TEXTS].tolist() == [1, 1]
    assert told.strange == Counter({"zyx": 1})
    with pytest.raises(HardmaxError, match="every text is undecided"):
        measured(model, "m", ["dull"])


# ----------------------------------------------------------------------------- resampling


def test_groups_stay_whole() -> None:
    columns = sparse.csr_array(np.array([[1.0, 2], [1, 3], [1, 5], [1, 7]]))
    grouped = sums(columns, ["a", "b", "a", "c"])
    assert grouped.toarray().tolist() == [[2, 7], [1, 3], [1, 7]]
    assert sums(columns, None) is columns
    drawn = resampled(grouped, 400, np.random.default_rng(0))
    possible = {(2.0, 7.0), (1.0, 3.0), (1.0, 7.0)}
    every = {tuple(np.add(np.add(x, y), z)) for x in possible for y in possible for z in possible}
    assert {tuple(row) for row in drawn.tolist()} == every
    assert drawn.mean(axis=0) == pytest.approx(columns.sum(axis=0), rel=0.1)


def test_permutations_deal_out_all_groups() -> None:
    rng = np.random.default_rng(1)
    old, new = (sparse.csr_array(rng.random((n, 3))) for n in (4, 6))
    first, second = permuted(old, new, 50, rng)
    total = old.sum(axis=0) + new.sum(axis=0)
    assert np.allclose(first + second, total)
    ones = [sparse.csr_array(np.ones((n, 1))) for n in (4, 6)]
    first, second = permuted(*ones, 50, rng)
    assert set(first.ravel()) == {4.0}
    assert set(second.ravel()) == {6.0}


def test_the_bootstrap_spreads_as_the_formula_says() -> None:
    values = np.random.default_rng(2).random(300)
    columns = sparse.csr_array(np.column_stack([np.ones(300), values]))
    drawn = resampled(columns, 4000, np.random.default_rng(3))
    spread = (drawn[:, 1] / drawn[:, 0]).std()
    assert spread == pytest.approx(values.std() / 300**0.5, rel=0.05)


def test_intervals_hold_together() -> None:
    """Of twenty differences without drift one or more is told in about a twentieth of trials."""
    rng = np.random.default_rng(4)
    null = rng.normal(size=(2000, 20))
    alarms = 0
    for _ in range(400):
        differences = rng.normal(size=20)
        told = together(differences, null + differences, null, 0.95)
        excluded = (told.low > 0) | (told.high < 0)
        assert (told.probability[excluded] <= 0.051).all()
        assert (told.probability[~excluded] >= 0.049).all()
        alarms += excluded.any()
    assert 8 <= alarms <= 34


def test_what_never_varies_is_told_exactly() -> None:
    null = np.zeros((100, 2))
    told = together(np.array([1e-17, 0.5]), null + np.array([0.0, 0.5]), null, 0.95)
    assert told.low.tolist() == told.high.tolist() == [0.0, 0.5]
    assert told.probability.tolist() == [1.0, pytest.approx(1 / 101)]


# -------------------------------------------------------------------------------- samples


def table(path: Path, lines: Sequence[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_labels_may_be_missing(tmp_path: Path) -> None:
    both = table(tmp_path / "a.csv", ["text,label", "good,1", "bad,0"])
    bare = table(tmp_path / "b.csv", ["id,text", "1,good", "2,bad"])
    assert read_sample(both).labelled
    assert read_sample(both).corpus.labels == ("1", "0")
    assert not read_sample(both, unlabelled=True).labelled
    assert not read_sample(bare).labelled
    assert read_sample(bare).corpus.texts == ("good", "bad")
    assert read_sample(both, "text", "label").labelled
    assert not read_sample(both, "label").labelled
    assert read_sample(both, "label").corpus.texts == ("1", "0")
    with pytest.raises(HardmaxError, match="which column holds the text"):
        read_sample(table(tmp_path / "c.csv", ["id,words", "1,good"]))
    with pytest.raises(HardmaxError, match="no column 'stars'"):
        read_sample(bare, "text", "stars")
    with pytest.raises(HardmaxError, match="row 2: the text is empty"):
        read_sample(table(tmp_path / "d.csv", ["id,text", "1,good", "2,"]))
    with pytest.raises(HardmaxError, match="no rows"):
        read_sample(table(tmp_path / "e.csv", ["id,text"]))


def test_groups_and_times_are_read_side_by_side(tmp_path: Path) -> None:
    lines = ["text,label,film,day", "a,1,x,2024-02-01", "b,0,y,2024-01-01", ",0,y,2024-01-01"]
    path = table(tmp_path / "a.csv", lines)
    both = read_sample(path, group_column="film", time_column="day", skip_empty=True)
    assert (both.corpus.groups, both.times) == (("x", "y"), ("2024-02-01", "2024-01-01"))
    assert (both.corpus.empty, both.corpus.rows) == (1, 3)
    timed = read_sample(path, time_column="day", skip_empty=True)
    assert (timed.corpus.groups, timed.times) == (None, ("2024-02-01", "2024-01-01"))
    grouped = read_sample(path, group_column="film", skip_empty=True)
    assert (grouped.corpus.groups, grouped.times) == (("x", "y"), None)
    for columns in (("film", "year"), (None, "year"), ("book", "day")):
        with pytest.raises(HardmaxError, match="no column"):
            read_sample(path, None, None, *columns, skip_empty=True)


def timed(*times: str) -> Sample:
    texts = tuple(f"text {k}" for k in range(len(times)))
    return Sample(Corpus("c", texts, ("0",) * len(times)), False, times)


def test_periods_follow_one_another() -> None:
    parts = periods(timed("3", "1", "2", "10", "9", "8"), 3)
    assert [part.times for part in parts] == [("1", "2"), ("3", "8"), ("10", "9")]
    assert [part.corpus.name for part in parts] == ["1 to 2", "3 to 8", "9 to 10"]
    equal = periods(timed("1", "1", "1", "1", "2"), 2)
    assert [len(part) for part in equal] == [4, 1]
    late = periods(timed("1", "2", "2", "2", "2"), 2)
    assert [len(part) for part in late] == [1, 4]
    months = periods(timed("2024-03", "2023-12-31T10:00", "2024-03-02T00:00:00+02:00"), 3)
    assert months[0].corpus.name == "2023-12-31T10:00"


def test_what_is_no_time_is_refused() -> None:
    for times, words in (
        (("1", "x"), "'1' is no date"),
        (("2024-01-01", "soon"), "text 2: 'soon'"),
        (("nan", "1"), "no date"),
        (("1", "1"), "1 times are no 2 periods"),
    ):
        with pytest.raises(HardmaxError, match=words):
            periods(timed(*times), 2)
    with pytest.raises(HardmaxError, match="no column of times"):
        periods(replace(timed("1"), times=None), 2)


# ------------------------------------------------------------------------------- telling


def test_pages_escape_what_they_quote(old: Measured) -> None:
    masses = tuple({"<script>x</script>": 1.0} for _ in old.masses)
    strange = Counter({"<b>": 3})
    odd = replace(old, name="<i>new</i>", masses=masses, strange=strange)
    told = page([compare(old, odd, QUICK)])
    for words in ("<script", "<b>", "<i>"):
        assert words not in told
    assert "&lt;script&gt;x&lt;/script&gt;" in told
    assert "http" not in told.replace("http-equiv", "")


def test_the_anchor_is_a_leader_without_a_word(old: Measured) -> None:
    anchored = replace(old, masses=tuple({**m, None: m.get(None, 0.0) + 0.25} for m in old.masses))
    drift = compare(old, anchored, QUICK)
    (anchor,) = (x for x in record(drift)["leaders"] if x["anchor"])
    assert anchor["word"] is None
    assert anchor["seen"] is True
    assert anchor["difference"] == pytest.approx(0.25)
    assert "neutral anchor" in telling.verdict(drift)[0]
    assert None not in dict(drift.appeared)


def test_the_error_is_shared_among_comparisons() -> None:
    assert Settings().family == pytest.approx(0.975)
    assert Settings(comparisons=5).family == pytest.approx(0.995)


def test_a_change_in_words() -> None:
    change = Change(0.5, 0.4, -0.1, -0.2, 0.0, 0.05)
    assert change.seen == 0
    assert replace(change, high=-0.01).seen == -1
    assert replace(change, low=0.01, high=0.1).seen == 1
    assert COLUMNS > TEXTS
