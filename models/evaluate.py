"""Score the baseline, the float model and the committed pack on every dev set, and write the figures.

    python models/evaluate.py

In:  models/work/{dev.tsv,dev.npz,baseline.npz,conv.pt,linear.npz,calibration.json}, models/work/cross-validation.json
     if it is there, and the pack in models/lite.  Out: models/lite/eval-dev.json; a Markdown table on the screen.
"""

import argparse
import gzip
import json

import numpy as np

from calibrate import branch_logits, load_network
from dataset import WORK, Row, Texts
from metrics import Score, score_sets, softmax
from pack import load
from reference import PACK, Reference

BARRED = ("sent_en_airline",)  # evaluation only; shown, but not in the means
RESULT = PACK.with_name("eval-dev.json")


def float_probabilities(dev: Texts, languages: np.ndarray) -> np.ndarray:
    fitted = json.loads((WORK / "calibration.json").read_text())
    network = load_network(WORK / "conv.pt")
    network.quantised.fill_(0)
    conv, ngrams = branch_logits(network, dict(np.load(WORK / "linear.npz")), dev, np.arange(len(dev.rows)))
    logits = fitted["conv"] * conv + fitted["ngrams"] * ngrams + np.array(fitted["bias"])
    for language in np.unique(languages):
        rows, values = languages == language, fitted[language]
        logits[rows] = (logits[rows] - np.array(values["bias"])) / values["temperature"]
    return softmax(logits)


def int8_probabilities(rows: list[Row]) -> np.ndarray:
    reference = Reference(load(PACK))
    return np.array([reference.probabilities(reference.trace(row.text), row.language) for row in rows])


def calibration_error(probabilities: np.ndarray, labels: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error of the most probable class, in per cent."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    bucket = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[bucket == b].sum() - right[bucket == b].sum()) for b in range(bins)]
    return 100 * float(sum(gaps)) / len(labels)


def polar_calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The same between negative and positive, on the texts that are one of them."""
    rows = labels != 1
    pair = probabilities[rows][:, ::2]
    return calibration_error(pair / pair.sum(1, keepdims=True), labels[rows] // 2)


def swallowed(probabilities: np.ndarray, rows: list[Row]) -> dict[str, float]:
    """Per cent of each language's two-class reviews that would be called neutral."""
    neutral = probabilities.argmax(1) == 1
    result = {}
    for language in ("zh", "en"):
        chosen = np.array([row.classes == 2 and row.language == language for row in rows])
        result[language] = 100 * float(neutral[chosen].mean())
    return result


def print_table(results: dict[str, dict[str, Score]]) -> None:
    print("| dev set | rows | " + " | ".join(f"{name} acc / F1 / AUC" for name in results) + " |")
    print("| --- | ---: |" + " --- |" * len(results))
    for name, first in next(iter(results.values())).items():
        cells = [f"{s.accuracy:.1f} / {s.macro_f1:.1f} / {s.auc:.1f}" for s in (r[name] for r in results.values())]
        print(f"| {name} | {first.rows} | " + " | ".join(cells) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    dev = Texts("dev")
    labels, languages = dev.labels, np.array([row.language for row in dev.rows])
    probabilities = {
        "baseline": np.load(WORK / "baseline.npz")["probabilities"],
        "float": float_probabilities(dev, languages),
        "int8": int8_probabilities(dev.rows),
    }
    results = {name: score_sets(p, dev.rows) for name, p in probabilities.items()}
    print_table(results)
    counted = [name for name in results["int8"] if name.startswith("sent_") and not name.startswith(BARRED)]
    means = {name: float(np.mean([r[key].accuracy for key in counted])) for name, r in results.items()}
    int8, quality = probabilities["int8"], {}
    for language in ("zh", "en"):
        chosen = languages == language
        quality[language] = {
            "ece": round(calibration_error(int8[chosen], labels[chosen]), 2),
            "polar_ece": round(polar_calibration_error(int8[chosen], labels[chosen]), 2),
            "reviews_called_neutral": round(swallowed(int8, dev.rows)[language], 2),
        }
    data = PACK.read_bytes()
    cross = WORK / "cross-validation.json"
    summary = {
        "pack": {"version": load(PACK).version, "bytes": len(data), "gzip_bytes": len(gzip.compress(data, 9, mtime=0))},
        "mean_accuracy": {name: round(mean, 2) for name, mean in means.items()},
        "mean_accuracy_sets": counted,
        "calibration": quality,
        "dev": {name: {key: s.as_dict() for key, s in r.items()} for name, r in results.items()},
        "cross_validation": json.loads(cross.read_text()) if cross.exists() else {},
    }
    RESULT.write_text(json.dumps(summary, indent=2) + "\n")
    print({key: summary[key] for key in ("pack", "mean_accuracy", "calibration")})
    for name in counted:
        print(f"{name}: int8 − baseline {results['int8'][name].accuracy - results['baseline'][name].accuracy:+.2f}")


if __name__ == "__main__":
    main()
