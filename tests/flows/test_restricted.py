"""Closed recordings: they exist for who works on the case, heads and archivists, and for nobody else, counts included."""

from dataclasses import replace
from typing import Any

import pytest

from liuhen.core.events.catalogue import encode_content
from liuhen.core.events.recording import RecordingClassified
from liuhen.core.kernel.errors import BadInput
from liuhen.flows.access import NotAllowed, NotFound, recording_for
from liuhen.flows.check_index import check_index, rebuild_index
from liuhen.flows.closed import view_without
from liuhen.flows.conclude import archive_case, conclude_case
from liuhen.flows.conduct_act import begin_act
from liuhen.flows.consult import consult
from liuhen.flows.deliver import make_parcels
from liuhen.flows.ground import ground_of
from liuhen.flows.hand_out import HoldsStateSecrets
from liuhen.flows.hear_and_decide import review_legally
from liuhen.flows.posters import poster_of
from liuhen.flows.read_case import read_case
from liuhen.flows.read_events import read_events
from liuhen.flows.read_recording import read_recording
from liuhen.flows.reading import CaseQuery, list_cases, workbench
from liuhen.flows.record_batch import record_batch
from liuhen.flows.sent_batch import Sent
from liuhen.flows.writing import write_recording
from liuhen.records.index.models import CaseRow, FindingRow, RecordingRow
from tests.flows.closing import AGENCY, KNOWING, NOT_KNOWING, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def _knows(name: str, story: Story) -> bool:
    try:
        return recording_for(PEOPLE[name], story.secret).uid == story.secret
    except NotFound:
        return False


@pytest.mark.parametrize("name", KNOWING)
def test_who_may_know(story: Story, name: str) -> None:
    assert _knows(name, story)
    reading = read_case(PEOPLE[name], story.case, at=story.on(name, 60).at)
    assert set(reading.facts.recordings) == {story.open, story.secret}


@pytest.mark.parametrize("name", NOT_KNOWING)
def test_for_the_others_it_does_not_exist(story: Story, name: str) -> None:
    actor, at = PEOPLE[name], story.on(name, 60).at
    assert recording_for(actor, story.open).uid == story.open
    refusals = []
    for uid in (story.secret, "0" * 32):
        for ask in (recording_for, read_recording, poster_of):
            with pytest.raises(NotFound) as refused:
                ask(actor, uid)
            refusals.append(str(refused.value))
    assert len(set(refusals)) == 1
    reading = read_case(actor, story.case, at=at)
    assert set(reading.facts.recordings) == {story.open} and reading.facts.case.acts[story.act].recordings == [
        story.open
    ]
    said = repr((reading.events, reading.verdicts, reading.facts.case, reading.facts.oddities))
    page = read_events(actor, story.case, after=0, limit=100)
    said += repr([(event.header.stream, event.content and encode_content(event.content)) for event in page.events])
    assert story.secret not in said and "第2段" not in said
    assert page.version == read_events(PEOPLE["head"], story.case, after=0, limit=100).version


def test_administrators_are_refused_as_ever(story: Story) -> None:
    for uid in (story.open, story.secret, "0" * 32):
        with pytest.raises(NotAllowed):
            recording_for(PEOPLE["system"], uid)


def test_what_the_others_are_told_is_true_and_says_nothing_of_it(story: Story) -> None:
    at = story.on("head", 60).at
    whole = read_case(PEOPLE["head"], story.case, at=at).verdicts
    told = read_case(PEOPLE["outsider"], story.case, at=at).verdicts
    ground = ground_of(story.case, AGENCY)
    without = view_without(ground, frozenset({story.secret})).judge(at)
    bare = {verdict._replace(evidence=()) for verdict in whole}
    assert told and len(told) < len(without)
    assert all(verdict._replace(evidence=()) in bare and verdict in without for verdict in told)
    # Without the closed film the act would look half filmed: that is not true, so it is not told.
    assert {verdict.subject.id for verdict in told} >= {story.open} and story.secret not in repr(told)


def test_lists_and_the_desk_count_without_it(story: Story) -> None:
    row = CaseRow.objects.get(uid=story.case)
    hidden = FindingRow.objects.filter(case=row, closed=True)
    assert hidden.exists()
    full, open_ = (row.unmet, row.pending, row.undetermined), (row.open_unmet, row.open_pending, row.open_undetermined)
    assert full != open_
    for name, expected in (("head", full), ("archivist", full), ("outsider", open_), ("reviewer", open_)):
        line = list_cases(PEOPLE[name], CaseQuery()).lines[0]
        assert (line.unmet, line.pending, line.undetermined) == expected, name
    at = story.on("head", 31).at
    seen = {
        name: {line.subject_uid for line in workbench(PEOPLE[name], at=at, limit=50).due}
        for name in PEOPLE
        if name != "system"
    }
    assert all(story.secret not in seen[name] for name in NOT_KNOWING)
    FindingRow.objects.filter(pk=hidden.values("pk")[:1]).update(
        verdict="pending", due=at, subject_uid=story.secret, closed=True
    )
    for name in ("registrar", "partner", "head", "archivist", *NOT_KNOWING):
        due = {line.subject_uid for line in workbench(PEOPLE[name], at=at, limit=50).due}
        assert (story.secret in due) == (name not in NOT_KNOWING), name


def test_the_rows_say_what_the_events_say(story: Story) -> None:
    assert list(check_index()) == []
    rebuild_index()
    assert list(check_index()) == [] and not _knows("outsider", story) and _knows("partner", story)
    RecordingRow.objects.filter(uid=story.secret).update(classification="")
    assert [finding.message for finding in check_index() if "classification" in finding.message]
    RecordingRow.objects.filter(uid=story.secret).update(classification="个人隐私")
    CaseRow.objects.get(uid=story.case).insiders.create(person=PEOPLE["outsider"].uid)
    assert [finding.message for finding in check_index()] and _knows("outsider", story)


def test_nobody_lets_himself_in(story: Story) -> None:
    outsider = story.on("outsider", 40)
    begin_act(story.case, outsider, kind="询问", place="办公室", officers=(PEOPLE["outsider"].uid,))
    consult(story.case, story.on("outsider", 41), what="文书", manner="查看")
    assert not _knows("outsider", story)
    begin_act(story.case, story.on("partner", 42), kind="询问", place="办公室", officers=(PEOPLE["outsider"].uid,))
    assert _knows("outsider", story)


def test_a_reviewer_knows_by_the_review(story: Story) -> None:
    review_legally(story.case, story.on("reviewer", 40), opinion="同意", passed=True, document=None)
    assert _knows("reviewer", story)


def test_opened_again_it_is_there_for_all(story: Story) -> None:
    write_recording(story.secret, story.on("archivist", 40), RecordingClassified("公开", "解除决定"))
    assert all(_knows(name, story) for name in (*KNOWING, *NOT_KNOWING))
    row = CaseRow.objects.get(uid=story.case)
    assert (row.unmet, row.pending, row.next_step) == (row.open_unmet, row.open_pending, row.open_next_step)
    assert not row.insiders.exists() and list(check_index()) == []


def test_an_unknown_word_closes(story: Story) -> None:
    write_recording(story.open, story.on("archivist", 40), RecordingClassified("工作秘密"))
    with pytest.raises(NotFound):
        recording_for(PEOPLE["outsider"], story.open)


@pytest.mark.parametrize("uid", ["secret", "none"])
def test_recording_on_it_is_refused_as_on_nothing(story: Story, uid: str) -> None:
    recording = story.secret if uid == "secret" else "0" * 32
    at = story.on("outsider", 40)
    mark = Sent("a" * 32, "recording.marked", at.at, {"second": "1", "topic": "告知"}, recording)
    arose = Sent(
        "b" * 32, "case.situation-arose", at.at, {"situations": ["甲"], "ground": "乙", "recording": recording}
    )
    for sent, sentence in ((mark, "这段音像没有关联本案；请先关联后再记录"), (arose, "这段音像没有关联本案；请先关联")):
        with pytest.raises(BadInput) as refused:
            record_batch(story.case, at, [sent])
        assert refused.value.sentence == sentence
    if uid == "secret":
        assert record_batch(story.case, story.on("partner", 41), [mark]).events[0].known is False


def test_the_archive_tells_no_count(story: Story) -> None:
    conclude_case(story.case, story.on("registrar", 50), reason="执行完毕", document=None)
    archive_case(story.case, story.on("archivist", 51), archive_number="A1", retention="30 年")
    reading = read_case(PEOPLE["outsider"], story.case, at=story.on("head", 60).at)
    assert reading.facts.case.archived is not None
    assert "case.archived" not in {event.header.type for event in reading.events}
    page = read_events(PEOPLE["outsider"], story.case, after=0, limit=100)
    assert "case.archived" not in {event.header.type for event in page.events}


@pytest.mark.parametrize("word", ["国家秘密", "机密"])
def test_state_secrets_make_no_package(db: None, word: str) -> None:
    story = tell(word)
    conclude_case(story.case, story.on("registrar", 50), reason="执行完毕", document=None)
    archive_case(story.case, story.on("archivist", 51), archive_number="A1", retention="30 年")
    with pytest.raises(HoldsStateSecrets):
        make_parcels(story.case, story.on("archivist", 52))


def test_another_agency_knows_nothing(story: Story) -> None:
    head = replace(PEOPLE["head"], agency="other")
    with pytest.raises(NotFound):
        recording_for(head, story.secret)
