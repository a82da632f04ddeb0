"""更正: both texts can be read out of the one with its changes, and people see changes of words, not of strokes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.documents.correcting import Change, Run, changes, corrected, grouped

TEXTS = st.text(alphabet="一二三四五十百箱只。，\n", max_size=30)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_again(before: str, after: str) -> None:
    text = corrected(before, after)
    if isinstance(text, str):
        assert before == after == text
        return
    assert "".join(run.text for run in text if run.kind != "added") == before
    assert "".join(run.text for run in text if run.kind != "struck") == after
    assert all(run.text for run in text)


@given(TEXTS, TEXTS)
def test_changes_are_the_groups_between_what_was_kept(before: str, after: str) -> None:
    text = corrected(before, after)
    found = changes(text)
    assert (found == ()) == (before == after)
    assert all(change.was or change.now for change in found)
    if not isinstance(text, str):
        kinds = [change is None for change, _ in grouped(text)]
        assert (False, False) not in list(pairwise(kinds)), "no two changes stand side by side"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("库里有十五箱烟花", "库里有二十箱烟花", (Change("十五", "二十"),)),
        ("我是昨天去的", "我是前天下午去的", (Change("昨天", "前天下午"),)),
        ("没有许可证。", "没有许可证，正在办。", (Change("", "，正在办"),)),
        ("确实超量，我认错。", "确实超量。", (Change("，我认错", ""),)),
        ("", "没有", (Change("", "没有"),)),
    ],
)
def test_people_see_words_that_were_changed(before: str, after: str, expected: tuple[Change, ...]) -> None:
    assert changes(corrected(before, after)) == expected


def test_what_was_not_changed_is_plain() -> None:
    assert corrected("一样", "一样") == "一样" and changes("一样") == ()


def test_runs_stand_in_reading_order() -> None:
    assert corrected("共十五箱", "共二十箱") == (
        Run("kept", "共"),
        Run("struck", "十五"),
        Run("added", "二十"),
        Run("kept", "箱"),
    )
