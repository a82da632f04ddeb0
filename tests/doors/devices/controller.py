"""A simulated system controller: it speaks the protocol over real HTTP with nothing but the standard library."""

import base64
import http.client
import json
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric import padding as wrapping
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def meta(target: str, **values: str) -> dict[str, str]:
    """Write metadata as a camera system does: only the first letter of the key in upper case, values %-encoded."""
    return {f"X-{target}-Meta-{key.capitalize()}": quote(value, safe="") for key, value in values.items()}


@dataclass
class Controller:
    """A camera system that has imported a connection file."""

    file: dict[str, Any]
    base: str
    token: str = ""
    storage: str = ""
    log: list[int] = field(default_factory=list)

    def sign_in(self, *, user: str | None = None, key: str | None = None) -> Answer:
        path = urlsplit(self.file["AuthenticationTokenURI"][0]).path
        headers = {
            "X-Auth-User": self.file["BlobAPIUserName"] if user is None else user,
            "X-Auth-Key": self.file["BlobAPIKey"] if key is None else key,
        }
        answer = self._send("GET", path, headers=headers)
        if answer.status == 200:
            self.token, self.storage = answer.headers["x-auth-token"], urlsplit(answer.headers["x-storage-url"]).path
        return answer

    def call(
        self,
        method: str,
        place: str = "",
        body: bytes | Iterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Call below the storage address; `place` is `container` or `container/object`, not yet quoted."""
        path = self.storage + ("/" + "/".join(quote(part, safe=":") for part in place.split("/")) if place else "")
        return self._send(method, path, body, {"X-Auth-Token": self.token, **(headers or {})})

    def cut(self, place: str, body: bytes, announced: int, *, chunked: bool = False) -> None:
        """Begin to send an object and drop the connection in the middle."""
        parts = urlsplit(self.base)
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {announced}"
        head = (
            f"PUT {self.storage}/{quote(place, safe='/:')} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"X-Auth-Token: {self.token}\r\n{length}\r\n\r\n"
        ).encode()
        sent = f"{announced:x}\r\n".encode() + body if chunked else body
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as link:
            link.sendall(head + sent)
            link.shutdown(socket.SHUT_WR)
            link.settimeout(10)
            while link.recv(65536):
                pass

    def recording(self, name: str, clips: dict[str, tuple[bytes, dict[str, str]]], **stated: str) -> None:
        """Deliver a whole recording, one call after the other, and seal it."""
        assert self.call("PUT", name, headers=meta("Container", Status="Transferring", **stated)).status == 201
        for clip, (data, told) in clips.items():
            assert self.call("PUT", f"{name}/{clip}", data, meta("Object", **told)).status == 201
        assert self.call("POST", name, headers=meta("Container", Status="Complete")).status == 204

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        parts = urlsplit(self.base)
        link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        try:
            sent = dict(headers or {})
            chunked = body is not None and not isinstance(body, bytes)
            if chunked:
                sent["Transfer-Encoding"] = "chunked"
            elif body is None and method in ("PUT", "POST"):
                sent["Content-Length"] = "0"
            link.request(method, path, body, sent, encode_chunked=chunked)
            answer = link.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            self.log.append(answer.status)
            return Answer(answer.status, found, answer.read())
        finally:
            link.close()


def encrypt(public_pem: bytes, data: bytes, *, key_id: str = "") -> tuple[bytes, bytes]:
    """Encrypt a content as a camera does and give it with its key file."""
    public = serialization.load_pem_public_key(public_pem)
    assert isinstance(public, RSAPublicKey)
    content_key, vector = secrets.token_bytes(32), secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(AES256(content_key), CBC(vector)).encryptor()
    secret = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
    wrapped = public.encrypt(
        content_key, wrapping.OAEP(mgf=wrapping.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)
    )
    told = {
        "EncryptedKey": base64.b64encode(wrapped).decode(),
        "ContentEncryptionIV": base64.b64encode(vector).decode(),
        "PublicKeyId": key_id,
    }
    return secret, json.dumps(told, indent=2).encode()
