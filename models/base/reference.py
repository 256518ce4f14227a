"""The base tier's arithmetic of FORMAT.md in numpy: the reference that every engine is held against.

python -m base.reference "text, cleaned" …    from the folder models; prints the three largest logits of each head
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece as spm

from base.quantise import dequantise, unpack
from features import cut
from pack import Encoder, EncoderHead, Float32, HeadKind, LayerNorm, Linear, Pack, TransformerLayer, load

HERE = Path(__file__).parent
PACK = HERE / "aftersense-base.aspack"
TOKENIZER = HERE / "tokenizer.model"  # the same pieces as the pack's, in the form that Python reads
LEADING = 128  # dimensions of an embedding that serve alone
F = np.float32

# Cephes expf; Eigen's erf.
EXP = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
ERF_P = (
    *(-2.72614225801306e-10, 2.77068142495902e-8, -2.10102402082508e-6, -5.69250639462346e-5),
    *(-7.34990630326855e-4, -2.95459980854025e-3, -1.60960333262415e-2),
)
ERF_Q = (-1.45660718464996e-5, -2.13374055278905e-4, -1.68282697438203e-3, -7.37332916720468e-3, -1.42647390514189e-2)


def lane_sum(x: Float32) -> Float32:
    """Sum over the last axis in the documented order; the zeros that fill the last four change nothing."""
    size = x.shape[-1]
    lanes = np.zeros((*x.shape[:-1], -(-size // 4), 4), F)
    lanes.reshape(*x.shape[:-1], -1)[..., :size] = x
    s = np.zeros((*x.shape[:-1], 4), F)
    for i in range(lanes.shape[-2]):
        s += lanes[..., i, :]
    return (s[..., 0] + s[..., 1]) + (s[..., 2] + s[..., 3])


def horner(x: Float32, coefficients: tuple[float, ...]) -> Float32:
    result = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        result = result * x + F(coefficient)
    return result


def exp(x: Float32) -> Float32:
    """For x ≤ 0."""
    x = np.maximum(x, F(-87))
    n = np.rint(x * F(1.44269504))
    r = (x - n * F(0.693359375)) - n * F(-2.12194440e-4)
    p = (horner(r, EXP) * (r * r) + r) + F(1)
    return np.ldexp(p, n.astype(np.int32))


def gelu(x: Float32) -> Float32:
    z = np.clip(x * F(0.70710678), F(-3.925), F(3.925))
    t = z * z
    erf = z * horner(t, ERF_P) / horner(t, ERF_Q)
    return x * (F(0.5) * (F(1) + erf))


def norm(x: Float32, by: LayerNorm, epsilon: float) -> Float32:
    n = F(x.shape[-1])
    d = x - (lane_sum(x) / n)[..., None]
    v = lane_sum(d * d) / n
    r = F(1) / np.sqrt(v + F(epsilon))
    return (d * r[..., None]) * by.gain + by.bias


def attend(query_key_value: Float32, heads: int) -> Float32:
    """[T, 3 · hidden] → [T, hidden]."""
    steps = len(query_key_value)
    q, k, v = query_key_value.reshape(steps, 3, heads, -1).transpose(1, 2, 0, 3)  # each [heads, T, dimensions]
    s = np.zeros((heads, steps, steps), F)
    for d in range(q.shape[2]):
        s += q[:, :, None, d] * k[:, None, :, d]
    e = exp(s - s.max(axis=2, keepdims=True))
    p = e * (F(1) / lane_sum(e))[..., None]
    out = np.zeros_like(q)
    for t in range(steps):
        out += p[:, :, t, None] * v[:, None, t, :]
    return out.transpose(1, 0, 2).reshape(steps, -1)


class LinearLayer:
    def __init__(self, linear: Linear) -> None:
        self.weights = unpack(linear.weights).astype(F).T
        self.row_scales, self.bias = linear.weights.row_scales, linear.bias

    def __call__(self, x: Float32) -> Float32:
        """[T, inputs] → [T, outputs]. The float sums of products are whole numbers below 2²⁴: exact in any order."""
        m = np.abs(x).max(axis=1, keepdims=True)
        q = np.rint(x * np.divide(F(127), m, out=np.zeros_like(m), where=m > 0))
        a: Float32 = q @ self.weights
        y: Float32 = a * ((m / F(127)) * self.row_scales) + self.bias
        return y


class Layer:
    def __init__(self, layer: TransformerLayer, encoder: Encoder) -> None:
        self.query_key_value = LinearLayer(layer.query_key_value)
        self.attention_output = LinearLayer(layer.attention_output)
        self.feed_forward_up = LinearLayer(layer.feed_forward_up)
        self.feed_forward_down = LinearLayer(layer.feed_forward_down)
        self.attention_norm, self.output_norm = layer.attention_norm, layer.output_norm
        self.heads, self.epsilon = encoder.attention_heads, encoder.epsilon

    def __call__(self, x: Float32) -> Float32:
        attended = self.attention_output(attend(self.query_key_value(x), self.heads))
        x = norm(x + attended, self.attention_norm, self.epsilon)
        fed = self.feed_forward_down(gelu(self.feed_forward_up(x)))
        return norm(x + fed, self.output_norm, self.epsilon)


def windows(encoder: Encoder, pieces: list[int]) -> list[list[int]]:
    """The token ids of each window, begin and end included."""
    size = encoder.window - 2
    starts = [0]
    while starts[-1] + size < len(pieces):
        starts.append(starts[-1] + size - encoder.overlap)
    return [[encoder.begin_id, *pieces[start : start + size], encoder.end_id] for start in starts]


@dataclass(frozen=True)
class Answers:
    """What the heads make of one text."""

    pooled: Float32  # [pooled layers · hidden]
    logits: dict[str, Float32]  # by task: [labels], of token marks [pieces, labels], of a vector its raw values


class BaseReference:
    """The encoder and heads of one pack, and the heads of others that have no encoder, such as the probes."""

    def __init__(self, pack: Pack, *others: Pack) -> None:
        if pack.encoder is None:
            raise ValueError(f"{pack.name} has no encoder")
        self.pack, self.encoder = pack, pack.encoder
        self.tokens, self.positions = dequantise(self.encoder.tokens), dequantise(self.encoder.positions)
        self.layers = [Layer(layer, self.encoder) for layer in self.encoder.layers]
        self.heads = [(head, LinearLayer(head.linear)) for each in (pack, *others) for head in each.encoder_heads]

    def windows(self, pieces: list[int]) -> list[list[int]]:
        return windows(self.encoder, pieces)

    def states(self, ids: list[int]) -> Float32:
        """The states of one window [T, pooled layers · hidden], layer after layer."""
        embedded = self.tokens[ids] + self.positions[: len(ids)]
        x = norm(embedded, self.encoder.embedding_norm, self.encoder.epsilon)
        pooled = []
        for number, layer in enumerate(self.layers, 1):
            x = layer(x)
            if number in self.encoder.pooled:
                pooled.append(x)
        return np.concatenate(pooled, axis=1)

    def pooled(self, states: list[Float32]) -> Float32:
        """The text's vector, from the states of its windows."""
        sums = [in_order(window) / F(len(window)) for window in states]
        if len(states) == 1:
            return sums[0]
        weighted = np.stack([F(len(window)) * each for window, each in zip(states, sums, strict=True)])
        return in_order(weighted) / F(sum(map(len, states)))

    def token_marks(self, states: list[Float32], layer: LinearLayer) -> Float32:
        """Logits [pieces, labels]; the earlier window answers up to the middle of an overlap."""
        earlier = self.encoder.overlap // 2  # pieces of an overlap that the earlier window answers for
        parts = [layer(window[1:-1, -self.encoder.hidden :]) for window in states]
        ends = [len(part) - self.encoder.overlap + earlier for part in parts[:-1]] + [len(parts[-1])]
        starts = [0] + [earlier] * (len(parts) - 1)
        return np.concatenate([part[start:end] for part, start, end in zip(parts, starts, ends, strict=True)])

    def answer(self, pieces: list[int]) -> Answers:
        states = [self.states(ids) for ids in self.windows(pieces)]
        pooled = self.pooled(states)
        logits = {head.task: self.apply(head, layer, states, pooled) for head, layer in self.heads}
        return Answers(pooled, logits)

    def apply(self, head: EncoderHead, layer: LinearLayer, states: list[Float32], pooled: Float32) -> Float32:
        if head.kind == HeadKind.TOKEN_MARKS:
            return self.token_marks(states, layer)
        logits: Float32 = layer(pooled[None])[0]
        return logits


def in_order(rows: Float32) -> Float32:
    """Sum over the first axis, from first to last."""
    total = np.zeros(rows.shape[1:], F)
    for row in rows:
        total += row
    return total


def unit(vector: Float32) -> Float32:
    length = np.sqrt(lane_sum(vector * vector))
    return np.divide(vector, length, out=vector.copy(), where=length > 0)


def embedding(vector: Float32) -> tuple[Float32, Float32]:
    """The sentence embedding of a head's raw vector, and its leading dimensions on their own."""
    whole = unit(vector)
    return whole, unit(whole[:LEADING])


def read_tokenizer(path: Path = TOKENIZER) -> spm.SentencePieceProcessor:
    return spm.SentencePieceProcessor(model_file=str(path))


def pieces_of(tokenizer: spm.SentencePieceProcessor, text: str, max_bytes: int) -> list[int]:
    """The piece ids of a cleaned text."""
    ids: list[int] = tokenizer.encode(cut(text, max_bytes).replace("\n", " "))
    return ids


def main() -> None:
    pack, tokenizer = load(PACK), read_tokenizer()
    reference = BaseReference(pack)
    for text in sys.argv[1:]:
        answers = reference.answer(pieces_of(tokenizer, text, pack.max_bytes))
        print(text)
        for head, _ in reference.heads:
            if head.kind in (HeadKind.CHOICE, HeadKind.MARKS):
                logits = answers.logits[head.task]
                best = np.argsort(-logits)[:3]
                print(f"  {head.task}:", ", ".join(f"{head.labels[i]} {logits[i]:.2f}" for i in best))


if __name__ == "__main__":
    main()
