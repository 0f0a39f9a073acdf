"""The reliability table and the expected calibration error, against sums by hand."""

import numpy as np

from sentiment.reliability import BINS, expected_error, reliability


def test_every_text_is_in_one_bin_and_ends_belong_upward() -> None:
    said = np.array([k / BINS for k in range(BINS + 1)])
    bins = reliability(said, said > 0.5)
    assert [b.texts for b in bins] == [1] * (BINS - 1) + [2]
    assert [(b.start, b.end) for b in bins] == [(k / 10, (k + 1) / 10) for k in range(10)]


def test_the_error_is_the_mean_gap() -> None:
    rng = np.random.default_rng(0)
    said = rng.random(500)
    truth = rng.random(500) < said**2
    bins = reliability(said, truth)
    gaps = 0.0
    for k in range(BINS):
        those = [i for i in range(500) if min(int(said[i] * BINS), BINS - 1) == k]
        gaps += abs(sum(said[i] - truth[i] for i in those)) / 500
    assert abs(expected_error(bins) - gaps) < 1e-12
    assert gaps > 0.1
    calibrated = rng.random(500) < said
    assert expected_error(reliability(said, calibrated)) < gaps / 2


def test_bins_without_texts_say_nothing() -> None:
    bins = reliability(np.array([]), np.array([], dtype=bool))
    assert {(b.texts, b.mean_probability, b.positive) for b in bins} == {(0, None, None)}
    assert expected_error(bins) == 0.0
