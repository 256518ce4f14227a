"""After how many days a product is bought again: what a reminder goes by."""

import numpy as np

from shop.interactions import Floats, Purchases

LEAST_CUSTOMERS = 3  # fewer would show what somebody bought


def typical_days(customers: Floats, gaps: Floats) -> float | None:
    """The median of customers' own medians, so that who buys often counts once; None of too few customers."""
    names, row = np.unique(customers, return_inverse=True)
    if len(names) < LEAST_CUSTOMERS:
        return None
    return float(np.median([np.median(gaps[row == customer]) for customer in range(len(names))]))


def repeat_days(bought: Purchases) -> list[float | None]:
    """One a product. A customer's purchases on one day are one; without dates none is known."""
    found: list[float | None] = [None] * len(bought.products)
    if bought.days is None:
        return found
    entries = bought.baskets.tocoo()
    rows = np.column_stack([entries.col, bought.owner[entries.row], np.floor(bought.days[entries.row])])
    product, customer, day = np.unique(rows, axis=0).T
    again = np.flatnonzero((np.diff(product) == 0) & (np.diff(customer) == 0))
    gaps, of, by = np.diff(day)[again], product[again].astype(int), customer[again]
    for i in np.unique(of):
        found[i] = typical_days(by[of == i], gaps[of == i])
    return found
