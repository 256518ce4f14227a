"""Learn what goes with what from orders that outgrow a machine: recommend.py, its work done by Apache Spark.

PYTHONPATH=models python -m shop.spark.recommend ORDERS [--ratings PATH] [--products PATH] -o interactions.jsonl
spark-submit --master yarn --py-files shop.zip models/shop/spark/recommend.py hdfs:///orders -o interactions.jsonl
"""

import sys

from shop import recommend
from shop.errors import HistoryError
from shop.spark.backend import OnSpark
from shop.spark.session import start


def main(arguments: list[str] | None = None) -> int:
    try:
        session = start()
    except HistoryError as error:
        print(f"{error} [{error.code}]", file=sys.stderr)
        return 1
    return recommend.main(arguments, OnSpark(session))


if __name__ == "__main__":
    sys.exit(main())
