"""What sells, with what sold lately counting more: the recommendation for a shopper of whom nothing is known."""

import numpy as np

from shop.interactions import Floats, Purchases


def popularity(bought: Purchases, half_life_days: float) -> Floats:
    """Baskets with each product, each weighing half as much a half-life later; 1 is the most bought product.

    Weights are relative to the latest basket, so that a file written later says the same. Without dates all weigh 1.
    """
    weights = np.ones(len(bought))
    if bought.days is not None:
        weights = np.exp2((bought.days - bought.days.max()) / half_life_days)
    sums = np.asarray(weights @ bought.baskets).ravel()
    return sums / sums.max()
