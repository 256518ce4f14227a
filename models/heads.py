"""Fit lite's heads beside sentiment: intent, urgency, aspects, emotions, escalate, each linear over few n-grams.

    python models/heads.py [--out models/work/heads.npz]          # after base.prepare

In:  models/work/base/{train,dev}.jsonl.  Out: heads.npz, by task: <task>_buckets, _weights (int8), _scale, _bias, and
the calibrations. Scores of the written dev texts on the screen.
A first fit over all n-grams that occur often enough ranks the single weights; a second one fits those that stay. The
convolutions, trained for sentiment, know too little of what a text is about (lite/README.md).
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from base.calibrate import Calibration, Sample, as_dict, best_fit, errors
from base.labels import ASPECTS, EMOTIONS, INTENTS, URGENCIES
from dataset import LANGUAGES, WORK
from encode import SETTINGS as ENCODING
from features import buckets, cut
from linear import Float32, idf_scales
from metrics import softmax
from pack import Int8

Array = np.ndarray
Row = dict[str, Any]  # one line of base.prepare


@dataclass(frozen=True)
class Head:
    labels: tuple[str, ...]
    is_choice: bool  # one of the labels is true, else any number of them
    weights: int  # that are not zero


HEADS = {
    "intent": Head(INTENTS, True, 12_000),
    "urgency": Head(URGENCIES, True, 4_000),
    "aspects": Head(ASPECTS, False, 8_000),
    "emotions": Head(EMOTIONS, False, 5_500),
    "escalate": Head(("escalate",), False, 1_000),
}


@dataclass(frozen=True)
class Settings:
    candidate_texts: int = 3  # an n-gram in fewer texts is not considered
    strength: float = 0.3  # L2, against the summed loss, per weight
    iterations: int = 50
    levels: int = 15  # coarser than int8 allows: a smaller compressed pack
    quantile: float = 0.998  # of the weights that are not clipped
    calibration_fold: int = 93  # folds from here on calibrate; more than base keeps, as few texts have these labels


SETTINGS = Settings()

# How much a text of a set counts, by name of the set; the others train nothing here.
SOURCES = {
    "written_zh": 1.0,
    "written_en": 1.0,
    "intent_en_bitext": 0.25,
    "topic_en_ecommerce_complaints": 0.3,
    "urgency_en_ecommerce_complaints": 0.1,
    "aspect_zh_car_bdci2018": 0.15,
    "aspect_zh_zhejianglab_cosmetics": 0.3,
    "aspect_zh_asap_sample": 0.3,
    "aspect_en_acos": 0.3,
}


class Texts:
    """The rows of one split that have a label of the task, as n-gram buckets, and their targets."""

    def __init__(self, rows: list[Row], grams: list[Array], task: str) -> None:
        chosen = [i for i, row in enumerate(rows) if task in row and len(grams[i])]
        self.rows = [rows[i] for i in chosen]
        self.grams = [grams[i] for i in chosen]
        self.source = np.array([row["source"] for row in self.rows])
        self.language = np.array([row["language"] for row in self.rows])
        self.fold = np.array([row["fold"] for row in self.rows])
        self.weights = np.array([SOURCES[source] for source in self.source], np.float32)
        self.written = np.char.startswith(self.source, "written")
        self.targets = np.array([target_of(row[task], task) for row in self.rows])

    def matrix(self, known: Array) -> sparse.csr_matrix:
        """1 / sqrt(N) for each known bucket of a text, N counting all of its buckets (FORMAT.md)."""
        lengths = np.array([len(grams) for grams in self.grams])
        flat = np.concatenate(self.grams)
        at = np.minimum(np.searchsorted(known, flat), len(known) - 1)
        found = known[at] == flat
        offsets = np.concatenate([[0], np.cumsum(found)])[np.concatenate([[0], np.cumsum(lengths)])]
        values = np.repeat(1 / np.sqrt(lengths), np.diff(offsets)).astype(np.float32)
        return sparse.csr_matrix((values, at[found].astype(np.int32), offsets), shape=(len(lengths), len(known)))


def target_of(value: Any, task: str) -> Array:
    """A class; or marks: 1, 0, or −1 where unknown."""
    head = HEADS[task]
    if head.is_choice:
        return np.array(head.labels.index(value))
    marks = value if isinstance(value, dict) else {task: value}
    return np.array([marks.get(label, -1) for label in head.labels])


def read(split: str) -> tuple[list[Row], list[Array]]:
    lines = (WORK / "base" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["source"] in SOURCES]
    order, bits = ENCODING.ngram_order, ENCODING.ngram_log2_buckets
    return rows, [buckets(cut(row["text"], ENCODING.max_bytes), order, bits) for row in rows]


def fit(x: sparse.csr_matrix, texts: Texts, is_choice: bool, kept: Float32 | None = None) -> tuple[Float32, Float32]:
    """Weights [features, labels] and bias [labels] by L-BFGS; only where `kept` is 1 are there weights."""
    labels = int(texts.targets.max()) + 1 if is_choice else texts.targets.shape[1]
    if is_choice:
        truth, counted = np.eye(labels, dtype=np.float32)[texts.targets], texts.weights[:, None]
    else:
        truth = (texts.targets == 1).astype(np.float32)
        counted = (texts.targets >= 0) * texts.weights[:, None]
    width, x_t = x.shape[1], x.T.tocsr()

    def loss(flat: Array) -> tuple[float, Array]:
        w = flat.astype(np.float32).reshape(width + 1, labels)
        z = x @ w[:-1] + w[-1]
        guessed = softmax(z) if is_choice else 1 / (1 + np.exp(-z))
        each = -truth * np.log(guessed + 1e-12)
        if not is_choice:
            each -= (1 - truth) * np.log(1 - guessed + 1e-12)
        gap = (guessed - truth) * counted
        gradient = x_t @ gap + SETTINGS.strength * w[:-1]
        if kept is not None:
            gradient *= kept
        total = float((each * counted).sum()) + SETTINGS.strength / 2 * float((w[:-1] ** 2).sum())
        return total, np.vstack([gradient, gap.sum(axis=0, keepdims=True)]).ravel().astype(np.float64)

    options = {"maxiter": SETTINGS.iterations}
    found = minimize(loss, np.zeros((width + 1) * labels), jac=True, method="L-BFGS-B", options=options)
    w = found.x.astype(np.float32).reshape(width + 1, labels)
    return w[:-1], w[-1]


def part(texts: Texts, chosen: Array, task: str) -> Texts:
    indices = np.flatnonzero(chosen)
    return Texts([texts.rows[i] for i in indices], [texts.grams[i] for i in indices], task)


def fit_few(texts: Texts, head: Head) -> tuple[Array, Float32, Float32]:
    """Buckets in ascending order, their weights, of which all but a number are zero, and the bias."""
    distinct, counts = np.unique(np.concatenate(texts.grams), return_counts=True)
    often = counts >= SETTINGS.candidate_texts
    known, counts = distinct[often], counts[often]
    scales = idf_scales(counts, len(texts.rows))
    weights, _ = fit((texts.matrix(known) @ sparse.diags(scales)).tocsr(), texts, head.is_choice)
    importance = np.abs(weights) * (scales * np.sqrt(counts))[:, None]
    kept = importance >= np.partition(importance.ravel(), -head.weights)[-head.weights]
    used = kept.any(axis=1)
    known, kept, scales = known[used], kept[used].astype(np.float32), scales[used]
    weights, bias = fit((texts.matrix(known) @ sparse.diags(scales)).tocsr(), texts, head.is_choice, kept)
    return known, weights * scales[:, None], bias


def quantise(weights: Float32) -> tuple[Int8, float]:
    """Weights on the grid and its step."""
    step = float(np.quantile(np.abs(weights[weights != 0]), SETTINGS.quantile)) / SETTINGS.levels
    return np.clip(np.rint(weights / step), -SETTINGS.levels, SETTINGS.levels).astype(np.int8), step


def sample_of(texts: Texts, logits: Array) -> Sample:
    """The written texts, for calibration and scores."""
    rows = np.flatnonzero(texts.written)
    everywhere = np.ones(len(rows), np.float32), texts.language[rows], rows, np.zeros(len(rows), bool)
    return Sample(logits[rows].astype(np.float64), texts.targets[rows].astype(np.int64), *everywhere)


def report(task: str, calibration: Calibration, sample: Sample) -> None:
    for language in (*LANGUAGES, ""):
        rows = sample.of(np.char.startswith(sample.language, language)).mapped(calibration)
        gap, score = errors(task, rows)
        print(f"{task} {language}: {score:.1f} of 100 on {len(rows.target)} dev texts, calibration error {gap:.1f}")
    if task == "escalate":
        print(f"escalate: accuracy {100 * np.mean((sample.mapped(calibration).logits > 0) == sample.target):.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WORK / "heads.npz")
    options = parser.parse_args()
    train, dev = read("train"), read("dev")
    arrays: dict[str, Any] = {}
    calibrations: dict[str, Any] = {}
    for task, head in HEADS.items():
        texts, judged = Texts(*train, task), Texts(*dev, task)
        held = texts.fold >= SETTINGS.calibration_fold
        known, weights, bias = fit_few(part(texts, ~held, task), head)
        grid, scale = quantise(weights)
        weights = grid * np.float32(scale)
        print(f"{task}: {len(known)} n-grams, {np.count_nonzero(grid)} weights", flush=True)
        held_texts = part(texts, held, task)
        fitted = best_fit(sample_of(held_texts, held_texts.matrix(known) @ weights + bias), not head.is_choice)
        report(task, fitted, sample_of(judged, judged.matrix(known) @ weights + bias))
        found: dict[str, Any] = {
            "buckets": known.astype(np.uint32),
            "weights": grid,
            "scale": np.float32(scale),
            "bias": bias,
        }
        arrays |= {f"{task}_{name}": values for name, values in found.items()}
        calibrations[task] = as_dict(fitted)
    np.savez(options.out, calibrations=json.dumps(calibrations), **arrays)


if __name__ == "__main__":
    main()
