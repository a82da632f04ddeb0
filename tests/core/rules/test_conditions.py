"""Conditions: three-valued, closed, and the same after a journey through a package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.conditions import Condition, Truth, Value

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def answer(test: object, value: Value | None) -> Truth:
    (only,) = Condition.from_plain({"attribute": test}, "when").tests
    return only.on(value)


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ("询问", "询问", TRUE),
        ("询问", "勘验", FALSE),
        ("询问", None, UNKNOWN),
        (["询问", "勘验"], "勘验", TRUE),
        (["询问", "勘验"], frozenset({"勘验", "听证"}), TRUE),
        (["询问"], frozenset[str](), FALSE),
        (True, True, TRUE),
        (False, True, FALSE),
        (True, None, UNKNOWN),
        ({"all": ["送达人", "见证人"]}, frozenset({"送达人", "见证人", "受送达人"}), TRUE),
        ({"all": ["送达人", "见证人"]}, frozenset({"送达人"}), FALSE),
        ({"all": ["送达人"]}, None, UNKNOWN),
        ({"not": ["公告", "邮寄"]}, "直接", TRUE),
        ({"not": "公告"}, "公告", FALSE),
        ({"not": "公告"}, None, UNKNOWN),
        ({"least": 2}, 2, TRUE),
        ({"least": 2}, 1, FALSE),
        ({"least": 2}, None, UNKNOWN),
        ({"least": 2}, "二", FALSE),
        ({"present": True}, "设备故障", TRUE),
        ({"present": True}, "", FALSE),
        ({"present": True}, None, FALSE),
        ({"present": False}, None, TRUE),
        ({"present": True}, frozenset[str](), FALSE),
    ],
)
def test_a_test_answers_true_false_or_not_known(test: object, value: Value | None, expected: Truth) -> None:
    assert answer(test, value) is expected


@pytest.mark.parametrize(
    "plain",
    [
        "现场检查",
        {"kind": None},
        {"kind": []},
        {"kind": {"least": "2"}},
        {"kind": {"least": True}},
        {"kind": {"present": "yes"}},
        {"kind": {"all": []}},
        {"kind": {"all": [1]}},
        {"kind": {"more": 2}},
        {"kind": {"least": 1, "present": True}},
        {"kind": [{"any": "x"}]},
        {"kind": 1.5},
    ],
)
def test_what_is_outside_the_vocabulary_is_refused(plain: object) -> None:
    with pytest.raises(BadInput) as refusal:
        Condition.from_plain(plain, "when")
    assert refusal.value.place.startswith("when")


texts = st.text(min_size=1, max_size=4)
plain_tests = st.one_of(
    texts,
    st.booleans(),
    st.lists(texts, min_size=2, max_size=3),
    st.fixed_dictionaries({"all": st.lists(texts, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"not": st.lists(texts, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"least": st.integers(0, 9)}),
    st.fixed_dictionaries({"present": st.booleans()}),
)


@given(st.dictionaries(texts, plain_tests, max_size=4))
def test_written_and_read_again_it_is_the_same_condition(plain: dict[str, object]) -> None:
    condition = Condition.from_plain(plain, "when")
    assert Condition.from_plain(condition.to_plain(), "when") == condition


@given(plain_tests, st.one_of(st.none(), texts, st.booleans(), st.integers(0, 9), st.frozensets(texts, max_size=3)))
def test_every_test_can_be_said_and_held_against_any_value(test: object, value: Value | None) -> None:
    (only,) = Condition.from_plain({"attribute": test}, "when").tests
    assert only.on(value) in Truth
    assert only.say()
