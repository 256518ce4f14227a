"""Scores of products for a history by a file of interactions. The specification: web/recommend gives the same.

    recommender = Recommender(*exchange.read(Path("interactions.jsonl")))
    history = {"p1": 1.0, "p7": 0.5}
    said = recommender.scores(history)   # by method, one number a product of the file
    order = np.argsort(-recommender.rank(said, history), kind="stable")

A history is products with weights above 0: 1 for a purchase, less for a view or for what is long ago.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from shop.exchange import METHODS, Header, Product, single
from shop.interactions import Floats
from shop.ranker import feature

History = Mapping[str, float]


def fold_in(known: Floats, weights: Floats, gram: Floats, regularisation: float, alpha: float) -> Floats:
    """A shopper's factors: (G + λI + Σ (αw − 1) y yᵀ) x = Σ αw y, the step for one user as `implicit` takes it."""
    confidence = alpha * weights
    left = gram + regularisation * np.eye(len(gram)) + (known * (confidence - 1)[:, None]).T @ known
    return np.asarray(np.linalg.solve(left, known.T @ confidence), np.float64)


def fold_in_ratings(
    known: Floats, residuals: Floats, regularisation: float, bias_regularisation: float
) -> tuple[float, Floats]:
    """A shopper's bias and factors: one ridge regression of ratings less mean and products' biases."""
    columns = np.column_stack([np.ones(len(known)), known])
    penalty = np.diag([bias_regularisation, *[regularisation] * known.shape[1]])
    solved = np.linalg.solve(columns.T @ columns + penalty, columns.T @ residuals)
    return float(solved[0]), solved[1:]


class Recommender:
    def __init__(self, header: Header, products: list[Product], content: csr_matrix | None = None) -> None:
        """`content`: products × products, how like each other their texts are; the device works it out itself."""
        self.header, self.products = header, products
        self.at = {product["id"]: i for i, product in enumerate(products)}
        count = len(products)
        self.popularity = single([product["popularity"] for product in products])
        pairs = [(i, self.at[id], w) for i, product in enumerate(products) for id, w in product["neighbours"]]
        row, column, weight = zip(*pairs, strict=True) if pairs else ((), (), ())
        self.neighbours = csr_matrix((single(weight), (row, column)), shape=(count, count))
        self.factors = np.zeros((count, header["factors"]["size"]))
        self.themes = np.zeros((count, header["themes"]["size"]))
        for i, product in enumerate(products):
            if product["factors"] is not None:
                self.factors[i] = single(product["factors"])
            for theme, strength in product["themes"]:
                self.themes[i, theme] = single(strength)
        size = header["factors"]["size"]
        self.rules = [[self._rule(rule) for rule in product["rules"]] for product in products]
        self.content = csr_matrix((count, count)) if content is None else content
        self.gram = np.array(header["factors"]["gram"]).reshape(size, size)

    def _rule(self, rule: dict[str, Any]) -> tuple[list[int], int, float]:
        return [self.at[id] for id in rule["if"]], self.at[rule["also"]], float(single(rule["confidence"]))

    def scores(self, history: History) -> dict[str, Floats]:
        """Products that the file does not know tell nothing."""
        known = {self.at[id]: weight for id, weight in history.items() if id in self.at}
        rows, weights = np.array(list(known), int), np.array(list(known.values()), float)
        own = np.zeros(len(self.products))
        own[rows] = weights
        return {
            "popularity": self.popularity,
            "neighbours": self.neighbours.T @ own,
            "rules": self._rules(known),
            "factors": self._factors(rows, weights),
            "themes": self._themes(rows, weights),
            "content": self.content.T @ own,
        }

    def _rules(self, known: Mapping[int, float]) -> Floats:
        """The highest confidence of a rule whose left side is in the history."""
        found = np.zeros(len(self.products))
        for i in known:
            for if_, also, confidence in self.rules[i]:
                if all(product in known for product in if_):
                    found[also] = max(found[also], confidence)
        return found

    def _factors(self, rows: np.ndarray, weights: Floats) -> Floats:
        fitted = self.header["factors"]
        told = [self.products[row]["factors"] is not None for row in rows]
        if not any(told):
            return np.zeros(len(self.products))
        mine = fold_in(self.factors[rows][told], weights[told], self.gram, fitted["regularisation"], fitted["alpha"])
        return self.factors @ mine

    def _themes(self, rows: np.ndarray, weights: Floats) -> Floats:
        """Of a product of the history the shares of its themes count, of what is found their size too."""
        own = self.themes[rows]
        sums = own.sum(axis=1)
        mine = (weights / np.where(sums > 0, sums, 1)) @ own
        total = mine.sum()
        return self.themes @ mine / total if total > 0 else np.zeros(len(self.products))

    def contributions(self, said: Mapping[str, Floats], history: History) -> dict[str, Floats]:
        """What each method adds to the rank."""
        ranker, known = self.header["ranker"], np.array([self.at[id] for id in history if id in self.at], int)
        return {name: ranker["weights"][name] * feature(said[name], known, ranker["sharpness"]) for name in METHODS}

    def rank(self, said: Mapping[str, Floats], history: History) -> Floats:
        return np.sum(list(self.contributions(said, history).values()), axis=0)

    def rating(self, rated: Mapping[str, float], product: str) -> float | None:
        """The rating that this shopper would give; None where the file knows no ratings of the product."""
        fitted = self.header["ratings"]
        target = self.products[self.at[product]]["rating"] if product in self.at else None
        if fitted is None or target is None:
            return None
        known = [
            (p, value) for id, value in rated.items() if id in self.at and (p := self.products[self.at[id]]["rating"])
        ]
        said = fitted["mean"] + float(single(target["bias"]))
        if known:
            factors = single([p["factors"] for p, _ in known])
            residuals = np.array([value - fitted["mean"] for _, value in known]) - single([p["bias"] for p, _ in known])
            bias, mine = fold_in_ratings(factors, residuals, fitted["regularisation"], fitted["bias_regularisation"])
            said += bias + float(mine @ single(target["factors"]))
        return min(max(said, 1.0), 5.0)
