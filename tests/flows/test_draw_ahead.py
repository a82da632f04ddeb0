"""A document is drawn before the log is held, and drawn anew only where what it was drawn from no longer holds."""

from collections.abc import Mapping
from typing import Any

import pytest

from liuhen.core.facts.model import Document
from liuhen.core.kernel.digests import sha256
from liuhen.flows import write_document
from liuhen.flows.formats_in_force import Format
from liuhen.flows.ground import ground_of
from liuhen.flows.write_document import Content, make_document
from liuhen.records.ledger.append import hold
from tests.flows.closing import AGENCY, Story, tell

FORM = "行政处罚事先告知书"
HOLD = "hold"


@pytest.fixture
def story(db: None) -> Story:
    return tell()


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What happened in which order: drawings with their number and the digest of what was drawn, and the log being held."""
    found: list[tuple[str, str]] = []
    render = write_document.render

    def held(agency: str) -> None:
        found.append((HOLD, ""))
        hold(agency)

    def drawn(by: Format, data: Mapping[str, Any]) -> bytes:
        pdf = render(by, data)
        found.append((data["number"], sha256(pdf)))
        return pdf

    monkeypatch.setattr(write_document, "hold", held)
    monkeypatch.setattr(write_document, "render", drawn)
    return found


def made(story: Story, minute: float = 40) -> Document:
    uid = make_document(story.case, story.on("registrar", minute), form=FORM, content=Content(body=("情况属实。",)))
    return ground_of(story.case, AGENCY).facts.case.documents[uid]


def test_nobody_waits_for_the_drawing(story: Story, course: list[tuple[str, str]]) -> None:
    document = made(story)
    assert document.file is not None and document.number
    assert course == [(document.number, document.file.sha256), (HOLD, "")]


def test_whose_number_was_taken_meanwhile_is_drawn_with_its_own(
    story: Story, course: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_document, "foresee_number", lambda *_: "安〔2020〕1号")
    document = made(story)
    assert document.file is not None and document.number
    assert [one for one, _ in course] == ["安〔2020〕1号", HOLD, document.number]
    assert course[-1][1] == document.file.sha256 != course[0][1]


def test_numbers_that_were_foreseen_are_taken_once(story: Story, course: list[tuple[str, str]]) -> None:
    numbers = [made(story, minute).number for minute in (40, 41, 42)]
    assert len(set(numbers)) == 3
    assert [one for one, _ in course] == [word for number in numbers for word in (number, HOLD)]
