"""Whatever people type or paste: it is drawn, it can be found in the document again, and the document stays PDF/A."""

import io
import shutil

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.typeset.glyphs import legible
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.documents.model import written
from tests.adapters.typeset.test_typesetter import fonts_of, words

# Names with rare characters and long ones, amounts, dates, and what comes out of other programs' clipboards.
NAMES = st.sampled_from(
    ["李喆", "王玥", "欧阳䶮", "阿卜杜热西提·买买提明", "平山县喆玥䶮化工新材料有限公司" * 4, "𠮷野家", "J. O'Neill"]
)
AMOUNTS = st.decimals(min_value=0, max_value=10**11, places=2, allow_nan=False).map(str)
DATES = st.dates().map(lambda day: f"{day.year}年{day.month}月{day.day}日")
PASTED = st.sampled_from(
    [
        "#panic(1) $x^2$ *粗* _斜_ `码` <标签> @引用 \\换行",
        '"]) #read("/etc/passwd")',
        "第一行\r\n第二行\t列\u2028第三行\u00a0空格",
        "<script>alert(1)</script>&nbsp;",
        "①②③ ㎡ ℃ ‰ № ￥12,000.00 “引号”《书名》——……",
        "a\u0301e\u0300 עברית عربي 👮‍♂️🏻 \ufeff\u200b零宽",
        "{当事人}{理由}{}}{",
        "字" * 3000,
        "=SUM(A1:A9)",
        "https://xzzf.example.gov.cn/" + "x" * 300,
    ]
)
TYPED = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200)
TEXT = st.one_of(NAMES, AMOUNTS, DATES, PASTED, TYPED)
TYPES = shipped_documents()
typesetter = Typesetter(TYPES)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(TYPES)), st.data())
def test_whatever_is_typed_is_drawn(form: str, data: st.DataObject) -> None:
    kind = TYPES[form]
    texts = {item.label: data.draw(TEXT, item.label) for item in kind.fields}
    content = {
        "date": "2026-03-02",
        "agency": data.draw(NAMES, "agency"),
        "party": data.draw(TEXT, "party"),
        "fields": [[item.label, texts[item.label]] for item in kind.fields if not item.within],
        "body": list(written(kind, texts)),
        "questions": [[question, data.draw(TEXT, "answer")] for question in kind.questions],
        "item_heads": list(kind.heads),
        "items": [[data.draw(TEXT, "cell") for _ in kind.heads]] if kind.heads else [],
        "signatures": [{"role": one.role, "name": data.draw(NAMES, "signer")} for one in kind.signers],
    }
    with pikepdf.open(io.BytesIO(typesetter.render(form, content))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert all("/FontFile3" in font for font in fonts_of(pdf))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@settings(max_examples=25, deadline=None)
@given(NAMES, AMOUNTS, DATES)
def test_names_amounts_and_dates_are_found_again(name: str, amount: str, day: str) -> None:
    content = {
        "date": "2026-03-02",
        "fields": [["当事人", name], ["金额", amount], ["日期", day]],
        "body": [name + amount],
    }
    found = words(typesetter.render("行政处罚决定书", content))
    for text in (name, amount, day):
        assert "".join(legible(text).split()) in found, "a character that no font has stands as its code point"
