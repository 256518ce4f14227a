"""Write the trained branches as one model pack on the integer grid of FORMAT.md.

    python models/export.py [--version 1.1.0]

In:  models/work/{conv.pt,linear.npz,buckets.npy,heads.npz,calibration.json,tokenizer.model,tokenizer.fb}.
Out: models/lite/aftersense-lite.aspack, models/lite/tokenizer.model.
"""

import argparse
import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import torch

from dataset import LABELS, LANGUAGES, WORK
from encode import SETTINGS as ENCODING
from heads import HEADS
from network import EMBEDDING_LEVELS, WEIGHT_LEVELS
from pack import Calibration, Conv, Float32, Head, Int8, Pack, to_bytes

HERE = Path(__file__).parent
TASK = "sentiment"
NEUTRAL = LABELS.index("neutral")
LANGUAGES_CALIBRATED = (*LANGUAGES, "other")
NGRAM_LEVELS = 127
NGRAM_QUANTILE = 0.99999  # of the weights that are not clipped


def quantise(name: str, weight: Float32, scale: Float32 | np.float32, levels: int) -> Int8:
    """Nearest point of the grid; prints the worst error in steps (0.5 unless clipped) and the share clipped."""
    steps = weight / scale
    grid = np.clip(np.rint(steps), -levels, levels)
    error = np.abs(steps - grid)
    print(f"{name}: worst error {error.max():.2f} steps of {np.max(scale):.2e}, {np.mean(error > 0.501):.3%} clipped")
    return grid.astype(np.int8)


def make_conv(name: str, weight: Float32, bias: Float32, embedding_scale: Float32 | np.float32) -> Conv:
    """`weight` is [channels, dim, width]; the pack wants [channels, width * dim]."""
    flat = np.ascontiguousarray(weight.transpose(0, 2, 1)).reshape(len(weight), -1)
    scales = np.abs(flat).max(axis=1) / np.float32(WEIGHT_LEVELS)
    grid = quantise(name, flat, scales[:, None], WEIGHT_LEVELS)
    return Conv(weight.shape[2], grid, scales, np.rint(bias / (embedding_scale * scales)).astype(np.int32))


def make_ngrams(weights: Float32, kept: np.ndarray) -> tuple[Int8, np.float32]:
    """The whole table, zero save in the kept buckets, and its scale.

    Softmax does not see what the three logits share, so the neutral column is taken from all three: a third of the
    table is zeros, which compress to nothing.
    """
    weights = weights - weights[:, NEUTRAL : NEUTRAL + 1]
    scale = np.quantile(np.abs(weights), NGRAM_QUANTILE).astype(np.float32) / np.float32(NGRAM_LEVELS)
    table = np.zeros((1 << ENCODING.ngram_log2_buckets, weights.shape[1]), np.int8)
    table[kept] = quantise("n-grams", weights, scale, NGRAM_LEVELS)
    return table, scale


def ngram_heads(arrays: dict[str, np.ndarray], features: int) -> tuple[list[Head], list[Calibration]]:
    """The heads of heads.py, which give the convolutions' features no weight, and their calibrations."""
    heads, calibrations = [], []
    for task, fitted in json.loads(str(arrays["calibrations"])).items():
        labels = HEADS[task].labels
        head = Head(
            task=task,
            labels=labels,
            weights=np.zeros((len(labels), features), np.int8),
            weight_scale=1.0,
            bias=arrays[f"{task}_bias"],
            ngram_weights=arrays[f"{task}_weights"],
            ngram_scale=float(arrays[f"{task}_scale"]),
            ngram_buckets=arrays[f"{task}_buckets"],
        )
        heads.append(head)
        bias = np.array(fitted["bias"], np.float32)
        calibrations += [Calibration(task, language, fitted["temperature"], bias) for language in LANGUAGES_CALIBRATED]
    return heads, calibrations


def make_pack(
    conv: dict[str, Float32],
    linear: dict[str, Float32],
    kept: np.ndarray,
    fitted: dict,
    others: dict[str, np.ndarray],
    version: str,
) -> Pack:
    embedding_scale, head_scale = conv["embedding_scale"], np.abs(conv["head.weight"]).max() / np.float32(WEIGHT_LEVELS)
    ngram_weights, ngram_scale = make_ngrams(linear["weights"], kept)
    convs = tuple(
        make_conv(f"conv {i}", conv[f"convs.{i}.weight"], conv[f"convs.{i}.bias"], embedding_scale)
        for i in range(sum(key.endswith("weight") and key.startswith("convs.") for key in conv))
    )
    bias = fitted["conv"] * conv["head.bias"] + fitted["ngrams"] * linear["bias"] + np.array(fitted["bias"])
    head = Head(
        task=TASK,
        labels=LABELS,
        weights=quantise("head", conv["head.weight"], head_scale, WEIGHT_LEVELS),
        weight_scale=float(fitted["conv"] * head_scale),
        bias=bias.astype(np.float32),
        ngram_weights=ngram_weights,
        ngram_scale=float(fitted["ngrams"] * ngram_scale),
    )
    other_heads, calibrations = ngram_heads(others, head.weights.shape[1])
    return Pack(
        name="aftersense-lite",
        version=version,
        tier="lite",
        max_bytes=ENCODING.max_bytes,
        tokenizer=(WORK / "tokenizer.fb").read_bytes(),
        embedding=quantise("embedding", conv["embedding.weight"], embedding_scale, EMBEDDING_LEVELS),
        embedding_scale=float(embedding_scale),
        convs=convs,
        feature_scale=float(conv["feature_scale"]),
        ngram_order=ENCODING.ngram_order,
        ngram_log2_buckets=ENCODING.ngram_log2_buckets,
        heads=(head, *other_heads),
        calibrations=(
            *(
                Calibration(TASK, language, each["temperature"], np.array(each["bias"], np.float32))
                for language, each in ((language, fitted[language]) for language in LANGUAGES_CALIBRATED)
            ),
            *calibrations,
        ),
    )


def print_sizes(pack: Pack, data: bytes) -> None:
    parts = {
        "tokeniser": pack.tokenizer,
        "embedding": pack.embedding.tobytes(),
        "convolutions": b"".join(conv.weights.tobytes() for conv in pack.convs),
        "n-grams": pack.heads[0].ngram_weights.tobytes(),
        "heads": b"".join(head.ngram_weights.tobytes() for head in pack.heads[1:]),
        "pack": data,
    }
    for name, part in parts.items():
        print(f"{name}: {len(part)} bytes, {len(gzip.compress(part, 9, mtime=0))} gzip")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", default="1.1.0")
    parser.add_argument("--heads", type=Path, default=WORK / "heads.npz")
    options = parser.parse_args()
    conv = {key: value.numpy() for key, value in torch.load(WORK / "conv.pt")["state"].items()}
    fitted = json.loads((WORK / "calibration.json").read_text())
    linear, others = dict(np.load(WORK / "linear.npz")), dict(np.load(options.heads))
    pack = make_pack(conv, linear, np.load(WORK / "buckets.npy"), fitted, others, options.version)
    data = to_bytes(pack)
    print_sizes(pack, data)
    (HERE / "lite" / "aftersense-lite.aspack").write_bytes(data)
    shutil.copyfile(WORK / "tokenizer.model", HERE / "lite" / "tokenizer.model")


if __name__ == "__main__":
    main()
