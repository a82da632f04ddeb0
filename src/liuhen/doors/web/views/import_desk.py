"""音像入库台: the page of the person at the dock; files go to the door for uploads, decisions to their flows.

Invariant: deciding about what has arrived never leaves the page, so that files on their way are not interrupted.
"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.facts.clocks import say_ahead
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.doors.web.cards.import_clocks import clocks_card
from liuhen.doors.web.cards.import_desk import Sought, lists_card, unfinished_line
from liuhen.doors.web.entry import admitted, wants_fragment
from liuhen.doors.web.import_forms import ClockForm, LinkForm, OutcomeForm, SealForm, TimeForm, first_error
from liuhen.doors.web.policy import widen
from liuhen.flows.access import NotAllowed, Permission, has, recording_for, require
from liuhen.flows.camera_arrivals import list_stuck
from liuhen.flows.camera_sealing import seal_stuck
from liuhen.flows.device_clocks import list_clocks
from liuhen.flows.ground import recording_facts
from liuhen.flows.ingest import link_recording
from liuhen.flows.match_arrivals import confirm_certain
from liuhen.flows.occasion import Occasion
from liuhen.flows.read_arrivals import PAGE, Cursors, acts_named, read_arrivals, roll_of
from liuhen.flows.resumable.announcement import LARGEST_UPLOAD
from liuhen.flows.resumable.arriving import unfinished_uploads
from liuhen.flows.tend_recordings import check_clock, settle_arrival
from liuhen.flows.tend_recordings import settle_time as settle

_LONGEST_CURSOR = 18


@admitted
@require_safe
def show_import_desk(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the desk."""
    unfinished = unfinished_uploads(occasion.actor)
    card = {
        **_lists(request, occasion),
        "unfinished": [unfinished_line(one) for one in unfinished[:PAGE]],
        "unfinished_more": max(0, len(unfinished) - PAGE),
        **_stuck(occasion),
        "clocks": clocks_card(list_clocks(occasion.actor, at=occasion.at), occasion.at),
        "roll": roll_of(occasion.actor),
        "person": occasion.actor.uid,
        "limit": LARGEST_UPLOAD,
        "place": "import",
    }
    return render(request, "import/import.html", card)


@admitted
@require_safe
def show_arrivals(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show the lists alone: what the desk asks for when something has arrived, or when a list is continued."""
    if not wants_fragment(request):
        return redirect("import")
    return render(request, "import/lists.html", _lists(request, occasion))


@admitted
@require_safe
def send_digester(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Send the program that computes digests beside the page; WebAssembly is allowed to it, not to the page."""
    require(occasion.actor, Permission.INGEST)
    response = render(request, "import/digests.js", content_type="text/javascript; charset=utf-8")
    widen(response, {"script-src": "'self' 'wasm-unsafe-eval'"})
    return response


@admitted
@require_POST
def link(request: HttpRequest, occasion: Occasion, recording: str) -> HttpResponse:
    """Link a recording to the act that a person confirmed or chose."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _answer(request, occasion, problem=first_error(form))
    case, act = form.chosen()
    try:
        link_recording(case, occasion, recording=recording, act=act)
    except NotAllowed:
        raise
    except LiuhenError as refusal:
        return _answer(request, occasion, problem=str(refusal))
    return _answer(request, occasion, done="已关联到所选的执法活动。")


@admitted
@require_POST
def accept_certain(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Link all the recordings shown whose match is certain."""
    try:
        count = confirm_certain(occasion, request.POST.getlist("recording")[:PAGE])
    except NotAllowed:
        raise
    except LiuhenError as refusal:
        return _answer(request, occasion, problem=str(refusal))
    return _answer(request, occasion, done=f"已关联 {count} 段音像。")


@admitted
@require_POST
def settle_time(request: HttpRequest, occasion: Occasion, recording: str) -> HttpResponse:
    """Set down when a recording of a doubtful clock was really filmed."""
    form = TimeForm(request.POST)
    if not form.is_valid():
        return _answer(request, occasion, problem=first_error(form))
    try:
        recording_for(occasion.actor, recording, Permission.INVESTIGATE)
        started, ended = form.span(_length_of(recording))
        settle(occasion, recording, started=started, ended=ended, basis=form.cleaned_data["basis"])
    except NotAllowed:
        raise
    except LiuhenError as refusal:
        return _answer(request, occasion, problem=str(refusal))
    return _answer(request, occasion, done="已记下核定的拍摄时间，原来的时间仍可查阅。")


@admitted
@require_POST
def settle_aside(request: HttpRequest, occasion: Occasion, sha256: str) -> HttpResponse:
    """Say what became of a file that was set aside."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _answer(request, occasion, problem=first_error(form))
    try:
        settle_arrival(occasion, sha256, outcome=form.cleaned_data["outcome"])
    except NotAllowed:
        raise
    except LiuhenError as refusal:
        return _answer(request, occasion, problem=str(refusal))
    return _answer(request, occasion, done="已记下处理结果；文件本身仍保留在隔离区。")


@admitted
@require_POST
def seal_transfer(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """End a camera's transfer that never came to its end, and have what has come taken in."""
    form, problem, done = SealForm(request.POST), "", ""
    if not form.is_valid():
        problem = first_error(form)
    else:
        said = form.cleaned_data
        try:
            sealed = seal_stuck(occasion, said["system"], said["name"], reason=said["reason"])
            done = f"已封口：{sealed.device}，{sealed.objects} 个文件正在入库，稍后出现在下面的列表里。"
        except NotAllowed:
            raise
        except LiuhenError as refusal:
            problem = refusal.sentence if isinstance(refusal, BadInput) else str(refusal)
    if not wants_fragment(request) and not problem:
        return redirect("import")
    card = {**_stuck(occasion), "stuck_done": done, "stuck_problem": problem, "stuck_typed": request.POST}
    return _part(request, "import/stuck.html", "记录仪没有传完", card, wrong=bool(problem))


def _stuck(occasion: Occasion) -> dict[str, object]:
    return {"stuck": list_stuck(occasion.actor, at=occasion.at), "may_seal": has(occasion.actor, Permission.INGEST)}


@admitted
@require_POST
def compare_clock(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Set down what a device's clock shows at this moment."""
    form = ClockForm(request.POST)
    if not form.is_valid():
        return _clocks(request, occasion, problem=first_error(form))
    device = form.cleaned_data["device"]
    try:
        ahead = check_clock(occasion, device, form.moment(occasion.at))
    except NotAllowed:
        raise
    except LiuhenError as refusal:
        return _clocks(request, occasion, problem=refusal.sentence if isinstance(refusal, BadInput) else str(refusal))
    advice = "在设备上校准以后，请再按一次“与本机一致”。" if ahead else ""
    return _clocks(request, occasion, done=f"已记下：设备时钟{say_ahead(ahead)}。{advice}", device=device)


def _clocks(
    request: HttpRequest, occasion: Occasion, *, done: str = "", problem: str = "", device: str = ""
) -> HttpResponse:
    """Show the comparisons again with what was done or what was wrong; what was typed is kept to be put right."""
    if not wants_fragment(request) and not problem:
        return redirect("import")
    typed = request.POST if problem else {"device": device}
    card = {
        "clocks": clocks_card(list_clocks(occasion.actor, at=occasion.at), occasion.at),
        "clock_done": done,
        "clock_problem": problem,
        "typed": {"device": typed.get("device", ""), "shown": typed.get("shown", "")},
    }
    return _part(request, "import/clocks.html", "设备时钟比对", card, wrong=bool(problem))


def _length_of(recording: str) -> timedelta:
    media = recording_facts(recording).media
    return timedelta(milliseconds=(media.duration_ms if media else None) or 0)


def _answer(request: HttpRequest, occasion: Occasion, *, done: str = "", problem: str = "") -> HttpResponse:
    """Show the lists again with what was done or what was wrong; without scripts, the whole desk."""
    if not wants_fragment(request) and not problem:
        return redirect("import")
    card = {**_lists(request, occasion), "done": done, "problem": problem}
    return _part(request, "import/lists.html", "音像入库", card, wrong=bool(problem))


def _part(request: HttpRequest, part: str, title: str, card: dict[str, object], *, wrong: bool) -> HttpResponse:
    """Show a part of the desk, alone on a page of its own where no script asked for it."""
    page = part if wants_fragment(request) else "import/alone.html"
    return render(
        request, page, {**card, "part": part, "title": title, "place": "import"}, status=400 if wrong else 200
    )


def _lists(request: HttpRequest, occasion: Occasion) -> dict[str, object]:
    asked = request.GET
    cursors = Cursors(*(_cursor(asked.get(name, "")) for name in ("unmatched", "doubtful", "aside")))
    sought, problem = Sought(), ""
    if number := asked.get("number", "").strip()[:64]:
        try:
            sought = Sought(asked.get("find", "")[:64], number, acts_named(occasion.actor, number))
        except NotAllowed:
            raise
        except LiuhenError as refusal:
            sought, problem = Sought(asked.get("find", "")[:64], number), str(refusal)
    arrivals = read_arrivals(occasion.actor, cursors, at=occasion.at)
    card = lists_card(occasion.actor, arrivals, roll_of(occasion.actor), sought)
    return {"lists": card, "problem": problem, "sought": sought}


def _cursor(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_CURSOR else None
