"""Writes tests/golden/interactions.json: what is learnt from simulated purchases, and what Python ranks by it.

    python tests/golden/interactions.py

tests/web/recommend and tests/models hold their code to it.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "models"))

from shop.collaborative import FactorSettings  # noqa: E402
from shop.exchange import lines_of  # noqa: E402
from shop.interactions import purchases_of, ratings_of  # noqa: E402
from shop.recommend import Settings, build  # noqa: E402
from shop.recommender import Recommender  # noqa: E402
from shop.rules import RuleSettings  # noqa: E402
from shop.simulate_purchases import simulate  # noqa: E402

OUT = ROOT / "tests/golden/interactions.json"
CUSTOMERS, CASES = 600, 14
SMALL = Settings(
    factors=FactorSettings(
        choices=((8, 20.0, 5.0),), themes=5, rating_factors=3, most_neighbours=8
    ),
    rules=RuleSettings(most_rules=6),
)


def histories(names: list[str]) -> list[dict[str, float]]:
    rng = np.random.default_rng(5)
    found: list[dict[str, float]] = [{}, {"unheard of": 1.0}]
    while len(found) < CASES:
        chosen = rng.choice(names, rng.integers(1, 7), replace=False)
        found.append(
            {str(name): round(float(rng.uniform(0.05, 3)), 3) for name in chosen}
        )
    return found


def rounded(values: Any) -> list[float | None]:
    return [None if value is None else round(float(value), 10) for value in values]


def case_of(recommender: Recommender, history: dict[str, float]) -> dict[str, Any]:
    said = recommender.scores(history)
    rated = {
        name: min(5.0, max(1.0, 5 * weight / 3)) for name, weight in history.items()
    }
    return {
        "history": history,
        "scores": {name: rounded(scores) for name, scores in said.items()},
        "contributions": {
            name: rounded(parts)
            for name, parts in recommender.contributions(said, history).items()
        },
        "rank": rounded(recommender.rank(said, history)),
        "rated": rated,
        "ratings": rounded(
            [
                recommender.rating(rated, product["id"])
                for product in recommender.products
            ]
        ),
    }


def main() -> None:
    orders, ratings = simulate(CUSTOMERS, seed=11)
    settings = replace(SMALL, half_life_days=120.0)
    header, products = build(
        purchases_of(enumerate(orders, 2)), ratings_of(enumerate(ratings, 2)), settings
    )
    # Each method is to be seen in the ranks, those too that tell nothing here beside the others.
    header["ranker"]["weights"] |= {"rules": 0.8, "themes": 0.6}
    # The day of the build would be a difference each time.
    header["built"] = "2026-01-01"
    recommender = Recommender(header, products)
    cases = [
        case_of(recommender, history)
        for history in histories([p["id"] for p in products])
    ]
    lines, judged = (
        ",\n".join(map(json.dumps, part))
        for part in (lines_of(header, products), cases)
    )
    OUT.write_text(
        f'{{"lines": [\n{lines}\n],\n"cases": [\n{judged}\n]}}\n', encoding="utf-8"
    )
    print(
        f"{OUT.name}: {len(products)} products, {OUT.stat().st_size} bytes, {header['validation']}, {header['ranker']['weights']}"
    )


if __name__ == "__main__":
    main()
