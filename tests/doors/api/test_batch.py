"""A batch from a device: whole or not at all, once however often it is sent, and only what an officer may record directly."""

from typing import Any

import pytest

from liuhen.core.events.agency import OfficerEnrolled
from liuhen.flows.check_index import check_index
from liuhen.flows.direct_events import DIRECT_TYPES
from liuhen.flows.occasion import Occasion
from liuhen.flows.writing import write_agency
from liuhen.records.ledger.models import Event
from tests.doors.api.conftest import ACT, OFFICERS, Agency, Caller, account, ago, begun, ended, event, told

OTHER = "b" * 32


def send(officer: Caller, here: Agency, *events: dict[str, Any], **more: Any) -> Any:
    return officer.post(f"/cases/{here.case}/events", {"events": list(events), **more})


def test_a_batch_stands_in_the_order_it_was_sent(here: Agency, officer: Caller) -> None:
    batch = [begun(1), event(2, "case.certificates-shown", {"act": ACT, "officers": ["officer-li"], "shown_to": "甲"})]
    answer = send(officer, here, *batch, told(3), ended(4)).json()
    assert [(one["id"], one["seq"], one["status"]) for one in answer["events"]] == [
        (f"{number:032x}", number + 1, "recorded") for number in (1, 2, 3, 4)
    ]
    assert answer["version"] == 5
    assert list(check_index()) == []


def test_a_repeated_batch_gives_what_stands_and_records_nothing(here: Agency, officer: Caller) -> None:
    batch = [begun(1), told(2), ended(3)]
    first = send(officer, here, *batch, after=1).json()
    count = Event.objects.count()
    again = send(officer, here, *batch, after=1)
    assert again.status_code == 200 and Event.objects.count() == count
    assert again.json()["version"] == first["version"]
    for one, other in zip(first["events"], again.json()["events"], strict=True):
        assert other == one | {"status": "known"}


def test_a_batch_that_overlaps_an_earlier_one_records_the_rest(here: Agency, officer: Caller) -> None:
    shared = [begun(1), told(2)]
    send(officer, here, *shared)
    answer = send(officer, here, *shared, ended(3)).json()
    assert [one["status"] for one in answer["events"]] == ["known", "known", "recorded"]


@pytest.mark.parametrize(
    "changed",
    [
        told(2, told="另一个人"),
        told(2) | {"at": ago(minutes=1).isoformat()},
        event(2, "case.act-ended", {"act": ACT}),
    ],
)
def test_an_id_with_other_content_is_refused(here: Agency, officer: Caller, changed: dict[str, Any]) -> None:
    send(officer, here, begun(1), told(2))
    refused = send(officer, here, changed)
    assert refused.status_code == 409 and changed["id"] in refused.json()["message"]


def test_an_id_of_another_person_or_case_is_refused(here: Agency, elsewhere: Agency, officer: Caller) -> None:
    batch = [begun(1)]
    assert send(officer, here, *batch).status_code == 200
    account("here", "second", "执法人员")
    from django.test import Client

    from liuhen.flows.tokens import issue_token

    second = Caller(Client(), issue_token("here-second", label="二", at=ago(hours=1)))
    assert send(second, here, *batch).status_code == 409
    foreign = Caller(Client(), issue_token("elsewhere-officer", label="三", at=ago(hours=1)))
    assert send(foreign, elsewhere, *batch).status_code == 409


def test_a_version_that_moved_is_refused_and_nothing_is_kept(here: Agency, officer: Caller) -> None:
    send(officer, here, begun(1), after=1)
    before = Event.objects.count()
    refused = send(officer, here, told(2), after=1)
    assert refused.status_code == 409 and Event.objects.count() == before
    assert send(officer, here, told(2), after=2).status_code == 200


def test_one_bad_event_keeps_the_whole_batch_out(here: Agency, officer: Caller) -> None:
    before = Event.objects.count()
    refused = send(officer, here, begun(1), told(2, act=OTHER))
    assert refused.status_code == 422 and refused.json()["place"] == "events[1].content.act"
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    "name", ["case.decision-made", "case.archived", "case.document-signed", "agency.established", "x"]
)
def test_a_type_that_needs_its_own_flow_is_refused(here: Agency, officer: Caller, name: str) -> None:
    assert name not in DIRECT_TYPES
    refused = send(officer, here, event(1, name, {}))
    assert refused.status_code == 422 and refused.json()["place"] == "events[0].type"
    assert "case.act-begun" in refused.json()["message"]


REFUSED: list[tuple[list[dict[str, Any]], str]] = [
    ([begun(1, officers=[])], "events[0].content.officers"),
    ([begun(1, officers=[OFFICERS[0] | {"certificate": "00000000000"}])], "events[0].content.officers[0]"),
    ([begun(1, act="act-1")], "events[0].content.act"),
    ([begun(1), begun(2)], "events[1].content.act"),
    ([begun(1), ended(2), ended(3)], "events[2].content.act"),
    ([begun(5), told(2)], "events[1].content.act"),
    ([begun(1), told(2, topics=[])], "events[1].content.topics"),
    ([begun(1), told(2, told="  ")], "events[1].content.told"),
    ([begun(1), told(2, told="字" * 4001)], "events[1].content.told"),
    ([begun(1), told(2, told="甲\x00乙")], "events[1].content.told"),
    ([begun(1), told(2, told="\ud800")], "events[1].content.told"),
    ([begun(1), told(2, document="none")], "events[1].content.document"),
    ([begun(1), told(2, nonsense=1)], "events[1].content.nonsense"),
    ([told(1, act=None), told(1, act=None)], "events[1].id"),
    ([told(1, act=None) | {"at": "1970-01-01T08:00:00+08:00"}], "events[0].at"),
    ([told(1, act=None) | {"at": "9999-12-31T23:59:59-12:00"}], "events[0].at"),
    ([told(1, act=None) | {"recording": "r1"}], "events[0].recording"),
    ([event(1, "recording.marked", {"second": 1, "topic": "告知"})], "events[0].recording"),
    ([event(1, "recording.marked", {"second": 1, "topic": "告知"}, recording="r1")], "events[0]"),
]


@pytest.mark.parametrize(("events", "place"), REFUSED)
def test_what_does_not_fit_is_refused_by_its_place(
    here: Agency, officer: Caller, events: list[dict[str, Any]], place: str
) -> None:
    before = Event.objects.count()
    refused = send(officer, here, *events)
    assert refused.status_code == 422, refused.content.decode()
    assert refused.json()["place"] == place
    assert Event.objects.count() == before


def test_certificates_are_shown_by_those_who_take_part(here: Agency, officer: Caller) -> None:
    begin = begun(1, officers=OFFICERS[:1])
    shown = {"act": ACT, "officers": ["officer-li", "officer-wang"], "shown_to": "甲"}
    refused = send(officer, here, begin, event(2, "case.certificates-shown", shown))
    assert refused.json()["place"] == "events[1].content.officers"


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"second": "1E+999999999"}, "second"),
        ({"second": "-1"}, "second"),
        ({"second": "0.00001"}, "second"),
        ({"interruption": "x"}, "interruption"),
        ({"recording": "unlinked"}, "recording"),
        ({"resumed_at": "2020-01-01T00:00:00+08:00"}, "resumed_at"),
        ({"stopped_at": "0001-01-01T00:00:00+14:00"}, "stopped_at"),
        ({"stopped_at": "1970-01-01T08:00:00+08:00"}, "stopped_at"),
        ({"manner": "手势"}, "manner"),
    ],
)
def test_an_explained_gap_must_make_sense(here: Agency, officer: Caller, more: dict[str, Any], place: str) -> None:
    gap = {
        "act": ACT,
        "interruption": OTHER,
        "stopped_at": ago(minutes=50).isoformat(),
        "cause": "换电池",
        "manner": "语音",
    }
    assert send(officer, here, begun(1), event(2, "case.interruption-explained", gap)).status_code == 200
    gap = gap | {"interruption": "c" * 32} | more
    refused = send(officer, here, event(3, "case.interruption-explained", gap))
    assert refused.status_code == 422
    assert refused.json()["place"] == f"events[0].content.{place}"


def test_an_event_of_the_future_is_refused(here: Agency, officer: Caller) -> None:
    assert send(officer, here, told(1, act=None) | {"at": ago(minutes=-30).isoformat()}).status_code == 422


def test_an_officer_enrolled_since_may_act(here: Agency, officer: Caller) -> None:
    newcomer = {"officer": "officer-qin", "name": "秦", "certificate": "03110226009"}
    assert send(officer, here, begun(1, officers=[newcomer])).status_code == 422
    admin = Occasion(here.officer, ago(minutes=70), ago(minutes=70))
    write_agency(admin, OfficerEnrolled("officer-qin", "秦", "执法人员", "03110226009"))
    assert send(officer, here, begun(1, officers=[newcomer])).status_code == 200


@pytest.mark.parametrize("count", [0, 257])
def test_a_batch_has_one_to_256_events(here: Agency, officer: Caller, count: int) -> None:
    refused = send(officer, here, *(told(number, act=None) for number in range(count)))
    assert refused.status_code == 422 and refused.json()["place"] == "events"


def test_256_events_stand_at_once(here: Agency, officer: Caller) -> None:
    batch = [told(number, act=None) | {"at": ago(minutes=5).isoformat()} for number in range(256)]
    assert send(officer, here, *batch).json()["version"] == 257


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"events": ' + b"[" * 40 + b"]" * 40 + b"}", 400),
        (b'{"events": [], "after": NaN}', 400),
        (b'{"events": [], "after": 1e999}', 422),
        (b'{"events": [], "after": ' + b"9" * 5000 + b"}", 400),
        (b"null", 422),
        (b"", 422),
        (b'{"events": "' + b"x" * (1 << 20) + b'"}', 413),
        (b'{"events": "' + b"x" * (3 << 20) + b'"}', 413),
    ],
)
def test_hostile_bodies_get_one_sentence(here: Agency, officer: Caller, body: bytes, status: int) -> None:
    refused = officer.post(f"/cases/{here.case}/events", body)
    assert refused.status_code == status, refused.content
    assert set(refused.json()) == {"message", "place"}


@pytest.mark.parametrize("uid", ["..%2f..%2fetc", "a'%20OR%201=1", "%00", "é", "x" * 65])
def test_hostile_addresses_find_nothing(officer: Caller, uid: str) -> None:
    for path in (f"/cases/{uid}", f"/cases/{uid}/events", f"/recordings/{uid}"):
        assert officer.get(path).status_code in (404, 422)


def test_hostile_searches_find_nothing(here: Agency, officer: Caller) -> None:
    for words in ('"', "' OR 1=1 --", "*", "NEAR(", '恒达" OR words:', "\\", ":*"):
        assert officer.get("/cases", search=words).status_code == 200
    assert officer.get("/cases", search="恒\x00达").status_code == 422
