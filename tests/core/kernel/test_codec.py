"""The codec between dataclasses and plain data: what goes in comes out, and nothing else gets in."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import assume, given, settings

from liuhen.core.events.case import ActBegun, DocumentMade, InterruptionExplained
from liuhen.core.events.catalogue import EventType, encode_content
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode, encode
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from tests.core.events.generated import typed_contents

MOMENT = datetime(2026, 3, 2, 9, 10, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Inner:
    name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Outer:
    when: datetime
    day: date
    amount: Decimal
    manner: Literal["语音", "书面"]
    sure: bool
    inner: Inner
    many: tuple[Inner, ...] = ()
    marks: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None


WHOLE = Outer(
    when=MOMENT,
    day=date(2026, 3, 2),
    amount=Decimal("12000.00"),
    manner="语音",
    sure=True,
    inner=Inner("甲", 2),
    many=(Inner("乙"), Inner("丙", 1)),
    marks=frozenset({"骑缝"}),
    fields={"来源": "巡查"},
    note="注",
)
PLAIN = encode(WHOLE)


def test_everything_comes_back() -> None:
    assert decode(Outer, PLAIN) == WHOLE
    assert decode(Outer, canonical.parse(canonical.render(PLAIN))) == WHOLE


def test_money_keeps_its_zeros_and_labels_their_order_does_not_matter() -> None:
    assert PLAIN["amount"] == "12000.00"
    assert PLAIN["fields"] == [["来源", "巡查"]]


def test_what_is_empty_is_left_out_so_that_new_optional_fields_change_no_old_bytes() -> None:
    bare = Outer(MOMENT, date(2026, 3, 2), Decimal(1), "书面", False, Inner("甲"))
    assert set(encode(bare)) == {"when", "day", "amount", "manner", "sure", "inner"}
    assert decode(Outer, encode(bare)) == bare


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("colour", "红", "unknown key; known here: when, day"),
        ("when", "2026-03-02T09:10:00", "has no offset"),
        ("when", "昨天", "is not a time"),
        ("day", "2026-02-30", "is not a day"),
        ("amount", 12.5, "expected an amount"),
        ("amount", "NaN", "expected an amount"),
        ("amount", "一万", "expected an amount"),
        ("amount", True, "expected an amount"),
        ("manner", "手势", "is not one of 语音, 书面"),
        ("sure", "yes", "expected true or false"),
        ("sure", 1, "expected true or false"),
        ("inner", "甲", "expected a group of fields"),
        ("inner", None, "is missing"),
        ("many", "乙", "expected a list"),
        ("note", 5, "expected text"),
        ("fields", [["来源"]], "expected labels with texts"),
        ("fields", {"来源": 5}, "expected text"),
    ],
)
def test_another_shape_is_refused_where_it_stands(key: str, value: object, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        decode(Outer, {**PLAIN, key: value}, "here")
    assert refusal.value.place.startswith(f"here.{key}")


def test_the_place_of_a_fault_deep_inside_is_named() -> None:
    with pytest.raises(BadInput) as refusal:
        decode(Outer, {**PLAIN, "many": [{"name": "乙"}, {"name": "丙", "count": "二"}]})
    assert refusal.value.place == "many[1].count"


@pytest.mark.parametrize("missing", ["when", "day", "amount", "manner", "sure", "inner"])
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(BadInput, match="required") as refusal:
        decode(Outer, {key: value for key, value in PLAIN.items() if key != missing})
    assert refusal.value.place == missing


def test_text_is_brought_to_one_spelling() -> None:
    assert decode(Inner, {"name": "e\u0301"}).name == "\u00e9"


@settings(deadline=None)
@given(typed_contents())
def test_every_event_content_comes_back_from_its_bytes(item: tuple[EventType, Any]) -> None:
    kind, content = item
    assume(not _lacks_what_is_required(content))  # the test below says what is wrong with such a content
    name, data = encode_content(content)
    assert name == kind.name
    assert decode(kind.content, canonical.parse(canonical.render(data))) == content


def _lacks_what_is_required(content: Any) -> bool:
    """Say whether a field without a default is empty, here or in a part."""
    for item in dataclasses.fields(content):
        value = getattr(content, item.name)
        required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        parts = value if isinstance(value, tuple) else (value,)
        if required and value in (None, ()):
            return True
        if any(dataclasses.is_dataclass(part) and _lacks_what_is_required(part) for part in parts):
            return True
    return False


def test_an_act_without_officers_comes_back() -> None:
    """What was appended must be readable for ever, however little it says."""
    alone = ActBegun("x1", "鉴定", "某鉴定所", ())
    assert decode(ActBegun, encode(alone)) == alone


def test_an_interruption_that_never_ended_comes_back() -> None:
    never = InterruptionExplained(
        act="x1", interruption="i1", stopped_at=MOMENT, cause="电量耗尽", manner="书面", resumed_at=None
    )
    assert decode(InterruptionExplained, encode(never)) == never


def test_a_time_finer_than_a_millisecond_comes_back_or_is_refused() -> None:
    fine = Outer(MOMENT + timedelta(microseconds=1), date(2026, 3, 2), Decimal(1), "书面", False, Inner("甲"))
    assert decode(Outer, encode(fine)) == fine


def test_a_document_is_nothing_without_its_file() -> None:
    with pytest.raises(BadInput) as refusal:
        decode(DocumentMade, {"document": "d1", "form": "笔录", "title": "笔录", "facing": "取证"})
    assert refusal.value.place == "file"
