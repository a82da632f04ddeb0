"""Layouts of agencies' own: drawn by their own look, with text as data only; hostile ones are stopped with a sentence."""

import io
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.adapters.signing.places import numbers_of_hands
from liuhen.adapters.typeset.own_layout import LARGEST, LayoutRefused, draw_own
from liuhen.adapters.typeset.typesetter import Typesetter

FORM = "责令改正通知书"
DAY = date(2026, 3, 2)
DATA: dict[str, object] = {
    "date": "2026-03-02",
    "agency": "安禾县局",
    "number": "安责改〔2026〕1号",
    "body": ["改正。"],
}
OWN = b"""#import "layout.typ": *
#show: paper.with(size: 14pt)
#title-lines()
#align(center, data.number)
#for row in data.rows { row.join(h(1em)) + linebreak() }
#indented(data.body)
#note-lines()
#seal-place()
#signatures()
"""


def typesetter() -> Typesetter:
    return Typesetter(shipped_documents())


def test_a_layout_of_ones_own_draws_archival_pdf_with_places_for_hands() -> None:
    data = DATA | {"signatures": [{"role": "当事人", "name": "刘某"}, {"role": "执法人员", "name": "李喆"}]}
    pdf = typesetter().render_by(OWN, FORM, data)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert b"pdfaid" in opened.Root.Metadata.read_bytes()
    assert numbers_of_hands(pdf) == {0, 1}
    assert pdf != typesetter().render(FORM, data)
    assert pdf == typesetter().render_by(OWN, FORM, data), "the same in every process"


def test_text_goes_in_as_data() -> None:
    """What a party is called can neither end a string nor call anything."""
    wild: dict[str, object] = {"body": ['#read("/etc/passwd") "]; #panic("x") $1/0$ #let data = none']}
    assert typesetter().render_by(OWN, FORM, DATA | wild)[:5] == b"%PDF-"


def test_variants_tell_what_a_layout_prints() -> None:
    silent = b'#import "layout.typ": *\n#show: paper\n#data.title'
    several = [DATA, DATA | {"body": ["别的。"]}]
    for layout, same in ((silent, True), (OWN, False)):
        first, second = typesetter().render_alike(layout, FORM, several).digests
        assert (first == second) == same


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "secret.txt"
    file.write_text("机密")
    yield file


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('#read("../../etc/passwd")', "要读取版式以外的文件"),
        ('#read("/etc/passwd")', "要读取的文件不存在"),
        ('甲\n#image("../../../../../../../../etc/hostname")', "第 2 行要读取版式以外的文件"),
        ('甲\n\n#import "@preview/cetz:0.3.1": *', "第 3 行引用了外部软件包"),
        ('#import ("@pre" + "view/cetz:0.3.1"): *', "引用了外部软件包，这里不联网"),
        ('#include ("@lo" + "cal/mine:1.0.0")', "引用了外部软件包"),
        ("#while true {}", "有不会结束的循环"),
        ("#let f(n) = f(n + 1)\n#f(0)", "有不会结束的循环"),
        ("#let x =", "有错误"),
        ("#nothing-of-this-name()", "第 1 行有错误：unknown variable"),
        ("   \n ", "是空的"),
        ("甲\0乙", "不是文字"),
    ],
)
def test_a_hostile_or_faulty_layout_is_refused(source: str, sentence: str) -> None:
    with pytest.raises(LayoutRefused) as refused:
        draw_own(source.encode(), ["{}"], DAY)
    assert sentence in str(refused.value) and "liuhen-layout" not in str(refused.value)


def test_a_layout_that_is_no_text_or_too_long_is_refused() -> None:
    with pytest.raises(LayoutRefused, match="UTF-8"):
        draw_own(b"\xff\xfe\x00", ["{}"], DAY)
    with pytest.raises(LayoutRefused, match="超过"):
        draw_own(b"a" * (LARGEST + 1), ["{}"], DAY)


def test_endless_work_is_stopped_in_time() -> None:
    endless = "#let n = 0\n" + "#for a in range(9000) { for b in range(9000) { for c in range(9000) { n = n + 1 } } }"
    begun = time.monotonic()
    with pytest.raises(LayoutRefused, match="已经停止"):
        draw_own(endless.encode(), ["{}"], DAY)
    assert time.monotonic() - begun < 25


def test_endless_memory_is_stopped() -> None:
    greedy = "#let s = (1,)\n#for i in range(40) { s = s + s }\n#s.len()"
    with pytest.raises(LayoutRefused, match="已经停止"):
        draw_own(greedy.encode(), ["{}"], DAY)


def test_a_layout_learns_nothing_of_its_surroundings(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files beside, nor the settings of the program, nor packages that somebody keeps on this machine."""
    monkeypatch.setenv("LIUHEN_SECRET", "x")
    packages = secret.parent / "typst" / "packages" / "local" / "mine" / "1.0.0"
    packages.mkdir(parents=True)
    (packages / "typst.toml").write_text('[package]\nname = "mine"\nversion = "1.0.0"\nentrypoint = "a.typ"\n')
    (packages / "a.typ").write_text("#let found = [x]")
    monkeypatch.setenv("XDG_DATA_HOME", str(secret.parent))
    for source in (f'#read("{secret}")', f'#read("../{secret.name}")', '#import ("@lo" + "cal/mine:1.0.0"): *'):
        with pytest.raises(LayoutRefused):
            draw_own(source.encode(), ["{}"], DAY)
    drawn = draw_own(b"#sys.inputs.keys().join()", [json.dumps({})], DAY)
    assert drawn.pdf[:5] == b"%PDF-"
