"""Saved models: what comes back, and that nothing but a model or one clear error ever does."""

import hashlib
import io
import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sentences import sentences

from checks.cli import main
from sentiment import formats, saving
from sentiment.classifier import SentimentClassifier
from sentiment.corpora import Corpus
from sentiment.provenance import Provenance, provenance
from theory import HardmaxError
from theory.files import outputs

TEXTS, LABELS, _ = sentences(60, 1)
CORPUS = Corpus("tests", tuple(TEXTS), tuple(LABELS), None)


@pytest.fixture(scope="module")
def model() -> SentimentClassifier:
    return SentimentClassifier(
        initialisation="log-odds", min_count_groups=9, epochs=1, random_state=0
    ).fit(TEXTS, LABELS)


@pytest.fixture
def saved(model: SentimentClassifier, tmp_path: Path) -> Path:
    saving.save(model, tmp_path / "m", provenance(CORPUS, 0, 0.0))
    return tmp_path / "m"


def renew(path: Path, content: Any, packed: bytes | None = None) -> None:
    """Write what somebody writes who knows how the digests are made."""
    if packed is not None:
        path.with_name("m.npz").write_bytes(packed)
    else:
        packed = path.with_name("m.npz").read_bytes()
    if isinstance(content, dict):
        content = dict(content)
        if "arrays_sha256" in content and packed is not None and content["arrays_sha256"] == "":
            content["arrays_sha256"] = hashlib.sha256(packed).hexdigest()
        content.pop("sha256", None)
        words = json.dumps(content, sort_keys=True, separators=(",", ":"))
        content["sha256"] = hashlib.sha256(words.encode()).hexdigest()
    path.with_name("m.json").write_text(json.dumps(content))


def content_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.with_name("m.json").read_text())
    return found


def test_pickling_and_saving(model: SentimentClassifier, tmp_path: Path) -> None:
    expected = model.positive_logits(TEXTS)
    assert (pickle.loads(pickle.dumps(model)).positive_logits(TEXTS) == expected).all()
    told = provenance(CORPUS, 3, 0.25)
    saving.save(model, tmp_path / "m.v1", told)
    for name in ("m.v1", "m.v1.json", "m.v1.npz"):
        loaded, trained_on = saving.load(tmp_path / name)
        assert (loaded.positive_logits(TEXTS) == expected).all()
        assert loaded.get_params() == model.get_params()
        assert loaded.history_ == model.history_
        assert loaded.kept_ == model.kept_
        assert loaded.predict(TEXTS).tolist() == model.predict(TEXTS).tolist()
        assert trained_on is not None
        assert (trained_on.name, trained_on.texts) == ("tests", 60)
        assert (trained_on.seed, trained_on.hold_out) == (3, 0.25)
        assert (trained_on.fingerprints == told.fingerprints).all()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["m.v1.json", "m.v1.npz"]
    saving.save(model, tmp_path / "m.v1")
    assert saving.load(tmp_path / "m.v1")[1] is None


@pytest.mark.parametrize(
    "labels", [[0, 1], [False, True], [-0.5, 2.0], ["a", "é"]], ids=["int", "bool", "float", "str"]
)
def test_labels_of_every_kind(labels: list[Any], tmp_path: Path) -> None:
    y = [labels[label == "good"] for label in LABELS]
    found = SentimentClassifier(initialisation="log-odds", epochs=0, random_state=0).fit(TEXTS, y)
    saving.save(found, tmp_path / "m")
    loaded, _ = saving.load(tmp_path / "m")
    assert loaded.classes_.tolist() == labels
    assert loaded.classes_.dtype.kind == found.classes_.dtype.kind
    assert loaded.predict(TEXTS).tolist() == found.predict(TEXTS).tolist()


def test_tampering_is_noticed(saved: Path) -> None:
    def refused(path: Path, content: bytes, match: str) -> None:
        kept = path.read_bytes()
        path.write_bytes(content)
        with pytest.raises(HardmaxError, match=match):
            saving.load(saved)
        path.write_bytes(kept)

    settings, arrays = saving.paths(saved)
    packed = arrays.read_bytes()
    refused(arrays, packed[:-1], "not the arrays")
    refused(arrays, packed[:200] + bytes([packed[200] ^ 1]) + packed[201:], "not the arrays")
    content = content_of(saved)
    for key, value in {"alpha": 7.0, "bias": 0.0, "vocabulary": [], "classes": ["a", "b"]}.items():
        refused(settings, json.dumps(content | {key: value}).encode(), "not those")
    refused(settings, json.dumps(content | {"version": 1}).encode(), "train it again")
    refused(settings, b"{", "not JSON")
    refused(settings, b"[]", "not JSON")
    refused(settings, b"{}", "not a hardmax sentiment model")
    refused(settings, b"\xff\xfe", "not JSON")
    refused(settings, settings.read_bytes().replace(b"{", b'{"bias": 1,', 1), "not JSON")
    saving.load(saved)
    with pytest.raises(HardmaxError, match="cannot be read"):
        saving.load(saved.parent / "none")
    with pytest.raises(HardmaxError, match="cannot be read"):
        saving.load(saved.parent / "none" / "m")


WRONG: list[Any] = [
    None, True, 0, 1, -1, 2, 0.5, -0.5, 1e300, 10**40, 2**63, float("nan"), float("inf"), "", "a",
    "bad", "x" * 5000, "\ud800", "0" * 64, [], [0], ["a"], ["a", "a"], ["bad", "bad"],
    ["good", "bad"], ["bad", "good"], [1, 1.5], [True, 2], [[]], [None, None], {}, {"a": 1},
    {"number": 0}, [{}], [[[]] * 3] * 3,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a JSON value; of a long list only the ends."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for k in sorted({0, len(value) - 1} if value else ()):
            yield from places(value[k], (*path, k))


def changed(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], wrong)
    return copy


def test_every_place_of_a_model_with_every_wrong_value(
    model: SentimentClassifier, saved: Path
) -> None:
    content = content_of(saved)
    mutations = [
        (path, wrong)
        for path in places(content)
        if path[-1:] not in {("sha256",), ("arrays_sha256",)}
        for wrong in WRONG
    ]
    assert len(mutations) > 1500
    accepted = set()
    told: list[str] = []
    for path, wrong in mutations:
        renew(saved, changed(content, path, wrong))
        try:
            found, trained_on = saving.load(saved)
        except HardmaxError as error:
            told.append(str(error))
            continue
        if path == ("version",) and wrong == formats.VERSION:
            continue  # as it was
        accepted.add(path[0])
        assert np.isfinite(found.set_params(depth=2).predict_proba(TEXTS)).all(), (path, wrong)
        assert set(found.predict(TEXTS).tolist()) <= set(found.classes_.tolist())
        saving.save(found, saved.with_name("again"), trained_on)
    assert all("\n" not in words and len(words) < 400 for words in told)
    # Values of these may be others and still those of a model.
    assert accepted <= {
        "alpha", "bias", "prior", "positive", "parameters", "reading", "made_with", "classes",
        "history", "trained_on", "vocabulary", "anchor", "fitted", "calibration",
    }  # fmt: skip


def test_a_key_that_is_missing_or_unknown(saved: Path) -> None:
    content = content_of(saved)
    for path in places(content):
        if not path or isinstance(path[-1], int) or path[-1] in {"sha256", "format"}:
            continue
        inner: Any = content
        for key in path[:-1]:
            inner = inner[key]
        less = {key: value for key, value in inner.items() if key != path[-1]}
        more = inner | {"unknown": 1}
        for wrong in (less, more):
            if path[0] == "made_with" and len(path) > 1:
                continue  # any packages may be named there
            renew(saved, changed(content, path[:-1], wrong))
            with pytest.raises(HardmaxError):
                saving.load(saved)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[" * 100_000, "not JSON"),
        ('{"format": "hardmax sentiment model", "version": 3, "x": ' + "[" * 900 + "]" * 900 + "}",
         "not"),
        ('{"format": "hardmax sentiment model", "version": 3, "bias": ' + "9" * 5000 + "}", "not"),
        ('{"format": "hardmax sentiment model", "version": 3, "bias": 1e999}', "not"),
        ('{"format": "hardmax sentiment model", "version": 3, "bias": NaN}', "not JSON"),
        ('{"format": "hardmax sentiment model", "version": ' + "9" * 400 + "}", "not"),
        ("", "not JSON"),
        ("null", "not JSON"),
    ],
)  # fmt: skip
def test_json_of_the_worst_kind(saved: Path, text: str, match: str) -> None:
    saved.with_name("m.json").write_text(text)
    with pytest.raises(HardmaxError, match=match):
        saving.load(saved)


def npz(compression: int = zipfile.ZIP_STORED, **members: Any) -> bytes:
    """An .npz file of these arrays, or bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, member in members.items():
            if not isinstance(member, bytes):
                stream = io.BytesIO()
                np.lib.format.write_array(stream, np.asanyarray(member))
                member = stream.getvalue()
            archive.writestr(f"{name}.npy", member)
    return packed.getvalue()


def header(shape: str, dtype: str = "<f4") -> bytes:
    words = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(words).to_bytes(2, "little") + words.encode()


def test_arrays_of_every_wrong_kind(model: SentimentClassifier, saved: Path) -> None:
    content = content_of(saved) | {"arrays_sha256": ""}
    good = saved.with_name("m.npz").read_bytes()
    E, v = model.parameters_.embedding, model.parameters_.weights
    texts = provenance(CORPUS, 0, 0.0).fingerprints
    nan, huge = E.copy(), E.copy()
    nan[0, 0], huge[0, 0] = np.nan, 1e30
    with np.load(saved.with_name("m.npz")) as arrays:
        fit = {name: arrays[name] for name in ("masses", "with_feature", "remainders")}
    rest = {"weights": v, "trained_on": texts, **fit}
    wrong = [
        b"", b"PK", good[:100], good[:-30], good + b"x" * 70_000, good.replace(b"NUMPY", b"NUMBY"),
        npz(), npz(embedding=E), npz(embedding=E, weights=v), npz(embedding=E, **rest, more=v),
        npz(zipfile.ZIP_DEFLATED, embedding=E, **rest),
        npz(embedding=np.array([{}], dtype=object), **rest),
        npz(embedding=E, weights=np.array([None, None]), trained_on=texts),
        npz(embedding=E.astype(float), **rest), npz(embedding=E.T, **rest),
        npz(embedding=np.asfortranarray(E), **rest), npz(embedding=E[:-1], **rest),
        npz(embedding=nan, **rest), npz(embedding=huge, **rest), npz(embedding=b"", **rest),
        npz(embedding=E[:, :0], weights=v[:0], trained_on=texts),
        npz(embedding=E, weights=v[0], trained_on=texts),
        npz(embedding=E, weights=v[None], trained_on=texts),
        npz(embedding=E, weights=v, trained_on=texts[::-1]),
        npz(embedding=E, weights=v, trained_on=np.repeat(texts, 2)),
        npz(embedding=E, weights=v, trained_near=texts),
        npz(embedding=E, **rest, trained_near=texts[::-1]),
        npz(embedding=E, **rest, trained_near=texts.astype(float)),
        npz(embedding=E, weights=v, trained_on=texts.astype(float)),
        *(npz(embedding=E, **rest | {name: changed})
          for name in fit
          for changed in (fit[name][..., :-1], fit[name].astype(complex), fit[name].astype("<f2"))),
        npz(embedding=E, **rest | {"masses": -1 - fit["masses"]}),
        npz(embedding=E, **rest | {"remainders": fit["remainders"] + np.inf}),
        npz(embedding=E, **rest | {"with_feature": fit["with_feature"].T}),
        npz(embedding=E, weights=v, trained_on=texts), npz(embedding=E[1:], **rest),
        npz(embedding=header("(1000000000000, 2)"), **rest),
        npz(embedding=header("(-1, 2)") + b"x" * 8, **rest),
        npz(embedding=header("(" * 60), **rest), npz(embedding=header("3"), **rest),
        npz(embedding=E, weights=header("(1000000000000,)"), trained_on=texts),
        npz(embedding=E, weights=header("(2,)", "O") + b"x" * 16, trained_on=texts),
    ]  # fmt: skip
    for number, packed in enumerate(wrong):
        renew(saved, content, packed)
        with pytest.raises(HardmaxError) as error:
            saving.load(saved)
        assert "\n" not in str(error.value), number
    renew(saved, content, npz(embedding=E, **rest))
    assert (saving.load(saved)[0].positive_logits(TEXTS) == model.positive_logits(TEXTS)).all()


def test_bytes_of_the_arrays_with_renewed_digests(saved: Path) -> None:
    content = content_of(saved) | {"arrays_sha256": ""}
    good = saved.with_name("m.npz").read_bytes()
    rng = np.random.default_rng(0)
    for _ in range(400):
        packed = bytearray(good)
        for place in rng.integers(0, len(good), rng.integers(1, 4)):
            packed[place] = rng.integers(256)
        if rng.random() < 0.3:
            packed = packed[: rng.integers(len(good))]
        renew(saved, content, bytes(packed))
        try:
            found, _ = saving.load(saved)
        except HardmaxError:
            continue
        assert np.isfinite(found.predict_proba(TEXTS)).all()


@pytest.mark.parametrize("command", ["evaluate", "explain", "leaders"])
def test_the_command_line_says_it_in_one_line(
    command: str, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = saved.with_name("data.csv")
    data.write_text("text,label\nsuperb,good\ndull,bad\n")
    content = content_of(saved)
    given = "superb" if command == "explain" else str(data)
    for wrong in ({"bias": float("nan")}, {"trained_on": {"name": 1}}, {"classes": ["a", "a"]},
                  {"vocabulary": [1, 2]}, {"history": []}, {"reading": {}}):  # fmt: skip
        renew(saved, content | wrong)
        assert main(["sentiment", command, str(saved), given]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
    renew(saved, content | {"arrays_sha256": ""}, b"")
    assert main(["sentiment", command, str(saved), given]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_could_not_be_loaded_is_not_saved(model: SentimentClassifier, tmp_path: Path) -> None:
    odd = SentimentClassifier(**model.get_params())
    odd.__dict__.update({k: v for k, v in vars(model).items() if k.endswith("_")})
    odd.classes_ = np.array(["a", "\ud800"], dtype=object)
    odd.positive_ = "a"
    with pytest.raises(HardmaxError):
        saving.save(odd, tmp_path / "m")
    with pytest.raises(HardmaxError, match="cannot be written"):
        saving.save(model, tmp_path / "none" / "m")
    assert list(tmp_path.iterdir()) == []


def test_files_too_long_to_be_a_model(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_BYTES", len(saved.with_name("m.json").read_bytes()) - 1)
    with pytest.raises(HardmaxError, match="so not a model"):
        saving.load(saved)
    saved.with_name("m.json").unlink()
    saved.with_name("m.json").mkdir()
    with pytest.raises(HardmaxError, match="cannot be read"):
        saving.load(saved)


def test_a_full_disk_leaves_the_old_model(
    saved: Path, model: SentimentClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SentimentClassifier(initialisation="log-odds", epochs=0, random_state=1)
    other.fit(TEXTS, LABELS)
    drafts: list[Path] = []
    locked = outputs._locked

    def full(file: Path) -> tuple[Path, int]:
        drafts.append(file)
        if len(drafts) > 1:
            raise OSError(28, "No space left on device")
        return locked(file)

    monkeypatch.setattr(outputs, "_locked", full)
    with pytest.raises(HardmaxError, match=r"m\.npz: cannot be written: No space left"):
        saving.save(other, saved)
    monkeypatch.undo()
    assert (saving.load(saved)[0].positive_logits(TEXTS) == model.positive_logits(TEXTS)).all()
    assert len(list(saved.parent.iterdir())) == 2


def test_many_writers_leave_one_model(saved: Path) -> None:
    program = (
        "import sys; from sentiment import saving; path = sys.argv[1]; "
        "found = saving.load(sys.argv[2]); "
        "[(saving.save(found[0].set_params(random_state=k), path, found[1]), saving.load(path)) "
        "for k in range(int(sys.argv[3]), int(sys.argv[3]) + 30)]"
    )
    shared = str(saved.with_name("shared"))
    running = [
        subprocess.Popen([sys.executable, "-c", program, shared, str(saved), str(start)])
        for start in (0, 1000)
    ]
    assert [process.wait(timeout=1200) for process in running] == [0, 0]
    saving.load(shared)


def test_a_writer_that_was_killed_leaves_nothing_in_the_way(
    saved: Path, model: SentimentClassifier
) -> None:
    program = (
        "import os, signal, sys; from theory.files import outputs; from sentiment import saving; "
        "found, told = saving.load(sys.argv[1]); name = sys.argv[2]; draft = outputs._locked\n"
        "def killed(file):\n"
        "    made = draft(file)\n"
        "    if file.suffix == name: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return made\n"
        "outputs._locked = killed; saving.save(found, sys.argv[1], told)"
    )
    expected = model.positive_logits(TEXTS)
    for suffix in (".json", ".npz"):
        command = [sys.executable, "-c", program, str(saved), suffix]
        assert subprocess.run(command, check=False).returncode == -9
        assert len(list(saved.parent.iterdir())) > 2
        assert (saving.load(saved)[0].positive_logits(TEXTS) == expected).all()
        saving.save(model, saved)
        assert sorted(file.name for file in saved.parent.iterdir()) == ["m.json", "m.npz"]


def test_texts_are_known_again() -> None:
    told = provenance(CORPUS, 0, 0.0)
    assert isinstance(told, Provenance)
    assert told.seen(reversed(TEXTS)).all()
    assert told.seen([f"  {TEXTS[0]}\r\n", TEXTS[0].upper(), ""]).tolist() == [True, False, False]
    assert told.all_in([*TEXTS, "more"])
    assert not told.all_in(TEXTS[1:])
    assert len(provenance(Corpus("t", ("a", "a"), ("0", "1")), 0, 0.0).fingerprints) == 1
    assert formats.VERSION == 3
