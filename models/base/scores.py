"""What the base model is judged by. Scores are in per cent; targets are 1, 0, or −1 where a label is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
BINS = 15  # of a calibration error


def accuracy(right: Array) -> float:
    return 100 * float(np.mean(right))


def f1(true: float, guessed: float, wanted: float) -> float:
    """From the numbers of right guesses, guesses and labels to be found."""
    return 200 * true / (guessed + wanted) if guessed + wanted else 0.0


def macro_f1(guessed: Array, target: Array) -> float:
    """Over the classes that the targets name."""
    classes = np.unique(target)
    guesses, wanted = guessed[:, None] == classes, target[:, None] == classes
    counts = zip((guesses & wanted).sum(0), guesses.sum(0), wanted.sum(0), strict=True)
    return float(np.mean([f1(*each) for each in counts]))


def mark_counts(guessed: Array, target: Array) -> tuple[Array, Array, Array]:
    """By label, among the known: right guesses, guesses, labels to be found."""
    known, wanted = target >= 0, target == 1
    return (guessed & wanted).sum(0), (guessed & known).sum(0), wanted.sum(0)


def micro_f1(guessed: Array, target: Array, unseen: int = 0) -> float:
    """`unseen` labels of the texts have no output, and so are not found."""
    true, made, wanted = (int(each.sum()) for each in mark_counts(guessed, target))
    return f1(true, made, wanted + unseen)


def macro_marks(guessed: Array, target: Array) -> float:
    """The mean F1 of the labels that some text has."""
    counts = zip(*mark_counts(guessed, target), strict=True)
    return float(np.mean([f1(true, made, wanted) for true, made, wanted in counts if wanted]))


def best_threshold(scores: Array, wanted: Array, weights: Array | None = None) -> float:
    """The score above which to say `wanted` (bool) for the best F1: between two scores, or −inf for always."""
    weights = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ordered, true = scores[order], np.cumsum((wanted * weights)[order])
    quality = true / (np.cumsum(weights[order]) + (wanted * weights).sum())
    quality[:-1][ordered[:-1] == ordered[1:]] = -1  # equal scores stand or fall together
    best = int(quality.argmax())
    return -np.inf if best + 1 == len(ordered) else float(ordered[best] + ordered[best + 1]) / 2


def mark_thresholds(logits: Array, target: Array, least: float, weights: Array | None = None) -> Array:
    """The best threshold of each label; labels of fewer than `least` texts share the one that suits all together."""
    known, wanted = target >= 0, target == 1
    spread = np.broadcast_to((np.ones(len(logits)) if weights is None else weights)[:, None], logits.shape)
    result = np.full(logits.shape[1], best_threshold(logits[known], wanted[known], spread[known]))
    for label in range(logits.shape[1]):
        rows = known[:, label]
        if wanted[rows, label].sum() >= least:
            result[label] = best_threshold(logits[rows, label], wanted[rows, label], spread[rows, label])
    return np.maximum(result, logits.min())


def polarity_right(logits: Array, target: Array) -> Array:
    """For every known aspect, whether the likeliest polarity is among its own. `target` is a bit set an aspect."""
    guessed = logits.reshape(*target.shape, 3).argmax(-1)
    return ((target >> guessed) & 1)[target > 0] == 1


@dataclass(frozen=True)
class Entry:
    """One line of a table of scores."""

    set: str
    rows: int
    metric: str
    score: float
    peer: float | None = None  # of another model, on the whole set


@dataclass(frozen=True)
class Refusal:
    in_scope: float  # accuracy of the texts in scope, where a refusal is wrong
    recall: float  # of the texts out of scope, the refused
    balanced: float  # mean of what is kept in scope and refused out of it


def refusal(confidence: Array, right: Array, outside: Array, threshold: float) -> Refusal:
    """Texts of less confidence than the threshold are refused."""
    refused = confidence < threshold
    recall = accuracy(refused[outside]) if outside.any() else 100.0
    return Refusal(
        accuracy((right & ~refused)[~outside]),
        recall,
        (accuracy(~refused[~outside]) + recall) / 2,
    )


def balanced_threshold(confidence: Array, outside: Array) -> float:
    """The confidence below which to refuse, for the best mean of both kinds' accuracies."""
    values = np.unique(confidence)
    between = [-np.inf, *(values[:-1] + values[1:]) / 2, np.inf]
    kept = np.array([np.mean(confidence[~outside] >= t) + np.mean(confidence[outside] < t) for t in between])
    return float(between[int(kept.argmax())])


def separation(confidence: Array, outside: Array) -> float:
    """Area under the ROC curve: how often a text in scope is surer than one out of it; equal ones count half."""
    gaps = confidence[~outside][:, None] - confidence[outside]
    return 100 * float(np.mean((gaps > 0) + (gaps == 0) / 2))


def ranks(queries: Array, candidates: Array, right: Sequence[set[int]]) -> Array:
    """The place, from 0, of each query's best right candidate by cosine; of equal scores the right one comes last."""
    similarity = queries @ candidates.T
    places = []
    for row, wanted in zip(similarity, right, strict=True):
        best = row[sorted(wanted)].max()
        others = [index for index in range(len(row)) if index not in wanted]
        places.append(int((row[others] >= best).sum()))
    return np.array(places)


def recall_at(places: Array, k: int) -> float:
    return accuracy(places < k)


def shorten(vectors: Array, size: int) -> Array:
    cut = vectors[:, :size]
    return cut / np.maximum(np.linalg.norm(cut, axis=1, keepdims=True), 1e-12)


Span = tuple[int, int, int]  # label, start, end


def token_spans(marked: Array, offsets: Sequence[tuple[int, int]]) -> list[Span]:
    """Runs of marked tokens [tokens, labels] as spans of what the tokens span."""
    found = []
    for label in range(marked.shape[1]):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], marked[:, label].astype(int), [0]])))
        found += [(label, offsets[a][0], offsets[b - 1][1]) for a, b in edges.reshape(-1, 2)]
    return found


def touching(these: Sequence[Span], those: Sequence[Span]) -> int:
    """How many of these spans share a place with one of those of the same label."""
    return sum(any(label == other and start < b and a < end for other, a, b in those) for label, start, end in these)


def overlap_f1(guessed: Sequence[Sequence[Span]], wanted: Sequence[Sequence[Span]]) -> float:
    """Harmonic mean of the shares of guessed spans that touch a wanted one, and of wanted ones that a guess touches."""
    made, asked = sum(map(len, guessed)), sum(map(len, wanted))
    if not made or not asked:
        return 0.0
    pairs = list(zip(guessed, wanted, strict=True))
    precision = sum(touching(mine, theirs) for mine, theirs in pairs) / made
    recall = sum(touching(theirs, mine) for mine, theirs in pairs) / asked
    return 200 * precision * recall / (precision + recall) if precision + recall else 0.0


def calibration_error(confidence: Array, right: Array, weights: Array | None = None) -> float:
    """Expected calibration error (Naeini et al. 2015): mean gap of confidence and share of right ones, by bin."""
    weights = np.ones(len(confidence)) if weights is None else weights
    bucket = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bucket, weights * (confidence - right), BINS)
    return 100 * float(np.abs(gaps).sum() / weights.sum())
