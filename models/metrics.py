"""Scores of a sentiment classifier, set by set."""

from dataclasses import asdict, dataclass

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from dataset import Row


@dataclass(frozen=True)
class Score:
    """In per cent. Two-class sets are judged between negative and positive only, the others by argmax of three."""

    rows: int
    classes: int
    accuracy: float
    macro_f1: float
    auc: float  # of positive against negative rows, by p(pos) / (p(pos) + p(neg))

    def as_dict(self) -> dict[str, float]:
        return {key: round(value, 2) for key, value in asdict(self).items()}

    def __str__(self) -> str:
        return f"{self.rows:6} {self.classes} acc {self.accuracy:5.2f} F1 {self.macro_f1:5.2f} AUC {self.auc:5.2f}"


def score(probabilities: np.ndarray, labels: np.ndarray, classes: int) -> Score:
    negative, positive = probabilities[:, 0], probabilities[:, 2]
    guessed = np.where(positive > negative, 2, 0) if classes == 2 else probabilities.argmax(1)
    polar = labels != 1
    share = positive[polar] / np.maximum(positive[polar] + negative[polar], 1e-12)
    return Score(
        rows=len(labels),
        classes=classes,
        accuracy=100 * float(np.mean(guessed == labels)),
        macro_f1=100 * float(f1_score(labels, guessed, labels=np.unique(labels), average="macro")),
        auc=100 * float(roc_auc_score(labels[polar] == 2, share)),
    )


def score_sets(probabilities: np.ndarray, rows: list[Row]) -> dict[str, Score]:
    """By set name; adds SST-2, the polar rows of SST-5 judged as a two-class set."""
    labels = np.array([row.label for row in rows])
    sources = np.array([row.source for row in rows])
    classes = {row.source: row.classes for row in rows}
    scores = {}
    for name, count in classes.items():
        chosen = sources == name
        scores[name] = score(probabilities[chosen], labels[chosen], count)
        if name == "sent_en_sst5":
            polar = chosen & (labels != 1)
            scores["sent_en_sst2"] = score(probabilities[polar], labels[polar], 2)
    return scores


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def print_scores(scores: dict[str, Score]) -> None:
    for name, each in scores.items():
        print(f"{name:36} {each}", flush=True)
