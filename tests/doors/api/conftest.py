"""Two agencies with their people, a case each, and clients that call as one of them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.flows.actors import actor_of
from liuhen.flows.establish_agency import enrol_officer, establish_agency
from liuhen.flows.occasion import Actor, Occasion
from liuhen.flows.open_case import register_case
from liuhen.flows.tokens import issue_token
from liuhen.records.people.models import User

CERTIFICATES = {"officer-li": "03110226001", "officer-wang": "03110226002"}


def ago(**span: float) -> datetime:
    """A moment before now, to the millisecond."""
    moment = datetime.now(SHANGHAI) - timedelta(**span)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True)
class Caller:
    """Somebody's program: it speaks JSON with that person's token."""

    client: Client
    token: str | None

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path: str, body: Any) -> Any:
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return self.client.post(f"/api/v1{path}", data, "application/json", headers=self._headers())

    def upload(self, data: bytes, kind: str = "application/octet-stream", **query: str) -> Any:
        return self.client.post("/api/v1/recordings", data, kind, query_params=query, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass(frozen=True)
class Agency:
    """An agency with one registered case."""

    uid: str
    case: str
    officer: Actor


def found(uid: str) -> Agency:
    """Establish an agency, enrol two officers, and register a case."""
    admin = Actor(f"{uid}-admin", "许安", uid, frozenset({"系统管理员"}))
    day = Occasion(admin, ago(days=3), ago(days=3))
    establish_agency(
        day, name=f"{uid} 应急管理局", short_name=uid, number_prefix=uid, region="130000", packs=("hebei",)
    )
    for working, certificate in CERTIFICATES.items():
        name = "李喆" if working.endswith("li") else "王玥"
        enrol_officer(
            day, officer=working, name=name, title="执法人员", certificate=certificate, valid_from=date(2024, 1, 1)
        )
    officer = account(uid, "officer", "执法人员")
    case = register_case(
        Occasion(officer, ago(days=2), ago(days=2)),
        kind="行政处罚",
        matter="涉嫌超许可范围储存烟花爆竹",
        source=Source("依职权", "举报", "库房大量存放"),
        party=Party(f"{uid} 恒达经营部", "法人"),
    )
    return Agency(uid, case, officer)


def account(agency: str, name: str, *roles: str) -> Actor:
    """Open an account with roles; its user name is agency-name."""
    user = User.objects.create_user(f"{agency}-{name}", agency=agency, display_name=name)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
    return actor_of(user)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Give every test a data folder of its own: a log remembers what a rolled-back test sealed."""
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def here(db: None) -> Agency:
    """The agency that most tests act for."""
    return found("here")


@pytest.fixture
def elsewhere(db: None) -> Agency:
    """Another agency on the same installation."""
    return found("elsewhere")


@pytest.fixture
def calling() -> Callable[[str | None], Caller]:
    """Make a caller from a user name, or from None for a stranger."""

    def call(username: str | None) -> Caller:
        token = issue_token(username, label="测试", at=ago(hours=1)) if username else None
        return Caller(Client(), token)

    return call


@pytest.fixture
def officer(here: Agency, calling: Callable[[str | None], Caller]) -> Caller:
    """The officer of `here`, by token."""
    return calling("here-officer")


ACT = "a" * 32
OFFICERS = [
    {"officer": "officer-li", "name": "李喆", "certificate": CERTIFICATES["officer-li"]},
    {"officer": "officer-wang", "name": "王玥", "certificate": CERTIFICATES["officer-wang"]},
]


def event(number: int, kind: str, content: dict[str, Any], at: datetime | None = None, **more: Any) -> dict[str, Any]:
    """Write an event as a device sends it; the number makes its id."""
    moment = at or ago(minutes=60 - number)
    return {"id": f"{number:032x}", "type": kind, "at": moment.isoformat(), "content": content, **more}


def begun(number: int = 1, act: str = ACT, **more: Any) -> dict[str, Any]:
    """An act begins."""
    content = {"act": act, "kind": "现场检查", "place": "安禾县城关镇", "officers": OFFICERS, **more}
    return event(number, "case.act-begun", content)


def told(number: int, act: str | None = ACT, **more: Any) -> dict[str, Any]:
    """Somebody is told something."""
    content = {"topics": ["权利"], "told": "恒达经营部负责人", "manner": "口头", **more}
    return event(number, "case.party-told", content | ({"act": act} if act else {}))


def ended(number: int, act: str = ACT) -> dict[str, Any]:
    """The act ends."""
    return event(number, "case.act-ended", {"act": act})
