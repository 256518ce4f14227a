"""Fit the risk of an after-sales problem to a shop's own orders; web/foresight tells it on the device.

    PYTHONPATH=models python -m shop.foresight train orders.csv -o foresight.json [--label problem] [--features a,b]

A logistic regression over what products and categories did before (rates.py) and over binned numbers, so that the
log-odds of a risk are a sum with one term a feature. What a row's product did is always taken from other rows: earlier
ones where rows have dates, else other customers'. README.md has the columns, the file and the codes of errors.
"""

import argparse
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, TimeSeriesSplit
from threadpoolctl import threadpool_limits

from shop.errors import HistoryError
from shop.model import VERSION, Model, scores, write
from shop.orders import Floats, Orders, read_orders
from shop.rates import fit_rates, parent_of

Ints = npt.NDArray[np.int64]
Split = tuple[Ints, Ints]


@dataclass(frozen=True)
class Settings:
    least_rows: int = 200
    least_of_each: int = 20  # rows with a problem, and without
    quantiles: tuple[float, ...] = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 0.95, 0.98)  # edges of bins
    history_folds: int = 10
    strengths: tuple[float, ...] = tuple(np.logspace(-3, 1, 9).tolist())  # C of scikit-learn: small is strict
    strength_folds: int = 5
    validation_folds: int = 5
    validation_share: float = 0.2  # the latest rows, where rows have dates
    leak_auc: float = 0.99  # a single column that tells the outcome this well knows it
    seed: int = 0
    named: int = 20  # rows that cannot be read, one by one


SETTINGS = Settings()


def logit(rate: Floats | float) -> Any:
    return np.log(rate) - np.log1p(-np.asarray(rate))


def folds_of(orders: Orders, folds: int) -> list[Split]:
    """Rows outside and inside each fold; rows of a group are together."""
    group = np.unique(np.array(orders.group, dtype=object).astype(str), return_inverse=True)[1]
    if group.max() + 1 < folds:
        group = np.arange(len(orders))
    splitter = GroupKFold(folds, shuffle=True, random_state=SETTINGS.seed)
    return list(splitter.split(group, groups=group))


def history_splits(orders: Orders) -> list[Split]:
    """For each block of rows, the rows from which its rates are taken. With dates, the first block is history alone."""
    if orders.day is None:
        return folds_of(orders, SETTINGS.history_folds)
    order = np.argsort(orders.day, kind="stable")
    days = orders.day[order]
    # A day is not divided: what else was ordered on it is not known yet.
    blocks = SETTINGS.history_folds
    edges = [int(np.searchsorted(days, np.floor(days[len(days) * i // blocks]))) for i in range(1, blocks)]
    starts = sorted({edge for edge in edges if edge > 0})
    ends = [*starts[1:], len(order)]
    return [(order[:start], order[start:end]) for start, end in zip(starts, ends, strict=True)]


def history_features(orders: Orders) -> list[dict[str, Any]]:
    """What each key's values did in these rows."""
    base = np.full(len(orders), orders.label.mean())
    features: list[dict[str, Any]] = []
    rates: dict[str, Floats] = {}
    for key, values in orders.keys.items():
        parent = parent_of(key, orders.keys)
        prior = rates[parent] if parent else base
        fitted = fit_rates(values, orders.label, prior)
        rates[key] = fitted.of(values, prior)
        features.append({"name": key, "kind": "history", "parent": parent, "weight": 1.0, "rates": fitted.values})
    return features


def history_columns(features: list[dict[str, Any]], orders: Orders, base_rate: float) -> Floats:
    """By how much each key moves the log-odds from what would be expected without it."""
    columns = []
    rates: dict[str | None, Floats] = {None: np.full(len(orders), base_rate)}
    for feature in features:
        prior = rates[feature["parent"]]
        known = feature["rates"]
        own = np.array([known.get(v, p) for v, p in zip(orders.keys[feature["name"]], prior, strict=True)])
        rates[feature["name"]] = own
        columns.append(logit(own) - logit(prior))
    return np.column_stack(columns) if columns else np.zeros((len(orders), 0))


def bin_edges(values: Floats) -> list[float]:
    """Where the bins after the first begin: quantiles of what is there, to six digits."""
    present = values[~np.isnan(values)]
    if len(present) == 0:
        return []
    quantiles = np.quantile(present, SETTINGS.quantiles, method="higher")
    return [e for e in sorted({float(f"{q:.6g}") for q in quantiles}) if present.min() < e]


def number_columns(edges: list[float], values: Floats) -> Floats:
    """One column a step up and one for “missing”: the penalty is on steps, so that neighbouring bins are alike."""
    steps = [(values >= edge).astype(float) for edge in edges]
    return np.column_stack([*steps, np.isnan(values).astype(float)])


def inner_splits(rows: Orders) -> Iterator[Split]:
    if rows.day is None:
        return iter(folds_of(rows, SETTINGS.strength_folds))
    return TimeSeriesSplit(SETTINGS.strength_folds).split(rows.label)


def fit_weights(columns: Floats, rows: Orders) -> LogisticRegression:
    """The penalty whose held-out loss is least. Columns are log-odds or 0 and 1, so one penalty suits all."""

    def fit(c: float, chosen: Ints) -> LogisticRegression:
        return LogisticRegression(C=c, solver="newton-cholesky", tol=1e-8).fit(columns[chosen], rows.label[chosen])

    splits = [split for split in inner_splits(rows) if len(set(rows.label[split[0]])) == 2]
    if not splits:
        raise HistoryError("too_few_rows", "Orders with and without problems are too far apart in time.")

    def loss(c: float) -> float:
        parts = [(rows.label[held], fit(c, kept).predict_proba(columns[held])[:, 1]) for kept, held in splits]
        truth, said = (np.concatenate(part) for part in zip(*parts, strict=True))
        return float(log_loss(truth, said, labels=[0, 1]))

    return fit(min(SETTINGS.strengths, key=loss), np.arange(len(rows)))


def refuse_leaks(names: list[str], columns: Floats, label: Ints) -> None:
    for name, column in zip(names, columns.T, strict=True):
        auc = roc_auc_score(label, column)
        if max(auc, 1 - auc) >= SETTINGS.leak_auc:
            raise HistoryError(
                "label_leak",
                f"{name!r} alone tells the outcome: it holds what is known only afterwards. Leave it out.",
            )


def refuse_thin(orders: Orders) -> None:
    problems = int(orders.label.sum())
    if len(orders) < SETTINGS.least_rows:
        raise HistoryError("too_few_rows", f"There are {len(orders)} usable rows; {SETTINGS.least_rows} are the least.")
    if problems in (0, len(orders)):
        raise HistoryError("one_class", f"All {len(orders)} rows have the same outcome.")
    if min(problems, len(orders) - problems) < SETTINGS.least_of_each:
        raise HistoryError(
            "too_few_rows",
            f"{problems} of {len(orders)} rows have a problem; {SETTINGS.least_of_each} with and without are needed.",
        )


def centred(edges: list[float], steps: Floats, values: Floats) -> tuple[dict[str, Any], float]:
    """The weight of each bin and of “missing”, 0 on average over the rows, and that average."""
    weights = np.concatenate([[0.0], np.cumsum(steps[:-1])])
    missing = np.isnan(values)
    place = np.searchsorted(np.array(edges), values[~missing], side="right")
    mean = float((weights[place].sum() + steps[-1] * missing.sum()) / len(values))
    rounded = [round(float(w - mean), 6) for w in weights]
    # Where none was missing, nothing is known of it.
    unknown = round(float(steps[-1] - mean), 6) if missing.any() else 0.0
    return {"edges": edges, "weights": rounded, "missing": unknown}, mean


def fit(orders: Orders) -> Model:
    """What is scored by: base rate, intercept and features, without the record of its training."""
    edges = {name: bin_edges(values) for name, values in orders.numbers.items()}
    parts, encoded = [], []
    for known, rows in history_splits(orders):
        past = orders.take(known)
        if len(set(past.label)) < 2:
            continue
        parts.append(history_columns(history_features(past), orders.take(rows), float(past.label.mean())))
        encoded.append(rows)
    if not encoded:
        raise HistoryError("too_few_rows", "Orders with and without problems are too far apart in time.")
    rows = np.concatenate(encoded)
    table = orders.take(rows)
    blocks = [np.concatenate(parts)] + [number_columns(edges[name], values) for name, values in table.numbers.items()]
    names = [*orders.keys, *(name for name in edges for _ in range(len(edges[name]) + 1))]
    columns = np.concatenate(blocks, axis=1)
    refuse_leaks(names, columns, table.label)
    fitted = fit_weights(columns, table)
    weights = fitted.coef_[0]
    features = history_features(orders)
    for feature, weight in zip(features, weights, strict=False):
        feature["weight"] = round(float(weight), 6)
    intercept, start = float(fitted.intercept_[0]), len(features)
    for name, values in table.numbers.items():
        end = start + len(edges[name]) + 1
        scorecard, mean = centred(edges[name], weights[start:end], values)
        features.append({"name": name, "kind": "number", **scorecard})
        intercept, start = intercept + mean, end
    return {"base_rate": round(float(orders.label.mean()), 6), "intercept": round(intercept, 6), "features": features}


def measure(truth: Ints, said: Floats, base_rate: Floats | float) -> dict[str, Any]:
    """How well risks tell, beside saying the base rate of the history to everybody."""
    log_odds = logit(said).reshape(-1, 1)
    # 1 where risks are neither too bold (below 1) nor too timid (above).
    slope = LogisticRegression(C=math.inf).fit(log_odds, truth).coef_[0][0]
    ranked = np.array_split(np.argsort(said, kind="stable"), 10)
    return {
        "auc": round(float(roc_auc_score(truth, said)), 4),
        "brier": round(float(brier_score_loss(truth, said)), 5),
        "base_brier": round(float(np.mean((truth - base_rate) ** 2)), 5),
        "slope": round(float(slope), 3),
        "reliability": [
            {"said": round(float(said[r].mean()), 4), "found": round(float(truth[r].mean()), 4), "rows": len(r)}
            for r in ranked
            if len(r) > 0
        ],
    }


def validate(orders: Orders) -> dict[str, Any]:
    """The whole fit, judged on rows it did not see: the latest where rows have dates, else those of other customers."""
    if orders.day is None:
        splits = folds_of(orders, SETTINGS.validation_folds)
    else:
        order = np.argsort(orders.day, kind="stable")
        cut = np.floor(orders.day[order[int(len(order) * (1 - SETTINGS.validation_share))]])
        splits = [(np.flatnonzero(orders.day < cut), np.flatnonzero(orders.day >= cut))]
    said, truth, base = [], [], []
    for kept, held in splits:
        if len(kept) == 0 or min(len(set(orders.label[part])) for part in (kept, held)) < 2:
            raise HistoryError(
                "too_few_rows", "There is nothing to check the model by: a part of the orders has one outcome."
            )
        model = fit(orders.take(kept))
        said.append(scores(model, orders.take(held)))
        truth.append(orders.label[held])
        base.append(np.full(len(held), model["base_rate"]))
    found = measure(np.concatenate(truth), np.concatenate(said), np.concatenate(base))
    return {"by": "folds" if orders.day is None else "time", "rows": sum(map(len, truth)), **found}


@threadpool_limits.wrap(limits=1)  # matrices are narrow: threads would wait for each other
def train(orders: Orders) -> Model:
    refuse_thin(orders)
    validation = validate(orders)
    model = fit(orders)
    return {
        "version": VERSION,
        "trained": datetime.now(UTC).date().isoformat(),
        "rows": len(orders),
        "problems": int(orders.label.sum()),
        **model,
        "validation": validation,
    }


def report(model: Model, unknown: int) -> Iterator[str]:
    found = model["validation"]
    names = ", ".join(feature["name"] for feature in model["features"])
    yield f"{model['rows']} orders, {model['base_rate']:.1%} with a problem; learnt from {names}."
    if unknown:
        yield f"{unknown} rows without an outcome yet were passed over."
    judged = "the latest orders" if found["by"] == "time" else "orders, each left out of the fit that judged it"
    yield (
        f"On {judged} ({found['rows']}): AUC {found['auc']:.3f} (chance 0.5), Brier {found['brier']:.4f} (base rate "
        f"alone {found['base_brier']:.4f}), calibration slope {found['slope']:.2f} (right: 1)."
    )
    if found["brier"] >= found["base_brier"] or found["auc"] <= 0.5:
        yield "This history does not tell which orders go wrong: do not act on these risks."
    elif not 0.67 <= found["slope"] <= 1.5:
        yield "The risks are off in size, though not in order: compare them with each other only."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="aftersense foresight", description=__doc__.split("\n")[0])
    verb = parser.add_subparsers(dest="verb", required=True).add_parser("train")
    verb.add_argument("orders", type=Path)
    verb.add_argument("-o", "--output", type=Path, default=Path("foresight.json"))
    verb.add_argument("--label", default="problem")
    verb.add_argument("--features", default="")
    given = parser.parse_args(arguments)
    try:
        features = [name.strip() for name in given.features.split(",") if name.strip()]
        orders = read_orders(given.orders, given.label, features)
        for problem in orders.bad[: SETTINGS.named]:
            print(problem, file=sys.stderr)
        if orders.bad:
            print(f"{len(orders.bad)} rows cannot be read and are left out.", file=sys.stderr)
        model = train(orders)
        write(model, given.output)
        print(f"{given.output}:", *report(model, orders.open), sep="\n  ", file=sys.stderr)
    except HistoryError as error:
        print(f"{error} [{error.code}]", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{given.output} cannot be written: {error} [unwritable]", file=sys.stderr)
        return 1
    return 1 if orders.bad else 0


if __name__ == "__main__":
    sys.exit(main())
