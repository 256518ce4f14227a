"""Association rules: who buys these also buys that. FP-Growth by mlxtend.

    rules = mine(bought.baskets, SETTINGS)   # [Rule(if_=(3, 7), also=1, support=0.01, confidence=0.4, lift=2.1), …]

Support is the share of all baskets that hold both sides, confidence the share of the baskets with the left side that
hold the right one too, and lift how many times more often that is than the right side is in all baskets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from mlxtend.frequent_patterns.fpcommon import FPTree
from mlxtend.frequent_patterns.fpgrowth import fpg_step
from scipy.sparse import csr_matrix


@dataclass(frozen=True)
class Rule:
    if_: tuple[int, ...]  # ascending
    also: int
    support: float
    confidence: float
    lift: float


@dataclass(frozen=True)
class RuleSettings:
    least_baskets: int = 5  # that hold both sides
    least_support: float = 0.001
    most_items: int = 3  # on both sides together
    least_lift: float = 1.0  # rules of less say that one keeps from the other
    most_rules: int = 30  # that begin with one product


def least_count(baskets: int, settings: RuleSettings) -> int:
    return max(settings.least_baskets, int(np.ceil(settings.least_support * baskets - 1e-9)))


def frequent_sets(baskets: csr_matrix, least: int, most_items: int) -> dict[tuple[int, ...], int]:
    """Sets of products, ascending, with the baskets that hold them; at least `least`.

    The tree is filled here and not by mlxtend's `fpgrowth`, which makes a dense table of baskets × products and reads
    all of it again for each set that it finds.
    """
    counts = np.asarray((baskets > 0).sum(axis=0)).ravel()
    frequent = np.flatnonzero(counts >= least)
    # From rare to common, as the tree wants its ranks; equal counts in the order of the products.
    rank = {int(item): place for place, item in enumerate(frequent[np.argsort(counts[frequent], kind="stable")])}
    tree = FPTree(rank)
    for start, end in pairwise(baskets.indptr):
        kept = [int(item) for item in baskets.indices[start:end] if item in rank]
        if kept:
            tree.insert_itemset(sorted(kept, key=rank.__getitem__, reverse=True))
    found = fpg_step(tree, least, None, most_items, verbose=0)
    return {tuple(sorted(items)): int(count) for count, items in found}


def mine(baskets: csr_matrix, settings: RuleSettings) -> list[Rule]:
    """All rules with one product on the right, before `strongest` chooses among them."""
    total = baskets.shape[0]
    return rules_of(frequent_sets(baskets, least_count(total, settings), settings.most_items), total, settings)


def rules_of(sets: Mapping[tuple[int, ...], int], total: int, settings: RuleSettings) -> list[Rule]:
    """By the frequent sets, ascending, of `total` baskets."""
    rules = []
    for items, together in sets.items():
        for also in items if len(items) > 1 else ():
            if_ = tuple(item for item in items if item != also)
            confidence = together / sets[if_]
            rules.append(Rule(if_, also, together / total, confidence, confidence * total / sets[also,]))
    return [rule for rule in rules if rule.lift > settings.least_lift]


def strongest(rules: list[Rule], settings: RuleSettings) -> list[Rule]:
    """Of the rules whose first product is the same, those of the highest confidence."""
    ordered = sorted(rules, key=lambda rule: (rule.if_[0], -rule.confidence, -rule.lift, rule.if_, rule.also))
    kept: list[Rule] = []
    first, taken = -1, 0
    for rule in ordered:
        taken = taken + 1 if rule.if_[0] == first else 1
        first = rule.if_[0]
        if taken <= settings.most_rules:
            kept.append(rule)
    return kept
