"""Uploads against the whole site: the agencies of the API's tests, films, and somebody who speaks tus without a network."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.adapters.media.specimens import Recipe, encode, real_clip
from tests.doors.api.conftest import Agency, account, ago, elsewhere, here, own_folder
from tests.doors.uploads.tus import metadata

__all__ = ["elsewhere", "here", "own_folder"]

HEAD = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@dataclass(frozen=True)
class Sender:
    """A program with somebody's token, or with none; every call is one request of the protocol."""

    client: Client
    token: str | None

    def begin(self, size: int | str, said: dict[str, str] | str, body: bytes | None = None, **more: str) -> Any:
        text = said if isinstance(said, str) else metadata(said)
        headers = self._headers({"Upload-Length": str(size), "Upload-Metadata": text, **more})
        kind = PIECE if body is not None else "text/plain"
        return self.client.generic("POST", "/uploads/", body or b"", content_type=kind, headers=headers)

    def patch(self, place: str, offset: int, body: bytes, **more: str) -> Any:
        headers = self._headers({"Upload-Offset": str(offset), **more})
        return self.client.generic("PATCH", place, body, content_type=PIECE, headers=headers)

    def call(self, method: str, place: str, **more: str) -> Any:
        return self.client.generic(method, place, headers=self._headers(more))

    def send(self, name: str, data: bytes, **said: str) -> str:
        """Begin an upload that announces both name and SHA-256, and give its place."""
        answer = self.begin(len(data), {"filename": name, "sha256": hashlib.sha256(data).hexdigest(), **said})
        assert answer.status_code == 201, answer.content.decode()
        return str(answer.headers["Location"])

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        token = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {name: value for name, value in {**HEAD, **token, **more}.items() if value}


def checksum(algorithm: str, data: bytes) -> str:
    """Write Upload-Checksum."""
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


@pytest.fixture
def sender(here: Agency, token_of: Callable[[str], str]) -> Sender:
    """The officer of `here`, by token."""
    return Sender(Client(), token_of("here-officer"))


@pytest.fixture
def token_of(db: None) -> Callable[[str], str]:
    """Issue a token for an account."""
    from liuhen.flows.tokens import issue_token

    return lambda username: issue_token(username, label="测试", at=ago(hours=1))


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small film that plays."""
    return encode(tmp_path_factory.mktemp("film") / "film.mp4", Recipe()).read_bytes()


@pytest.fixture(scope="session")
def clip() -> Path:
    """A real clip of a megabyte."""
    return real_clip("bigbuckbunny.mp4")


__all__ += ["account"]
