"""Calibration and the joining of tiers, on logits whose right temperature, biases and factors are known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the training extras bring torch and scipy")

from base import fusion
from base.calibrate import (
    Calibration,
    Sample,
    best_fit,
    errors,
    fit_choice,
    fit_marks,
    held_out,
    logistic,
    read_calibrations,
    write_calibrations,
)
from base.fusion import Both, fit_sum, kept, right, set_weights, stand_threshold
from metrics import softmax
from reference import Reference

ROWS = 20_000


def draw(logits: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A class for each row, as probable as the logits say."""
    return (softmax(logits).cumsum(1) < rng.random((len(logits), 1))).sum(1)


def sample(logits: np.ndarray, target: np.ndarray, weights: np.ndarray | None = None) -> Sample:
    size = len(logits)
    weights = np.ones(size) if weights is None else weights
    return Sample(logits, target, weights, np.full(size, "zh"), np.arange(size), np.zeros(size, bool))


def test_overconfident_choices_get_their_temperature_and_biases_back() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.5, (ROWS, 3))
    target, bias = draw(honest, rng), np.array([-0.4, 0.6, -0.2])
    given = sample(2.5 * honest + bias, target)
    fitted = fit_choice(given, biased=True)
    assert fitted.temperature == pytest.approx(2.5, rel=0.05)
    assert fitted.bias - fitted.bias.mean() == pytest.approx(bias, abs=0.12)
    before, _ = errors("sentiment", given)
    after, _ = errors("sentiment", given.mapped(fitted))
    assert before > 10 and after < 1.5


def test_without_biases_a_temperature_changes_no_verdict() -> None:
    rng = np.random.default_rng(1)
    honest = rng.normal(0, 1, (2000, 4))
    fitted = fit_choice(sample(3 * honest, draw(honest, rng)), biased=False)
    assert fitted.bias.tolist() == [0, 0, 0, 0]
    assert fitted.temperature == pytest.approx(3, rel=0.15)


def test_a_row_counts_as_often_as_its_weight() -> None:
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(200, 3))
    target, weights = draw(logits, rng), rng.integers(1, 4, 200)
    weighted = fit_choice(sample(logits, target, weights.astype(float)), biased=True)
    repeated = fit_choice(sample(np.repeat(logits, weights, 0), np.repeat(target, weights)), biased=True)
    assert weighted.temperature == pytest.approx(repeated.temperature, rel=1e-3)
    assert weighted.bias == pytest.approx(repeated.bias, abs=1e-3)


def test_marks_are_said_from_one_half_where_their_f1_is_best() -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(-2, 2, (ROWS, 2))
    target = (rng.random(logits.shape) < logistic(logits)).astype(int)
    target[rng.random(logits.shape) < 0.3] = -1
    given = sample(logits, target)
    fitted = fit_marks(given, least=20)
    _, before = errors("emotions", given)
    _, after = errors("emotions", given.mapped(fitted))
    assert after > before + 1
    for shift in (-0.6, 0.6):
        moved = Calibration(fitted.temperature, fitted.bias + shift)
        assert errors("emotions", given.mapped(moved))[1] < after


def test_unknown_marks_count_for_nothing() -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(size=(500, 2))
    target = (rng.random(logits.shape) < logistic(logits)).astype(int)
    alone = fit_marks(sample(logits, target), least=20)
    more = np.concatenate([logits, rng.normal(0, 9, (500, 2))])
    masked = fit_marks(sample(more, np.concatenate([target, np.full((500, 2), -1)])), least=20)
    assert masked.bias == pytest.approx(alone.bias)


def test_sets_without_neutral_say_little_about_it() -> None:
    """A set of two classes must not teach that neutral never happens."""
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 1.5, (ROWS, 3))
    target = draw(logits, rng)
    polar = rng.random(ROWS) < 0.7
    kept = ~polar | (target != 1)  # what such a set leaves out
    given = replace(sample(logits, target), polar=polar).of(kept)
    naive = fit_choice(replace(given, polar=np.zeros(len(given.target), bool)), biased=True)
    fitted = fit_choice(given, biased=True)
    assert abs(fitted.bias[1] - fitted.bias[0]) < 0.6 * abs(naive.bias[1] - naive.bias[0])
    assert naive.bias[1] > fitted.bias[1] > -0.1


def test_what_does_not_help_other_texts_is_not_fitted() -> None:
    rng = np.random.default_rng(8)
    logits = rng.normal(0, 1.5, (60, 12))
    honest = best_fit(sample(logits, draw(logits, rng)), marks=False)
    assert honest.bias.tolist() == [0] * 12
    many = rng.normal(0, 1.5, (ROWS, 3))
    shifted = best_fit(sample(2 * many + np.array([0.0, 1.0, 0.0]), draw(many, rng)), marks=False)
    assert shifted.bias[1] - shifted.bias[0] == pytest.approx(1, abs=0.15)


def test_rows_of_a_text_are_held_out_together() -> None:
    rng = np.random.default_rng(9)
    given = replace(sample(rng.normal(size=(60, 2)), np.zeros((60, 2), int)), text=np.arange(60) // 3)
    fitted: list[set[int]] = []

    def fit(part: Sample) -> Calibration:
        fitted.append(set(part.text.tolist()))
        assert all((part.text == text).sum() == 3 for text in fitted[-1])
        return Calibration(len(fitted), np.zeros(2))

    found = held_out(given, fit)
    fold = np.rint(given.logits[:, 0] / found.logits[:, 0]).astype(int) - 1
    for text, index in zip(given.text.tolist(), fold.tolist(), strict=True):
        assert text not in fitted[index]


def test_a_calibration_survives_its_file(tmp_path: Path) -> None:
    written = {"sentiment": {"zh": Calibration(1.25, np.array([0.5, -0.25, 0.0]), 0.4)}}
    written |= {"urgency": {"en": Calibration(0.75, np.zeros(4))}}
    write_calibrations(written, tmp_path / "calibration.json")
    found = read_calibrations(tmp_path / "calibration.json")
    for head, fitted in written.items():
        for language, each in fitted.items():
            again = found[head][language]
            assert (again.temperature, again.lite_factor) == (each.temperature, each.lite_factor)
            assert again.bias.tolist() == each.bias.tolist()


def both(base: np.ndarray, lite: np.ndarray, target: np.ndarray, classes: int = 3, source: str = "sent_zh_x") -> Both:
    size = len(target)
    return Both(base, lite, target, np.full(size, classes), np.full(size, source), np.full(size, "zh"))


def test_the_factor_of_lite_is_what_it_adds() -> None:
    rng = np.random.default_rng(5)
    base, lite = rng.normal(0, 1.5, (ROWS, 3)), rng.normal(0, 1.5, (ROWS, 3))
    useful = both(base, lite, draw(base + 0.6 * lite, rng))
    assert fit_sum(useful).lite_factor == pytest.approx(0.6, abs=0.06)
    useless = both(base, lite, draw(base, rng))
    assert fit_sum(useless).lite_factor < 0.05


def test_sets_without_neutral_are_judged_between_the_poles() -> None:
    logits, target = np.array([[1.0, 5.0, 2.0], [3.0, 9.0, 2.0]]), np.array([2, 2])
    assert right(logits, both(logits, logits, target, classes=2)).tolist() == [True, False]
    assert right(logits, both(logits, logits, target, classes=3)).tolist() == [False, False]


def test_sets_weigh_the_same_but_a_few_texts_do_not_make_one() -> None:
    source = np.repeat(["large", "larger", "few"], [100, 300, 1])
    logits = np.zeros((len(source), 3))
    given = Both(logits, logits, np.zeros(401, int), np.full(401, 3), source, np.full(401, "zh"))
    weights = set_weights(given)
    assert weights.sum() == pytest.approx(1)
    assert weights[source == "large"].sum() == pytest.approx(weights[source == "larger"].sum())
    assert weights[source == "few"] == pytest.approx(weights[0])


def test_lite_stands_where_it_is_as_good_as_base() -> None:
    rng = np.random.default_rng(6)
    target = rng.integers(0, 2, 4000) * 2
    confidence = rng.uniform(0.5, 1, 4000)
    wrong = (confidence < 0.8) & (rng.random(4000) < 0.3)  # lite errs only where it is unsure; base never

    def said(label: np.ndarray, sure: np.ndarray) -> np.ndarray:
        logits = np.full((len(label), 3), -30.0)
        logits[np.arange(len(label)), label] = np.log(sure / (1 - sure + 1e-9))
        logits[np.arange(len(label)), 2 - label] = 0
        return logits

    lite, base = said(np.where(wrong, 2 - target, target), confidence), said(target, np.full(4000, 0.99))
    given = both(base, lite, target)
    threshold = stand_threshold(given, base, lite, margin=0)
    assert threshold == pytest.approx(0.8, abs=0.011)
    found = kept(softmax(lite).max(1), threshold, given, base, lite)
    assert found.lite == found.base == 100
    assert found.coverage == pytest.approx(40, abs=4)
    assert stand_threshold(given, base, lite, margin=100) == pytest.approx(0.5)


def test_lite_logits_are_kept_for_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: Reference
) -> None:
    monkeypatch.setattr(fusion, "LITE_LOGITS", tmp_path / "lite.npz")
    texts = ["质量很好", "not good"]
    first = fusion.lite_logits(reference, texts)
    assert first[0].tolist() == pytest.approx(reference.trace(texts[0]).logits.tolist())
    monkeypatch.setattr(reference, "trace", None)
    assert fusion.lite_logits(reference, texts[::-1]).tolist() == first[::-1].tolist()
