"""Indexing of rounds of approval: one row for each round that waits for somebody, made from facts and from nothing else."""

from datetime import UTC, datetime
from typing import Any

from liuhen.core.approvals.chain import PROPOSAL
from liuhen.core.approvals.round import Round, State, standing
from liuhen.core.approvals.taking import Barred, barred_from
from liuhen.flows.ground import Ground
from liuhen.flows.recused import barred_in
from liuhen.records.index.models import ApprovalRow, CaseRow

# Whoever was recused at any time stays so: nothing takes a recusal back.
_EVER = datetime(9999, 12, 31, tzinfo=UTC)


def approval_columns(ground: Ground) -> dict[str, dict[str, Any]]:
    """Give the columns of the rows of a case, by the round's uid; an archived case waits for nobody."""
    case = ground.facts.case
    if not case.rounds or case.archived is not None:
        return {}
    found = {}
    for round_ in case.rounds.values():
        state = standing(round_)
        if state.next is not None:
            found[round_.uid] = _columns(round_, state, ground.facts.agency.uid, barred_in(case, round_, _EVER))
    return found


def _columns(round_: Round, state: State, agency: str, barred: Barred) -> dict[str, Any]:
    step = state.next
    assert step is not None  # the caller looked
    returned = step.name == PROPOSAL
    own = () if round_.proposer in barred.recused else (round_.proposer,)
    persons = own if returned else state.waiting or step.persons
    roles = () if persons else step.by
    return {
        "agency": agency,
        "matter": round_.matter[:64],
        "step": step.name,
        "takers": bars(*(f"role:{one}" for one in roles), *(f"person:{one}" for one in persons)),
        "barred": bars(*sorted(barred_from(round_, barred))),
        "lendable": step.way == "opinion" and not returned,
        "since": state.since,
    }


def bars(*words: str) -> str:
    """Write words between bars, so that each can be looked for whole."""
    return f"|{'|'.join(words)}|" if words else ""


def refresh_approvals(row: CaseRow, ground: Ground) -> None:
    """Bring the rows of a case to what its events say, touching only those that changed."""
    wanted = approval_columns(ground)
    standing_rows = {item.request: item for item in row.approvals.all()}
    gone = standing_rows.keys() - wanted.keys()
    if gone:
        row.approvals.filter(request__in=gone).delete()
    for request, columns in wanted.items():
        known = standing_rows.get(request)
        if known is None:
            ApprovalRow.objects.create(request=request, case=row, **columns)
        elif any(getattr(known, name) != value for name, value in columns.items()):
            ApprovalRow.objects.filter(pk=known.pk).update(**columns)
