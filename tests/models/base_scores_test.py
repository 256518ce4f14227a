"""The base model's scores, on cases small enough to count by hand."""

import numpy as np
import pytest

from base.scores import (
    accuracy,
    balanced_threshold,
    best_threshold,
    calibration_error,
    f1,
    macro_f1,
    macro_marks,
    mark_thresholds,
    micro_f1,
    overlap_f1,
    polarity_right,
    ranks,
    recall_at,
    refusal,
    separation,
    shorten,
    token_spans,
    touching,
)

# Two labels, four texts; the third says nothing of the first label.
TARGET = np.array([[1, 0], [0, 0], [-1, 1], [1, 1]])
GUESSED = np.array([[True, False], [True, False], [True, True], [False, True]])


def test_micro_f1_leaves_unknown_labels_out() -> None:
    # Right: 1 + 2; guessed among the known: 2 + 2; to be found: 2 + 2.
    assert micro_f1(GUESSED, TARGET) == pytest.approx(100 * 2 * 3 / 8)


def test_labels_without_an_output_cost_recall() -> None:
    assert micro_f1(GUESSED, TARGET, unseen=2) == pytest.approx(100 * 2 * 3 / 10)


def test_macro_f1_of_marks_is_the_mean_of_the_labels_that_occur() -> None:
    never = np.array([[0], [0], [0], [0]])
    target, guessed = np.hstack([TARGET, never]), np.hstack([GUESSED, never == 1])
    assert macro_marks(guessed, target) == pytest.approx((50 + 100) / 2)


def test_macro_f1_of_classes_counts_a_class_never_guessed_as_nothing() -> None:
    target, guessed = np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1])
    assert macro_f1(guessed, target) == pytest.approx(100 * (0.8 + 0.5 + 0) / 3)
    assert accuracy(guessed == target) == pytest.approx(60)


def test_f1_of_nothing_is_zero() -> None:
    assert f1(0, 0, 0) == 0


@pytest.mark.parametrize("seed", range(5))
def test_the_best_threshold_is_the_best_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 12, 40).astype(float)
    wanted = scores + rng.normal(0, 4, 40) > 8
    found = best_threshold(scores, wanted)

    def quality(threshold: float) -> float:
        guessed = scores > threshold
        return f1((guessed & wanted).sum(), guessed.sum(), wanted.sum())

    assert quality(found) == pytest.approx(max(quality(t) for t in np.arange(-1, 13) + 0.5))
    assert found not in scores


def test_weights_count_a_text_as_often_as_it_is_repeated() -> None:
    scores, wanted = np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, True, False])
    weights = np.array([1, 5, 1, 1])
    repeated = best_threshold(np.repeat(scores, weights), np.repeat(wanted, weights))
    assert best_threshold(scores, wanted, weights) == repeated == 3.5
    assert best_threshold(scores, wanted) == 1.5


def test_a_rare_label_shares_the_threshold_of_all() -> None:
    logits = np.array([[3.0, 0.0], [2.0, 5.0], [-1.0, 1.0], [-2.0, -3.0]])
    target = np.array([[1, 0], [1, 1], [0, 0], [0, 0]])
    own = mark_thresholds(logits, target, least=1)
    shared = mark_thresholds(logits, target, least=2)
    assert own.tolist() == [0.5, 3.0]
    assert shared[0] == 0.5
    assert shared[1] == best_threshold(logits.reshape(-1), target.reshape(-1) == 1)


def test_a_polarity_is_right_if_the_aspect_has_it_among_others() -> None:
    logits = np.array([[2.0, 0, 0, 0, 0, 2]])  # the first aspect negative, the second positive
    assert polarity_right(logits, np.array([[0b101, 0b010]])).tolist() == [True, False]
    assert polarity_right(logits, np.array([[0, 0b100]])).tolist() == [True]


def test_refusing_costs_accuracy_in_scope_and_gains_recall_out_of_it() -> None:
    confidence = np.array([0.9, 0.8, 0.3, 0.4, 0.2])
    right = np.array([True, False, True, False, False])
    outside = np.array([False, False, False, True, True])
    result = refusal(confidence, right, outside, 0.35)
    assert result.in_scope == pytest.approx(100 / 3)
    assert result.recall == pytest.approx(50)
    assert result.balanced == pytest.approx((200 / 3 + 50) / 2)
    threshold = balanced_threshold(confidence, outside)
    assert 0.4 < threshold < 0.8
    assert refusal(confidence, right, outside, threshold).balanced == pytest.approx((200 / 3 + 100) / 2)


def test_separation_is_the_share_of_pairs_in_order() -> None:
    confidence, outside = np.array([0.9, 0.5, 0.5, 0.1]), np.array([False, False, True, True])
    assert separation(confidence, outside) == pytest.approx(100 * (2 + 1 + 0.5) / 4)


def test_ranks_take_the_best_right_candidate_and_lose_ties() -> None:
    candidates = np.eye(3)
    queries = np.array([[1.0, 0, 0], [0, 0.6, 0.8], [0.6, 0.6, 0]])
    assert ranks(queries, candidates, [{0}, {0, 1}, {1}]).tolist() == [0, 1, 1]
    assert recall_at(np.array([0, 1, 3]), 2) == pytest.approx(200 / 3)


def test_shortened_vectors_have_unit_length() -> None:
    vectors = shorten(np.random.default_rng(0).normal(size=(5, 8)), 3)
    assert vectors.shape == (5, 3)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5))


def test_runs_of_marked_tokens_become_spans() -> None:
    marked = np.array([[1, 0], [1, 0], [0, 1], [1, 1]]) == 1
    offsets = [(0, 3), (3, 6), (6, 7), (7, 12)]
    assert token_spans(marked, offsets) == [(0, 0, 6), (0, 7, 12), (1, 6, 12)]


def test_spans_touch_only_within_their_label() -> None:
    wanted = [(0, 0, 5), (1, 0, 5)]
    assert touching([(0, 4, 9)], wanted) == 1
    assert touching([(0, 5, 9)], wanted) == 0
    assert touching([(2, 0, 5)], wanted) == 0
    # Precision: 1 of 2 guesses; recall: 1 of 3 wanted.
    assert overlap_f1([[(0, 4, 9), (2, 0, 1)], []], [wanted, [(0, 1, 2)]]) == pytest.approx(100 * 2 / 5)
    assert overlap_f1([[]], [wanted]) == 0


def test_calibration_error_is_the_weighted_gap_of_the_bins() -> None:
    confidence = np.array([0.9, 0.9, 0.6, 0.6])
    right = np.array([True, True, True, False])
    assert calibration_error(confidence, right) == pytest.approx(100 * (0.2 + 0.2) / 4)
    assert calibration_error(confidence, right, np.array([0, 0, 1, 1])) == pytest.approx(10)
    assert calibration_error(np.ones(2), np.ones(2)) == 0
