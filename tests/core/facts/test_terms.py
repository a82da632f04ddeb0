"""A recomputed term is remembered with the event that says so, and nothing else of the case moves."""

from dataclasses import replace
from datetime import datetime

from liuhen.core.events.catalogue import Event
from liuhen.core.events.envelope import Header
from liuhen.core.events.terms import TermRecomputed
from liuhen.core.facts.fold import fold
from liuhen.core.kernel.moments import SHANGHAI

AT = datetime(2026, 11, 25, 9, tzinfo=SHANGHAI)
SAID = TermRecomputed(
    clause="hebei/26.1",
    rule="hebei.archive",
    title="归档",
    subject_kind="case",
    subject_id="c1",
    subject="本案",
    was=datetime(2027, 1, 5, tzinfo=SHANGHAI),
    was_provisional=True,
    now=datetime(2027, 1, 7, tzinfo=SHANGHAI),
    now_provisional=False,
    calendar="sha256:" + "0" * 64,
    basis="国务院办公厅关于2027年部分节假日安排的通知",
)


def test_a_recomputed_term_is_remembered_and_changes_nothing_else() -> None:
    header = Header("liuhen-event/1", "e1", "a", "case:c1", 1, "case.term-recomputed", AT, AT, "liuhen", "", "")
    facts = fold([Event(header, SAID)])
    (found,) = facts.case.recomputed
    assert (found.said, found.at, found.evidence) == (SAID, AT, ["e1"])
    bare = fold([])
    assert replace(facts.case, recomputed=[], uid="", version=0) == bare.case
    assert facts.oddities == []
