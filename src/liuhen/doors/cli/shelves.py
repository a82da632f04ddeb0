"""Which packs a command works with: those of the program, those of LIUHEN_PACKS, and those given with --packs."""

import argparse
import os
from pathlib import Path

from liuhen.adapters.packfiles.shelf import Shelf, read_packs_setting, shipped_shelf


def add_packs(parser: argparse.ArgumentParser) -> None:
    """Let a command take packs that are not part of the program."""
    parser.add_argument(
        "--packs",
        action="append",
        default=[],
        metavar="DIR",
        help="a pack's folder or a folder of packs, beside those of the program and of LIUHEN_PACKS; several times",
    )


def shelf_of(given: argparse.Namespace) -> Shelf:
    """Give the packs that a command works with. Raises BadInput for a folder without packs."""
    return shipped_shelf() + read_packs_setting(os.environ.get("LIUHEN_PACKS", "")) + map(Path, given.packs)
