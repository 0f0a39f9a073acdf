r"""The model in floating point: hardmax layers, the mean, a linear decoder, and the exact adjoint.

A text is n distinct places z_1,…,z_n ∈ R^d, rows of the embedding, with multiplicities w_i. Each
of `depth` layers is true hardmax attention with step α, and A = I (`paper_notes.md`, section 10):

    z_i ← λ z_i + (1−λ) m_i,   m_i = Σ_{j∈C_i} w_j z_j / Σ_{j∈C_i} w_j,   λ = 1/(1+α),

with C_i all maximisers of ⟨z_i, ·⟩. The text's *logit* is ⟨v, Σ w_i z_i / Σ w_i⟩ + b. A text
without places has no mean; its logit is the prior, the log-odds of the classes in training.

With the attention sets fixed each layer is linear in Z, and they are fixed around almost every Z.
So `backward` is the exact gradient there: the transposed layers in reverse, no softmax.

A row that leads, or attends to one leader alone, is locked (lemmas I and R): its attention set is
kept, where rounding would in the end choose another. When all rows are locked the layers that
remain are one power of λ, and infinitely many are as easy as one.

Places that only fill a batch up have multiplicity 0: nothing attends to them and they add nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isinf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentiment.valued import Valued
from sentiment.vocabulary import Bag
from theory.exact import HardmaxError

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int32]

MOST_LAYERS = 200
"""Layers after which an infinitely deep run in floats stops; the exact one has no such end. A run
keeps all its layers for the way back, so that no finite depth beyond this is offered either."""

MOST_PRODUCTS = 2**20
"""Inner products that one batch may hold at a time, which bounds the memory."""

MOST_MULTIPLICITY = 10**6
"""Of a single place: a text of a million characters has fewer words."""

MOST_PLACES = 2**13
"""Places of a single text at most: all its inner products are held at once."""


@dataclass(frozen=True, eq=False)
class Parameters(Valued):
    """All numbers of the model.

    embedding : (V, d); weights v : (d,); bias b; alpha > 0; prior: the logit of an empty text.
    masses : (V,), what an eighth of a feature's salience adds to its multiplicity; None for 1 each
        (without an anchor only ratios count).
    anchor : the multiplicity of the neutral anchor (`sentiment.anchor`), whose row is the last of
        an embedding (V + 1, d); 0 for none.
    """

    embedding: Floats
    weights: Floats
    bias: float
    alpha: float
    prior: float
    masses: Floats | None = None
    anchor: int = 0

    @property
    def dimension(self) -> int:
        """d, the number of coordinates of a place."""
        return int(self.embedding.shape[1])

    def as_type(self, dtype: type[np.floating[Any]]) -> "Parameters":
        """The same with arrays of another floating type."""
        return replace(
            self, embedding=self.embedding.astype(dtype), weights=self.weights.astype(dtype)
        )


@dataclass(frozen=True)
class Batch:
    """B texts of at most n places: numbers of features and multiplicities, both (B, n)."""

    ids: Integers
    counts: Integers

    @classmethod
    def of(cls, parameters: Parameters, bags: Sequence[Bag]) -> "Batch":
        """The bags side by side, filled up with multiplicity 0; an anchor stands first.

        A bag that is empty has no anchor either.
        """
        lengths = np.array([len(bag.ids) for bag in bags], dtype=np.intp)
        shift = int(parameters.anchor > 0)
        width = max(1, shift + max(lengths, default=0))
        ids = np.zeros((len(bags), width), dtype=np.int32)
        counts = np.zeros((len(bags), width), dtype=np.int32)
        numbers = np.concatenate([np.zeros(0, np.int32), *(bag.ids for bag in bags)])
        saliences = np.concatenate([np.zeros(0, np.int32), *(bag.counts for bag in bags)])
        there = np.arange(width - shift) < lengths[:, None]
        ids[:, shift:][there] = numbers
        counts[:, shift:][there] = multiplicities(parameters, numbers, saliences)
        if shift:
            ids[:, 0] = len(parameters.embedding) - 1
            counts[:, 0] = np.where(lengths, parameters.anchor, 0)
        return cls(ids, counts)


def multiplicities(parameters: Parameters, ids: Integers, saliences: Integers) -> Integers:
    """The multiplicity of each place: its salience times its feature's mass, rounded, at least 1.

    It is bounded by `MOST_MULTIPLICITY`.
    """
    masses = 1.0 if parameters.masses is None else parameters.masses[ids].astype(np.float64)
    rounded = np.clip(np.rint(saliences * masses), 1, MOST_MULTIPLICITY)
    return np.asarray(rounded, dtype=np.int32)


class Layer(NamedTuple):
    """What the way back needs: z ← keep·z + (1−keep)·m, `power` layers at once.

    `attended` is (B, n), flat indices of the one place attended to; where some attention set has
    several places, `shares` is (B, n, n) instead.
    """

    keep: float
    power: float
    places: Floats
    means: Floats
    attended: NDArray[np.intp] | None
    shares: Floats | None


@dataclass(frozen=True)
class Pass:
    """A batch taken through the model: logits (B,), and what the way back needs."""

    logits: Floats
    layers: tuple[Layer, ...]
    portions: Floats
    means: Floats
    places: Floats


class Gradient(NamedTuple):
    """Derivatives of a scalar loss: for places (B, n, d), weights, bias and alpha."""

    places: Floats
    weights: Floats
    bias: float
    alpha: float


def batches(
    bags: Sequence[Bag], numbers: NDArray[np.intp], size: int, rng: np.random.Generator | None
) -> Iterator[NDArray[np.intp]]:
    """The numbers in batches of at most `size` texts of nearly equal length.

    With `rng` lengths are blurred and the batches shuffled, for training; without, sorted. Raises
    `HardmaxError` for a text of more than `MOST_PLACES` places.
    """
    lengths = np.array([len(bags[i].ids) for i in numbers])
    if lengths.size and lengths.max() > MOST_PLACES:
        raise HardmaxError(
            f"a text has {lengths.max():,} distinct features; at most {MOST_PLACES:,} go through "
            "layers one by one"
        )
    blur = 0.0 if rng is None else rng.uniform(-4, 4, len(lengths))
    order = numbers[np.argsort(lengths + blur, kind="stable")]
    cuts: list[NDArray[np.intp]] = []
    start = 0
    while start < len(order):
        stop, longest = start, 1
        while stop < len(order) and stop - start < size:
            longest = max(longest, len(bags[order[stop]].ids))
            if stop > start and (stop + 1 - start) * longest**2 > MOST_PRODUCTS:
                break
            stop += 1
        cuts.append(order[start:stop])
        start = stop
    if rng is not None:
        rng.shuffle(cuts)
    yield from cuts


def forward(parameters: Parameters, batch: Batch, depth: float) -> Pass:
    """The logits of a batch after `depth` layers, an int or `math.inf`.

    With `math.inf` the run goes on until all rows are locked; the few texts whose rows are not
    after `MOST_LAYERS` (ties) stop there. `sentiment.limits` decides those exactly.
    """
    places: Floats = parameters.embedding[batch.ids]
    size, width, dimension = places.shape
    counts = batch.counts.astype(places.dtype)
    filling = batch.counts == 0
    first = (np.arange(size) * width)[:, None]
    lam = 1.0 / (1.0 + parameters.alpha)
    layers: list[Layer] = []
    attended: NDArray[np.intp] | None = None
    locked: NDArray[np.bool_] | None = None
    done = 0.0
    while done < min(depth, MOST_LAYERS if isinf(depth) else depth):
        products = places @ places.transpose(0, 2, 1)
        np.copyto(products, -np.inf, where=filling[:, None, :])
        greatest = products.argmax(axis=-1)
        tied = products == np.take_along_axis(products, greatest[..., None], axis=-1)
        if attended is not None and locked is not None:
            greatest = np.where(locked, attended, greatest)
        alone = tied.sum(axis=-1) == 1
        if locked is not None:
            alone |= locked
        alone |= filling
        attended = greatest
        asked = np.take_along_axis(attended, attended, axis=1)
        theirs_alone = np.take_along_axis(alone, attended, axis=1)
        locked = alone & theirs_alone & (asked == attended)
        shares = None
        if not alone.all():
            tied[alone] = False
            np.put_along_axis(tied, attended[..., None], True, axis=-1)
            shares = tied * counts[:, None, :]
            shares[filling] = 0
            total = shares.sum(axis=-1, keepdims=True)
            shares /= np.where(total > 0, total, 1)
            means: Floats = shares @ places
        else:
            means = places.reshape(-1, dimension)[attended + first]
        power = depth - done if (locked | filling).all() else 1
        keep = lam**power
        layers.append(
            Layer(keep, power, places, means, None if shares is not None else attended + first,
                  shares)
        )  # fmt: skip
        places = keep * places + (1 - keep) * means
        done += power
    portions = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    mean = np.einsum("bn,bnd->bd", portions, places)
    logits = mean @ parameters.weights + parameters.bias
    logits = np.where(filling.all(axis=1), parameters.prior, logits)
    return Pass(logits, tuple(layers), portions, mean, places)


def backward(parameters: Parameters, passed: Pass, slopes: Floats) -> Gradient:
    """The exact gradient of a loss whose derivatives by the logits are `slopes` (B,).

    An empty text's logit is the prior, which is not learned: its slope does nothing.
    """
    slopes = np.where(passed.portions.any(axis=1), slopes, 0)
    gradient: Floats = (passed.portions * slopes[:, None])[:, :, None] * parameters.weights
    lam = 1.0 / (1.0 + parameters.alpha)
    by_lam = 0.0
    for layer in reversed(passed.layers):
        if not isinf(layer.power):
            change = float(np.vdot(gradient, layer.places - layer.means))
            by_lam += change * layer.power * lam ** (layer.power - 1)
        pulled = (1 - layer.keep) * gradient
        gradient = layer.keep * gradient
        if layer.shares is not None:
            gradient = gradient + layer.shares.transpose(0, 2, 1) @ pulled
        elif layer.attended is not None:
            gradient = gradient + _scattered(layer.attended, pulled)
    return Gradient(
        places=gradient,
        weights=passed.means.T @ slopes,
        bias=float(slopes.sum()),
        alpha=-by_lam * lam * lam,
    )


def _scattered(attended: NDArray[np.intp], pulled: Floats) -> Floats:
    """For each place the sum of `pulled` over the places that attend to it."""
    size, width, dimension = pulled.shape
    flat, rows = attended.ravel(), pulled.reshape(-1, dimension)
    columns = [np.bincount(flat, rows[:, s], size * width) for s in range(dimension)]
    return np.stack(columns, axis=-1).reshape(pulled.shape).astype(pulled.dtype)


def loss(logits: Floats, labels: NDArray[np.bool_]) -> Floats:
    """The logistic loss of each text: log(1 + e^{∓logit})."""
    losses: Floats = np.logaddexp(0, np.where(labels, -logits, logits))
    return losses


def logits(parameters: Parameters, bags: Sequence[Bag], depth: float) -> Floats:
    """The logits of all bags, in their order."""
    values = np.empty(len(bags), dtype=np.float64)
    for numbers, passed in _passes(parameters, bags, depth):
        values[numbers] = passed.logits
    return values


def means(parameters: Parameters, bags: Sequence[Bag], depth: float) -> Floats:
    """The means of all bags' places after attention, (N, d); 0 for empty bags."""
    values = np.empty((len(bags), parameters.dimension), dtype=np.float64)
    for numbers, passed in _passes(parameters, bags, depth):
        values[numbers] = passed.means
    return values


def _passes(
    parameters: Parameters, bags: Sequence[Bag], depth: float
) -> Iterator[tuple[NDArray[np.intp], Pass]]:
    for numbers in batches(bags, np.arange(len(bags)), 256, None):
        yield numbers, forward(parameters, Batch.of(parameters, [bags[i] for i in numbers]), depth)
