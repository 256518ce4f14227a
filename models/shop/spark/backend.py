"""The methods of recommend.py on Spark: what grows with the orders is done there, what grows with the products here."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from pyspark.ml.fpm import FPGrowth
from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F
from scipy.sparse import csr_matrix

from shop.collaborative import FactorSettings, themes
from shop.interactions import Floats, Ratings
from shop.repeats import LEAST_CUSTOMERS
from shop.rules import Rule, RuleSettings, least_count, rules_of, strongest
from shop.spark.purchases import SparkPurchases, read_product_ids, read_purchases, read_ratings
from shop.spark.rows import reading

MOST_OF_THEMES = 200_000  # customers, drawn by a hash, whom the themes are fitted to in memory
LEAST_STRENGTH = 1e-6  # of a purchase that implicit would give the confidence of none: to MLlib 0 is no purchase


class OnSpark:
    def __init__(self, session: SparkSession) -> None:
        self.session = session

    def path(self, argument: str) -> str:
        """As Hadoop has it, with or without a scheme."""
        return argument

    def read_purchases(self, path: str, known: Collection[str] | None) -> SparkPurchases:
        with reading(path):
            return read_purchases(self.session, path, known)

    def read_ratings(self, path: str, known: Collection[str] | None) -> Ratings:
        with reading(path):
            return read_ratings(self.session, path, known)

    def read_product_ids(self, path: str) -> set[str]:
        with reading(path):
            return read_product_ids(self.session, path)

    def popularity(self, bought: SparkPurchases, half_life_days: float) -> Floats:
        weight, lines = F.lit(1.0), bought.lines
        if bought.dated:
            last = lines.agg(F.max("day")).first()
            weight = F.pow(F.lit(2.0), (F.col("day") - (last[0] if last else 0)) / half_life_days)
        sums = np.zeros(len(bought.products))
        for product, total in lines.groupBy("product").agg(F.sum(weight)).collect():
            sums[product] = total
        return sums / sums.max()

    def neighbours(self, bought: SparkPurchases, settings: FactorSettings) -> csr_matrix:
        mine = bought.owned.select("customer", F.col("product").alias("row"))
        theirs = bought.owned.select("customer", F.col("product").alias("column"))
        counted = mine.join(theirs, "customer").where("row < column").groupBy("row", "column").count()
        half = counted.where(F.col("count") >= settings.least_customers)
        both = half.unionByName(half.select(F.col("row").alias("column"), F.col("column").alias("row"), "count"))
        own = bought.owned.groupBy("product").count()
        n, sizes = F.col("count"), F.col("own") * F.col("other")
        weight = n / F.sqrt(sizes.cast("double")) * n / (n + settings.shrinkage)
        nearest = Window.partitionBy("row").orderBy(F.desc("weight"), "column")
        found = (
            both.join(own.select(F.col("product").alias("row"), F.col("count").alias("own")), "row")
            .join(own.select(F.col("product").alias("column"), F.col("count").alias("other")), "column")
            .select("row", "column", weight.alias("weight"))
            .withColumn("rank", F.row_number().over(nearest))
            .where(F.col("rank") <= settings.most_neighbours)
            .orderBy("row", "rank")
            .select("row", "column", "weight")
        )
        table = np.array([tuple(row) for row in found.toLocalIterator()], np.float64).reshape(-1, 3)
        size = len(bought.products)
        places = table[:, 0].astype(int), table[:, 1].astype(int)
        return csr_matrix((table[:, 2], places), shape=(size, size))

    def rules(self, bought: SparkPurchases, settings: RuleSettings) -> list[Rule]:
        """MLlib has no greatest size of a set: larger ones are found too, and left there."""
        total = len(bought)
        least = least_count(total, settings)
        baskets = bought.lines.groupBy("basket").agg(F.collect_list("product").alias("items"))
        if least > total:
            return []
        # Half a basket less, for MLlib multiplies again and rounds up.
        found = FPGrowth(itemsCol="items", minSupport=(least - 0.5) / total).fit(baskets).freqItemsets
        small = found.where(F.size("items") <= settings.most_items).collect()
        sets = {tuple(sorted(row["items"])): int(row["freq"]) for row in small}
        return strongest(rules_of(sets, total, settings), settings)

    def factors(self, bought: SparkPurchases, settings: FactorSettings) -> Floats:
        """Implicit ALS as `implicit` has it but for the penalty, which MLlib multiplies by a row's purchases.

        It is divided by their mean on both sides, and the factors are scaled to where the mean shopper's step, which is
        solved on the device, has the penalty of the settings.
        """
        entries, customers = bought.owned.count(), bought.customer_count
        of_customer, of_product = entries / customers, entries / np.count_nonzero(bought.buyers)
        size = min(settings.factors, customers, len(bought.products))
        blocks = self.session.sparkContext.defaultParallelism
        # To implicit αw is the confidence; to MLlib 1 + what it is given.
        strength = F.greatest(settings.alpha * F.col("baskets") - 1, F.lit(LEAST_STRENGTH))
        model = ALS(
            rank=size,
            maxIter=settings.iterations,
            regParam=settings.regularisation / float(np.sqrt(of_customer * of_product)),
            alpha=1.0,
            implicitPrefs=True,
            seed=settings.seed,
            numUserBlocks=blocks,
            numItemBlocks=blocks,
            userCol="customer",
            itemCol="product",
            ratingCol="strength",
        ).fit(bought.owned.select("customer", "product", strength.cast("float").alias("strength")))
        factors = np.zeros((len(bought.products), size))
        for product, row in model.itemFactors.toLocalIterator():
            factors[product] = row
        return factors * (of_product / of_customer) ** 0.25

    def themes(self, bought: SparkPurchases, settings: FactorSettings) -> Floats:
        """By scikit-learn, of as many customers as fit here; MLlib's non-negative ALS cannot weigh them so."""
        customers, owned = bought.customer_count, bought.owned
        if customers > MOST_OF_THEMES:
            part = int(2**31 * MOST_OF_THEMES / customers)
            owned = owned.where(F.pmod(F.xxhash64("customer"), F.lit(2**31)) < part)
        rows = owned.orderBy("customer", "product").select("customer", "product", "baskets")
        table = np.array([tuple(row) for row in rows.toLocalIterator()], np.int64).reshape(-1, 3)
        places = np.unique(table[:, 0], return_inverse=True)[1]
        shape = (int(places.max()) + 1, len(bought.products))
        return themes(csr_matrix((table[:, 2].astype(float), (places, table[:, 1])), shape=shape), settings)

    def known_enough(self, bought: SparkPurchases, settings: FactorSettings) -> npt.NDArray[np.bool_]:
        return np.asarray(bought.buyers >= settings.least_customers, np.bool_)

    def repeat_days(self, bought: SparkPurchases) -> list[float | None]:
        found: list[float | None] = [None] * len(bought.products)
        if not bought.dated:
            return found
        days = bought.lines.select("product", "customer", F.floor("day").alias("day")).distinct()
        before = F.lag("day").over(Window.partitionBy("product", "customer").orderBy("day"))
        gaps = days.withColumn("gap", F.col("day") - before).where("gap is not null")
        own = gaps.groupBy("product", "customer").agg(F.median("gap").alias("own"))
        typical = own.groupBy("product").agg(F.median("own").alias("days"), F.count("*").alias("customers"))
        for product, median, _ in typical.where(F.col("customers") >= LEAST_CUSTOMERS).collect():
            found[product] = float(median)
        return found
