"""审批 of the whole agency: what waits for the reader, the chains in force, and who lends authority to whom."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from liuhen.core.approvals.chain import Chain
from liuhen.core.approvals.delegation import Delegation
from liuhen.core.facts.agency_model import AgencyFacts
from liuhen.core.kernel.moments import local_day
from liuhen.doors.web.approval_forms import WAYS
from liuhen.flows.access import is_head
from liuhen.flows.approval_chains import chains_of, missing_steps
from liuhen.flows.delegate import may_end
from liuhen.flows.occasion import Occasion
from liuhen.flows.waiting_approvals import WaitingPage


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A round that waits for the reader."""

    number: str
    party: str
    title: str
    step: str
    since: datetime
    behalf: str
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of what waits for the reader."""

    rows: tuple[WaitingRow, ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain for the matters that share it; `own` where the agency set it, `lacks` what clauses demand beside it."""

    matters: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    own: bool
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DelegationRow:
    """A delegation and its state; `end_url` where the reader may take it back."""

    giver: str
    holder: str
    days: str
    matters: str
    ground: str
    state: str
    mark: str
    form: forms.Form | None
    end_url: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The page of the agency's approvals."""

    waiting: Waiting
    chains: tuple[ChainRow, ...]
    sets_chains: bool
    delegations: tuple[DelegationRow, ...]
    delegation_form: forms.Form | None


def waiting_card(page: WaitingPage) -> Waiting:
    """Give what waits for the reader as rows."""
    rows = tuple(
        WaitingRow(
            number=line.case_number,
            party=line.party,
            title=f"{line.matter}审批",
            step=line.step,
            since=line.since,
            behalf=line.behalf,
            url=f"{reverse('approvals', args=[line.case_uid])}#r-{line.request}",
        )
        for line in page.lines
    )
    more = f"{reverse('approval-rules')}?{urlencode({'cursor': page.next})}" if page.next else ""
    return Waiting(rows, page.total, more)


def rules_page(
    agency: AgencyFacts,
    occasion: Occasion,
    page: WaitingPage,
    names: Mapping[str, str],
    form: forms.Form | None,
    ends: Mapping[str, forms.Form],
) -> RulesPage:
    """Give the page as one person sees it; `ends` holds the forms to take a delegation back, by its uid."""
    return RulesPage(
        waiting=waiting_card(page),
        chains=_chains(agency, names, local_day(occasion.at)),
        sets_chains=is_head(occasion.actor),
        delegations=tuple(
            _delegation(one, occasion, ends.get(one.uid)) for one in reversed(agency.delegations.values())
        ),
        delegation_form=form,
    )


def _chains(agency: AgencyFacts, names: Mapping[str, str], day: date) -> tuple[ChainRow, ...]:
    """Give the chains, matters with the same one together."""
    page, grouped = reverse("approval-chain"), dict[tuple[Chain, bool], list[str]]()
    for matter, chain in chains_of(agency).items():
        grouped.setdefault((chain, matter in agency.chains), []).append(matter)
    return tuple(
        ChainRow(
            matters=tuple((matter, f"{page}?{urlencode({'matter': matter})}") for matter in matters),
            steps=tuple(_say_step(chain, place, names) for place in range(len(chain))),
            own=own,
            lacks=tuple(_lacks(agency, matters, chain, day)) if own else (),
        )
        for (chain, own), matters in grouped.items()
    )


def _lacks(agency: AgencyFacts, matters: list[str], chain: Chain, day: date) -> Iterator[str]:
    for matter in matters:
        for one in missing_steps(agency, matter, chain, day):
            yield f"{one.clause} 要求载明“{one.step}”{'的理由' if one.reasons else '意见'}；按此流程审批的“{matter}”会被判为不符合"


def _say_step(chain: Chain, place: int, names: Mapping[str, str]) -> tuple[str, str]:
    step = chain[place]
    people = "、".join(names.get(uid, "已离开的人员") for uid in step.persons)
    who = people or "或者".join(step.by) or "提请时写明的人员"
    notes = [word for word, holds in (("写明理由", step.reasons), ("按情形选用", step.optional)) if holds]
    way = [] if step.way == "opinion" or WAYS[step.way] == step.name else [WAYS[step.way]]
    return step.name, "，".join([who, *way, *notes])


def may_end_now(one: Delegation, occasion: Occasion) -> bool:
    """Say whether the reader may take a delegation back that is not over yet."""
    going = one.ended is None and one.last_day >= local_day(occasion.at)
    return going and may_end(occasion.actor, one.giver)


def _delegation(one: Delegation, occasion: Occasion, form: forms.Form | None) -> DelegationRow:
    day = local_day(occasion.at)
    state, mark = "有效", "met"
    if one.ended is not None:
        state, mark = f"已终止：{one.end_reason}", "not_applicable"
    elif day > one.last_day:
        state, mark = "已到期", "not_applicable"
    elif day < one.first_day:
        state, mark = "未开始", "pending"
    return DelegationRow(
        giver=one.giver_name,
        holder=one.holder_name,
        days=f"{one.first_day} 至 {one.last_day}",
        matters="、".join(one.matters) or "全部事项",
        ground=one.ground,
        state=state,
        mark=mark,
        form=form,
        end_url=reverse("approval-delegation-end", args=[one.uid]) if form else "",
    )
