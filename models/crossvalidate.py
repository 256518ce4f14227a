"""Five folds over train and dev of the sets too small for their dev set to say much, baseline and lite alike.

    python models/crossvalidate.py

In:  models/work/{train,dev}.{tsv,npz}, models/work/{baseline,calibration}.json.
Out: models/work/cross-validation.json.
The lite branches are trained once without any text of these sets, then go on, for each fold, with the other four among
other texts. Judged in float. Texts that were given an emoji for training are not judged.
"""

import argparse
import copy
import json
from dataclasses import replace

import numpy as np
import torch
from scipy import sparse

from baseline import SETS
from baseline import fit as fit_baseline
from baseline import predict as predict_baseline
from dataset import WORK, Texts, training_rows
from linear import SETTINGS as NGRAMS
from linear import features, idf_scales
from linear import fit as fit_ngrams
from metrics import Score, score_sets, softmax
from network import LiteNetwork
from prepare import EMOJI
from train import SETTINGS, predict, train

SMALL = ("sent_zh_eprstmt", "sent_en_labelled_sentences", "sent_en_amazon_alexa")
FOLDS = 5
BASE = replace(SETTINGS, epochs=2, quantised_part=0.0)
FURTHER = replace(SETTINGS, epochs=1, quantised_part=0.0, learning_rate=1e-3)
COMPANY = 20_000  # other texts that train beside the small sets' in a fold
NGRAM_ITERATIONS = 25

Linear = tuple[np.ndarray, np.ndarray]
Branches = tuple[LiteNetwork, Linear]


def scales_of(texts: Texts, width: int) -> np.ndarray:
    return idf_scales(np.bincount(texts.grams, minlength=width), len(texts.rows))


def fit_linear(
    texts: Texts, chosen: np.ndarray, start: Linear | None = None, iterations: int = NGRAMS.iterations
) -> Linear:
    """The n-gram branch in the scaled form of linear.py, so that a fold can start from it."""
    width = len(np.load(WORK / "buckets.npy"))
    scaled = (features(texts, chosen, width) @ sparse.diags(scales_of(texts, width))).tocsr()
    labels, classes, weights = texts.labels[chosen], texts.classes[chosen], texts.weights[chosen]
    return fit_ngrams(scaled, labels, classes, weights, start, iterations)


def train_base(texts: Texts, dev: Texts, others: np.ndarray) -> Branches:
    path = WORK / "cross-base.pt"
    if path.exists():
        return torch.load(path, weights_only=False)
    base = train(BASE, texts, dev, others), fit_linear(texts, others)
    torch.save(base, path)
    return base


def lite_fold(
    texts: Texts, dev: Texts, base: Branches, others: np.ndarray, more: np.ndarray, test: np.ndarray
) -> np.ndarray:
    rng = np.random.default_rng(SETTINGS.seed)
    mixed = np.concatenate([rng.choice(others, COMPANY, replace=False), more])
    network = train(FURTHER, texts, dev, mixed, copy.deepcopy(base[0]))
    weights, bias = fit_linear(texts, np.concatenate([others, more]), start=base[1], iterations=NGRAM_ITERATIONS)
    fitted = json.loads((WORK / "calibration.json").read_text())
    weights = weights * scales_of(texts, len(weights))[:, None]
    ngrams = features(texts, test, len(weights)) @ weights + bias
    logits = fitted["conv"] * predict(network, texts, test) + fitted["ngrams"] * ngrams + np.array(fitted["bias"])
    return softmax(logits)


def baseline_fold(texts: Texts, strengths: dict[str, float], kept: np.ndarray, test: np.ndarray) -> np.ndarray:
    result = np.zeros((len(test), 3), np.float32)
    for language, strength in strengths.items():
        rows = [texts.rows[i] for i in kept if texts.rows[i].language == language]
        model = fit_baseline([row for row in rows if row.source.startswith(SETS)], language, strength)
        asked = [texts.rows[i].language == language for i in test]
        probabilities = predict_baseline(model, [texts.rows[i] for i in test[asked]])
        result[np.ix_(asked, model.classes_)] = probabilities
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    torch.set_num_threads(2)
    texts, dev = Texts("train", "dev"), Texts("dev")
    trained = np.zeros(len(texts.rows), bool)
    trained[training_rows(texts)] = True
    trained[len(texts.rows) - len(dev.rows) :] = False
    small = np.array([row.source in SMALL for row in texts.rows]) & (texts.lengths > 0)
    plain = np.array([not any(emoji in row.text for emoji in EMOJI) for row in texts.rows])
    others = np.flatnonzero(trained & ~small)
    base = train_base(texts, dev, others)
    strengths = json.loads((WORK / "baseline.json").read_text())["strengths"]

    order: list[int] = []
    parts: dict[str, list[np.ndarray]] = {"baseline": [], "float": []}
    for fold in range(FOLDS):
        test = np.flatnonzero(small & plain & (texts.folds % FOLDS == fold))
        more = np.flatnonzero(small & (texts.folds % FOLDS != fold))
        order += test.tolist()
        parts["float"].append(lite_fold(texts, dev, base, others, more, test))
        parts["baseline"].append(baseline_fold(texts, strengths, np.concatenate([others, more]), test))
        print(f"fold {fold + 1}: {len(test)} texts", flush=True)
    rows = [texts.rows[i] for i in order]
    scores: dict[str, dict[str, Score]] = {name: score_sets(np.concatenate(p), rows) for name, p in parts.items()}
    result = {name: {key: score.as_dict() for key, score in each.items()} for name, each in scores.items()}
    (WORK / "cross-validation.json").write_text(json.dumps(result, indent=2) + "\n")
    for name, each in scores.items():
        for key, score in each.items():
            print(f"{name:10} {key:30} {score}")


if __name__ == "__main__":
    main()
