"""The bar: one TF-IDF + logistic regression a language over all its sentiment sets, scored on every dev set.

    python models/baseline.py

In:  models/work/{train,dev}.tsv.  Out: models/work/baseline.json, models/work/baseline.npz (dev probabilities).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from dataset import Row, read_rows
from metrics import score_sets

WORK = Path(__file__).parent / "work"
SETS = ("sent_", "written_")  # name prefixes; emotion, aspect and intent sets are extra data of the lite model


@dataclass(frozen=True)
class Settings:
    features: int = 50_000
    strengths: tuple[float, ...] = (5.0, 10.0, 20.0)  # C; chosen on a tenth of train
    held_folds: int = 90  # and above
    iterations: int = 300


SETTINGS = Settings()


def make_model(language: str, strength: float) -> Pipeline:
    """Characters for Chinese, words (apostrophes and one-letter words kept) for English; sublinear counts."""
    if language == "zh":
        vectoriser = TfidfVectorizer(
            analyzer="char", ngram_range=(1, 3), max_features=SETTINGS.features, sublinear_tf=True, dtype=np.float32
        )
    else:
        vectoriser = TfidfVectorizer(
            token_pattern=r"[\w']+|[!?😊😠😐]",
            ngram_range=(1, 2),
            max_features=SETTINGS.features,
            sublinear_tf=True,
            dtype=np.float32,
        )
    return make_pipeline(vectoriser, LogisticRegression(C=strength, max_iter=SETTINGS.iterations))


def fit(rows: list[Row], language: str, strength: float) -> Pipeline:
    model = make_model(language, strength)
    model.fit([row.text for row in rows], [row.label for row in rows])
    return model


def predict(model: Pipeline, rows: list[Row]) -> np.ndarray:
    return model.predict_proba([row.text for row in rows]).astype(np.float32)


def mean_accuracy(probabilities: np.ndarray, rows: list[Row]) -> float:
    scores = score_sets(probabilities, rows)
    return float(np.mean([score.accuracy for name, score in scores.items() if name.startswith("sent_")]))


def choose_strength(rows: list[Row], language: str) -> float:
    """C with the best mean accuracy over the sets on the held-out tenth of train."""
    held = [row for row in rows if row.fold >= SETTINGS.held_folds]
    kept = [row for row in rows if row.fold < SETTINGS.held_folds]
    means = {c: mean_accuracy(predict(fit(kept, language, c), held), held) for c in SETTINGS.strengths}
    print(language, {c: round(mean, 2) for c, mean in means.items()}, flush=True)
    return max(means, key=lambda c: means[c])


def main() -> None:
    rows = [row for row in read_rows(WORK / "train.tsv") if row.source.startswith(SETS)]
    dev = read_rows(WORK / "dev.tsv")
    probabilities = np.zeros((len(dev), 3), np.float32)
    strengths = {}
    for language in ("zh", "en"):
        train = [row for row in rows if row.language == language]
        strengths[language] = choose_strength(train, language)
        chosen = np.array([row.language == language for row in dev])
        model = fit(train, language, strengths[language])
        probabilities[chosen] = predict(model, [row for row in dev if row.language == language])
    scores = score_sets(probabilities, dev)
    for name, score in scores.items():
        print(f"{name:36} {score}")
    np.savez(WORK / "baseline.npz", probabilities=probabilities)
    result = {"strengths": strengths, "dev": {name: score.as_dict() for name, score in scores.items()}}
    (WORK / "baseline.json").write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
