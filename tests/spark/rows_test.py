"""Rows read by Spark are those of one machine, and so is what is left out of them."""

import gzip
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from shop import interactions, orders
from shop.errors import HistoryError
from shop.interactions import MOST_IN_BASKET, Dropped
from shop.spark.backend import OnSpark
from shop.spark.purchases import read_product_ids, read_purchases, read_ratings
from shop.spark.rows import read_rows

LARGE = "|".join(f"p{i}" for i in range(MOST_IN_BASKET + 1))
ORDERS = f"""order_id,customer,product_id,items,quantity,ordered_at
1,ann,b,,1,2026-01-02T10:00
1,ann,a,,2,2026-01-02

1,ann,a,,,2026-01-02
2,ann,,a|c|a|a,,2026-01-05
,,,,,
,bob,b,,,2026-01-07T09:00
,bob,"a ""quoted"" one",,,2026-01-07T23:00
,bob,b,,,2026-01-08
3,,c,,,2026-01-09
4,cid, ,,,2026-01-09
4,cid,{"x" * 201},,,2026-01-09
4,cid,unheard of,,,2026-01-09
4,dan,c,,,2026-01-10
5,dan,c,,-1,2026-01-10
5,dan,c,,many,2026-01-10
5,dan,c,,,2026-02-30
,,c,,,2026-01-10
6,eve,,{LARGE},,2026-01-11
7,fay,a,,1
8,张伟,灯,,1,2026-01-12
8,张伟,灯,,1,2026-01-12
8,张伟,灯,,1,2026-01-12
8,张伟,灯,,1,2026-01-12
8,张伟,灯,,1,2026-01-12
"""
KNOWN = {"a", "b", "c", 'a "quoted" one', "灯", *LARGE.split("|")}


def write(path: Path, text: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return str(path)


def same(found: Dropped, local: Dropped) -> bool:
    """Of each reason Spark keeps the first problems only."""
    kept = [problem for problem in local.problems if Dropped.told(*problem[1:]) in local.named]
    return found.counts == local.counts and found.named == local.named and set(found.problems) == set(kept)


def code_of(session: SparkSession, path: str | Path, what: str = "purchases") -> str:
    with pytest.raises(HistoryError) as caught:
        getattr(OnSpark(session), f"read_{what}")(str(path), None)
    return caught.value.code


@pytest.mark.parametrize("name", ["orders.csv", "orders.csv.gz"])
def test_purchases_and_what_is_left_out_are_those_of_one_machine(
    session: SparkSession, tmp_path: Path, name: str
) -> None:
    path = write(tmp_path / name, "\ufeff" + ORDERS)
    local, found = interactions.read_purchases(Path(path), KNOWN), read_purchases(session, path, KNOWN)
    assert len(local.dropped.counts) == 8 and local.dropped.counts["repeated_in_basket"] == 7
    assert same(found.dropped, local.dropped)
    assert (found.products, len(found), found.customer_count) == (local.products, len(local), local.customer_count)
    assert (found.several, found.dated) == (local.several, local.dated) == (2, True)
    gathered = found.first(100)
    assert gathered.customers.toarray().tolist() == local.customers.toarray().tolist()
    assert gathered.days is not None and local.days is not None
    assert sorted(gathered.days) == sorted(local.days)


def test_a_folder_and_a_glob_are_read_as_one_file(session: SparkSession, tmp_path: Path) -> None:
    header, *rows = ORDERS.splitlines(keepends=True)
    write(tmp_path / "orders.csv/part-0", header + "".join(rows[:9]))
    write(tmp_path / "orders.csv/part-1", header + "".join(rows[9:]))
    write(tmp_path / "orders.csv/_SUCCESS", "")
    whole = list(orders.read_rows(Path(write(tmp_path / "whole.csv", ORDERS))))
    for path in ("orders.csv", "orders.csv/part-*"):
        found = read_rows(session, str(tmp_path / path)).rdd.collect()
        assert [row for _, row in found] == [row for _, row in whole]
        assert [line for line, _ in found] == [line + (line > 10) for line, _ in whole]


def test_json_and_tabs_are_read_as_on_one_machine(session: SparkSession, tmp_path: Path) -> None:
    lines = [
        '{"order_id": 1, "items": ["a", 7, 7.0]}',
        '{"order_id": 2, "items": []}',
        '{"order_id": 2, "customer": "ann", "product_id": "灯"}',
        "[1]",
        "",
        "{",
        '{"customer": "bob", "product_id": "b"}',
    ]
    path = write(tmp_path / "orders.jsonl", "\n".join(lines))
    local, found = interactions.read_purchases(Path(path)), read_purchases(session, path, None)
    assert found.products == local.products == ["7", "a", "b", "灯"]
    assert same(found.dropped, local.dropped) and not found.dated
    assert (len(found), found.customer_count) == (len(local), local.customer_count) == (3, 3)
    path = write(tmp_path / "orders.tsv", 'order_id\tproduct_id\n1\t"a\n1\tb"\n')
    assert read_purchases(session, path, None).products == ['"a', 'b"']


def test_text_that_cannot_be_written_again_is_left_out(session: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_bytes(b'{"order_id": 1, "product_id": "\\ud800"}\n{"order_id": 1, "product_id": "\xff"}\n')
    rows = [row for _, row in read_rows(session, str(path)).rdd.collect()]
    assert rows == ["not UTF-8", "not UTF-8"]


def test_a_cell_with_a_line_break_is_named(session: SparkSession, tmp_path: Path) -> None:
    path = write(tmp_path / "orders.csv", 'order_id,product_id\n1,"a\nb"\n2,c\n')
    found = read_purchases(session, path, None)
    assert found.products == ["c"] and found.dropped.counts == {"unreadable_row": 2}
    assert found.dropped.named[0].startswith("line 2: not CSV")


def test_ratings_are_those_of_one_machine(session: SparkSession, tmp_path: Path) -> None:
    rows = """customer,product_id,rating,rated_at
ann,a,5,2026-03-01
ann,a,1,2026-02-01
bob,b,2,
bob,b,3,2026-03-02
bob,b,4,
ann,b,0,
ann,b,good,
,b,3,
cid,c,3,
cid,a,2,2026-01-01
cid,a,4,2026-01-01
"""
    path = write(tmp_path / "ratings.csv", rows)
    local, found = interactions.read_ratings(Path(path), {"a", "b"}), read_ratings(session, path, {"a", "b"})
    assert local.dropped.counts["rated_again"] == 4 and same(found.dropped, local.dropped)
    assert found.products == local.products and found.values.tolist() == local.values.tolist() == [5, 4, 4]
    assert (found.users.tolist(), found.items.tolist()) == (local.users.tolist(), local.items.tolist())
    assert code_of(session, write(tmp_path / "none.csv", "customer,product_id,rating\nann,a,9\n"), "ratings") == "empty"


def test_product_ids(session: SparkSession, tmp_path: Path) -> None:
    assert read_product_ids(session, write(tmp_path / "products.csv", "id,title\na,x\n b ,y\n,z\n")) == {"a", "b"}


def test_bad_input_has_a_code(session: SparkSession, tmp_path: Path) -> None:
    good = "order_id,product_id\n1,a\n"
    assert code_of(session, tmp_path / "missing.csv") == "unreadable"
    assert code_of(session, "nowhere://orders.csv") == "unreadable"
    assert code_of(session, write(tmp_path / "empty.csv", "")) == "empty"
    assert code_of(session, write(tmp_path / "header.csv", "order_id,product_id\n")) == "empty"
    assert code_of(session, write(tmp_path / "odd.csv", "who,what\na,b\n")) == "no_column"
    assert code_of(session, write(tmp_path / "odd.jsonl", '{"product_id": "a"}\n')) == "no_column"
    assert code_of(session, write(tmp_path / "twice.csv", "order_id,product_id,product_id\n1,a,b\n")) == "bad_header"
    write(tmp_path / "mixed/a.csv", good)
    write(tmp_path / "mixed/b.jsonl", "{}")
    assert code_of(session, tmp_path / "mixed") == "unreadable"
    write(tmp_path / "headers/a.csv", good)
    write(tmp_path / "headers/b.csv", "product_id,order_id\na,1\n")
    assert code_of(session, tmp_path / "headers") == "bad_header"
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(good.encode())[:-12])
    assert code_of(session, tmp_path / "cut.csv.gz") == "unreadable"
