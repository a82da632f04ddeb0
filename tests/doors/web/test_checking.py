"""公开核验: what is authentic, what was changed by one byte, what is not ours, and what strangers may not do."""

from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from liuhen.adapters.signing.pages import count_pages
from liuhen.doors.web.views import checking
from liuhen.flows.deliver import parcels
from liuhen.flows.ground import ground_of
from liuhen.flows.office import office
from liuhen.records.index.models import DocumentRow
from liuhen.records.people.models import User
from tests.doors.web.world import HERE, PEOPLE, World

pytestmark = pytest.mark.django_db


def _answer(data: bytes, name: str = "文件.pdf") -> str:
    answer = Client().post("/check/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 200
    return answer.content.decode()


def _pdf(world: World) -> tuple[DocumentRow, bytes]:
    row = DocumentRow.objects.get(uid=world.documents["sealed"])
    with office().vault.open(row.sha256) as file:
        return row, file.read()


def test_a_document_as_issued(world: World) -> None:
    row, pdf = _pdf(world)
    page = _answer(pdf)
    for words in ("一致", "安禾县应急管理局", "行政处罚事先告知书", row.number, "测试印章", row.sha256):
        assert words in page
    assert "恒达" not in page, "an answer in public holds nothing of the content"


def test_a_document_changed_by_one_byte(world: World) -> None:
    _, pdf = _pdf(world)
    place = pdf.index(b"/Page") - 3
    page = _answer(pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :])
    assert "不一致" in page and "盖章之后内容被改动" in page


def test_a_document_with_something_appended(world: World) -> None:
    _, pdf = _pdf(world)
    page = _answer(pdf + b"\n1 0 obj\n<<>>\nendobj\n")
    assert "不一致" in page and "盖章之后又追加了内容" in page


def test_a_document_of_nobody(world: World) -> None:
    page = _answer(b"%PDF-1.7\n%%EOF\n")
    assert "无法判断" in page and "没有签发过这份文件" in page


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04 broken"])
def test_what_is_no_package(world: World, data: bytes) -> None:
    answer = Client().post("/check/", {"file": SimpleUploadedFile("x.zip", data)})
    page = answer.content.decode()
    assert "一致</p>" not in page.replace("不一致</p>", "")
    assert "无法判断" in page or "没有收到文件" in page


def test_by_digest(world: World) -> None:
    row, _ = _pdf(world)
    assert "逐字节相同" in Client().post("/check/digest/", {"sha256": row.sha256}).content.decode()
    assert "没有摘要相同的文书" in Client().post("/check/digest/", {"sha256": "0" * 64}).content.decode()
    assert Client().post("/check/digest/", {"sha256": "../etc"}).status_code == 400


def test_by_number_and_code(world: World) -> None:
    row, _ = _pdf(world)

    def ask(number: str, code: str) -> tuple[int, str]:
        answer = Client().post("/check/code/", {"number": number, "code": code})
        return answer.status_code, answer.content.decode()

    assert row.number in ask(row.number, row.code.lower())[1]
    for number, code in ((row.number, "0" * 16), ("别的号", row.code), (row.number, "%")):
        _, page = ask(number, code)
        assert "无法判断" in page and "安禾县" not in page
    status, page = ask("", "")
    assert status == 400 and "请填写文书上的文号" in page


def test_a_scanned_code_is_answered_and_names_the_number_and_no_party(world: World) -> None:
    row, _ = _pdf(world)

    def scan(code: str) -> str:
        answer = Client().get("/check/", {"code": code})
        assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
        return answer.content.decode()

    page = scan(row.code)
    assert row.number in page and "请核对文号" in page and "某某商贸" not in page
    assert "没有这个核验码的文书" in scan("0" * 16)
    for strange in ("", "%", row.code[:15], f"{row.code}0", "<script>"):
        assert row.number not in scan(strange) and "没有这个核验码" not in scan(strange)


def test_too_large_is_said_before_it_is_read(world: World) -> None:
    with override_settings(CHECK_UPLOAD_LIMIT=1000):
        answer = Client().post("/check/", {"file": SimpleUploadedFile("x.zip", b"x" * 5000)})
    assert answer.status_code == 413 and "文件太大" in answer.content.decode()


def test_strangers_wait_their_turn(world: World) -> None:
    taken = [checking._TURNS.acquire(blocking=False) for _ in range(2)]
    try:
        answer = Client().post("/check/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})
    finally:
        for _ in taken:
            checking._TURNS.release()
    assert taken == [True, True] and answer.status_code == 503


def test_nothing_of_what_was_dropped_is_kept(world: World, tmp_path: Path) -> None:
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        _answer(b"%PDF-1.7\n%%EOF\n")
        _answer(b"not a package", "x.zip")
    assert list(tmp_path.iterdir()) == []


def _package(world: World) -> bytes:
    found = parcels(PEOPLE["officer"], world.cases["archived"])
    assert {item.form for item in found} == {"zip", "iso"}
    return next(item for item in found if item.form == "zip").path.read_bytes()


def test_a_package_as_built_and_one_that_was_changed(world: World) -> None:
    package = _package(world)
    page = _answer(package, "归档包.zip")
    assert "一致</p>" in page and "不一致" not in page and "安禾县应急管理局" in page
    assert "信任起点取自包内" not in page, "a package of this installation is held against its own keys"
    place = package.index(b"case.concluded")
    changed = _answer(package[:place] + b"C" + package[place + 1 :], "归档包.zip")
    assert "不一致" in changed


def test_fetching_a_package_by_range_leaves_one_trace(world: World) -> None:
    package, case = _package(world), world.cases["archived"]
    head = Client()
    head.force_login(_newcomer(), backend="django.contrib.auth.backends.ModelBackend")
    before = _consultations(case)
    page = head.get(f"/cases/{case}/archive/").content.decode()
    address = next(part for part in page.split('"') if part.endswith("/zip/"))
    first = head.get(address, headers={"Range": "bytes=0-99"})
    rest = head.get(address, headers={"Range": "bytes=100-", "If-Range": first.headers["ETag"]})
    body = b"".join([*first.streaming_content, *rest.streaming_content])  # type: ignore[attr-defined]
    assert (first.status_code, rest.status_code, body) == (206, 206, package)
    assert _consultations(case) == before + 1
    assert f"查阅 <b>{before + 1}</b>" in head.get(f"/cases/{case}/").content.decode()
    assert head.get(address.replace("/zip/", "/exe/")).status_code == 404


def test_the_documents_of_a_case_come_bound_and_leave_one_trace(world: World) -> None:
    case, head = world.cases["open"], Client()
    head.force_login(_user("web-head"), backend="django.contrib.auth.backends.ModelBackend")
    address = f"/cases/{case}/volume/"
    assert address in head.get(f"/cases/{case}/archive/").content.decode()
    before = _consultations(case)
    first, again = head.get(address), head.get(address)
    assert (first.status_code, first.headers["Content-Type"]) == (200, "application/pdf")
    assert quote("卷宗.pdf") in first.headers["Content-Disposition"]
    assert count_pages(first.content) == count_pages(again.content) > len(world.documents)
    assert _consultations(case) == before + 1, "the second time that day is the same taking"


def test_a_case_without_documents_has_nothing_to_bind(world: World) -> None:
    case, head = world.cases["script"], Client()
    head.force_login(_user("web-head"), backend="django.contrib.auth.backends.ModelBackend")
    assert f"/cases/{case}/volume/" not in head.get(f"/cases/{case}/archive/").content.decode()
    refused = head.get(f"/cases/{case}/volume/")
    assert refused.status_code == 409 and "还没有文书" in refused.content.decode()


def test_a_bound_volume_leaves_the_agency_only_on_a_granted_request(world: World) -> None:
    case, head = world.cases["open"], Client()
    head.force_login(_user("web-head"), backend="django.contrib.auth.backends.ModelBackend")
    answer = head.get(f"/cases/{case}/volume/?purpose=对外提供")
    assert answer.status_code == 409 and "须凭已经同意的申请" in answer.content.decode()


def _consultations(case: str) -> int:
    return ground_of(case, HERE).facts.case.consultations


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _newcomer() -> User:
    """A head who has looked at nothing: one trace a day stands for everything a person fetches of a package."""
    user = User.objects.create_user("web-newcomer", agency=HERE, display_name="初来", actor="web-newcomer")
    user.groups.add(*_user("web-head").groups.all())
    return user


def test_archiving_by_the_form(world: World) -> None:
    case, client = world.cases["ended"], Client()
    client.force_login(_user("web-archivist"), backend="django.contrib.auth.backends.ModelBackend")
    wrong = client.post(f"/cases/{case}/archive/", {"archive_number": "", "retention": "一百年"})
    assert wrong.status_code == 400 and "请填写档号" in wrong.content.decode()
    assert client.post(f"/cases/{case}/package/").status_code == 409
    right = client.post(f"/cases/{case}/archive/", {"archive_number": "A012-0001", "retention": "30 年"})
    assert right.status_code == 302
    assert "A012-0001" in client.get(f"/cases/{case}/archive/").content.decode()
    open_case = client.post(f"/cases/{world.cases['open']}/archive/", {"archive_number": "A", "retention": "永久"})
    assert open_case.status_code == 409 and "尚未结案" in open_case.content.decode()


def test_the_limits_are_set() -> None:
    assert settings.CHECK_UPLOAD_LIMIT > settings.CHECK_PDF_LIMIT > 0
