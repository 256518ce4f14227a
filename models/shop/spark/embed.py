"""Vectors of what products mean, by as many processes of `aftersense catalog vectors` as Spark has cores.

    PYTHONPATH=models python -m shop.spark.embed PRODUCTS -o vectors [--command "npx aftersense"]
    cat vectors/part-* > vectors.jsonl && npx aftersense catalog build products.csv --vectors vectors.jsonl

The command must be there on every machine; rows reach it as JSON with the columns they came with.
"""

import argparse
import json
import os
import sys

from py4j.protocol import Py4JJavaError
from pyspark import RDD
from pyspark.sql import SparkSession

from shop.errors import HistoryError
from shop.spark.dropped import dropped_of
from shop.spark.rows import read_rows, reading, root_of
from shop.spark.session import start

OF_A_PROCESS = 2000  # products: a minute or so, beside which starting the models is little
VERB = "catalog vectors - --format jsonl"


def pipe(products: RDD[str], command: str) -> RDD[str]:
    """`pipe` starts programs in an empty environment, where env(1) finds no node."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    # Not by its exit code: 1 also says that rows were left out, which `embed` counts.
    return products.pipe(f"{command} {VERB}", env=kept)


def embed(session: SparkSession, path: str, out: str, command: str, of_a_process: int = OF_A_PROCESS) -> list[str]:
    """Writes the folder `out`; returns what was left out, or raises HistoryError where nothing came."""
    with reading(path):
        rows = read_rows(session, path).rdd.persist()
        unreadable = rows.filter(lambda numbered: isinstance(numbered[1], str))
        dropped = dropped_of(unreadable.map(lambda row: (row[0], 0, "unreadable_row", f"line {row[0]}: {row[1]}")))
        products = rows.values().filter(lambda row: not isinstance(row, str)).map(json.dumps)
        sent = products.count()
    if sent == 0:
        raise HistoryError("empty", f"{path} has no product that can be read.")
    try:
        pipe(products.repartition(-(-sent // of_a_process)), command).saveAsTextFile(out)
    except Py4JJavaError as error:
        is_there = error.java_exception.getClass().getSimpleName() == "FileAlreadyExistsException"
        code, what = ("unwritable", f"{out} cannot be written") if is_there else ("no_vectors", f"{command} failed")
        raise HistoryError(code, f"{what}: {root_of(error)}") from None
    got = session.sparkContext.textFile(out).count()
    if got == 0:
        raise HistoryError("no_vectors", f"{command} gave no vectors: what it says is in the log of the executors.")
    rows.unpersist()
    if got < sent:
        dropped.named.append(
            f"{sent - got} of {sent} products were left out by {command}: see the log of the executors"
        )
    return dropped.named


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="shop.spark.embed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("products", help="CSV, TSV or JSONL: a file, a folder or a glob")
    parser.add_argument("-o", "--output", required=True, help="a folder that is not there yet")
    parser.add_argument("--command", default="npx aftersense", help="how executors start aftersense")
    parser.add_argument("--of-a-process", type=int, default=OF_A_PROCESS, help="products")
    given = parser.parse_args(arguments)
    if given.of_a_process < 1:
        parser.error("--of-a-process must be at least 1")
    try:
        problems = embed(start(), given.products, given.output, given.command, given.of_a_process)
    except HistoryError as error:
        print(f"{error} [{error.code}]", file=sys.stderr)
        return 1
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
