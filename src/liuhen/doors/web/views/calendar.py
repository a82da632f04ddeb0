"""节假日安排: the calendar of a year, the form, the import, the preview and the confirmation."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.calendar.calendar import WorkCalendar
from liuhen.core.calendar.entry import Mistake, Typed
from liuhen.core.kernel.errors import BadInput
from liuhen.doors.web.calendar_form import NoticeForm, form_from, form_of, typed_in
from liuhen.doors.web.cards.calendar import calendar_page, preview
from liuhen.doors.web.entry import admitted, refuse
from liuhen.flows.access import Permission, require
from liuhen.flows.keep_calendar import (
    CalendarReading,
    NothingChanged,
    adopt,
    entry_data,
    lay_published,
    propose,
    read_calendar,
    read_entry,
)
from liuhen.flows.occasion import Occasion

_LARGEST_FILE = 1 << 20


@admitted
@require_safe
def show_calendar(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show a year of the agency's calendar, this one if none is asked for."""
    reading = read_calendar(occasion.actor)
    year = _year(request.GET.get("year", ""), occasion.at.year)
    page = calendar_page(reading, year, occasion.at.date())
    return render(request, "calendar/calendar.html", {"calendar": page, "place": "calendar"})


@admitted
def enter_notice(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the form of a year, or the preview of what was typed into it."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    if request.method != "POST":
        reading = read_calendar(occasion.actor)
        year = _year(request.GET.get("year", ""), occasion.at.year)
        return _form(request, form_of(_most_known(reading, year), year))
    form = form_from(request.POST.dict())
    return _preview(request, occasion, typed_in(form), form)


@admitted
@require_POST
def import_notice(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the preview of a calendar file, or every mistake in it."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    file = request.FILES.get("file")
    if file is None or not file.name:
        return refuse(request, 400, "没有收到文件", "请选择一个 JSON、YAML 或 CSV 文件，再点“导入”。")
    try:
        typed = read_entry(file.read(_LARGEST_FILE + 1), file.name)
    except BadInput as fault:
        return _mistakes(request, file.name, (Mistake(fault.place, fault.sentence),))
    return _preview(request, occasion, typed, None, file.name)


@admitted
@require_POST
def confirm_notice(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Adopt what was previewed, and show the year."""
    proposal = adopt(
        occasion, read_entry(request.POST.get("entry", "").encode(), "entry.json"), base=request.POST.get("base", "")
    )
    return redirect(f"{reverse('calendar')}?year={proposal.entry.years[-1]}")


def _year(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 1950 <= int(text) <= 2199 else otherwise


def _most_known(reading: CalendarReading, year: int) -> WorkCalendar:
    """Give the calendar to fill the form from: where the agency lacks a year that came with this release, the release's."""
    return reading.calendar if reading.calendar.knows(year) else lay_published(reading, year)


def _form(request: HttpRequest, form: NoticeForm, status: int = 200) -> HttpResponse:
    return render(request, "calendar/entry.html", {"form": form, "place": "calendar"}, status=status)


def _mistakes(request: HttpRequest, name: str, mistakes: tuple[Mistake, ...]) -> HttpResponse:
    card = {"name": name, "mistakes": mistakes, "place": "calendar"}
    return render(request, "calendar/mistakes.html", card, status=400)


def _preview(
    request: HttpRequest, occasion: Occasion, typed: Typed, form: NoticeForm | None, name: str = ""
) -> HttpResponse:
    proposal = propose(occasion.actor, typed)
    mistakes = proposal.entry.mistakes
    if mistakes and form is None:
        return _mistakes(request, name, mistakes)
    if mistakes and form is not None:
        marked = NoticeForm(form.year, form.source, form.off, form.made_up, form.rests, mistakes)
        return _form(request, marked, status=400)
    if not proposal.changes:
        raise NothingChanged
    card = preview(proposal, json.dumps(entry_data(proposal.entry), ensure_ascii=False))
    return render(request, "calendar/preview.html", {"preview": card, "place": "calendar"})
