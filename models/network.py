"""The convolutional branch in torch: float, or with the int8 grid of FORMAT.md imitated in the forward pass."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

EMBEDDING_LEVELS = 15  # coarser than int8 allows: fewer distinct values, a smaller compressed pack
WEIGHT_LEVELS = 63
FEATURE_LEVELS = 127


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    dim: int
    widths: tuple[int, ...]
    channels: int


def to_grid(x: torch.Tensor, scale: torch.Tensor, levels: int) -> torch.Tensor:
    """Round to `levels` steps of `scale` either side; the gradient passes straight through."""
    rounded = torch.clamp(torch.round(x / scale), -levels, levels) * scale
    return x + (rounded - x).detach()


class LiteNetwork(nn.Module):
    """Embedding, convolutions of several widths with max-pool over time, one linear layer of three logits."""

    embedding_scale: torch.Tensor
    feature_scale: torch.Tensor
    quantised: torch.Tensor

    def __init__(self, shape: Shape, embedding_dropout: float = 0.0, feature_dropout: float = 0.0) -> None:
        super().__init__()
        self.embedding = nn.Embedding(shape.vocabulary, shape.dim)
        nn.init.normal_(self.embedding.weight, std=0.3)
        convs = [nn.Conv1d(shape.dim, shape.channels, width, padding=width // 2) for width in shape.widths]
        self.convs = nn.ModuleList(convs)
        self.head = nn.Linear(shape.channels * len(shape.widths), 3)
        self.embedding_dropout = nn.Dropout(embedding_dropout)
        self.feature_dropout = nn.Dropout(feature_dropout)
        for name in ("embedding_scale", "feature_scale", "quantised"):
            self.register_buffer(name, torch.zeros(()))

    @torch.no_grad()
    def start_quantisation(self, batches: list[torch.Tensor]) -> None:
        """Fix the ranges of embedding and features from what is there; the weights' ranges follow the weights."""
        self.eval()
        self.embedding_scale.copy_(3.5 * self.embedding.weight.std() / EMBEDDING_LEVELS)
        features = torch.cat([self.features(ids).flatten() for ids in batches])
        self.feature_scale.copy_(features.sort().values[int(0.9998 * len(features))] / FEATURE_LEVELS)
        self.quantised.fill_(1)

    def features(self, ids: torch.Tensor) -> torch.Tensor:
        """Pooled channels [B, C]; ids [B, T], −1 where the text has ended."""
        present = ids >= 0
        weight = self.embedding.weight
        if self.quantised:
            weight = to_grid(weight, self.embedding_scale, EMBEDDING_LEVELS)
        x = functional.embedding(ids.clamp(min=0), weight) * present[..., None]
        x = self.embedding_dropout(x).transpose(1, 2)
        absent = torch.where(present, 0.0, -1e9)[:, None, :]
        pooled = []
        for conv in self.convs:
            assert isinstance(conv, nn.Conv1d)
            kernel = conv.weight
            if self.quantised:
                scale = kernel.detach().abs().amax((1, 2), keepdim=True) / WEIGHT_LEVELS
                kernel = to_grid(kernel, scale, WEIGHT_LEVELS)
            out = functional.conv1d(x, kernel, conv.bias, padding=conv.kernel_size[0] // 2)
            pooled.append(functional.relu((out + absent).amax(2)))
        return torch.cat(pooled, 1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        features, head = self.features(ids), self.head.weight
        if self.quantised:
            features = to_grid(features, self.feature_scale, FEATURE_LEVELS)
            head = to_grid(head, head.detach().abs().max() / WEIGHT_LEVELS, WEIGHT_LEVELS)
        return functional.linear(self.feature_dropout(features), head, self.head.bias)
