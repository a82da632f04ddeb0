"""`liuhen witness`: run a witness for logs (tlog-witness)."""

import argparse

from liuhen.doors.witness import command


def register(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `witness`."""
    parser = words.add_parser("witness", help="run a witness for logs")
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)
