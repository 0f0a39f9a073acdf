"""Where a model begins, and how it is trained.

    Settings   everything that training is told
    initial    the embedding to begin with: random, or from log-odds and a lexicon
    train      Adam on minibatches, with dropout of places and early stopping

The first axis of R^d is sentiment: a feature begins on it at its log-odds, how much oftener it
occurs in texts of the one class than of the other, shrunk by pseudo-counts, plus a multiple of its
rating in a lexicon. The second axis is neutrality: with R the greatest sentiment of a feature, one
of sentiment u begins at arc·√(R² − u²) there, on half an ellipse. At arc = 0 every word follows the
most positive or the most negative one; at arc = 1 all norms are equal and every word leads; between
them several words lead, and neutral words have leaders of their own. Random numbers are added on
all axes. The decoder begins as the logistic regression of the classes on the means after attention.

Known: with the step left free it falls to 0 in training, where attention does nothing and leaders
mean nothing. `Settings.alpha_min` bounds it below.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment.lexicon import valence
from sentiment.model import (
    Batch,
    Floats,
    Gradient,
    Integers,
    Parameters,
    backward,
    batches,
    forward,
    logits,
    loss,
    means,
)
from sentiment.vocabulary import Bag, Vocabulary

STEPS_OF_ALPHA = 256
"""A learned α is rounded to a multiple of 1/256 in the end, so that exact numbers stay short."""

NEWTON_STEPS = 25
"""Steps for the decoder to begin with; Newton's method needs fewer than ten."""

BETA_1, BETA_2, TINY = 0.9, 0.999, 1e-8
"""Adam's constants (Kingma and Ba, arXiv:1412.6980)."""


@dataclass(frozen=True)
class Settings:
    """What training is told; the estimator's docstring explains each."""

    dimension: int
    depth: float
    alpha: float | None
    alpha_min: float
    initialisation: str
    scale: float
    lexicon_scale: float
    smoothing: float
    noise: float
    arc: float
    dropout: float
    decay: float
    learning_rate: float
    batch_size: int
    epochs: int
    patience: int
    anchor: float
    spread: float
    unrated: float
    C: float


@dataclass(frozen=True)
class Epoch:
    """How training stood after an epoch (0: before the first)."""

    number: int
    alpha: float
    training_loss: float | None
    validation_loss: float | None
    validation_accuracy: float | None


def log_odds(
    bags: Sequence[Bag], labels: NDArray[np.bool_], size: int, smoothing: float
) -> NDArray[np.float64]:
    """For each feature log (p₁ + s)/(N₁ + 2s) − log (p₀ + s)/(N₀ + 2s).

    p_c is the number of texts of class c with the feature, N_c of texts of class c, and s > 0 the
    pseudo-count; a feature that occurs in no text has log-odds about 0, and those are set to 0.
    """
    counts = np.zeros((2, size))
    for bag, label in zip(bags, labels, strict=True):
        counts[int(label), bag.ids] += 1
    total = [int((~labels).sum()), int(labels.sum())]
    rates = [np.log((counts[c] + smoothing) / (total[c] + 2 * smoothing)) for c in (0, 1)]
    return np.where(counts.any(axis=0), rates[1] - rates[0], 0.0)


def initial(
    settings: Settings,
    vocabulary: Vocabulary,
    lexicon: Mapping[str, float],
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    rng: np.random.Generator,
) -> Parameters:
    """The model before training, as float32. `labels` are true for the class of positive logit."""
    size, d = len(vocabulary), settings.dimension
    if settings.initialisation == "random":
        embedding = rng.normal(0.0, settings.scale, (size, d))
    else:
        embedding = rng.normal(0.0, settings.noise, (size, d))
        embedding[:, 0] += settings.scale * log_odds(bags, labels, size, settings.smoothing)
    if settings.initialisation == "lexicon":
        ratings = np.array([valence(name, lexicon) for name in vocabulary.names])
        embedding[:, 0] += settings.scale * settings.lexicon_scale * ratings
    if settings.initialisation != "random" and d > 1:
        sentiment = embedding[:, 0]
        embedding[:, 1] += settings.arc * np.sqrt(np.max(sentiment**2) - sentiment**2)
    axis = np.eye(1, d, dtype=np.float32)[0]
    alpha = settings.alpha_min if settings.alpha is None else settings.alpha
    positive = int(labels.sum())
    prior = log(positive) - log(len(labels) - positive)
    begun = Parameters(embedding.astype(np.float32), axis, 0.0, float(alpha), prior)
    if settings.initialisation == "random":
        return begun
    known = np.array([len(bag.ids) > 0 for bag in bags])
    weights, bias = decoder(means(begun, bags, settings.depth)[known], labels[known])
    return replace(begun, weights=weights.astype(np.float32), bias=float(np.float32(bias)))


def decoder(
    points: Floats, labels: NDArray[np.bool_], ridge: float = 1.0
) -> tuple[NDArray[np.float64], float]:
    """The weights v and the bias b of a logistic regression of the labels on points (n, d).

    Newton's method on standardised coordinates, with `ridge`/2 times the square of their weights
    added to the summed loss. No points, or one class only, give v = e_1 and b = 0.
    """
    d = points.shape[1]
    if labels.all() or not labels.any():
        return np.eye(1, d)[0], 0.0
    middle, spread = points.mean(axis=0), points.std(axis=0) + 1e-9
    columns = np.column_stack([(points - middle) / spread, np.ones(len(points))])
    penalty = np.diag([ridge] * d + [0.0])
    parameters = np.zeros(d + 1)
    for _ in range(NEWTON_STEPS):
        rates = 1 / (1 + np.exp(-np.clip(columns @ parameters, -80, 80)))
        gradient = columns.T @ (rates - labels) + penalty @ parameters
        hessian = (columns * (rates * (1 - rates))[:, None]).T @ columns + penalty
        parameters = parameters - np.linalg.solve(hessian + 1e-9 * np.eye(d + 1), gradient)
    weights = parameters[:-1] / spread
    return weights, float(parameters[-1] - middle @ weights)


class Adam:
    """Adam for the parameters; rows of the embedding that a batch lacks stay as they are."""

    def __init__(self, parameters: Parameters, rate: float) -> None:
        self.embedding = parameters.embedding.copy()
        self.rest = np.array([*parameters.weights, parameters.bias, parameters.alpha])
        self.prior = parameters.prior
        self.rate = rate
        self.steps = 0
        self._moments = [np.zeros_like(x) for x in (self.embedding,) * 2 + (self.rest,) * 2]

    def parameters(self) -> Parameters:
        """The parameters as they stand (the embedding is shared, not copied)."""
        weights = self.rest[:-2].astype(self.embedding.dtype)
        bias, alpha = map(float, self.rest[-2:])
        return Parameters(self.embedding, weights, float(np.float32(bias)), alpha, self.prior)

    def step(self, rows: Integers, by_row: Floats, rest: Floats) -> None:
        """One step against the gradient of the given rows and of (weights, bias, alpha)."""
        self.steps += 1
        first, second, first_rest, second_rest = self._moments
        self.embedding[rows] -= self._change(first, second, rows, by_row)
        self.rest -= self._change(first_rest, second_rest, slice(None), rest)

    def _change(self, first: Floats, second: Floats, rows: Any, gradient: Floats) -> Floats:
        first[rows] = BETA_1 * first[rows] + (1 - BETA_1) * gradient
        second[rows] = BETA_2 * second[rows] + (1 - BETA_2) * gradient**2
        mean = first[rows] / (1 - BETA_1**self.steps)
        spread = np.sqrt(second[rows] / (1 - BETA_2**self.steps))
        change: Floats = self.rate * mean / (spread + TINY)
        return change


def train(
    settings: Settings,
    start: Parameters,
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    validation: NDArray[np.bool_],
    rng: np.random.Generator,
    report: Callable[[Epoch], None] = lambda epoch: None,
) -> tuple[Parameters, tuple[Epoch, ...]]:
    """The trained parameters, and how each epoch ended (see `kept`).

    `validation` marks texts that training never sees. Where there are any, the parameters of the
    epoch that is best on them (`kept`) are kept, and training ends `patience` epochs after it.
    Raises `FloatingPointError` where a loss is no finite number.
    """
    numbers, held = np.flatnonzero(~validation), np.flatnonzero(validation).tolist()
    held_bags = [bags[i] for i in held]
    adam = Adam(start, settings.learning_rate)
    history: list[Epoch] = []
    best = start
    for number in range(settings.epochs + 1):
        mean = _epoch(settings, adam, start, bags, labels, numbers, rng) if number else None
        stands = _rounded(adam.parameters(), settings) if number else start
        judged = _judge(stands, held_bags, labels[held], settings.depth) if len(held) else None
        epoch = Epoch(number, stands.alpha, mean, *(judged or (None, None)))
        if not np.isfinite([x for x in (mean, epoch.validation_loss) if x is not None]).all():
            raise FloatingPointError(f"the loss is no number after epoch {number}")
        history.append(epoch)
        report(epoch)
        if kept(history) is epoch:
            best = replace(stands, embedding=stands.embedding.copy())
        elif number - kept(history).number >= settings.patience:
            break
    return best, tuple(history)


def kept(history: Sequence[Epoch]) -> Epoch:
    """The epoch whose parameters `train` keeps: the first of greatest validation accuracy.

    Of equal accuracies the lesser loss counts. Without validation it is the last epoch.
    """
    if history[-1].validation_accuracy is None:
        return history[-1]
    return max(history, key=lambda e: (e.validation_accuracy or 0.0, -(e.validation_loss or 0.0)))


def _epoch(
    settings: Settings,
    adam: Adam,
    start: Parameters,
    bags: Sequence[Bag],
    labels: NDArray[np.bool_],
    numbers: NDArray[np.intp],
    rng: np.random.Generator,
) -> float:
    """One pass over the texts; their mean loss."""
    total = 0.0
    for chosen in batches(bags, numbers, settings.batch_size, rng):
        batch = Batch.of(start, [bags[i] for i in chosen])
        if settings.dropout:
            kept = rng.random(batch.counts.shape) >= settings.dropout
            batch = Batch(batch.ids, batch.counts * kept)
        parameters = adam.parameters()
        passed = forward(parameters, batch, settings.depth)
        truth = labels[chosen]
        total += float(loss(passed.logits, truth).sum())
        slopes = (1 / (1 + np.exp(-np.clip(passed.logits, -80, 80))) - truth) / len(chosen)
        gradient = backward(parameters, passed, slopes.astype(adam.embedding.dtype))
        rows, by_row = _by_row(batch, gradient)
        if settings.decay:
            by_row += settings.decay * (adam.embedding[rows] - start.embedding[rows])
        free = 0.0 if settings.alpha is not None else gradient.alpha
        adam.step(rows, by_row, np.array([*gradient.weights, gradient.bias, free]))
        if settings.alpha is None:
            adam.rest[-1] = max(adam.rest[-1], settings.alpha_min)
    return total / len(numbers)


def _by_row(batch: Batch, gradient: Gradient) -> tuple[Integers, Floats]:
    """The rows of the embedding that occur, and the gradient of each."""
    present = batch.counts.ravel() > 0
    rows, place = np.unique(batch.ids.ravel()[present], return_inverse=True)
    flat = gradient.places.reshape(-1, gradient.places.shape[-1])[present]
    columns = [np.bincount(place, column, len(rows)) for column in flat.T]
    return rows, np.stack(columns, axis=-1).astype(flat.dtype)


def _rounded(parameters: Parameters, settings: Settings) -> Parameters:
    """With a learned α rounded up to a multiple of 1/256."""
    if settings.alpha is not None:
        return parameters
    steps = np.ceil(parameters.alpha * STEPS_OF_ALPHA)
    return replace(parameters, alpha=float(steps / STEPS_OF_ALPHA))


def _judge(
    parameters: Parameters, bags: Sequence[Bag], labels: NDArray[np.bool_], depth: float
) -> tuple[float, float]:
    """Mean loss and accuracy."""
    judged = logits(parameters, bags, depth)
    return float(loss(judged, labels).mean()), float(((judged > 0) == labels).mean())
