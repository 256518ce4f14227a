"""Foresight on real rows: will a review of women's clothing have at most two stars, from item and category history?

    PYTHONPATH=models python -m shop.evaluate_foresight --data ../shared/data [--out FILE]

History is the train file, judged are all rows of the dev file; the split is by a hash of the review's text. Neither
text nor title is looked at, and the stars are the outcome. Prints AUC beside chance with a bootstrap interval, the
Brier score beside that of the history's base rate, and the AUC by cross-validation within the larger history.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from shop.foresight import fit, measure, scores, validate
from shop.orders import Floats, Orders, Row, orders_of, read_rows

NAME = "sent_en_womens_clothing"
LABEL = "stars<=2"
DRAWS = 1000


def history(path: Path, keys: tuple[str, ...]) -> Orders:
    """Only what the shop knew: category (of departments, in `Department/Class`) and item."""

    def known() -> Iterator[tuple[int, Row | str]]:
        for line, row in read_rows(path):
            if isinstance(row, str):
                yield line, row
                continue
            department = row["category"].split("/")[0]
            of_row = {"product_id": row["item_id"], "category": row["category"], "department": department}
            yield line, {"stars": row["stars"], **{key: of_row[key] for key in keys}}

    return orders_of(known(), LABEL, [key for key in keys if key == "department"])


def auc_interval(truth: np.ndarray, said: Floats) -> tuple[float, float]:
    """95 %, by drawing the judged rows anew."""
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        rows = rng.integers(0, len(truth), len(truth))
        order = np.argsort(said[rows], kind="stable")
        drawn.append(auc(truth[rows][order], said[rows][order]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def auc(truth: np.ndarray, ranked: Floats) -> float:
    """Of rows in the order of their risks; equal risks share their rank."""
    _, first, count = np.unique(ranked, return_index=True, return_counts=True)
    rank = np.repeat(first + (count + 1) / 2, count)
    positive = truth.sum()
    return float((rank[truth == 1].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


def evaluate(data: Path, keys: tuple[str, ...]) -> dict[str, Any]:
    train, dev = (history(data / f"{NAME}.{part}.tsv.gz", keys) for part in ("train", "dev"))
    model = fit(train)
    said = scores(model, dev)
    low, high = auc_interval(dev.label, said)
    return {
        "features": list(keys),
        "history": len(train),
        "rows": len(dev),
        "base_rate": model["base_rate"],
        "found_rate": round(float(dev.label.mean()), 6),
        **measure(dev.label, said, model["base_rate"]),
        "auc_interval": [round(low, 4), round(high, 4)],
        "history_auc": validate(train)["auc"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    results = [evaluate(given.data, keys) for keys in (("category",), ("category", "product_id"))]
    for r in results:
        low, high = r["auc_interval"]
        print(
            f"{' + '.join(r['features'])}: {r['rows']} rows, {r['found_rate']:.1%} with at most 2 stars\n"
            f"    AUC {r['auc']:.3f} ({low:.3f} to {high:.3f}; chance 0.5), cross-validated over the {r['history']} "
            f"rows of history {r['history_auc']:.3f}\n"
            f"    Brier {r['brier']:.4f} (base rate alone {r['base_brier']:.4f}), calibration slope {r['slope']:.2f}"
        )
    for bin_of in results[-1]["reliability"]:
        print(f"    said {bin_of['said']:.1%}, found {bin_of['found']:.1%} ({bin_of['rows']} rows)")
    if given.out:
        given.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
