"""The law for programs: the packs clause by clause, and the agency's 音像记录事项清单, read and published."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path as InPath
from ninja import Query, Router

from liuhen.core.kernel.errors import BadInput
from liuhen.doors.api.entry import actor_by, occasion_of
from liuhen.doors.api.law_shapes import (
    AgencyLists,
    CaseVerdict,
    CaseWords,
    ClauseWords,
    DutyWords,
    ExemptionWords,
    ListIn,
    ListRow,
    ListVersion,
    PackHead,
    PackList,
    PackWhole,
    RuleWords,
)
from liuhen.doors.api.refusals import READING, WRITING
from liuhen.doors.api.shapes import UID
from liuhen.flows.access import NotFound
from liuhen.flows.adapt_lists import PublishedList, publish_list, published_lists
from liuhen.flows.list_rows import BY_FIELD, LIST, read_entry
from liuhen.flows.show_law import ClauseReading, PackLine, RuleInWords, WorkedCase, list_packs, study_pack

router = Router(tags=["规则和清单"])
PackName = Annotated[str, InPath(pattern=r"^[0-9A-Za-z_.@-]{1,100}$", description="规则包的 id 或者 id@版本")]


@router.get("/packs", response={200: PackList, **READING}, operation_id="list_packs")
def get_packs(request: HttpRequest) -> PackList:
    """现有的规则包，本机关适用的在前。"""
    return PackList(packs=[_head(line) for line in list_packs(actor_by(request))])


@router.get("/packs/{name}", response={200: PackWhole, **READING}, operation_id="get_pack")
def get_pack(request: HttpRequest, name: PackName) -> PackWhole:
    """一个规则包，逐条：要点、怎样落实、规则的白话、示例及其结论。"""
    reading = study_pack(name)
    pack = reading.pack
    return PackWhole(
        name=reading.name,
        id=pack.id,
        edition=pack.edition,
        title=pack.title,
        issuer=pack.issuer,
        number=pack.number,
        in_force_from=pack.in_force_from,
        in_force_until=pack.in_force_until,
        clauses=[_clause(clause) for clause in reading.clauses],
    )


@router.get("/agency/lists", response={200: AgencyLists, **READING}, operation_id="get_agency_lists")
def get_lists(
    request: HttpRequest, version: Annotated[str | None, Query(pattern=UID, description="版本的 id，不写为现行")] = None
) -> AgencyLists:
    """本机关的音像记录事项清单：历次版本，和一个版本的各行。"""
    versions = published_lists(actor_by(request))
    wanted = (one for one in versions if version in (None, one.id))
    shown = next(wanted, None)
    if shown is None and version is not None:
        raise NotFound("清单版本")
    return AgencyLists(
        name=LIST,
        versions=[_version(one) for one in versions],
        shown=shown.id if shown else None,
        entries=[ListRow.model_validate(entry) for entry in shown.entries] if shown else [],
    )


@router.post("/agency/lists", response={200: ListVersion, **WRITING}, operation_id="publish_agency_list")
def post_list(request: HttpRequest, sent: ListIn) -> ListVersion:
    """公布音像记录事项清单的新版本；版本号由系统编，based_on 写据以修改的版本，别人已公布新版本的答 409。"""
    entries = []
    for place, row in enumerate(sent.entries):
        entry, faults = read_entry({field: getattr(row, field) or "" for field in BY_FIELD})
        for fault in faults:
            field = fault.column.field if fault.column else ""
            raise BadInput(f"entries[{place}].{field}", f"第 {place + 1} 行{fault.say()}")
        entries.append(entry)
    return _version(publish_list(occasion_of(request), entries, based_on=sent.based_on))


def _version(one: PublishedList) -> ListVersion:
    return ListVersion(
        id=one.id, version=one.version, at=one.at, recorded_at=one.recorded_at, by=one.by, rows=len(one.entries)
    )


def _head(line: PackLine) -> PackHead:
    pack = line.pack
    return PackHead(
        name=line.name,
        id=pack.id,
        edition=pack.edition,
        title=pack.title,
        short_title=pack.short_title,
        issuer=pack.issuer,
        number=pack.number,
        in_force_from=pack.in_force_from,
        in_force_until=pack.in_force_until,
        kinds=list(pack.kinds),
        stages=list(pack.stages),
        clauses=len(pack.clauses),
        rules=len(pack.rules),
        own=line.own,
    )


def _clause(reading: ClauseReading) -> ClauseWords:
    clause = reading.clause
    return ClauseWords(
        clause=clause.id,
        kind=clause.kind,
        gist=clause.gist,
        answer=clause.answer,
        status=reading.standing.status,
        rules=[_rule(rule) for rule in reading.rules],
        proofs=list(reading.standing.proofs),
        cases=[_case(case) for case in reading.cases],
    )


def _rule(words: RuleInWords) -> RuleWords:
    rule = words.rule
    return RuleWords(
        id=rule.id,
        title=rule.title,
        kind=rule.kind,
        level=rule.level,
        subject=words.subject,
        when=list(words.when),
        do=[DutyWords(what=duty.what, text=duty.text) for duty in words.duties],
        by=words.by,
        unless=[ExemptionWords(clause=item.clause, text=item.text) for item in words.exemptions],
    )


def _case(case: WorkedCase) -> CaseWords:
    verdicts = [
        CaseVerdict(
            rule=verdict.rule,
            clause=verdict.clause,
            verdict=verdict.verdict,
            subject=verdict.subject.label,
            due=verdict.due,
            because=list(verdict.because),
        )
        for verdict in case.verdicts
    ]
    return CaseWords(name=case.name, story=case.story, at=case.at, passed=not case.differences, verdicts=verdicts)
