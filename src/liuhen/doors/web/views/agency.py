"""机关: what the agency says of itself, for everybody to read and for the person who keeps its data to change."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from liuhen.core.kernel.errors import BadInput
from liuhen.core.rules.model import Setting
from liuhen.core.rules.settings import CONFIDENCE
from liuhen.doors.web.entry import admitted
from liuhen.doors.web.forms import field_at, pick_field, text_field
from liuhen.flows.access import Permission, require
from liuhen.flows.adopt_setting import adopt_setting, find_setting
from liuhen.flows.establish_agency import name_redress, set_superior
from liuhen.flows.occasion import Occasion
from liuhen.flows.show_agency import AgencyDesk, SettingLine, agency_desk


class RedressForm(forms.Form):
    """To whom a party turns against a decision."""

    reconsideration = text_field("复议机关", "请填写复议机关。", "如 安禾县人民政府")
    court = text_field("管辖法院", "请填写管辖法院。", "如 安禾县人民法院")
    basis = text_field("依据", "请写明依据。", "如 法制机构 2026 年第 2 号意见")


class SuperiorForm(forms.Form):
    """Which agency stands above this one."""

    basis = text_field("依据", "请写明依据。", "如 机构改革方案")

    def __init__(self, superiors: tuple[tuple[str, str], ...], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["superior"] = pick_field("上级机关", superiors, empty="没有上级机关")
        self.order_fields(["superior", "basis"])


class SettingForm(forms.Form):
    """A value that the agency adopts in the place of a pack's own."""

    basis = text_field("依据", "请写明法制机构的意见或者本领域的规定。", "如 法制机构 2026 年第 3 号意见")

    def __init__(self, setting: Setting, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = setting.choices
        self.fields["value"] = (
            pick_field("采用", [(one, one) for one in choices], "请选择。")
            if choices
            else text_field("采用", "请填写期限。", "如 7 工作日、30 日、6 个月", longest=40)
        )
        self.order_fields(["value", "basis"])


@admitted
@require_safe
def show_agency(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Show what the agency says of itself."""
    return _page(request, agency_desk(occasion))


@admitted
@require_POST
def set_redress(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Say to whom a party turns."""
    form = RedressForm(request.POST, auto_id="redress-%s")
    return _do(request, occasion, "redress", form, lambda said: name_redress(occasion, **said))


@admitted
@require_POST
def put_under(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Put another agency above this one, or none."""
    form = SuperiorForm(agency_desk(occasion).superiors, request.POST, auto_id="superior-%s")

    def act(said: dict[str, str]) -> None:
        set_superior(occasion, superior=said["superior"] or None, basis=said["basis"])

    return _do(request, occasion, "superior", form, act)


@admitted
@require_POST
def adopt(request: HttpRequest, occasion: Occasion, pack: str, setting: str) -> HttpResponse:
    """Adopt a value of a pack."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    form = SettingForm(find_setting(occasion, pack, setting), request.POST, auto_id=f"{setting}-%s")
    return _do(
        request,
        occasion,
        f"{pack}/{setting}",
        form,
        lambda said: adopt_setting(occasion, pack=pack, setting=setting, **said),
    )


def _do(
    request: HttpRequest, occasion: Occasion, name: str, form: forms.Form, act: Callable[[dict[str, str]], None]
) -> HttpResponse:
    require(occasion.actor, Permission.MANAGE_AGENCY)  # who may not is told so before any fault of the form
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except BadInput as fault:
            form.add_error(field_at(form, fault.place), fault.sentence)
        else:
            return redirect(f"{reverse('agency')}#{name.replace('/', '-')}")
    return _page(request, agency_desk(occasion), {name: form})


def _page(request: HttpRequest, desk: AgencyDesk, given: Mapping[str, forms.Form] | None = None) -> HttpResponse:
    wrong, agency = given or {}, desk.agency
    redress = {"reconsideration": agency.reconsideration, "court": agency.court}
    known = {
        "desk": desk,
        "redress": wrong.get("redress") or RedressForm(initial=redress, auto_id="redress-%s"),
        "superior": wrong.get("superior")
        or SuperiorForm(desk.superiors, initial={"superior": agency.superior or ""}, auto_id="superior-%s"),
        "settings": [_card(line, wrong.get(f"{line.pack}/{line.setting.id}")) for line in desk.settings],
        "place": "agency",
    }
    return render(request, "agency/agency.html", known, status=400 if wrong else 200)


def _card(line: SettingLine, wrong: forms.Form | None) -> dict[str, object]:
    fresh = SettingForm(line.setting, initial={"value": line.value}, auto_id=f"{line.setting.id}-%s")
    return {
        "line": line,
        "sure": CONFIDENCE[line.setting.confidence],
        "clauses": [(clause, clause.partition("/")[2]) for clause in line.clauses],
        "form": wrong or fresh,
    }
