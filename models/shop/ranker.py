"""How much each method counts: a conditional logit over their scores, fitted to what shoppers bought next.

A product's rank is Σ weight · ln(1 + 10 · score / best), best being the method's highest score of a product that is not
in the history; so what each method adds is exact, and a long history counts as a short one. The weights are those by
which the product that a shopper did buy is likeliest among all (McFadden 1974; ListNet's loss for one product); none is
below 0, for a product is not to be worse because a method finds it better.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from shop.exchange import METHODS
from shop.interactions import Floats

SHARPNESS = 10.0
# Of more products the best of each method are candidates, and as many others drawn evenly, which stand for the rest.
MOST_CANDIDATES = 1000
BEST = 100  # of each method
PENALTY = 1e-3


@dataclass
class Event:
    """Features of some products, a column a method; the one bought is at `target`.

    `stands_for`: of how many products each is one.
    """

    columns: Floats
    target: int
    stands_for: Floats


def feature(scores: Floats, known: np.ndarray, sharpness: float) -> Floats:
    """ln(1 + sharpness · score / best), 0 where a method finds nothing."""
    others = np.maximum(scores, 0)
    others[known] = 0
    best = others.max(initial=0.0)
    return np.log1p(sharpness * np.maximum(scores, 0) / best) if best > 0 else np.zeros_like(scores)


def event_of(said: Mapping[str, Floats], target: int, known: np.ndarray, rng: np.random.Generator) -> Event:
    """The product that was bought, and others that are not in the history."""
    columns = np.column_stack([feature(said[name], known, SHARPNESS) for name in METHODS])
    others = np.setdiff1d(np.arange(len(columns)), [*known, target])
    if len(others) <= MOST_CANDIDATES:
        rows = np.concatenate([[target], others])
        return Event(columns[rows], 0, np.ones(len(rows)))
    best = np.unique(np.argpartition(-columns[others], BEST, axis=0)[:BEST])
    rest = np.delete(others, best)
    drawn = rng.choice(rest, MOST_CANDIDATES - len(best), replace=False)
    rows = np.concatenate([[target], others[best], drawn])
    return Event(columns[rows], 0, np.repeat([1.0, len(rest) / len(drawn)], [1 + len(best), len(drawn)]))


def fit_ranker(events: list[Event]) -> dict[str, Any]:
    lengths = np.array([len(event.columns) for event in events])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    targets = starts + [event.target for event in events]
    columns = np.concatenate([event.columns for event in events])
    stands_for = np.concatenate([event.stands_for for event in events])

    def loss(weights: Floats) -> tuple[float, Floats]:
        value = columns @ weights
        top = np.maximum.reduceat(value, starts)
        odds = stands_for * np.exp(value - np.repeat(top, lengths))
        sums = np.add.reduceat(odds, starts)
        share = odds / np.repeat(sums, lengths)
        likely = value[targets] - top - np.log(sums)
        gradient = (columns.T @ share - columns[targets].sum(axis=0)) / len(events)
        return -likely.mean() + PENALTY * (weights @ weights), gradient + 2 * PENALTY * weights

    start = np.full(len(METHODS), 0.5)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(METHODS))
    weights = {name: float(f"{weight:.6g}") for name, weight in zip(METHODS, found.x, strict=True)}
    return {"sharpness": SHARPNESS, "weights": weights}
