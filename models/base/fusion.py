"""Lite beside base: what adding their sentiment logits gains, and from which confidence on lite's answer can stand.

    python -m base.fusion [--form float|integer|pack] [--write]        # from the folder models, after base.calibrate

In:  models/work/base/{predictions-<form>.npz,calibration.json}, the lite pack.
Out: models/work/base/{lite-logits.npz,fusion.json}; with --write, the sum's calibration in calibration.json; tables on
the screen.
One factor a language weighs lite's logits (before its calibration) in the sum; it and the calibration of the sum are
fitted on the calibration part of train. The threshold, from which on lite is as good as the sum, is measured there as
well; dev only shows what both are worth.
"""

import argparse
import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

import metrics as lite_metrics
from base.calibrate import (
    LEAST_ROWS,
    OTHER,
    RESULT,
    SPREAD,
    Calibration,
    Sample,
    as_dict,
    choice_loss,
    fit_head,
    read_calibrations,
    sample_of,
    weights_of,
    write_calibrations,
)
from base.predictions import FORMS, Part, load, path_of
from base.pretrained import WORK
from dataset import LANGUAGES
from metrics import softmax
from pack import load as load_pack
from reference import PACK, Reference

LITE_LOGITS = WORK / "lite-logits.npz"
POLAR = np.array([0.0, -1e9, 0.0])  # added to logits, leaves negative and positive
THRESHOLDS = np.array([0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995])
MARGINS = (0.0, 0.25, 0.5)  # points of accuracy that lite's kept answers may lie below base's

Array = np.ndarray


@dataclass(frozen=True)
class Both:
    """Raw sentiment logits of the two tiers on the same texts."""

    base: Array
    lite: Array
    target: Array
    classes: Array
    source: Array
    language: Array

    def of(self, rows: Array) -> "Both":
        return Both(*(values[rows] for values in vars(self).values()))

    def sample(self) -> Sample:
        rows = np.arange(len(self.target))
        return Sample(self.base, self.target, weights_of(self.source), self.language, rows, self.classes == 2)

    def judge(self, calibration: Calibration) -> Array:
        return calibration.apply(self.base + calibration.lite_factor * self.lite)


def key(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def lite_logits(reference: Reference, texts: list[str]) -> Array:
    """From the file of earlier runs, or the integer reference."""
    known: dict[str, Array] = {}
    if LITE_LOGITS.exists():
        data = np.load(LITE_LOGITS)
        known = dict(zip(data["keys"].tolist(), data["logits"], strict=True))
    for text in texts:
        if key(text) not in known:
            known[key(text)] = reference.trace(text).logits
    np.savez(LITE_LOGITS, keys=np.array(list(known)), logits=np.array(list(known.values()), np.float32))
    return np.array([known[key(text)] for text in texts], np.float64)


def both_of(part: Part, reference: Reference) -> Both:
    rows = part.known["sentiment"]
    texts = [part.records[row]["text"].replace("\n", " ") for row in rows.tolist()]
    return Both(
        part.logits["sentiment"].astype(np.float64),
        lite_logits(reference, texts),
        part.target("sentiment").astype(np.int64),
        part.rows.classes[rows],
        part.source("sentiment"),
        part.language("sentiment"),
    )


def fit_sum(both: Both) -> Calibration:
    """Lite's factor, with the temperature and biases that suit the sum."""
    sample = both.sample()

    def summed(x: Array) -> Calibration:
        return Calibration(float(np.exp(x[1])), x[2:], float(x[0]))

    def loss(x: Array) -> float:
        each = choice_loss(replace(sample, logits=both.judge(summed(x))))
        return float(((each * sample.weights).sum() + (x[1:] ** 2).sum() / (2 * SPREAD**2)) / sample.weights.sum())

    return summed(minimize(loss, np.zeros(5), method="L-BFGS-B", bounds=[(0, None), *[(None, None)] * 4]).x)


def by_language(both: Both) -> dict[str, Array]:
    return {language: both.language == language for language in LANGUAGES}


def fit_sums(both: Both) -> dict[str, Calibration]:
    fitted = {language: fit_sum(both.of(rows)) for language, rows in by_language(both).items()}
    return fitted | {OTHER: fit_sum(both)}


def calibrated(both: Both, calibrations: dict[str, Calibration]) -> Array:
    result = both.base.copy()
    for language, rows in by_language(both).items():
        result[rows] = both.of(rows).judge(calibrations[language])
    return result


def lite_calibrated(both: Both, reference: Reference) -> Array:
    result = both.lite.copy()
    for language, rows in by_language(both).items():
        values = reference.calibrations[language]
        result[rows] = (both.lite[rows] - values.bias) / values.temperature
    return result


def print_sets(both: Both, logits: dict[str, Array]) -> None:
    print("| set | rows | " + " | ".join(f"{name} acc / F1" for name in logits) + " |")
    print("| --- | ---: |" + " --- |" * len(logits))
    for source in np.unique(both.source):
        rows = both.source == source
        cells = []
        for values in logits.values():
            if not {0, 2} <= set(both.target[rows].tolist()):
                cells.append(f"{100 * np.mean(values[rows].argmax(1) == both.target[rows]):.1f}")
                continue
            score = lite_metrics.score(softmax(values[rows]), both.target[rows], int(both.classes[rows].max()))
            cells.append(f"{score.accuracy:.1f} / {score.macro_f1:.1f}")
        print(f"| {source} | {rows.sum()} | " + " | ".join(cells) + " |")


def right(logits: Array, both: Both) -> Array:
    """Two-class sets are judged between negative and positive."""
    guessed = np.where((both.classes == 2)[:, None], logits + POLAR, logits).argmax(1)
    return guessed == both.target


def set_weights(both: Both) -> Array:
    """Every set counts the same, whatever its size, save that a few texts do not make a set."""
    _, place, counts = np.unique(both.source, return_inverse=True, return_counts=True)
    weights = 1 / np.maximum(counts, LEAST_ROWS)[place]
    return weights / weights.sum()


@dataclass(frozen=True)
class Kept:
    """Per cent, of the texts on which a tier's confidence reaches a threshold."""

    coverage: float
    base: float
    lite: float


def kept(confidence: Array, threshold: float, both: Both, base: Array, lite: Array) -> Kept:
    chosen, weights = confidence >= threshold, set_weights(both)
    if not chosen.any():
        return Kept(0.0, 100.0, 100.0)
    accuracies = [100 * float(np.average(right(z, both)[chosen], weights=weights[chosen])) for z in (base, lite)]
    return Kept(100 * float(weights[chosen].sum()), *accuracies)


def stand_threshold(both: Both, base: Array, lite: Array, margin: float) -> float:
    """The least confidence of lite from which on its accuracy stays within `margin` of base's on the same texts."""
    confidence = softmax(lite).max(1)
    best = 1.0
    for threshold in np.arange(0.995, 0.495, -0.005):
        found = kept(confidence, float(threshold), both, base, lite)
        if found.lite < found.base - margin:
            break
        best = float(threshold)
    return round(best, 3)


def print_coverage(both: Both, base: Array, lite: Array) -> None:
    confidences = {"base": softmax(base).max(1), "lite": softmax(lite).max(1)}
    print("| threshold | base covers | base right | lite covers | lite right | base right there |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for threshold in THRESHOLDS:
        of_base, of_lite = (kept(each, threshold, both, base, lite) for each in confidences.values())
        cells = (of_base.coverage, of_base.base, of_lite.coverage, of_lite.lite, of_lite.base)
        print(f"| {threshold} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--form", choices=FORMS, default="pack")
    parser.add_argument("--write", action="store_true", help="sentiment becomes the sum of both tiers")
    options = parser.parse_args()
    parts, reference = load(path_of(options.form)).parts, Reference(load_pack(PACK))
    train, dev = (both_of(parts[split], reference) for split in ("train", "dev"))

    alone = fit_head("sentiment", sample_of(parts["train"], "sentiment"))
    sums = fit_sums(train)
    base, lite = calibrated(dev, sums), lite_calibrated(dev, reference)
    print("factors of lite:", {language: round(each.lite_factor, 3) for language, each in sums.items()})
    print_sets(dev, {"base": calibrated(dev, alone), "lite": lite, "base + lite": base})

    thresholds: dict[str, dict[str, float]] = {}
    train_base, train_lite = calibrated(train, sums), lite_calibrated(train, reference)
    for language in LANGUAGES:
        rows, held = train.language == language, dev.language == language
        print(f"\n{language}, dev, every set counting the same; base is the sum")
        print_coverage(dev.of(held), base[held], lite[held])
        thresholds[language] = {}
        for margin in MARGINS:
            threshold = stand_threshold(train.of(rows), train_base[rows], train_lite[rows], margin)
            found = kept(softmax(lite[held]).max(1), threshold, dev.of(held), base[held], lite[held])
            thresholds[language][str(margin)] = threshold
            print(f"lite stands from {threshold} on, {margin} points allowed: on dev {found}")
    summary = {"sums": {language: as_dict(each) for language, each in sums.items()}, "thresholds": thresholds}
    (WORK / "fusion.json").write_text(json.dumps(summary, indent=1) + "\n")
    if options.write:
        write_calibrations(read_calibrations(RESULT) | {"sentiment": sums}, RESULT)


if __name__ == "__main__":
    main()
