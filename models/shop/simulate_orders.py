"""Orders of a made-up shop whose true risks are known, to check the training by. Nothing ships that was fitted to them.

PYTHONPATH=models python -m shop.simulate_orders --rows 4000 --seed 1 > orders.csv
"""

import argparse
import csv
import sys
from datetime import date, timedelta
from typing import Any

import numpy as np

from shop.orders import Floats

CATEGORIES = {"dresses": 0.5, "shoes": 0.7, "mugs": -0.6, "books": -1.2, "灯具": 0.1}
START = date(2025, 1, 1)


def simulate(rows: int, seed: int) -> tuple[list[dict[str, Any]], Floats]:
    """Orders in the order of their dates, and the probability with which each went wrong."""
    rng = np.random.default_rng(seed)
    names = list(CATEGORIES)
    products = [
        (f"p{i:03d}", names[rng.integers(len(names))], rng.normal(0, 0.8), rng.lognormal(3, 0.8)) for i in range(60)
    ]
    popularity = rng.pareto(1.2, len(products)) + 0.2
    orders, risks = [], []
    for i in range(rows):
        product, category, own, price = products[rng.choice(len(products), p=popularity / popularity.sum())]
        ordered = START + timedelta(days=i * 365 // rows)
        promised = ordered + timedelta(days=5)
        late = int(max(-3, rng.normal(-1, 2)) + (rng.exponential(5) if rng.random() < 0.15 else 0))
        visits, switches = int(rng.poisson(0.6)), int(rng.poisson(0.4)) if category in ("dresses", "shoes") else None
        past = int(rng.poisson(2))
        returns = int(rng.binomial(past, 0.15))
        log_odds = (
            -2.2
            + CATEGORIES[category]
            + own
            + 0.25 * max(late, 0)
            + 0.5 * visits
            + 0.6 * (switches or 0)
            + 0.4 * returns
        )
        risks.append(1 / (1 + np.exp(-log_odds)))
        tracked = rng.random() > 0.05
        orders.append(
            {
                "order_id": f"o{i:06d}",
                "customer": f"c{rng.integers(rows // 2)}",
                "product_id": product,
                "category": category,
                "price": round(price, 2),
                "ordered_at": ordered.isoformat(),
                "promised_at": promised.isoformat(),
                "delivered_at": (promised + timedelta(days=late)).isoformat() if tracked else "",
                "faq_visits": visits,
                "size_switches": "" if switches is None else switches,
                "past_orders": past,
                "past_returns": returns,
                "channel": ["app", "web", "store"][rng.integers(3)],
                "problem": int(rng.random() < risks[-1]),
            }
        )
    return orders, np.array(risks)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    orders, _ = simulate(given.rows, given.seed)
    writer = csv.DictWriter(sys.stdout, list(orders[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(orders)


if __name__ == "__main__":
    main()
