"""The witness over HTTP: limits, statuses, and the client that a log uses."""

import http.client
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from liuhen.adapters.witnesses.client import HttpWitness, WitnessBusy, WitnessUnreachable
from liuhen.adapters.witnesses.state import WitnessState
from liuhen.adapters.witnesses.witness import Witness
from liuhen.core.kernel.errors import BadInput
from liuhen.core.kernel.moments import SHANGHAI
from liuhen.core.tlog.checkpoint import open_checkpoint
from liuhen.core.tlog.keys import KeyKind
from liuhen.doors.witness.command import main, open_witness
from liuhen.doors.witness.server import LARGEST_BODY, WitnessServer
from tests.adapters.witnesses.requests import LOG_KEY, ORIGIN, request
from tests.core.tlog.signers import new_signer

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
SIGNER = new_signer("witness.example/sup", 2, KeyKind.COSIGNATURE)


class Failing(Witness):
    """A witness whose disk is gone."""

    def answer(self, body: bytes, at: datetime) -> object:  # type: ignore[override]
        raise OSError("disk gone")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    witness = Witness([SIGNER], WitnessState(tmp_path / "witness.sqlite3"))
    witness.trust(LOG_KEY)
    with WitnessServer(("127.0.0.1", 0), witness, lambda: NOON) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def client(server: WitnessServer) -> HttpWitness:
    return HttpWitness("市司法局", server.url, (SIGNER.key,))


def ask(server: WitnessServer, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> int:
    host, port = server.server_address[:2]
    connection = http.client.HTTPConnection(str(host), int(port), timeout=10)
    connection.putrequest(method, path)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body or None)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_log_grows_under_the_witness_and_is_monitored(server: WitnessServer) -> None:
    witness = client(server)
    assert witness.latest(ORIGIN) is None
    assert [witness.submit(request(*step)).status for step in ((0, 1), (1, 3), (1, 5))] == [200, 200, 409]
    latest = witness.latest(ORIGIN)
    assert latest is not None
    assert open_checkpoint(latest, [LOG_KEY], [SIGNER.key]).checkpoint.size == 3
    assert witness.submit(b"nonsense").status == 400


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("POST", "/add-checkpoint", {}, b"", 411),
        ("POST", "/add-checkpoint", {"Content-Length": "-5"}, b"", 411),
        ("POST", "/add-checkpoint", {"Content-Length": str(LARGEST_BODY + 1)}, b"", 413),
        ("POST", "/add-checkpoint", {"Content-Length": "0"}, b"", 400),
        ("POST", "/elsewhere", {"Content-Length": "0"}, b"", 404),
        ("GET", "/", {}, b"", 404),
        ("GET", "/../../etc/passwd", {}, b"", 404),
        ("GET", f"/{'0' * 64}/checkpoint", {}, b"", 404),
    ],
)
def test_what_a_witness_does_not_serve(
    server: WitnessServer, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert ask(server, method, path, headers, body) == status


def test_a_failing_witness_says_so_and_cosigns_nothing(server: WitnessServer, tmp_path: Path) -> None:
    server.witness = Failing([SIGNER], WitnessState(tmp_path / "other.sqlite3"))
    with pytest.raises(WitnessBusy, match="500"):
        client(server).submit(request(0, 1))


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(WitnessUnreachable, match="市司法局"):
        HttpWitness("市司法局", "http://127.0.0.1:9", (SIGNER.key,), timeout=2).submit(b"x")
    with pytest.raises(BadInput, match="web address"):
        HttpWitness("市司法局", "file:///etc/passwd", ())


def test_the_command_keeps_its_key_and_shows_its_logs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(tmp_path), "--name", "witness.example/sup", "--show"]
    assert main([*arguments, "--trust", LOG_KEY.render()]) == 0
    first = capsys.readouterr().out
    assert main(arguments) == 0
    again = capsys.readouterr().out
    assert first == again and f"{ORIGIN} 0\n" in again
    assert again.startswith("witness.example/sup+")
    witness, _ = open_witness(tmp_path, "witness.example/sup")
    assert witness.answer(request(0, 1), NOON).status == 200
    assert main([*arguments, "--block", ORIGIN]) == 0
    assert witness.answer(request(1, 3), NOON).status == 404
