"""Scripts over real sockets: a careful client, a wire that is cut again and again, and a kilobyte that changes on its way."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from liuhen.records.index.models import RecordingRow
from tests.doors.api.conftest import Agency
from tests.doors.uploads.tus import Refused, TusClient
from tests.doors.uploads.wire import Wire


@pytest.fixture
def wire(live_server: LiveServer) -> Iterator[Wire]:
    host, port = live_server.url.removeprefix("http://").split(":")
    with Wire(host, int(port)) as made:
        yield made


@pytest.fixture
def client(here: Agency, token_of: Callable[[str], str], wire: Wire) -> TusClient:
    headers = {"Authorization": f"Bearer {token_of('here-officer')}"}
    return TusClient(f"{wire.url}/uploads/", headers, piece=300_000)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_a_clip_arrives_through_a_wire_that_is_cut_again_and_again(client: TusClient, wire: Wire, clip: Path) -> None:
    place = client.create(clip, {"sha256": _digest(clip)})
    wire.cut_after = [120_000, 200_000, 50_000, 280_000]
    client.send(place, clip)
    assert wire.cut_after == [] and len(client.resumed) == 4
    assert RecordingRow.objects.get().sha256 == _digest(clip)


@pytest.mark.django_db(transaction=True)
def test_a_clip_altered_on_the_wire_is_refused(client: TusClient, wire: Wire, clip: Path) -> None:
    place = client.create(clip, {"sha256": _digest(clip)})
    wire.alter_at = 1000
    with pytest.raises(Refused) as refused:
        client.send(place, clip)
    assert refused.value.status == 460 and RecordingRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_scripts_send_the_same_upload(client: TusClient, clip: Path) -> None:
    place = client.create(clip, {"sha256": _digest(clip)})
    other = TusClient(client.endpoint, client.headers, piece=70_000, retries=200)
    threads = [threading.Thread(target=one.send, args=(place, clip)) for one in (client, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert RecordingRow.objects.get().sha256 == _digest(clip)
