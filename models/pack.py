"""Read and write model packs (schema src/nn/model_pack.fbs, meaning FORMAT.md).

`model_pack_generated.py` is written by `npm run build` (flatc over src/nn/model_pack.fbs).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import numpy.typing as npt

import model_pack_generated as fb

FORMAT_VERSION = 1
IDENTIFIER = b"ASMP"

UInt8 = npt.NDArray[np.uint8]
Int8 = npt.NDArray[np.int8]
Int32 = npt.NDArray[np.int32]
UInt32 = npt.NDArray[np.uint32]
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
    ngram_buckets: UInt32 | None = None  # of the rows of ngram_weights, ascending; None: every bucket has a row


@dataclass(frozen=True)
class Calibration:
    task: str
    language: str
    temperature: float
    bias: Float32  # [labels]
    lite_factor: float = 0.0  # of the lite tier's logits, added to the base tier's


@dataclass(frozen=True)
class Matrix:
    """Quantised weights; base/quantise.py makes and unpacks them."""

    rows: int
    columns: int
    bits: int
    codes: UInt8  # bit planes
    block_scales: Int8  # [rows, columns / 32]
    row_scales: Float32  # [rows]


@dataclass(frozen=True)
class Linear:
    weights: Matrix  # [outputs, inputs]
    bias: Float32  # [outputs]


@dataclass(frozen=True)
class LayerNorm:
    gain: Float32
    bias: Float32


@dataclass(frozen=True)
class TransformerLayer:
    query_key_value: Linear
    attention_output: Linear
    attention_norm: LayerNorm
    feed_forward_up: Linear
    feed_forward_down: Linear
    output_norm: LayerNorm


@dataclass(frozen=True)
class Encoder:
    hidden: int
    attention_heads: int
    feed_forward: int
    epsilon: float
    begin_id: int
    end_id: int
    unknown_id: int
    window: int
    overlap: int
    tokens: Matrix  # [vocabulary, hidden]
    positions: Matrix  # [positions, hidden]
    embedding_norm: LayerNorm
    layers: tuple[TransformerLayer, ...]
    pooled: tuple[int, ...]  # numbers of the layers whose mean states the heads read, from 1

    @property
    def features(self) -> int:
        """Numbers of the pooled vector."""
        return len(self.pooled) * self.hidden


class HeadKind(IntEnum):
    CHOICE = fb.HeadKind.Choice
    MARKS = fb.HeadKind.Marks
    TOKEN_MARKS = fb.HeadKind.TokenMarks
    VECTOR = fb.HeadKind.Vector


@dataclass(frozen=True)
class EncoderHead:
    task: str
    kind: HeadKind
    labels: tuple[str, ...]  # of a vector: none
    linear: Linear
    group: int = 0  # labels of one choice


@dataclass(frozen=True)
class Pack:
    """A pack of the lite tier has an embedding, convs and heads, one of the base tier an encoder and encoder_heads."""

    name: str
    version: str
    tier: str
    max_bytes: int
    tokenizer: bytes
    calibrations: tuple[Calibration, ...] = ()
    embedding: Int8 = field(default_factory=lambda: np.zeros((0, 0), np.int8))  # [vocabulary, dim]
    embedding_scale: float = 0.0
    convs: tuple[Conv, ...] = ()
    feature_scale: float = 0.0
    ngram_order: int = 0
    ngram_log2_buckets: int = 0
    heads: tuple[Head, ...] = ()
    encoder: Encoder | None = None
    encoder_heads: tuple[EncoderHead, ...] = ()


def _aligned(builder: flatbuffers.Builder, data: bytes) -> int:
    """Write a byte vector whose data starts at a multiple of 16, which generated Python code does not do."""
    builder.StartVector(1, len(data), 16)
    start = builder.head = builder.Head() - len(data)
    builder.Bytes[start : start + len(data)] = data
    return builder.EndVector()


def _offsets(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
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


def _write_lite(builder: flatbuffers.Builder, pack: Pack) -> int:
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


def _gaps(buckets: UInt32) -> npt.NDArray[np.uint16]:
    gaps = np.diff(buckets.astype(np.int64), prepend=0)
    if gaps.max() > 0xFFFF:
        raise ValueError("a gap between n-gram buckets has more than 16 bits")
    return gaps.astype(np.uint16)


def _write_head(builder: flatbuffers.Builder, head: Head) -> int:
    task = builder.CreateString(head.task)
    labels = _offsets(builder, [builder.CreateString(label) for label in head.labels])
    weights = _aligned(builder, head.weights.tobytes())
    bias = builder.CreateNumpyVector(head.bias)
    ngram_weights = _aligned(builder, head.ngram_weights.tobytes())
    gaps = None if head.ngram_buckets is None else builder.CreateNumpyVector(_gaps(head.ngram_buckets))
    fb.LinearHeadStart(builder)
    fb.LinearHeadAddTask(builder, task)
    fb.LinearHeadAddLabels(builder, labels)
    fb.LinearHeadAddWeights(builder, weights)
    fb.LinearHeadAddWeightScale(builder, head.weight_scale)
    fb.LinearHeadAddBias(builder, bias)
    fb.LinearHeadAddNgramWeights(builder, ngram_weights)
    fb.LinearHeadAddNgramScale(builder, head.ngram_scale)
    if gaps is not None:
        fb.LinearHeadAddNgramGaps(builder, gaps)
    return fb.LinearHeadEnd(builder)


def _write_calibration(builder: flatbuffers.Builder, calibration: Calibration) -> int:
    task, language = builder.CreateString(calibration.task), builder.CreateString(calibration.language)
    bias = builder.CreateNumpyVector(calibration.bias)
    fb.CalibrationStart(builder)
    fb.CalibrationAddTask(builder, task)
    fb.CalibrationAddLanguage(builder, language)
    fb.CalibrationAddTemperature(builder, calibration.temperature)
    fb.CalibrationAddBias(builder, bias)
    fb.CalibrationAddLiteFactor(builder, calibration.lite_factor)
    return fb.CalibrationEnd(builder)


def _write_matrix(builder: flatbuffers.Builder, matrix: Matrix) -> int:
    codes = _aligned(builder, matrix.codes.tobytes())
    block_scales = builder.CreateNumpyVector(matrix.block_scales.reshape(-1))
    row_scales = builder.CreateNumpyVector(matrix.row_scales)
    fb.MatrixStart(builder)
    fb.MatrixAddRows(builder, matrix.rows)
    fb.MatrixAddColumns(builder, matrix.columns)
    fb.MatrixAddBits(builder, matrix.bits)
    fb.MatrixAddCodes(builder, codes)
    fb.MatrixAddBlockScales(builder, block_scales)
    fb.MatrixAddRowScales(builder, row_scales)
    return fb.MatrixEnd(builder)


def _write_linear(builder: flatbuffers.Builder, linear: Linear) -> int:
    weights, bias = _write_matrix(builder, linear.weights), builder.CreateNumpyVector(linear.bias)
    fb.LinearStart(builder)
    fb.LinearAddWeights(builder, weights)
    fb.LinearAddBias(builder, bias)
    return fb.LinearEnd(builder)


def _write_norm(builder: flatbuffers.Builder, norm: LayerNorm) -> int:
    gain, bias = builder.CreateNumpyVector(norm.gain), builder.CreateNumpyVector(norm.bias)
    fb.LayerNormStart(builder)
    fb.LayerNormAddGain(builder, gain)
    fb.LayerNormAddBias(builder, bias)
    return fb.LayerNormEnd(builder)


def _write_layer(builder: flatbuffers.Builder, layer: TransformerLayer) -> int:
    query_key_value = _write_linear(builder, layer.query_key_value)
    attention_output = _write_linear(builder, layer.attention_output)
    attention_norm = _write_norm(builder, layer.attention_norm)
    feed_forward_up = _write_linear(builder, layer.feed_forward_up)
    feed_forward_down = _write_linear(builder, layer.feed_forward_down)
    output_norm = _write_norm(builder, layer.output_norm)
    fb.TransformerLayerStart(builder)
    fb.TransformerLayerAddQueryKeyValue(builder, query_key_value)
    fb.TransformerLayerAddAttentionOutput(builder, attention_output)
    fb.TransformerLayerAddAttentionNorm(builder, attention_norm)
    fb.TransformerLayerAddFeedForwardUp(builder, feed_forward_up)
    fb.TransformerLayerAddFeedForwardDown(builder, feed_forward_down)
    fb.TransformerLayerAddOutputNorm(builder, output_norm)
    return fb.TransformerLayerEnd(builder)


def _write_encoder(builder: flatbuffers.Builder, encoder: Encoder) -> int:
    tokens, positions = _write_matrix(builder, encoder.tokens), _write_matrix(builder, encoder.positions)
    embedding_norm = _write_norm(builder, encoder.embedding_norm)
    layers = _offsets(builder, [_write_layer(builder, layer) for layer in encoder.layers])
    pooled = builder.CreateNumpyVector(np.array(encoder.pooled, np.uint8))
    fb.TransformerEncoderStart(builder)
    fb.TransformerEncoderAddHidden(builder, encoder.hidden)
    fb.TransformerEncoderAddAttentionHeads(builder, encoder.attention_heads)
    fb.TransformerEncoderAddFeedForward(builder, encoder.feed_forward)
    fb.TransformerEncoderAddEpsilon(builder, encoder.epsilon)
    fb.TransformerEncoderAddBeginId(builder, encoder.begin_id)
    fb.TransformerEncoderAddEndId(builder, encoder.end_id)
    fb.TransformerEncoderAddUnknownId(builder, encoder.unknown_id)
    fb.TransformerEncoderAddWindow(builder, encoder.window)
    fb.TransformerEncoderAddOverlap(builder, encoder.overlap)
    fb.TransformerEncoderAddTokens(builder, tokens)
    fb.TransformerEncoderAddPositions(builder, positions)
    fb.TransformerEncoderAddEmbeddingNorm(builder, embedding_norm)
    fb.TransformerEncoderAddLayers(builder, layers)
    fb.TransformerEncoderAddPooled(builder, pooled)
    return fb.TransformerEncoderEnd(builder)


def _write_encoder_head(builder: flatbuffers.Builder, head: EncoderHead) -> int:
    task = builder.CreateString(head.task)
    labels = _offsets(builder, [builder.CreateString(label) for label in head.labels])
    linear = _write_linear(builder, head.linear)
    fb.EncoderHeadStart(builder)
    fb.EncoderHeadAddTask(builder, task)
    fb.EncoderHeadAddKind(builder, head.kind)
    fb.EncoderHeadAddGroup(builder, head.group)
    fb.EncoderHeadAddLabels(builder, labels)
    fb.EncoderHeadAddLinear(builder, linear)
    return fb.EncoderHeadEnd(builder)


def to_bytes(pack: Pack) -> bytes:
    builder = flatbuffers.Builder(1 << 21)
    tokenizer = _aligned(builder, pack.tokenizer)
    lite = _write_lite(builder, pack) if len(pack.embedding) else None
    heads = _offsets(builder, [_write_head(builder, head) for head in pack.heads])
    calibrations = _offsets(builder, [_write_calibration(builder, part) for part in pack.calibrations])
    encoder = _write_encoder(builder, pack.encoder) if pack.encoder else None
    encoder_heads = [_write_encoder_head(builder, head) for head in pack.encoder_heads]
    encoder_heads_at = _offsets(builder, encoder_heads) if encoder_heads else None
    name, version, tier = map(builder.CreateString, (pack.name, pack.version, pack.tier))
    fb.ModelPackStart(builder)
    fb.ModelPackAddFormatVersion(builder, FORMAT_VERSION)
    fb.ModelPackAddName(builder, name)
    fb.ModelPackAddVersion(builder, version)
    fb.ModelPackAddTier(builder, tier)
    fb.ModelPackAddMaxBytes(builder, pack.max_bytes)
    fb.ModelPackAddTokenizer(builder, tokenizer)
    if lite is not None:
        fb.ModelPackAddLite(builder, lite)
    fb.ModelPackAddHeads(builder, heads)
    fb.ModelPackAddCalibrations(builder, calibrations)
    if encoder is not None:
        fb.ModelPackAddEncoder(builder, encoder)
    if encoder_heads_at is not None:
        fb.ModelPackAddEncoderHeads(builder, encoder_heads_at)
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
        np.cumsum(head.NgramGapsAsNumpy(), dtype=np.uint32) if head.NgramGapsLength() else None,
    )


def _read_matrix(matrix: fb.Matrix) -> Matrix:
    rows, columns = matrix.Rows(), matrix.Columns()
    block_scales = matrix.BlockScalesAsNumpy().reshape(rows, -1)
    return Matrix(rows, columns, matrix.Bits(), matrix.CodesAsNumpy(), block_scales, matrix.RowScalesAsNumpy())


def _read_linear(linear: fb.Linear) -> Linear:
    return Linear(_read_matrix(linear.Weights()), linear.BiasAsNumpy())


def _read_norm(norm: fb.LayerNorm) -> LayerNorm:
    return LayerNorm(norm.GainAsNumpy(), norm.BiasAsNumpy())


def _read_layer(layer: fb.TransformerLayer) -> TransformerLayer:
    return TransformerLayer(
        query_key_value=_read_linear(layer.QueryKeyValue()),
        attention_output=_read_linear(layer.AttentionOutput()),
        attention_norm=_read_norm(layer.AttentionNorm()),
        feed_forward_up=_read_linear(layer.FeedForwardUp()),
        feed_forward_down=_read_linear(layer.FeedForwardDown()),
        output_norm=_read_norm(layer.OutputNorm()),
    )


def _read_encoder(encoder: fb.TransformerEncoder) -> Encoder:
    return Encoder(
        hidden=encoder.Hidden(),
        attention_heads=encoder.AttentionHeads(),
        feed_forward=encoder.FeedForward(),
        epsilon=encoder.Epsilon(),
        begin_id=encoder.BeginId(),
        end_id=encoder.EndId(),
        unknown_id=encoder.UnknownId(),
        window=encoder.Window(),
        overlap=encoder.Overlap(),
        tokens=_read_matrix(encoder.Tokens()),
        positions=_read_matrix(encoder.Positions()),
        embedding_norm=_read_norm(encoder.EmbeddingNorm()),
        layers=tuple(_read_layer(encoder.Layers(i)) for i in range(encoder.LayersLength())),
        pooled=tuple(encoder.Pooled(i) for i in range(encoder.PooledLength())),
    )


def _read_encoder_head(head: fb.EncoderHead) -> EncoderHead:
    labels = tuple(head.Labels(i).decode() for i in range(head.LabelsLength()))
    return EncoderHead(
        head.Task().decode(), HeadKind(head.Kind()), labels, _read_linear(head.Linear()), group=head.Group()
    )


def _read_lite(lite: fb.LiteEncoder) -> dict[str, Any]:
    dim = lite.Dim()
    return {
        "embedding": lite.EmbeddingAsNumpy().reshape(-1, dim),
        "embedding_scale": lite.EmbeddingScale(),
        "convs": tuple(_read_conv(lite.Convs(i), dim) for i in range(lite.ConvsLength())),
        "feature_scale": lite.FeatureScale(),
        "ngram_order": lite.NgramOrder(),
        "ngram_log2_buckets": lite.NgramLog2Buckets(),
    }


def from_bytes(data: bytes) -> Pack:
    """Read a pack; raises ValueError unless it is one of the version known here."""
    if not fb.ModelPack.ModelPackBufferHasIdentifier(data, 0):
        raise ValueError("not a model pack")
    pack = fb.ModelPack.GetRootAs(data, 0)
    if pack.FormatVersion() != FORMAT_VERSION:
        raise ValueError(f"format version {pack.FormatVersion()}, known is {FORMAT_VERSION}")
    calibrations = [pack.Calibrations(i) for i in range(pack.CalibrationsLength())]
    return Pack(
        name=pack.Name().decode(),
        version=pack.Version().decode(),
        tier=pack.Tier().decode(),
        max_bytes=pack.MaxBytes(),
        tokenizer=pack.TokenizerAsNumpy().tobytes() if pack.TokenizerLength() else b"",
        calibrations=tuple(
            Calibration(
                part.Task().decode(),
                part.Language().decode(),
                part.Temperature(),
                part.BiasAsNumpy(),
                part.LiteFactor(),
            )
            for part in calibrations
        ),
        **(_read_lite(pack.Lite()) if pack.Lite() else {}),
        heads=tuple(_read_head(pack.Heads(i)) for i in range(pack.HeadsLength())),
        encoder=_read_encoder(pack.Encoder()) if pack.Encoder() else None,
        encoder_heads=tuple(_read_encoder_head(pack.EncoderHeads(i)) for i in range(pack.EncoderHeadsLength())),
    )


def load(path: Path) -> Pack:
    return from_bytes(path.read_bytes())
