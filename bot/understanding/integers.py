"""Makes an ONNX model multiply in whole numbers where it only stores them.

The encoder's package keeps its weights as int8 and turns them back into floats when it is loaded: four times the memory to
walk through for each message, and that is what a short message costs. Here each product of a float with such a weight becomes
ONNX's own four steps for dynamic quantization: the left side is made uint8 with a scale of its own (DynamicQuantizeLinear),
multiplied as whole numbers (MatMulInteger), and scaled back. A table that is looked up in (Gather) stays int8 too: only the
rows that a message needs become floats. A model is a protocol buffer: its nodes are read and written by their field numbers
in onnx.proto, and everything else stays byte for byte.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GRAPH, NODE = 7, 1  # of a model, of a graph
INPUT, OUTPUT, OPERATOR = 1, 2, 4  # of a node
FLOAT = (
    bytes((0x2A, 0x09, 0x0A, 0x02)) + b"to" + bytes((0x18, 0x01, 0xA0, 0x01, 0x02))
)  # attribute { name: "to" i: FLOAT type: INT }
WEIGHTS = {"MatMul": 1, "Gather": 0}  # which input of a node is the weight
BYTES = 2  # the wire type of strings and messages


@dataclass(frozen=True)
class _Node:
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    operator: str
    raw: bytes


def in_integers(model: bytes) -> bytes:
    """The model with its stored int8 weights used as they are, in products and in tables; another model unchanged."""
    return b"".join(
        _field(number, _graph(content)) if number == GRAPH and content is not None else raw
        for number, content, raw in _fields(model)
    )


def _graph(graph: bytes) -> bytes:
    """The graph's nodes with the products and look-ups replaced, then everything that isn't a node."""
    fields = list(_fields(graph))
    nodes = [_node(content) for number, content, _ in fields if number == NODE and content is not None]
    makers = {output: node for node in nodes for output in node.outputs}
    planned = [(node, _weight(node, makers)) for node in nodes]
    spent = {name for _, weight in planned if weight for name in weight.floats}
    wanted = {name for node, weight in planned if not weight and not spent.issuperset(node.outputs) for name in node.inputs}
    made: list[bytes] = []
    ready: set[str] = set()
    for node, weight in planned:
        if weight:
            made += _product(node, weight, ready) if node.operator == "MatMul" else _looked_up(node, weight)
        elif not (spent - wanted).issuperset(node.outputs):
            made.append(node.raw)
    rest = (raw for number, _, raw in fields if number != NODE)
    return b"".join((*(_field(NODE, raw) for raw in made), *rest))


@dataclass(frozen=True)
class _Weight:
    """An int8 weight, its scale, and the names of what is made of them in floats."""

    stored: str
    scale: str
    floats: tuple[str, ...]


def _weight(node: _Node, makers: dict[str, _Node]) -> _Weight | None:
    """What a product's right side or a table was made of: scale times cast weight."""
    place = WEIGHTS.get(node.operator)
    scaled = None if place is None else makers.get(node.inputs[place])
    if scaled is None or scaled.operator != "Mul":
        return None
    for cast, scale in (scaled.inputs, scaled.inputs[::-1]):
        stored = makers.get(cast)
        if stored and stored.operator == "Cast" and stored.inputs[0] not in makers and scale not in makers:
            return _Weight(stored.inputs[0], scale, (cast, *scaled.outputs))
    return None


def _product(node: _Node, weight: _Weight, ready: set[str]) -> Iterator[bytes]:
    left, (result,) = node.inputs[0], node.outputs
    if left not in ready:
        ready.add(left)
        yield _written("DynamicQuantizeLinear", (left,), (f"{left}:whole", f"{left}:scale", f"{left}:zero"))
    yield _written("MatMulInteger", (f"{left}:whole", weight.stored, f"{left}:zero"), (f"{result}:whole",))
    yield _written("Cast", (f"{result}:whole",), (f"{result}:float",)) + FLOAT
    yield _written("Mul", (f"{left}:scale", weight.scale), (f"{result}:scale",))
    yield _written("Mul", (f"{result}:float", f"{result}:scale"), (result,))


def _looked_up(node: _Node, weight: _Weight) -> Iterator[bytes]:
    """Rows of a table that has a scale for each row."""
    places, (result,) = node.inputs[1], node.outputs
    yield _written("Gather", (weight.stored, places), (f"{result}:whole",))
    yield _written("Cast", (f"{result}:whole",), (f"{result}:float",)) + FLOAT
    yield _written("Gather", (weight.scale, places), (f"{result}:scale",))
    yield _written("Mul", (f"{result}:float", f"{result}:scale"), (result,))


def _node(raw: bytes) -> _Node:
    found: dict[int, list[str]] = {INPUT: [], OUTPUT: [], OPERATOR: []}
    for number, content, _ in _fields(raw):
        if number in found and content is not None:
            found[number].append(content.decode())
    return _Node(tuple(found[INPUT]), tuple(found[OUTPUT]), found[OPERATOR][0], raw)


def _written(operator: str, inputs: Iterable[str], outputs: Iterable[str]) -> bytes:
    named = (*((INPUT, name) for name in inputs), *((OUTPUT, name) for name in outputs), (OPERATOR, operator))
    return b"".join(_field(number, name.encode()) for number, name in named)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | BYTES) + _varint(len(content)) + content


def _fields(message: bytes) -> Iterator[tuple[int, bytes | None, bytes]]:
    """Each field's number, its content where it is a string or a message, and all of its bytes."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        content = None
        match key & 7:
            case 0:
                _, at = _number(message, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                size, at = _number(message, at)
                content, at = message[at : at + size], at + size
            case kind:
                raise ValueError(f"wire type {kind} in a model")
        yield key >> 3, content, message[start:at]


def _number(message: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = message[at]
        found |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return found, at


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)
