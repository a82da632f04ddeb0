"""Append through HTTP: a real server with its worker on a data folder of its own, and clients that post what devices post.

Every client writes the course of one act into each of its cases: it begins, certificates are shown, people are told things,
it ends. An answer means that the events are committed and the case is judged and listed anew.
"""

import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from liuhen.core.kernel.moments import SHANGHAI
from liuhen.doors.bench.row import NotMeasured, Row, Size, median, timed
from liuhen.doors.bench.serving import PATIENCE, served, surroundings

_COURSE = 32
_CLIENTS = 4
_WARMING = 4


@dataclass(frozen=True, slots=True)
class _Office:
    port: int
    token: str
    cases: list[str]
    officers: list[dict[str, str]]
    session: int


@dataclass(frozen=True, slots=True)
class _Posted:
    """How many events a second stood, by the wall and by the processor time of the server, where that can be told."""

    rate: float
    by_cpu: float | None


def measure(size: Size, folder: Path) -> list[Row]:
    """Give events per second in batches of 32, and one by one, turn by turn on the same server."""
    share, turns = size.posts, size.rounds * 2
    with tempfile.TemporaryDirectory(dir=folder) as place, _serving(Path(place), share * turns) as office:
        batched, single = [], []
        for first in range(0, share * turns, 2 * share):
            batched.append(_post(office, office.cases[first : first + share], _COURSE))
            single.append(_post(office, office.cases[first + share : first + 2 * share], 1))
    together, alone = median([one.rate for one in batched]), median([one.rate for one in single])
    return [
        Row(
            "http",
            together,
            "events/s",
            goal=1000,
            by_cpu=_by_cpu(batched),
            rounds=tuple(one.rate for one in batched),
        ),
        Row(
            "http-single",
            alone,
            "events/s",
            against=together,
            ratio=alone / together,
            compared_with=f"the same events in batches of {_COURSE}",
            by_cpu=_by_cpu(single),
            rounds=tuple(one.rate for one in single),
        ),
    ]


def _by_cpu(posted: Sequence[_Posted]) -> float | None:
    rates = [one.by_cpu for one in posted if one.by_cpu is not None]
    return median(rates) if rates else None


def _post(office: _Office, cases: Sequence[str], batch: int) -> _Posted:
    """Let all clients post until every case has its course."""
    shares = [cases[number::_CLIENTS] for number in range(_CLIENTS)]
    failures: list[BaseException] = []

    def client(share: Sequence[str]) -> None:
        try:
            _post_courses(office, share, batch)
        except BaseException as error:
            failures.append(error)

    def all_clients() -> None:
        threads = [threading.Thread(target=client, args=(share,)) for share in shares if share]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    before = _processor_time(office.session)
    took = timed(all_clients)
    if failures:
        raise failures[0]
    count = len(cases) * _COURSE
    spent = _processor_time(office.session) - before
    return _Posted(count / took.wall, count / spent if spent else None)


def _processor_time(session: int) -> float:
    """Give the seconds of processor time of a session's living processes; 0 where the system does not tell."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if fields[3] == str(session):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _post_courses(office: _Office, cases: Sequence[str], batch: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", office.port, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {office.token}", "Content-Type": "application/json"}
    for case in cases:
        course = _course(office.officers)
        for first in range(0, len(course), batch):
            body = json.dumps({"events": course[first : first + batch]})
            connection.request("POST", f"/api/v1/cases/{case}/events", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise NotMeasured(f"the server answered {answer.status}: {told.decode()}")
    connection.close()


def _course(officers: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Write what two officers note during an act, as their device sends it."""
    act, at = secrets.token_hex(16), datetime.now(SHANGHAI).isoformat(timespec="milliseconds")

    def event(name: str, /, **content: Any) -> dict[str, Any]:
        return {"id": secrets.token_hex(16), "type": name, "at": at, "content": {"act": act, **content}}

    told = [
        event("case.party-told", topics=[f"告知事项 {number}"], told="当事人", manner="口头", response="已知悉")
        for number in range(_COURSE - 3)
    ]
    names = [officer["officer"] for officer in officers]
    return [
        event("case.act-begun", kind="现场检查", place="经营场所", officers=officers, party_present=True),
        event("case.certificates-shown", officers=names, shown_to="当事人"),
        *told,
        event("case.act-ended", outcome="检查完毕"),
    ]


@contextmanager
def _serving(folder: Path, cases: int) -> Iterator[_Office]:
    """Prepare a data folder and serve it as `liuhen up` does, until the measuring is done."""
    prepare = [sys.executable, "-m", "liuhen.doors.bench.http_office", str(folder), str(cases + _CLIENTS)]
    made = subprocess.run(prepare, env=surroundings(), capture_output=True, text=True, check=True).stdout
    with served(folder) as (port, session):
        yield _warmed(_Office(port, session=session, **json.loads(made)))


def _warmed(office: _Office) -> _Office:
    """Let every worker of the server load what it loads once."""
    for _ in range(_WARMING):
        _post(office, office.cases[-_CLIENTS:], 8)
    return office
