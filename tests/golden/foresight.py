"""Writes tests/golden/foresight.json: a model fitted to simulated orders, and what Python says of other orders by it.

    python tests/golden/foresight.py

tests/web/foresight and tests/models hold their code to it.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "models"))

from shop.foresight import train  # noqa: E402
from shop.model import contributions, score  # noqa: E402
from shop.orders import orders_of  # noqa: E402
from shop.simulate_orders import simulate  # noqa: E402

OUT = ROOT / "tests/golden/foresight.json"
ROWS, CASES = 1500, 60


def cases() -> list[dict[str, Any]]:
    """Orders of another seed, whose products are of other categories; some lack cells, some have dates written oddly."""
    rows, _ = simulate(CASES, seed=8)
    for i, row in enumerate(rows):
        for place, column in enumerate(
            ("product_id", "category", "price", "promised_at", "faq_visits", "channel")
        ):
            if (i >> place) % 4 == 0:
                row[column] = ""
        if i % 3 == 0:
            row["delivered_at"] = (
                row["delivered_at"] and row["delivered_at"].replace("-", "/") + " 18:05"
            )
        if i % 5 == 0:
            row["ordered_at"] += "T03:00:30+08:00"
    rows[0] |= {"product_id": "from the future", "category": "未知"}
    return rows


def main() -> None:
    history, _ = simulate(ROWS, seed=7)
    model = train(orders_of(enumerate(history, 2), features=["channel"]))
    judged = []
    for row in cases():
        # A label, of which the other columns are to know nothing, lets the same reader read them.
        table = orders_of([(1, row)], features=["channel"])
        read = {name: value for name, value in table.row(0).items() if value == value}
        judged.append(
            {
                "row": row,
                "risk": score(model, read),
                "contributions": contributions(model, read),
            }
        )
    OUT.write_text(
        json.dumps({"model": model, "cases": judged}, indent=1, ensure_ascii=False)
        + "\n",
        encoding="utf-8",
    )
    print(
        f"{OUT.name}: {len(judged)} orders, risks {min(j['risk'] for j in judged):.3f} to {max(j['risk'] for j in judged):.3f}"
    )


if __name__ == "__main__":
    main()
