"""Recommendation: rows checked, methods as they are defined, a ranker that finds what counts, a file naming nobody."""

import json
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

from shop.collaborative import FactorSettings, als_factors, fit_ratings, known_enough, neighbours, themes
from shop.errors import HistoryError
from shop.exchange import METHODS, lines_of, read, write
from shop.interactions import (
    MOST_IN_BASKET,
    Floats,
    Purchases,
    purchases_of,
    ratings_of,
    read_content,
    read_purchases,
    read_ratings,
)
from shop.popularity import popularity
from shop.ranker import SHARPNESS, SHOWN, UNRANKED, Event, event_of, feature, fit_ranker
from shop.recommend import Settings, build, choose_factors, left_out, main, place_of, tenth_of
from shop.recommender import Recommender, fold_in
from shop.repeats import repeat_days, typical_days
from shop.rules import RuleSettings, mine, strongest
from shop.simulate_purchases import GROUPS, OF_GROUP, simulate

GOLDEN = Path(__file__).parents[1] / "golden/interactions.json"
SMALL = Settings(factors=FactorSettings(choices=((8, 20.0, 5.0),), themes=GROUPS))
ALL_RULES = RuleSettings(least_baskets=3, least_support=0, least_lift=0)


def bought_of(rows: list[dict[str, Any]], **options: Any) -> Purchases:
    return purchases_of(enumerate(rows, 2), **options)


def baskets_of(*baskets: str) -> Purchases:
    return bought_of([{"order_id": i, "items": list(basket)} for i, basket in enumerate(baskets)])


@pytest.fixture(scope="module")
def history() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return simulate(900, seed=1)


@pytest.fixture(scope="module")
def bought(history: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> Purchases:
    return bought_of(history[0])


@pytest.fixture(scope="module")
def learnt(bought: Purchases, history: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> Recommender:
    return Recommender(*build(bought, ratings_of(enumerate(history[1], 2)), SMALL))


def test_rows_become_baskets_of_customers() -> None:
    rows: list[dict[str, Any]] = [
        {"order_id": 1, "customer": "ann", "product_id": "b"},
        {"order_id": 1, "customer": "ann", "product_id": "a", "quantity": "2"},
        {"order_id": 2, "customer": "ann", "product_id": "a"},
        {"order_id": 3, "items": "c|a"},
        {"customer": "bob", "items": ["b", "c"], "ordered_at": "2026-01-01T10:00"},
        {"customer": "bob", "product_id": "d", "ordered_at": "2026-01-01T23:00"},
        {"customer": "bob", "product_id": "d", "ordered_at": "2026-01-02"},
    ]
    table = bought_of(rows)
    assert table.products == ["a", "b", "c", "d"]
    found = [[table.products[i] for i in row.indices] for row in table.baskets]
    assert found == [["a", "b"], ["a"], ["a", "c"], ["b", "c", "d"], ["d"]]
    assert sorted(table.customers.toarray().tolist()) == [[0, 1, 1, 2], [1, 0, 1, 0], [2, 1, 0, 0]]
    assert table.days is None and table.dropped.counts == Counter()


def test_what_cannot_be_used_is_counted_by_its_reason() -> None:
    good = {"order_id": 1, "product_id": "a"}
    rows: list[Any] = [
        good,
        good,
        good | {"product_id": " "},
        good | {"product_id": "x" * 201},
        good | {"product_id": "unheard of"},
        good | {"quantity": "-1"},
        good | {"quantity": "many"},
        good | {"ordered_at": "2026-02-30"},
        {"product_id": "a"},
        {"order_id": 2, "items": [f"p{i}" for i in range(MOST_IN_BASKET + 1)]},
        "3 cells, not 4",
    ]
    table = bought_of(rows, known={"a", *(f"p{i}" for i in range(MOST_IN_BASKET + 1))})
    assert table.products == ["a"] and len(table) == 1
    assert table.dropped.counts == {
        "repeated_in_basket": 1,
        "no_product_id": 1,
        "id_too_long": 1,
        "unknown_product": 1,
        "quantity_not_above_0": 1,
        "unreadable_row": 3,
        "no_order_and_no_customer": 1,
        "basket_too_large": 1,
    }
    assert "line 12: 3 cells, not 4: unreadable row" in table.dropped.named
    with pytest.raises(HistoryError) as caught:
        bought_of(rows[2:9], known={"a"})
    assert caught.value.code == "empty"


def test_of_ratings_the_latest_counts_and_odd_ones_do_not() -> None:
    row = {"customer": "ann", "product_id": "a", "rating": 5, "rated_at": "2026-03-01"}
    rows: list[Any] = [
        row,
        row | {"rating": 1, "rated_at": "2026-02-01"},
        row | {"product_id": "b", "rating": 2},
        row | {"product_id": "b", "rating": 3, "rated_at": "2026-03-02"},
        row | {"rating": 0},
        row | {"rating": "6"},
        row | {"rating": ""},
        row | {"rating": "good"},
        row | {"customer": ""},
        row | {"product_id": "c"},
    ]
    table = ratings_of(enumerate(rows, 2), known={"a", "b"})
    assert [(table.products[i], value) for i, value in zip(table.items, table.values, strict=True)] == [
        ("a", 5),
        ("b", 3),
    ]
    assert table.dropped.counts == {
        "rated_again": 2,
        "rating_out_of_range": 3,
        "unreadable_row": 1,
        "no_customer": 1,
        "unknown_product": 1,
    }


def counted_rules(baskets: list[str], least: int) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Rules of up to three products by counting every subset."""
    count = Counter(c for basket in baskets for n in (1, 2, 3) for c in combinations(sorted(set(basket)), n))
    rules = {}
    for items, together in count.items():
        for also in items if len(items) > 1 and together >= least else ():
            if_ = tuple(item for item in items if item != also)
            confidence = together / count[if_]
            lift = confidence / (count[(also,)] / len(baskets))
            rules["".join(if_), also] = (together / len(baskets), confidence, lift)
    return rules


def test_rules_are_those_found_by_counting() -> None:
    rng = np.random.default_rng(2)
    baskets = ["".join(sorted({*rng.choice(list("abcdefghij"), rng.integers(1, 6))})) for _ in range(150)]
    table = baskets_of(*baskets)
    found = {
        ("".join(table.products[i] for i in rule.if_), table.products[rule.also]): (
            rule.support,
            rule.confidence,
            rule.lift,
        )
        for rule in mine(table.baskets, ALL_RULES)
    }
    expected = counted_rules(baskets, 3)
    assert len(expected) > 200 and found.keys() == expected.keys()
    for key, measures in expected.items():
        assert found[key] == pytest.approx(measures, abs=1e-12)


def test_of_the_rules_of_a_product_the_most_confident_are_kept() -> None:
    table = baskets_of(*["ab"] * 6, *["ac"] * 4, *["ad"] * 3, *["bc"] * 5, *["e"] * 20)
    kept = strongest(mine(table.baskets, replace(ALL_RULES, least_lift=1.0)), RuleSettings(most_rules=2))
    names = [(table.products[rule.if_[0]], table.products[rule.also]) for rule in kept]
    assert names[:2] == [("a", "b"), ("a", "c")] and all(rule.lift > 1 for rule in kept)
    assert max(Counter(first for first, _ in names).values()) == 2
    assert mine(baskets_of("a", "b", "ab").baskets, ALL_RULES) == []


def test_neighbours_are_shrunk_cosines_of_enough_customers() -> None:
    table = baskets_of(*["ab"] * 8, *["ac"] * 2, *["a"] * 6, *["bd"] * 3)
    near = neighbours(table.customers, FactorSettings(shrinkage=4)).toarray()
    assert near[0, 1] == pytest.approx(8 / np.sqrt(16 * 11) * 8 / 12) == near[1, 0]
    assert near[0, 2] == 0  # two customers are too few to be told of
    assert near[1, 3] > 0 and near.diagonal().tolist() == [0] * 4
    top = neighbours(table.customers, FactorSettings(shrinkage=4, most_neighbours=1))
    assert [row.indices.tolist() for row in top] == [[1], [0], [], [1]]


def test_a_shopper_folded_in_is_as_implicit_has_them(bought: Purchases) -> None:
    settings = FactorSettings(factors=8, regularisation=3.0, alpha=7.0)
    factors = als_factors(bought.customers, settings)
    model = AlternatingLeastSquares(8, regularization=3.0, alpha=7.0, use_cg=False, dtype=np.float64)
    model.item_factors, model.user_factors = factors, np.zeros((1, 8))
    for customer in (0, 5, 77):
        row = bought.customers[customer]
        theirs = model.recalculate_user(0, row.astype(np.float64))
        mine_ = fold_in(factors[row.indices], row.data, factors.T @ factors, 3.0, 7.0)
        np.testing.assert_allclose(mine_, theirs, rtol=1e-6, atol=1e-9)


def test_themes_are_the_groups_that_customers_buy_from(bought: Purchases) -> None:
    found = themes(bought.customers, SMALL.factors)
    assert found.min() >= 0 and found.max() == 1
    strongest_theme = found.argmax(axis=1).reshape(GROUPS, OF_GROUP)
    main_theme = [Counter(row.tolist()).most_common(1)[0] for row in strongest_theme[:, :5]]
    assert len({theme for theme, _ in main_theme}) == GROUPS and min(count for _, count in main_theme) >= 4


def test_what_sold_lately_counts_more(bought: Purchases) -> None:
    days = np.array([0.0, 0, 0, 90, 90])
    table = baskets_of("a", "a", "ab", "b", "b")
    table.days = days
    assert popularity(table, half_life_days=90).tolist() == pytest.approx([1.5 / 2.5, 1.0])
    table.days = None
    assert popularity(table, half_life_days=90).tolist() == [1.0, 1.0]
    fading = popularity(bought, 30)[0] / popularity(bought, 1e9)[0]
    assert fading < 0.75  # the group that sells less and less


def test_ratings_are_better_told_than_by_the_mean(learnt: Recommender) -> None:
    ratings = simulate(1400, seed=1)[1]  # the same products' qualities are drawn first; later customers are new
    later: dict[str, dict[str, float]] = {}
    for row in ratings:
        if int(row["customer"][1:]) >= 900:
            later.setdefault(row["customer"], {})[row["product_id"]] = row["rating"]
    errors: dict[str, list[float]] = {"mean": [], "bias": [], "folded": []}
    for known in later.values():
        for id, value in known.items():
            others = {other: stars for other, stars in known.items() if other != id}
            said = {
                "mean": learnt.header["ratings"]["mean"],
                "bias": learnt.rating({}, id),
                "folded": learnt.rating(others, id),
            }
            for name, rating in said.items():
                if rating is not None and said["bias"] is not None:
                    errors[name].append(rating - value)
    rmse = {name: float(np.sqrt(np.mean(np.square(found)))) for name, found in errors.items()}
    assert len(errors["folded"]) > 500
    assert rmse["folded"] < 0.97 * rmse["bias"] < 0.95 * rmse["mean"]


def test_the_rating_model_learns_no_noise_from_one_rating() -> None:
    rows = [{"customer": f"c{i}", "product_id": "a", "rating": 4} for i in range(50)]
    model = fit_ratings(
        ratings_of(enumerate([*rows, {"customer": "x", "product_id": "b", "rating": 1}], 2)), FactorSettings()
    )
    assert abs(model.item_bias[1]) < 1.0 and np.abs(model.item_factors[1]).max() < 0.5


def test_factors_are_chosen_by_what_they_find(bought: Purchases) -> None:
    tenth = np.array([tenth_of(int(owner)) for owner in bought.owner])
    useless = replace(SMALL, factors=FactorSettings(choices=((2, 1e9, 1e-3), (8, 20.0, 5.0))))
    assert choose_factors(bought.take(tenth > 1), bought.take(tenth < 2), useless).factors == 8


def test_the_ranker_finds_which_method_tells() -> None:
    rng = np.random.default_rng(4)
    truth = np.array([0.0, 0, 2, 1, 0, 0])
    for sharpness in SHARPNESS:
        events = []
        for _ in range(3000):
            columns = rng.random((30, len(METHODS))) * [1, 1, 1, 1, 1, 0]
            value = np.log1p(sharpness * columns) @ truth
            events.append(Event(columns, int((value + rng.gumbel(size=30)).argmax())))
        found = fit_ranker(events)
        assert found["sharpness"] == sharpness and found["weights"]["content"] == 0
        assert list(found["weights"].values()) == pytest.approx(truth.tolist(), abs=0.25)
        assert min(found["weights"].values()) >= 0


def test_of_few_events_no_method_is_left_out() -> None:
    columns = np.eye(2, len(METHODS))
    weights = fit_ranker([Event(columns, 0)])["weights"]
    assert weights["popularity"] > 1 > weights["neighbours"] > 0.5
    assert fit_ranker([]) == UNRANKED


def test_candidates_are_what_the_methods_would_show_but_the_history() -> None:
    said: dict[str, Floats] = dict.fromkeys(METHODS, np.zeros(100))
    said["popularity"] = np.arange(100, dtype=np.float64)
    said["rules"] = np.where(np.arange(100) == 7, 0.5, 0)
    event = event_of(said, target=7, known=np.array([99]))
    assert event is not None and event.target == 0
    shares = [7 / 98, *(np.arange(98 - SHOWN + 1, 99) / 98)]
    assert event.columns[:, METHODS.index("popularity")].tolist() == pytest.approx(shares)
    assert event.columns[:, METHODS.index("rules")].tolist() == [1] + [0] * SHOWN
    assert event_of(said, target=8, known=np.array([99])) is None


def test_a_feature_is_relative_to_the_best_that_is_not_known() -> None:
    scores = np.array([8.0, 4, 2, -1])
    assert feature(scores, np.array([0]), 10).tolist() == pytest.approx([np.log(21), np.log(11), np.log(6), 0])
    assert feature(scores, np.array([0, 1, 2]), 10).tolist() == [0, 0, 0, 0]
    assert scores.tolist() == [8, 4, 2, -1]


def test_places_tie_by_popularity() -> None:
    popular = np.array([0.1, 0.9, 0.5, 1.0])
    assert place_of(np.array([1.0, 0, 0, 0]), popular, 2, np.array([3])) == 2
    assert place_of(np.zeros(4), popular, 0, np.array([], int)) == 3


def test_the_hybrid_finds_more_than_popularity(learnt: Recommender) -> None:
    # The same products; its later customers are new.
    later = bought_of([row for row in simulate(2400, seed=1)[0] if int(row["customer"][1:]) >= 900])
    places: dict[str, list[int]] = {name: [] for name in (*METHODS, "hybrid")}
    for known, target in left_out(later, 700):
        names = [later.products[i] for i in known]
        history = dict.fromkeys(names, 1.0)
        said = learnt.scores(history)
        rows = np.array([learnt.at[name] for name in names])
        for name, scores in (*said.items(), ("hybrid", learnt.rank(said, history))):
            places[name].append(place_of(scores, learnt.popularity, learnt.at[later.products[target]], rows))
    gain = {name: float(((np.array(p) < 10) / np.log2(np.array(p) + 2)).mean()) for name, p in places.items()}
    assert gain["hybrid"] > 1.3 * gain["popularity"]
    assert gain["hybrid"] > max(gain[name] for name in METHODS) - 0.003


def test_contributions_add_up(learnt: Recommender) -> None:
    history = {"p00": 1.0, "p11": 0.4}
    said = learnt.scores(history)
    parts = learnt.contributions(said, history)
    np.testing.assert_allclose(sum(parts.values()), learnt.rank(said, history), atol=1e-12)
    assert min(part.min() for part in parts.values()) >= 0


def test_an_unknown_history_is_popularity_alone(learnt: Recommender) -> None:
    said = learnt.scores({"unheard of": 1.0})
    assert all(not scores.any() for name, scores in said.items() if name != "popularity")


def test_the_file_names_nobody_and_tells_of_no_few(bought: Purchases, tmp_path: Path) -> None:
    few = bought_of([*simulate(300, seed=3)[0], *({"order_id": f"x{i}", "items": ["secret", "p00"]} for i in range(2))])
    header, products = build(few, None, SMALL)
    write(header, products, tmp_path / "out.jsonl")
    text = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert read(tmp_path / "out.jsonl") == (header, products)
    assert not any(word in text for word in ('"c1', '"o1', "customer c", "order o"))
    secret = next(product for product in products if product["id"] == "secret")
    assert (secret["neighbours"], secret["rules"], secret["factors"], secret["themes"]) == ([], [], None, [])
    assert all(id != "secret" for product in products for id, _ in product["neighbours"])
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert known_enough(few.customers, SMALL.factors).sum() < len(products)


def test_days_until_a_product_is_bought_again() -> None:
    days = {"ann": (0.0, 30.0, 60.0), "bob": (5.0, 25.0), "cat": (0.0, 0.5, 40.9), "dan": (7.0,)}
    visits = [(name, day) for name, times in days.items() for day in times]
    tea = [{"order_id": i, "customer": name, "product_id": "tea"} for i, (name, _) in enumerate(visits)]
    table = bought_of([*tea, *({"order_id": f"cup {i}", "customer": "ann", "product_id": "cup"} for i in range(3))])
    assert repeat_days(table) == [None, None]  # without dates
    table.days = np.array([*(day for _, day in visits), 0, 9, 18])
    # ann 30, bob 20, cat 40 (two on one day are one purchase); of cups one customer is too few to be told of.
    assert [table.products, repeat_days(table)] == [["cup", "tea"], [None, 30.0]]
    assert typical_days(np.array([1, 1, 1, 2, 3]), np.array([5.0, 5, 5, 9, 20])) == 9
    assert typical_days(np.array([1, 1, 2]), np.array([5.0, 5, 9])) is None


def test_a_reader_of_single_precision_says_the_same(learnt: Recommender) -> None:
    factors = learnt.factors[[product["factors"] is not None for product in learnt.products]]
    assert (factors == factors.astype(np.float32)).all() and (learnt.themes == learnt.themes.astype(np.float32)).all()
    assert learnt.gram.tolist() == (factors.T @ factors).tolist()


def content_of(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def test_what_texts_say_is_read_and_checked(tmp_path: Path) -> None:
    path = tmp_path / "near.jsonl"
    near = [
        {"id": "a", "like": [["b", 0.5], ["not sold", 0.4]]},
        {"id": "not sold", "like": [["a", 0.4]]},
        {"id": "b", "like": []},
    ]
    assert read_content(content_of(path, *near), ["a", "b"]).toarray().tolist() == [[0, 0.5], [0, 0]]
    for wrong in (
        "no row",
        {"id": "a", "like": 5},
        {"id": "a", "like": [["b", 2]]},
        {"id": "a", "like": [["b"]]},
        {"id": "a"},
    ):
        with pytest.raises(HistoryError) as caught:
            read_content(content_of(path, near[0], wrong), ["a", "b"])
        assert caught.value.code == "bad_content"


def test_texts_count_as_much_as_they_tell(bought: Purchases) -> None:
    group = np.arange(len(bought.products)) // OF_GROUP
    alike = csr_matrix((group[:, None] == group) * 0.8 - np.eye(len(group)) * 0.8)
    header, products = build(bought, None, SMALL, alike)
    said = Recommender(header, products, alike).scores({"p00": 1.0, "p11": 0.5})
    assert said["content"][:OF_GROUP].tolist() == [0, *[0.8] * (OF_GROUP - 1)] and said["content"][12] == 0.4
    assert header["ranker"]["weights"]["content"] > 0 and "content" in header["validation"]["ndcg"]
    assert header["validation"]["ndcg"]["content"] > header["validation"]["ndcg"]["popularity"]


def test_the_same_history_gives_the_same_file(bought: Purchases) -> None:
    half = bought.take(np.arange(len(bought)) % 2 == 0)
    assert list(lines_of(*build(half, None, SMALL))) == list(lines_of(*build(half, None, SMALL)))


def test_the_golden_file_is_what_python_says() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    header, *products = map(json.loads, golden["lines"])
    recommender = Recommender(header, products)
    for case in golden["cases"]:
        said = recommender.scores(case["history"])
        for name, scores in case["scores"].items():
            np.testing.assert_allclose(said[name], scores, atol=1e-9)
        for name, parts in recommender.contributions(said, case["history"]).items():
            np.testing.assert_allclose(parts, case["contributions"][name], atol=1e-9)
        np.testing.assert_allclose(recommender.rank(said, case["history"]), case["rank"], atol=1e-9)


def csv_of(rows: list[dict[str, Any]]) -> str:
    return "\n".join(",".join(map(str, line)) for line in [list(rows[0]), *(row.values() for row in rows)])


def test_the_command_writes_a_file_or_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders, ratings = simulate(300, seed=5)
    for name, rows in (("orders", orders), ("few", orders[:20]), ("ratings", ratings), ("products", [{"id": "p00"}])):
        (tmp_path / f"{name}.csv").write_text(csv_of(rows), encoding="utf-8")
    (tmp_path / "odd.csv").write_text("who,what\na,b\n")
    out = tmp_path / "out.jsonl"

    def run(*arguments: str) -> tuple[int, str]:
        code = main([str(tmp_path / a) if a.endswith(".csv") else a for a in arguments] + ["-o", str(out)])
        return code, capsys.readouterr().err

    for arguments, problem in (
        (["few.csv"], "too_few_rows"),
        (["odd.csv"], "no_column"),
        (["missing.csv"], "unreadable"),
        (["orders.csv", "--ratings", "orders.csv"], "no_column"),
        (["orders.csv", "--products", "odd.csv"], "no_column"),
    ):
        code, told = run(*arguments)
        assert (code, told.strip().endswith(f"[{problem}]")) == (1, True), told
    assert not out.exists()
    (tmp_path / "marked.csv").write_text(f"{csv_of(ratings)}\nc1,,5\nc1,p00,9\n", encoding="utf-8")
    code, told = run("orders.csv", "--ratings", "marked.csv", "--report", str(tmp_path / "left.jsonl"))
    left = [json.loads(line) for line in (tmp_path / "left.jsonl").read_text(encoding="utf-8").splitlines()]
    assert code == 1 and [(row["line"] - len(ratings), row["reason"]) for row in left] == [
        (2, "no_product_id"),
        (3, "rating_out_of_range"),
    ]
    assert left[0]["file"].endswith("marked.csv") and "rating out of range" in left[1]["problem"]
    near = [{"id": f"p{i:02}", "like": [[f"p{i + 1:02}", 0.7]]} for i in range(0, GROUPS * OF_GROUP, 2)]
    code, told = run("orders.csv", "--content", str(content_of(tmp_path / "near.jsonl", *near)))
    assert code == 0 and "content 0." in told
    code, told = run("orders.csv", "--ratings", "ratings.csv")
    assert code == 0 and "content" not in told and "rules." in told and "hybrid 0." in told
    header, products = read(out)
    assert len(products) == len({row["product_id"] for row in orders}) and header["ratings"]["count"] == len(ratings)


def test_columns_are_named_where_they_lack(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("product_id,price\na,1\n")
    with pytest.raises(HistoryError, match="order_id or customer"):
        read_purchases(tmp_path / "a.csv")
    with pytest.raises(HistoryError, match="no column customer"):
        read_ratings(tmp_path / "a.csv")
