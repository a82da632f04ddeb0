"""How often Python looks for dead cycles: seldom, in a process that judges cases, for a judgement leaves none.

A look at a large case makes thousands of tuples that live until it ends; counting them at the default pace made every
judgement a third more expensive.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (20_000, 20, 50)


def collect_seldom() -> None:
    """Leave what is loaded by now out of every later look, and look seldom; for the whole life of a process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Do the same for the length of a block."""
    usual = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)
