"""Drafts: kept as they are typed, never overwritten by somebody else, made into one document; and who may not."""

import threading
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liuhen.adapters.packfiles.documents import shipped_documents
from liuhen.core.events.parts import Party, Source
from liuhen.core.kernel.errors import BadInput
from liuhen.flows import keep_draft
from liuhen.flows.access import NotAllowed, NotFound
from liuhen.flows.draft_document import Filled, write_document
from liuhen.flows.formats_in_force import Format
from liuhen.flows.ground import ground_of
from liuhen.flows.keep_draft import DraftMade, DraftMoved, Sheet, drafts_of, drop_draft, open_draft, save_draft
from liuhen.flows.open_case import register_case
from liuhen.records.drafts.models import DraftRow
from liuhen.records.ledger.models import Event
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db
KIND = shipped_documents()["行政处罚事先告知书"]


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def story(db: None) -> Story:
    return tell()


def sheet(story: Story, draft: str = "d1") -> Sheet:
    return Sheet(draft, story.case, KIND.code)


def save(story: Story, who: str, seen: int, **said: str) -> keep_draft.Saved:
    return save_draft(story.on(who, 20), sheet(story), seen=seen, said=said)


def texts(story: Story) -> dict[str, str]:
    return {name: one.text for name, one in open_draft(PEOPLE["registrar"], story.case, "d1").texts.items()}


def make(story: Story, who: str, seen: int, **said: str) -> str:
    facts = ground_of(story.case, AGENCY).facts
    return write_document(facts, story.on(who, 30), sheet(story), Format(KIND), Filled(said), seen=seen, said=said)


def test_what_is_typed_is_kept_and_is_no_record(story: Story) -> None:
    before = Event.objects.count()
    assert save(story, "registrar", 0, 事实="超量储存").version == 1
    assert save(story, "registrar", 1, 事实="超量储存烟花", 理由="").version == 2
    assert texts(story) == {"事实": "超量储存烟花", "理由": ""}
    assert Event.objects.count() == before


def test_a_save_repeated_after_a_lost_answer_changes_nothing(story: Story) -> None:
    for _ in range(2):
        assert save(story, "registrar", 0, 事实="超量").version == 1
    assert save(story, "registrar", 0, 事实="超量储存").version == 2, "one's own later words are no clash"


def test_two_who_write_in_different_fields_lose_nothing(story: Story) -> None:
    save(story, "registrar", 0, 事实="甲", 理由="甲")
    saved = save(story, "partner", 1, 理由="乙")
    assert (saved.version, saved.news, saved.clashes) == (2, {}, {})
    saved = save(story, "registrar", 1, 事实="甲甲")
    assert saved.version == 3 and saved.clashes == {}
    assert {name: (one.text, one.by) for name, one in saved.news.items()} == {"理由": ("乙", "另一人")}
    assert texts(story) == {"事实": "甲甲", "理由": "乙"}


def test_two_who_write_in_one_field_are_both_told(story: Story) -> None:
    save(story, "registrar", 0, 事实="甲")
    save(story, "partner", 1, 事实="乙")
    saved = save(story, "registrar", 1, 事实="丙", 理由="丙")
    assert saved.clashes["事实"].text == "乙" and texts(story) == {"事实": "乙", "理由": "丙"}
    assert save(story, "registrar", saved.version, 事实="丙").clashes == {}, "who has seen it may decide"
    assert texts(story)["事实"] == "丙"


def test_the_same_words_from_two_are_no_clash(story: Story) -> None:
    save(story, "registrar", 0, 事实="甲")
    save(story, "partner", 1, 事实="乙")
    assert save(story, "registrar", 1, 事实="乙").clashes == {}


def test_looking_begins_nothing_and_brings_what_others_wrote(story: Story) -> None:
    assert save(story, "registrar", 0) == keep_draft.Saved(0) and DraftRow.objects.count() == 0
    save(story, "registrar", 0, 事实="甲")
    assert save(story, "partner", 0).news["事实"].text == "甲"
    assert DraftRow.objects.get().version == 1


def test_a_draft_becomes_one_document_however_often_it_is_asked_for(story: Story) -> None:
    save(story, "registrar", 0, 违法事实="超量储存")
    first = make(story, "registrar", 1, 违法事实="超量储存烟花")
    assert make(story, "registrar", 1, 违法事实="超量储存烟花") == first
    documents = ground_of(story.case, AGENCY).facts.case.documents
    assert list(documents) == [first] and documents[first].fields["违法事实"] == "超量储存烟花"
    with pytest.raises(DraftMade) as made:
        save(story, "partner", 1, 违法事实="晚了")
    assert made.value.document == first and drafts_of(PEOPLE["registrar"], story.case) == []
    assert DraftRow.objects.get().texts == {}


def test_a_document_is_not_made_over_what_another_just_wrote(story: Story) -> None:
    save(story, "registrar", 0, 违法事实="甲")
    save(story, "partner", 1, 违法事实="乙")
    with pytest.raises(DraftMoved) as moved:
        make(story, "registrar", 1, 违法事实="甲")
    assert moved.value.texts["违法事实"].text == "乙" and "1 处" in str(moved.value)
    assert ground_of(story.case, AGENCY).facts.case.documents == {}
    assert make(story, "registrar", moved.value.version, 违法事实="甲乙")


def test_who_may_not(story: Story) -> None:
    save(story, "registrar", 0, 事实="甲")
    for who in ("archivist", "system"):
        with pytest.raises(NotAllowed):
            save(story, who, 1, 事实="乙")
        with pytest.raises(NotAllowed):
            open_draft(PEOPLE[who], story.case, "d1")
        with pytest.raises(NotAllowed):
            drafts_of(PEOPLE[who], story.case)
    with pytest.raises(NotFound):
        drop_draft(PEOPLE["partner"], story.case, "d1")
    with pytest.raises(NotFound):
        save_draft(story.on("partner", 20), Sheet("d1", story.case, "SIT"), seen=0, said={"事实": "别的种类"})
    with pytest.raises(NotFound):
        open_draft(PEOPLE["registrar"], story.case, "d2")
    drop_draft(PEOPLE["head"], story.case, "d1")
    assert DraftRow.objects.count() == 0


def test_a_draft_of_another_case_is_not_found(story: Story) -> None:
    other = register_case(
        story.on("registrar", 50),
        kind="行政处罚",
        matter="另案",
        source=Source("依职权", "检查", "巡查"),
        party=Party("另一家", "企业"),
    )
    save(story, "registrar", 0, 事实="甲")
    with pytest.raises(NotFound):
        open_draft(PEOPLE["registrar"], other, "d1")
    with pytest.raises(NotFound):
        save_draft(story.on("registrar", 60), Sheet("d1", other, KIND.code), seen=0, said={"事实": "乙"})


def test_more_than_a_case_can_hold_is_said(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep_draft, "_MOST_DRAFTS", 1)
    save(story, "registrar", 0, 事实="甲")
    with pytest.raises(BadInput, match="已有 1 份"):
        save_draft(story.on("registrar", 20), sheet(story, "d2"), seen=0, said={"事实": "乙"})
    monkeypatch.setattr(keep_draft, "_MOST_SIGNS", 3)
    with pytest.raises(BadInput, match="超过 3 个字"):
        save(story, "registrar", 1, 事实="四个字符")
    assert texts(story) == {"事实": "甲"}


@pytest.mark.django_db(transaction=True)
def test_two_who_make_it_at_once_make_one(story: Story) -> None:
    save(story, "registrar", 0, 违法事实="甲")
    start, made, faults = threading.Barrier(2), [], []

    def go(who: str) -> None:
        try:
            start.wait()
            made.append(make(story, who, 1, 违法事实="甲"))
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(who,)) for who in ("registrar", "partner")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == [] and len(made) == 2 and len(set(made)) == 1
    assert len(ground_of(story.case, AGENCY).facts.case.documents) == 1


SAVES = st.lists(
    st.tuples(
        st.sampled_from(["registrar", "partner"]),
        st.dictionaries(st.sampled_from("甲乙丙"), st.sampled_from(["", "一", "二", "三"]), min_size=1),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(saves=SAVES)
def test_whatever_two_write_nobody_loses_a_word_unseen(story: Story, saves: list[tuple[str, dict[str, str]]]) -> None:
    """Each writer sees what the last answer said; a text that is gone was shown to whoever replaced it, or was one's own."""
    DraftRow.objects.all().delete()
    seen = {"registrar": 0, "partner": 0}
    shown: dict[str, dict[str, str]] = {"registrar": {}, "partner": {}}
    standing: dict[str, tuple[str, str]] = {}
    for who, said in saves:
        saved = save_draft(story.on(who, 20), sheet(story), seen=seen[who], said=said)
        seen[who] = saved.version
        shown[who] |= {name: one.text for name, one in {**saved.news, **saved.clashes}.items()}
        for name, text in said.items():
            before = standing.get(name)
            if name in saved.clashes:
                assert before is not None and before[0] != who and saved.clashes[name].text == before[1]
                continue
            lost = before is not None and before[1] != text
            assert not lost or before is None or before[0] == who or shown[who].get(name) == before[1]
            if before is None or before[1] != text:
                standing[name] = (who, text)
            shown[who][name] = text
    kept = {name: one["text"] for row in DraftRow.objects.all() for name, one in row.texts.items()}
    assert kept == {name: text for name, (_, text) in standing.items()}
