"""提供: something of a case is taken, inside the agency or out of it; what leaves the agency leaves on a request that was granted.

Invariant: the trace stands before the first byte is given out. Without consent nothing leaves, and 国家秘密 never leaves
through the web, whoever asks.
"""

from collections.abc import Sequence

from liuhen.core.events.catalogue import Event
from liuhen.core.events.incidents import AccessGiven
from liuhen.core.kernel.errors import BadInput, LiuhenError
from liuhen.core.kernel.moments import local_day
from liuhen.flows.access import Permission, case_for
from liuhen.flows.classified import is_state_secret
from liuhen.flows.consult import Manner, consult
from liuhen.flows.fit_access import LEAVING, give
from liuhen.flows.fitting import Setting
from liuhen.flows.ground import ground_of
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_case
from liuhen.records.index.models import RecordingRow
from liuhen.records.ledger.append import hold
from liuhen.records.ledger.turn import turn


class NotGranted(LiuhenError):
    """Nobody consented to what would leave the agency."""


class HoldsStateSecrets(LiuhenError):
    """What would leave through the web holds 国家秘密."""

    def __init__(self) -> None:
        super().__init__(
            "其中有定为国家秘密的音像，不能通过网页下载、制作归档包或者对外提供；请按保密规定在专用设备上办理"
        )


def release(
    case_uid: str,
    occasion: Occasion,
    *,
    what: str,
    manner: Manner,
    purpose: str = "",
    access: str = "",
    recording: str | None = None,
) -> bool:
    """Leave the trace of taking `what`: as consulted inside, or as given out on the request `access`.

    `recording` is the uid of the recording that is taken. False where the same was recorded earlier that day.
    Raises NotAllowed, NotFound, NotGranted, HoldsStateSecrets, StreamMoved, BadInput.
    """
    if not (purpose + access).isprintable():
        raise BadInput("", "用途或者申请的编号含有无法显示的字符；请从申请的页面重新下载")
    if access:
        case_for(occasion.actor, case_uid, Permission.ARCHIVE)
        if recording is not None:
            require_no_state_secret(case_uid, recording)
        return _give_out(case_uid, occasion, what=what, manner=manner, purpose=purpose, access=access)
    if purpose in LEAVING:
        case_for(occasion.actor, case_uid)
        raise NotGranted(f"{purpose}须凭已经同意的申请办理；请先登记申请并由负责人决定，再从该申请提供")
    return consult(case_uid, occasion, what=what, manner=manner, purpose=purpose or None)


def require_no_state_secret(case_uid: str, recording: str | None = None) -> None:
    """Raise HoldsStateSecrets where a case, or one recording of it, is closed as 国家秘密."""
    rows = RecordingRow.objects.filter(case_uid=case_uid)
    if recording is not None:
        rows = rows.filter(uid=recording)
    if any(is_state_secret(word) for word in rows.exclude(classification="").values_list("classification", flat=True)):
        raise HoldsStateSecrets


def _give_out(case_uid: str, occasion: Occasion, *, what: str, manner: Manner, purpose: str, access: str) -> bool:
    with turn():
        hold(occasion.actor.agency)
        ground = ground_of(case_uid, occasion.actor.agency)
        known = ground.facts.case.accesses.get(access)
        said = AccessGiven(
            access=access,
            purpose=purpose or (known.purpose if known else ""),
            to=known.applicant if known else "",
            what=what,
            manner=manner,
        )
        setting = Setting(ground.facts, occasion.at, occasion.actor, "", frozenset(), {})
        for _, sentence in give(setting, said):
            raise NotGranted(sentence)
        if _stands(ground.events, occasion, said):
            return False
        write_case(case_uid, occasion, said, after=ground.facts.case.version)
    return True


def _stands(events: Sequence[Event], occasion: Occasion, said: AccessGiven) -> bool:
    return any(
        event.content == said
        and event.header.actor == occasion.actor.uid
        and local_day(event.header.at) == local_day(occasion.at)
        for event in events
    )
