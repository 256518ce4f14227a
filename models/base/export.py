"""Write a trained network as a model pack, and the heads that only measure as a second one.

    python -m base.export [--checkpoint FILE] [--bits 5] [--rows 24] [--version 1.0.0] [--out FOLDER]   # from models

In:  models/work/base/{network.pt,train.npz,tokenizer.fb,tokenizer.model,calibration.json}; the last may be missing.
Out: models/base/{aftersense-base.aspack,probes.aspack,tokenizer.model}.

calibration.json: {task: {language: {"temperature": …, "bias": [… a label], "lite_factor": … or missing}}}.
"""

import argparse
import gzip
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from base.dataset import Rows
from base.encode import BEGIN, END, MULTI_LABEL_PROBES
from base.labels import ASPECTS
from base.moments import measure
from base.network import HEADS, shape_of
from base.pretrained import WORK
from base.quantise import Float64, errors, output_error, quantise
from pack import (
    Calibration,
    Encoder,
    EncoderHead,
    Float32,
    HeadKind,
    LayerNorm,
    Linear,
    Matrix,
    Pack,
    TransformerLayer,
    to_bytes,
)

HERE = Path(__file__).parent
UNKNOWN = 3
MARKS = ("emotions", "aspects", "escalate")
ROWS_HELP = "texts of each set by which to round; 0: each weight for itself"
Tensors = dict[str, Float32]
Moments = dict[str, Float64]  # by linear layer


@dataclass(frozen=True)
class Settings:
    bits: int = 5  # of the layers that were trained
    frozen_bits: int = 4  # of the piece vectors and layers that were not: their grid
    position_bits: int = 6
    head_bits: int = 8
    window: int = 256  # the positions of longer texts are left out
    overlap: int = 32
    max_bytes: int = 8192
    epsilon: float = 1e-12
    rows: int = 24  # of each training set, by which the trained layers are rounded; none: each weight for itself


SETTINGS = Settings()


def make_matrix(name: str, weights: Float32, bits: int, moments: Float64 | None = None) -> Matrix:
    matrix = quantise(weights, bits, moments)
    worst, rms = errors(matrix, weights)
    outputs = "" if moments is None else f"; of the outputs {output_error(matrix, weights, moments):.2%} rms"
    print(f"{name}: {bits} bits, error {rms:.2%} rms, at worst {worst:.2%} of its row's largest weight{outputs}")
    return matrix


def make_linear(tensors: Tensors, name: str, bits: int, moments: Moments | None = None) -> Linear:
    matrix = make_matrix(name, tensors[f"{name}.weight"], bits, (moments or {}).get(name))
    return Linear(matrix, tensors[f"{name}.bias"])


def make_norm(tensors: Tensors, name: str) -> LayerNorm:
    return LayerNorm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])


def scale_queries(linear: Linear) -> Linear:
    """Fold 1 / sqrt(dimensions of a head) into the first third of the rows."""
    queries = linear.weights.rows // 3
    factor = np.ones(linear.weights.rows, np.float32)
    factor[:queries] = 1 / np.sqrt(np.float32(queries // HEADS))
    return Linear(replace(linear.weights, row_scales=linear.weights.row_scales * factor), linear.bias * factor)


def make_layer(tensors: Tensors, name: str, bits: int, moments: Moments) -> TransformerLayer:
    return TransformerLayer(
        query_key_value=scale_queries(make_linear(tensors, f"{name}.qkv", bits, moments)),
        attention_output=make_linear(tensors, f"{name}.out", bits, moments),
        attention_norm=make_norm(tensors, f"{name}.norm1"),
        feed_forward_up=make_linear(tensors, f"{name}.up", bits, moments),
        feed_forward_down=make_linear(tensors, f"{name}.down", bits, moments),
        output_norm=make_norm(tensors, f"{name}.norm2"),
    )


def make_encoder(tensors: Tensors, trained: dict[str, Any], settings: Settings, moments: Moments) -> Encoder:
    shape, frozen = shape_of(len(tensors["encoder.tokens.weight"]), trained), trained["frozen"]
    tokens, positions = tensors["encoder.tokens.weight"], tensors["encoder.positions"][: settings.window]
    return Encoder(
        hidden=tokens.shape[1],
        attention_heads=HEADS,
        feed_forward=len(tensors["encoder.layers.0.up.bias"]),
        epsilon=settings.epsilon,
        begin_id=BEGIN,
        end_id=END,
        unknown_id=UNKNOWN,
        window=settings.window,
        overlap=settings.overlap,
        tokens=make_matrix("encoder.tokens", tokens, settings.frozen_bits),
        positions=make_matrix("encoder.positions", positions, settings.position_bits),
        embedding_norm=make_norm(tensors, "encoder.norm"),
        layers=tuple(
            make_layer(tensors, f"encoder.layers.{i}", settings.frozen_bits if i < frozen else settings.bits, moments)
            for i in range(shape.layers)
        ),
        pooled=shape.pooled,
    )


def make_heads(tensors: Tensors, labels: dict[str, list[str]], settings: Settings) -> list[EncoderHead]:
    heads = []
    for task, names in labels.items():
        linear = make_linear(tensors, f"heads.{task}", settings.head_bits)
        if task in MARKS or task.removeprefix("probe_") in MULTI_LABEL_PROBES:
            heads.append(EncoderHead(task, HeadKind.MARKS, tuple(names), linear))
        else:
            group = 3 if task == "polarity" else len(names)
            heads.append(EncoderHead(task, HeadKind.CHOICE, tuple(names), linear, group))
    return heads


def read_calibrations(path: Path) -> tuple[Calibration, ...]:
    if not path.exists():
        print(f"no {path.name}: nothing is calibrated")
        return ()
    return tuple(
        Calibration(
            task,
            language,
            each["temperature"],
            np.array(each["bias"], np.float32),
            each.get("lite_factor", 0.0),
        )
        for task, languages in json.loads(path.read_text()).items()
        for language, each in languages.items()
    )


def make_packs(checkpoint: dict[str, Any], settings: Settings, moments: Moments, version: str) -> tuple[Pack, Pack]:
    """The pack that shops load, and the probes, whose encoder is the former's."""
    tensors = {name: tensor.float().numpy() for name, tensor in checkpoint["network"].items()}
    heads = make_heads(tensors, checkpoint["heads"], settings)
    evidence = make_linear(tensors, "evidence", settings.head_bits)
    embedding = make_linear(tensors, "embedding", settings.head_bits)
    pack = Pack(
        name="aftersense-base",
        version=version,
        tier="base",
        max_bytes=settings.max_bytes,
        tokenizer=(WORK / "tokenizer.fb").read_bytes(),
        calibrations=read_calibrations(WORK / "calibration.json"),
        encoder=make_encoder(tensors, checkpoint["settings"], settings, moments),
        encoder_heads=(
            *(head for head in heads if not head.task.startswith("probe_")),
            EncoderHead("evidence", HeadKind.TOKEN_MARKS, ASPECTS, evidence),
            EncoderHead("embedding", HeadKind.VECTOR, (), embedding),
        ),
    )
    probes = Pack(
        name="aftersense-base-probes",
        version=version,
        tier="base",
        max_bytes=settings.max_bytes,
        tokenizer=b"",
        encoder_heads=tuple(head for head in heads if head.task.startswith("probe_")),
    )
    return pack, probes


def linears(layer: TransformerLayer) -> list[Linear]:
    return [layer.query_key_value, layer.attention_output, layer.feed_forward_up, layer.feed_forward_down]


def print_sizes(pack: Pack, data: bytes) -> None:
    encoder = pack.encoder
    assert encoder is not None
    matrices = [encoder.tokens, encoder.positions]
    matrices += [linear.weights for layer in encoder.layers for linear in linears(layer)]
    parts: dict[str, list[np.ndarray]] = {
        "piece vectors": [encoder.tokens.codes],
        "positions": [encoder.positions.codes],
        **{f"layer {i}": [linear.weights.codes for linear in linears(layer)] for i, layer in enumerate(encoder.layers)},
        "block scales": [matrix.block_scales for matrix in matrices],
        "row scales": [matrix.row_scales for matrix in matrices],
        "heads": [head.linear.weights.codes for head in pack.encoder_heads],
    }
    raw = {name: b"".join(array.tobytes() for array in arrays) for name, arrays in parts.items()}
    for name, part in {"tokeniser": pack.tokenizer, **raw, "pack": data}.items():
        print(f"{name}: {len(part)} bytes, {len(gzip.compress(part, 9, mtime=0))} gzip")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=WORK / "network.pt")
    parser.add_argument("--bits", type=int, choices=(4, 5, 6, 8), default=SETTINGS.bits)
    parser.add_argument(
        "--rows", type=int, default=SETTINGS.rows, help="of each set; 0: each weight is rounded for itself"
    )
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--out", type=Path, default=HERE)
    options = parser.parse_args()
    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    settings = replace(SETTINGS, bits=options.bits, rows=options.rows)
    moments = measure(checkpoint, Rows("train", checkpoint["heads"]), settings.rows) if settings.rows else {}
    pack, probes = make_packs(checkpoint, settings, moments, options.version)
    data = to_bytes(pack)
    print_sizes(pack, data)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / f"{pack.name}.aspack").write_bytes(data)
    (options.out / "probes.aspack").write_bytes(to_bytes(probes))
    shutil.copyfile(WORK / "tokenizer.model", options.out / "tokenizer.model")


if __name__ == "__main__":
    main()
