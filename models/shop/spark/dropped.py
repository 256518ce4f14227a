"""What was left out and why, as `interactions.Dropped` tells it, of rows that are on many machines: all are counted.

Of each reason the first are named, and are all that `problems` has.
"""

import heapq
from typing import Any

from pyspark import RDD

from shop.interactions import NAMED, Dropped

# line, place in the line, reason, what to say of it
Problem = tuple[int, int, str, str]
AFTER_ALL_LINES = 2**62  # is added to the line by which a whole basket is named: baskets come last, and have no line
Found = dict[str, tuple[int, list[tuple[int, int, str]]]]  # by reason: how many, and the first


def _add(found: Found, problem: Problem) -> Found:
    line, place, reason, what = problem
    return _merge(found, {reason: (1, [(line, place, what)])})


def _merge(found: Found, other: Found) -> Found:
    for reason, (count, first) in other.items():
        before, kept = found.get(reason, (0, []))
        found[reason] = before + count, heapq.nsmallest(NAMED, [*kept, *first])
    return found


def dropped_of(problems: RDD[Any]) -> Dropped:
    """Named in the order of their lines."""
    found = problems.aggregate({}, _add, _merge)
    named = sorted((line, place, reason, what) for reason, (_, first) in found.items() for line, place, what in first)
    dropped = Dropped()
    for reason, (count, _) in found.items():
        dropped.counts[reason] = count
    dropped.named = [Dropped.told(reason, what) for _, _, reason, what in named]
    dropped.problems = [(line if line < AFTER_ALL_LINES else None, reason, what) for line, _, reason, what in named]
    return dropped
