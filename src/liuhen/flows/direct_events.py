"""What people may record of a case directly: which types, who may, and when each fits the case as it stands.

Invariant: a type that is not in the table needs a flow of its own (approval, decision, signature, service …) and is never
taken from a device; nothing that could not be shown or kept gets in.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liuhen.core.events.catalogue import event_type
from liuhen.core.events.envelope import Stream
from liuhen.core.kernel.codec import decode
from liuhen.core.kernel.errors import BadInput
from liuhen.flows import fit_access, fit_in_handling, fit_measures, fit_on_site, fit_recordings, fit_serving
from liuhen.flows.access import Permission, may_any, require_any
from liuhen.flows.fitting import Check, Setting
from liuhen.flows.occasion import Actor

_LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class DirectType:
    """When content of a type fits, which permissions carry it (any of them), and whether it may follow the archiving."""

    check: Check
    by: tuple[Permission, ...]
    after_archive: bool = False


Types = Mapping[str, DirectType]
_OFFICER = (Permission.INVESTIGATE,)
_HEAD = (Permission.APPROVE,)
_OFFICER_OR_HEAD = (Permission.INVESTIGATE, Permission.APPROVE)
_ARCHIVIST = (Permission.ARCHIVE,)
_EITHER = (Permission.INVESTIGATE, Permission.ARCHIVE)
_DIRECT: dict[str, DirectType] = {
    "case.act-begun": DirectType(fit_on_site.begin, _OFFICER),
    "case.certificates-shown": DirectType(fit_on_site.show, _OFFICER),
    "case.party-told": DirectType(fit_on_site.tell, _OFFICER),
    "case.act-ended": DirectType(fit_on_site.end, _OFFICER),
    "case.interruption-explained": DirectType(fit_on_site.explain, _OFFICER),
    "case.start-declined": DirectType(fit_in_handling.decline, _OFFICER),
    "case.started-urgently": DirectType(fit_in_handling.start_urgently, _OFFICER),
    "case.urgent-start-reported": DirectType(fit_in_handling.report_urgent_start, _OFFICER),
    "case.situation-arose": DirectType(fit_in_handling.arise, _OFFICER),
    "case.recording-chosen": DirectType(fit_in_handling.choose_recording, _OFFICER),
    "case.statement-waived": DirectType(fit_in_handling.waive, _OFFICER),
    "case.objection-raised": DirectType(fit_in_handling.object_to, _OFFICER),
    "case.objection-handled": DirectType(fit_in_handling.handle_objection, _OFFICER),
    "case.correction-verified": DirectType(fit_in_handling.verify_correction, _OFFICER),
    "case.transferred": DirectType(fit_in_handling.transfer, _OFFICER),
    "case.measure-ended": DirectType(fit_measures.end_measure, _OFFICER),
    "case.term-extended": DirectType(fit_measures.extend_term, _OFFICER_OR_HEAD),
    "case.time-excluded": DirectType(fit_measures.exclude_time, _OFFICER),
    "case.notice-posted": DirectType(fit_measures.post_notice, _OFFICER),
    "case.hearing-requested": DirectType(fit_measures.request_hearing, _OFFICER),
    "case.surcharge-demanded": DirectType(fit_measures.demand_surcharge, _OFFICER),
    "case.redress-expired": DirectType(fit_measures.expire_redress, _OFFICER),
    "case.court-applied": DirectType(fit_measures.apply_to_court, _OFFICER),
    "case.service-attempted": DirectType(fit_serving.attempt, _OFFICER),
    "case.decision-performed": DirectType(fit_serving.perform, _OFFICER),
    "case.access-requested": DirectType(fit_access.request, _EITHER, after_archive=True),
    "case.access-decided": DirectType(fit_access.decide, _HEAD, after_archive=True),
    "case.access-given": DirectType(fit_access.give, _ARCHIVIST, after_archive=True),
    "recording.marked": DirectType(fit_on_site.mark, _OFFICER),
    "recording.labelled": DirectType(fit_recordings.label, _EITHER),
    "recording.kept": DirectType(fit_recordings.keep, _ARCHIVIST, after_archive=True),
    "recording.placed": DirectType(fit_recordings.place, _ARCHIVIST, after_archive=True),
    "recording.classified": DirectType(fit_recordings.classify, _ARCHIVIST, after_archive=True),
}
DIRECT: Types = _DIRECT
DIRECT_TYPES = tuple(_DIRECT)


def read_direct(
    name: str, data: Mapping[str, Any], recording: str | None, case_uid: str, place: str, types: Types = DIRECT
) -> tuple[Stream, Any]:
    """Read a content that somebody sent and give the stream it belongs to. Raises BadInput naming the field."""
    if name not in types:
        raise BadInput(f"{place}.type", f"“{name}”不能直接记录；可以直接记录的有 {'、'.join(types)}")
    kind = event_type(name)
    content = read_content(name, data, place)
    if kind.stream == "case":
        if recording is not None:
            raise BadInput(f"{place}.recording", "只有音像的记录才写 recording；请删去此项")
        return Stream("case", case_uid), content
    if recording is None:
        raise BadInput(f"{place}.recording", "音像的记录应以 recording 写明是哪一段音像")
    return Stream("recording", recording), content


def read_content(name: str, data: Mapping[str, Any], place: str) -> Any:
    """Read a content of a known type. Raises BadInput naming the field."""
    require_plain_texts(data, f"{place}.content")
    return decode(event_type(name).content, data, f"{place}.content")


def require_permitted(actor: Actor, name: str, types: Types = DIRECT) -> None:
    """Raise NotAllowed unless the actor may record events of a type."""
    require_any(actor, types[name].by)


def is_permitted(actor: Actor, name: str, types: Types = DIRECT) -> bool:
    """Say whether the actor may record events of a type, for a page that shows or hides a form."""
    return may_any(actor, types[name].by)


def is_for_the_archive(name: str, types: Types = DIRECT) -> bool:
    """Say whether events of a type may still be recorded of a case that went to the archive."""
    return types[name].after_archive


def require_fitting(setting: Setting, name: str, content: Any, place: str, types: Types = DIRECT) -> None:
    """Raise BadInput when a content does not fit the case as it stands."""
    if name.startswith("recording.") and setting.linked(setting.recording) is None:
        raise BadInput(place, "这段音像没有关联本案；请先关联后再记录")
    for field, sentence in types[name].check(setting, content):
        raise BadInput(f"{place}.content.{field}" if field else place, sentence)


def require_plain_texts(data: Any, place: str) -> None:
    """Raise BadInput for texts that people cannot read: blank ones, endless ones, and those with control characters."""
    if isinstance(data, str):
        if not data.strip():
            raise BadInput(place, "文字为空；没有内容的项目请不要发送")
        if len(data) > _LONGEST_TEXT:
            raise BadInput(place, f"文字超过 {_LONGEST_TEXT} 个字；请精简后重发")
        # Nearly every text is printable throughout, which one call tells; lines and tabs are not, and are allowed.
        if not data.isprintable() and any(
            unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in data
        ):
            raise BadInput(place, "文字含有无法显示的控制字符；请删去后重发")
    elif isinstance(data, Mapping):
        for key, item in data.items():
            require_plain_texts(item, f"{place}.{key}")
    elif isinstance(data, (list, tuple)):
        for index, item in enumerate(data):
            require_plain_texts(item, f"{place}[{index}]")
