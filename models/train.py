"""Train the convolutional branch of the lite model, at the end with the quantisation in the loop.

    python models/train.py [--set epochs=2 --set dim=32 …] [--out models/work/conv.pt]

In:  models/work/{train,dev}.{tsv,npz}.  Out: models/work/conv.pt (float weights and quantisation ranges).
"""

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from dataset import WORK, Texts, training_rows
from metrics import score_sets, softmax
from network import LiteNetwork, Shape


@dataclass(frozen=True)
class Settings:
    seed: int = 7
    epochs: int = 4
    quantised_part: float = 0.15  # of the steps, at the end
    batch_pieces: int = 8192
    max_pieces: int = 256  # longer texts are trained on a random window of this length
    learning_rate: float = 3e-3
    weight_decay: float = 1e-2
    smoothing: float = 0.05
    neutral_loss: float = 0.2  # weight of the three-class loss on sets without a neutral class
    embedding_dropout: float = 0.2
    feature_dropout: float = 0.5
    dim: int = 48
    channels: int = 128
    widths: tuple[int, ...] = (3, 5)
    vocabulary: int = 10_000


SETTINGS = Settings()


def pad(texts: Texts, chosen: np.ndarray, max_pieces: int, rng: np.random.Generator | None) -> torch.Tensor:
    """Piece ids, −1 after the end; a longer text gives a window (random with `rng`, else its start) of `max_pieces`."""
    lengths = np.minimum(texts.lengths[chosen], max_pieces)
    ids = np.full((len(chosen), int(lengths.max())), -1)
    for row, (index, length) in enumerate(zip(chosen, lengths, strict=True)):
        spare = int(texts.lengths[index] - length)
        start = texts.id_offsets[index] + (int(rng.integers(spare + 1)) if rng and spare else 0)
        ids[row, :length] = texts.ids[start : start + length]
    return torch.from_numpy(ids)


def batches(
    lengths: np.ndarray, chosen: np.ndarray, settings: Settings, rng: np.random.Generator | None
) -> Iterator[np.ndarray]:
    """Batches of texts of about one length, `batch_pieces` with padding; with `rng` in random order."""
    keys = np.minimum(lengths[chosen], settings.max_pieces)
    order = chosen[np.argsort(keys * (1 + 0.1 * rng.random(len(keys))) if rng else keys, kind="stable")]
    groups, start = [], 0
    while start < len(order):
        longest = max(8, min(settings.max_pieces, int(lengths[order[start]] * 1.1)))
        groups.append(order[start : start + max(1, min(settings.batch_pieces // longest, 512))])
        start += len(groups[-1])
    if rng:
        rng.shuffle(groups)
    yield from groups


def loss_of(logits: torch.Tensor, texts: Texts, chosen: np.ndarray, settings: Settings) -> torch.Tensor:
    """Three-class loss; on two-class sets the loss between negative and positive, and a little of the other."""
    weights = torch.from_numpy(texts.weights[chosen])
    two = torch.from_numpy(texts.classes[chosen] == 2)
    target = functional.one_hot(torch.from_numpy(texts.labels[chosen]), 3).float()
    even = torch.where(two[:, None], target.new_tensor([0.5, 0.0, 0.5]), target.new_full((3,), 1 / 3))
    target = (1 - settings.smoothing) * target + settings.smoothing * even
    three_class = -(target * functional.log_softmax(logits, 1)).sum(1)
    two_class = -(target[:, ::2] * functional.log_softmax(logits[:, ::2], 1)).sum(1)
    each = torch.where(two, two_class + settings.neutral_loss * three_class, three_class)
    return (each * weights).sum() / weights.sum()


@torch.no_grad()
def predict(network: LiteNetwork, texts: Texts, chosen: np.ndarray) -> np.ndarray:
    """Logits of whole texts, in the order of `chosen`."""
    network.eval()
    whole = replace(SETTINGS, max_pieces=1 << 20, batch_pieces=2 * SETTINGS.batch_pieces)
    logits = np.zeros((len(texts.rows), 3), np.float32)
    for group in batches(texts.lengths, chosen[texts.lengths[chosen] > 0], whole, None):
        logits[group] = network(pad(texts, group, whole.max_pieces, None)).numpy()
    return logits[chosen]


def report(name: str, network: LiteNetwork, dev: Texts) -> None:
    scores = score_sets(softmax(predict(network, dev, np.arange(len(dev.rows)))), dev.rows)
    judged = {key.removeprefix("sent_"): value.accuracy for key, value in scores.items() if key.startswith("sent_")}
    print(f"{name} mean {np.mean(list(judged.values())):.2f}", {k: round(v, 1) for k, v in judged.items()}, flush=True)


def learning_rate(step: int, steps: int, settings: Settings) -> float:
    """Linear warm-up over 200 steps, then a cosine down to a fiftieth."""
    return settings.learning_rate * min(1.0, step / 200) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))


def train(
    settings: Settings, texts: Texts, dev: Texts, chosen: np.ndarray, network: LiteNetwork | None = None
) -> LiteNetwork:
    """Train from scratch, or go on with `network`."""
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    if network is None:
        shape = Shape(settings.vocabulary, settings.dim, settings.widths, settings.channels)
        network = LiteNetwork(shape, settings.embedding_dropout, settings.feature_dropout)
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=settings.weight_decay)
    steps = settings.epochs * sum(1 for _ in batches(texts.lengths, chosen, settings, rng))
    step, start, total = 0, time.time(), 0.0
    for epoch in range(settings.epochs):
        for group in batches(texts.lengths, rng.permutation(chosen), settings, rng):
            if step >= (1 - settings.quantised_part) * steps and not network.quantised:
                sample = np.array_split(rng.permutation(chosen)[:2048], 16)
                network.start_quantisation([pad(texts, part, settings.max_pieces, rng) for part in sample])
            network.train()
            optimiser.param_groups[0]["lr"] = learning_rate(step, steps, settings)
            loss = loss_of(network(pad(texts, group, settings.max_pieces, rng)), texts, group, settings)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            total, step = total + loss.item(), step + 1
            if step % 200 == 0:
                print(f"step {step}/{steps} loss {total / 200:.4f} {time.time() - start:.0f} s", flush=True)
                total = 0.0
        report(f"epoch {epoch + 1}", network, dev)
    return network


def parse(text: str, default: int | float | tuple[int, ...]) -> Any:
    return tuple(map(int, text.split(","))) if isinstance(default, tuple) else type(default)(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], help="name=value, overrides a setting")
    parser.add_argument("--out", type=Path, default=WORK / "conv.pt")
    options = parser.parse_args()
    defaults = {field.name: getattr(SETTINGS, field.name) for field in fields(SETTINGS)}
    overrides = dict(text.split("=", 1) for text in options.set)
    settings = replace(SETTINGS, **{key: parse(value, defaults[key]) for key, value in overrides.items()})
    print(settings)
    torch.set_num_threads(2)
    texts, dev = Texts("train"), Texts("dev")
    network = train(settings, texts, dev, training_rows(texts))
    torch.save({"settings": asdict(settings), "state": network.state_dict()}, options.out)


if __name__ == "__main__":
    main()
