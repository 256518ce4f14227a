"""What customers bought as a table of Spark: the counterpart of interactions.Purchases, by the same checks."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from pyspark import RDD
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F
from scipy.sparse import csr_matrix

from shop.errors import HistoryError
from shop.interactions import (
    MOST_IN_BASKET,
    PURCHASE_COLUMNS,
    RATING_COLUMNS,
    Dropped,
    Purchases,
    Rating,
    Ratings,
    Unusable,
    check_id,
    purchase_of,
    rating_of,
    rating_tables,
    too_large,
)
from shop.orders import Row, text_of
from shop.spark.dropped import AFTER_ALL_LINES, Problem, dropped_of
from shop.spark.rows import read_rows

# One record a product of a row; `reason` and `what`, where it is left out.
ENTRY = "line long, place int, basket string, customer string, day double, product string, reason string, what string"


@dataclass(frozen=True)
class SparkPurchases:
    """`lines`: basket, customer, day (NaN where the basket says none) and product, once a basket; all are numbers."""

    products: list[str]  # in ascending order
    lines: DataFrame
    dated: bool
    dropped: Dropped

    def __len__(self) -> int:
        return self.lines.select("basket").distinct().count()

    @cached_property
    def owned(self) -> DataFrame:
        """Customer, product, and in how many of the customer's baskets it is."""
        return self.lines.groupBy("customer", "product").agg(F.count("*").alias("baskets")).persist()

    @cached_property
    def buyers(self) -> np.ndarray:
        """Customers of each product."""
        counts = np.zeros(len(self.products), np.int64)
        for product, count in self.owned.groupBy("product").count().collect():
            counts[product] = count
        return counts

    @property
    def customer_count(self) -> int:
        return self.lines.select("customer").distinct().count()

    @cached_property
    def _of_several(self) -> DataFrame:
        return self.owned.groupBy("customer").count().where("count >= 2").select("customer").persist()

    @property
    def several(self) -> int:
        return self._of_several.count()

    def where(self, chosen: Callable[[int], bool]) -> "SparkPurchases":
        """The purchases of some customers, by their numbers, which they keep."""
        return replace(self, lines=self.lines.where(F.udf(chosen, "boolean")("customer")).persist())

    def first(self, several: int) -> Purchases:
        """The first customers by number, in memory, of whom so many bought two products or more; all, if fewer did."""
        last = self._of_several.orderBy("customer").limit(several).agg(F.max("customer"), F.count("*")).first()
        within = self.lines.where(F.col("customer") <= last[0]) if last and last[1] == several else self.lines
        rows = within.orderBy("basket", "product").collect()
        baskets, starts = np.unique(np.array([row.basket for row in rows], np.int64), return_index=True)
        ends, columns = [*starts, len(rows)], [row.product for row in rows]
        matrix = csr_matrix((np.ones(len(rows)), columns, ends), shape=(len(baskets), len(self.products)))
        owner = np.unique(np.array([rows[i].customer for i in starts], np.int64), return_inverse=True)[1]
        days = np.array([rows[i].day for i in starts], float) if self.dated else None
        return Purchases(self.products, matrix, owner, days, self.dropped, len(rows))


def _entries(line: int, row: Row | str, known: Collection[str] | None) -> Iterator[tuple[Any, ...]]:
    try:
        said = purchase_of(row)
    except Unusable as error:
        yield line, 0, None, None, None, None, error.reason, error.at(line)
        return
    for place, product in enumerate(said.products or [None]):  # without any it still begins its basket
        reason = what = None
        try:
            if product is not None:
                check_id(product, known)
        except Unusable as error:
            product, reason, what = None, error.reason, error.at(line)
        yield line, place, said.basket, said.customer, said.day, product, reason, what


def read_purchases(session: SparkSession, path: str, known: Collection[str] | None) -> SparkPurchases:
    rows = read_rows(session, path)
    rows.need(PURCHASE_COLUMNS)
    ids = session.sparkContext.broadcast(None if known is None else frozenset(known))
    records = rows.rdd.flatMap(lambda numbered: _entries(numbered[0], numbered[1], ids.value))
    entries = session.createDataFrame(records, ENTRY, verifySchema=False).persist()
    # A basket is named by its first line from here on, which also says whose it is and of which day.
    begin = F.min(F.struct("line", "customer", "day")).alias("begin")
    baskets = entries.where("basket is not null").groupBy("basket").agg(begin)
    again = Window.partitionBy("basket", "product").orderBy("line", "place")
    said = entries.where("product is not null").withColumn("nth", F.row_number().over(again))
    size = F.count("*").over(Window.partitionBy("basket"))
    once = said.where("nth = 1").select("basket", "product", size.alias("size")).join(baskets, "basket")
    large = once.where(F.col("size") > MOST_IN_BASKET).select("begin.line", "basket", "size").distinct()
    dropped = dropped_of(
        entries.where("reason is not null").select("line", "place", "reason", "what").rdd.map(tuple)
        + said.where("nth > 1").select("line", "place", "product").rdd.map(_repeated)
        + large.rdd.map(_large)
    )
    kept = once.where(F.col("size") <= MOST_IN_BASKET).select("begin.*", "product").persist()
    bought = _numbered(session, kept, dropped)
    kept.unpersist()
    entries.unpersist()
    return bought


def _repeated(row: Any) -> Problem:
    line, place, product = row
    error = Unusable("repeated_in_basket", repr(product[:40]))
    return line, place, error.reason, error.at(line)


def _large(row: Any) -> Problem:
    line, basket, size = row
    return AFTER_ALL_LINES + line, 0, "basket_too_large", too_large(basket, size)


def _numbered(session: SparkSession, kept: DataFrame, dropped: Dropped) -> SparkPurchases:
    """Products and customers become their places in ascending order, as in interactions.py."""
    products = sorted(row.product for row in kept.select("product").distinct().collect())
    if not products:
        raise HistoryError("empty", "There is no row that says who bought which product.")
    places = session.createDataFrame(enumerate(products), "number int, product string")
    owners = kept.select("customer").distinct().orderBy("customer").rdd.zipWithIndex()
    owner = session.createDataFrame(owners.map(lambda pair: (pair[0].customer, pair[1])), "customer string, owner int")
    joined = kept.join(F.broadcast(places), "product").join(owner, "customer")
    lines = joined.selectExpr("line AS basket", "owner AS customer", "day", "number AS product").persist()
    dated = lines.where(F.isnan("day")).count() == 0
    return SparkPurchases(products, lines, dated, dropped)


def _latest(said: Iterable[tuple[int, Rating]]) -> tuple[int, Rating, list[Problem]]:
    """The first line and what counts of a customer's ratings of one product, and the lines that rate it again."""
    (first, latest), *others = sorted(said, key=lambda numbered: numbered[0])
    for _, rating in others:
        latest = rating if rating.follows(latest) else latest
    again = [(line, 0, "rated_again", f"line {line}: {rating.product[:40]!r}") for line, rating in others]
    return first, latest, again


def read_ratings(session: SparkSession, path: str, known: Collection[str] | None) -> Ratings:
    """Checked by Spark, and gathered here: the model of ratings is fitted in memory."""
    rows = read_rows(session, path)
    rows.need(RATING_COLUMNS)
    ids = session.sparkContext.broadcast(None if known is None else frozenset(known))

    def check(numbered: tuple[int, Row | str]) -> tuple[int, Rating | Unusable]:
        try:
            return numbered[0], rating_of(numbered[1], ids.value)
        except Unusable as error:
            return numbered[0], error

    checked = rows.rdd.map(check).persist()
    good: RDD[Any] = checked.filter(lambda pair: isinstance(pair[1], Rating))
    by_product = good.keyBy(lambda pair: (pair[1].customer, pair[1].product)).groupByKey()
    latest = by_product.mapValues(_latest).values().persist()
    bad = checked.filter(lambda pair: isinstance(pair[1], Unusable))
    dropped = dropped_of(
        bad.map(lambda pair: (pair[0], 0, pair[1].reason, pair[1].at(pair[0]))) + latest.flatMap(lambda found: found[2])
    )
    rated = sorted(latest.map(lambda found: found[:2]).collect(), key=lambda found: found[0])
    latest.unpersist()
    checked.unpersist()
    return rating_tables([rating for _, rating in rated], dropped)


def read_product_ids(session: SparkSession, path: str) -> set[str]:
    rows = read_rows(session, path)
    rows.need((("id",),))
    named = rows.rdd.filter(lambda numbered: not isinstance(numbered[1], str))
    return set(named.map(lambda numbered: text_of(numbered[1].get("id"))).distinct().collect()) - {""}
