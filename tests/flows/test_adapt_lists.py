"""Publishing: one event with the next number, by who may, on the version that was seen; and two at the same moment."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from liuhen.core.events.agency import ListPublished
from liuhen.core.events.parts import ListEntry
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.access import ROLES, NotAllowed, NotFound
from liuhen.flows.adapt_lists import (
    ListMoved,
    ListUnchanged,
    PublishedList,
    export_workbook,
    import_workbook,
    may_publish,
    may_read,
    publish_list,
    published_list,
    published_lists,
    suggested_categories,
)
from liuhen.flows.establish_agency import enrol_officer, establish_agency, settle
from liuhen.flows.occasion import Actor, Occasion
from liuhen.records.ledger.models import Event

ADMIN = Actor("admin", "许安", "list-here", frozenset({"系统管理员"}))
CUSTODIAN = Actor("keeper", "吴档", "list-here", frozenset({"档案管理员"}))
OFFICER = Actor("officer", "李喆", "list-here", frozenset({"执法人员"}))
BEGUN = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
ENTRY = ListEntry("无证经营", "询问", "录音", keep="2 年", category="行政处罚")


def _on(actor: Actor, minutes: int) -> Occasion:
    at = BEGUN + timedelta(minutes=minutes)
    return Occasion(actor, at, at)


def _establish() -> None:
    establish_agency(
        _on(ADMIN, 0), name="安禾县局", short_name="安禾", number_prefix="安", region="130000", packs=("hebei",)
    )
    enrol_officer(_on(ADMIN, 1), officer=CUSTODIAN.uid, name="吴档（名册）", title="档案员")
    enrol_officer(_on(ADMIN, 1), officer=ADMIN.uid, name="许安", title="系统管理员")
    settle(_on(ADMIN, 2), ListPublished("执法行为用语指引", "2026 年第 1 版"))


@pytest.fixture
def agency(db: None) -> None:
    _establish()


def test_versions_are_numbered_and_stay_readable(agency: None) -> None:
    first = publish_list(_on(CUSTODIAN, 3), [ENTRY], based_on="")
    second = publish_list(_on(ADMIN, 4), [ENTRY, replace(ENTRY, link="送达")], based_on=first.id)
    assert [one.version for one in published_lists(OFFICER)] == ["2026 年第 2 版", "2026 年第 1 版"]
    assert (first.by, first.at, first.entries) == ("吴档（名册）", _on(CUSTODIAN, 3).at, (ENTRY,))
    assert published_list(OFFICER, first.id).entries == (ENTRY,)
    assert published_lists(OFFICER)[0] == second
    with pytest.raises(NotFound):
        published_list(OFFICER, "0" * 32)
    name, data = export_workbook(OFFICER, first.id)
    assert name == "安禾音像记录事项清单（2026年第1版）.xlsx"
    assert import_workbook(ADMIN, data).entries == (ENTRY,)
    assert suggested_categories(ADMIN)[0] == "行政处罚"


def test_a_list_settled_before_is_the_first_version(agency: None) -> None:
    settle(_on(ADMIN, 3), ListPublished("音像记录事项清单", "试行版", (ENTRY,)))
    (settled,) = published_lists(OFFICER)
    assert publish_list(_on(ADMIN, 4), [replace(ENTRY, keep="永久")], based_on=settled.id).version == "2026 年第 1 版"


@pytest.mark.parametrize("role", ROLES)
def test_who_may(agency: None, role: str) -> None:
    actor = Actor("somebody", "某人", "list-here", frozenset({role}))
    publishers, strangers = {"系统管理员", "档案管理员"}, {"安全管理员", "审计管理员"}
    assert (may_publish(actor), may_read(actor)) == (role in publishers, role not in strangers)
    before = Event.objects.count()
    if role not in publishers:
        with pytest.raises(NotAllowed):
            publish_list(_on(actor, 3), [ENTRY], based_on="")
        with pytest.raises(NotAllowed):
            import_workbook(actor, b"")
    if role in strangers:
        with pytest.raises(NotAllowed):
            published_lists(actor)
        with pytest.raises(NotAllowed):
            export_workbook(actor, "x")
    assert Event.objects.count() == before


def test_what_is_refused_leaves_nothing(agency: None) -> None:
    first = publish_list(_on(ADMIN, 3), [ENTRY], based_on="")
    before = Event.objects.count()
    with pytest.raises(ListUnchanged):
        publish_list(_on(ADMIN, 4), [ENTRY], based_on=first.id)
    for based_on in ("", "0" * 32):
        with pytest.raises(ListMoved, match="许安已于"):
            publish_list(_on(ADMIN, 4), [replace(ENTRY, keep=None)], based_on=based_on)
    with pytest.raises(BadInput, match="第 2 行“执法事项”没有填写") as refused:
        publish_list(_on(ADMIN, 4), [ENTRY, replace(ENTRY, matter="")], based_on=first.id)
    assert refused.value.place == "entries[1].matter"
    with pytest.raises(BadInput, match="一行也没有"):
        publish_list(_on(ADMIN, 4), [], based_on=first.id)
    with pytest.raises(BadInput, match="第 2 行与第 1 行完全相同"):
        publish_list(_on(ADMIN, 4), [ENTRY, ENTRY], based_on=first.id)
    assert Event.objects.count() == before


@pytest.fixture
def shared(transactional_db: None) -> Iterator[None]:
    _establish()
    yield
    connections.close_all()


def test_of_two_at_the_same_moment_one_publishes(shared: None) -> None:
    def publish(number: int) -> PublishedList | ListMoved:
        try:
            return publish_list(_on(ADMIN, 5), [replace(ENTRY, matter=f"事项{number}")], based_on="")
        except ListMoved as moved:
            return moved
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(publish, range(4)))
    assert sum(isinstance(one, PublishedList) for one in answers) == 1
    assert len(published_lists(ADMIN)) == 1
