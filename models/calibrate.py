"""Join the two branches and calibrate the result, on the calibration part of the training texts.

    python models/calibrate.py

In:  models/work/{conv.pt,linear.npz,train.tsv,train.npz}.  Out: models/work/calibration.json.
The join (one factor a branch, one bias a class) minimises the loss of training; then a temperature and a bias a
language minimise the three-class loss of the mixture of sets, in which about one text in eight is neutral.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import minimize

from dataset import LANGUAGES, WORK, Texts, calibration_rows
from linear import features
from metrics import softmax
from network import LiteNetwork, Shape
from train import predict

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settings:
    neutral_loss: float = 0.2  # as in training
    bias_penalty: float = 1e-3  # keeps the three biases of a language around zero


SETTINGS = Settings()


def load_network(path: Path) -> LiteNetwork:
    saved = torch.load(path)
    settings = saved["settings"]
    shape = Shape(settings["vocabulary"], settings["dim"], tuple(settings["widths"]), settings["channels"])
    network = LiteNetwork(shape)
    network.load_state_dict(saved["state"])
    return network


def branch_logits(
    network: LiteNetwork, linear: dict[str, npt.NDArray[np.float32]], texts: Texts, chosen: np.ndarray
) -> tuple[Float64, Float64]:
    ngrams = features(texts, chosen, len(linear["weights"])) @ linear["weights"] + linear["bias"]
    return predict(network, texts, chosen).astype(np.float64), ngrams.astype(np.float64)


def log_loss(logits: Float64, labels: np.ndarray) -> Float64:
    return -np.log(softmax(logits)[np.arange(len(labels)), labels] + 1e-12)


def join(conv: Float64, ngrams: Float64, labels: np.ndarray, classes: np.ndarray, weights: np.ndarray) -> Float64:
    """Factor of the convolutional branch, factor of the n-gram branch, bias of each class."""
    two, polar = classes == 2, np.array([0.0, -1e9, 0.0])

    def loss(x: Float64) -> float:
        z = x[0] * conv + x[1] * ngrams + x[2:]
        three_class, two_class = log_loss(z, labels), log_loss(z + polar, np.where(two, labels, 0))
        each = np.where(two, two_class + SETTINGS.neutral_loss * three_class, three_class)
        return float((each * weights).sum() / weights.sum() + SETTINGS.bias_penalty * (x[2:] ** 2).sum())

    return minimize(loss, np.array([0.6, 0.6, 0, 0, 0]), method="L-BFGS-B").x


def calibrate(logits: Float64, labels: np.ndarray, weights: np.ndarray) -> dict[str, object]:
    def loss(x: Float64) -> float:
        each = log_loss((logits - x[1:]) / np.exp(x[0]), labels)
        return float((each * weights).sum() / weights.sum() + SETTINGS.bias_penalty * (x[1:] ** 2).sum())

    x = minimize(loss, np.zeros(4), method="L-BFGS-B").x
    return {"temperature": float(np.exp(x[0])), "bias": [float(b) for b in x[1:]]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    texts = Texts("train")
    chosen = calibration_rows(texts)
    chosen = chosen[[not texts.rows[i].source.startswith("lexicon") for i in chosen]]
    labels, weights = texts.labels[chosen], texts.weights[chosen]
    conv, ngrams = branch_logits(load_network(WORK / "conv.pt"), dict(np.load(WORK / "linear.npz")), texts, chosen)
    joined = join(conv, ngrams, labels, texts.classes[chosen], weights)
    logits = joined[0] * conv + joined[1] * ngrams + joined[2:]
    languages = np.array([texts.rows[i].language for i in chosen])
    result: dict[str, object] = {"conv": joined[0], "ngrams": joined[1], "bias": list(joined[2:])}
    for language in LANGUAGES:
        part = languages == language
        result[language] = calibrate(logits[part], labels[part], weights[part])
    result["other"] = calibrate(logits, labels, weights)
    (WORK / "calibration.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"{len(chosen)} texts", json.dumps(result))


if __name__ == "__main__":
    main()
