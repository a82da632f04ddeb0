"""Python's collector looks seldom in processes that judge, and as usual afterwards."""

import gc

from liuhen.doors.collecting import collecting_seldom


def test_it_is_as_before_after_the_block() -> None:
    usual, frozen = gc.get_threshold(), gc.get_freeze_count()
    with collecting_seldom():
        assert gc.get_threshold()[0] > usual[0] and gc.get_freeze_count() > frozen
    assert (gc.get_threshold(), gc.get_freeze_count()) == (usual, 0)
