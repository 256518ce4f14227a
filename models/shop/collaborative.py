"""What goes with what, by who bought or rated it: neighbours, implicit factors, themes, and factors of ratings.

neighbours   cosine of two products' customers, shrunk where few bought both
factors      alternating least squares on purchases (Hu, Koren, Volinsky 2008), by `implicit`
themes       non-negative factors (scikit-learn NMF): what a product is bought for, and how much
ratings      mean + biases + factors, by alternating ridge regressions (Koren, Bell, Volinsky 2009)
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import coo_matrix, csr_matrix
from sklearn.decomposition import NMF

from shop.interactions import Floats, Ratings

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class FactorSettings:
    least_customers: int = 3  # of a product, and of a pair: fewer would show what somebody bought
    shrinkage: float = 10.0  # customers of a pair at which its cosine is halved
    most_neighbours: int = 50
    factors: int = 32
    regularisation: float = 100.0
    alpha: float = 10.0
    # (factors, regularisation, alpha), of which `recommend.build` takes those that find most
    choices: tuple[tuple[int, float, float], ...] = (
        (8, 30.0, 1.0),
        (32, 100.0, 10.0),
        (16, 300.0, 40.0),
        (32, 1000.0, 100.0),
    )
    iterations: int = 15
    themes: int = 16
    rating_factors: int = 8
    rating_regularisation: float = 5.0
    bias_regularisation: float = 5.0
    seed: int = 0


def neighbours(owned: csr_matrix, settings: FactorSettings) -> csr_matrix:
    """Products × products: cosine · n / (n + shrinkage), n the customers of both; the strongest of each row."""
    said = owned.copy()
    said.data = np.ones_like(said.data)
    together = (said.T @ said).tocoo()
    own = np.asarray(said.sum(axis=0)).ravel()
    kept = (together.row != together.col) & (together.data >= settings.least_customers)
    row, column, count = together.row[kept], together.col[kept], together.data[kept]
    weight = count / np.sqrt(own[row] * own[column]) * count / (count + settings.shrinkage)
    order = np.lexsort((column, -weight, row))
    row, column, weight = row[order], column[order], weight[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    top = rank < settings.most_neighbours
    return csr_matrix((weight[top], (row[top], column[top])), shape=together.shape)


def als_factors(owned: csr_matrix, settings: FactorSettings) -> Floats:
    """One row a product. A shopper's own are solved from them anew, `recommender.fold_in`."""
    size = min(settings.factors, min(owned.shape))
    model = AlternatingLeastSquares(
        factors=size,
        regularization=settings.regularisation,
        alpha=settings.alpha,
        iterations=settings.iterations,
        num_threads=1,
        random_state=settings.seed,
        dtype=np.float64,
    )
    model.fit(owned.astype(np.float64), show_progress=False)
    return np.asarray(model.item_factors, np.float64)


def themes(owned: csr_matrix, settings: FactorSettings) -> Floats:
    """One row a product, the largest number of all 1. Customers are scaled to length 1: large ones do not rule."""
    size = min(settings.themes, min(owned.shape))
    said = owned.copy()
    said.data = np.ones_like(said.data)
    lengths = np.sqrt(np.asarray(said.sum(axis=1)).ravel())
    scaled = csr_matrix((said.data / np.repeat(lengths, np.diff(said.indptr)), said.indices, said.indptr), said.shape)
    fitted = NMF(size, init="nndsvda", max_iter=100, tol=1e-3, random_state=settings.seed).fit(scaled)
    # A theme's size is shared between its two sides anyhow: here all have the same on the customers' side.
    found = np.asarray(fitted.components_.T, np.float64) * fitted.transform(scaled).mean(axis=0)
    return found / found.max() if found.max() > 0 else found


@dataclass
class RatingModel:
    """A rating is mean + user's bias + product's bias + factors; the user's side is solved on the device."""

    mean: float
    item_bias: Floats
    item_factors: Floats


def _ridge(mine: Ints, theirs: Ints, residual: Floats, other: Floats, count: int, strength: float) -> Floats:
    """For each of `mine` the vector whose products with `other` come nearest the residuals."""
    size = other.shape[1]
    solved = np.zeros((count, size))
    order = np.argsort(mine, kind="stable")
    starts = np.searchsorted(mine[order], np.arange(count + 1))
    for i, (start, end) in enumerate(pairwise(starts)):
        rows = order[start:end]
        if len(rows) > 0:
            known = other[theirs[rows]]
            solved[i] = np.linalg.solve(known.T @ known + strength * np.eye(size), known.T @ residual[rows])
    return solved


def fit_ratings(rated: Ratings, settings: FactorSettings) -> RatingModel:
    users, items, values = rated.users, rated.items, rated.values
    user_count, item_count = int(users.max()) + 1, len(rated.products)
    mean = float(values.mean())
    user_bias, item_bias = np.zeros(user_count), np.zeros(item_count)
    for _ in range(settings.iterations):
        for bias, own, other in ((item_bias, items, user_bias[users]), (user_bias, users, item_bias[items])):
            sums = np.bincount(own, values - mean - other, len(bias))
            bias[:] = sums / (np.bincount(own, minlength=len(bias)) + settings.bias_regularisation)
    residual = values - mean - user_bias[users] - item_bias[items]
    rng = np.random.default_rng(settings.seed)
    size, strength = min(settings.rating_factors, item_count), settings.rating_regularisation
    item_factors = rng.normal(0, 0.1, (item_count, size))
    for _ in range(settings.iterations):
        user_factors = _ridge(users, items, residual, item_factors, user_count, strength)
        item_factors = _ridge(items, users, residual, user_factors, item_count, strength)
    return RatingModel(mean, item_bias, item_factors)


def known_enough(owned: csr_matrix, settings: FactorSettings) -> npt.NDArray[np.bool_]:
    """Products that enough customers bought for their factors to show nobody."""
    return np.asarray((coo_matrix(owned) > 0).sum(axis=0)).ravel() >= settings.least_customers
