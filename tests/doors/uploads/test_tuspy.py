"""The client that agencies' scripts use, tuspy, against a running server; and the script of the guide, as it stands there."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.storage.filestorage import FileStorage
from tusclient.uploader.uploader import Uploader

from liuhen.flows.resumable.arriving import standing_of
from liuhen.flows.tokens import revoke_token
from liuhen.records.index.models import QuarantineRow, RecordingRow
from tests.doors.api.conftest import Agency, account, ago
from tests.doors.uploads.wire import Wire

pytestmark = pytest.mark.django_db(transaction=True)
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "uploads.md"
CHUNK = 200_000
Open = Callable[..., Uploader]


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    host, port = live_server.url.removeprefix("http://").split(":")
    with Wire(host, int(port)) as made:
        yield made


@pytest.fixture
def token(here: Agency, token_of: Callable[[str], str]) -> str:
    return token_of("here-officer")


@pytest.fixture
def opened(token: str, wire: Wire, clip: Path) -> Open:
    """Open tuspy's uploader of the clip with the officer's token; what is given goes to it."""

    def open_(*, bearer: str = token, said: dict[str, str] | None = None, **further: object) -> Uploader:
        client = TusClient(f"{wire.url}/uploads/", headers={"Authorization": f"Bearer {bearer}"})
        usual: dict[str, object] = {"chunk_size": CHUNK, "retry_delay": 0, "upload_checksum": True}
        metadata = {"filename": clip.name, "sha256": digest(clip)} if said is None else said
        return client.uploader(str(clip), metadata=metadata, **(usual | further))

    return open_


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def send_piece(uploader: Uploader) -> None:
    uploader.upload_chunk()  # type: ignore[no-untyped-call]


def arrived_once(clip: Path) -> None:
    assert [row.sha256 for row in RecordingRow.objects.all()] == [digest(clip)]
    assert QuarantineRow.objects.count() == 0


def test_a_clip_arrives_in_pieces_and_the_same_again_is_known(opened: Open, clip: Path) -> None:
    first, again = opened(), opened()
    first.upload()
    assert first.offset == clip.stat().st_size > 3 * CHUNK
    again.upload()
    assert again.url != first.url
    arrived_once(clip)


def test_a_wire_that_is_cut_in_the_middle_of_pieces_is_no_matter(opened: Open, wire: Wire, clip: Path) -> None:
    wire.cut_after = [120_000, 40_000, 199_000]
    opened(retries=3).upload()
    assert wire.cut_after == []
    arrived_once(clip)


def test_without_retries_what_came_is_kept_and_another_uploader_goes_on_from_there(
    opened: Open, wire: Wire, clip: Path
) -> None:
    """Without a checksum of the piece, every byte that arrived before the cut counts."""
    first = opened(upload_checksum=False)
    wire.cut_after = [150_000]
    with pytest.raises(TusUploadFailed):
        first.upload()
    second = opened(url=first.url, said={})
    assert 0 < second.offset < CHUNK
    second.upload()
    arrived_once(clip)


def test_a_byte_altered_on_the_wire_is_refused_and_the_piece_sent_again(opened: Open, wire: Wire, clip: Path) -> None:
    uploader = opened()
    send_piece(uploader)
    wire.alter_at = 1000
    with pytest.raises(TusUploadFailed) as refused:
        send_piece(uploader)
    assert refused.value.status_code == 460
    assert uploader.get_offset() == CHUNK
    uploader.upload()
    arrived_once(clip)


def test_another_file_than_was_announced_is_no_recording(opened: Open, clip: Path) -> None:
    with pytest.raises(TusUploadFailed) as refused:
        opened(said={"filename": clip.name, "sha256": "0" * 64}).upload()
    assert refused.value.status_code == 460
    assert RecordingRow.objects.count() == 0
    assert [row.sha256 for row in QuarantineRow.objects.all()] == [digest(clip)]


@pytest.mark.parametrize("bearer", ["", "liuhen_nobody", "Bearer"])
def test_a_wrong_token_begins_nothing(opened: Open, bearer: str) -> None:
    with pytest.raises(TusCommunicationError) as refused:
        opened(bearer=bearer).upload()
    assert refused.value.status_code == 401
    assert "接口令牌无效" in refused.value.response_content.decode()
    assert RecordingRow.objects.count() == 0


def test_a_token_revoked_in_the_middle_sends_nothing_more(
    opened: Open, clip: Path, token_of: Callable[[str], str]
) -> None:
    uploader = opened()
    send_piece(uploader)
    revoke_token("here-officer", label="测试", at=ago(minutes=1))
    with pytest.raises(TusUploadFailed) as refused:
        send_piece(uploader)
    assert refused.value.status_code == 401
    resumed = opened(bearer=token_of("here-officer"), url=uploader.url)
    assert resumed.offset == CHUNK
    resumed.upload()
    arrived_once(clip)


def test_nobody_else_finds_the_upload(opened: Open, token_of: Callable[[str], str]) -> None:
    uploader = opened()
    send_piece(uploader)
    account("here", "colleague", "执法人员")
    with pytest.raises(TusCommunicationError) as refused:
        opened(bearer=token_of("here-colleague"), url=uploader.url)
    assert refused.value.status_code == 404


def test_tuspys_own_store_takes_two_films_that_begin_alike_for_one_and_neither_is_mixed_up(
    opened: Open, clip: Path, tmp_path: Path
) -> None:
    """Why the guide's script keeps addresses by the digest: the digest announced is what stops the mixture."""
    data = bytearray(clip.read_bytes())
    data[-1] ^= 1
    other = tmp_path / "other.mp4"
    other.write_bytes(data)
    with closing(FileStorage(str(tmp_path / "addresses.json"))) as addresses:  # type: ignore[no-untyped-call]
        first = opened(store_url=True, url_storage=addresses)
        send_piece(first)
        second = Uploader(
            str(other), client=first.client, chunk_size=CHUNK, store_url=True, url_storage=addresses, metadata={}
        )
        assert (second.url, second.offset) == (first.url, CHUNK)
        with pytest.raises(TusUploadFailed) as refused:
            second.upload()
    assert refused.value.status_code == 460
    assert RecordingRow.objects.count() == 0 and QuarantineRow.objects.count() == 1


# The script of the guide.


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script exactly as the guide prints it."""
    (text,) = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    path = tmp_path / "script" / "send.py"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def copy(clip: Path, tmp_path: Path) -> Path:
    """The clip under a Chinese name in a folder of its own, as a memory card holds it."""
    path = tmp_path / "card" / "现场检查.mp4"
    path.parent.mkdir()
    path.write_bytes(clip.read_bytes())
    return path


def started(script: Path, wire: Wire, token: str, *files: Path) -> "subprocess.Popen[str]":
    settings = {"LIUHEN_URL": wire.url, "LIUHEN_TOKEN": token, "LIUHEN_CHUNK": str(CHUNK), "PYTHONIOENCODING": "utf-8"}
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = [sys.executable, str(script), *map(str, files)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=clean | settings, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    said, complained = process.communicate(timeout=60)
    return process.returncode, said, complained


def test_the_script_is_killed_and_another_process_goes_on(
    script: Path, copy: Path, wire: Wire, token: str, here: Agency
) -> None:
    wire.let_pass, wire.stall_after = 2, CHUNK // 2
    first = started(script, wire, token, copy)
    assert wire.stalled.wait(30)
    first.kill()
    assert ended(first)[0] != 0 and RecordingRow.objects.count() == 0
    wire.release()
    (note,) = copy.parent.glob(".*.upload")
    uid = note.read_text().rpartition("/")[2]
    standing = standing_of(here.officer, uid)
    assert (standing.offset, standing.outcome) == (2 * CHUNK, None)
    code, said, complained = ended(started(script, wire, token, copy))
    assert (code, complained) == (0, "") and said.startswith(f"{copy} stored")
    outcome = standing_of(here.officer, uid).outcome  # the second process ended the upload that the first began
    assert outcome is not None and outcome.status == "stored"
    arrived_once(copy)
    assert RecordingRow.objects.get().name == copy.name
    assert ended(started(script, wire, token, copy)) == (0, f"{copy} known 同一文件此前已经入库\n", "")
    arrived_once(copy)
    assert list(copy.parent.iterdir()) == [copy]


def test_the_script_says_what_became_of_each_file(script: Path, copy: Path, wire: Wire, token: str) -> None:
    text = copy.with_name("说明.txt")
    text.write_text("不是录像", encoding="utf-8")
    code, said, complained = ended(started(script, wire, token, text, copy))
    assert (code, complained) == (1, "")
    assert said.splitlines()[0].startswith(f"{text} quarantined 无法识别的文件类型")
    assert said.splitlines()[1].startswith(f"{copy} stored 文件所记时间为 1970 年")


def test_the_script_begins_anew_where_the_upload_is_gone(script: Path, copy: Path, wire: Wire, token: str) -> None:
    note = copy.with_name(f".{digest(copy)[:32]}.upload")
    note.write_text(f"{wire.url}/uploads/{'0' * 32}")
    assert ended(started(script, wire, token, copy))[0] == 0
    arrived_once(copy)


def test_the_script_says_that_its_token_is_wrong(script: Path, copy: Path, wire: Wire, here: Agency) -> None:
    code, said, complained = ended(started(script, wire, "liuhen_nobody", copy))
    assert (code, said) == (1, "")
    assert "401" in complained and "接口令牌无效" in complained and "Traceback" not in complained
    assert RecordingRow.objects.count() == 0
