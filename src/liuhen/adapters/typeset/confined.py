"""The confined typesetter: a process of its own that draws documents by a layout that somebody else wrote.

`python -m liuhen.adapters.typeset.confined FOLDER FONTS` reads a JSON object on its standard input and writes one on its
standard output. Invariant: before a foreign layout is looked at, this process has given up what it does not need: it can open
no socket, computes for some seconds, holds a bounded amount of memory and writes no file; typst reads nothing outside FOLDER.
"""

import base64
import ctypes
import hashlib
import json
import platform
import resource
import struct
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SECONDS = 5
MEMORY = 1_500_000_000
LARGEST_PDF = 30_000_000
LAYOUT = "own.typ"
# (machine, number of its system call `socket`), for the filter; a machine not listed relies on the dead proxy alone.
_SOCKET = {"x86_64": 41, "aarch64": 198, "riscv64": 198, "loongarch64": 198}
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER_MODE = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1


def confine() -> None:
    """Give up sockets, endless computing, endless memory and files for good."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    number = _SOCKET.get(platform.machine())
    if sys.platform == "linux" and number is not None:
        _refuse_sockets(number)


def _refuse_sockets(number: int) -> None:
    """Let the kernel refuse the system call `socket` to this process and its threads. Spec: seccomp(2)."""
    load, equal, give = 0x20, 0x15, 0x06
    program = b"".join(
        struct.pack("=HBBI", *step)
        for step in ((load, 0, 0, 0), (equal, 0, 1, number), (give, 0, 0, _REFUSE), (give, 0, 0, _ALLOW))
    )
    steps = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    filled = Program(len(program) // 8, ctypes.addressof(steps))
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    system.prctl(_SET_FILTER, _FILTER_MODE, ctypes.byref(filled), 0, 0)


def draw(folder: Path, fonts: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Draw the documents asked for: the first as a whole, of the others the digest of what would be printed."""
    import typst  # only here, after this process was confined

    engine = typst.Compiler(root=folder, font_paths=[fonts], ignore_system_fonts=True, sys_inputs={})
    year, month, day = asked["day"]
    moment = datetime(year, month, day, tzinfo=UTC)
    drawn: list[bytes] = []
    for document in asked["documents"]:
        try:
            pdf = engine.compile(
                input=str(folder / LAYOUT),
                format="pdf",
                sys_inputs={"document": document},
                pdf_standards="a-2b",
                timestamp=moment,
            )
        except typst.TypstError as fault:
            return {"fault": str(fault.message), "where": str(fault.diagnostic)[:2000]}
        assert isinstance(pdf, bytes)
        drawn.append(pdf)
    if len(drawn[0]) > LARGEST_PDF:
        return {"fault": "too large"}
    return {
        "pdf": base64.b64encode(drawn[0]).decode(),
        "digests": [hashlib.sha256(pdf).hexdigest() for pdf in drawn],
    }


def main() -> None:
    """Read what is asked, and answer."""
    folder, fonts = Path(sys.argv[1]), sys.argv[2]
    asked = json.load(sys.stdin)
    confine()
    json.dump(draw(folder, fonts, asked), sys.stdout)


if __name__ == "__main__":
    main()
