"""Puts models/ on the import path, of Spark's workers too, and starts Spark once, on two cores of this machine."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

MODELS = str(Path(__file__).parents[2] / "models")
sys.path.insert(0, MODELS)
os.environ["PYTHONPATH"] = MODELS
# The default of 200 parts of a table is for clusters; here each costs more than what is in it.
SMALL = {"spark.sql.shuffle.partitions": 2, "spark.default.parallelism": 2, "spark.ui.enabled": "false"}
options = " ".join(f"--conf {name}={value}" for name, value in SMALL.items())
os.environ["PYSPARK_SUBMIT_ARGS"] = f"--master local[2] {options} pyspark-shell"
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

from pyspark.sql import SparkSession  # noqa: E402

from shop.spark.session import start  # noqa: E402


@pytest.fixture(scope="session")
def session() -> Iterator[SparkSession]:
    session = start()
    yield session
    session.stop()
