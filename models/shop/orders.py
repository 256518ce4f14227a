"""The history of a shop: rows of CSV, TSV or JSONL, gzip-compressed or not, as columns.

    table = read_orders(Path("orders.csv"), label="problem")

A row is an order, or a product of one. A row that cannot be read is left out and named in `table.bad`; one whose
outcome is blank is not known yet and left out too. Blank cells elsewhere are missing values, which may tell something.
"""

import csv
import gzip
import json
import math
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from shop.errors import HistoryError

Row = Mapping[str, Any]
Floats = npt.NDArray[np.float64]

KEYS = ("category", "product_id")  # rates are learnt of each value; a product leans on its category
NUMBERS = ("price", "days_late", "delivery_days", "faq_visits", "size_switches", "past_orders", "past_returns")
DERIVED = {"days_late": ("promised_at", "delivered_at"), "delivery_days": ("ordered_at", "delivered_at")}
COUNTS = ("faq_visits", "size_switches", "past_orders", "past_returns", "price", "delivery_days")  # none is below 0
DAY = 86_400  # seconds
LEAST_DAYS = 20  # to tell what came before from what came after

_DATE = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|([+-])(\d{2}):?(\d{2}))?)?"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LABEL = re.compile(r"(.+?)\s*(<=|>=|<|>|=)\s*(.+)")
_SAID = {"1": 1, "true": 1, "yes": 1, "是": 1, "0": 0, "false": 0, "no": 0, "否": 0}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


@dataclass
class Orders:
    """Columns of the rows that can be read. Missing: NaN in numbers, "" in keys."""

    label: npt.NDArray[np.int64]
    numbers: dict[str, Floats]
    keys: dict[str, list[str]]
    group: list[str]  # the customer, else the order: without dates, its rows are never on both sides of a split
    day: Floats | None  # when it was ordered, in days since 1970; None where not all rows say so, or of few days
    bad: list[str] = field(default_factory=list)
    open: int = 0  # rows whose outcome is not known yet

    def __len__(self) -> int:
        return len(self.label)

    def take(self, rows: npt.NDArray[np.int64]) -> "Orders":
        return Orders(
            self.label[rows],
            {name: values[rows] for name, values in self.numbers.items()},
            {name: [values[row] for row in rows] for name, values in self.keys.items()},
            [self.group[row] for row in rows],
            None if self.day is None else self.day[rows],
        )

    def row(self, index: int) -> dict[str, float | str]:
        """As `foresight.score` takes it."""
        numbers = {name: float(values[index]) for name, values in self.numbers.items()}
        return numbers | {name: values[index] for name, values in self.keys.items()}


def text_of(value: Any) -> str:
    """A cell as text, "" where it is missing. A whole number reads the same as in CSV; JavaScript writes 7.0 as 7."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def number_of(value: Any) -> float:
    text = text_of(value)
    if text == "":
        return math.nan
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise ValueError(f"{text!r} is not a number")
    return float(text)


def seconds_of(value: Any) -> float:
    """Since 1970, of an ISO 8601 date, also with slashes; without an offset it is UTC. web/foresight reads the same."""
    text = text_of(value)
    if text == "":
        return math.nan
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a date such as 2026-03-31 or 2026-03-31T18:05:00+08:00")
    year, month, day, hour, minute, second, _, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    try:
        time = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC)
        return (time - offset).timestamp()
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a date: {error}") from None


def label_reader(label: str) -> tuple[str, Callable[[Any], int | None]]:
    """The column of a label such as `problem`, `stars<=2` or `status=returned`, and its reader. None: not known yet."""
    found = _LABEL.fullmatch(label.strip())
    if not found:
        return label.strip(), _said
    column, sign, wanted = found.groups()
    if sign == "=":
        return column, lambda value: None if text_of(value) == "" else int(text_of(value) == wanted)
    if not _NUMBER.fullmatch(wanted):
        raise HistoryError("bad_label", f"--label {label!r}: {wanted!r} is not a number.")
    limit = float(wanted)

    def compare(value: Any) -> int | None:
        number = number_of(value)
        return None if math.isnan(number) else int(_COMPARE[sign](number, limit))

    return column, compare


def _said(value: Any) -> int | None:
    text = text_of(value).lower()
    if text == "":
        return None
    if text not in _SAID:
        raise ValueError(f"{text!r} is neither 0 nor 1")
    return _SAID[text]


def is_json(name: str) -> bool:
    return name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))


def csv_options(name: str) -> dict[str, Any]:
    """Of the `csv` module: a TSV file has no quotes, a CSV file has them right."""
    is_tsv = name.lower().removesuffix(".gz").endswith(".tsv")
    return {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if is_tsv else {"strict": True}


def header_of(cells: Sequence[str]) -> list[str]:
    header = [name.strip() for name in cells]
    if len(set(header)) < len(header):
        raise HistoryError("bad_header", f"Two columns have one name: {', '.join(header)}.")
    return header


def csv_row(header: Sequence[str], cells: Sequence[str]) -> Row | str:
    if len(cells) != len(header):
        return f"{len(cells)} cells, not {len(header)}"
    return dict(zip(header, cells, strict=True))


def json_row(line: str) -> Row | str:
    try:
        row = json.loads(line.rstrip("\r\n"))
    except ValueError as error:
        return f"not JSON: {error}"
    return row if isinstance(row, dict) else "not a JSON object"


def read_rows(path: Path) -> Iterator[tuple[int, Row | str]]:
    """Each row with the line where it ends, or what is wrong with it."""
    try:
        unpack: Callable[..., IO[str]] = gzip.open if path.suffix == ".gz" else open
        with unpack(path, "rt", encoding="utf-8-sig", newline="") as lines:
            yield from _json_rows(lines) if is_json(path.name) else _csv_rows(lines, csv_options(path.name))
    except UnicodeDecodeError:
        raise HistoryError("not_utf8", f"{path} is not UTF-8: save it as UTF-8 (Excel: “CSV UTF-8”).") from None
    except (OSError, EOFError, csv.Error, zlib.error) as error:
        raise HistoryError("unreadable", f"{path} cannot be read: {error}") from None


def _json_rows(lines: IO[str]) -> Iterator[tuple[int, Row | str]]:
    for number, line in enumerate(lines, 1):
        if line.strip() != "":
            yield number, json_row(line)


def _csv_rows(lines: IO[str], options: dict[str, Any]) -> Iterator[tuple[int, Row | str]]:
    reader = csv.reader(lines, **options)
    header = header_of(next(reader, []))
    for cells in reader:
        if any(cells):
            yield reader.line_num, csv_row(header, cells)


def read_orders(path: Path, label: str = "problem", features: Sequence[str] = ()) -> Orders:
    return orders_of(read_rows(path), label, features)


def _columns(rows: Sequence[Row], label_column: str, features: Sequence[str]) -> tuple[list[str], list[str]]:
    """Names of the keys and of the numbers that these rows have."""
    present = {name for row in rows for name in row}
    if label_column not in present:
        raise HistoryError("no_label", f"There is no column {label_column!r} for the outcome; --label names it.")
    if label_column in features or label_column in (*KEYS, *NUMBERS):
        raise HistoryError("label_leak", f"The outcome is read from {label_column!r}, which cannot be a feature too.")
    absent = [name for name in features if name not in present]
    if absent:
        raise HistoryError("no_column", f"There is no column {absent[0]!r} for a feature.")
    keys = [name for name in KEYS if name in present]
    numbers = [n for n in NUMBERS if n in present or (n in DERIVED and set(DERIVED[n]) <= present)]
    for name in features:
        if name not in (*keys, *numbers):
            (numbers if _is_numeric(row.get(name) for row in rows) else keys).append(name)
    if not keys and not numbers:
        raise HistoryError("no_features", f"There is no column to learn from: one of {', '.join((*KEYS, *NUMBERS))}.")
    return keys, numbers


def _is_numeric(values: Iterable[Any]) -> bool:
    try:
        return not all(math.isnan(number_of(value)) for value in values)
    except ValueError:
        return False


def _number(row: Row, name: str) -> float:
    """A number of a row as it stands there, or from its dates."""
    value = number_of(row.get(name))
    if math.isnan(value) and name in DERIVED:
        start, end = (seconds_of(row.get(column)) for column in DERIVED[name])
        value = (end - start) / DAY
    if name in COUNTS and value < 0:
        raise ValueError(f"{name} is {value:g}, below 0")
    return value


def orders_of(rows: Iterable[tuple[int, Row | str]], label: str = "problem", features: Sequence[str] = ()) -> Orders:
    column, outcome = label_reader(label)
    numbered = list(rows)
    bad = [f"line {line}: {row}" for line, row in numbered if isinstance(row, str)]
    good = [(line, row) for line, row in numbered if not isinstance(row, str)]
    if not good:
        raise HistoryError("empty", "There are no rows.")
    key_names, number_names = _columns([row for _, row in good], column, features)
    outcomes, numbers, keys, group, days, still_open = [], [], [], [], [], 0
    for line, row in good:
        try:
            known, of_row = outcome(row.get(column)), [_number(row, name) for name in number_names]
            ordered = seconds_of(row.get("ordered_at"))
        except ValueError as error:
            bad.append(f"line {line}: {error}")
            continue
        if known is None:
            still_open += 1
            continue
        outcomes.append(known)
        numbers.append(of_row)
        keys.append([text_of(row.get(name)) for name in key_names])
        group.append(text_of(row.get("customer")) or text_of(row.get("order_id")) or f"line {line}")
        days.append(ordered / DAY)
    day_column = np.array(days, float)
    columns = np.array(numbers, float).reshape(len(outcomes), len(number_names))
    return Orders(
        np.array(outcomes, np.int64),
        {name: columns[:, i] for i, name in enumerate(number_names)},
        {name: [row[i] for row in keys] for i, name in enumerate(key_names)},
        group,
        None if np.isnan(day_column).any() or len(set(np.floor(days))) < LEAST_DAYS else day_column,
        bad,
        still_open,
    )
