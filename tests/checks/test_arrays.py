"""Boxes on arrays: the same as one by one, and nothing believed of what the batches say."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from checks import arrays
from checks.arrays import Said, Settlements, everywhere, holds_always, settled_together
from checks.beside import chosen, chosen_together
from checks.boxes import Box
from checks.campaigns import enumeration
from checks.campaigns.enumeration import enumerate_box
from checks.cli import main
from checks.reach import Met, Reach
from checks.run import Run
from checks.statements import claims, find, registry
from checks.verdicts import Report, Verdict
from theory import CAUSAL, Configuration, HardmaxError, Settled, settle
from theory.fast.batches import Batch, Changes, settle_batch

NAMES = [claim.name for claim in claims() if claim.arrays is not None]

BOXES = {
    "one token": (Box(2, 1, 1), "1"),
    "a line": (Box(1, 8, 3), "2"),
    "many of a line": (Box(1, 13, 25), "1/3"),
    "more than arrays take": (Box(1, 17, 33), "1"),
    "none": (Box(1, 1, 3), "1"),
    "the plane": (Box(2, 2, 4), "1"),
    "small steps": (Box(2, 2, 3), "1/25"),
    "smaller steps": (Box(2, 2, 2), "1/300"),
    "tiny steps": (Box(2, 1, 3), "1/1000000000000000000000000"),
    "huge steps": (Box(2, 2, 3), "1000000000000000000000000"),
    "steps of wide numbers": (Box(2, 1, 5), "1048583/3145739"),
    "backward": (Box(2, 1, 3), "-1/2"),
    "no step": (Box(2, 1, 3), "0"),
    "space": (Box(3, 1, 3), "5"),
    "four dimensions": (Box(4, 1, 3), "7"),
}


def told(reports: Sequence[Report]) -> list[str]:
    return [json.dumps(report.as_dict()) for report in reports]


def points_of(box: Box) -> Any:
    """The configurations of a box, (N, n, d), one of each orbit."""
    return np.array([rows for rows, _ in box.representatives()])


@pytest.mark.parametrize("case", BOXES.values(), ids=BOXES)
def test_arrays_answer_as_runs_do(case: tuple[Box, str]) -> None:
    box, alpha = case

    chosen = [find(name) for name in NAMES]
    alone = enumerate_box(box, alpha, claims=chosen, arrays=False)
    assert told(enumerate_box(box, alpha, claims=chosen)) == told(alone)


def test_each_claim_answers_alone_as_it_does_among_others() -> None:
    assert len(NAMES) >= 8
    for name in NAMES:
        (report,) = enumerate_box(Box(2, 2, 3), "1/2", claims=[find(name)])
        assert report.verdict is Verdict.PROVED
        alone = enumerate_box(Box(2, 2, 3), "1/2", claims=[find(name)], arrays=False)
        assert told([report]) == told(alone)


@pytest.mark.parametrize("budget", [0, 1, 3, 25])
def test_a_small_budget_leaves_the_same_open(budget: int) -> None:
    chosen = [find(name) for name in NAMES]
    reports, alone = (
        enumerate_box(
            Box(2, 2, 3), "1/10", claims=chosen, max_layers=budget, arrays=arrays_are_used
        )
        for arrays_are_used in (True, False)
    )
    assert told(reports) == told(alone)
    assert (reports[0].undecided > 0) is (budget < 25)


RARE: tuple[tuple[list[list[int]], str], ...] = (
    ([[-1, 0], [-1, -1], [-1, 1], [-1, -2], [-1, 2]], "1"),
    ([[-1, 0], [0, -1], [-2, 0], [-2, -1], [-2, 1]], "1"),
    ([[-1, 0], [-1, -1], [-2, 0], [-2, 1]], "1/100"),
    ([[-1, 0], [-2, -1], [-1, -3]], "1/60"),
    ([[-1, -1], [-2, 0], [-2, 1]], "1/27"),
    ([[-1, -1], [-2, 0], [-2, 1]], "1/28"),
    ([[-1, 0], [-1, -1], [-2, 0], [-2, 1]], "1/10"),
    ([[-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, 0], [-1, -1, -1, 0], [-1, -1, 0, -1]], "4"),
    ([[-1, 0, 0, 0], [-1, -1, 0, 0], [-1, 0, -1, 0], [-1, -1, 0, -1], [-1, 0, -1, 1]], "4"),
    ([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]], "3"),
    ([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 1, 1]], "2"),
    ([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]], "9"),
    ([[k] for k in range(1, 27)], "1/3"),
    ([[5]], "1/20"),
    ([[-1, -1], [-2, 0], [-2, 1]], "1/4"),
    ([[-1, 0], [-1, -1], [0, -2]], "1/4"),
    ([[-1, 0], [0, -1], [0, 1], [1, 0]], "1"),
    ([[2, 0], [1, 1]], "1"),
)
"""Configurations that have what few of small boxes have, with their steps."""


def met_alone(tokens: list[list[int]], alpha: str, times: int) -> dict[str, Any]:
    reach = Reach()
    reach.meet(Met.of(Run(Configuration(tokens, alpha))), times)
    return reach.as_dict()


def met_together(tokens: list[list[int]], alpha: str, times: int) -> dict[str, Any]:
    reach, step = Reach(), Configuration(tokens, alpha).alpha
    for made in settled_together(np.array([tokens] * 3), step, 10_000):
        one = made.only(made.numbers == 1)
        reach.meet_together(one, step, np.array([times] * len(one.layer)))
    return reach.as_dict()


def names(reach: dict[str, Any]) -> set[str]:
    """What of a reach, and of its histograms, was met three times."""
    parts = (reach, reach["settled_layer"], reach["settles_by"])
    return {name for part in parts for name, count in part.items() if count == 3}


def test_what_configurations_have_is_what_their_runs_have() -> None:
    seen: set[str] = set()
    for tokens, alpha in RARE:
        together = met_together(tokens, alpha, 3)
        assert together == met_alone(tokens, alpha, 3)
        seen |= names(together)
    assert seen >= {
        "ties", "self_ties", "emerging_leaders", "resting_followers", "face_limits",
        "moving_ties", "many_layers", "long_stretches", "side_by_side", "shared_face_limits",
        "small_steps", "large_steps", "one_token", "crowds", "open_case",
        "0", "1–3", "4–10", "11–100", "d ≤ 3", "n ≤ 3", "α < 3 and multiplicities 1",
        "all limits are vertices", "no two tokens share a face limit", "open case",
    }  # fmt: skip


def test_arrays_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a run was made")

    monkeypatch.setattr(enumeration, "_do", never)
    chosen = [find(name) for name in NAMES]
    assert {x.verdict for x in enumerate_box(Box(2, 2, 4), claims=chosen)} == {Verdict.PROVED}
    with pytest.raises(AssertionError, match="a run was made"):
        enumerate_box(Box(2, 2, 4), claims=[*chosen, find("norms-grow")])


@pytest.mark.parametrize("products", [1, 100, 10**6])
def test_blocks_of_any_size_answer_alike(products: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [find("settling"), find("limits-are-feet")]
    usual = told(enumerate_box(Box(2, 2, 3), "1/10", claims=chosen))
    monkeypatch.setattr(arrays, "PRODUCTS", products)
    assert told(enumerate_box(Box(2, 2, 3), "1/10", claims=chosen)) == usual
    made = list(settled_together(points_of(Box(2, 1, 3)), fmpq(1), 100))
    numbers = [number for part in made for number in part.numbers.tolist()]
    assert numbers == [*range(10)]
    assert len(made) == 2 * {1: 10, 100: 1, 10**6: 1}[products]


def test_one_process_or_two(capsys: pytest.CaptureFixture[str]) -> None:
    """At this step arrays leave some open."""
    command = ["enumerate", "--tokens", "3", "--alpha", f"1/{10**24}", "--json"]
    command += [word for name in NAMES for word in ("--claim", name)]
    answers = set()
    for jobs in ("1", "2"):
        main([*command, "--jobs", jobs])
        answers.add(capsys.readouterr().out)
    (answer,) = answers
    assert answer.count("\n") == len(NAMES)


# ------------------------------------------------------------------- planted false statements


def few(made: Settlements) -> Said:
    return everywhere(made.leads.sum(axis=0) < 3)


def apart(made: Settlements) -> Said:
    """Too cautious: it never surely holds."""
    return Said(np.ones(len(made.layer), np.bool_), np.zeros(len(made.layer), np.bool_))


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Any], Any]]:
    """Register the false statement that at most two tokens lead, with what arrays say of it."""
    before = registry.statements()

    def plant(judge: Any) -> Any:
        @registry.claim("two-lead", "At most two tokens lead.", arrays=judge)
        def two_lead(run):  # type: ignore[no-untyped-def]  # a user's function
            return len(run.equilibrium.leaders) < 3

        return two_lead

    yield plant
    registry.restore(before)


@pytest.mark.parametrize("judge", [few, apart])
def test_a_false_statement_has_the_same_witness(judge: Any, planted: Callable[[Any], Any]) -> None:
    chosen = [find("settling"), planted(judge)]
    true, refuted = enumerate_box(Box(2, 2, 3), claims=chosen)
    alone = enumerate_box(Box(2, 2, 3), claims=chosen, arrays=False)
    assert told([true, refuted]) == told(alone)
    assert (true.verdict, refuted.verdict) == (Verdict.PROVED, Verdict.REFUTED)
    assert refuted.witness is not None


def test_a_wrong_judge_of_arrays_would_be_seen(planted: Callable[[Any], Any]) -> None:
    false = planted(holds_always)
    (wrong,) = enumerate_box(Box(2, 2, 3), claims=[false])
    (right,) = enumerate_box(Box(2, 2, 3), claims=[false], arrays=False)
    assert (wrong.verdict, right.verdict) == (Verdict.HELD, Verdict.REFUTED)


@pytest.mark.parametrize("options", [{"dynamics": CAUSAL}, {"arrays": 3}])
def test_arrays_that_cannot_be_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(HardmaxError, match="never: "):
        registry.claim("never", "x", **{"arrays": holds_always, **options})
    assert "never" not in registry.statements()


# ------------------------------------------------------------------------- nothing is believed

SAMPLES = {
    "box": (points_of(Box(2, 2, 4)), "1"),
    "small steps": (points_of(Box(2, 2, 3)), "1/25"),
    "wide": (points_of(Box(2, 1, 5)), "1048583/3145739"),
    "large numbers": (points_of(Box(2, 2, 3)) * 2**30 + np.arange(6).reshape(3, 2), "1/2"),
    "great numbers": (points_of(Box(2, 2, 3)) * 2**60, "1/2"),
    "the greatest": (np.array([[[-(2**63), 1], [1, 0]], [[2**63 - 1, 1], [-(2**63), 1]]]), "1/2"),
}


@pytest.mark.parametrize("case", SAMPLES.values(), ids=SAMPLES)
def test_what_is_proved_is_what_settle_says(case: tuple[Any, str]) -> None:
    tokens, alpha = case
    seen = set()
    for made in settled_together(tokens, fmpq(*map(int, f"{alpha}/1".split("/")[:2])), 10_000):
        for place, number in enumerate(made.numbers.tolist()):
            seen.add(number)
            settled = settle(Configuration(tokens[number].tolist(), alpha))
            assert isinstance(settled, Settled)
            equilibrium, one = settled.equilibrium(), made.only(made.numbers == number)
            assert (one.tokens[..., 0] == tokens[number]).all()
            assert one.layer.tolist() == [settled.layer]
            sets = [tuple(np.flatnonzero(row)) for row in made.attends[..., place]]
            assert tuple(sets) == settled.pattern
            since = {i: k for i, k in enumerate(one.since[:, 0].tolist()) if k >= 0}
            assert since == {v.token: v.since_layer for v in equilibrium.leaders}
            moving = [bool(form.moving) for form in settled.closed_form]
            assert one.moves[:, 0].tolist() == moving
            kinds = [kind != "face" for kind in equilibrium.kinds]
            assert one.at_leaders[:, 0].tolist() == kinds
            ways = zip(one.here[..., 0], one.limits[..., 0], strict=True)
            ends = zip(settled.tokens(settled.layer), equilibrium.limits, strict=True)
            numbers = [(int(x), int(y)) for z, s in ways for x, y in zip(z, s, strict=True)]
            truths = [(x, y) for z, s in ends for x, y in zip(z, s, strict=True)]
            (unit,) = {fmpq(x) / z for (x, _), (z, _) in zip(numbers, truths, strict=True) if z}
            assert [(fmpq(x), fmpq(y)) for x, y in numbers] == [
                (unit * z, unit * s) for z, s in truths
            ]
    assert len(seen) > len(tokens) * 9 / 10


def test_both_kinds_of_integers_are_met() -> None:
    tokens, _ = SAMPLES["wide"]
    narrow, wide = settled_together(tokens, fmpq(1048583, 3145739), 10_000)
    assert narrow.here.dtype == np.int64
    assert wide.here.dtype == object
    assert len(narrow.numbers)
    assert len(wide.numbers)


def test_no_number_of_64_bits_exceeds_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Products are at most 2^60, so that a sum of two, and twice that, still fits."""
    greatest = 0
    plain = arrays.inner

    def measured(X: Any, Y: Any) -> Any:
        nonlocal greatest
        exact = plain(X.astype(object), Y.astype(object))
        if X.dtype == np.int64:
            greatest = max(greatest, int(np.abs(exact).max(initial=0)))
        return exact.astype(X.dtype)

    monkeypatch.setattr(arrays, "inner", measured)
    random = np.random.default_rng(1)
    for bits in range(24, 32):
        tokens = random.integers(-(2**bits), 2**bits, (50, 4, 2))
        assert list(settled_together(tokens, fmpq(1), 100))
    assert 2**58 < greatest <= 2**60


def later(batch: Batch) -> Batch:
    """Settled a layer too late, at a change that is none."""
    numbers, layers, masks = batch.changes
    last = batch.layer[numbers] == layers
    more = Changes(
        np.concatenate([numbers, numbers[last]]),
        np.concatenate([layers, layers[last] + 1]),
        np.concatenate([masks, masks[last]]),
    )
    return replace(batch, layer=batch.layer + 1, changes=more)


def earlier(batch: Batch) -> Batch:
    """Settled with the pattern before the last, which does not stand for ever."""
    numbers, layers, masks = batch.changes
    last = (batch.layer[numbers] == layers) & (layers > 0)
    kept = Changes(numbers[~last], layers[~last], masks[~last])
    layer = np.array([kept.layer[kept.configuration == k].max() for k in range(len(batch))])
    return replace(batch, layer=layer, changes=kept)


def before(batch: Batch) -> Batch:
    """Settled with the last pattern, a layer before it stands."""
    numbers, layers, masks = batch.changes
    last = (batch.layer[numbers] == layers) & (layers > 0)
    moved = Changes(numbers, layers - last, masks)
    return replace(batch, layer=np.maximum(batch.layer - 1, 0), changes=moved)


def another(batch: Batch) -> Batch:
    """Another last pattern: everybody attends to token 0 as well."""
    numbers, layers, masks = batch.changes
    last = batch.layer[numbers] == layers
    return replace(
        batch, changes=Changes(numbers, layers, masks | last[:, None].astype(masks.dtype))
    )


def unknown(batch: Batch) -> Batch:
    """Nothing is known of any."""
    return replace(batch, fallback=np.ones_like(batch.fallback))


@pytest.mark.parametrize("lie", [later, earlier, before, another, unknown])
def test_what_is_not_so_is_not_proved(
    lie: Callable[[Batch], Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> list[Report]:
        return enumerate_box(Box(2, 2, 3), "1/2", claims=[find("settling")])

    tokens, step = points_of(Box(2, 2, 3)), fmpq(1, 2)
    truth = told(work())
    batch = settle_batch(tokens, step)
    wrong = lie(batch)
    monkeypatch.setattr(arrays, "settle_batch", lambda *_, **__: wrong)
    proved = np.concatenate([made.numbers for made in settled_together(tokens, step, 100)])
    patterns = [batch.history(k) for k in proved.tolist()]
    assert patterns == [wrong.history(k) for k in proved.tolist()]
    assert len(proved) < len(tokens)
    monkeypatch.setattr(arrays, "settle_batch", lambda *x, **y: lie(settle_batch(*x, **y)))
    assert told(work()) == truth


def column(rows: list[list[int]]) -> Any:
    """One configuration as the only one of a block."""
    return np.array(rows)[..., None]


def argmax(points: Any) -> Any:
    products = arrays.inner(points, points)
    return products == products.max(axis=1)[:, None]


@pytest.mark.parametrize(
    ("tokens", "targets"),
    [
        ([[-3], [-2]], [[-3], [1]]),
        ([[5, -4], [1, -1], [2, -5]], [[5, -4], [0, -4], [5, -4]]),
        ([[1, 3], [2, 3], [0, 3], [-3, 3]], [[2, 3], [2, 3], [0, 3], [-3, 3]]),
    ],
    ids=["far away others win", "in between others win", "a target moves"],
)
def test_each_condition_is_needed(tokens: list[list[int]], targets: list[list[int]]) -> None:
    here, there = column(tokens), column(targets)
    assert not arrays.stands(here, there, argmax(here)).any()


def test_what_stands_stands_while_targets_do() -> None:
    """At every x = 2^-t the tokens m + x (z − m) attend as those at x = 1 do."""
    random = np.random.default_rng(1)
    here, targets = random.integers(-2, 3, (2, 2, 2, 100_000))
    pattern = argmax(here)
    stands = arrays.stands(here, targets, pattern)
    assert stands.sum() > 100
    for t in range(12):
        later = argmax(targets * 2**t + (here - targets))
        assert (later == pattern)[..., stands].all()


def test_the_truth_is_proved() -> None:
    tokens, step = points_of(Box(2, 2, 3)), fmpq(1, 2)
    proved = np.concatenate([made.numbers for made in settled_together(tokens, step, 100)])
    assert sorted(proved.tolist()) == list(range(len(tokens)))


def test_tokens_that_are_0_or_repeated_say_nothing_wrong() -> None:
    tokens = np.array([[[0, 0], [0, 0]], [[1, 0], [1, 0]], [[0, 0], [1, 0]]])
    for made in settled_together(tokens, fmpq(1), 100):
        for number in made.numbers.tolist():
            settled = settle(Configuration(tokens[number].tolist(), 1), keep_copies=True)
            assert isinstance(settled, Settled)
            assert made.layer[made.numbers == number].tolist() == [settled.layer]


@pytest.mark.parametrize("alpha", ["1", "-1/2", "7/3", "10000000000000000000000001/3"])
def test_chosen_together_is_chosen(alpha: str) -> None:
    tokens = points_of(Box(2, 2, 3))
    step = Configuration([[1]], alpha).alpha
    alone = [chosen(Configuration(rows, alpha), 5) for rows in tokens.tolist()]
    assert chosen_together(tokens, step, 5) == alone
    assert len(set(alone)) == 2
    assert chosen_together(tokens, step, 4) != alone
