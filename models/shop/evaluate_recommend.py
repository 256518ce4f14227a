"""Recommendation on real baskets and ratings: which product was left out of a basket, and which rating was given?

    PYTHONPATH=models python -m shop.evaluate_recommend --data ../shared/data [--only bakery] [--out FILE]

Of the baskets of two products or more a tenth, by a hash of the basket's number, is judged; the rest is what the
methods learn from, `recommend.build` with its own split for the ranker. Up to three products of each judged basket, by
a hash too, are to be found from the others of the basket, one at a time. Where products have names they count as their
texts, which needs the built command (`npm run build`). Prints recall@10 and NDCG@10, and the hybrid's lead with its
95 % interval.
Ratings: the latest of each customer, a fifth of the customers at a time; RMSE and MAE beside the mean and biases alone.
"""

import argparse
import gzip
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from shop.collaborative import FactorSettings
from shop.evaluate_retrieval import Index, fused, meanings
from shop.interactions import Floats, Ints, Purchases, purchases_of, ratings_of
from shop.recommend import SETTINGS, Settings, add_ratings, build, gain_of, history_of, left_out, place_of, tenth_of
from shop.recommender import Recommender

BASKETS = {
    "groceries": "baskets_en_groceries",
    "market7500": "baskets_en_market7500",
    "bakery": "baskets_en_bakery",
    "belgian_retail": "baskets_ids_belgian_retail",
}
RATINGS = "ratings_en_amazon_giftcards"
RATING_COLUMNS = ("customer", "product_id", "rating", "rated_at")
NAMED = ("groceries", "market7500", "bakery")  # whose products are names
NEAREST = 50  # of each product, as `catalog neighbours` gives
OF_EACH = 3
DRAWS = 2000


def baskets_of(path: Path, most: int) -> Purchases:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [(n, {"order_id": n, "items": line.rstrip("\n").split("\t")}) for n, line in enumerate(lines, 1)]
    return purchases_of(rows[:most])


def content_of(names: list[str]) -> tuple[csr_matrix, dict[str, Floats]]:
    """What names say: the nearest by the catalogue's likeness, as `catalog neighbours` tells; and its parts alone."""
    rows = [{"title": name} for name in names]
    index, vectors = Index(rows), meanings(rows)
    cosines = vectors @ vectors.T
    near = fused(index.alike(), cosines)
    np.fill_diagonal(near, 0)
    least = -np.sort(-near, axis=1)[:, min(NEAREST, len(names)) - 1, None]
    return csr_matrix(np.where(near >= least, near, 0)), {"BM25 alone": index.bm25_alike(), "meanings alone": cosines}


def places_in(recommender: Recommender, held: Purchases, alone: Mapping[str, Floats]) -> tuple[dict[str, Ints], Ints]:
    """Where each product that was left out stands, by each method, all together, and by each table of likeness alone.

    And of which customer each is.
    """
    sizes = np.diff(held.customers.indptr)
    owner = np.repeat(np.arange(len(sizes)), np.where(sizes > 1, np.minimum(sizes, OF_EACH), 0))
    places: dict[str, list[int]] = {}
    for known, target in left_out(held, len(owner), OF_EACH):
        history = history_of(held.products, known)
        said = recommender.scores(history)
        said |= {name: near[known].sum(axis=0) for name, near in alone.items()}
        said["hybrid"] = recommender.rank(said, history)
        for name, scores in said.items():
            places.setdefault(name, []).append(place_of(scores, recommender.popularity, target, known))
    return {name: np.array(found) for name, found in places.items()}, owner


def lead_interval(difference: Floats, owner: Ints) -> tuple[float, float]:
    """95 % of the mean difference, by drawing the customers anew, each with all that was left out of theirs."""
    rng, counts = np.random.default_rng(0), np.bincount(owner)
    sums = np.bincount(owner, difference)
    sums, counts = sums[counts > 0], counts[counts > 0]
    drawn = rng.integers(0, len(sums), (DRAWS, len(sums)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def evaluate_baskets(name: str, path: Path, most: int, settings: Settings) -> dict[str, Any]:
    bought = baskets_of(path, most)
    judged = np.array([tenth_of(basket, "judged") == 0 for basket in range(len(bought))])
    content, alone = content_of(bought.products) if name in NAMED else (None, {})
    header, products = build(bought.take(~judged), None, settings, content)
    places, owner = places_in(Recommender(header, products, content), bought.take(judged), alone)
    found = {method: gain_of(place, settings.at) for method, place in places.items()}
    recall = {method: float((place < settings.at).mean()) for method, place in places.items()}
    if content is None:
        del found["content"]
    chosen = {key: header["factors"][key] for key in ("size", "regularisation", "alpha")}
    print(f"\n{name}: {len(bought)} baskets, {len(products)} products; judged {len(owner)} products left out of")
    print(f"    {len(np.unique(owner))} baskets; factors {chosen}, sharpness {header['ranker']['sharpness']}")
    leads = {}
    for method, gains in found.items():
        weight = header["ranker"]["weights"].get(method)
        low, high = lead_interval(found["hybrid"] - gains, owner)
        leads[method] = [round(value, 4) for value in (float((found["hybrid"] - gains).mean()), low, high)]
        told = "" if weight is None else f"   weight {weight:.2f}"
        lead = "" if method == "hybrid" else f"   hybrid leads by {leads[method][0]:.4f} ({low:.4f} to {high:.4f})"
        print(
            f"    {method:14} recall@{settings.at} {recall[method]:.4f}   NDCG {gains.mean():.4f}{lead}{told}",
            flush=True,
        )
    return {
        "baskets": len(bought),
        "judged": len(owner),
        "recall": {method: round(recall[method], 4) for method in found},
        "ndcg": {method: round(float(gains.mean()), 4) for method, gains in found.items()},
        "lead": leads,
    }


def rater_of(rows: list[dict[str, str]], settings: FactorSettings) -> Recommender:
    """Learnt from ratings alone."""
    rated = ratings_of(enumerate(rows))
    silent = {"popularity": 0.0, "neighbours": [], "rules": [], "factors": None, "themes": [], "rating": None}
    products = [{"id": id, **silent} for id in rated.products]
    header: dict[str, Any] = {"factors": {"size": 0, "gram": []}, "themes": {"size": 0}}
    header["ratings"] = add_ratings(products, rated, settings)
    return Recommender(header, products)


def evaluate_ratings(path: Path, settings: FactorSettings) -> dict[str, Any]:
    """Each customer's latest rating, of a fifth of the customers at a time; all other ratings are known."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [dict(zip(RATING_COLUMNS, line.rstrip("\n").split("\t"), strict=True)) for line in lines][1:]
    latest = {row["customer"]: row for row in sorted(rows, key=lambda row: int(row["rated_at"]))}
    errors: dict[str, list[float]] = {"mean": [], "product's bias": [], "fold-in": []}
    for part in range(0, 10, 2):
        judged = [row for user, row in latest.items() if part <= tenth_of(int(user), "rated") < part + 2]
        pairs = {(row["customer"], row["product_id"]) for row in judged}
        kept = [row | {"rated_at": ""} for row in rows if (row["customer"], row["product_id"]) not in pairs]
        recommender = rater_of(kept, settings)
        own: dict[str, dict[str, float]] = {}
        for row in kept:
            own.setdefault(row["customer"], {})[row["product_id"]] = float(row["rating"])
        for row in judged:
            known = own.get(row["customer"], {})
            folded, cold = (recommender.rating(ratings, row["product_id"]) for ratings in (known, {}))
            if folded is not None and cold is not None:
                said = (recommender.header["ratings"]["mean"], cold, folded)
                for found, value in zip(errors.values(), said, strict=True):
                    found.append(value - float(row["rating"]))
    print(f"\nratings: {len(rows)}, {len(errors['mean'])} judged")
    customers, best = np.arange(len(errors["mean"])), np.abs(errors["fold-in"])
    results = {}
    for name, values in errors.items():
        rmse, mae = math.sqrt(np.mean(np.square(values))), float(np.mean(np.abs(values)))
        squares, absolute = (
            lead_interval(np.square(values) - best**2, customers),
            lead_interval(np.abs(values) - best, customers),
        )
        results[name] = {"rmse": round(rmse, 4), "mae": round(mae, 4)}
        told = (
            "" if name == "fold-in" else "   fold-in's squares are less by {:.4f} to {:.4f}, errors by {:.4f} to {:.4f}"
        )
        print(f"    {name:15} RMSE {rmse:.4f}   MAE {mae:.4f}{told.format(*squares, *absolute)}")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=[*BASKETS, "ratings"])
    parser.add_argument("--most", type=int, default=10**9, help="baskets of each file")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    results: dict[str, Any] = {}
    for name, file in BASKETS.items():
        if given.only in (None, name):
            path = given.data / f"{file}.train.txt.gz"
            results[name] = evaluate_baskets(name, path, given.most, SETTINGS)
    if given.only in (None, "ratings"):
        results["ratings"] = evaluate_ratings(given.data / f"{RATINGS}.train.tsv.gz", SETTINGS.factors)
    if given.out:
        given.out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
