"""Documents are PDF/A, hold every word they were given as text, and are the same bytes in every process."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.typeset.typesetter import Typesetter
from liuhen.core.kernel.errors import BadInput
from tests.adapters.typeset.samples import FOUND, bare, full

needs = {
    tool: pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")
    for tool in ("qpdf", "pdffonts", "pdftotext")
}


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter(shipped_documents())


def run(pdf: bytes, *command: str) -> str:
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def words(pdf: bytes) -> str:
    """Give the text of a document without any space, as lines break anywhere."""
    return "".join(run(pdf, "pdftotext", "-raw", "-", "-").split())


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    fonts = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"]
    return [part.FontDescriptor for font in fonts if "/DescendantFonts" in font for part in font.DescendantFonts]


@pytest.mark.parametrize("form", shipped_documents())
@pytest.mark.parametrize("data", [bare(), full()], ids=["bare", "full"])
def test_every_form_is_pdf_a_2b_with_embedded_fonts(typesetter: Typesetter, form: str, data: dict[str, Any]) -> None:
    with pikepdf.open(io.BytesIO(typesetter.render(form, data))) as pdf:
        assert pdf.open_metadata().pdfa_status == "2B"
        assert "/OutputIntents" in pdf.Root
        fonts = fonts_of(pdf)
        assert fonts
        assert all("/FontFile3" in font for font in fonts)


@needs["pdftotext"]
@pytest.mark.parametrize("form", shipped_documents())
def test_every_form_shows_every_key(typesetter: Typesetter, form: str) -> None:
    text = words(typesetter.render(form, full()))
    assert [word for word in FOUND if word not in text] == []


@needs["qpdf"]
@needs["pdffonts"]
def test_independent_tools_agree(typesetter: Typesetter, tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(typesetter.render("行政处罚决定书", full()))
    assert "No syntax or stream encoding errors" in run(b"", "qpdf", "--check", str(path))
    rows = run(b"", "pdffonts", str(path)).splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)  # embedded, subset, unicode


def test_the_same_data_gives_the_same_bytes_in_another_process(typesetter: Typesetter) -> None:
    program = (
        "import sys; from tests.adapters.typeset.samples import full; "
        "from liuhen.adapters.typeset.typesetter import Typesetter; "
        "from liuhen.adapters.packfiles.documents import shipped_documents; "
        "sys.stdout.buffer.write(Typesetter(shipped_documents()).render('现场检查笔录', full()))"
    )
    root = Path(__file__).parents[3]
    other = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env=os.environ | {"TZ": "America/New_York"},
        capture_output=True,
        check=True,
    ).stdout
    typesetter.render("询问笔录", full())  # what was drawn before leaves no trace
    assert typesetter.render("现场检查笔录", full()) == other


def test_another_date_gives_another_document(typesetter: Typesetter) -> None:
    assert typesetter.render("备考表", bare()) != typesetter.render("备考表", bare() | {"date": "2026-03-03"})


INJECTIONS = [
    "#panic()",
    '#read("/etc/passwd")',
    "*x* _y_ $z$ `w` <tag> @ref",
    '"]; #sys.inputs //',
    "\\u{41} \\",
    "= 标题 - 列 + 项 /* 注 */",
    '#import "layout.typ"',
]


@needs["pdftotext"]
def test_typesetting_signs_in_data_stay_text(typesetter: Typesetter) -> None:
    data = full() | {"party": INJECTIONS[0], "title": INJECTIONS[1], "agency": INJECTIONS[2], "number": INJECTIONS[3]}
    data["fields"] = [[sign, sign] for sign in INJECTIONS]
    text = words(typesetter.render("立案审批表", data))
    for sign in INJECTIONS:
        assert text.count("".join(sign.split())) >= 2, sign


@needs["pdftotext"]
def test_a_character_without_a_glyph_is_named_not_dropped(typesetter: Typesetter) -> None:
    data = bare() | {"party": "李\ue815😀", "body": ["尾\u202e倒"]}
    text = words(typesetter.render("行政处罚事先告知书", data))
    assert "李〔U+E815〕〔U+1F600〕" in text
    assert "尾〔U+202E〕倒" in text


@needs["pdftotext"]
def test_a_long_record_numbers_its_pages_and_is_signed_on_each(typesetter: Typesetter) -> None:
    data = full() | {"items": [], "item_heads": [], "opinions": []}
    data["questions"] = [[f"第{n}问" + "甲" * 40, f"第{n}答" + "乙" * 90] for n in range(120)]
    pdf = typesetter.render("询问笔录", data)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)
    assert count > 15
    pages = run(pdf, "pdftotext", "-", "-").split("\f")[:count]
    for number, page in enumerate(pages, 1):
        assert f"第{number}页共{count}页" in "".join(page.split())
        assert "在场人：" in "".join(page.split())
    assert "第119答" in words(pdf)


@needs["pdftotext"]
def test_the_seal_place_is_on_the_page_of_the_date(typesetter: Typesetter) -> None:
    pdf = typesetter.render("行政处罚决定书", full() | {"body": ["甲" * 900] * 3})
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.Names.Dests.Names
        assert str(names[0]) == "seal"
        target = names[1]
        if isinstance(target, pikepdf.Dictionary):
            target = target.D
        page = next(n for n, one in enumerate(document.pages) if one.objgen == target[0].objgen)
    text = "".join(run(pdf, "pdftotext", "-f", str(page + 1), "-l", str(page + 1), "-", "-").split())
    assert "2026年3月2日" in text


@pytest.mark.parametrize(
    ("form", "change", "words_of_refusal"),
    [
        ("不存在的文书", {}, "no such document type"),
        ("询问笔录", {"remark": "x"}, "remark"),
        ("询问笔录", {"form": "备考表"}, "备考表"),
        ("询问笔录", {"date": ""}, "date"),
        ("询问笔录", {"date": "2026-02-30"}, "2026-02-30"),
        ("询问笔录", {"body": "一段"}, "expected a list"),
        ("询问笔录", {"fields": [["只有标签"]]}, "two texts"),
        ("询问笔录", {"number": 1.5}, "expected text"),
        ("询问笔录", {"items": [["a"], ["a", "b"]]}, "expected 1 cells"),
        ("询问笔录", {"item_heads": ["a"], "item_widths": [1, 2]}, "expected 1 numbers"),
        ("询问笔录", {"signatures": [{"role": "x", "image": b"GIF89a"}]}, "PNG"),
        ("询问笔录", {"signatures": [{"role": "x", "date": "2026-03-02T09:10:00"}]}, "offset"),
        ("询问笔录", {"seal": "no"}, "true or false"),
    ],
)
def test_data_outside_the_contract_is_refused_by_name(
    typesetter: Typesetter, form: str, change: dict[str, Any], words_of_refusal: str
) -> None:
    with pytest.raises(BadInput, match=words_of_refusal):
        typesetter.render(form, bare() | change)


@needs["pdftotext"]
def test_lines_of_questions_and_answers_are_numbered_and_other_lines_are_not(typesetter: Typesetter) -> None:
    """So that 第 2 页第 5 行 can be cited in a hearing."""
    asked = {"date": "2026-03-02", "questions": [["问？", "长" * 60], ["再问？", "短"]], "body": ["以上属实。"]}
    told = run(typesetter.render("询问笔录", asked), "pdftotext", "-raw", "-", "-").splitlines()
    assert [line for line in told if line.isdecimal()] == ["1", "2", "3", "4", "5"]
    plain = run(typesetter.render("询问笔录", asked | {"questions": []}), "pdftotext", "-raw", "-", "-").splitlines()
    assert [line for line in plain if line.isdecimal()] == []
