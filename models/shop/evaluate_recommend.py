"""Recommendation on real baskets and ratings: which product was left out of a basket, and which rating was given?

    PYTHONPATH=models python -m shop.evaluate_recommend --data ../shared/data [--only bakery] [--out FILE]

Of the baskets of two products or more a tenth, by a hash of the basket's number, is judged; the rest is what the
methods learn from, `recommend.build` with its own split for the ranker. One product of each judged basket, by a hash
too, is to be found from the others. Prints recall@10 and NDCG@10 with the 95 % interval of the hybrid's lead.
Ratings: the latest of each fifth customer, by hash; RMSE and MAE beside the mean and beside biases alone.
"""

import argparse
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from shop.collaborative import FactorSettings
from shop.exchange import METHODS
from shop.interactions import Purchases, purchases_of, ratings_of
from shop.recommend import SETTINGS, Settings, add_ratings, build, gain_of, places_of, tenth_of
from shop.recommender import Recommender

BASKETS = {
    "groceries": "baskets_en_groceries",
    "market7500": "baskets_en_market7500",
    "bakery": "baskets_en_bakery",
    "belgian_retail": "baskets_ids_belgian_retail",
}
RATINGS = "ratings_en_amazon_giftcards"
DRAWS = 2000
MOST_JUDGED = 4000


def baskets_of(path: Path, most: int) -> Purchases:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [(n, {"order_id": n, "items": line.rstrip("\n").split("\t")}) for n, line in enumerate(lines, 1)]
    return purchases_of(rows[:most])


def lead_interval(mine: Any, other: Any) -> tuple[float, float]:
    """95 % of the mean difference, by drawing the judged baskets anew."""
    rng, difference = np.random.default_rng(0), mine.astype(float) - other
    drawn = [difference[rng.integers(0, len(difference), len(difference))].mean() for _ in range(DRAWS)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def evaluate_baskets(name: str, path: Path, most: int, settings: Settings) -> dict[str, Any]:
    bought = baskets_of(path, most)
    judged = np.array([tenth_of(basket, "judged") == 0 for basket in range(len(bought))])
    header, products = build(bought.take(~judged), None, settings)
    places = places_of(Recommender(header, products), bought.take(judged), MOST_JUDGED)
    gains = {method: (found < settings.at, gain_of(found, settings.at)) for method, found in places.items()}
    best = max(METHODS, key=lambda method: gains[method][1].mean())
    low, high = lead_interval(gains["hybrid"][1], gains[best][1])
    chosen = {key: header["factors"][key] for key in ("size", "regularisation", "alpha")}
    print(
        f"\n{name}: {len(bought)} baskets, {len(products)} products, {len(gains['hybrid'][0])} judged; factors {chosen}"
    )
    for method, (recall, ndcg) in gains.items():
        weight = header["ranker"]["weights"].get(method)
        told = "" if weight is None else f"   weight {weight:.2f}"
        print(f"    {method:11} recall@{settings.at} {recall.mean():.4f}   NDCG@{settings.at} {ndcg.mean():.4f}{told}")
    print(
        f"    hybrid leads {best} by {(gains['hybrid'][1] - gains[best][1]).mean():.4f} NDCG ({low:.4f} to {high:.4f})",
        flush=True,
    )
    return {
        "baskets": len(bought),
        "judged": len(gains["hybrid"][0]),
        "recall": {method: round(float(found.mean()), 4) for method, (found, _) in gains.items()},
        "ndcg": {method: round(float(found.mean()), 4) for method, (_, found) in gains.items()},
        "lead": {"over": best, "interval": [round(low, 4), round(high, 4)]},
    }


def evaluate_ratings(path: Path, settings: FactorSettings) -> dict[str, Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    latest: dict[str, list[str]] = {}
    for row in rows:
        if row[0] not in latest or int(row[3]) >= int(latest[row[0]][3]):
            latest[row[0]] = row
    judged = [row for user, row in latest.items() if tenth_of(int(user), "rated") < 2]
    taken = {(row[0], row[1]) for row in judged}
    kept = [
        (n, {"customer": user, "product_id": item, "rating": value})
        for n, (user, item, value, _) in enumerate(rows)
        if (user, item) not in taken
    ]
    rated = ratings_of(kept)
    silent = {"popularity": 0.0, "neighbours": [], "rules": [], "factors": None, "themes": [], "rating": None}
    products = [{"id": id, **silent} for id in rated.products]
    header: dict[str, Any] = {"factors": {"size": 0, "gram": []}, "themes": {"size": 0}}
    header["ratings"] = add_ratings(products, rated, settings)
    recommender = Recommender(header, products)
    own: dict[str, dict[str, float]] = {}
    for _, of_row in kept:
        own.setdefault(of_row["customer"], {})[of_row["product_id"]] = float(of_row["rating"])
    errors: dict[str, list[float]] = {"mean": [], "product's bias": [], "fold-in": []}
    for user, item, value, _ in judged:
        folded, cold = (recommender.rating(known, item) for known in (own.get(user, {}), {}))
        if folded is not None and cold is not None:
            for name, said in (("mean", header["ratings"]["mean"]), ("product's bias", cold), ("fold-in", folded)):
                errors[name].append(said - float(value))
    print(f"\nratings: {len(rated)} learnt from, {len(errors['mean'])} judged")
    found = {}
    for name, values in errors.items():
        rmse, mae = math.sqrt(np.mean(np.square(values))), float(np.mean(np.abs(values)))
        found[name] = {"rmse": round(rmse, 4), "mae": round(mae, 4)}
        print(f"    {name:15} RMSE {rmse:.4f}   MAE {mae:.4f}")
    return found


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
