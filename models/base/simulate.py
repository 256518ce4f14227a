"""The encoder as its engine runs it, at torch's speed: texts in windows, weights and activations in integers.

    python -m base.simulate --checkpoint FILE [--bits N] [--rows N]     # from the folder models

Prints how far the logits of some dev texts move when weights, activations or both become integers.
The integer sums are the engine's own; the float steps between them (attention, GELU, norms) are torch's, and differ
from FORMAT.md's in the last places.
"""

import argparse
import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from base.dataset import PAD, Rows
from base.encode import BEGIN, END
from base.export import SETTINGS as EXPORT
from base.labels import ASPECTS
from base.moments import measure
from base.network import HEADS, Layer, Network, Shape, shape_of
from base.pretrained import WORK
from base.quantise import dequantise, quantise, unpack
from pack import HeadKind, LayerNorm, Linear, Matrix, Pack

FROZEN_BITS, POSITION_BITS, HEAD_BITS = EXPORT.frozen_bits, EXPORT.position_bits, EXPORT.head_bits
WINDOW, OVERLAP = EXPORT.window, EXPORT.overlap  # tokens of a window; pieces that two neighbours share
BATCH_TOKENS = 8192

Array = np.ndarray


@dataclass(frozen=True)
class Form:
    """Which operands become integers; with neither, the float network."""

    weights: bool = True
    activations: bool = True


def round_tokens(x: Tensor) -> tuple[Tensor, Tensor]:
    """Each vector in steps of a 127th of its largest element, and the step."""
    peak = x.abs().amax(-1, keepdim=True)
    return (x * torch.where(peak > 0, 127 / peak, 0)).round(), peak / 127


class IntegerLinear(nn.Module):
    """FORMAT.md's linear layer: integer operands, an exact integer sum, one float product and sum at the end."""

    weights: Tensor
    row_scales: Tensor
    bias: Tensor

    def __init__(self, matrix: Matrix, bias: Tensor) -> None:
        super().__init__()
        self.register_buffer("weights", torch.from_numpy(unpack(matrix)).T)
        self.register_buffer("row_scales", torch.from_numpy(matrix.row_scales))
        self.register_buffer("bias", bias)
        self.out_features = matrix.rows

    def forward(self, x: Tensor) -> Tensor:
        steps, scale = round_tokens(x)
        # The public integer products of torch are for quantised models of its own; this one is the plain product.
        sums = torch._int_mm(steps.reshape(-1, x.shape[-1]).to(torch.int8), self.weights)
        return sums.view(*x.shape[:-1], -1).float() * (scale * self.row_scales) + self.bias


class RoundedInput(nn.Module):
    """A float layer of rounded activations."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear, self.out_features = linear, linear.out_features

    def forward(self, x: Tensor) -> Tensor:
        steps, scale = round_tokens(x)
        return self.linear(steps * scale)


def replace_linears(network: Network, make: Callable[[str, nn.Linear], nn.Module]) -> None:
    for name, module in list(network.named_modules()):
        if isinstance(module, nn.Linear):
            network.set_submodule(name, make(name, module))


def rounded(weights: Tensor, bits: int) -> Tensor:
    return torch.from_numpy(dequantise(quantise(weights.numpy(), bits)))


def layer_bits(name: str, bits: int, frozen: int) -> int:
    if not name.startswith("encoder.layers."):
        return HEAD_BITS
    return FROZEN_BITS if int(name.split(".")[2]) < frozen else bits


def integer_network(
    network: Network, bits: int, frozen: int, form: Form | None = None, moments: dict[str, Array] | None = None
) -> Network:
    """A copy whose trained layers have weights of `bits` bits; the lowest `frozen` ones and the pieces have 4."""
    form, moments = form or Form(), moments or {}
    result = copy.deepcopy(network).requires_grad_(False)

    def make(name: str, linear: nn.Linear) -> nn.Module:
        if form.weights:
            matrix = quantise(linear.weight.numpy(), layer_bits(name, bits, frozen), moments.get(name))
            if form.activations:
                return IntegerLinear(matrix, linear.bias.data)
            linear.weight.data = torch.from_numpy(dequantise(matrix))
        return RoundedInput(linear) if form.activations else linear

    replace_linears(result, make)
    if form.weights:
        result.encoder.tokens.weight.data = rounded(result.encoder.tokens.weight, FROZEN_BITS)
        result.encoder.positions.data = rounded(result.encoder.positions, POSITION_BITS)
    return result


def load_network(path: Path) -> tuple[Network, dict[str, Any]]:
    """The float network of a finished or unfinished training, and what was saved with it."""
    saved = torch.load(path, map_location="cpu")
    state = saved["network"]
    sizes = {name: len(labels) for name, labels in saved["heads"].items()}
    network = Network(shape_of(len(state["encoder.tokens.weight"]), saved["settings"]), sizes, len(ASPECTS))
    network.load_state_dict(state)
    return network.requires_grad_(False).eval(), saved


def round_as_exported(network: Network, saved: dict[str, Any], bits: int) -> Network:
    """The integer network that export.py makes of a checkpoint."""
    moments = measure(saved, Rows("train", saved["heads"]), EXPORT.rows)
    return integer_network(network, bits, saved["settings"]["frozen"], moments=moments)


def pack_linears(pack: Pack, *others: Pack) -> dict[str, Linear]:
    """By the names that the network has for them."""
    assert pack.encoder is not None
    found = {}
    for index, layer in enumerate(pack.encoder.layers):
        at = f"encoder.layers.{index}"
        found[f"{at}.qkv"], found[f"{at}.out"] = layer.query_key_value, layer.attention_output
        found[f"{at}.up"], found[f"{at}.down"] = layer.feed_forward_up, layer.feed_forward_down
    for head in [head for each in (pack, *others) for head in each.encoder_heads]:
        scored = head.kind in (HeadKind.CHOICE, HeadKind.MARKS)
        found[f"heads.{head.task}" if scored else head.task] = head.linear
    return found


def set_norm(module: nn.LayerNorm, norm: LayerNorm) -> None:
    module.weight.data, module.bias.data = torch.from_numpy(norm.gain.copy()), torch.from_numpy(norm.bias.copy())


def pack_network(pack: Pack, *others: Pack) -> Network:
    """The integer network of a pack, and the heads of packs without an encoder, such as the probes."""
    encoder, linears = pack.encoder, pack_linears(pack, *others)
    assert encoder is not None and encoder.attention_heads == HEADS
    assert (encoder.window, encoder.overlap) == (WINDOW, OVERLAP)
    shape = Shape(
        encoder.tokens.rows,
        encoder.hidden,
        encoder.feed_forward,
        len(encoder.layers),
        encoder.positions.rows,
        encoder.epsilon,
        encoder.pooled,
    )
    heads = {name.removeprefix("heads."): each for name, each in linears.items() if name.startswith("heads.")}
    sizes = {name: each.weights.rows for name, each in heads.items()}
    network = Network(shape, sizes, linears["evidence"].weights.rows).requires_grad_(False).eval()

    def make(name: str, _: nn.Linear) -> nn.Module:
        matrix, bias = linears[name].weights, linears[name].bias.copy()
        if name.endswith(".qkv"):  # the network divides the queries itself
            factor = np.ones(matrix.rows, np.float32)
            factor[: encoder.hidden] = np.sqrt(np.float32(encoder.hidden // HEADS))
            matrix, bias = replace(matrix, row_scales=matrix.row_scales * factor), bias * factor
        return IntegerLinear(matrix, torch.from_numpy(bias))

    replace_linears(network, make)
    network.encoder.tokens.weight.data = torch.from_numpy(dequantise(encoder.tokens))
    network.encoder.positions.data = torch.from_numpy(dequantise(encoder.positions))
    set_norm(network.encoder.norm, encoder.embedding_norm)
    for module, layer in zip(network.encoder.layers, encoder.layers, strict=True):
        assert isinstance(module, Layer)
        set_norm(module.norm1, layer.attention_norm)
        set_norm(module.norm2, layer.output_norm)
    return network


@dataclass(frozen=True)
class Span:
    """A window: the pieces `start` to `end` of a text, of which those before `answers_to` are answered by it."""

    text: int
    start: int
    end: int
    answers_from: int
    answers_to: int

    @property
    def tokens(self) -> int:
        return self.end - self.start + 2


def spans(text: int, pieces: int) -> list[Span]:
    """The windows of a text. Of what two share, the earlier answers the first half."""
    body = WINDOW - 2
    starts = [0]
    while starts[-1] + body < pieces:
        starts.append(starts[-1] + body - OVERLAP)
    borders = [0, *(start + OVERLAP // 2 for start in starts[1:]), pieces]
    return [
        Span(text, start, min(pieces, start + body), borders[index], borders[index + 1])
        for index, start in enumerate(starts)
    ]


def batches(windows: list[Span]) -> list[list[Span]]:
    groups: list[list[Span]] = [[]]
    for each in sorted(windows, key=lambda window: window.tokens):
        if groups[-1] and (len(groups[-1]) + 1) * each.tokens > BATCH_TOKENS:
            groups.append([])
        groups[-1].append(each)
    return [group for group in groups if group]


@dataclass
class Reading:
    """What the encoder says of each text: its pooled vector, and where asked for, the evidence logits of its pieces."""

    pooled: Array  # [texts, features]
    evidence: dict[int, Array]  # by text [pieces, aspects]


@torch.no_grad()
def read(network: Network, texts: list[list[int]], half: bool = False, marked: set[int] | None = None) -> Reading:
    """Texts as piece ids, without begin and end. `half`: in bfloat16. `marked`: the texts whose evidence is wanted."""
    marked = marked or set()
    sums, counts = np.zeros((len(texts), network.features), np.float64), np.zeros(len(texts))
    evidence = {text: np.zeros((len(texts[text]), len(ASPECTS)), np.float32) for text in marked}
    windows = [each for text, ids in enumerate(texts) for each in spans(text, len(ids))]
    for group in batches(windows):
        ids = torch.full((len(group), group[-1].tokens), PAD)
        for row, each in enumerate(group):
            ids[row, : each.tokens] = torch.tensor([BEGIN, *texts[each.text][each.start : each.end], END])
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            states, pooled = network(ids, ids != PAD)
        for row, each in enumerate(group):
            sums[each.text] += each.tokens * pooled[row].double().numpy()
            counts[each.text] += each.tokens
            if each.text in marked:
                first, last = each.answers_from - each.start + 1, each.answers_to - each.start + 1
                evidence[each.text][each.answers_from : each.answers_to] = network.evidence(states[row, first:last])
    return Reading((sums / np.maximum(counts, 1)[:, None]).astype(np.float32), evidence)


@torch.no_grad()
def logits(network: Network, head: str, pooled: Array) -> Array:
    return network.heads[head](torch.from_numpy(pooled)).numpy()


@torch.no_grad()
def embed(network: Network, pooled: Array) -> Array:
    """Embeddings of unit length."""
    return functional.normalize(network.embedding(torch.from_numpy(pooled))).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "network.pt")
    parser.add_argument("--bits", type=int, default=EXPORT.bits)
    parser.add_argument("--rows", type=int, default=300)
    options = parser.parse_args()
    network, saved = load_network(options.checkpoint)
    moments = measure(saved, Rows("train", saved["heads"]), EXPORT.rows)
    rows = Rows("dev", saved["heads"])
    chosen = np.random.default_rng(0).choice(len(rows), options.rows, replace=False)
    texts = [rows.ids[rows.offsets[row] + 1 : rows.offsets[row + 1] - 1].tolist() for row in chosen]
    reference = read(network, texts).pooled
    for form in (Form(activations=False), Form(weights=False), Form()):
        integer = integer_network(network, options.bits, saved["settings"]["frozen"], form, moments)
        pooled = read(integer, texts).pooled
        cosine = (embed(integer, pooled) * embed(network, reference)).sum(1)
        print(f"{form}: embedding cosine {cosine.mean():.4f}, least {cosine.min():.4f}")
        for head in ("sentiment", "emotions", "aspects", "intent"):
            before, after = logits(network, head, reference), logits(integer, head, pooled)
            same = np.mean(before.argmax(1) == after.argmax(1))
            print(f"  {head}: rms {np.std(after - before):.3f} of {np.std(before):.3f}, same first label {same:.1%}")


if __name__ == "__main__":
    main()
