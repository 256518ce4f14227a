"""How well the catalogue's search and likeness find products: words, meanings, and both.

    PYTHONPATH=models python -m shop.evaluate_search --data ../shared/data [--out FILE]

Needs the built command (`npm run build`): vectors are those of base, made once and kept in build/vectors.

matching    a title of one shop finds the same product of another's: Abt-Buy, Amazon-Google, Walmart-Amazon. Titles that
            have a match in dev are judged, among all products of the other shop that train or dev names
types       an English name of a type finds products of it (BigBasket; no text that is searched tells the type). A half
            of the types, by hash, is judged
alike       a product finds others of its type; a fifth of the products, by hash, is judged

Weights of the meaning are chosen on what is not judged. Reciprocal rank, NDCG@10 and recall@10, each with the 95 %
interval of its difference to the first line.
"""

import argparse
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shop.evaluate_retrieval import Index, Row, fused, meanings
from shop.interactions import Floats

MATCHING = ("abt_buy", "amazon_google", "walmart_amazon")
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
AT, DRAWS = 10, 2000

Bools = npt.NDArray[np.bool_]


@dataclass
class Task:
    """`right` says of each query (a row) which products (columns) it is to find."""

    name: str
    lexical: dict[str, Floats]  # by method, queries × products
    cosines: Floats
    right: Bools
    judged: Bools  # of each query


def rows_of(path: Path) -> list[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def part_of(text: str, parts: int) -> int:
    """The same on every machine."""
    return int.from_bytes(hashlib.sha1(f"search {text}".encode()).digest()[:4], "big") % parts


def matching(name: str, data: Path) -> Task:
    queries: dict[str, set[int]] = {}
    products: dict[str, int] = {}
    rows: list[Row] = []
    in_dev: set[str] = set()
    for split in ("train", "dev"):
        for pair in rows_of(data / f"products_en_match_{name}.{split}.jsonl.gz"):
            right = pair["right"]
            row = {
                "title": right.get("name") or right.get("title") or "",
                "brand": right.get("brand") or right.get("manufacturer") or "",
                "category": right.get("category") or "",
                "description": right.get("description") or "",
            }
            if not any(row.values()):
                continue
            place = products.setdefault(json.dumps(row), len(rows))
            if place == len(rows):
                rows.append(row)
            if pair["match"]:
                title = pair["left"].get("name") or pair["left"]["title"]
                queries.setdefault(title, set()).add(place)
                if split == "dev":
                    in_dev.add(title)
    asked = sorted(queries)
    right_ones = np.zeros((len(asked), len(rows)), bool)
    for i, title in enumerate(asked):
        right_ones[i, list(queries[title])] = True
    judged = np.array([title in in_dev for title in asked])
    return searched(name, rows, asked, right_ones, judged)


def searched(name: str, rows: list[Row], queries: list[str], right: Bools, judged: Bools) -> Task:
    index = Index(rows)
    lexical = {"BM25": index.bm25(queries), "TF-IDF": index.tfidf(queries)}
    cosines = meanings([{"title": query} for query in queries]) @ meanings(rows).T
    return Task(name, lexical, cosines, right, judged)


def bigbasket(data: Path) -> tuple[list[Row], Any]:
    rows = rows_of(data / "products_en_bigbasket.jsonl.gz")
    return rows, np.array([row["type"] for row in rows])


def types(data: Path) -> Task:
    rows, type_of = bigbasket(data)
    asked = sorted(set(type_of))
    right = np.array([type_of == name for name in asked])
    return searched("types", rows, asked, right, np.array([part_of(name, 2) == 0 for name in asked]))


def alike(data: Path) -> Task:
    rows, type_of = bigbasket(data)
    index, vectors = Index(rows), meanings(rows)
    alone = np.array([(type_of == name).sum() == 1 for name in type_of])
    # Half of the products ask, so that the tables stay small; any may be found.
    asking = np.array([part_of(row["id"], 10) < 5 for row in rows]) & ~alone
    own = np.eye(len(rows), dtype=bool)[asking]
    lexical = {"TF-IDF": index.alike()[asking], "BM25": index.bm25_alike()[asking]}
    cosines = (vectors @ vectors.T)[asking]
    for scores in (*lexical.values(), cosines):
        scores[own] = -1
    right = (type_of[asking][:, None] == type_of) & ~own
    judged = np.array([part_of(row["id"], 10) < 2 for row in rows])[asking]
    return Task("alike", lexical, cosines, right, judged)


def measures(scores: Floats, right: Bools) -> dict[str, Floats]:
    """One number a query. What scores nothing is not found."""
    order = np.argsort(-scores, axis=1, kind="stable")
    hit = np.take_along_axis(right & (scores > 0), order, axis=1)
    first = np.where(hit.any(axis=1), hit.argmax(axis=1), np.inf)
    discount = 1 / np.log2(np.arange(min(AT, scores.shape[1])) + 2)
    wanted = right.sum(axis=1)
    ideal = np.cumsum(discount)[np.minimum(wanted, AT) - 1]
    return {
        "reciprocal rank": 1 / (1 + first),
        f"NDCG@{AT}": (hit[:, :AT] @ discount) / ideal,
        f"recall@{AT}": hit[:, :AT].sum(axis=1) / np.minimum(wanted, AT),
    }


def lead(mine: Floats, other: Floats) -> str:
    """The mean difference, and 95 % of it by drawing the queries anew."""
    rng, difference = np.random.default_rng(0), mine - other
    drawn = [difference[rng.integers(0, len(difference), len(difference))].mean() for _ in range(DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{difference.mean():+.3f} ({low:+.3f} to {high:+.3f})"


def judge(task: Task) -> dict[str, Any]:
    """`kept`: of what is not judged, NDCG by weight of the meaning."""
    names = list(task.lexical)
    kept = {
        name: {
            weight: measures(fused(lexical, task.cosines, weight)[~task.judged], task.right[~task.judged])[f"NDCG@{AT}"]
            for weight in WEIGHTS
        }
        for name, lexical in task.lexical.items()
    }
    runs = dict(task.lexical) | {"meanings": task.cosines}
    runs |= {
        f"{1 - weight:.1f} {name} + {weight} meanings": fused(task.lexical[name], task.cosines, weight)
        for name in names
        for weight in (0.1, 0.2, 0.3, 0.4)
    }
    found = {name: measures(scores[task.judged], task.right[task.judged]) for name, scores in runs.items()}
    print(f"\n{task.name}: {int(task.judged.sum())} queries judged among {task.right.shape[1]} products")
    for name, by_weight in kept.items():
        told = "  ".join(f"{weight} {values.mean():.4f}" for weight, values in by_weight.items())
        print(f"    not judged, NDCG by weight beside {name}: {told}")
    base = next(iter(found.values()))
    for name, values in found.items():
        told = "   ".join(f"{measure} {of.mean():.3f}" for measure, of in values.items())
        print(f"    {name:28} {told}   NDCG {lead(values[f'NDCG@{AT}'], base[f'NDCG@{AT}'])}", flush=True)
    return {
        name: {measure: round(float(of.mean()), 4) for measure, of in values.items()} for name, values in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    results = {name: judge(matching(name, given.data)) for name in MATCHING}
    results |= {task.name: judge(task) for task in (types(given.data), alike(given.data))}
    if given.out:
        given.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
