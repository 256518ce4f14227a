"""Rates of products and categories, drawn towards what is known without them: few rows say little (empirical Bayes).

The problems of a value with n rows are beta-binomial: its rate comes from Beta(m·prior, m·(1 - prior)), where m, the
strength of the prior in rows, is the one that makes the counts of all values most likely. The posterior mean is
(problems + m·prior) / (n + m). The prior of a category is the base rate; of a product, its category's rate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import betaln

from shop.orders import Floats

LEAST_ROWS = 5  # values seen more seldom have no rate of their own: it would say little, and give away single orders
STRENGTHS = (1.0, 1e5)  # where m is looked for


@dataclass(frozen=True)
class Rates:
    strength: float
    values: dict[str, float]

    def of(self, keys: Sequence[str], prior: Floats) -> Floats:
        """The rate of each key, or the prior where it has none."""
        return np.array([self.values.get(key, p) for key, p in zip(keys, prior, strict=True)])


def strength_of(problems: Floats, rows: Floats, prior: Floats) -> float:
    def loss(log_strength: float) -> float:
        a, b = np.exp(log_strength) * prior, np.exp(log_strength) * (1 - prior)
        return float(-(betaln(problems + a, rows - problems + b) - betaln(a, b)).sum())

    return float(np.exp(minimize_scalar(loss, bounds=np.log(STRENGTHS), method="bounded").x))


def fit_rates(keys: Sequence[str], label: npt.NDArray[np.int64], prior: Floats) -> Rates:
    """`prior`: of each row, what its rate would be if its key were not known."""
    names, code = np.unique(np.array(keys, dtype=object).astype(str), return_inverse=True)
    rows = np.bincount(code).astype(float)
    problems = np.bincount(code, weights=label).astype(float)
    expected = np.bincount(code, weights=prior) / rows
    strength = strength_of(problems, rows, expected)
    rates = np.round((problems + strength * expected) / (rows + strength), 6)
    kept = (rows >= LEAST_ROWS) & (rates > 0) & (rates < 1)
    return Rates(strength, {str(n): float(r) for n, r in zip(names[kept], rates[kept], strict=True)})


def parent_of(key: str, keys: Mapping[str, object] | Sequence[str]) -> str | None:
    """The key whose rate is the prior of this one's; None: the base rate is."""
    return "category" if key == "product_id" and "category" in keys else None
