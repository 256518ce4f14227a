"""Fit the embedding's layer anew to the finished encoder.

    python -m base.fit_embedding [--checkpoint FILE] [--out FILE]   # from models

In:  a checkpoint of base.train, models/work/base/{pairs.train,answers}.jsonl, {teacher,train}.npz, tokenizer.model.
Out: models/work/base/network.pt, the same but for its layer `embedding`.

A step of training sees some dozen pairs, as the encoder has to run for each. With the encoder done, every text is run
once, and a step of this fit sees hundreds of pairs and all answers in both languages. It starts from the ridge
regression onto the teacher's vectors. The mean of its end and of the layer that training left is kept, which forgets
less than the end alone.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece as spm
import torch
from torch import Tensor, nn
from torch.nn import functional

from base import losses, simulate
from base.dataset import Rows
from base.network import Network
from base.pairs import LANGUAGES
from base.predictions import input_text
from base.pretrained import WORK
from base.retrieval import read_pairs
from prepare import fold, read_jsonl


@dataclass(frozen=True)
class Settings:
    seed: int = 7
    steps: int = 500
    warm_up: int = 50
    decay: float = 0.5  # last part of the steps
    learning_rate: float = 1e-4  # of features of about unit variance
    dropout: float = 0.1
    pairs: int = 256  # of each kind, a step
    graded: int = 64
    rows: int = 9000  # of the train split that the teacher has read, beside the pairs
    imitated: int = 512
    imitation: float = 4.0
    products: float = 0.5
    order: float = 0.1
    refusal: float = 0.4
    refusal_temperature: float = 0.1
    ridge: float = 10.0
    kept: float = 0.3  # share of the layer that training left


SETTINGS = Settings()


class Texts:
    """The features of every text, by its place."""

    def __init__(self, network: Network, rows: Rows) -> None:
        teacher = np.load(WORK / "teacher.npz")
        texts = teacher["texts"].tolist()
        chosen = np.random.default_rng(SETTINGS.seed).choice(len(teacher["rows"]), SETTINGS.rows, replace=False)
        pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
        ids = pieces.encode([input_text(text) for text in texts])
        ids += [rows.ids[rows.offsets[row] + 1 : rows.offsets[row + 1] - 1].tolist() for row in teacher["rows"][chosen]]
        self.pooled = torch.from_numpy(simulate.read(network, ids, half=True).pooled)
        self.mean, self.deviation = self.pooled.mean(0), self.pooled.std(0).mean()
        self.features = (self.pooled - self.mean) / self.deviation
        vectors = np.concatenate([teacher["vectors"], teacher["row_vectors"][chosen]])
        self.teacher = torch.from_numpy(vectors.astype(np.float32))
        self.place = {text: index for index, text in enumerate(texts)}


class Fit:
    def __init__(self, texts: Texts) -> None:
        self.texts, place = texts, texts.place
        train, answers = read_pairs("train"), list(read_jsonl(WORK / "answers.jsonl"))
        row_of = {answer["id"]: row for row, answer in enumerate(answers)}
        asked = [row for row in train["question"] if row["b_id"]]
        self.answers = torch.tensor([[place[answer[language]] for answer in answers] for language in LANGUAGES])
        self.questions = torch.tensor([(place[row["a"]], row_of[row["b_id"]]) for row in asked])
        # The others calibrate replies (tools/folds.mjs).
        refused = [row for row in train["question"] if not row["b_id"] and fold(row["a"]) % 2 == 1]
        self.unanswered = torch.tensor([place[row["a"]] for row in refused])

        def pairs(rows: list[dict]) -> Tensor:
            return torch.tensor([(place[row["a"]], place[row["b"]]) for row in rows])

        self.equal = {kind: pairs(train[kind]) for kind in ("parallel", "query")}
        self.products = pairs([row for kind, rows in train.items() for row in rows if row.get("match")])
        self.graded, self.likeness = pairs(train["similar"]), torch.tensor([row["score"] for row in train["similar"]])
        self.generator = torch.Generator().manual_seed(SETTINGS.seed)
        torch.manual_seed(SETTINGS.seed)
        self.layer = ridge(texts.features, texts.teacher, SETTINGS.ridge)
        self.border = nn.Parameter(torch.tensor(0.5))  # the cosine at which a question has an answer

    def embed(self, places: Tensor) -> Tensor:
        return self.layer(functional.dropout(self.texts.features[places], SETTINGS.dropout))

    def some(self, places: Tensor, count: int) -> Tensor:
        """Different ones."""
        return torch.randperm(len(places), generator=self.generator)[:count]

    def losses(self) -> Iterator[Tensor]:
        for pairs in self.equal.values():
            left, right = pairs[self.some(pairs, SETTINGS.pairs)].T
            yield losses.contrast(self.embed(left), self.embed(right))
        left, right = self.products[self.some(self.products, SETTINGS.graded)].T
        yield SETTINGS.products * losses.contrast(self.embed(left), self.embed(right))
        yield from self.answer_losses()
        chosen = self.some(self.graded, SETTINGS.graded)
        left, right = self.graded[chosen].T
        yield SETTINGS.order * losses.order(self.embed(left), self.embed(right), self.likeness[chosen])
        chosen = self.some(self.texts.teacher, SETTINGS.imitated)
        yield SETTINGS.imitation * losses.imitation(self.embed(chosen), self.texts.teacher[chosen]).mean()

    def answer_losses(self) -> Iterator[Tensor]:
        """Each question finds its answer; one that has none is far from all of them."""
        places, own = self.questions[self.some(self.questions, SETTINGS.pairs)].T
        questions, answers = self.embed(places), self.embed(self.answers)
        yield losses.find_answer(questions, answers, own)
        others = self.embed(self.unanswered[self.some(self.unanswered, SETTINGS.graded)])
        bank = functional.normalize(answers.flatten(0, 1), dim=-1)
        for each, answered in ((questions, 1.0), (others, 0.0)):
            closest = (functional.normalize(each, dim=-1) @ bank.T).amax(1)
            logits = (closest - self.border) / SETTINGS.refusal_temperature
            wanted = torch.full_like(logits, answered)
            yield SETTINGS.refusal * functional.binary_cross_entropy_with_logits(logits, wanted)

    def run(self) -> None:
        optimiser = torch.optim.Adam([*self.layer.parameters(), self.border], betas=(0.9, 0.98))
        for step in range(SETTINGS.steps):
            left = (SETTINGS.steps - step) / (SETTINGS.decay * SETTINGS.steps)
            factor = min((step + 1) / SETTINGS.warm_up, left, 1.0)
            for group in optimiser.param_groups:
                group["lr"] = factor * SETTINGS.learning_rate
            loss = torch.stack(list(self.losses())).sum()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            if (step + 1) % 100 == 0:
                print(f"step {step + 1}/{SETTINGS.steps} loss {loss.item():.3f}", flush=True)


@torch.no_grad()
def ridge(x: Tensor, y: Tensor, damping: float) -> nn.Linear:
    """The linear layer of least squares from rows of x, whose mean is 0, to those of y."""
    layer = nn.Linear(x.shape[1], y.shape[1])
    layer.weight.copy_(torch.linalg.solve(x.T @ x + damping * torch.eye(x.shape[1]), x.T @ y).T)
    layer.bias.copy_(y.mean(0))
    return layer


@torch.no_grad()
def fold_scale(layer: nn.Linear, mean: Tensor, deviation: Tensor) -> dict[str, Tensor]:
    """Weight and bias that give for x what `layer` gives for (x − mean) / deviation."""
    weight = layer.weight / deviation
    return {"weight": weight, "bias": layer.bias - weight @ mean}


@torch.no_grad()
def blend(parts: list[tuple[float, dict[str, Tensor]]], features: Tensor) -> dict[str, Tensor]:
    """The weighted mean of layers, each scaled to outputs of mean length 1."""
    mean = {name: torch.zeros_like(values) for name, values in parts[0][1].items()}
    for share, part in parts:
        length = functional.linear(features, part["weight"], part["bias"]).norm(dim=1).mean()
        for name, values in part.items():
            mean[name] += share / length * values
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "network.pt")
    parser.add_argument("--out", type=Path, default=WORK / "network.pt")
    options = parser.parse_args()
    network, saved = simulate.load_network(options.checkpoint)
    texts = Texts(network, Rows("train", saved["heads"]))
    print(f"{len(texts.features)} texts read", flush=True)
    fit = Fit(texts)
    fit.run()
    fitted, trained = fold_scale(fit.layer, texts.mean, texts.deviation), network.embedding.state_dict()
    mean = blend([(SETTINGS.kept, trained), (1 - SETTINGS.kept, fitted)], texts.pooled)
    network.embedding.load_state_dict(mean)
    torch.save({**saved, "network": network.state_dict()}, options.out)


if __name__ == "__main__":
    main()
