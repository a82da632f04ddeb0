"""What programs read: lists, facts, verdicts, events, the checkpoint; each bounded and only of one's own agency."""

from collections.abc import Callable

from liuhen.core.kernel.moments import render_instant
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.open_case import register_case
from tests.doors.api.conftest import Agency, Caller, ago, begun, ended, told

Calling = Callable[[str | None], Caller]


def test_me_names_actor_agency_and_roles(here: Agency, officer: Caller) -> None:
    assert officer.get("/me").json() == {
        "actor": here.officer.uid,
        "name": "officer",
        "agency": "here",
        "roles": ["执法人员"],
    }


def test_the_list_holds_own_cases_and_finds_them_by_two_characters(
    here: Agency, elsewhere: Agency, officer: Caller
) -> None:
    page = officer.get("/cases").json()
    assert [line["uid"] for line in page["cases"]] == [here.case]
    assert page["total"] == 1 and page["next"] is None
    assert [line["uid"] for line in officer.get("/cases", search="恒达").json()["cases"]] == [here.case]
    assert officer.get("/cases", search="没有").json()["cases"] == []


def test_the_list_pages_by_cursor_and_refuses_more_than_a_hundred(here: Agency, officer: Caller) -> None:
    from liuhen.core.events.parts import Party, Source
    from liuhen.flows.occasion import Occasion

    occasion = Occasion(here.officer, ago(days=1), ago(days=1))
    more = register_case(
        occasion, kind="行政处罚", matter="另案", source=Source("依职权", "检查", "检查发现"), party=Party("乙", "个人")
    )
    first = officer.get("/cases", limit=1).json()
    second = officer.get("/cases", limit=1, cursor=first["next"]).json()
    assert [page["cases"][0]["uid"] for page in (first, second)] == [more, here.case]
    assert officer.get("/cases", limit=101).status_code == 422
    refused = officer.get("/cases", cursor="Zm9v")
    assert refused.status_code == 422 and "翻页" in refused.json()["message"]


def test_a_case_card_counts_what_the_case_holds(here: Agency, officer: Caller) -> None:
    officer.post(f"/cases/{here.case}/events", {"events": [begun(1), told(2), ended(3)]})
    card = officer.get(f"/cases/{here.case}").json()
    assert card["version"] == 4 and card["counts"]["events"] == 4 and card["counts"]["acts"] == 1
    assert card["acts"][0]["officers"] == ["李喆", "王玥"] and card["packs"] == ["hebei"]
    verdicts = officer.get(f"/cases/{here.case}/verdicts").json()["verdicts"]
    for answer in ("met", "unmet", "pending", "undetermined", "not_applicable"):
        assert card["counts"][answer] == sum(verdict["verdict"] == answer for verdict in verdicts)
    assert {"clause", "rule", "verdict", "because", "evidence", "subject"} <= verdicts[0].keys()


def test_events_come_in_order_page_by_page_with_header_and_content(here: Agency, officer: Caller) -> None:
    officer.post(f"/cases/{here.case}/events", {"events": [begun(1), told(2), ended(3)]})
    first = officer.get(f"/cases/{here.case}/events", limit=3).json()
    rest = officer.get(f"/cases/{here.case}/events", after=first["next"]).json()
    types = [event["header"]["type"] for event in first["events"] + rest["events"]]
    assert types == ["case.registered", "case.act-begun", "case.party-told", "case.act-ended"]
    assert rest["next"] is None and rest["version"] == 4
    assert first["events"][2]["content"]["told"] == "恒达经营部负责人"
    assert officer.get(f"/cases/{here.case}/events", after=4).json()["events"] == []


def test_answers_about_cases_stay_out_of_caches(here: Agency, officer: Caller) -> None:
    assert officer.get(f"/cases/{here.case}").headers["Cache-Control"] == "no-store"


def test_anybody_may_fetch_the_checkpoint_once_it_is_sealed(here: Agency, calling: Calling) -> None:
    stranger = calling(None)
    assert stranger.get("/ledger/checkpoint").status_code == 404
    seal_logs("here", ago(minutes=1))
    answer = stranger.get("/ledger/checkpoint")
    origin, size, *_ = answer.content.decode().splitlines()
    assert answer.headers["Content-Type"].startswith("text/plain") and int(size) == 4
    assert stranger.get("/ledger/checkpoint", origin=origin).content == answer.content
    assert stranger.get("/ledger/checkpoint", origin="nobody.example/log").status_code == 404


def test_with_several_agencies_the_checkpoint_must_be_named(here: Agency, elsewhere: Agency, calling: Calling) -> None:
    refused = calling(None).get("/ledger/checkpoint")
    assert refused.status_code == 422 and refused.json()["place"] == "origin"
    assert f"/here/{ago(days=3).year}" in refused.json()["message"]


def test_instants_carry_their_offset(here: Agency, officer: Caller) -> None:
    shown = officer.get(f"/cases/{here.case}/events").json()["events"][0]["header"]["at"]
    assert shown.endswith("+08:00") and shown <= render_instant(ago(days=1))
