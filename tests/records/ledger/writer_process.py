"""A process of its own that appends single events: `python -m tests.records.ledger.writer_process STREAM COUNT`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liuhen.site.settings")
django.setup()

from liuhen.records.ledger import read  # noqa: E402
from liuhen.records.ledger.append import append  # noqa: E402
from liuhen.records.ledger.errors import StreamMoved  # noqa: E402
from tests.records.ledger.events import MORNING, marked, recording  # noqa: E402


def main(name: str, count: int) -> None:
    """Append to a stream of our own and, in the same call, to one that all processes share."""
    own, shared = recording(name), recording("shared")
    done = 0
    while done < count:
        after = read.versions_of([own, shared])
        try:
            append([marked(own), marked(shared)], after=after, recorded_at=MORNING)
        except StreamMoved:
            continue
        done += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
