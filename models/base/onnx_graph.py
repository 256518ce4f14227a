"""Write a base pack as an ONNX model.

    python -m base.onnx_graph [--form exact|dynamic|heads] [--pack FILE] [--out FILE]     # from the folder models

In:  models/base/aftersense-base.aspack.
Out: models/work/base/aftersense-base.{form}.onnx.

exact    the integers of FORMAT.md; float steps (norm, softmax, GELU, their sums) are the runtime's own. They differ in
         the last place, and where that moves an activation across the border of two steps, answers differ by a share of
         what quantisation costs. Padding changes nothing.
dynamic  the same weights in the form that ONNX Runtime runs fastest, with one scale for all tokens of a batch: coarser,
         and texts and padding change each other's answers.
heads    the heads alone, exact, for the pooled vector of several windows.

Inputs of the first two: `input_ids` and `attention_mask`, int64 [batch, tokens], one window a row with its begin and
end, padded at the right; tokens ≤ the pack's window. Outputs: `states` [batch, tokens, features], those of the pooled
layers one after another, `pooled` [batch, features], their means, and one a head by its task's name: logits [batch,
labels] before calibration, of token marks [batch, tokens, labels], of a vector its unit form; whatever is a token's has
begin, end and padding too. `heads` reads `pooled` and gives the same, less what is a token's. The module's onnx engine
reads `states` alone: pooling and heads are its own.
"""

import argparse
import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from base.pretrained import WORK
from base.quantise import unpack
from pack import Encoder, EncoderHead, HeadKind, LayerNorm, Linear, Matrix, Pack, TransformerLayer, load

HERE = Path(__file__).parent
FORMS = ("exact", "dynamic", "heads")
OPSET, IR_VERSION = 20, 9  # ONNX Runtime 1.20 reads them
MASKED = -1e4  # added to a score: its exponential is 0
TINY = 1e-30  # in place of a vector's peak or length of 0


class Graph:
    """Nodes and constants in the order of their making; a value is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, outputs: int, *inputs: str, **attributes: Any) -> list[str]:
        """A node of several outputs."""
        name = f"{kind}_{len(self.nodes)}"
        names = [name] if outputs == 1 else [f"{name}.{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name, **attributes))
        return names

    def rename(self, value: str, name: str) -> None:
        """Give a value the name of a graph output."""
        self.nodes.append(helper.make_node("Identity", [value], [name], name))

    def constant(self, name: str, value: np.ndarray | np.generic) -> str:
        self.constants[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def real(self, value: float) -> str:
        return self.constant(f"real {value}", np.float32(value))

    def whole(self, *values: int) -> str:
        return self.constant(f"whole {values}", np.array(values, np.int64))


class Writer:
    """The parts of the network as nodes of one graph, in one of the forms."""

    def __init__(self, form: str) -> None:
        self.graph = Graph()
        self.dynamic = form == "dynamic"

    def rows(self, name: str, matrix: Matrix, picked: str) -> str:
        """The real values of the picked rows."""
        g = self.graph
        steps = g.op("Gather", g.constant(f"{name}.weights", unpack(matrix)), picked)
        scales = g.op("Gather", g.constant(f"{name}.scales", matrix.row_scales[:, None]), picked)
        return g.op("Mul", g.op("Cast", steps, to=TensorProto.FLOAT), scales)

    def quantise(self, x: str) -> tuple[str, str, str]:
        """Bytes, their scale and their zero point.

        Bytes without sign, since a signed operand takes ONNX Runtime eight times as long; with weights of 7 bits no
        kernel of it saturates.
        """
        g = self.graph
        if self.dynamic:
            q, scale, zero = g.ops("DynamicQuantizeLinear", 3, x)
            return q, scale, zero
        peak = g.op("Max", g.op("ReduceMax", g.op("Abs", x), g.whole(-1)), g.real(TINY))
        steps = g.op("Mul", x, g.op("Div", g.real(127), peak))
        zero = g.constant("zero point", np.uint8(128))
        return g.op("QuantizeLinear", steps, g.real(1), zero), g.op("Div", peak, g.real(127)), zero

    def linear(self, name: str, x: str, *layers: Linear) -> str:
        """The outputs of all layers, one after another."""
        g = self.graph
        weights = g.constant(f"{name}.weights", np.concatenate([unpack(each.weights) for each in layers]).T)
        row_scales = g.constant(f"{name}.scales", np.concatenate([each.weights.row_scales for each in layers]))
        bias = g.constant(f"{name}.bias", np.concatenate([each.bias for each in layers]))
        q, scale, zero = self.quantise(x)
        sums = g.op("Cast", g.op("MatMulInteger", q, weights, zero), to=TensorProto.FLOAT)
        if self.dynamic:  # the pattern that ONNX Runtime fuses to DynamicQuantizeMatMul
            real = g.op("Mul", sums, g.op("Mul", scale, row_scales))
        else:  # that pattern would be fused here as well, and every token be given the first one's scale
            real = g.op("Mul", g.op("Mul", sums, scale), row_scales)
        return g.op("Add", real, bias)

    def norm(self, name: str, x: str, norm: LayerNorm, epsilon: float) -> str:
        g = self.graph
        gain, bias = g.constant(f"{name}.gain", norm.gain), g.constant(f"{name}.bias", norm.bias)
        return g.op("LayerNormalization", x, gain, bias, axis=-1, epsilon=epsilon)

    def attend(self, query_key_value: str, mask: str, heads: int) -> str:
        g = self.graph
        q, k, v = g.ops("Split", 3, query_key_value, axis=-1, num_outputs=3)
        split, joined = g.whole(0, 0, heads, -1), g.whole(0, 0, -1)
        q, v = (g.op("Transpose", g.op("Reshape", each, split), perm=[0, 2, 1, 3]) for each in (q, v))
        k = g.op("Transpose", g.op("Reshape", k, split), perm=[0, 2, 3, 1])
        scores = g.op("Softmax", g.op("Add", g.op("MatMul", q, k), mask), axis=-1)
        mixed = g.op("Transpose", g.op("MatMul", scores, v), perm=[0, 2, 1, 3])
        return g.op("Reshape", mixed, joined)

    def layer(self, name: str, x: str, mask: str, layer: TransformerLayer, encoder: Encoder) -> str:
        g = self.graph
        query_key_value = self.linear(f"{name}.query_key_value", x, layer.query_key_value)
        attended = self.attend(query_key_value, mask, encoder.attention_heads)
        attended = self.linear(f"{name}.attention_output", attended, layer.attention_output)
        x = self.norm(f"{name}.attention_norm", g.op("Add", x, attended), layer.attention_norm, encoder.epsilon)
        fed = g.op("Gelu", self.linear(f"{name}.feed_forward_up", x, layer.feed_forward_up))
        fed = self.linear(f"{name}.feed_forward_down", fed, layer.feed_forward_down)
        return self.norm(f"{name}.output_norm", g.op("Add", x, fed), layer.output_norm, encoder.epsilon)

    def embed(self, ids: str, encoder: Encoder) -> str:
        g = self.graph
        length = g.op("Squeeze", g.op("Shape", ids, start=1))
        numbers = g.op("Range", g.constant("first", np.int64(0)), length, g.constant("step", np.int64(1)))
        x = g.op("Add", self.rows("tokens", encoder.tokens, ids), self.rows("positions", encoder.positions, numbers))
        return self.norm("embedding_norm", x, encoder.embedding_norm, encoder.epsilon)

    def states(self, encoder: Encoder) -> tuple[str, str]:
        """The pooled layers' states, one after another, and their means over the present tokens."""
        g = self.graph
        present = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
        absent = g.op("Mul", g.op("Sub", g.real(1), present), g.real(MASKED))
        mask = g.op("Unsqueeze", absent, g.whole(1, 2))
        x = self.embed("input_ids", encoder)
        pooled = []
        for number, layer in enumerate(encoder.layers, 1):
            x = self.layer(f"layers.{number - 1}", x, mask, layer, encoder)
            if number in encoder.pooled:
                pooled.append(x)
        states = g.op("Concat", *pooled, axis=-1)
        total = g.op("MatMul", g.op("Unsqueeze", present, g.whole(1)), states)
        count = g.op("ReduceSum", present, g.whole(1))
        return states, g.op("Div", g.op("Squeeze", total, g.whole(1)), count)

    def last(self, states: str, encoder: Encoder) -> str:
        """The last layer's among the pooled layers' states."""
        g = self.graph
        first, end = encoder.features - encoder.hidden, encoder.features
        return g.op("Slice", states, g.whole(first), g.whole(end), g.whole(-1))

    def heads(self, pooled: str, heads: Sequence[EncoderHead]) -> None:
        """All heads of the pooled vector; they share its integers and one product."""
        g = self.graph
        joined = self.linear("heads", pooled, *(head.linear for head in heads))
        sizes = g.constant("heads.sizes", np.array([head.linear.weights.rows for head in heads], np.int64))
        for head, logits in zip(heads, g.ops("Split", len(heads), joined, sizes, axis=-1), strict=True):
            g.rename(self.unit(logits) if head.kind == HeadKind.VECTOR else logits, head.task)

    def unit(self, vector: str) -> str:
        g = self.graph
        length = g.op("ReduceL2", vector, g.whole(-1))
        return g.op("Div", vector, g.op("Max", length, g.real(TINY)))


def tensor(name: str, *shape: str | int, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def output_of(head: EncoderHead) -> onnx.ValueInfoProto:
    tokens = ("tokens",) if head.kind == HeadKind.TOKEN_MARKS else ()
    return tensor(head.task, "batch", *tokens, head.linear.weights.rows)


def make_model(pack: Pack, form: str) -> onnx.ModelProto:
    if pack.encoder is None:
        raise ValueError(f"{pack.name} has no encoder")
    writer, pooled = Writer(form), tensor("pooled", "batch", pack.encoder.features)
    text_heads = [head for head in pack.encoder_heads if head.kind != HeadKind.TOKEN_MARKS]
    if form == "heads":
        inputs, outputs = [pooled], list(map(output_of, text_heads))
    else:
        inputs = [tensor(name, "batch", "tokens", kind=TensorProto.INT64) for name in ("input_ids", "attention_mask")]
        tokens = tensor("states", "batch", "tokens", pack.encoder.features)
        outputs = [tokens, pooled, *map(output_of, pack.encoder_heads)]
        states, mean = writer.states(pack.encoder)
        writer.graph.rename(states, "states")
        writer.graph.rename(mean, "pooled")
        for head in pack.encoder_heads:
            if head.kind == HeadKind.TOKEN_MARKS:
                last = writer.last(states, pack.encoder)
                writer.graph.rename(writer.linear(head.task, last, head.linear), head.task)
    writer.heads("pooled", text_heads)
    constants = list(writer.graph.constants.values())
    graph = helper.make_graph(writer.graph.nodes, f"{pack.name}-{form}", inputs, outputs, constants)
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="aftersense")
    model.producer_version = pack.version
    onnx.checker.check_model(model, full_check=True)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, default=HERE / "aftersense-base.aspack")
    parser.add_argument("--form", choices=FORMS, default="exact")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    data = make_model(load(options.pack), options.form).SerializeToString()
    out = options.out or WORK / f"aftersense-base.{options.form}.onnx"
    out.write_bytes(data)
    print(f"{out}: {len(data)} bytes, {len(gzip.compress(data, 9, mtime=0))} gzip")


if __name__ == "__main__":
    main()
