"""What a shop's customers bought and rated: rows of orders and ratings, checked, as tables without repeats.

    bought = read_purchases(Path("orders.csv"), known=None)
    rated = read_ratings(Path("ratings.csv"), known=set(bought.products))

A row of orders has `product_id`, or `items` (a|b|c, or a list), and `order_id` or `customer`; `quantity` and
`ordered_at` are optional. A row of ratings has `customer`, `product_id`, `rating` from 1 to 5, and `rated_at`
optionally. What cannot be used is left out and counted by its reason in `dropped`, the first of each with their lines.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from shop.errors import HistoryError
from shop.orders import DAY, Row, number_of, read_rows, seconds_of, text_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_IN_ID = 200  # characters
MOST_IN_BASKET = 500  # products; more is a wholesaler's order or a file without order ids
RATINGS = (1.0, 5.0)
NAMED = 5  # rows of each reason, one by one


@dataclass
class Dropped:
    """How many rows were left out for which reason."""

    counts: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)

    def add(self, reason: str, what: str) -> None:
        self.counts[reason] += 1
        if self.counts[reason] <= NAMED:
            self.named.append(f"{what}: {reason.replace('_', ' ')}")


@dataclass
class Purchases:
    """Who bought what: each basket's products once."""

    products: list[str]  # in ascending order
    baskets: csr_matrix  # baskets × products, 0 and 1
    owner: Ints  # of each basket, the number of its customer
    days: Floats | None  # of each basket, days since 1970; None where not all say so
    dropped: Dropped
    rows: int

    def __len__(self) -> int:
        return int(self.baskets.shape[0])

    @property
    def customers(self) -> csr_matrix:
        """Customers × products: in how many of the customer's baskets each is."""
        baskets = np.arange(len(self))
        owned = csr_matrix((np.ones(len(self)), (self.owner, baskets)), shape=(int(self.owner.max()) + 1, len(self)))
        matrix = (owned @ self.baskets).tocsr()
        matrix.sort_indices()
        return matrix

    def take(self, chosen: npt.NDArray[np.bool_]) -> "Purchases":
        """Some of the baskets; customers without any are numbered out, products stay."""
        owner = np.unique(self.owner[chosen], return_inverse=True)[1]
        days = None if self.days is None else self.days[chosen]
        return Purchases(self.products, self.baskets[chosen], owner, days, self.dropped, self.rows)


@dataclass
class Ratings:
    users: Ints
    products: list[str]  # in ascending order
    items: Ints
    values: Floats
    dropped: Dropped

    def __len__(self) -> int:
        return len(self.values)


def _products_of(row: Row) -> list[str]:
    items = row.get("items")
    if items is None or items == "":
        return [text_of(row.get("product_id"))]
    return [text_of(item) for item in (items if isinstance(items, list) else str(items).split("|"))]


def _wrong_id(product: str, known: Collection[str] | None) -> str | None:
    if product == "":
        return "no_product_id"
    if len(product) > MOST_IN_ID:
        return "id_too_long"
    return "unknown_product" if known is not None and product not in known else None


def _basket_of(row: Row, day: float) -> tuple[str, str] | None:
    """The names of a row's basket and of its customer; without order ids, a customer's day is a basket."""
    order, customer = text_of(row.get("order_id")), text_of(row.get("customer"))
    if order == "" and (customer == "" or math.isnan(day)):
        return (f"customer {customer}", f"customer {customer}") if customer else None
    basket = f"order {order}" if order else f"customer {customer} {math.floor(day)}"
    return basket, f"customer {customer}" if customer else basket


def purchases_of(rows: Iterable[tuple[int, Row | str]], known: Collection[str] | None = None) -> Purchases:
    dropped, count = Dropped(), 0
    baskets: dict[str, tuple[str, float, dict[str, None]]] = {}
    for line, row in rows:
        count += 1
        what = f"line {line}"
        if isinstance(row, str):
            dropped.add("unreadable_row", f"{what}: {row}")
            continue
        try:
            day = seconds_of(row.get("ordered_at")) / DAY
            quantity = number_of(row.get("quantity"))
        except ValueError as error:
            dropped.add("unreadable_row", f"{what}: {error}")
            continue
        names = _basket_of(row, day)
        if names is None:
            dropped.add("no_order_and_no_customer", what)
        elif quantity <= 0:
            dropped.add("quantity_not_above_0", what)
        else:
            _, _, products = baskets.setdefault(names[0], (names[1], day, {}))
            for product in _products_of(row):
                wrong = _wrong_id(product, known) or ("repeated_in_basket" if product in products else None)
                if wrong:
                    dropped.add(wrong, f"{what}: {product[:40]!r}")
                else:
                    products[product] = None
    for name in [name for name, (_, _, products) in baskets.items() if len(products) > MOST_IN_BASKET]:
        dropped.add("basket_too_large", f"{name[:60]}: {len(baskets.pop(name)[2])} products")
    return _tables([basket for basket in baskets.values() if basket[2]], dropped, count)


def _tables(baskets: list[tuple[str, float, dict[str, None]]], dropped: Dropped, rows: int) -> Purchases:
    if not baskets:
        raise HistoryError("empty", "There is no row that says who bought which product.")
    products = sorted({product for _, _, of_basket in baskets for product in of_basket})
    place = {product: i for i, product in enumerate(products)}
    columns = [place[product] for _, _, of_basket in baskets for product in sorted(of_basket)]
    lengths = [len(of_basket) for _, _, of_basket in baskets]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(baskets), len(products)))
    names = {customer: i for i, customer in enumerate(sorted({customer for customer, _, _ in baskets}))}
    owner = np.array([names[customer] for customer, _, _ in baskets], np.int64)
    days = np.array([day for _, day, _ in baskets], float)
    return Purchases(products, matrix, owner, None if np.isnan(days).any() else days, dropped, rows)


def ratings_of(rows: Iterable[tuple[int, Row | str]], known: Collection[str] | None = None) -> Ratings:
    """Of a customer's ratings of one product the latest counts."""
    dropped = Dropped()
    latest: dict[tuple[str, str], tuple[float, float]] = {}
    for line, row in rows:
        what = f"line {line}"
        if isinstance(row, str):
            dropped.add("unreadable_row", f"{what}: {row}")
            continue
        try:
            value, time = number_of(row.get("rating")), seconds_of(row.get("rated_at"))
        except ValueError as error:
            dropped.add("unreadable_row", f"{what}: {error}")
            continue
        user, product = text_of(row.get("customer")), text_of(row.get("product_id"))
        wrong = "no_customer" if user == "" else _wrong_id(product, known)
        if wrong or not RATINGS[0] <= value <= RATINGS[1]:
            dropped.add(wrong or "rating_out_of_range", f"{what}: {product[:40]!r}")
            continue
        before = latest.get((user, product))
        if before is not None:
            dropped.add("rated_again", f"{what}: {product[:40]!r}")
            if time < before[0]:
                continue
        latest[user, product] = (time, value)
    if not latest:
        raise HistoryError("empty", "There is no rating that can be used.")
    users, products = (sorted({key[i] for key in latest}) for i in (0, 1))
    user_at, item_at = ({name: i for i, name in enumerate(names)} for names in (users, products))
    return Ratings(
        np.array([user_at[user] for user, _ in latest], np.int64),
        products,
        np.array([item_at[product] for _, product in latest], np.int64),
        np.array([value for _, value in latest.values()]),
        dropped,
    )


def _need(rows: list[tuple[int, Row | str]], columns: tuple[tuple[str, ...], ...], path: Path) -> None:
    present = {name for _, row in rows if not isinstance(row, str) for name in row}
    for choice in columns:
        if present and present.isdisjoint(choice):
            raise HistoryError("no_column", f"{path} has no column {' or '.join(choice)}.")


def read_purchases(path: Path, known: Collection[str] | None = None) -> Purchases:
    rows = list(read_rows(path))
    _need(rows, (("product_id", "items"), ("order_id", "customer")), path)
    return purchases_of(rows, known)


def read_ratings(path: Path, known: Collection[str] | None = None) -> Ratings:
    rows = list(read_rows(path))
    _need(rows, (("product_id",), ("customer",), ("rating",)), path)
    return ratings_of(rows, known)


def read_product_ids(path: Path) -> set[str]:
    """The column `id` of a product list, as `aftersense catalog build` takes it."""
    rows: list[tuple[int, Any]] = list(read_rows(path))
    _need(rows, (("id",),), path)
    return {text_of(row.get("id")) for _, row in rows if not isinstance(row, str)} - {""}
