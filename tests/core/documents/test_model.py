"""Document types are sound or refused, and what is written into their standing words stays what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.core.documents.model import STANDING, DocumentType, FieldSpec, catalogue_of, stated, written
from liuhen.core.kernel.errors import BadInput

PLAIN = DocumentType("AAA", "告知书", "审查决定", "notice", "出具")
LETTER = DocumentType(
    "LET",
    "通知书",
    "启动",
    "notice",
    "出具",
    fields=(FieldSpec("当事人", within=True), FieldSpec("理由", within=True)),
    body=("{当事人}：", "因{理由}，通知{当事人}。"),
)


def changed(**changes: object) -> DocumentType:
    return DocumentType(**{**{name: getattr(PLAIN, name) for name in DocumentType.__slots__}, **changes})


@pytest.mark.parametrize(
    ("other", "word"),
    [
        (changed(code="BBB"), "stands twice"),
        (changed(name="另一种"), "has the code AAA"),
        (changed(code="BBB", name="另一种", fields=(FieldSpec("甲"), FieldSpec("甲"))), "two fields"),
        (changed(code="BBB", name="另一种", fields=(FieldSpec("甲", fact="当事人.星座"),)), "is no fact"),
        (changed(code="BBB", name="另一种", fields=(FieldSpec("甲", within=True),)), "no paragraph names it"),
        (
            changed(code="BBB", name="另一种", fields=(FieldSpec("甲", follows=("没有.甲",)),)),
            "no type has such a field",
        ),
        (changed(code="BBB", name="另一种", body=("见{乙}。",)), "names no field"),
        (changed(code="BBB", name="另一种", facing="内部", character="内"), "only what is issued"),
        (changed(code="BBB", name="另一种", states={"事实": ("乙",)}), "names no field"),
        (changed(code="BBB", name="另一种", fields=(FieldSpec("甲"),), states={"甲": ("甲",)}), "is a field itself"),
    ],
)
def test_a_catalogue_that_is_not_sound_is_refused_with_the_type(other: DocumentType, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        catalogue_of([PLAIN, other])


def test_two_types_cannot_share_a_series_of_numbers() -> None:
    one, two = changed(character="告"), changed(code="BBB", name="另一种", character="告")
    with pytest.raises(BadInput, match="takes its numbers"):
        catalogue_of([one, two])


def test_standing_words_are_filled_and_an_empty_place_is_left_to_write_on() -> None:
    assert written(LETTER, {"当事人": "某公司", "理由": "核查"}) == ("某公司：", "因核查，通知某公司。")
    assert written(LETTER, {"当事人": "某公司", "理由": "  "})[1] == "因＿＿＿＿＿＿，通知某公司。"


@given(party=st.text(min_size=1), reason=st.text(min_size=1))
def test_what_somebody_wrote_is_never_taken_for_a_place(party: str, reason: str) -> None:
    texts = written(LETTER, {"当事人": party, "理由": reason})
    assert texts[0] == f"{party.strip() or '＿＿＿＿＿＿'}："
    assert written(LETTER, {"当事人": "{理由}", "理由": reason})[0] == "{理由}："


def test_a_sentence_that_was_ended_gives_way_to_the_mark_that_follows() -> None:
    assert written(LETTER, {"当事人": "某公司", "理由": "超量储存。"})[1] == "因超量储存，通知某公司。"
    assert written(LETTER, {"当事人": "某公司", "理由": "甲。乙；"})[1] == "因甲。乙，通知某公司。"
    assert written(LETTER, {"当事人": "某公司。", "理由": "。"})[1] == "因＿＿＿＿＿＿，通知某公司。"
    assert written(LETTER, {"当事人": "某公司。", "理由": "核查"})[0] == "某公司。：", (
        "only where two marks of a sentence meet"
    )


def test_words_of_packs_are_said_when_all_their_fields_are_filled_or_the_frame_says_them() -> None:
    kind = changed(
        fields=(FieldSpec("违法事实"), FieldSpec("证据")),
        states={"事实证据": ("违法事实", "证据"), "事实认定": ("违法事实",), "机关名称": ()},
    )
    assert stated(kind, {"违法事实": "超量", "证据": " "}) == {"事实认定": "超量", "机关名称": STANDING}
    assert stated(kind, {"违法事实": "超量", "证据": "照片"})["事实证据"] == "超量；照片"
