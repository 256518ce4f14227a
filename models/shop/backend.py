"""Where recommend.py reads and fits: in memory here, on many machines by shop.spark. What comes of it is the same."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from shop.collaborative import FactorSettings, als_factors, known_enough, neighbours, themes
from shop.interactions import Floats, Purchases, Ratings, read_product_ids, read_purchases, read_ratings
from shop.popularity import popularity
from shop.repeats import repeat_days
from shop.rules import Rule, RuleSettings, mine, strongest


class Backend(Protocol):
    """`bought` is what `read_purchases` gives: Purchases, or the same of a table that is elsewhere.

    Of all that is fitted a row, or an entry, is a product, in the order of `bought.products`.
    """

    def path(self, argument: str) -> Any: ...

    def read_purchases(self, path: Any, known: Collection[str] | None) -> Any: ...

    def read_ratings(self, path: Any, known: Collection[str] | None) -> Ratings: ...

    def read_product_ids(self, path: Any) -> set[str]: ...

    def popularity(self, bought: Any, half_life_days: float) -> Floats: ...

    def neighbours(self, bought: Any, settings: FactorSettings) -> csr_matrix: ...

    def rules(self, bought: Any, settings: RuleSettings) -> list[Rule]: ...

    def factors(self, bought: Any, settings: FactorSettings) -> Floats: ...

    def themes(self, bought: Any, settings: FactorSettings) -> Floats: ...

    def known_enough(self, bought: Any, settings: FactorSettings) -> npt.NDArray[np.bool_]: ...

    def repeat_days(self, bought: Any) -> list[float | None]: ...


class InMemory:
    def path(self, argument: str) -> Path:
        return Path(argument)

    def read_purchases(self, path: Path, known: Collection[str] | None) -> Purchases:
        return read_purchases(path, known)

    def read_ratings(self, path: Path, known: Collection[str] | None) -> Ratings:
        return read_ratings(path, known)

    def read_product_ids(self, path: Path) -> set[str]:
        return read_product_ids(path)

    def popularity(self, bought: Purchases, half_life_days: float) -> Floats:
        return popularity(bought, half_life_days)

    def neighbours(self, bought: Purchases, settings: FactorSettings) -> csr_matrix:
        return neighbours(bought.customers, settings)

    def rules(self, bought: Purchases, settings: RuleSettings) -> list[Rule]:
        return strongest(mine(bought.baskets, settings), settings)

    def factors(self, bought: Purchases, settings: FactorSettings) -> Floats:
        return als_factors(bought.customers, settings)

    def themes(self, bought: Purchases, settings: FactorSettings) -> Floats:
        return themes(bought.customers, settings)

    def known_enough(self, bought: Purchases, settings: FactorSettings) -> npt.NDArray[np.bool_]:
        return known_enough(bought.customers, settings)

    def repeat_days(self, bought: Purchases) -> list[float | None]:
        return repeat_days(bought)
