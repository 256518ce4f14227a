"""The fit of lite's heads over few n-grams, on made-up texts."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the training extras bring torch and scipy")

import heads
from heads import HEADS, Texts, fit_few, quantise, target_of


def made_up(count: int) -> Texts:
    """Bucket 7 asks for a refund, 9 praises; 1000 and more are noise."""
    rng = np.random.default_rng(0)
    intents = ["request_refund", "praise"]
    rows = [{"source": "written_en", "language": "en", "fold": 10, "intent": intents[i % 2]} for i in range(count)]
    noise = [np.sort(rng.choice(50, 6, replace=False)) + 1000 for _ in rows]
    grams = [np.concatenate([[7 if i % 2 == 0 else 9], each]) for i, each in enumerate(noise)]
    return Texts(rows, grams, "intent")


def test_the_weights_that_stay_are_those_that_tell_the_classes_apart() -> None:
    known, weights, _ = fit_few(made_up(200), replace(HEADS["intent"], weights=4))
    assert known.tolist() == [7, 9]
    refund, praise = (HEADS["intent"].labels.index(label) for label in ("request_refund", "praise"))
    assert weights[0, refund] > 0 > weights[0, praise]
    assert weights[1, praise] > 0 > weights[1, refund]
    assert np.count_nonzero(weights) == 4


def test_the_grid_is_coarse_and_its_step_covers_the_weights() -> None:
    weights = np.linspace(-3, 3, 101, dtype=np.float32)[:, None]
    grid, step = quantise(weights)
    assert np.abs(grid).max() == heads.SETTINGS.levels
    assert np.abs(grid * step - weights).max() <= 0.51 * step + 3 * (1 - heads.SETTINGS.quantile)


@pytest.mark.parametrize(
    ("task", "value", "expected"),
    [("urgency", "P2", 1), ("escalate", 1, [1]), ("emotions", {"anger": 1, "joy": 0}, None)],
)
def test_targets_are_classes_or_marks_with_unknown_ones(task: str, value: object, expected: object) -> None:
    target = target_of(value, task).tolist()
    if expected is None:
        assert dict(zip(HEADS[task].labels, target, strict=True))["anger"] == 1
        assert sorted(set(target)) == [-1, 0, 1]
    else:
        assert target == expected
