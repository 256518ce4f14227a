"""Rows of CSV, TSV or JSONL by Spark, as `orders.read_rows` gives those of one file.

    rows = read_rows(session, "hdfs:///orders/*.csv.gz")   # rows.rdd: (line, row, or what is wrong with it)

The path is a file, a folder of files or a glob, wherever Hadoop reads. Lines are counted through all files in the order
of their names. A file is cut between lines, so no cell can hold a line break: such a row is left out and named.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark import RDD
from pyspark.sql import SparkSession

from shop.errors import HistoryError
from shop.interactions import check_columns
from shop.orders import Row, csv_options, csv_row, header_of, is_json, json_row

# Its keys are offsets in the file: the line at 0 is the header.
LINES = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.io.LongWritable", "org.apache.hadoop.io.Text")
EXTENSIONS = (".csv", ".tsv", ".jsonl", ".ndjson")
REPLACED = "\ufffd"  # what Hadoop reads in the place of bytes that are no UTF-8


def root_of(error: Py4JJavaError) -> str:
    """What went wrong first, without the traceback that a worker's exception carries."""
    cause = error.java_exception
    while cause.getCause() is not None:
        cause = cause.getCause()
    return str(cause.getMessage()).strip().split("\n")[-1]


@contextmanager
def reading(path: str) -> Iterator[None]:
    """What Hadoop says of a file that cannot be read comes from any of Spark's jobs."""
    try:
        yield
    except Py4JJavaError as error:
        raise HistoryError("unreadable", f"{path} cannot be read: {root_of(error)}") from error


@dataclass
class Rows:
    path: str
    rdd: RDD[tuple[int, Row | str]]
    header: list[str] | None  # of CSV and TSV

    def need(self, columns: tuple[tuple[str, ...], ...]) -> None:
        present = self.header
        if present is None:
            named = self.rdd.map(lambda numbered: () if isinstance(numbered[1], str) else tuple(sorted(numbered[1])))
            present = sorted({name for names in named.distinct().collect() for name in names})
        check_columns(present, columns, self.path)


def _files(session: SparkSession, path: str) -> list[str]:
    """Those of a path, of a folder or of a glob, by name; what Spark itself puts beside its parts is passed over."""
    jvm: Any = session._jvm
    wanted = jvm.org.apache.hadoop.fs.Path(path)
    system = wanted.getFileSystem(session._jsc.hadoopConfiguration())
    found = []
    for status in system.globStatus(wanted) or []:
        inside = system.listStatus(status.getPath()) if status.isDirectory() else [status]
        found += [file.getPath() for file in inside if file.isFile()]
    names = sorted(file.toString() for file in found if not file.getName().startswith(("_", ".")))
    if not names:
        raise HistoryError("unreadable", f"{path} cannot be read: there is no such file.")
    return names


def _format_name(file: str) -> str:
    """The name that tells the format: of a part without extension it is its folder's."""
    *_, folder, name = ["", *file.split("/")]
    return name if name.lower().removesuffix(".gz").endswith(EXTENSIONS) else folder


def _first(records: Iterable[tuple[int, str]]) -> Iterator[str]:
    return (text for offset, text in islice(records, 1) if offset == 0)


def _header(lines: RDD[tuple[int, str]], options: dict[str, Any], path: str) -> list[str]:
    said = lines.mapPartitions(_first).distinct().collect()
    try:
        headers = {tuple(header_of(next(csv.reader([text], **options), []))) for text in said}
    except csv.Error as error:
        raise HistoryError("unreadable", f"{path} cannot be read: {error} in the header") from None
    if len(headers) > 1:
        raise HistoryError("bad_header", f"The files of {path} have different headers.")
    return list(*headers)


def _read_json(text: str) -> Row | str | None:
    if text.strip() == "":
        return None
    if "\\u" in text:  # half a surrogate pair is no text that can be written again
        try:
            json.dumps(json_row(text), ensure_ascii=False).encode()
        except UnicodeEncodeError:
            return "not UTF-8"
    return "not UTF-8" if REPLACED in text else json_row(text)


def _read_csv(text: str, header: list[str], options: dict[str, Any]) -> Row | str | None:
    try:
        cells = next(csv.reader([text], **options), [])
    except csv.Error as error:
        return f"not CSV: {error}"
    if not any(cells):
        return None
    return "not UTF-8" if REPLACED in text else csv_row(header, cells)


def read_rows(session: SparkSession, path: str) -> Rows:
    files = _files(session, path)
    names = {_format_name(file) for file in files}
    if len({(is_json(name), str(csv_options(name))) for name in names}) > 1:
        raise HistoryError("unreadable", f"{path} has files of different formats.")
    name = names.pop()
    escaped = ",".join(file.replace("\\", "\\\\").replace(",", "\\,") for file in files)
    lines = session.sparkContext.hadoopFile(escaped, *LINES)
    header: list[str] | None = None
    read: Callable[[str], Row | str | None] = _read_json
    if not is_json(name):
        options = csv_options(name)
        header = _header(lines, options, path)
        read = partial(_read_csv, header=header, options=options)

    def parse(records: Iterable[tuple[tuple[int, str], int]]) -> Iterator[tuple[int, Row | str]]:
        for (offset, text), index in records:
            row = None if offset == 0 and header is not None else read(text)
            if row is not None:
                yield index + 1, row

    return Rows(path, lines.zipWithIndex().mapPartitions(parse), header)
