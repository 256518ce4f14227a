"""What Spark learns is what one machine learns; ALS alone, whose penalty MLlib weighs otherwise, is near it."""

import csv
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import SparkSession

from shop import recommend
from shop.backend import InMemory
from shop.collaborative import FactorSettings
from shop.exchange import METHODS, Header, Product, read
from shop.interactions import Floats, Purchases
from shop.recommend import Settings, gain_of, left_out, place_of, places_of, tenth_of
from shop.recommender import Recommender, fold_in
from shop.rules import RuleSettings
from shop.simulate_purchases import GROUPS, simulate
from shop.spark.backend import OnSpark
from shop.spark.purchases import SparkPurchases

ROOT = Path(__file__).parents[2]
LOCAL = InMemory()
FACTORS = FactorSettings(factors=8, regularisation=20.0, alpha=5.0, themes=GROUPS)
SMALL = Settings(factors=replace(FACTORS, choices=((8, 20.0, 5.0),)))


@dataclass
class Both:
    """The same orders, read by one machine and by Spark."""

    local: Purchases
    spark: SparkPurchases
    backend: OnSpark
    orders: Path
    ratings: Path


def save(rows: list[dict[str, Any]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def both(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Both:
    folder = tmp_path_factory.mktemp("history")
    orders, ratings = simulate(900, seed=1)
    files = save(orders, folder / "orders.csv"), save(ratings, folder / "ratings.csv")
    backend = OnSpark(session)
    return Both(LOCAL.read_purchases(files[0], None), backend.read_purchases(str(files[0]), None), backend, *files)


def test_purchases_are_equal(both: Both) -> None:
    local, spark = both.local, both.spark
    assert spark.products == local.products and spark.dropped == local.dropped
    assert (len(spark), spark.customer_count, spark.several) == (len(local), local.customer_count, local.several)
    np.testing.assert_array_equal(both.backend.known_enough(spark, FACTORS), LOCAL.known_enough(local, FACTORS))


def test_of_some_customers_the_first_are_gathered(both: Both) -> None:
    def chosen(customer: int) -> bool:
        return tenth_of(customer) < 2

    local, spark = both.local.where(chosen), both.spark.where(chosen)
    assert (len(spark), spark.customer_count, spark.several) == (len(local), local.customer_count, local.several)
    gathered = spark.first(50)
    assert 50 == gathered.several < local.several
    owned = gathered.customers
    assert (owned != local.customers[: owned.shape[0]]).nnz == 0
    assert [event[1] for event in left_out(gathered, 50)] == [event[1] for event in left_out(local, 50)]


@pytest.mark.parametrize(
    "settings",
    [RuleSettings(), RuleSettings(least_baskets=3, least_support=0, least_lift=0), RuleSettings(least_support=0.013)],
)
def test_rules_are_equal(both: Both, settings: RuleSettings) -> None:
    found = LOCAL.rules(both.local, settings)
    assert len(found) > 10 and both.backend.rules(both.spark, settings) == found


@pytest.mark.parametrize("settings", [FACTORS, replace(FACTORS, most_neighbours=4, shrinkage=2.0)])
def test_neighbours_are_equal(both: Both, settings: FactorSettings) -> None:
    local, spark = LOCAL.neighbours(both.local, settings), both.backend.neighbours(both.spark, settings)
    assert local.nnz > 200 and spark.shape == local.shape
    assert (spark != local).nnz == 0 or abs(spark - local).max() < 1e-6
    assert ((spark > 0) != (local > 0)).nnz == 0


def test_popularity_is_equal(both: Both) -> None:
    for days in (30.0, 90.0):
        np.testing.assert_allclose(both.backend.popularity(both.spark, days), LOCAL.popularity(both.local, days), 1e-12)
    undated = replace(both.spark, dated=False)
    local = replace(both.local, days=None)
    np.testing.assert_allclose(both.backend.popularity(undated, 90.0), LOCAL.popularity(local, 90.0), 1e-12)


def test_themes_are_equal(both: Both) -> None:
    np.testing.assert_allclose(both.backend.themes(both.spark, FACTORS), LOCAL.themes(both.local, FACTORS), atol=1e-9)


def test_days_until_bought_again_are_equal(both: Both) -> None:
    found = LOCAL.repeat_days(both.local)
    assert sum(days is not None for days in found) > 10
    assert both.backend.repeat_days(both.spark) == found
    assert set(both.backend.repeat_days(replace(both.spark, dated=False))) == {None}


def gain_of_factors(factors: Floats, events: list[Any], popular: Floats) -> tuple[float, list[set[int]]]:
    """NDCG@10 by factors alone, and which ten products are told."""
    gram, places, told = factors.T @ factors, [], []
    for known, target in events:
        mine = fold_in(factors[known], np.ones(len(known)), gram, FACTORS.regularisation, FACTORS.alpha)
        scores = factors @ mine
        places.append(place_of(scores, popular, target, known))
        scores[known] = -np.inf
        told.append(set(np.argsort(-scores)[:10].tolist()))
    return float(gain_of(np.array(places), 10).mean()), told


def test_factors_are_near_those_of_implicit(both: Both) -> None:
    kept = both.local.where(lambda customer: tenth_of(customer) > 2)
    held = both.local.where(lambda customer: tenth_of(customer) <= 2)
    events, popular = left_out(held, 1000), LOCAL.popularity(kept, 90.0)
    assert len(events) > 100
    local, local_told = gain_of_factors(LOCAL.factors(kept, FACTORS), events, popular)
    on_spark = both.spark.where(lambda customer: tenth_of(customer) > 2)
    spark, spark_told = gain_of_factors(both.backend.factors(on_spark, FACTORS), events, popular)
    by_popularity = gain_of(
        np.array([place_of(popular, popular, target, known) for known, target in events]), 10
    ).mean()
    overlap = np.mean([len(mine & theirs) / 10 for mine, theirs in zip(local_told, spark_told, strict=True)])
    print(
        f"NDCG@10: implicit {local:.3f}, MLlib {spark:.3f}, popularity {by_popularity:.3f}; same of ten {overlap:.2f}"
    )
    assert spark > local - 0.03 and spark > 1.3 * by_popularity and overlap > 0.7


Learnt = tuple[Header, list[Product], Path]


@pytest.fixture(scope="module")
def learnt(both: Both, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Learnt]:
    """By both commands, with smaller settings than theirs."""
    folder = tmp_path_factory.mktemp("learnt")
    commands: dict[str, Callable[[list[str]], int]] = {
        "local": recommend.main,
        "spark": lambda arguments: recommend.main(arguments, both.backend),
    }
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recommend, "build", partial(recommend.build, settings=SMALL))
        for name, command in commands.items():
            out = folder / f"{name}.jsonl"
            assert command([str(both.orders), f"--ratings={both.ratings}", "-o", str(out)]) == 0
            found[name] = *read(out), out
    return found


def test_the_file_is_that_of_one_machine_but_for_factors(learnt: dict[str, Learnt]) -> None:
    (local, local_products, _), (spark, spark_products, _) = learnt["local"], learnt["spark"]
    for header in (local, spark):
        header["factors"].pop("gram")
    fitted_to_factors = {"ranker", "validation"}
    assert {k: v for k, v in spark.items() if k not in fitted_to_factors} == {
        k: v for k, v in local.items() if k not in fitted_to_factors
    }
    for mine, theirs in zip(spark_products, local_products, strict=True):
        assert {k: v for k, v in mine.items() if k != "factors"} == {k: v for k, v in theirs.items() if k != "factors"}
        assert (mine["factors"] is None) == (theirs["factors"] is None)
    gains = spark["validation"]["ndcg"]
    others = set(METHODS) - {"factors", "content"}
    assert {name: gains[name] for name in others} == {name: local["validation"]["ndcg"][name] for name in others}
    assert gains["hybrid"] > max(1.3 * gains["popularity"], local["validation"]["ndcg"]["hybrid"] - 0.02)


def test_the_file_is_read_by_the_recommender_and_by_the_module(learnt: dict[str, Learnt], tmp_path: Path) -> None:
    path = learnt["spark"][2]
    later = [row for row in simulate(1500, seed=1)[0] if int(row["customer"][1:]) >= 900]
    bought = recommend.IN_MEMORY.read_purchases(save(later, tmp_path / "later.csv"), None)
    places = places_of(Recommender(*read(path)), bought, 300)
    gains = {name: float(gain_of(found, 10).mean()) for name, found in places.items()}
    assert gains["hybrid"] > 1.3 * gains["popularity"]
    reader = tmp_path / "read.mjs"
    bundle = [
        "npx",
        "--no-install",
        "esbuild",
        "web/recommend/read.ts",
        "--bundle",
        "--format=esm",
        f"--outfile={reader}",
    ]
    subprocess.run(bundle, cwd=ROOT, check=True, capture_output=True)
    script = f"""
        import {{ readFileSync }} from 'node:fs';
        import {{ readInteractions }} from {json.dumps(reader.as_uri())};
        const {{ products, ranker }} = readInteractions(readFileSync({json.dumps(str(path))}, 'utf8'));
        console.log(JSON.stringify([products.length, ranker.weights]));"""
    said = subprocess.run(["node", "--input-type=module", "-e", script], check=True, capture_output=True, text=True)
    assert json.loads(said.stdout) == [len(bought.products), read(path)[0]["ranker"]["weights"]]


def test_bad_input_is_told_and_nothing_is_written(
    both: Both, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    few = save(simulate(20, seed=5)[0], tmp_path / "few.csv")
    for arguments, code in (
        ([tmp_path / "missing.csv"], "unreadable"),
        ([few], "too_few_rows"),
        ([few, "--ratings", few], "no_column"),
        ([few, "--products", few], "no_column"),
    ):
        assert recommend.main([*map(str, arguments), "-o", str(out)], both.backend) == 1
        assert capsys.readouterr().err.strip().endswith(f"[{code}]")
    assert not out.exists()
