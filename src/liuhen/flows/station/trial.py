"""`python -m liuhen.flows.station.trial FILE`: read what a file says of itself, in a process that may die of it.

Invariant: nothing is written and nothing is said; ending with 0 is the whole answer, whether the file can be read or not.
"""

import signal
import sys
from pathlib import Path

from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.flows.station.crashes import LONGEST


def main() -> int:
    """Read the file."""
    signal.alarm(LONGEST)  # whoever asked may be gone: nobody else would end a reading that never ends
    try:
        probe(Path(sys.argv[1]))
    except Unreadable:
        return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
