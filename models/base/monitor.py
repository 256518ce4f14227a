"""A quick look at a training: each head's score on a few rows of every dev set."""

import numpy as np
import torch
from torch import distributed

from base.dataset import Rows, batches, pad, windows
from base.encode import MULTI_LABEL_PROBES
from base.network import Network

ROWS = 150  # of each set; the written messages are all looked at
MAX_TOKENS = 128
BATCH_TOKENS = 4096


def sample(rows: Rows) -> np.ndarray:
    chosen = []
    for source in np.unique(rows.source):
        of_source = np.flatnonzero(rows.source == source)
        chosen.append(of_source if source.startswith("written") else of_source[:ROWS])
    return np.concatenate(chosen)


@torch.no_grad()
def predict(network: Network, rows: Rows, chosen: np.ndarray, rank: int = 0, world: int = 1) -> dict[str, np.ndarray]:
    """Logits of every head for the chosen rows; with several processes each works on its share and all get all."""
    network.eval()
    device = network.encoder.positions.device
    place = {int(row): index for index, row in enumerate(chosen)}
    result = {name: torch.zeros(len(chosen), head.out_features) for name, head in network.heads.items()}
    for index, part in enumerate(batches(windows(rows, chosen, MAX_TOKENS), BATCH_TOKENS)):
        if index % world != rank:
            continue
        ids, present = (each.to(device) for each in pad(rows, part))
        with torch.autocast(device.type, torch.bfloat16):
            _, pooled = network(ids, present)
        at = [place[each.row] for each in part]
        for name, head in network.heads.items():
            result[name][at] = head(pooled).cpu()
    if world > 1:
        for logits in result.values():
            distributed.all_reduce(logits)
    return {name: logits.numpy() for name, logits in result.items()}


def micro_f1(guessed: np.ndarray, target: np.ndarray) -> float:
    known = target >= 0
    true = (guessed & (target == 1))[known].sum()
    return 200 * float(true) / max(1, guessed[known].sum() + (target == 1)[known].sum())


def head_score(name: str, logits: np.ndarray, target: np.ndarray, classes: np.ndarray) -> float:
    """Per cent: accuracy, or micro-F1 for labels that are many to a text."""
    if name in ("emotions", "aspects") or name.removeprefix("probe_") in MULTI_LABEL_PROBES:
        return micro_f1(logits > 0, target)
    if name == "sentiment" and (classes == 2).all():
        return 100 * float(np.mean((logits[:, 2] > logits[:, 0]) == (target == 2)))
    if name == "escalate":
        return 100 * float(np.mean((logits[:, 0] > 0) == (target == 1)))
    return 100 * float(np.mean(logits.argmax(1) == target))


def report(network: Network, rows: Rows, heads: dict[str, list[str]], rank: int = 0, world: int = 1) -> str:
    chosen = sample(rows)
    logits = predict(network, rows, chosen, rank, world)
    scores = []
    for source in np.unique(rows.source):
        of_source = rows.source[chosen] == source
        for name in heads:
            target = rows.targets[name][chosen][of_source]
            known = (target >= 0).reshape(len(target), -1).any(1)
            if name != "polarity" and known.any():
                mine = of_source.nonzero()[0][known]
                score = head_score(name, logits[name][mine], target[known], rows.classes[chosen][mine])
                scores.append(f"{source}:{name.removeprefix('probe_')} {score:.1f}")
    return "dev  " + "  ".join(scores)
