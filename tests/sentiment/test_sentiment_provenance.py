"""Texts that a model was trained on are known again, word for word or nearly so."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from commands import Invoke
from sentences import sentences

from sentiment import saving
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.provenance import NONE, near_fingerprints, provenance
from sentiment.saving import _digest

TEXT = "It's a fine film: well-made, and café-bright!"

NEAR = [
    "it's a fine film well made and café bright",
    "IT'S A FINE FILM: WELL-MADE, AND CAFÉ-BRIGHT",
    "<p class='x'>It’s a <b>fine</b> film:<br/>well-made, and caf&eacute;-bright!</p>",
    "It&#39;s a fine film &mdash; well - made , and cafe\u0301 - bright ! <!-- end -->",
    "it 's  a  fine film ; well-made , and café-bright \U000f0000",
]
FAR = [
    "It's a fine film: well-made, and café-bright, too!",
    "It's a fine film: well-made, and cafe-bright!",
    "It's a fine film: well-made!",
    "It's a fine film: well-made, and café-dull!",
    "It's a fine film: well-made, and café-bright 2!",
    "It's a fine film: well-made, and café-bright 😡",
    "Is it a fine film: well-made, and café-bright!",
    "if 1 < 2 it's a fine film: well-made, and café-bright!",
]


def test_near_fingerprints_forgive_and_tell_apart() -> None:
    one = near_fingerprints([TEXT])[0]
    assert one != NONE
    assert (near_fingerprints(NEAR) == one).all()
    assert (near_fingerprints(FAR) != one).all()
    words = near_fingerprints(["Good!", "good", "", "...", "<br>", "Don't", "so good", "bad 😡"])
    assert (words == NONE).tolist() == [True] * 6 + [False] * 2


def test_each_text_is_of_one_kind() -> None:
    told = provenance(Corpus("t", (TEXT, "Good", "good fun"), ("1", "0", "1")), 0, 0.0)
    texts = [f" {TEXT} ", *NEAR, *FAR, "good", "Good", "GOOD, fun"]
    near = told.nearly_seen(texts)
    assert near is not None
    expected = [False] + [True] * len(NEAR) + [False] * (len(FAR) + 2) + [True]
    assert near.tolist() == expected
    assert np.flatnonzero(told.seen(texts)).tolist() == [0, len(texts) - 2]


def test_text_of_open_tags_is_read() -> None:
    for piece in ("<!--", "<a ", "&", "&lt;a ", "<"):
        assert len(near_fingerprints([piece * 100_000 + "one two"])) == 1


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "label"), *rows])
    return path


def test_evaluate_and_leaders_leave_near_texts_out(hardmax: Invoke, tmp_path: Path) -> None:
    texts, labels, _ = sentences(60, 1)
    trained = list(zip(texts, map(str, labels), strict=True))
    data, model = write(tmp_path / "a.csv", trained), tmp_path / "model"
    told = ("--epochs", "0", "--hold-out", "0", "--json")
    assert hardmax("train", data, "--out", model, *told)[0] == 0
    new = [(f"{text} Newer!", label) for text, label in trained[:9]]
    near = [(f"<i>{text.upper()}</i>!!", label) for text, label in trained[:4]]
    mixed = write(tmp_path / "b.csv", [*new, *near, *trained[:3]])
    status, out, err = hardmax("evaluate", model, mixed, "--json", "--baselines")
    record = json.loads(out)
    assert status == 0
    assert (record["texts"], record["left_out"]) == (9, 7)
    assert (record["verbatim_in_training"], record["near_verbatim_in_training"]) == (3, 4)
    assert "trained on: 3, left out\n" in err
    assert "near-verbatim in training: 4, left out; 9 count\n" in err
    assert sum(b["texts"] for b in record["reliability"]) == 9
    status, out, err = hardmax("leaders", model, mixed, "--json")
    assert (status, json.loads(out)["near_verbatim_in_training"]) == (0, 4)
    assert "near-verbatim in training: 4, left out; 9 are read\n" in err
    status, out, err = hardmax("evaluate", model, write(mixed, near), "--json")
    assert (status, out, err.count("\n")) == (3, "", 1)
    status, out, err = hardmax("evaluate", model, write(mixed, new))
    assert (status, "near" in err) == (0, False)
    assert "ECE, 10 bins of equal width" in " ".join(out.split())


def test_a_model_of_before_cannot_tell(hardmax: Invoke, tmp_path: Path) -> None:
    texts = ["A good film", "good fun", "a bad film", "bad, so bad"]
    model = SentimentClassifier(epochs=0, anchor=0, validation_fraction=0, random_state=0)
    model.fit(texts, ["1", "1", "0", "0"])
    path = tmp_path / "old"
    saving.save(model, path, provenance(Corpus("t", tuple(texts), ("1", "1", "0", "0")), 0, 0.0))
    kept = saving.load(path)[1]
    assert kept is not None
    assert kept.near is not None
    assert len(kept.near) == 4
    settings, packed = saving.paths(path)
    with np.load(packed) as arrays:
        old = {name: arrays[name] for name in ("embedding", "weights", "trained_on")}
    stream = io.BytesIO()
    np.savez(stream, **old)  # type: ignore[arg-type]  # as NumPy's own stubs have it
    packed.write_bytes(stream.getvalue())
    content = json.loads(settings.read_text("utf-8"))
    del content["sha256"]
    content["arrays_sha256"] = saving.hashlib.sha256(stream.getvalue()).hexdigest()
    settings.write_text(json.dumps(content | {"sha256": _digest(content)}), "utf-8")
    kept = saving.load(path)[1]
    assert kept is not None
    assert kept.near is None
    data = write(tmp_path / "t.csv", [("a GOOD film", "1"), ("bad, so bad", "0")])
    status, out, err = hardmax("evaluate", path, data, "--json")
    record = json.loads(out)
    assert (status, record["texts"], record["left_out"]) == (0, 1, 1)
    assert record["near_verbatim_in_training"] is None
    assert "near-verbatim texts could not be told" in err
    assert saving.save(model, path, kept) == (settings, packed)
