"""采用设置: where a pack leaves a value to be confirmed, the agency says which one holds for it, and on what basis.

Invariant: what is recorded can stand where the rules use it; what was judged before stays explained by the event it names.
"""

from liuhen.core.events.agency import SettingAdopted
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import local_day
from liuhen.core.rules.model import Setting
from liuhen.core.rules.settings import fits
from liuhen.flows.access import Permission, require
from liuhen.flows.ground import agency_facts
from liuhen.flows.occasion import Occasion
from liuhen.flows.office import office
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn


class SettingRefused(BadInput):
    """The pack has no such setting, the value cannot stand for it, or no basis was given."""


def adopt_setting(occasion: Occasion, *, pack: str, setting: str, value: str, basis: str) -> None:
    """Adopt a value for a setting of a pack that the agency stands under. Raises NotAllowed, SettingRefused."""
    require(occasion.actor, Permission.MANAGE_AGENCY)
    known = find_setting(occasion, pack, setting)
    if not fits(known, value):
        wanted = f"应为{'、'.join(known.choices)}之一" if known.choices else "应为期限，如 7 工作日、30 日、6 个月"
        raise SettingRefused("value", f"“{value}”不能作为“{known.title}”；{wanted}")
    if not basis.strip():
        raise SettingRefused("basis", "没有写明依据；请写明法制机构的意见或者本领域的规定")
    with turn():
        hold(occasion.actor.agency)
        standing = agency_facts(occasion.actor.agency).agency.settings.get((pack, setting))
        if standing is None or (standing.value, standing.basis) != (value, basis.strip()):
            write_agency(occasion, SettingAdopted(pack, setting, value, basis.strip()))


def find_setting(occasion: Occasion, pack_id: str, name: str) -> Setting:
    """Give a setting of a pack that the actor's agency stands under. Raises SettingRefused."""
    own = agency_facts(occasion.actor.agency).agency.packs
    if pack_id not in {item.partition("@")[0] for item in own}:
        raise SettingRefused("pack", f"本机关不适用规则包“{pack_id}”；适用的是 {'、'.join(own) or '无'}")
    pack = office().shelf.named(pack_id, local_day(occasion.at)).pack
    for setting in pack.settings:
        if setting.id == name:
            return setting
    there = "、".join(setting.id for setting in pack.settings) or "无"
    raise SettingRefused("setting", f"规则包“{pack_id}”没有设置“{name}”；有 {there}")
