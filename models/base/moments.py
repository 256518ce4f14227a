"""Second moments of what the trained linear layers read, for rounding their weights."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from base.dataset import Rows, batches, pad, windows
from base.network import Network, shape_of
from base.quantise import Float64

MAX_TOKENS, BATCH_TOKENS = 112, 4096


def sample(rows: Rows, each: int, seed: int = 1) -> np.ndarray:
    """Row indices, `each` of every set."""
    rng = np.random.default_rng(seed)
    parts = [np.flatnonzero(rows.source == source) for source in np.unique(rows.source)]
    return np.concatenate([rng.permutation(part)[:each] for part in parts])


@torch.no_grad()
def measure(checkpoint: dict[str, Any], rows: Rows, each: int) -> dict[str, Float64]:
    """Σ x xᵀ over the inputs x of each linear layer above the frozen ones, by its name in the checkpoint."""
    state, settings = checkpoint["network"], checkpoint["settings"]
    sizes = {name: len(labels) for name, labels in checkpoint["heads"].items()}
    shape = shape_of(len(state["encoder.tokens.weight"]), settings)
    network = Network(shape, sizes, len(state["evidence.bias"])).eval()
    network.load_state_dict(state)
    moments: dict[str, Tensor] = {}
    present = torch.zeros(0)

    def record(name: str) -> Any:
        def hook(_module: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> None:
            x = inputs[0][present]
            moments[name] = moments.get(name, torch.zeros(())) + (x.T @ x).double()

        return hook

    for index, layer in enumerate(network.encoder.layers):
        for name, module in layer.named_children():
            if index >= settings["frozen"] and isinstance(module, nn.Linear):
                module.register_forward_hook(record(f"encoder.layers.{index}.{name}"))
    for part in batches(windows(rows, sample(rows, each), MAX_TOKENS), BATCH_TOKENS):
        ids, present = pad(rows, part)
        network.encoder(ids, present)
    return {name: sums.numpy() for name, sums in moments.items()}
