"""Attention trained end to end from a design: through hardmax, or through annealed softmax.

    trained   the embedding and decoder after Adam, by gradients through the layers
    soft      softmax attention, and its exact gradient

*Hardmax*: the gradient with the attention sets as they stand (`sentiment.model.backward`), which is
exact around almost every embedding. *Annealed*: softmax attention with β from `BETAS[0]` to
`BETAS[1]`, geometric over the epochs; multiplicities are weights, as in hardmax attention:

    m_i = Σ_j w_j e^{β⟨z_i, z_j⟩} z_j / Σ_j w_j e^{β⟨z_i, z_j⟩}.

Either way the model is judged at hardmax and infinite depth. The number of epochs, at least one, is
that of least loss on one part of the training texts, after a run on the others. The logit's scale
and bias are fitted as all decoders are here: on each part, by a run on the other parts. Then all is
done once more on all training texts, as many epochs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.designs import DEEP, DEFAULT, Fits, Labels, Placed, Read, decoded
from sentiment.fitting import rescaled
from sentiment.model import Batch, Floats, Parameters, backward, batches, forward, logits, loss
from sentiment.training import Adam, decoder
from sentiment.vocabulary import Bag

BETAS = (1.0, 30.0)
"""β of the first and of the last epoch."""

LAYERS = 2
"""Layers of softmax attention; hardmax with an anchor is settled at the first."""

BATCH, DROPOUT = 128, 0.5


@dataclass(frozen=True)
class Way:
    """How to train. soft: by annealed softmax. rate: Adam's."""

    rate: float
    soft: bool = False
    epochs: int = 6

    def beta(self, epoch: int) -> float | None:
        """Of an epoch, the first being 1; None for hardmax."""
        if not self.soft:
            return None
        part = (epoch - 1) / max(1, self.epochs - 1)
        return float(BETAS[0] * (BETAS[1] / BETAS[0]) ** part)


def trained(fits: Fits, design: Placed, way: Way, seed: int) -> tuple[Parameters, int]:
    """The model, and its number of epochs."""
    read = fits.read
    first = decoded(fits, design)

    def runs(part: int, epochs: int) -> list[Parameters]:
        """After each epoch on all parts but this one; on all for −1."""
        inside = np.flatnonzero(read.parts != part)
        values = fits.of_all if part < 0 else fits.without[part]
        begun = replace(design(values), weights=first.weights, bias=first.bias)
        bags = [read.bags[i] for i in inside.tolist()]
        return run(begun, bags, read.labels[inside], way, epochs, seed)

    losses = [float(loss(_held(model, read, 0), read.labels[read.parts == 0]).mean())
              for model in runs(0, way.epochs)]  # fmt: skip
    epochs = 1 + losses.index(min(losses))
    told = np.zeros(len(read.bags))
    for part in range(len(fits.without)):
        told[read.parts == part] = _held(runs(part, epochs)[-1], read, part)
    some = np.array([len(bag.ids) > 0 for bag in read.bags])
    slope, shift = decoder(told[some, None], read.labels[some])
    return rescaled(runs(-1, epochs)[-1], float(slope[0]), shift), epochs


def _held(model: Parameters, read: Read, part: int) -> Floats:
    """The logits of a part's texts."""
    inside = np.flatnonzero(read.parts == part).tolist()
    return logits(model, [read.bags[i] for i in inside], DEEP)


def run(
    start: Parameters, bags: Sequence[Bag], labels: Labels, way: Way, epochs: int, seed: int
) -> list[Parameters]:
    """The model after each epoch. Multiplicities and the step stay as they are."""
    rng = np.random.default_rng(seed)
    adam = Adam(start, way.rate)
    models = []
    for epoch in range(1, epochs + 1):
        for chosen in batches(bags, np.arange(len(bags)), BATCH, rng):
            batch = thinned(Batch.of(start, [bags[i] for i in chosen]), start.anchor > 0, rng)
            stands = adam.parameters()
            places, rest = slopes(stands, batch, labels[chosen], way.beta(epoch))
            present = batch.counts.ravel() > 0
            rows, place = np.unique(batch.ids.ravel()[present], return_inverse=True)
            by_row = np.zeros((len(rows), start.dimension), dtype=np.float32)
            np.add.at(by_row, place, places.reshape(-1, start.dimension)[present])
            adam.step(rows, by_row, np.array([*rest, 0.0]))
        stands = adam.parameters()
        models.append(
            replace(start, embedding=stands.embedding.copy(), weights=stands.weights,
                    bias=stands.bias)
        )  # fmt: skip
    return models


def thinned(batch: Batch, anchored: bool, rng: np.random.Generator) -> Batch:
    """The batch without some of its places, but never without an anchor."""
    kept = rng.random(batch.counts.shape) >= DROPOUT
    if anchored:
        kept[:, 0] = True
    return Batch(batch.ids, batch.counts * kept)


def slopes(
    model: Parameters, batch: Batch, labels: Labels, beta: float | None
) -> tuple[Floats, Floats]:
    """The gradient of the mean loss: by places (B, n, d), and by weights and bias (d + 1,)."""
    if beta is None:
        passed = forward(model, batch, DEFAULT["depth"])
        off = (1 / (1 + np.exp(-np.clip(passed.logits, -80, 80))) - labels) / len(labels)
        gradient = backward(model, passed, off.astype(np.float32))
        return gradient.places, np.array([*gradient.weights, gradient.bias])
    portions = batch.counts / np.maximum(batch.counts.sum(axis=1, keepdims=True), 1)
    layers = soft(model, batch, beta)
    mean = np.einsum("bn,bnd->bd", portions, layers[-1])
    told = mean @ model.weights + model.bias
    off = (1 / (1 + np.exp(-np.clip(told, -80, 80))) - labels) / len(labels)
    back: Floats = (portions * off[:, None])[:, :, None] * model.weights
    for places in reversed(layers[:-1]):
        back = _back(model, batch, beta, places, back)
    return back, np.array([*(mean.T @ off), off.sum()])


def soft(model: Parameters, batch: Batch, beta: float) -> list[Floats]:
    """The places of a batch before each layer of softmax attention, and after the last."""
    layers: list[Floats] = [model.embedding[batch.ids]]
    lam = 1 / (1 + model.alpha)
    for _ in range(LAYERS):
        places = layers[-1]
        layers.append(lam * places + (1 - lam) * (_attention(batch, beta, places) @ places))
    return layers


def _attention(batch: Batch, beta: float, places: Floats) -> Floats:
    """The softmax weights, (B, n, n)."""
    scores = beta * (places @ places.transpose(0, 2, 1))
    there = np.where(batch.counts > 0, np.log(np.maximum(batch.counts, 1)), -1e9)[:, None, :]
    scores = scores + there
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=-1, keepdims=True))


def _back(model: Parameters, batch: Batch, beta: float, places: Floats, slopes: Floats) -> Floats:
    """The gradient before a layer, from that after it."""
    lam = 1 / (1 + model.alpha)
    attention = _attention(batch, beta, places)
    pulled = (1 - lam) * slopes
    by_weight = pulled @ places.transpose(0, 2, 1)
    mean = (attention * by_weight).sum(axis=-1, keepdims=True)
    by_score = beta * attention * (by_weight - mean)
    by_score = by_score + by_score.transpose(0, 2, 1)
    return np.asarray(lam * slopes + attention.transpose(0, 2, 1) @ pulled + by_score @ places)
