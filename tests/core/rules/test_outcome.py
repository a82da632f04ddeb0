"""How several demands make one verdict."""

from liuhen.core.kernel.moments import parse_instant
from liuhen.core.rules.outcome import Outcome, combine

SOON, LATE = parse_instant("2026-03-02T09:00:00+08:00"), parse_instant("2026-03-03T09:00:00+08:00")


def test_the_gravest_answer_wins_and_every_reason_is_kept_once() -> None:
    found = combine(
        [Outcome("met", ("甲",), ("e1",)), Outcome("unmet", ("乙",), ("e2",)), Outcome("met", ("甲",), ("e1",))]
    )
    assert (found.verdict, found.because, found.evidence) == ("unmet", ("甲", "乙"), ("e1", "e2"))


def test_what_is_not_known_outweighs_what_is_not_due() -> None:
    found = combine([Outcome("pending", ("未到期",)), Outcome("undetermined", ("缺少事实",))])
    assert found.verdict == "undetermined"


def test_the_term_of_the_gravest_answer_counts_else_the_earliest() -> None:
    assert combine([Outcome("met", (), due=SOON), Outcome("unmet", (), due=LATE)]).due == LATE
    assert combine([Outcome("met", (), due=LATE), Outcome("unmet", ()), Outcome("met", (), due=SOON)]).due == SOON


def test_a_clause_is_cited_only_for_the_answer_that_it_decided() -> None:
    """A refusal made good under one clause must not put its number on the breach of another."""
    found = combine([Outcome("met", ("拒签已注明",), clause="hebei/15.2"), Outcome("unmet", ("无人签名",))])
    assert found.clause is None
    found = combine([Outcome("met", ("有签名",)), Outcome("met", ("拒签已注明",), clause="hebei/15.2")])
    assert found.clause == "hebei/15.2"


def test_one_provisional_term_makes_the_whole_provisional() -> None:
    assert combine([Outcome("met", ()), Outcome("met", (), provisional=True)]).provisional
