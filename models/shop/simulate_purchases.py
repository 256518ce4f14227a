"""Purchases and ratings whose patterns are known, for tests: `python -m shop.simulate_purchases --customers 800`.

Products are of groups, and a customer prefers one or two; in each group the second product is often bought with the
first. One group sells less as time goes on. Ratings are a customer's mood, a product's quality and a taste for groups.
"""

import argparse
import csv
import sys
from typing import Any

import numpy as np

GROUPS, OF_GROUP, DAYS = 6, 10, 360
EPOCH_DAY = np.datetime64("2025-01-01")


def simulate(customers: int, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of orders, one a product, and of ratings."""
    rng = np.random.default_rng(seed)
    appeal = 1 / np.arange(1, OF_GROUP + 1)
    quality = rng.normal(0, 0.5, GROUPS * OF_GROUP)
    orders: list[dict[str, Any]] = []
    ratings: list[dict[str, Any]] = []
    for customer in range(customers):
        taste = rng.dirichlet(np.full(GROUPS, 0.15))
        mood = rng.normal(0, 0.4)
        seen: set[int] = set()
        for visit in range(1 + int(rng.poisson(1.0))):
            day = int(rng.integers(DAYS))
            fading = np.where(np.arange(GROUPS) == 0, 1 - day / DAYS, 1.0)
            liked = taste * fading + 1e-3
            basket: set[int] = set()
            for _ in range(1 + int(rng.poisson(1.5))):
                group = int(rng.choice(GROUPS, p=liked / liked.sum()))
                place = int(rng.choice(OF_GROUP, p=appeal / appeal.sum()))
                basket.add(group * OF_GROUP + place)
                if place == 0 and rng.random() < 0.5:
                    basket.add(group * OF_GROUP + 1)
            seen |= basket
            when = str(EPOCH_DAY + day)
            visited = {"order_id": f"o{customer}-{visit}", "customer": f"c{customer}", "ordered_at": when}
            orders += [visited | {"product_id": f"p{p:02}", "quantity": 1} for p in sorted(basket)]
        for p in sorted(seen):
            said = 3.6 + mood + quality[p] + 1.5 * (taste[p // OF_GROUP] - 0.4) + rng.normal(0, 0.4)
            stars = int(np.clip(round(said), 1, 5))
            ratings.append({"customer": f"c{customer}", "product_id": f"p{p:02}", "rating": stars})
    return orders, ratings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--customers", type=int, default=800)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ratings", action="store_true", help="print ratings, not orders")
    given = parser.parse_args()
    rows = simulate(given.customers, given.seed)[given.ratings]
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


if __name__ == "__main__":
    main()
