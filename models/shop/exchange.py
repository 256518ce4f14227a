"""interactions.jsonl: what `recommend.py` learns and the catalogue builder reads. README.md has the fields.

A line of JSON for the whole, then one for each product in ascending order of ids. It names no customer and no order.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from shop.errors import HistoryError
from shop.interactions import Floats

KIND, VERSION = "aftersense-interactions", 1
Header = dict[str, Any]
Product = dict[str, Any]
METHODS = ("popularity", "neighbours", "rules", "factors", "themes", "content")


def short(value: float) -> float:
    """Six significant digits: what is written."""
    return float(f"{value:.6g}")


def single(values: Any) -> Floats:
    """What a reader has: the catalogue file is in single precision. The Gram matrix and all that is said go by it."""
    return np.asarray(values, np.float32).astype(np.float64)


def lines_of(header: Header, products: list[Product]) -> Iterator[str]:
    for line in (header, *products):
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def write_lines(lines: Iterable[str], path: Path) -> None:
    """Whole or not at all."""
    partial = path.with_name(path.name + ".part")
    with partial.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines)
    partial.replace(path)


def write(header: Header, products: list[Product], path: Path) -> None:
    write_lines(lines_of(header, products), path)


def read(path: Path) -> tuple[Header, list[Product]]:
    with path.open(encoding="utf-8") as lines:
        header, *products = (json.loads(line) for line in lines)
    if header.get("kind") != KIND or header.get("version") != VERSION:
        raise HistoryError("bad_header", f"{path} is no {KIND} file of version {VERSION}.")
    return header, products
