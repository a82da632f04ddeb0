"""法定内容 beside the form: what is missing leads to its field, is looked at anew as one types, and stops what is issued."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from liuhen.flows.ground import ground_of
from liuhen.records.people.models import User
from tests.flows.closing import AGENCY, PEOPLE, Story, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA, settings.VAULT = tmp_path, str(tmp_path / "vault")


@pytest.fixture
def story(db: None) -> Story:
    return tell(packs=("zhuhui", "national"))


@pytest.fixture
def client(story: Story) -> Client:
    actor = PEOPLE["registrar"]
    user = User.objects.create(username="registrar", display_name="李喆", agency=AGENCY, actor=actor.uid)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in actor.roles])
    signed_in = Client()
    signed_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


def test_what_is_missing_leads_to_its_field(story: Story, client: Client) -> None:
    page = client.get(reverse("draft", args=[story.case, "DEC"])).content.decode()
    assert "补齐后才能制作" in page and 'href="#id_f-救济途径和期限"' in page and 'id="id_f-救济途径和期限"' in page
    assert "21.5</span>" in page
    assert 'href="#id_f-当事人"' not in page, "the case knows the party"


def test_it_is_looked_at_anew_as_one_types(story: Story, client: Client) -> None:
    typed = {"f-当事人": "恒达", "f-地址": "东街", "f-救济途径和期限": "六十日内申请复议"}
    piece = client.post(reverse("draft-check", args=[story.case, "DEC"]), typed).content.decode()
    assert "<html" not in piece and "救济途径和期限" not in piece and 'href="#id_f-违法事实"' in piece
    wrong = client.post(reverse("draft-check", args=[story.case, "PAY"]), {"f-缴纳数额": "三千"}).content.decode()
    assert "改正以后" in wrong


def test_what_is_issued_is_not_made_and_says_why(story: Story, client: Client) -> None:
    answer = client.post(reverse("draft", args=[story.case, "DEC"]), {"f-当事人": "恒达"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "对外出具的文书缺少法定内容，没有制作" in page
    assert ground_of(story.case, AGENCY).facts.case.documents == {}
    kept = client.post(reverse("draft", args=[story.case, "DEC"]), {"f-当事人": "恒达", "keep": "1"})
    assert kept.status_code == 302, "a draft is never stopped"
