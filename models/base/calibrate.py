"""Fit the temperature and biases of each head and language, on the calibration part of train.

    python -m base.calibrate [--form float|integer|pack]          # from the folder models, after base.predictions

In:  models/work/base/predictions-<form>.npz.  Out: models/work/base/calibration.json; calibration errors on the screen.
A calibrated logit is (logit − bias) / temperature. Choices minimise the loss of training, each row counting as often as
it trains; marks get a bias for the best F1, so that ½ is where to say them, and then the temperature of least loss. How
much is fitted (no bias, one, or one a label) cross-validation on the same rows decides. A language with few rows gets
one temperature, fitted on the rows of both.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from base.labels import ASPECTS
from base.losses import NEUTRAL, THREE_WAY_SHARE
from base.predictions import FORMS, Part, load, path_of
from base.pretrained import WORK
from base.scores import accuracy, calibration_error, mark_thresholds, micro_f1
from base.train import repeats
from dataset import LABELS, LANGUAGES
from metrics import softmax

LEAST_ROWS = 300  # of a language, else only a temperature, for both together
LEAST_MARKS = 20  # texts of a label, else its bias is that of all labels together
FOLDS = 5
SPREAD = 0.5  # standard deviation that biases and the logarithm of the temperature are thought to have
CHOICES = ("sentiment", "intent", "detail", "urgency")
MARKS = ("emotions", "aspects", "escalate")
OTHER = "other"  # languages without a calibration of their own
RESULT = WORK / "calibration.json"

Array = np.ndarray


@dataclass(frozen=True)
class Calibration:
    temperature: float
    bias: Array  # [labels]
    lite_factor: float = 0.0  # of lite's logits, to be added first

    def apply(self, logits: Array) -> Array:
        return (logits - self.bias) / self.temperature


Calibrations = dict[str, dict[str, Calibration]]  # by head and language


@dataclass(frozen=True)
class Sample:
    """Rows of one head. `target` is a class a row, or marks a label."""

    logits: Array
    target: Array
    weights: Array
    language: Array
    text: Array  # whose row it is; all rows of a text are held out together
    polar: Array  # of a set without neutral texts: judged between negative and positive

    def of(self, rows: Array) -> "Sample":
        return Sample(*(values[rows] for values in vars(self).values()))

    def mapped(self, calibration: Calibration) -> "Sample":
        return replace(self, logits=calibration.apply(self.logits))


Fit = Callable[[Sample], Calibration]


def logistic(x: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))


def log_loss(logits: Array, target: Array) -> Array:
    return -np.log(softmax(logits)[np.arange(len(target)), target] + 1e-12)


def judged(sample: Sample) -> Array:
    """Logits of which neutral is no candidate where the set has none."""
    logits = sample.logits.copy()
    logits[sample.polar, NEUTRAL] -= 1e9
    return logits


def choice_loss(sample: Sample) -> Array:
    """As in training: sets without neutral texts count between the poles, and a little among three."""
    loss = log_loss(judged(sample), sample.target)
    return loss + np.where(sample.polar, THREE_WAY_SHARE * log_loss(sample.logits, sample.target), 0)


def mark_loss(sample: Sample) -> Array:
    """Sum over the known labels of each row."""
    each = np.logaddexp(0, sample.logits) - sample.logits * (sample.target == 1)
    return (each * (sample.target >= 0)).sum(1)


def unchanged(sample: Sample) -> Calibration:
    return Calibration(1.0, np.zeros(sample.logits.shape[1]))


def fit_choice(sample: Sample, biased: bool) -> Calibration:
    """Most probable temperature and biases, given the rows and that both are thought to be small."""
    labels, total = sample.logits.shape[1], sample.weights.sum()

    def calibration(x: Array) -> Calibration:
        return Calibration(float(np.exp(x[0])), x[1:] if biased else np.zeros(labels))

    def loss(x: Array) -> float:
        each = choice_loss(sample.mapped(calibration(x)))
        return float(((each * sample.weights).sum() + (x**2).sum() / (2 * SPREAD**2)) / total)

    return calibration(minimize(loss, np.zeros(1 + labels * biased), method="L-BFGS-B").x)


def fit_marks(sample: Sample, least: float | None) -> Calibration:
    """A bias for each label of at least so many texts, and one for the others together; None: no bias."""
    bias = np.zeros(sample.logits.shape[1])
    if least is not None:
        bias = mark_thresholds(sample.logits, sample.target, least, sample.weights)

    def loss(x: Array) -> float:
        each = mark_loss(sample.mapped(Calibration(float(np.exp(x[0])), bias)))
        return float(((each * sample.weights).sum() + x[0] ** 2 / (2 * SPREAD**2)) / sample.weights.sum())

    return Calibration(float(np.exp(minimize(loss, np.zeros(1), method="L-BFGS-B").x[0])), bias)


CHOICE_FITS: tuple[Fit, ...] = (unchanged, partial(fit_choice, biased=False), partial(fit_choice, biased=True))
MARK_FITS: tuple[Fit, ...] = tuple(partial(fit_marks, least=least) for least in (None, np.inf, LEAST_MARKS))


def held_out(sample: Sample, fit: Fit) -> Sample:
    """Each text's rows as calibrated by a fit to the other texts'."""
    texts, place = np.unique(sample.text, return_inverse=True)
    fold = np.random.default_rng(0).permutation(len(texts))[place] % FOLDS
    logits = np.zeros_like(sample.logits)
    for index in range(FOLDS):
        rows = fold == index
        logits[rows] = fit(sample.of(~rows)).apply(sample.logits[rows])
    return replace(sample, logits=logits)


def best_fit(sample: Sample, marks: bool) -> Calibration:
    """Of choices by the loss, of marks by the F1."""
    if marks:
        quality = [micro_f1(held_out(sample, fit).logits > 0, sample.target) for fit in MARK_FITS]
        return MARK_FITS[int(np.argmax(quality))](sample)
    losses = [np.average(choice_loss(held_out(sample, fit)), weights=sample.weights) for fit in CHOICE_FITS]
    return CHOICE_FITS[int(np.argmin(losses))](sample)


def weights_of(sources: Array) -> Array:
    return np.array([repeats(source, "") for source in sources.tolist()])


def sample_of(part: Part, head: str) -> Sample:
    target, known = part.target(head), part.known[head]
    return Sample(
        part.logits[head].astype(np.float64),
        target[:, None] if head == "escalate" else target.astype(np.int64),
        weights_of(part.source(head)),
        part.language(head),
        known,
        (part.rows.classes[known] == 2) & (head == "sentiment"),
    )


def polarity_sample(part: Part) -> Sample:
    """One row for each aspect of a text that has one polarity."""
    whole = sample_of(part, "polarity")
    row, aspect = np.nonzero(np.isin(whole.target, [1, 2, 4]))
    logits = whole.logits.reshape(len(whole.logits), -1, len(LABELS))[row, aspect]
    return replace(whole.of(row), logits=logits, target=np.log2(whole.target[row, aspect]).astype(np.int64))


def evidence_sample(part: Part) -> Sample:
    """One row a piece."""
    rows = np.array(sorted(part.evidence), np.int64)
    found = [part.evidence[row] for row in rows.tolist()]
    text = np.repeat(rows, [len(each.logits) for each in found])
    return Sample(
        np.concatenate([each.logits for each in found]).astype(np.float64),
        np.concatenate([each.target() for each in found]).astype(np.int64),
        weights_of(part.rows.source[text]),
        part.rows.language[text],
        text,
        np.zeros(len(text), bool),
    )


def samples(part: Part) -> dict[str, Sample]:
    found = {head: sample_of(part, head) for head in (*CHOICES, *MARKS)}
    found["polarity"] = polarity_sample(part)
    if part.evidence:
        found["evidence"] = evidence_sample(part)
    return {head: sample for head, sample in found.items() if len(sample.target)}


def fit_head(head: str, sample: Sample) -> dict[str, Calibration]:
    """By language."""
    marks = head in (*MARKS, "evidence")
    fitted = {OTHER: best_fit(sample, marks)}
    plain = fit_marks(sample, None) if marks else fit_choice(sample, biased=False)
    for language in LANGUAGES:
        part = sample.of(sample.language == language)
        enough = len(np.unique(part.text)) >= LEAST_ROWS
        fitted[language] = best_fit(part, marks) if enough else plain
    if len(np.unique(sample.text)) < LEAST_ROWS:
        fitted[OTHER] = plain
    if head == "polarity":
        return {name: Calibration(each.temperature, np.tile(each.bias, len(ASPECTS))) for name, each in fitted.items()}
    return fitted


def as_dict(calibration: Calibration) -> dict[str, Any]:
    bias = [round(float(each), 4) for each in calibration.bias]
    plain = {"temperature": round(calibration.temperature, 4), "bias": bias}
    return plain | ({"lite_factor": round(calibration.lite_factor, 4)} if calibration.lite_factor else {})


def write_calibrations(calibrations: Calibrations, path: Path) -> None:
    plain = {
        head: {language: as_dict(each) for language, each in sorted(fitted.items())}
        for head, fitted in calibrations.items()
    }
    path.write_text(json.dumps(plain, indent=1) + "\n")


def read_calibrations(path: Path) -> Calibrations:
    return {
        head: {
            language: Calibration(values["temperature"], np.array(values["bias"]), values.get("lite_factor", 0.0))
            for language, values in fitted.items()
        }
        for head, fitted in json.loads(path.read_text()).items()
    }


def errors(head: str, sample: Sample) -> tuple[float, float]:
    """Calibration error, and accuracy of the likeliest or micro-F1 of the marks."""
    if head in (*MARKS, "evidence"):
        known = sample.target >= 0
        probabilities, wanted = logistic(sample.logits)[known], sample.target[known] == 1
        return calibration_error(probabilities, wanted), micro_f1(sample.logits > 0, sample.target)
    probabilities = softmax(judged(sample))
    right = probabilities.argmax(1) == sample.target
    return calibration_error(probabilities.max(1), right), accuracy(right)


def report(calibrations: Calibrations, dev: Part) -> None:
    print("| head | language | rows | temperature | calibration error, before → after | accuracy or micro-F1 |")
    print("| --- | --- | ---: | ---: | --- | --- |")
    for head, sample in samples(dev).items():
        for language in np.unique(sample.language).tolist():
            part, fitted = sample.of(sample.language == language), calibrations[head][language]
            shown = replace(fitted, bias=fitted.bias[: part.logits.shape[1]])  # every aspect's polarities have the same
            (gap, score), (new_gap, new_score) = errors(head, part), errors(head, part.mapped(shown))
            cells = f"{gap:.2f} → {new_gap:.2f} | {score:.2f} → {new_score:.2f}"
            print(f"| {head} | {language} | {len(part.target)} | {fitted.temperature:.3f} | {cells} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--form", choices=FORMS, default="pack")
    options = parser.parse_args()
    parts = load(path_of(options.form)).parts
    calibrations = {head: fit_head(head, sample) for head, sample in samples(parts["train"]).items()}
    write_calibrations(calibrations, RESULT)
    report(calibrations, parts["dev"])


if __name__ == "__main__":
    main()
