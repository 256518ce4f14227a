"""Read and write model packs (schema src/nn/model_pack.fbs, meaning FORMAT.md).

`model_pack_generated.py` is written by `npm run build` (flatc over src/nn/model_pack.fbs).
"""

from dataclasses import dataclass
from pathlib import Path

import flatbuffers
import numpy as np
import numpy.typing as npt

import model_pack_generated as fb

FORMAT_VERSION = 1
IDENTIFIER = b"ASMP"

Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Conv:
    width: int
    weights: Int8  # [channels, width * dim]
    scales: Float32  # [channels]
    bias: Int32  # [channels]


@dataclass(frozen=True)
class Head:
    task: str
    labels: tuple[str, ...]
    weights: Int8  # [labels, features]
    weight_scale: float
    bias: Float32  # [labels]
    ngram_weights: Int8  # [buckets, labels]
    ngram_scale: float


@dataclass(frozen=True)
class Calibration:
    task: str
    language: str
    temperature: float
    bias: Float32  # [labels]


@dataclass(frozen=True)
class Pack:
    name: str
    version: str
    tier: str
    max_bytes: int
    tokenizer: bytes
    embedding: Int8  # [vocabulary, dim]
    embedding_scale: float
    convs: tuple[Conv, ...]
    feature_scale: float
    ngram_order: int
    ngram_log2_buckets: int
    heads: tuple[Head, ...]
    calibrations: tuple[Calibration, ...]


def _aligned(builder: flatbuffers.Builder, data: bytes) -> int:
    """Write a byte vector whose data starts at a multiple of 16, which generated Python code does not do."""
    builder.StartVector(1, len(data), 16)
    start = builder.head = builder.Head() - len(data)
    builder.Bytes[start : start + len(data)] = data
    return builder.EndVector()


def _offsets(builder: flatbuffers.Builder, offsets: list[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return builder.EndVector()


def _write_conv(builder: flatbuffers.Builder, conv: Conv) -> int:
    weights = _aligned(builder, conv.weights.tobytes())
    scales = builder.CreateNumpyVector(conv.scales)
    bias = builder.CreateNumpyVector(conv.bias)
    fb.Conv1dStart(builder)
    fb.Conv1dAddWidth(builder, conv.width)
    fb.Conv1dAddChannels(builder, len(conv.scales))
    fb.Conv1dAddWeights(builder, weights)
    fb.Conv1dAddScales(builder, scales)
    fb.Conv1dAddBias(builder, bias)
    return fb.Conv1dEnd(builder)


def _write_encoder(builder: flatbuffers.Builder, pack: Pack) -> int:
    embedding = _aligned(builder, pack.embedding.tobytes())
    convs = _offsets(builder, [_write_conv(builder, conv) for conv in pack.convs])
    fb.LiteEncoderStart(builder)
    fb.LiteEncoderAddDim(builder, pack.embedding.shape[1])
    fb.LiteEncoderAddEmbedding(builder, embedding)
    fb.LiteEncoderAddEmbeddingScale(builder, pack.embedding_scale)
    fb.LiteEncoderAddConvs(builder, convs)
    fb.LiteEncoderAddFeatureScale(builder, pack.feature_scale)
    fb.LiteEncoderAddNgramOrder(builder, pack.ngram_order)
    fb.LiteEncoderAddNgramLog2Buckets(builder, pack.ngram_log2_buckets)
    return fb.LiteEncoderEnd(builder)


def _write_head(builder: flatbuffers.Builder, head: Head) -> int:
    task = builder.CreateString(head.task)
    labels = _offsets(builder, [builder.CreateString(label) for label in head.labels])
    weights = _aligned(builder, head.weights.tobytes())
    bias = builder.CreateNumpyVector(head.bias)
    ngram_weights = _aligned(builder, head.ngram_weights.tobytes())
    fb.LinearHeadStart(builder)
    fb.LinearHeadAddTask(builder, task)
    fb.LinearHeadAddLabels(builder, labels)
    fb.LinearHeadAddWeights(builder, weights)
    fb.LinearHeadAddWeightScale(builder, head.weight_scale)
    fb.LinearHeadAddBias(builder, bias)
    fb.LinearHeadAddNgramWeights(builder, ngram_weights)
    fb.LinearHeadAddNgramScale(builder, head.ngram_scale)
    return fb.LinearHeadEnd(builder)


def _write_calibration(builder: flatbuffers.Builder, calibration: Calibration) -> int:
    task, language = builder.CreateString(calibration.task), builder.CreateString(calibration.language)
    bias = builder.CreateNumpyVector(calibration.bias)
    fb.CalibrationStart(builder)
    fb.CalibrationAddTask(builder, task)
    fb.CalibrationAddLanguage(builder, language)
    fb.CalibrationAddTemperature(builder, calibration.temperature)
    fb.CalibrationAddBias(builder, bias)
    return fb.CalibrationEnd(builder)


def to_bytes(pack: Pack) -> bytes:
    builder = flatbuffers.Builder(1 << 21)
    tokenizer = _aligned(builder, pack.tokenizer)
    lite = _write_encoder(builder, pack)
    heads = _offsets(builder, [_write_head(builder, head) for head in pack.heads])
    calibrations = _offsets(builder, [_write_calibration(builder, part) for part in pack.calibrations])
    name, version, tier = map(builder.CreateString, (pack.name, pack.version, pack.tier))
    fb.ModelPackStart(builder)
    fb.ModelPackAddFormatVersion(builder, FORMAT_VERSION)
    fb.ModelPackAddName(builder, name)
    fb.ModelPackAddVersion(builder, version)
    fb.ModelPackAddTier(builder, tier)
    fb.ModelPackAddMaxBytes(builder, pack.max_bytes)
    fb.ModelPackAddTokenizer(builder, tokenizer)
    fb.ModelPackAddLite(builder, lite)
    fb.ModelPackAddHeads(builder, heads)
    fb.ModelPackAddCalibrations(builder, calibrations)
    builder.Finish(fb.ModelPackEnd(builder), IDENTIFIER)
    return bytes(builder.Output())


def _read_conv(conv: fb.Conv1d, dim: int) -> Conv:
    return Conv(
        conv.Width(), conv.WeightsAsNumpy().reshape(-1, conv.Width() * dim), conv.ScalesAsNumpy(), conv.BiasAsNumpy()
    )


def _read_head(head: fb.LinearHead) -> Head:
    labels = tuple(head.Labels(i).decode() for i in range(head.LabelsLength()))
    return Head(
        head.Task().decode(),
        labels,
        head.WeightsAsNumpy().reshape(len(labels), -1),
        head.WeightScale(),
        head.BiasAsNumpy(),
        head.NgramWeightsAsNumpy().reshape(-1, len(labels)),
        head.NgramScale(),
    )


def from_bytes(data: bytes) -> Pack:
    """Read a pack; raises ValueError unless it is one of the version known here."""
    if not fb.ModelPack.ModelPackBufferHasIdentifier(data, 0):
        raise ValueError("not a model pack")
    pack = fb.ModelPack.GetRootAs(data, 0)
    if pack.FormatVersion() != FORMAT_VERSION:
        raise ValueError(f"format version {pack.FormatVersion()}, known is {FORMAT_VERSION}")
    lite, dim = pack.Lite(), pack.Lite().Dim()
    calibrations = [pack.Calibrations(i) for i in range(pack.CalibrationsLength())]
    return Pack(
        name=pack.Name().decode(),
        version=pack.Version().decode(),
        tier=pack.Tier().decode(),
        max_bytes=pack.MaxBytes(),
        tokenizer=pack.TokenizerAsNumpy().tobytes(),
        embedding=lite.EmbeddingAsNumpy().reshape(-1, dim),
        embedding_scale=lite.EmbeddingScale(),
        convs=tuple(_read_conv(lite.Convs(i), dim) for i in range(lite.ConvsLength())),
        feature_scale=lite.FeatureScale(),
        ngram_order=lite.NgramOrder(),
        ngram_log2_buckets=lite.NgramLog2Buckets(),
        heads=tuple(_read_head(pack.Heads(i)) for i in range(pack.HeadsLength())),
        calibrations=tuple(
            Calibration(part.Task().decode(), part.Language().decode(), part.Temperature(), part.BiasAsNumpy())
            for part in calibrations
        ),
    )


def load(path: Path) -> Pack:
    return from_bytes(path.read_bytes())
