"""Vectors piped through the command by Spark are those that the command gives itself."""

import csv
import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from shop.spark import embed

ROOT = Path(__file__).parents[2]
COMMAND = ["node", str(ROOT / "bin/aftersense.mjs")]
PRODUCTS = [
    {"id": "lamp", "title": "Brass desk lamp", "category": "lighting", "tags": "desk|warm light", "price": "49.50"},
    {"id": "灯", "title": "黄铜台灯", "category": "灯具", "tags": "", "price": ""},
    {"id": "mug", "title": 'Mug, "blue"', "category": "kitchen", "tags": "", "price": "8"},
    {"id": "tea", "title": "<b>Green</b> tea", "category": "kitchen", "tags": "", "price": ""},
    {"id": "dress", "title": "Linen dress", "category": "clothes", "tags": "summer", "price": ""},
    {"id": "shoe", "title": "Running shoe", "category": "shoes", "tags": "", "price": ""},
]


def save(rows: list[dict[str, str]], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path: Path, out: Path, *more: str) -> int:
    return embed.main([str(path), "-o", str(out), "--command", shlex.join(COMMAND), *more])


def lines_of(text: str) -> list[dict[str, Any]]:
    return sorted(map(json.loads, text.splitlines()), key=lambda line: line["id"])


def test_vectors_are_those_of_the_command(session: SparkSession, tmp_path: Path) -> None:
    path, out = save(PRODUCTS, tmp_path / "products.csv"), tmp_path / "vectors"
    assert run(path, out, "--of-a-process", "3") == 0
    direct = subprocess.run([*COMMAND, "catalog", "vectors", str(path)], check=True, capture_output=True, text=True)
    parts = [part.read_text(encoding="utf-8") for part in out.glob("part-*")]
    assert len(parts) == 2 and len(direct.stdout.splitlines()) == len(PRODUCTS)
    assert lines_of("".join(parts)) == lines_of(direct.stdout)


def test_what_is_left_out_is_told(session: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*PRODUCTS[:2], PRODUCTS[2] | {"id": ""}, PRODUCTS[3] | {"price": "cheap"}]
    path, out = save(rows, tmp_path / "products.csv"), tmp_path / "vectors"
    with path.open("a", encoding="utf-8") as more:
        more.write("one,cell too few\n")
    assert run(path, out) == 1
    told = capsys.readouterr().err
    assert "line 6: 2 cells, not 5: unreadable row" in told and "2 of 4 products were left out" in told
    assert sum(len(part.read_text().splitlines()) for part in out.glob("part-*")) == 2


def test_bad_input_has_a_code(session: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = save(PRODUCTS[:1], tmp_path / "products.csv"), tmp_path / "vectors"
    (tmp_path / "there").mkdir()
    (tmp_path / "empty.csv").write_text("id,title\n")
    for arguments, code in (
        ([tmp_path / "missing.csv", "-o", out], "unreadable"),
        ([tmp_path / "empty.csv", "-o", out], "empty"),
        ([path, "-o", tmp_path / "there"], "unwritable"),
        ([path, "-o", out, "--command", "true"], "no_vectors"),
        ([path, "-o", tmp_path / "other", "--command", "no-such-command"], "no_vectors"),
    ):
        assert embed.main([*map(str, arguments)]) == 1
        assert capsys.readouterr().err.strip().splitlines()[-1].endswith(f"[{code}]")
