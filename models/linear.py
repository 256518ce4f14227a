"""Fit the n-gram branch: multinomial logistic regression over the kept buckets, by L-BFGS.

    python models/linear.py [--exclude sent_zh_eprstmt …]

In:  models/work/{train,dev}.{tsv,npz}, models/work/buckets.npy.  Out: models/work/linear.npz (weights, bias).
The branch is fitted by itself, not jointly with the convolutions: joint training left the stronger branch alone and
the other one idle (README, decisions). calibrate.py finds how much each of them counts.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize

from dataset import Texts, training_rows
from metrics import print_scores, score_sets, softmax

WORK = Path(__file__).parent / "work"

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Settings:
    strength: float = 1.5  # L2, against the summed loss, per weight
    idf_unit: float = 3.0  # an n-gram of this inverse document frequency (natural logarithm) has the plain penalty
    neutral_loss: float = 0.2  # weight of the three-class loss on sets without a neutral class
    iterations: int = 80


SETTINGS = Settings()


def features(texts: Texts, chosen: np.ndarray, width: int) -> sparse.csr_matrix:
    """1 / sqrt(N) for each kept bucket of a text, N counting all of its buckets (FORMAT.md)."""
    counts = np.diff(texts.gram_offsets)
    values = np.repeat(1 / np.sqrt(np.maximum(texts.bucket_counts, 1)), counts).astype(np.float32)
    shape = (len(texts.rows), width)
    return sparse.csr_matrix((values, texts.grams.astype(np.int32), texts.gram_offsets), shape=shape)[chosen]


def idf_scales(counts: np.ndarray, texts: int) -> Float32:
    """Rare n-grams are penalised less, as under TF-IDF: their features are larger by their idf during the fit."""
    return (np.log(texts / (1 + counts)) / SETTINGS.idf_unit).astype(np.float32)


def masked_softmax(logits: Float32, allowed: npt.NDArray[np.bool_]) -> Float32:
    return softmax(np.where(allowed, logits, -1e9))


def fit(
    x: sparse.csr_matrix,
    labels: np.ndarray,
    classes: np.ndarray,
    weights: Float32,
    start: tuple[Float32, Float32] | None = None,
    iterations: int = SETTINGS.iterations,
) -> tuple[Float32, Float32]:
    """Weights [buckets, 3] and bias [3]. Two-class rows compare negative with positive, and a little of all."""
    rows, width = x.shape
    x_t = x.T.tocsr()
    target = np.eye(3, dtype=np.float32)[labels]
    three = np.where(classes == 3, 1.0, SETTINGS.neutral_loss).astype(np.float32) * weights
    two = np.where(classes == 2, weights, 0).astype(np.float32)
    polar = np.array([True, False, True])

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        w = flat.astype(np.float32).reshape(width + 1, 3)
        z = x @ w[:-1] + w[-1]
        p3, p2 = softmax(z), masked_softmax(z, polar)
        each = -three * np.log(p3[np.arange(rows), labels] + 1e-12)
        each -= two * np.log(np.where(two > 0, p2[np.arange(rows), labels], 1) + 1e-12)
        g = three[:, None] * (p3 - target) + two[:, None] * (p2 - target)
        gradient = np.vstack([x_t @ g + SETTINGS.strength * w[:-1], g.sum(axis=0, keepdims=True)])
        return float(each.sum()) + SETTINGS.strength / 2 * float((w[:-1] ** 2).sum()), gradient.ravel().astype(
            np.float64
        )

    first = np.zeros((width + 1, 3)) if start is None else np.vstack([start[0], start[1][None]])
    options = {"maxiter": iterations}
    found = minimize(loss, first.ravel().astype(np.float64), jac=True, method="L-BFGS-B", options=options)
    w = found.x.astype(np.float32).reshape(width + 1, 3)
    print(f"{rows} texts, loss {found.fun / rows:.4f} after {found.nit} iterations")
    return w[:-1], w[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WORK / "linear.npz")
    options = parser.parse_args()
    texts, dev, width = Texts("train"), Texts("dev"), len(np.load(WORK / "buckets.npy"))
    chosen = training_rows(texts)
    x = features(texts, chosen, width)
    scales = idf_scales(np.bincount(texts.grams, minlength=width), len(texts.rows))
    scaled = (x @ sparse.diags(scales)).tocsr()
    weights, bias = fit(scaled, texts.labels[chosen], texts.classes[chosen], texts.weights[chosen])
    weights *= scales[:, None]
    np.savez(options.out, weights=weights, bias=bias)
    logits = features(dev, np.arange(len(dev.rows)), width) @ weights + bias
    print_scores(score_sets(softmax(logits), dev.rows))


if __name__ == "__main__":
    main()
