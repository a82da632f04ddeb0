"""A tus 1.0 client of the standard library alone, as careful as tuspy: create, send in pieces, ask, resume, retry.

It stands for the scripts of agencies: what it needs of the server is what the protocol promises and no more.
"""

import base64
import http.client
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

_VERSION = {"Tus-Resumable": "1.0.0"}


def metadata(said: Mapping[str, str]) -> str:
    """Write Upload-Metadata."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


class Refused(Exception):
    """The server refused for good; `status` says how."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status} {sentence}")
        self.status = status


@dataclass
class TusClient:
    """Sends files to one endpoint; `headers` authenticate, `piece` is the size of one PATCH in bytes."""

    endpoint: str
    headers: dict[str, str]
    piece: int = 1 << 20
    retries: int = 20
    resumed: list[int] = field(default_factory=list)

    def create(self, path: Path, said: Mapping[str, str]) -> str:
        """Begin an upload and give its address."""
        status, answered, body = self._ask(
            "POST",
            self.endpoint,
            {"Upload-Length": str(path.stat().st_size), "Upload-Metadata": metadata({"filename": path.name, **said})},
        )
        if status != 201:
            raise Refused(status, body)
        return urljoin(self.endpoint, answered["location"])

    def offset(self, place: str) -> int:
        """Ask how far an upload is."""
        status, answered, body = self._ask("HEAD", place, {})
        if status != 200:
            raise Refused(status, body)
        return int(answered["upload-offset"])

    def send(self, place: str, path: Path) -> None:
        """Send what is missing, asking again for the offset whenever the connection is cut."""
        failures = 0
        offset = self.offset(place)
        with path.open("rb") as file:
            while offset < path.stat().st_size:
                file.seek(offset)
                try:
                    offset = self._patch(place, offset, file.read(self.piece))
                except (OSError, http.client.HTTPException):
                    failures += 1
                    if failures > self.retries:
                        raise
                    time.sleep(0.05)
                    offset = self.offset(place)
                    self.resumed.append(offset)

    def _patch(self, place: str, offset: int, body: bytes) -> int:
        kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        status, answered, said = self._ask("PATCH", place, kind, body)
        if status in (409, 423):
            raise ConnectionError(said)  # somebody else moved it: ask again where it stands
        if status != 204:
            raise Refused(status, said)
        return int(answered["upload-offset"])

    def _ask(
        self, method: str, address: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(address)
        with closing(http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)) as wire:
            wire.request(method, parts.path, body, {**_VERSION, **self.headers, **headers})
            answer = wire.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text
