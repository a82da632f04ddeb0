"""`liuhen witness`: run a witness, and tell it which logs to know.

Invariant: the witness's keys and memory live in one folder that only its owner should read; a log is blocked, never removed.
"""

import argparse
import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from liuhen.adapters.keys.folder import KeyFolder
from liuhen.adapters.signing.ed25519 import Ed25519Signer, verify_ed25519
from liuhen.adapters.signing.sm2 import verify_sm2
from liuhen.adapters.witnesses.state import WitnessState
from liuhen.adapters.witnesses.witness import Witness
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.keys import KeyKind, Primitives, VerifierKey, parse_verifier_key
from liuhen.core.tlog.note import Signer
from liuhen.doors.witness.server import WitnessServer

_KEY = "witness"


def open_witness(folder: Path, name: str) -> tuple[Witness, WitnessState]:
    """Open the witness of a folder; its key is made on the first opening. Raises KeyUnusable."""
    keys = KeyFolder(folder / "keys")
    pair = keys.ed25519(_KEY) if keys.has(_KEY) else keys.new_ed25519(_KEY)
    signer = Signer(VerifierKey(name, KeyKind.COSIGNATURE, pair.public), Ed25519Signer(pair.private))
    state = WitnessState(folder / "witness.sqlite3")
    return Witness([signer], state, Primitives(ed25519=verify_ed25519, sm2=verify_sm2)), state


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command to a parser, which may be a subcommand of `liuhen`."""
    parser.add_argument("--data", type=Path, default=Path("witness"), help="folder of keys and memory")
    parser.add_argument("--name", required=True, help="name of the witness, e.g. witness.example.gov.cn/sup")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8477)
    parser.add_argument("--trust", action="append", default=[], metavar="VKEY", help="know a log by its verifier key")
    parser.add_argument("--block", action="append", default=[], metavar="ORIGIN", help="stop cosigning a log")
    parser.add_argument("--show", action="store_true", help="print the witness's key and the logs it knows, and end")


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments say; serves until interrupted unless `--show` is given."""
    witness, state = open_witness(arguments.data, arguments.name)
    for text in arguments.trust:
        witness.trust(parse_verifier_key(text, "--trust"))
    for origin in arguments.block:
        state.block(origin)
    for key in witness.keys:
        print(key.render(), flush=True)
    if arguments.show:
        for origin, size in state.logs():
            print(f"{origin} {size}")
        return 0
    logging.basicConfig(level=logging.INFO)
    with WitnessServer((arguments.host, arguments.port), witness, lambda: datetime.now(SHANGHAI)) as server:
        print(server.url, flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command on its own."""
    parser = argparse.ArgumentParser(prog="liuhen witness", description="见证方服务：核对并签署日志检查点")
    add_arguments(parser)
    return run(parser.parse_args(argv))
