"""公告期满: a notice that has run out counts as served by itself, once, on the day that the law says, and never before."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from liuhen.core.facts.model import Service
from liuhen.core.kernel.errors import LiuhenError
from liuhen.flows import notices_run_out
from liuhen.flows.check_index import check_index
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.ground import ground_of
from liuhen.flows.notices_run_out import NoticesNotCounted, count_run_out
from liuhen.flows.occasion import SYSTEM
from liuhen.flows.serve import AlreadyServed, Delivery, serve
from liuhen.flows.study_serving import serving_law
from liuhen.records.index.models import DocumentRow
from tests.flows.closing import AGENCY, Story, tell
from tests.flows.test_serve import case, post, written

HOURS = timedelta(hours=3)


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def end_of(story: Story, document: str) -> datetime:
    facts = ground_of(story.case, AGENCY).facts
    effect = serving_law(facts).standing(facts, facts.case.documents[document], story.on("registrar", 60).at).effect
    assert effect is not None
    return effect.at


def services(story: Story) -> list[Service]:
    return list(case(story).services.values())


def test_a_notice_counts_when_it_has_run_out_and_once(story: Story) -> None:
    document = written(story)
    post(story, document)
    end = end_of(story, document)
    assert count_run_out(end - timedelta(seconds=1)) == 0 and services(story) == []
    assert [count_run_out(end + HOURS), count_run_out(end + 2 * HOURS)] == [1, 0]
    (found,) = services(story)
    assert (found.manner, found.served, found.recipient) == ("公告", end, "恒达经营部")
    assert (found.reason, found.carrier, found.server) == ("住所无人，邮件退回", "公告栏张贴", "留痕系统（公告期满）")
    assert found.effective_on == end.date() and found.basis[-1].startswith("依据：")
    (event,) = [one for one in ground_of(story.case, AGENCY).events if one.header.type == "case.service-made"]
    assert (event.header.actor, event.header.at) == (SYSTEM, end)
    assert event.header.recorded_at >= end + HOURS
    assert DocumentRow.objects.get(uid=document).notice_since is None
    assert list(check_index()) == []


def test_who_pressed_first_is_not_overtaken_and_nobody_serves_again(story: Story) -> None:
    first, second = written(story), written(story, minute=31)
    post(story, first)
    post(story, second)
    end = max(end_of(story, first), end_of(story, second)) + HOURS
    said = Delivery(first, "公告", "恒达经营部", "东街", details={"reason": "下落不明", "carrier": "公告栏张贴"})
    serve(story.case, replace(story.on("registrar", 60), at=end, recorded_at=end), said)
    assert count_run_out(end + HOURS) == 1
    assert sorted(one.document for one in services(story)) == sorted([first, second])
    with pytest.raises(AlreadyServed):
        later = replace(story.on("registrar", 60), at=end + 2 * HOURS, recorded_at=end + 2 * HOURS)
        serve(story.case, later, replace(said, document=second))


def test_what_was_voided_or_archived_waits_for_nothing(story: Story) -> None:
    gone = written(story)
    post(story, gone)
    end = end_of(story, gone)
    assert DocumentRow.objects.get(uid=gone).notice_since is not None
    conclude_case(story.case, story.on("registrar", 50), reason="终止", document=None)
    archive_case(story.case, story.on("archivist", 51), archive_number="A9", retention="30 年")
    assert DocumentRow.objects.get(uid=gone).notice_since is None
    assert count_run_out(end + HOURS) == 0 and services(story) == []


def test_one_that_cannot_be_counted_holds_up_no_other(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = written(story), written(story, minute=31)
    post(story, first)
    post(story, second)
    end = max(end_of(story, first), end_of(story, second)) + HOURS
    count = notices_run_out._count

    def broken(document: str, *given: Any) -> bool:
        if document == first:
            raise LiuhenError("磁盘已满")
        return count(document, *given)

    monkeypatch.setattr(notices_run_out, "_count", broken)
    with pytest.raises(NoticesNotCounted, match=r"1 件.*磁盘已满"):
        count_run_out(end)
    assert [one.document for one in services(story)] == [second]
    monkeypatch.undo()
    assert count_run_out(end + HOURS) == 1


def test_more_notices_than_a_slice_are_all_walked(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices_run_out, "_SLICE", 2)
    documents = [written(story, minute=31 + number / 10) for number in range(5)]
    for document in documents:
        post(story, document)
    end = max(end_of(story, document) for document in documents) + HOURS
    assert count_run_out(end) == 5
    assert sorted(one.document for one in services(story)) == sorted(documents)
