"""How much each method counts: a conditional logit over their scores, fitted to what shoppers bought next.

A product's rank is Σ weight · ln(1 + sharpness · score / best), best being the method's highest score of a product that
is not in the history; so what each method adds is exact, and a long history counts as a short one. Candidates are the
products that some method would show. The weights are those by which the product that a shopper did buy is likeliest
among them (McFadden 1974; ListNet's loss for one product); none is below 0, for a product is not to be worse because a
method finds it better. Over all products instead, the likelihood would be mostly about the many that nobody is shown,
and a method that orders those well would count too much.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from shop.exchange import METHODS, short
from shop.interactions import Floats

SHARPNESS = (1.0, 3.0, 10.0)  # of which the likeliest is taken: from nearly linear to nearly the logarithm
SHOWN = 10  # of each method
PRIOR = 1.0  # weights are drawn towards 1, which is all methods alike; counts against the number of events
UNRANKED = {"sharpness": SHARPNESS[0], "weights": dict.fromkeys(METHODS, 1.0)}


@dataclass
class Event:
    """Scores of the candidates in shares of each method's best, a column a method; the one bought is at `target`."""

    columns: Floats
    target: int


def shares(scores: Floats, known: np.ndarray) -> Floats:
    """Score / best, best of those that are not known; 0 where a method finds nothing."""
    found = np.maximum(scores, 0)
    others = found.copy()
    others[known] = 0
    best = others.max(initial=0.0)
    return found / best if best > 0 else np.zeros_like(found)


def feature(scores: Floats, known: np.ndarray, sharpness: float) -> Floats:
    return np.log1p(sharpness * shares(scores, known))


def event_of(said: Mapping[str, Floats], target: int, known: np.ndarray) -> Event | None:
    """None where no method would show what was bought: how they are weighed does not matter there."""
    columns = np.column_stack([shares(said[name], known) for name in METHODS])
    columns[known] = 0
    first = np.argsort(-columns, axis=0, kind="stable")[:SHOWN]
    rows = np.unique(first[np.take_along_axis(columns, first, axis=0) > 0])
    place = np.flatnonzero(rows == target)
    return Event(columns[rows], int(place[0])) if len(place) else None


def fit_weights(columns: Floats, targets: np.ndarray, lengths: np.ndarray) -> tuple[float, Floats]:
    """The loss and the weights of least loss; `columns` of all events one after another, each of so many rows."""
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    bought, events = columns[starts + targets], len(lengths)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value = columns @ weights
        top = np.maximum.reduceat(value, starts)
        odds = np.exp(value - np.repeat(top, lengths))
        sums = np.add.reduceat(odds, starts)
        share = odds / np.repeat(sums, lengths)
        likely = (bought @ weights - top - np.log(sums)).sum() - PRIOR * ((weights - 1) ** 2).sum()
        gradient = columns.T @ share - bought.sum(axis=0) + 2 * PRIOR * (weights - 1)
        return -likely / events, gradient / events

    found = minimize(loss, np.ones(len(METHODS)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(METHODS))
    return float(found.fun), np.where(columns.any(axis=0), found.x, 0)  # a method that said nothing counts nothing


def fit_ranker(events: list[Event]) -> dict[str, Any]:
    if not events:
        return UNRANKED
    columns = np.concatenate([event.columns for event in events])
    targets = np.array([event.target for event in events])
    lengths = np.array([len(event.columns) for event in events])
    fitted = [(*fit_weights(np.log1p(sharpness * columns), targets, lengths), sharpness) for sharpness in SHARPNESS]
    _, weights, sharpness = min(fitted, key=lambda each: each[0])
    return {"sharpness": sharpness, "weights": dict(zip(METHODS, map(short, weights), strict=True))}
