"""The Spark session of the commands: the one that spark-submit set up, or all cores of this machine."""

import os
import sys

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from shop.errors import HistoryError


def start() -> SparkSession:
    try:
        if SparkConf().get("spark.master", "local[*]").startswith("local"):
            # Else the workers of a machine would be whichever python3 is on the PATH, without the packages.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.appName("aftersense")
        session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    except PySparkRuntimeError as error:
        raise HistoryError(
            "no_spark", f"Spark does not start; it needs Java 17, found by JAVA_HOME or the PATH. {error}"
        ) from None
    session.sparkContext.setLogLevel("ERROR")
    return session
