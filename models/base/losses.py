"""What each head is trained on. A masked label (−1, or no polarity bit) adds nothing."""

import torch
from torch import Tensor
from torch.nn import functional

from base.dataset import Labels
from base.encode import MULTI_LABEL_PROBES
from base.network import Network

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2
THREE_WAY_SHARE = 0.2  # of the three-class loss on sets that know no neutral, see models/README.md
MARKS_FACTOR = 0.5  # yes-or-no labels are summed over a row's labels, which outweighs one choice among classes
EVIDENCE_WEIGHT = 2.0
TEMPERATURE = 0.05  # of the contrastive loss (van den Oord et al. 2018, arXiv:1807.03748)
SHORT = 128  # leading dimensions of the embedding that must serve alone (Kusupati et al. 2022, arXiv:2205.13147)


def choice(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy a row, 0 where masked."""
    return functional.cross_entropy(logits, target, ignore_index=-1, reduction="none")


def marks(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy a row, summed over its known labels."""
    each = functional.binary_cross_entropy_with_logits(logits, target.clamp(min=0).float(), reduction="none")
    return MARKS_FACTOR * (each * (target >= 0)).sum(-1)


def sentiment(logits: Tensor, target: Tensor, classes: Tensor) -> Tensor:
    three = choice(logits, target)
    polar = torch.where((target >= 0) & (classes == 2), target // 2, -1)
    two = choice(logits[:, [NEGATIVE, POSITIVE]], polar)
    return torch.where(classes == 2, two + THREE_WAY_SHARE * three, three)


def polarity(logits: Tensor, target: Tensor) -> Tensor:
    """`target` is a bit set an aspect; an aspect of two polarities is judged well if it splits its probability."""
    bits = torch.stack([(target >> bit) & 1 for bit in range(3)], -1).float()
    count = bits.sum(-1, keepdim=True)
    log_p = logits.view(*target.shape, 3).log_softmax(-1)
    return -(log_p * bits / count.clamp(min=1)).sum((-1, -2))


def evidence(logits: Tensor, target: Tensor) -> Tensor:
    each = functional.binary_cross_entropy_with_logits(logits, target.clamp(min=0).float(), reduction="none")
    known = target >= 0
    return EVIDENCE_WEIGHT * (each * known).sum((-1, -2)) / known[..., 0].sum(-1).clamp(min=1)


def row_losses(network: Network, states: Tensor, pooled: Tensor, labels: Labels) -> Tensor:
    """Sum of the losses of each row's known labels [B]."""
    total = evidence(network.evidence(states), labels["evidence"])
    for name, head in network.heads.items():
        logits, target = head(pooled), labels[name]
        if name == "sentiment":
            total = total + sentiment(logits, target, labels["classes"])
        elif name == "polarity":
            total = total + polarity(logits, target)
        elif name in ("emotions", "aspects") or name.removeprefix("probe_") in MULTI_LABEL_PROBES:
            total = total + marks(logits, target)
        elif name == "escalate":
            total = total + marks(logits, target[:, None])
        else:
            total = total + choice(logits, target)
    return total


def imitation(vectors: Tensor, teacher: Tensor) -> Tensor:
    """1 − cosine to the teacher's vector, whole and cut short [B]."""
    whole = functional.cosine_similarity(vectors, teacher)
    return 2 - whole - functional.cosine_similarity(vectors[:, :SHORT], teacher[:, :SHORT])


def sizes(*vectors: Tensor) -> list[list[Tensor]]:
    """Of unit length, whole and cut short."""
    whole = vectors[0].shape[-1]
    return [[functional.normalize(each[..., :size], dim=-1) for each in vectors] for size in (whole, SHORT)]


def contrast(a: Tensor, b: Tensor) -> Tensor:
    """Each a finds its own b among all, and the other way round."""
    own = torch.arange(len(a), device=a.device)
    scores = [x @ y.T / TEMPERATURE for x, y in sizes(a, b)]
    return sum(functional.cross_entropy(each, own) + functional.cross_entropy(each.T, own) for each in scores) / 4


def find_answer(questions: Tensor, answers: Tensor, own: Tensor) -> Tensor:
    """Each question finds its answer among those of every language; `answers` [languages, answers, hidden]."""
    scores = [torch.einsum("qh,lah->lqa", x, y) / TEMPERATURE for x, y in sizes(questions, answers)]
    each = [functional.cross_entropy(logits, own) for score in scores for logits in score]
    return torch.stack(each).mean()


def order(a: Tensor, b: Tensor, likeness: Tensor) -> Tensor:
    """Pairs that are more alike have the greater cosine (CoSENT, Su 2022, kexue.fm/archives/8847)."""
    total = a.new_zeros(())
    wrong = likeness[:, None] > likeness[None, :]
    for x, y in sizes(a, b):
        cosine = (x * y).sum(-1) / TEMPERATURE
        gaps = (cosine[None, :] - cosine[:, None])[wrong]
        total = total + torch.cat([gaps.new_zeros(1), gaps]).logsumexp(0) / 2
    return total
