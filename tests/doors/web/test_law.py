"""规则 through the pages: every pack clause by clause, its rules in words, its worked cases with their verdicts."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from liuhen.core.rules.verdict import LABELS
from liuhen.flows.office import office
from liuhen.flows.show_law import study_pack
from liuhen.flows.study_law import cover_pack
from tests.doors.web.world import World

pytestmark = pytest.mark.django_db

Visit = Callable[[str | None], Client]
PACKS = ("changzhi", "hebei", "lingchuan", "pengyang", "zhuhui")
EVERYBODY = ("officer", "head", "archivist", "system", "security", "audit")


def _text(client: Client, address: str, status: int = 200, **asked: str) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == status
    return str(answer.content.decode().replace("\u2009", " "))


@pytest.mark.parametrize("address", ["/law/", "/law/hebei/", "/law/hebei/24.1/"])
def test_nobody_is_sent_to_sign_in(world: World, address: str) -> None:
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("person", EVERYBODY)
def test_the_law_is_for_everybody_and_the_lists_are_not(world: World, visit: Visit, person: str) -> None:
    page = _text(visit(f"web-{person}"), "/law/")
    assert "河北省行政执法全过程记录办法" in page and "本机关适用" in page
    assert ("本机关的音像记录事项清单" in page) == (person not in ("security", "audit"))


@pytest.mark.parametrize("address", ["/law/nowhere/", "/law/hebei@1999/", "/law/hebei/99.9/", "/law/..%2Fhebei/"])
def test_what_is_not_there(world: World, visit: Visit, address: str) -> None:
    assert "没有找到" in _text(visit("web-officer"), address, 404)


@pytest.mark.parametrize("pack", PACKS)
def test_every_clause_says_what_coverage_says(world: World, visit: Visit, pack: str) -> None:
    reading = study_pack(pack)
    page = _text(visit("web-officer"), f"/law/{pack}/")
    assert [clause.standing for clause in reading.clauses] == cover_pack(pack)
    for clause in reading.clauses:
        assert f'id="clause-{clause.clause.id.partition("/")[2]}"' in page
        proofs = {proof.partition(": ")[2] for proof in clause.standing.proofs}
        if clause.clause.answer == "rule":
            assert {case.name for case in clause.cases if not case.differences} == proofs, clause.clause.id
    assert len(re.findall('class="clause-entry"', page)) == len(reading.clauses)


def test_a_rule_is_told_in_words_with_level_and_term(world: World, visit: Visit) -> None:
    page = _text(visit("web-officer"), "/law/hebei/24.1/")
    assert "24 小时" in page and "应当" in page and "期限" in page
    reading = study_pack("hebei").clause("hebei/24.1")
    for case in reading.cases:
        assert case.name in page.replace(" ", " ")
        for verdict in case.verdicts:
            assert LABELS[verdict.verdict] in page
    assert "经过" in page and "入库" in page


def test_words_answers_and_status_narrow(world: World, visit: Visit) -> None:
    client = visit("web-officer")
    whole = study_pack("hebei")
    guarantees = [one for one in whole.clauses if one.clause.answer == "guarantee"]
    page = _text(client, "/law/hebei/", answer="guarantee")
    assert len(re.findall('class="clause-entry"', page)) == len(guarantees) > 0
    narrowed = _text(client, "/law/hebei/", q="24.1")
    assert 'id="clause-24.1"' in narrowed and 'id="clause-9.1"' not in narrowed
    assert "没有符合的条款" in _text(client, "/law/hebei/", q="查无此条")
    assert _text(client, "/law/hebei/", answer="nonsense").count("clause-entry") == len(whole.clauses)


def test_a_narrowed_pack_is_a_fragment_for_htmx(world: World, visit: Visit) -> None:
    answer = visit("web-officer").get("/law/hebei/", {"q": "送达"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page and "clause-entry" in page


def test_a_pack_is_tried_once_until_it_is_read_anew(world: World) -> None:
    first = study_pack("hebei")
    assert study_pack("hebei") is first
    assert study_pack(f"hebei@{first.pack.edition}") is first
    assert first.pack is office().shelf.named("hebei").pack


def test_no_inline_script_or_style(world: World, visit: Visit) -> None:
    client = visit("web-archivist")
    for address in ("/law/", "/law/hebei/", "/law/hebei/24.1/", reverse("lists"), reverse("list-draft") + "?row=new"):
        page = _text(client, address)
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), address
        assert not re.search(r"\sstyle=|\son\w+=|<style", page), address
