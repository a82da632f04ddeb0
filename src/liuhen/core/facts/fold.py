"""The fold: the one interpreter of events.

Invariant: `fold` is pure and total. An event that does not fit (an act that was never begun, a signature on an unknown
document, a destroyed content) never raises: it is set down in `facts.oddities` (in the order of event ids, so that reading
order changes nothing), and what it would have shown stays unknown.
"""

from bisect import insort
from collections.abc import Iterable

from liuhen.core.events.catalogue import Event
from liuhen.core.facts import (
    fold_agency,
    fold_approvals,
    fold_case,
    fold_custody,
    fold_formats,
    fold_incidents,
    fold_measures,
    fold_numbers,
    fold_recording,
    fold_seals,
    fold_serving,
    fold_supervision,
    fold_terms,
)
from liuhen.core.facts.model import Facts
from liuhen.core.facts.step import Step

_STEPS: dict[str, Step] = {
    **fold_agency.STEPS,
    **fold_supervision.STEPS,
    **fold_case.STEPS,
    **fold_approvals.STEPS,
    **fold_incidents.STEPS,
    **fold_measures.STEPS,
    **fold_formats.STEPS,
    **fold_numbers.STEPS,
    **fold_seals.STEPS,
    **fold_serving.STEPS,
    **fold_terms.STEPS,
    **fold_recording.STEPS,
    **fold_custody.STEPS,
}


def fold(events: Iterable[Event], onto: Facts | None = None) -> Facts:
    """Fold events, each stream in its order, into facts; `onto` continues earlier facts, which are then given up.

    Streams may be interleaved in any way: they touch different facts, so their mutual order changes nothing.
    """
    facts = Facts() if onto is None else onto
    versions, steps = facts.versions, _STEPS  # local names: this loop runs hundreds of times for every look at a case
    for event in events:
        header, content = event.header, event.content
        versions[header.stream] = header.seq
        if content is None:
            insort(facts.oddities, f"{header.id}: 内容已依法销毁，其证明的事实无从判断")
            continue
        try:
            steps[header.type](facts, event, content)
        except KeyError as missing:
            insort(facts.oddities, f"{header.id}: {header.type} 所指的 {missing} 不存在，该记录未产生效果")
    for stream, version in versions.items():
        if stream.startswith("case:"):
            facts.case.uid, facts.case.version = stream[5:], version
    return facts
