"""The published sentiment model at its published settings, rewritten in NumPy to compare with.

The model of Alcalde, Fantuzzi and Zuazua (arXiv:2407.01602), as their code has it: texts of 128
places, filled up with a padding word that has an embedding and takes part in attention and mean;
8 layers of softmax attention at temperature 0.001 with one learned step α; the mean; a linear
decoder; Adam with learning rate 0.001 on batches of 64; gradients clipped at norm 5; embeddings
that begin standard normal. A vocabulary of all words of all texts.

Equal places stay together, so that copies, and the padding, are computed as one place with a
multiplicity; that changes nothing but the time. What we could not know: α begins at 1 here. What
differs: their texts have no stop words and are lemmatised; these are lower-cased words as written.
"""

from collections.abc import Iterator, Sequence
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sentiment.reading import Reading

PLACES, DEPTH, TEMPERATURE, BATCH, CLIP = 128, 8, 0.001, 64, 5.0

Floats = NDArray[np.float32]


class Trained(NamedTuple):
    """Test accuracy after each epoch, and the seconds of processor time for training."""

    accuracies: list[float]
    seconds: float
    alpha: float


class Published:
    """The model, its gradient, and Adam."""

    def __init__(self, size: int, d: int, rate: float, seed: int) -> None:
        rng = np.random.default_rng(seed)
        bound = 1 / np.sqrt(d)
        self.rng, self.rate, self.steps = rng, rate, 0
        self.embedding = rng.normal(size=(size, d)).astype(np.float32)
        self.rest = np.array([*rng.uniform(-bound, bound, d + 1), 1.0], dtype=np.float32)
        self.moments = [np.zeros_like(x) for x in (self.embedding,) * 2 + (self.rest,) * 2]

    def forward(self, ids: NDArray[Any], counts: Floats) -> tuple[Floats, list[Any], Floats]:
        """Logits, the layers' tokens and weights, and the mean."""
        z, lam = self.embedding[ids], 1 / (1 + self.rest[-1])
        tape = []
        for _ in range(DEPTH):
            products = (z @ z.transpose(0, 2, 1)) / np.float32(TEMPERATURE)
            products[np.broadcast_to((counts == 0)[:, None, :], products.shape)] = -np.inf
            weights = np.exp(products - products.max(axis=-1, keepdims=True)) * counts[:, None, :]
            weights /= weights.sum(axis=-1, keepdims=True)
            tape.append((z, weights))
            z = lam * z + (1 - lam) * (weights @ z)
        mean = np.einsum("bn,bnd->bd", counts / PLACES, z)
        return mean @ self.rest[:-2] + self.rest[-2], tape, mean

    def step(self, ids: NDArray[Any], counts: Floats, labels: NDArray[np.bool_]) -> None:
        """One step of Adam on a batch."""
        logits, tape, mean = self.forward(ids, counts)
        slopes = ((1 / (1 + np.exp(-np.clip(logits, -80, 80))) - labels) / len(labels)).astype(
            np.float32
        )
        lam, by_lam = 1 / (1 + self.rest[-1]), 0.0
        g = (counts / PLACES * slopes[:, None])[:, :, None] * self.rest[:-2]
        for z, weights in reversed(tape):
            by_lam += float((g * (z - weights @ z)).sum())
            pulled = (1 - lam) * g
            by_weight = pulled @ z.transpose(0, 2, 1)
            by_product = weights * (by_weight - (weights * by_weight).sum(-1, keepdims=True))
            by_product /= np.float32(TEMPERATURE)
            both = by_product + by_product.transpose(0, 2, 1)
            g = lam * g + weights.transpose(0, 2, 1) @ pulled + both @ z
        by_row = np.zeros_like(self.embedding)
        flat, rows = ids.ravel(), g.reshape(-1, g.shape[-1])
        for s in range(rows.shape[1]):
            by_row[:, s] = np.bincount(flat, rows[:, s], len(by_row))
        rest = np.array([*(mean.T @ slopes), slopes.sum(), -by_lam * lam * lam], dtype=np.float32)
        norm = np.sqrt((by_row**2).sum() + (rest**2).sum())
        shrink = min(1.0, CLIP / (norm + 1e-6))
        self._adam(by_row * np.float32(shrink), rest * np.float32(shrink))

    def _adam(self, by_row: Floats, rest: Floats) -> None:
        self.steps += 1
        for k, (value, gradient) in enumerate(((self.embedding, by_row), (self.rest, rest))):
            first, second = self.moments[2 * k], self.moments[2 * k + 1]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            scale = np.sqrt(second / (1 - 0.999**self.steps)) + 1e-8
            value -= self.rate * (first / (1 - 0.9**self.steps)) / scale


def bags(texts: Sequence[str]) -> tuple[list[tuple[NDArray[Any], Floats]], int]:
    """Each text as numbers and multiplicities, number 0 for the padding; and how many numbers."""
    index: dict[str, int] = {}
    found = []
    for text in texts:
        words = [feature.name for feature in Reading().features(text)][:PLACES]
        counts: dict[int, int] = {0: PLACES - len(words)} if len(words) < PLACES else {}
        for word in words:
            number = index.setdefault(word, len(index) + 1)
            counts[number] = counts.get(number, 0) + 1
        found.append((np.array(list(counts)), np.array(list(counts.values()), dtype=np.float32)))
    return found, len(index) + 1


def batches(
    given: Sequence[tuple[NDArray[Any], Floats]], order: NDArray[Any]
) -> Iterator[tuple[NDArray[Any], NDArray[Any], Floats]]:
    """The texts in batches; a place of multiplicity 0 only makes rows of equal length."""
    for start in range(0, len(order), BATCH):
        chosen = order[start : start + BATCH]
        width = max(len(given[i][0]) for i in chosen)
        ids = np.zeros((len(chosen), width), dtype=np.int64)
        counts = np.zeros((len(chosen), width), dtype=np.float32)
        for row, i in enumerate(chosen):
            ids[row, : len(given[i][0])], counts[row, : len(given[i][0])] = given[i]
        yield chosen, ids, counts


def run(
    training: Sequence[str],
    labels: NDArray[np.bool_],
    tested: Sequence[str],
    truth: NDArray[np.bool_],
    d: int,
    rate: float,
    epochs: int,
    seed: int,
) -> Trained:
    """Train, and test after each epoch as the published code does."""
    given, size = bags([*training, *tested])
    model = Published(size, d, rate, seed)
    accuracies, seconds = [], 0.0
    rest = np.arange(len(training), len(given))
    for _ in range(epochs):
        start = process_time()
        for chosen, ids, counts in batches(given, model.rng.permutation(len(training))):
            model.step(ids, counts, labels[chosen])
        seconds += process_time() - start
        right = 0
        for chosen, ids, counts in batches(given, rest):
            logits, _, _ = model.forward(ids, counts)
            right += int(((logits > 0) == truth[chosen - len(training)]).sum())
        accuracies.append(right / len(tested))
    return Trained(accuracies, seconds, float(model.rest[-1]))
