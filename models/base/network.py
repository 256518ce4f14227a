"""The encoder and its heads in torch.

The encoder is the lower part of multilingual-e5-small: BERT with post-norm layers, GELU, learnt positions, 12 heads of
32. Every head is one linear layer on the means of some layers' states, save `evidence`, which reads the last states.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from base.pretrained import Bundle

HEADS = 12


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    hidden: int = 384
    ffn: int = 1536
    layers: int = 8
    positions: int = 512
    epsilon: float = 1e-12
    pooled: tuple[int, ...] = ()  # layers, counted from 1, whose states come out; the last one if none is named


def shape_of(vocabulary: int, settings: dict[str, Any]) -> Shape:
    """The shape that a checkpoint's settings say."""
    pooled = tuple(int(layer) for layer in settings["pooled"].split(","))
    return Shape(vocabulary, layers=settings["layers"], pooled=pooled)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.norm1 = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.up = nn.Linear(shape.hidden, shape.ffn)
        self.down = nn.Linear(shape.ffn, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, shape.epsilon)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, hidden = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, HEADS, hidden // HEADS).permute(2, 0, 3, 1, 4)
        # Not scaled_dot_product_attention: its bfloat16 backward pass is five times slower on a CPU.
        scores = (q * (hidden // HEADS) ** -0.5) @ k.transpose(-1, -2)
        mixed = (scores if mask is None else scores + mask).softmax(-1) @ v
        mixed = mixed.transpose(1, 2).reshape(x.shape)
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.down(functional.gelu(self.up(x))))


class Encoder(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.tokens = nn.Embedding(shape.vocabulary, shape.hidden)
        self.positions = nn.Parameter(torch.zeros(shape.positions, shape.hidden))
        self.norm = nn.LayerNorm(shape.hidden, shape.epsilon)
        self.layers = nn.ModuleList([Layer(shape) for _ in range(shape.layers)])
        self.pooled = shape.pooled or (shape.layers,)

    def forward(self, ids: Tensor, present: Tensor, frozen: int = 0) -> Tensor:
        """States of ids [B, T], `present` false at padding: [B, T, hidden · pooled layers], layer after layer.

        No gradient below layer `frozen`.
        """
        mask = None if present.all() else torch.where(present, 0.0, -1e4)[:, None, None, :]
        with torch.set_grad_enabled(torch.is_grad_enabled() and not frozen):
            x = self.norm(self.tokens(ids) + self.positions[: ids.shape[1]])
        states = []
        for number, layer in enumerate(self.layers, 1):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number > frozen):
                x = layer(x, mask)
            if number in self.pooled:
                states.append(x)
        return torch.cat(states, -1)


class Network(nn.Module):
    """Encoder, classification heads by name, per-token evidence, sentence embedding."""

    def __init__(self, shape: Shape, heads: dict[str, int], aspects: int) -> None:
        super().__init__()
        self.encoder = Encoder(shape)
        self.hidden, self.features = shape.hidden, shape.hidden * len(self.encoder.pooled)
        self.heads = nn.ModuleDict({name: nn.Linear(self.features, size) for name, size in heads.items()})
        self.evidence = nn.Linear(shape.hidden, aspects)
        self.embedding = nn.Linear(self.features, shape.hidden)

    def forward(self, ids: Tensor, present: Tensor, frozen: int = 0) -> tuple[Tensor, Tensor]:
        """The last states [B, T, hidden], and the means of the pooled layers' [B, features], in float32."""
        states = self.encoder(ids, present, frozen).float()
        weights = present[..., None].float()
        return states[..., -self.hidden :], (states * weights).sum(1) / weights.sum(1)


def load_pretrained(encoder: Encoder, bundle: Bundle, kept: Tensor) -> None:
    """Copy the pretrained weights of as many layers as the encoder has; `kept` are the pretrained ids of its pieces."""
    hidden, ffn = bundle.shape.hidden, bundle.shape.ffn

    def tensor(name: str, *size: int) -> Tensor:
        return torch.from_numpy(bundle.tensors[name]).view(*size)

    def norm(module: nn.LayerNorm, name: str) -> None:
        module.weight.copy_(tensor(f"{name}.w", hidden))
        module.bias.copy_(tensor(f"{name}.b", hidden))

    def linear(module: nn.Linear, *names: str) -> None:
        module.weight.copy_(torch.cat([tensor(f"{name}.w", -1, module.in_features) for name in names]))
        module.bias.copy_(torch.cat([tensor(f"{name}.b", -1) for name in names]))

    assert encoder.tokens.embedding_dim == hidden and encoder.layers[0].up.out_features == ffn
    with torch.no_grad():
        encoder.tokens.weight.copy_(tensor("emb.word", -1, hidden)[kept])
        # Every token has segment 0, so that segment's vector is part of each position.
        encoder.positions.copy_(tensor("emb.pos", -1, hidden) + tensor("emb.type", -1, hidden)[0])
        norm(encoder.norm, "emb.ln")
        for index, layer in enumerate(encoder.layers):
            assert isinstance(layer, Layer)
            at = f"l{index}"
            linear(layer.qkv, f"{at}.q", f"{at}.k", f"{at}.v")
            linear(layer.out, f"{at}.ao")
            norm(layer.norm1, f"{at}.aln")
            linear(layer.up, f"{at}.fi")
            linear(layer.down, f"{at}.fo")
            norm(layer.norm2, f"{at}.oln")
