"""节假日安排 on the web: the picture, the form, the import, the preview, the confirmation, and who may not."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liuhen.core.calendar.calendar import DayKind
from liuhen.core.calendar.entry import check_entry
from liuhen.core.calendar.working import say_day
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.web.calendar_form import form_of, typed_in
from liuhen.doors.web.cards.calendar import picture, say_years
from liuhen.doors.web.cards.timeline import last_day_of, say_recomputed
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_calendar import read_calendar
from liuhen.flows.recompute_terms import recompute_terms
from tests.core.calendar.known import CALENDAR, NOTICE_2026
from tests.core.facts.test_terms import SAID
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
PAGES = ("calendar", "calendar-entry", "calendar-import", "calendar-confirm")
CSV = """年度,类别,起,止,名称,依据
2027,放假,2027-01-01,2027-01-03,元旦,测试虚构的2027年通知
2027,放假,2027-02-05,2027-02-11,春节,
2027,上班,2027-01-16,,,
2027,上班,2027-02-20,,,
,地方休息,2027-03-10,,开斋节,某政发〔2026〕1号
"""


def text(answer: Any) -> str:
    return str(answer.content.decode())


def entered() -> int:
    """Count the calendars adopted since the world was made; its one package adopted the published calendar."""
    return len(read_calendar(PEOPLE["system"]).adoptions) - 1


def posted(year: str = "2027", **change: str) -> dict[str, str]:
    """Fill the form as a browser sends it."""
    fields = {"year": year, "source": "测试虚构的2027年通知"}
    rows = [("元旦", "2027-01-01", "2027-01-03"), ("春节", "2027-02-05", "2027-02-11"), ("清明节", "", "")]
    for number, (name, first, last) in enumerate(rows):
        fields |= {f"off-{number}-name": name, f"off-{number}-first": first, f"off-{number}-last": last}
    fields |= {"made-up-0-first": "2027-01-16", "made-up-1-first": ""}
    fields |= {"rest-0-name": "", "rest-0-first": "", "rest-0-last": "", "rest-0-source": ""}
    return fields | change


def hidden(page: str) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(base|entry)" value="(.*?)">', page)
    }


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_sent_to_sign_in(world: World, visit: Visit, name: str) -> None:
    assert visit(None).get(reverse(name)).status_code == 302
    assert visit(None).post(reverse(name)).status_code == 302


@pytest.mark.parametrize("person", ["officer", "head", "archivist", "security", "audit"])
@pytest.mark.parametrize("name", PAGES[1:])
def test_only_the_system_administrator_enters(world: World, visit: Visit, person: str, name: str) -> None:
    client = visit(f"web-{person}")
    file = SimpleUploadedFile("a.csv", CSV.encode())
    assert client.post(reverse(name), posted() | {"file": file, "entry": "{}", "base": ""}).status_code == 403
    if name == "calendar-entry":
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize(("person", "status"), [("officer", 200), ("system", 200), ("security", 403), ("audit", 403)])
def test_who_works_with_terms_sees_the_calendar(world: World, visit: Visit, person: str, status: int) -> None:
    answer = visit(f"web-{person}").get(reverse("calendar"), {"year": "2026"})
    assert answer.status_code == status
    if status == 200:
        assert NOTICE_2026.source in text(answer)
        assert ("修改 2026 年安排" in text(answer)) == (person == "system")


def test_the_picture_holds_every_day_once_and_says_what_it_is_without_colour() -> None:
    drawn = picture(CALENDAR, 2026)
    cells = [cell for month in drawn.months for week in month.weeks for cell in week if cell]
    assert len(cells) == 365
    assert (drawn.holidays, drawn.made_up) == (len(NOTICE_2026.days_off), 6)
    assert drawn.working == sum(CALENDAR.is_working(date(2026, 1, 1).fromordinal(n)) for n in _days_of(2026))
    february = [cell for week in drawn.months[1].weeks for cell in week if cell]
    assert [(cell.mark, cell.kind) for cell in february[13:16]] == [
        ("班", DayKind.MAKE_UP.value),
        ("休", DayKind.HOLIDAY.value),
        ("休", DayKind.HOLIDAY.value),
    ]
    assert february[13].words == "2026-02-14（周六）：调休上班日"
    assert say_years((2015, 2016, 2017, 2020)) == "2015–2017、2020"


def _days_of(year: int) -> range:
    return range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())


def test_the_form_of_a_known_year_says_that_year_when_nothing_is_touched() -> None:
    entry = check_entry(typed_in(form_of(CALENDAR, 2026)))
    assert (entry.notices, entry.mistakes, entry.regional) == ((NOTICE_2026,), (), ())


def test_a_notice_is_entered_previewed_and_confirmed(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    empty = text(admin.get(reverse("calendar-entry"), {"year": "2027"}))
    assert 'value="国庆节"' in empty and "国务院办公厅关于2027年部分节假日安排的通知" in empty
    page = text(admin.post(reverse("calendar-entry"), posted()))
    assert "核对 2027 年安排" in page and "没有写清明" in page
    assert page.count('<table class="month">') == 12
    assert entered() == 0, "a preview writes nothing"
    answer = admin.post(reverse("calendar-confirm"), hidden(page))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/calendar/?year=2027")
    shown = text(admin.get("/calendar/?year=2027"))
    assert "测试虚构的2027年通知" in shown and "张system" in shown and "2015–2027" in shown
    assert "未录入" not in shown.split("采用记录")[0].split("2027")[1][:30]


def test_mistakes_come_back_with_what_was_typed(world: World, visit: Visit) -> None:
    answer = visit("web-system").post(
        reverse("calendar-entry"), posted(source="", **{"made-up-0-first": "2027-01-15", "off-0-name": "<b>元旦"})
    )
    page = text(answer)
    assert answer.status_code == 400
    assert "有 2 处需要改正" in page
    assert "没有写明依据" in page and "2027-01-15 不是周六或周日" in page
    assert 'value="&lt;b&gt;元旦"' in page and 'value="2027-01-15"' in page
    assert entered() == 0


def test_a_file_is_imported_through_the_same_preview(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    page = text(admin.post(reverse("calendar-import"), {"file": SimpleUploadedFile("安排.csv", CSV.encode("gb18030"))}))
    assert "核对 2027 年安排" in page and "开斋节" in page
    assert admin.post(reverse("calendar-confirm"), hidden(page)).status_code == 302
    reading = read_calendar(PEOPLE["system"])
    assert reading.calendar.note(date(2027, 3, 10)).kind is DayKind.REGIONAL
    assert reading.calendar.note(date(2027, 1, 16)).kind is DayKind.MAKE_UP


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", CSV.replace("2027-01-16", "2027-01-15").encode(), "2027 年：调休上班日 2027-01-15 不是周六或周日"),
        ("a.exe", b"MZ", "不认识这种文件"),
        ("a.json", b"{", "不是合法的 JSON"),
        ("a.csv", b"x" * ((1 << 20) + 1), "超过 1 MiB"),
    ],
)
def test_a_wrong_file_is_told_in_sentences(world: World, visit: Visit, name: str, data: bytes, says: str) -> None:
    answer = visit("web-system").post(reverse("calendar-import"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 400
    assert says in text(answer)
    assert visit("web-system").post(reverse("calendar-import")).status_code == 400


def test_of_two_administrators_the_second_is_told(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    first = hidden(text(admin.post(reverse("calendar-entry"), posted())))
    second = hidden(text(admin.post(reverse("calendar-entry"), posted(**{"made-up-0-first": "2027-02-20"}))))
    assert admin.post(reverse("calendar-confirm"), first).status_code == 302
    answer = admin.post(reverse("calendar-confirm"), second)
    assert (answer.status_code, "已由他人更新" in text(answer)) == (409, True)
    assert entered() == 1


@pytest.mark.parametrize(
    ("entry", "status"), [("", 400), ("[]", 400), ("{}", 400), ('{"notices": [{"year": 2027}]}', 400), ("\x00", 400)]
)
def test_a_confirmation_that_no_page_of_ours_made_is_refused(
    world: World, visit: Visit, entry: str, status: int
) -> None:
    base = read_calendar(PEOPLE["system"]).version
    answer = visit("web-system").post(reverse("calendar-confirm"), {"entry": entry, "base": base})
    assert answer.status_code == status
    assert entered() == 0


@pytest.mark.parametrize("year", ["", "abc", "99999", "-1", "２０２６", "1949"])
def test_an_impossible_year_shows_this_one(world: World, visit: Visit, year: str) -> None:
    assert visit("web-officer").get(reverse("calendar"), {"year": year}).status_code == 200


def test_what_stands_already_is_no_change(world: World, visit: Visit) -> None:
    admin = visit("web-system")
    page = text(admin.post(reverse("calendar-entry"), posted()))
    admin.post(reverse("calendar-confirm"), hidden(page))
    answer = admin.post(reverse("calendar-entry"), posted())
    assert (answer.status_code, "没有需要更新的内容" in text(answer)) == (409, True)


def test_the_case_page_tells_in_words_what_became_of_a_term(world: World, visit: Visit) -> None:
    """The archiving term of a case that ended ends on a day that the administrator then makes a rest day of the region."""
    case, now = world.cases["ended"], datetime.now(SHANGHAI)
    term = next(one for one in ground_of(case, HERE).judge(now) if one.due and one.rule == "archive.in-time")
    assert term.due is not None
    last = last_day_of(term.due)
    fields = {"year": str(last.year), "source": "", "rest-0-name": "某节", "rest-0-source": "某政发〔2026〕9号"}
    fields |= {"rest-0-first": last.isoformat(), "rest-0-last": ""}
    admin = visit("web-system")
    page = text(admin.post(reverse("calendar-entry"), fields))
    assert admin.post(reverse("calendar-confirm"), hidden(page)).status_code == 302
    assert recompute_terms(datetime.now(SHANGHAI)) > 0
    shown = text(visit("web-officer").get(reverse("case", args=[case])))
    moved = next(one for one in ground_of(case, HERE).judge(now) if one.rule == "archive.in-time" and one.due)
    assert moved.due is not None and moved.due > term.due
    assert "期限重算" in shown and "留痕系统" in shown
    said = re.sub(r"\s", "", shown)
    assert f"{say_day(last)}改为{say_day(last_day_of(moved.due))}" in said and "依据《某政发〔2026〕9号》" in said


def test_the_words_of_a_recomputed_term() -> None:
    settled = replace(SAID, now=SAID.was)
    assert say_recomputed(SAID) == (
        "“归档”的期限由暂定的 2027-01-04（周一） 改为 2027-01-06（周三），依据《国务院办公厅关于2027年部分节假日安排的通知》"
    )
    assert say_recomputed(settled).startswith("“归档”的期限仍为 2027-01-04（周一），由暂定改为确定")
