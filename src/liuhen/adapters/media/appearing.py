"""A derived file appears whole or not at all, also where two people ask for it at once.

Invariant: whoever writes has a file of their own beside the target; the last one done takes its place.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Give where to write; what was written becomes `target` when the block ends well, and is removed when it does not."""
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
