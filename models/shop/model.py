"""The file that a shop's page loads, README.md, and what a risk is by it. web/foresight/foresee.ts gives the same."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from shop.orders import Floats, Orders

VERSION = 1
Model = dict[str, Any]


def contributions(model: Model, row: Mapping[str, Any]) -> dict[str, float]:
    """What each feature adds to the log-odds. The specification: web/foresight/foresee.ts gives the same."""
    rates: dict[str | None, float] = {None: model["base_rate"]}
    terms = {}
    for feature in model["features"]:
        name, value = feature["name"], row.get(feature["name"])
        if feature["kind"] == "history":
            prior = rates[feature["parent"]]
            rates[name] = feature["rates"].get("" if value is None else value, prior)
            log_odds = [math.log(rate) - math.log1p(-rate) for rate in (rates[name], prior)]
            terms[name] = feature["weight"] * (log_odds[0] - log_odds[1])
        elif value is None or math.isnan(value):
            terms[name] = feature["missing"]
        else:
            terms[name] = feature["weights"][sum(edge <= value for edge in feature["edges"])]
    return terms


def score(model: Model, row: Mapping[str, Any]) -> float:
    return 1 / (1 + math.exp(-(model["intercept"] + sum(contributions(model, row).values()))))


def scores(model: Model, orders: Orders) -> Floats:
    return np.array([score(model, orders.row(i)) for i in range(len(orders))])


def write(model: Model, path: Path) -> None:
    """Whole or not at all: a shop serves this file."""
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(model[name])}" for name in model if name != "features")
    features = ",\n".join("    " + json.dumps(feature, ensure_ascii=False) for feature in model["features"])
    partial = path.with_name(path.name + ".part")
    text = f'{{\n{lines},\n  "features": [\n{features}\n  ]\n}}\n'
    # Half a character, which only JSONL can hold, stays escaped.
    partial.write_bytes(text.encode("utf-8", "backslashreplace"))
    partial.replace(path)
