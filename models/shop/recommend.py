"""Learn what goes with what from a shop's own orders and ratings; web/recommend ranks by it on the device.

    PYTHONPATH=models python -m shop.recommend orders.csv [--ratings FILE] [--products FILE]
        [--content FILE] [--report FILE] -o interactions.jsonl

Each method is fitted to seven tenths of the customers; on two tenths the ranker learns how much each counts, and on the
last all are judged. Then every method is fitted to all customers. README.md has columns and file.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from shop.backend import Backend, InMemory
from shop.collaborative import FactorSettings, fit_ratings
from shop.errors import HistoryError
from shop.exchange import KIND, METHODS, VERSION, Header, Product, short, single, write, write_lines
from shop.interactions import (
    Dropped,
    Ints,
    Purchases,
    Ratings,
    read_content,
)
from shop.ranker import UNRANKED, Event, event_of, fit_ranker
from shop.recommender import Recommender, fold_in
from shop.rules import RuleSettings


@dataclass(frozen=True)
class Settings:
    half_life_days: float = 90.0
    least_customers: int = 100  # who bought two products or more
    most_events: int = 4000  # to fit the ranker by, and to judge by
    of_each: int = 3  # events of one customer that the ranker is fitted by
    at: int = 10  # products shown, where it is judged
    theme_least: float = 1e-4  # of the strongest; less is not written
    rules: RuleSettings = field(default_factory=RuleSettings)
    factors: FactorSettings = field(default_factory=FactorSettings)


SETTINGS, IN_MEMORY = Settings(), InMemory()


def tenth_of(number: int, salt: str = "customer") -> int:
    """0 to 9, the same on every machine."""
    return int.from_bytes(hashlib.sha1(f"{salt} {number}".encode()).digest()[:4], "big") % 10


def learn(
    bought: Purchases, rated: Ratings | None, settings: Settings, backend: Backend = IN_MEMORY
) -> tuple[Header, list[Product]]:
    """All but the ranker, which needs purchases that the methods did not see."""
    factors_of = settings.factors
    factors = np.vectorize(short, otypes=[float])(backend.factors(bought, factors_of))
    told = backend.known_enough(bought, factors_of)
    read = single(factors[told])
    gram = read.T @ read
    header: Header = {
        "kind": KIND,
        "version": VERSION,
        "built": datetime.now(UTC).date().isoformat(),
        "products": len(bought.products),
        "baskets": len(bought),
        "customers": bought.customer_count,
        "popularity": {"half_life_days": settings.half_life_days if bought.dated else None},
        "factors": {
            "size": factors.shape[1],
            "regularisation": factors_of.regularisation,
            "alpha": factors_of.alpha,
            "gram": gram.ravel().tolist(),
        },
        "ranker": UNRANKED,
    }
    found = backend.themes(bought, factors_of)
    header["themes"] = {"size": found.shape[1]}
    near, popular = backend.neighbours(bought, factors_of), backend.popularity(bought, settings.half_life_days)
    again = backend.repeat_days(bought)
    products: list[Product] = [
        {
            "id": id,
            "popularity": short(popular[i]),
            "neighbours": sorted_neighbours(near[i], bought.products),
            "rules": [],
            "factors": factors[i].tolist() if told[i] else None,
            "themes": [[k, short(v)] for k, v in enumerate(found[i]) if told[i] and v >= settings.theme_least],
            "rating": None,
            "repeat_days": again[i],
        }
        for i, id in enumerate(bought.products)
    ]
    for rule in backend.rules(bought, settings.rules):
        names = {"if": [bought.products[i] for i in rule.if_], "also": bought.products[rule.also]}
        measures = {name: short(getattr(rule, name)) for name in ("support", "confidence", "lift")}
        products[rule.if_[0]]["rules"].append(names | measures)
    header["ratings"] = None if rated is None else add_ratings(products, rated, factors_of)
    return header, products


def sorted_neighbours(row: Any, names: list[str]) -> list[list[Any]]:
    order = np.lexsort((row.indices, -row.data))
    return [[names[row.indices[i]], short(row.data[i])] for i in order]


def add_ratings(products: list[Product], rated: Ratings, settings: FactorSettings) -> dict[str, Any]:
    """Products with fewer raters than `least_customers` have none."""
    model = fit_ratings(rated, settings)
    at, raters = {name: i for i, name in enumerate(rated.products)}, np.bincount(rated.items)
    for product in products:
        i = at.get(product["id"])
        if i is not None and raters[i] >= settings.least_customers:
            factors = [short(value) for value in model.item_factors[i]]
            product["rating"] = {"bias": short(model.item_bias[i]), "factors": factors}
    return {
        "count": len(rated),
        "mean": short(model.mean),
        "size": model.item_factors.shape[1],
        "regularisation": settings.rating_regularisation,
        "bias_regularisation": settings.bias_regularisation,
    }


def left_out(held: Purchases, most: int, of_each: int = 1) -> list[tuple[Ints, int]]:
    """For customers who bought two products or more: all but one of them, and that one, which a hash tells.

    Where orders have dates the others may be of later ones. `of_each`: so many of one customer, one after another.
    """
    owned = held.customers
    found: list[tuple[Ints, int]] = []
    for row in range(owned.shape[0]):
        bought = owned.indices[owned.indptr[row] : owned.indptr[row + 1]].astype(np.int64)
        first = int.from_bytes(hashlib.sha1(f"target {row}".encode()).digest()[:4], "big")
        for n in range(min(of_each, len(bought)) if len(bought) > 1 else 0):
            place = (first + n) % len(bought)
            found.append((np.delete(bought, place), int(bought[place])))
    return found[:most]


def history_of(names: list[str], known: Ints) -> dict[str, float]:
    return {names[i]: 1.0 for i in known}


def place_of(scores: Any, popular: Any, target: int, known: Any) -> int:
    """From 0; products that a method does not tell apart stand in the order of popularity."""
    masked = scores.copy()
    masked[known] = -np.inf
    better = masked > masked[target]
    equal = (masked == masked[target]) & (popular > popular[target])
    return int(better.sum() + equal.sum())


def gain_of(places: Any, at: int) -> Any:
    """NDCG of one product that is wanted."""
    return (places < at) / np.log2(places + 2)


def events_of(recommender: Recommender, held: Purchases, settings: Settings) -> Iterator[Event]:
    for known, target in left_out(held, settings.most_events, settings.of_each):
        event = event_of(recommender.scores(history_of(held.products, known)), target, known)
        if event is not None:
            yield event


def places_of(recommender: Recommender, held: Purchases, most: int) -> dict[str, Ints]:
    """By method and by all together, where each product that was left out stands."""
    methods = [name for name in METHODS if name != "content" or recommender.content.nnz > 0]
    places: dict[str, list[int]] = {name: [] for name in (*methods, "hybrid")}
    for known, target in left_out(held, most):
        history = history_of(held.products, known)
        said = recommender.scores(history)
        said["hybrid"] = recommender.rank(said, history)
        for name, found in places.items():
            found.append(place_of(said[name], recommender.popularity, target, known))
    return {name: np.array(found, np.int64) for name, found in places.items()}


def judge(recommender: Recommender, held: Purchases, settings: Settings) -> dict[str, Any]:
    table = places_of(recommender, held, settings.most_events)
    count = max(len(table["hybrid"]), 1)
    return {
        "events": len(table["hybrid"]),
        "at": settings.at,
        "recall": {name: round(float((found < settings.at).sum()) / count, 4) for name, found in table.items()},
        "ndcg": {name: round(float(gain_of(found, settings.at).sum()) / count, 4) for name, found in table.items()},
    }


def choose_factors(
    bought: Purchases, held: Purchases, settings: Settings, backend: Backend = IN_MEMORY
) -> FactorSettings:
    """Few products need few factors and much regularisation: with their own dimension each finds only itself."""
    popular, events = backend.popularity(bought, settings.half_life_days), left_out(held, settings.most_events)

    def gain(choice: FactorSettings) -> float:
        found = backend.factors(bought, choice)
        gram = found.T @ found
        places = []
        for known, target in events:
            mine = fold_in(found[known], np.ones(len(known)), gram, choice.regularisation, choice.alpha)
            places.append(place_of(found @ mine, popular, target, known))
        return float(gain_of(np.array(places), settings.at).sum())

    choices = [
        replace(settings.factors, factors=size, regularisation=regularisation, alpha=alpha)
        for size, regularisation, alpha in settings.factors.choices
    ]
    return max(choices, key=gain)


@threadpool_limits.wrap(limits=1)  # as `implicit` asks: its own loops are what counts
def build(
    bought: Purchases,
    rated: Ratings | None,
    settings: Settings = SETTINGS,
    content: csr_matrix | None = None,
    backend: Backend = IN_MEMORY,
) -> tuple[Header, list[Product]]:
    if bought.several < settings.least_customers:
        raise HistoryError(
            "too_few_rows",
            f"{bought.several} customers bought two products or more; {settings.least_customers} are the least.",
        )
    kept = bought.where(lambda customer: tenth_of(customer) > 2)
    fitting = bought.where(lambda customer: 0 < tenth_of(customer) <= 2).first(settings.most_events)
    judged = bought.where(lambda customer: tenth_of(customer) == 0).first(settings.most_events)
    settings = replace(settings, factors=choose_factors(kept, fitting, settings, backend))
    trial = Recommender(*learn(kept, None, settings, backend), content)
    trial.header["ranker"] = fit_ranker(list(events_of(trial, fitting, settings)))
    validation = judge(trial, judged, settings)
    header, products = learn(bought, rated, settings, backend)
    return header | {"ranker": trial.header["ranker"], "validation": validation}, products


def report(header: Header, products: list[Product], dropped: Dropped) -> Iterator[str]:
    rules = sum(len(product["rules"]) for product in products)
    yield f"{header['baskets']} baskets of {header['customers']} customers, {len(products)} products, {rules} rules."
    for reason, count in sorted(dropped.counts.items()):
        yield f"left out: {count} × {reason.replace('_', ' ')}"
    found = header["validation"]
    told = ", ".join(f"{name} {found['recall'][name]:.3f}" for name in found["recall"])
    yield f"The product left out is among the first {found['at']} ({found['events']} customers): {told}."


def problems_of(dropped: Mapping[Any, Dropped]) -> Iterator[str]:
    """By file. A basket that is too large has no line."""
    for path, of_file in dropped.items():
        for line, reason, what in of_file.problems:
            told = {"file": str(path), "line": line, "reason": reason, "problem": Dropped.told(reason, what)}
            yield json.dumps(told, ensure_ascii=False)


def main(arguments: list[str] | None = None, backend: Backend = IN_MEMORY) -> int:
    parser = argparse.ArgumentParser(prog="aftersense catalog interactions", description=__doc__.split("\n")[0])
    parser.add_argument("orders", type=backend.path)
    parser.add_argument("--ratings", type=backend.path)
    parser.add_argument("--products", type=backend.path)
    parser.add_argument(
        "--content", type=Path, help="what `aftersense catalog neighbours` wrote of the products' texts"
    )
    parser.add_argument("--report", type=Path, help="a file for every row that was left out, as JSON lines")
    parser.add_argument("-o", "--output", type=Path, default=Path("interactions.jsonl"))
    given = parser.parse_args(arguments)
    try:
        known = backend.read_product_ids(given.products) if given.products else None
        bought = backend.read_purchases(given.orders, known)
        dropped = bought.dropped
        rated = backend.read_ratings(given.ratings, known) if given.ratings else None
        if given.report:
            told = {given.orders: dropped} | ({given.ratings: rated.dropped} if rated is not None else {})
            write_lines(problems_of(told), given.report)
        if rated is not None:
            dropped = Dropped(dropped.counts + rated.dropped.counts, dropped.named + rated.dropped.named)
        for problem in dropped.named:
            print(problem, file=sys.stderr)
        content = read_content(given.content, bought.products) if given.content else None
        header, products = build(bought, rated, content=content, backend=backend)
        write(header, products, given.output)
        print(f"{given.output}:", *report(header, products, dropped), sep="\n  ", file=sys.stderr)
    except HistoryError as error:
        print(f"{error} [{error.code}]", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or given.output} cannot be written: {error} [unwritable]", file=sys.stderr)
        return 1
    return 1 if dropped.counts.keys() - {"repeated_in_basket", "rated_again"} else 0


if __name__ == "__main__":
    sys.exit(main())
