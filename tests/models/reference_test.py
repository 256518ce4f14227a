"""The integer arithmetic, against slow loops and against the golden file."""

from pathlib import Path

import numpy as np
import pytest

from pack import Conv, Pack
from reference import Reference, max_over_time, requantise

GOLDEN = Path(__file__).parents[1] / "golden" / "lite.tsv"
HEAD_LINES = GOLDEN.with_name("lite_heads.tsv").read_text(encoding="utf-8").split("\n")[1:-1]
REGENERATE = "python models/golden.py"
LINES = GOLDEN.read_text(encoding="utf-8").split("\n")[1:-1]


def random_conv(rng: np.random.Generator, width: int, dim: int, channels: int) -> Conv:
    return Conv(
        width,
        rng.integers(-63, 64, (channels, width * dim)).astype(np.int8),
        rng.random(channels).astype(np.float32) * 0.01 + 0.001,
        rng.integers(-5000, 5000, channels).astype(np.int32),
    )


@pytest.mark.parametrize("steps", [1, 2, 3, 7])
@pytest.mark.parametrize("width", [1, 3, 5])
def test_convolution_equals_the_sum_written_out(steps: int, width: int) -> None:
    rng = np.random.default_rng(steps * 10 + width)
    dim, channels = 16, 4
    x = rng.integers(-127, 128, (steps, dim)).astype(np.int32)
    conv = random_conv(rng, width, dim, channels)
    expected = []
    for c in range(channels):
        sums = []
        for t in range(steps):
            total = int(conv.bias[c])
            for j in range(width):
                at = t + j - (width - 1) // 2
                if 0 <= at < steps:
                    total += sum(int(conv.weights[c, j * dim + d]) * int(x[at, d]) for d in range(dim))
            sums.append(total)
        expected.append(max(0, *sums, 0))
    assert max_over_time(x, conv).tolist() == expected


def test_requantisation_rounds_ties_to_even_and_saturates() -> None:
    conv = Conv(1, np.zeros((4, 16), np.int8), np.full(4, 0.5, np.float32), np.zeros(4, np.int32))
    assert requantise(np.array([1, 3, 5, 100_000], np.int32), conv, 1.0, 1.0).tolist() == [0, 2, 2, 127]


@pytest.mark.parametrize("number", range(len(LINES)))
def test_reference_repeats_the_golden_file(reference: Reference, number: int) -> None:
    text, _, pieces, bucket_count, dense, ngrams, logits = LINES[number].split("\t")
    trace = reference.trace(text)
    found = (trace.pieces, trace.bucket_count, trace.dense.tolist(), trace.ngrams.tolist(), trace.logits.tolist())
    expected = (
        [int(piece) for piece in pieces.split()],
        int(bucket_count),
        [int(value) for value in dense.split(",")],
        [int(value) for value in ngrams.split(",")],
        [float.fromhex(value) for value in logits.split(",")],
    )
    assert found == expected, f"after a deliberate change of the model: {REGENERATE}"


def test_the_golden_file_covers_the_edges() -> None:
    texts = [line.split("\t")[0] for line in LINES]
    assert "" in texts
    assert any(len(text.encode()) > 8192 for text in texts)
    assert {line.split("\t")[1] for line in LINES} == {"zh", "en", "other"}


def test_a_text_without_pieces_is_not_judged(reference: Reference) -> None:
    assert reference.probabilities(reference.trace(""), "zh").tolist() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("不好", "zh", "negative"),
        ("not good", "en", "negative"),
        ("物流太慢,盒子都破了", "zh", "negative"),
        ("质量很好,下次还会来", "zh", "positive"),
        ("very good", "en", "positive"),
        ("where is my order 12345?", "en", "neutral"),
        ("请问可以开发票吗", "zh", "neutral"),
    ],
)
def test_plain_messages_get_the_plain_label(reference: Reference, text: str, language: str, label: str) -> None:
    probabilities = reference.probabilities(reference.trace(text), language)
    assert reference.head.labels[int(probabilities.argmax())] == label


def test_logits_are_exact_sums_of_contributions(pack: Pack, reference: Reference) -> None:
    """What explanations rely on: dense and n-gram sums split over channels and buckets without a remainder."""
    trace = reference.trace("物流很快,但是质量不好")
    features = reference.features(trace.pieces)
    assert (pack.heads[0].weights.astype(np.int32) * features).sum(axis=1).tolist() == trace.dense.tolist()


@pytest.mark.parametrize("task", ["intent", "urgency", "aspects", "emotions", "escalate"])
def test_the_other_heads_repeat_their_golden_file(pack: Pack, task: str) -> None:
    other = Reference(pack, task=task)
    lines = [line.split("\t") for line in HEAD_LINES if line.split("\t")[1] == task]
    assert len(lines) > 50
    for text, _, ngrams, logits in lines:
        trace = other.trace(text)
        assert trace.ngrams.tolist() == [int(value) for value in ngrams.split(",")], REGENERATE
        assert trace.logits.tolist() == [float.fromhex(value) for value in logits.split(",")], REGENERATE
