"""What an agency may change in a type and what not, each refused at its place; and what two versions differ in."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.core.documents.adapting import Wanted, faults_of, renamed, sample_text, standing_words
from liuhen.core.documents.comparing import differences
from liuhen.core.documents.definition import read_type, spell_type
from liuhen.core.documents.model import DocumentType, FieldSpec, SignerSpec
from liuhen.core.kernel.errors import BadInput

KIND = DocumentType(
    code="COR",
    name="责令改正通知书",
    stage="审查决定",
    layout="notice",
    facing="出具",
    character="责改",
    sealed=True,
    fields=(
        FieldSpec("当事人", fact="当事人.名称", within=True),
        FieldSpec("违法事实", kind="多行"),
        FieldSpec("期限"),
    ),
    body=("{当事人}：", "请改正。"),
    states={"事实": ("违法事实",), "救济途径": ()},
    opinions=("承办", "批准"),
    notes=("一式两份。",),
    signers=(SignerSpec("执法人员", 2),),
)
ASKED = (Wanted("事实", "河北 13", "写明事实"), Wanted("期限", "珠晖 9", "写明期限"), Wanted("无处可写", "某 1", "x"))


def places(**changes: Any) -> list[tuple[str, str]]:
    return [(one.place, one.sentence) for one in faults_of(KIND, replace(KIND, **changes), ASKED)]


def test_wording_order_choices_hints_and_more_may_change() -> None:
    fields = (
        FieldSpec("期限", choices=("七日", "十五日"), hint="依法确定"),
        *KIND.fields[:2],
        FieldSpec("联系人"),
    )
    signers = (SignerSpec("见证人"), SignerSpec("执法人员", 3))
    assert not places(
        fields=fields,
        body=("致{当事人}：", "请于{期限}改正。", "联系人：{联系人}"),
        notes=(),
        questions=("听清楚了吗？",),
        heads=("名称",),
        signers=signers,
        states={**KIND.states, "理由": ("违法事实",)},
        basis=("本局规定",),
    )
    assert faults_of(KIND, KIND, ASKED) == ()


@pytest.mark.parametrize(
    ("changes", "place", "sentence"),
    [
        ({"code": "XXX"}, "code", "代码不能改"),
        ({"name": "整改通知"}, "name", "名称不能改"),
        ({"facing": "内部"}, "facing", "请改回“出具”"),
        ({"sealed": False}, "sealed", "请改回“是”"),
        ({"character": "改"}, "character", "类型代字不能改"),
        ({"layout": "record"}, "layout", "版面不能改"),
        ({"opinions": ("承办",)}, "opinions", "少了批准"),
        ({"signers": ()}, "signers", "少了执法人员"),
        ({"signers": (SignerSpec("执法人员", 1),)}, "signers", "执法人员不少于 2 人"),
        ({"signers": (*KIND.signers, SignerSpec("见证人", 99))}, "signers[1]", "0 到 20"),
        ({"signers": (*KIND.signers, SignerSpec("执法人员"))}, "signers[1]", "重复"),
        ({"fields": (*KIND.fields, FieldSpec("期限"))}, "fields[3].label", "有两项都叫“期限”"),
        ({"fields": (*KIND.fields, FieldSpec(""))}, "fields[3].label", "1 到 40 个字"),
        ({"fields": (*KIND.fields, FieldSpec("甲{乙}"))}, "fields[3].label", "花括号"),
        ({"fields": (*KIND.fields, FieldSpec("甲", fact="案件.没有"))}, "fields[3].fact", "不认识"),
        ({"fields": (*KIND.fields, FieldSpec("甲", within=True))}, "fields[3].within", "正文里却没有 {甲}"),
        ({"fields": tuple(FieldSpec(f"项{n}") for n in range(81)) + KIND.fields}, "fields", "超过 80 个"),
        ({"body": ("{当事人}：", "请于{哪天}改正。")}, "body[1]", "{哪天} 没有对应的填写项"),
        ({"body": ("{当事人}：", " ")}, "body[1]", "1 到 2000 个字"),
        ({"notes": ("甲\x07",)}, "notes[0]", "不能显示的字符"),
        ({"states": {**KIND.states, "理由": ("没有的项",)}}, "states.理由", "没有这一项"),
        ({"states": {**KIND.states, "期限": ("违法事实",)}}, "states.期限", "本身就是填写项"),
        ({"states": {"事实": (), "救济途径": ()}}, "states.事实", "不能改为由固定文字代替"),
        ({"states": {**KIND.states, "理由": ()}}, "states.理由", "请写明是哪一项"),
    ],
)
def test_what_may_not_change_is_refused_at_its_place(changes: dict[str, Any], place: str, sentence: str) -> None:
    assert any(where == place and sentence in said for where, said in places(**changes)), places(**changes)


def test_what_a_clause_asks_for_is_not_lost_and_the_clause_is_named() -> None:
    (fault,) = [said for where, said in places(fields=KIND.fields[:2]) if where == "fields"]
    assert fault == "没有写明“期限”的地方了，珠晖 9（写明期限）要求写明；请保留这一项"
    lost = places(states={"救济途径": ()})
    assert lost == [("fields", "没有写明“事实”的地方了，河北 13（写明事实）要求写明；请保留这一项")]


def test_a_renamed_field_keeps_its_place_in_the_words_and_in_the_law() -> None:
    named = replace(KIND, fields=(FieldSpec("受送达人", within=True), FieldSpec("主要事实"), FieldSpec("期限")))
    moved = renamed(named, {"当事人": "受送达人", "违法事实": "主要事实", "期限": "期限"})
    assert moved.body == ("{受送达人}：", "请改正。")
    assert moved.states == {"事实": ("主要事实",), "救济途径": ()}
    assert faults_of(KIND, moved, ASKED) == () and renamed(KIND, {}) is KIND


def test_two_fields_that_trade_names_do_not_become_one() -> None:
    traded = renamed(replace(KIND, body=("{甲}和{乙}",)), {"甲": "乙", "乙": "甲"})
    assert traded.body == ("{乙}和{甲}",)


def test_differences_are_said_piece_by_piece() -> None:
    now = replace(
        KIND,
        fields=(FieldSpec("期限", hint="依法"), KIND.fields[0], FieldSpec("联系人")),
        body=("{当事人}：", "请立即改正。", "此告。"),
        signers=(SignerSpec("执法人员", 3),),
        states={"事实": ("联系人",)},
        sealed=False,
    )
    found = {one.what: (one.was, one.now) for one in differences(KIND, now)}
    assert found["填写项“违法事实”"] == ("多行", "")
    assert found["填写项“联系人”"] == ("", "一行")
    assert found["填写项“期限”的提示"] == ("", "依法")
    assert found["固定文字第 2 条"] == ("请改正。", "请立即改正。\n此告。")
    assert found["签名人"] == ("执法人员 2 人", "执法人员 3 人")
    assert found["法定内容“事实”由谁写明"] == ("违法事实", "联系人")
    assert found["法定内容“救济途径”由谁写明"] == ("固定文字", "")
    assert "填写项的顺序" in found and found["sealed"] == ("是", "否")
    assert differences(KIND, KIND) == ()


@pytest.mark.parametrize("kind", shipped_documents().values(), ids=lambda kind: kind.code)
def test_every_shipped_type_is_kept_and_read_as_it_was(kind: DocumentType) -> None:
    assert read_type(spell_type(kind)) == kind
    assert faults_of(kind, kind, ()) == ()
    assert all(sample_text(spec).strip() for spec in kind.fields)


def test_another_spelling_is_refused() -> None:
    with pytest.raises(BadInput):
        read_type(spell_type(KIND).replace(",", ", ", 1))


def test_what_only_standing_words_say_is_named() -> None:
    assert standing_words(KIND) == ("救济途径",)


LABELS = st.sampled_from(["当事人", "违法事实", "期限", "联系人", "甲"])


@given(
    fields=st.lists(LABELS, unique=True).map(lambda labels: tuple(FieldSpec(label) for label in labels)),
    body=st.lists(st.sampled_from(["{当事人}：", "改正。", "{甲}"]), max_size=3).map(tuple),
    states=st.dictionaries(st.sampled_from(["事实", "救济途径", "理由"]), st.lists(LABELS, max_size=2).map(tuple)),
)
def test_what_passes_loses_nothing_and_differs_only_where_said(
    fields: tuple[FieldSpec, ...], body: tuple[str, ...], states: dict[str, tuple[str, ...]]
) -> None:
    changed = replace(KIND, fields=fields, body=body, states=states)
    assert bool(differences(KIND, changed)) == (changed != KIND)
    if not faults_of(KIND, changed, ASKED):
        sayable = {item.label for item in changed.fields} | set(changed.states)
        assert {"事实", "期限"} <= sayable
        assert read_type(spell_type(changed)) == changed
