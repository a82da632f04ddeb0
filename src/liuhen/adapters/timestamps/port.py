"""What a source of timestamps offers, and how it fails.

Invariant: an answer is either a granted response over the digest asked for, or an error; never an empty or foreign token.
"""

from datetime import datetime
from typing import Protocol

from liuhen.core.kernel.errors import LiuhenError


class TimestampUnavailable(LiuhenError):
    """The authority could not be reached or did not answer in time: ask again later."""


class TimestampRefused(LiuhenError):
    """The authority refused, or answered what was not asked: asking again will not help."""


class Timestamper(Protocol):
    """A time-stamping authority, ours or another's."""

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        """Give a DER TimeStampResp (RFC 3161 section 2.4.2) over a SHA-256 digest.

        `at` is the time the caller acts at. A test authority states it as its own time; a real one states its clock's.
        Raises TimestampUnavailable, TimestampRefused.
        """
        ...
