"""The encoder's products in whole numbers: the same sense as in floats, and a model that has none is left as it is."""

import numpy as np
import pytest

from bot.understanding import encoder
from bot.understanding.encoder import LAYERS, MODEL, Encoder
from bot.understanding.integers import GRAPH, NODE, _field, _fields, _node, in_integers

LINES = (
    "can I vape in the garden",
    "she says the shower tingles when she touches the tap",
    "office will sort it, thats my usual line, any good?",
    "no",
    "what does the standard say about shoe covers and who checks that we wear them on a wet day in november",
)


def test_it_reads_as_in_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Encoder().encode(LINES)
    monkeypatch.setattr(encoder, "in_integers", lambda model: model)
    floats = Encoder().encode(LINES)
    likeness = (whole * floats).sum(1) / 2  # two layers, each of length one
    assert likeness.min() > 0.97
    assert (whole @ floats.T).argmax(1).tolist() == list(range(len(LINES)))


def test_every_product_with_a_stored_weight_is_replaced() -> None:
    import onnxruntime

    model = in_integers(encoder._verified(MODEL, None))
    assert model.count(b"MatMulInteger") == 36, "six layers of six"
    nodes = [_node(content) for number, content, _ in _fields(_graph_of(model)) if number == NODE and content is not None]
    made = {name for node in nodes for name in node.outputs}
    assert not {name for name in made if name.endswith("weight_f")}, "no table is made of floats as a whole any more"
    assert not {name for node in nodes for name in node.inputs if name.endswith("_f")} - made, (
        "nothing that is used was taken away"
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
    ids = np.array([[101, 2064, 102]])
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    assert np.isfinite(session.run([LAYERS[1]], given)[0]).all()


def _graph_of(model: bytes) -> bytes:
    return next(content for number, content, _ in _fields(model) if number == GRAPH and content is not None)


def test_a_model_without_such_products_is_left_byte_for_byte() -> None:
    node = _field(1, b"a") + _field(1, b"b") + _field(2, b"c") + _field(4, b"MatMul")
    model = bytes((0x08, 0x08)) + _field(7, _field(1, node) + _field(2, b"graph"))
    assert in_integers(model) == model


def test_fields_are_read_back_as_they_were_written() -> None:
    long = b"x" * 300
    raw = bytes((0x08, 0x96, 0x01)) + _field(2, long) + bytes((0x1D, 0, 0, 0x80, 0x3F)) + bytes((0x21, *range(8)))
    assert [(number, content) for number, content, _ in _fields(raw)] == [(1, None), (2, long), (3, None), (4, None)]
    assert b"".join(part for _, _, part in _fields(raw)) == raw
    with pytest.raises(ValueError, match="wire type 3"):
        list(_fields(bytes((0x0B,))))
