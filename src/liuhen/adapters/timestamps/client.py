"""Asks a time-stamping authority over HTTP (RFC 3161 section 3.4).

Invariant: a response leaves here only if it answers this very request: same digest, same nonce and, where roots are
configured, a signature under one of them.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from asn1crypto import tsp

from liuhen.adapters.timestamps.checking import check_timestamp, read_response
from liuhen.adapters.timestamps.port import TimestampRefused, TimestampUnavailable
from liuhen.core.kernel.errors import BadInput

_LARGEST = 1 << 20


class HttpTimestamper:
    """A Timestamper for an authority at an address, waiting `timeout` seconds at most."""

    def __init__(self, url: str, *, roots_pem: Sequence[bytes] = (), timeout: float = 15.0) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise BadInput("timestamp address", f"“{url}” is not an address; write it like http://tsa.example.cn/tsr")
        self._url = url
        self._roots_pem = tuple(roots_pem)
        self._timeout = timeout

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        """Give the authority's DER TimeStampResp; its time is the authority's, whatever `at` says.

        Raises TimestampUnavailable, TimestampRefused.
        """
        nonce = secrets.randbits(63) | 1
        response = self._ask(_request(digest_sha256, nonce))
        if self._roots_pem:
            check_timestamp(response, digest_sha256, roots_pem=self._roots_pem, nonce=nonce)
            return response
        info = read_response(response).tst_info
        if info.message_imprint.message != digest_sha256 or info.nonce != nonce:
            raise TimestampRefused(f"{self._url}: the answer is for another request; do not trust this authority")
        return response

    def _ask(self, request: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with urlopen(Request(self._url, request, headers), timeout=self._timeout) as answer:
                body: bytes = answer.read(_LARGEST + 1)
        except HTTPError as error:
            raise TimestampUnavailable(
                f"{self._url}: the authority answered HTTP {error.code}; ask again later"
            ) from error
        except (URLError, OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise TimestampUnavailable(
                f"{self._url}: no answer ({reason}); check the network, ask again later"
            ) from error
        if len(body) > _LARGEST:
            raise TimestampRefused(f"{self._url}: the answer is over 1 MiB, no timestamp is; check the address")
        return body


def _request(digest: bytes, nonce: int) -> bytes:
    if len(digest) != 32:
        raise BadInput("timestamp digest", f"expected 32 bytes of SHA-256, found {len(digest)}")
    request: bytes = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
            "nonce": nonce,
            "cert_req": True,
        }
    ).dump()
    return request
