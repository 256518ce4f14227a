"""What a shop's customers bought and rated: rows of orders and ratings, checked, as tables without repeats.

    bought = read_purchases(Path("orders.csv"), known=None)
    rated = read_ratings(Path("ratings.csv"), known=set(bought.products))

A row of orders has `product_id`, or `items` (a|b|c, or a list), and `order_id` or `customer`; `quantity` and
`ordered_at` are optional. A row of ratings has `customer`, `product_id`, `rating` from 1 to 5, and `rated_at`
optionally. What cannot be used is left out and counted by its reason in `dropped`, the first of each with their lines.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
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

# A customer, the day since 1970 or NaN, and products once each.
Basket = tuple[str, float, Collection[str]]


@dataclass
class Dropped:
    """How many rows were left out for which reason."""

    counts: Counter[str] = field(default_factory=Counter)
    named: list[str] = field(default_factory=list)
    problems: list[tuple[int | None, str, str]] = field(default_factory=list)  # all: line, reason, what to say of it

    def add(self, reason: str, what: str, line: int | None = None) -> None:
        self.counts[reason] += 1
        self.problems.append((line, reason, what))
        if self.counts[reason] <= NAMED:
            self.named.append(self.told(reason, what))

    @staticmethod
    def told(reason: str, what: str) -> str:
        return f"{what}: {reason.replace('_', ' ')}"


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

    @property
    def customer_count(self) -> int:
        return int(self.owner.max(initial=-1)) + 1

    @property
    def dated(self) -> bool:
        return self.days is not None

    @property
    def several(self) -> int:
        """Customers who bought two products or more."""
        return int((np.diff(self.customers.indptr) >= 2).sum())

    def where(self, chosen: Callable[[int], bool]) -> "Purchases":
        """The baskets of some customers, by their numbers."""
        return self.take(np.array([chosen(int(owner)) for owner in self.owner], np.bool_))

    def first(self, several: int) -> "Purchases":
        """At least so many customers with two products or more, in memory: here all are."""
        return self

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


class Unusable(Exception):
    """A row that is left out: the reason, and what is wrong with it where that says more."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason, self.detail = reason, detail

    def at(self, line: int) -> str:
        return f"line {line}: {self.detail}" if self.detail else f"line {line}"


@dataclass(frozen=True)
class Purchase:
    """What one row of orders says. `day` since 1970, NaN where it says none; products may repeat and be unknown."""

    basket: str
    customer: str
    day: float
    products: list[str]


@dataclass(frozen=True)
class Rating:
    customer: str
    product: str
    value: float
    time: float  # seconds since 1970, or NaN

    def follows(self, other: "Rating") -> bool:
        """Whether this one, of a later row, takes the other's place."""
        return not self.time < other.time


def _products_of(row: Row) -> list[str]:
    items = row.get("items")
    if items is None or items == "":
        return [text_of(row.get("product_id"))]
    return [text_of(item) for item in (items if isinstance(items, list) else str(items).split("|"))]


def check_id(product: str, known: Collection[str] | None) -> None:
    reason = None
    if product == "":
        reason = "no_product_id"
    elif len(product) > MOST_IN_ID:
        reason = "id_too_long"
    elif known is not None and product not in known:
        reason = "unknown_product"
    if reason:
        raise Unusable(reason, repr(product[:40]))


def _basket_of(row: Row, day: float) -> tuple[str, str] | None:
    """The names of a row's basket and of its customer; without order ids, a customer's day is a basket."""
    order, customer = text_of(row.get("order_id")), text_of(row.get("customer"))
    if order == "" and (customer == "" or math.isnan(day)):
        return (f"customer {customer}", f"customer {customer}") if customer else None
    basket = f"order {order}" if order else f"customer {customer} {math.floor(day)}"
    return basket, f"customer {customer}" if customer else basket


def purchase_of(row: Row | str) -> Purchase:
    """A row of orders, or what is wrong with it: raises Unusable."""
    if isinstance(row, str):
        raise Unusable("unreadable_row", row)
    try:
        day = seconds_of(row.get("ordered_at")) / DAY
        quantity = number_of(row.get("quantity"))
    except ValueError as error:
        raise Unusable("unreadable_row", str(error)) from None
    names = _basket_of(row, day)
    if names is None:
        raise Unusable("no_order_and_no_customer")
    if quantity <= 0:
        raise Unusable("quantity_not_above_0")
    return Purchase(*names, day, _products_of(row))


def rating_of(row: Row | str, known: Collection[str] | None) -> Rating:
    """A row of ratings; raises Unusable."""
    if isinstance(row, str):
        raise Unusable("unreadable_row", row)
    try:
        value, time = number_of(row.get("rating")), seconds_of(row.get("rated_at"))
    except ValueError as error:
        raise Unusable("unreadable_row", str(error)) from None
    customer, product = text_of(row.get("customer")), text_of(row.get("product_id"))
    if customer == "":
        raise Unusable("no_customer", repr(product[:40]))
    check_id(product, known)
    if not RATINGS[0] <= value <= RATINGS[1]:
        raise Unusable("rating_out_of_range", repr(product[:40]))
    return Rating(customer, product, value, time)


def purchases_of(rows: Iterable[tuple[int, Row | str]], known: Collection[str] | None = None) -> Purchases:
    dropped, count = Dropped(), 0
    baskets: dict[str, tuple[str, float, dict[str, None]]] = {}
    for line, row in rows:
        count += 1
        try:
            said = purchase_of(row)
        except Unusable as error:
            dropped.add(error.reason, error.at(line), line)
            continue
        _, _, products = baskets.setdefault(said.basket, (said.customer, said.day, {}))
        for product in said.products:
            try:
                check_id(product, known)
                if product in products:
                    raise Unusable("repeated_in_basket", repr(product[:40]))
                products[product] = None
            except Unusable as error:
                dropped.add(error.reason, error.at(line), line)
    for name in [name for name, (_, _, products) in baskets.items() if len(products) > MOST_IN_BASKET]:
        dropped.add("basket_too_large", too_large(name, len(baskets.pop(name)[2])))
    return tables_of([basket for basket in baskets.values() if basket[2]], dropped, count)


def too_large(basket: str, products: int) -> str:
    return f"{basket[:60]}: {products} products"


def tables_of(baskets: Sequence[Basket], dropped: Dropped, rows: int) -> Purchases:
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
    latest: dict[tuple[str, str], Rating] = {}
    for line, row in rows:
        try:
            said = rating_of(row, known)
        except Unusable as error:
            dropped.add(error.reason, error.at(line), line)
            continue
        before = latest.get((said.customer, said.product))
        if before is not None:
            dropped.add("rated_again", f"line {line}: {said.product[:40]!r}", line)
        if before is None or said.follows(before):
            latest[said.customer, said.product] = said
    return rating_tables(list(latest.values()), dropped)


def rating_tables(latest: Sequence[Rating], dropped: Dropped) -> Ratings:
    if not latest:
        raise HistoryError("empty", "There is no rating that can be used.")
    users, products = sorted({said.customer for said in latest}), sorted({said.product for said in latest})
    user_at, item_at = ({name: i for i, name in enumerate(names)} for names in (users, products))
    return Ratings(
        np.array([user_at[said.customer] for said in latest], np.int64),
        products,
        np.array([item_at[said.product] for said in latest], np.int64),
        np.array([said.value for said in latest]),
        dropped,
    )


PURCHASE_COLUMNS = (("product_id", "items"), ("order_id", "customer"))  # one of each
RATING_COLUMNS = (("product_id",), ("customer",), ("rating",))


def check_columns(present: Collection[str], columns: tuple[tuple[str, ...], ...], path: object) -> None:
    for choice in columns:
        if present and set(present).isdisjoint(choice):
            raise HistoryError("no_column", f"{path} has no column {' or '.join(choice)}.")


def need_columns(rows: list[tuple[int, Row | str]], columns: tuple[tuple[str, ...], ...], path: Path) -> None:
    check_columns({name for _, row in rows if not isinstance(row, str) for name in row}, columns, path)


def read_purchases(path: Path, known: Collection[str] | None = None) -> Purchases:
    rows = list(read_rows(path))
    need_columns(rows, PURCHASE_COLUMNS, path)
    return purchases_of(rows, known)


def read_ratings(path: Path, known: Collection[str] | None = None) -> Ratings:
    rows = list(read_rows(path))
    need_columns(rows, RATING_COLUMNS, path)
    return ratings_of(rows, known)


def read_content(path: Path, products: list[str]) -> csr_matrix:
    """Products × products, by what `aftersense catalog neighbours` wrote: `id` and `like`, [[id, nearness], …]."""
    rows = list(read_rows(path))
    need_columns(rows, (("id",), ("like",)), path)
    at = {name: i for i, name in enumerate(products)}
    near: dict[tuple[int, int], float] = {}
    for line, row in rows:
        if isinstance(row, str):
            raise HistoryError("bad_content", f"{path}, line {line}: {row}.")
        try:
            for other, nearness in row["like"]:
                if not 0 <= nearness <= 1.0001:
                    raise ValueError(f"{nearness} is not from 0 to 1")
                if row["id"] in at and other in at:
                    near[at[row["id"]], at[other]] = nearness
        except (KeyError, TypeError, ValueError) as error:
            raise HistoryError(
                "bad_content", f"{path}, line {line}: like must be [[id, nearness], …]: {error}."
            ) from error
    row_, column = zip(*near, strict=True) if near else ((), ())
    return csr_matrix((list(near.values()), (row_, column)), shape=(len(products), len(products)), dtype=float)


def read_product_ids(path: Path) -> set[str]:
    """The column `id` of a product list, as `aftersense catalog build` takes it."""
    rows: list[tuple[int, Any]] = list(read_rows(path))
    need_columns(rows, (("id",),), path)
    return {text_of(row.get("id")) for _, row in rows if not isinstance(row, str)} - {""}
