"""Foresight: orders read, rates shrunk, risks near the true ones of simulated orders, and nothing that leaks."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from shop.errors import HistoryError
from shop.foresight import Model, fit, history_splits, main, measure, train, validate
from shop.model import contributions, score, scores, write
from shop.orders import Orders, orders_of, read_orders, seconds_of
from shop.rates import fit_rates, strength_of
from shop.simulate_orders import simulate

GOLDEN = Path(__file__).parents[1] / "golden/foresight.json"
ROWS = 3000


def table(rows: list[dict[str, Any]], **options: Any) -> Orders:
    return orders_of(enumerate(rows, 2), **options)


@pytest.fixture(scope="module")
def history() -> tuple[list[dict[str, Any]], np.ndarray]:
    return simulate(ROWS, seed=3)


@pytest.fixture(scope="module")
def model(history: tuple[list[dict[str, Any]], np.ndarray]) -> Model:
    return train(table(history[0]))


def test_risks_come_near_the_true_ones(model: Model) -> None:
    rows, risks = simulate(6000, seed=3)  # the products of the history, and further orders of them
    later = table(rows[4000:])
    said = scores(model, later)
    found = measure(later.label, said, model["base_rate"])
    best = roc_auc_score(later.label, risks[4000:])
    assert best - 0.04 < found["auc"] <= best + 0.01
    assert found["brier"] < 0.93 * found["base_brier"]
    assert 0.8 < found["slope"] < 1.25
    assert np.abs([tenth["said"] - tenth["found"] for tenth in found["reliability"]]).max() < 0.1


def test_the_record_of_validation_is_not_better_than_the_truth(
    model: Model, history: tuple[list[dict[str, Any]], np.ndarray]
) -> None:
    found = model["validation"]
    assert found["by"] == "time" and found["rows"] == pytest.approx(ROWS / 5, rel=0.05)
    latest = slice(ROWS - found["rows"], ROWS)
    truth = [row["problem"] for row in history[0][latest]]
    assert found["auc"] <= roc_auc_score(truth, history[1][latest]) + 0.02


def test_labels_by_chance_teach_nothing() -> None:
    rows, _ = simulate(2000, seed=4)
    chance = np.random.default_rng(0).random(len(rows)) < 0.2
    found = validate(table([row | {"problem": int(c)} for row, c in zip(rows, chance, strict=True)]))
    assert abs(found["auc"] - 0.5) < 0.07
    undated = [row | {"problem": int(c), "ordered_at": ""} for row, c in zip(rows, chance, strict=True)]
    found = validate(table(undated))
    assert found["by"] == "folds" and found["rows"] == len(rows)
    assert abs(found["auc"] - 0.5) < 0.04
    assert found["brier"] < found["base_brier"] + 0.002


def test_history_is_taken_from_earlier_days_only(history: tuple[list[dict[str, Any]], np.ndarray]) -> None:
    orders = table(history[0])
    assert orders.day is not None
    splits = history_splits(orders)
    assert len(splits) > 5
    for known, rows in splits:
        assert np.floor(orders.day[known]).max() < np.floor(orders.day[rows]).min()


def test_without_dates_a_customer_is_on_one_side(history: tuple[list[dict[str, Any]], np.ndarray]) -> None:
    orders = table([row | {"ordered_at": ""} for row in history[0]])
    splits = history_splits(orders)
    assert sorted(np.concatenate([rows for _, rows in splits]).tolist()) == list(range(len(orders)))
    for known, rows in splits:
        assert {orders.group[i] for i in known}.isdisjoint(orders.group[i] for i in rows)


def test_few_rows_say_little() -> None:
    rng = np.random.default_rng(1)
    keys = [f"k{i}" for i in rng.integers(0, 200, 8000)]
    true = dict(zip(sorted(set(keys)), rng.beta(20 * 0.1, 20 * 0.9, 200), strict=True))
    label = (rng.random(len(keys)) < [true[key] for key in keys]).astype(np.int64)
    keys, label = ["rare", *["few"] * 6, *keys], np.concatenate([np.ones(7, np.int64), label])
    rates = fit_rates(keys, label, np.full(len(keys), 0.1))
    assert 12 < rates.strength < 32
    assert "rare" not in rates.values
    assert 0.1 < rates.values["few"] < 0.5
    named = sorted(true)
    plain = np.array([label[np.array(keys) == key].mean() for key in named])
    shrunk = np.array([rates.values[key] for key in named])
    error = [np.mean((guess - [true[key] for key in named]) ** 2) for guess in (plain, shrunk)]
    assert error[1] < 0.9 * error[0]


def test_values_that_do_not_differ_have_no_rates_of_their_own() -> None:
    rng = np.random.default_rng(2)
    rows = np.full(100, 50.0)
    problems = rng.binomial(50, 0.2, 100).astype(float)
    assert strength_of(problems, rows, np.full(100, 0.2)) > 200


def test_contributions_add_up_and_numbers_weigh_nothing_on_average(
    model: Model, history: tuple[list[dict[str, Any]], np.ndarray]
) -> None:
    orders = table(history[0])
    row = orders.row(5)
    log_odds = model["intercept"] + sum(contributions(model, row).values())
    assert score(model, row) == pytest.approx(1 / (1 + np.exp(-log_odds)), abs=1e-15)
    terms = [contributions(model, orders.row(i)) for i in range(len(orders))]
    for feature in model["features"]:
        if feature["kind"] == "number":
            assert abs(np.mean([term[feature["name"]] for term in terms])) < 0.05


def test_the_file_holds_no_customer_and_no_order(model: Model, tmp_path: Path) -> None:
    write(model, tmp_path / "foresight.json")
    text = (tmp_path / "foresight.json").read_text(encoding="utf-8")
    assert json.loads(text) == model
    assert not any(word in text for word in ("customer", "order_id", '"c1', '"o0'))
    assert [path.name for path in tmp_path.iterdir()] == ["foresight.json"]


def test_the_golden_file_is_what_python_says() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for case in golden["cases"]:
        row = orders_of([(1, case["row"])], features=["channel"]).row(0)
        assert score(golden["model"], row) == pytest.approx(case["risk"], abs=1e-12)


def test_every_format_reads_the_same(tmp_path: Path) -> None:
    rows = [row | {"category": 'a "b", c' if i % 2 else "灯具"} for i, row in enumerate(simulate(30, seed=5)[0])]
    header = list(rows[0])
    cells = [[str(row[name]) for name in header] for row in rows]
    quoted = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in [header, *cells])
    tabs = "\n".join("\t".join(line) for line in [header, *cells])
    lines = "\n\n".join(json.dumps(row) for row in rows)
    (tmp_path / "a.csv").write_text("\ufeff" + quoted, encoding="utf-8")
    (tmp_path / "a.tsv").write_text(tabs, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(quoted.encode()))
    read = [read_orders(tmp_path / name) for name in ("a.csv", "a.tsv", "a.jsonl", "a.csv.gz")]
    for other in read[1:]:
        assert other.keys == read[0].keys and other.group == read[0].group
        for name, values in read[0].numbers.items():
            np.testing.assert_array_equal(other.numbers[name], values)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86_400),
        ("1970/1/2 01:00", 90_000),
        ("1970-01-01T08:00:05.9+08:00", 5),
        ("1969-12-31T23:59:59-0001", 59),
    ],
)
def test_dates(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["yesterday", "2026-02-30", "2026-03-01T24:00", "20260301", "0001-01-01T00:00+14:00"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        seconds_of(text)


def test_rows_that_cannot_be_read_are_named_and_left_out() -> None:
    rows = simulate(60, seed=6)[0]
    rows[3] |= {"price": "cheap"}
    rows[4] |= {"delivered_at": "2024-01-01"}
    rows[5] |= {"problem": "maybe"}
    rows[6] |= {"problem": ""}
    rows[7] |= {"faq_visits": float("inf")}
    orders = orders_of([*enumerate(rows, 2), (99, "3 cells, not 14")])
    assert (len(orders), orders.open) == (55, 1)
    assert [problem.split(":")[0] for problem in orders.bad] == ["line 99", "line 5", "line 6", "line 7", "line 9"]
    assert "'cheap' is not a number" in orders.bad[1] and "delivery_days is -" in orders.bad[2]


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [("stars<=2", "2", 1), ("stars<=2", 3, 0), ("stars > 2", "2.5", 1), ("status=returned", "returned", 1)],
)
def test_labels_out_of_other_columns(label: str, value: Any, expected: int) -> None:
    rows = [{"stars": value, "status": value, "price": 1}]
    assert table(rows, label=label).label.tolist() == [expected]


def run(rows: list[dict[str, Any]], folder: Path, *options: str) -> int:
    path = folder / "orders.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return main(["train", str(path), "-o", str(folder / "model.json"), *options])


def refused(rows: list[dict[str, Any]], **options: Any) -> str:
    with pytest.raises(HistoryError) as caught:
        train(table(rows, **options))
    return caught.value.code


def test_what_cannot_be_learnt_from_has_a_code(tmp_path: Path) -> None:
    rows = simulate(400, seed=9)[0]
    assert refused([]) == "empty"
    assert refused(rows[:100]) == "too_few_rows"
    assert refused([row | {"problem": 0} for row in rows]) == "one_class"
    assert refused([row | {"problem": int(i < 5)} for i, row in enumerate(rows)]) == "too_few_rows"
    assert refused(rows, label="outcome") == "no_label"
    assert refused(rows, label="price>10") == "label_leak"
    assert refused(rows, features=["problem"]) == "label_leak"
    assert refused(rows, features=["colour"]) == "no_column"
    assert refused([{"problem": 1, "customer": "a"}]) == "no_features"
    assert refused(rows, label="price<cheap") == "bad_label"
    with pytest.raises(HistoryError, match="UTF-8"):
        path = tmp_path / "gbk.csv"
        path.write_bytes("category,problem\n灯具,1\n".encode("gbk"))
        read_orders(path)
    with pytest.raises(HistoryError) as caught:
        (tmp_path / "twice.csv").write_text("price,price,problem\n1,2,0\n")
        read_orders(tmp_path / "twice.csv")
    assert caught.value.code == "bad_header"


@pytest.mark.parametrize("known", [lambda row: row["problem"] * 30 or "", lambda row: ["no", "yes"][row["problem"]]])
def test_a_column_that_knows_the_outcome_is_refused(known: Any) -> None:
    rows = [row | {"refund": known(row)} for row in simulate(600, seed=10)[0]]
    assert refused(rows, features=["refund"]) == "label_leak"


def test_the_command_writes_a_model_or_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = simulate(400, seed=11)[0]
    assert run(rows[:50], tmp_path) == 1
    assert capsys.readouterr().err.endswith("[too_few_rows]\n")
    assert not (tmp_path / "model.json").exists()
    assert run([*rows, rows[0] | {"price": "?"}], tmp_path, "--features", "channel") == 1
    told = capsys.readouterr().err
    assert "line 401: '?' is not a number" in told and "AUC" in told
    names = [
        feature["name"] for feature in json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))["features"]
    ]
    assert names[:3] == ["category", "product_id", "channel"] and "days_late" in names


def test_the_same_history_gives_the_same_model(history: tuple[list[dict[str, Any]], np.ndarray]) -> None:
    assert fit(table(history[0][:800])) == fit(table(history[0][:800]))
