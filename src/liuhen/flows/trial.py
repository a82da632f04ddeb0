"""`python -m liuhen.flows.trial FILE`: read what a file says of itself, in a process that may die of it.

Invariant: nothing is written and nothing is said; not being ended by a signal is the whole answer.
"""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from liuhen.adapters.media.facts import Unreadable
from liuhen.adapters.media.probe import probe
from liuhen.flows.crashes import LONGEST


def main() -> None:
    """Read the file."""
    signal.alarm(LONGEST)  # whoever asked may be gone: nobody else would end a reading that never ends
    with suppress(Unreadable):
        probe(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
