"""What reading a message costs, beside the encoder alone as its package has it: `python -m bench.reading`.

Both read the same 580 examples, each in a process of its own. A message goes the whole way of `doorstep understand`: danger,
intent, standard, report, guard. The encoder alone is onnxruntime with one thread on the package's model, from words to means.
"""

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `doorstep` does
WARM, LINES = 20, 580
Read = Callable[[str], object]


def ours() -> Read:
    """Doorstep's reading of a message."""
    from adapters.cli.understand import reading
    from adapters.learned import engine_of
    from content import SHIPPED

    engine = engine_of(SHIPPED, None, Path("/nowhere"))
    assert engine.head, "nothing was learned yet: run `doorstep content build`"
    return lambda text: reading(engine, text)


def theirs() -> Read:
    """The encoder as its package has it, and nothing else."""
    from bot.understanding import encoder

    encoder.in_integers = lambda model: model  # type: ignore[attr-defined]
    alone = encoder.Encoder()
    return lambda text: alone.encode([text])


def lines() -> list[str]:
    """Examples in an order that is the same each time."""
    from bot.understanding.learning import rows_of
    from content import load_pack

    written = [row.text for row in rows_of(load_pack()) if row.hand != "pack"]
    random.Random(3).shuffle(written)
    return written[: WARM + LINES]


def measure(which: str) -> None:
    """Load, read every line once, and print the figures on one line."""
    began = time.process_time()
    read = {"ours": ours, "theirs": theirs}[which]()
    loaded = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken = []
    for number, text in enumerate(lines()):
        before = time.process_time()
        read(text)
        if number >= WARM:
            taken.append((time.process_time() - before) * 1000)
    middle, most = np.percentile(taken, (50, 99))
    print(f"{middle:.2f} {most:.2f} {loaded:.2f} {memory:.0f}")


def main() -> None:
    """Measure both and print them side by side."""
    found = {}
    for which in ("ours", "theirs"):
        done = subprocess.run([sys.executable, "-m", "bench.reading", which], check=True, capture_output=True, text=True)
        found[which] = [float(figure) for figure in done.stdout.split()]
    middle, most, loaded, memory = found["ours"]
    print(f"Reading a message:       {middle:.1f} ms of CPU, {most:.1f} ms at the 99th percentile")
    print(f"Beside the encoder alone as shipped: {found['theirs'][0]:.1f} ms, so {middle / found['theirs'][0]:.2f} of it")
    print(f"Loading the reader:      {loaded:.1f} s of CPU, {memory:.0f} MB at the peak of the process")


if __name__ == "__main__":
    measure(sys.argv[1]) if sys.argv[1:] else main()
