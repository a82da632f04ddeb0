"""When an access to records fits the case: it was asked for, decided by somebody else, and given only as it was granted."""

from liuhen.core.events import incidents as happened
from liuhen.core.facts.model import Access
from liuhen.flows.fitting import Faults, Setting, fresh_id, known_document, not_before, one_of

LOOKING = "查阅"
# Records that leave the agency need somebody's consent; to look at them in its rooms needs a request.
LEAVING = ("复制", "对外提供", "公开发布")
PURPOSES = (LOOKING, *LEAVING)


def request(setting: Setting, said: happened.AccessRequested) -> Faults:
    """A new request for one of the purposes."""
    yield from fresh_id("access", said.access, said.access in setting.facts.case.accesses, "申请")
    yield from one_of("purpose", said.purpose, PURPOSES, "用途")
    yield from known_document(setting, said.document)


def decide(setting: Setting, said: happened.AccessDecided) -> Faults:
    """The decision of an open request, in one's own name, by somebody who did not make it."""
    known = setting.facts.case.accesses.get(said.access)
    if known is None or known.requested is None:
        yield "access", "本案没有这项申请；请先登记申请"
        return
    if known.decided is not None:
        yield "access", "这项申请已经作出决定，不能重复决定"
    asked_by = {setting.recorders.get(event) for event in known.evidence[:1]}
    if setting.actor.uid in asked_by or setting.actor.name == known.applicant:
        yield "access", "申请由您提出或者登记，不能由您决定；请由其他负责人决定"
    if said.name != setting.actor.name:
        yield "name", "应写决定人本人的姓名，不能替他人作出决定"
    yield from not_before(setting, known.requested, "申请")
    yield from known_document(setting, said.document)


def give(setting: Setting, said: happened.AccessGiven) -> Faults:
    """A record given as it was asked for; what leaves the agency only after consent."""
    known = setting.facts.case.accesses.get(said.access)
    if known is None or known.requested is None:
        yield "access", "本案没有这项申请；请先登记申请"
        return
    if said.purpose != known.purpose:
        yield "purpose", f"这项申请的用途是{known.purpose}，不能用于{said.purpose}；请另行申请"
    refusal = why_not(known)
    if refusal:
        yield "access", refusal
    yield from not_before(setting, known.decided or known.requested, "同意提供" if known.decided else "申请")


def why_not(access: Access) -> str:
    """Say why nothing may be given on a request; empty where it may."""
    if access.granted is False:
        return "这项申请没有获得同意，不能提供"
    if access.granted is None and access.purpose != LOOKING:
        return f"{access.purpose}须经同意，这项申请还没有决定；请先由负责人决定"
    return ""
