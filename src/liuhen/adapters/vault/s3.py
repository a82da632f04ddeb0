"""The vault on any S3 service with Object Lock, for more than one server.

Invariant: an object is sent only after both digests are known, carries them as metadata, and is created under
`If-None-Match: *`, so that a second writer is refused by the service itself. How long it is locked is the bucket's default
retention, kept by the service's clock; `prove_lock` finds out whether the lock is real. See docs/decisions/0004-vault.md.
"""

import base64
import contextlib
import errno
import io
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError

from liuhen.adapters.vault.port import (
    DiskFull,
    Fixity,
    ObjectMissing,
    Progress,
    Stored,
    VaultDamaged,
    require_expected,
    require_name,
    require_range,
)
from liuhen.adapters.vault.s3_service import S3Place, connect, service
from liuhen.adapters.vault.stream import digest_stream
from liuhen.core.kernel.digests import Digests

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PART = 16 * 1024 * 1024
_MOST_PARTS = 9_000  # the service's limit is 10,000
_AT_ONCE = 2  # parts in the air; each holds its bytes in memory
_TRIES = 4  # against a writer of the same object who is still under way


class S3Vault:
    """Objects under `PREFIX/objects/<sha256>` of one bucket, taken in through a spool folder on local disk."""

    def __init__(self, place: S3Place, *, spool: Path) -> None:
        self._place = place
        self._client = connect(place)
        self._folder = f"{place.prefix}objects/"
        self._spool = spool
        spool.mkdir(parents=True, exist_ok=True)

    def store(self, source: BinaryIO, *, expect: Digests | None = None, progress: Progress | None = None) -> Stored:
        """Take in a stream; see Vault.store. Raises DigestMismatch, DiskFull, VaultDamaged, VaultUnreachable.

        After a lost answer a repeated request may find its own object, which is then reported as not fresh.
        """
        # The spool file has no name: a killed process leaves nothing of it.
        with tempfile.TemporaryFile(dir=self._spool, buffering=0) as spool:
            try:
                digests = digest_stream(source, lambda block: _write_all(spool.fileno(), block), progress)
            except OSError as error:
                if error.errno in _NO_ROOM:
                    raise DiskFull(str(self._spool)) from error
                raise
            require_expected(digests, expect)
            fresh = self.stat(digests.sha256) is None and self._create(spool.fileno(), digests)
        if not fresh and self.stat(digests.sha256) != digests:
            raise VaultDamaged(digests.sha256, "已有对象与本次内容不一致")
        return Stored(digests, fresh)

    def open(self, sha256: str, start: int = 0, length: int | None = None) -> BinaryIO:
        """Open an object or a range of it; see Vault.open. Raises ObjectMissing, BadInput, VaultUnreachable."""
        require_range(start, length)
        if length == 0:
            if self.stat(sha256) is None:
                raise ObjectMissing(sha256)
            return io.BytesIO(b"")
        wanted: dict[str, Any] = {}
        if start or length is not None:
            wanted["Range"] = f"bytes={start}-{'' if length is None else start + length - 1}"
        try:
            with service(self._place):
                answer = self._client.get_object(Bucket=self._place.bucket, Key=self._key(sha256), **wanted)
        except ClientError as error:
            if _code(error) in ("InvalidRange", "416"):
                return io.BytesIO(b"")
            if _is_absent(error):
                raise ObjectMissing(sha256) from None
            raise
        return io.BufferedReader(cast(Any, _Body(answer["Body"], self._place)))

    def stat(self, sha256: str) -> Digests | None:
        """Give the kept digests; see Vault.stat. Raises VaultDamaged, VaultUnreachable."""
        try:
            with service(self._place):
                head = self._client.head_object(Bucket=self._place.bucket, Key=self._key(sha256))
        except ClientError as error:
            if _is_absent(error):
                return None
            raise
        kept = head["Metadata"]
        if kept.get("sha256") != sha256 or "sm3" not in kept or kept.get("size") != str(head["ContentLength"]):
            raise VaultDamaged(sha256, "摘要记录缺失，或与对象的名称、大小不符")
        return Digests(sha256=sha256, sm3=kept["sm3"], size=head["ContentLength"])

    def iterate(self) -> Iterator[str]:
        """Give all names in ascending order, which is the order in which the service lists them."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._place.bucket, Prefix=self._folder)
        with service(self._place):
            for page in pages:
                yield from (item["Key"].removeprefix(self._folder) for item in page.get("Contents", []))

    def check(self, sha256: str) -> Fixity:
        """Re-hash an object; see Vault.check. Raises VaultUnreachable: silence of the service is no finding."""
        try:
            kept = self.stat(sha256)
        except VaultDamaged:
            kept = None  # reported as a failed finding by Fixity
        try:
            with self.open(sha256) as file:
                return Fixity(sha256, kept, digest_stream(file))
        except ObjectMissing:
            return Fixity(sha256, kept, None)

    def sweep(self, older_than: datetime) -> int:
        """Abort uploads that killed writers began before `older_than`; give how many. Choose days: slow lines are slow."""
        gone = 0
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._place.bucket, Prefix=self._folder
        )
        with service(self._place):
            for upload in [item for page in pages for item in page.get("Uploads", [])]:
                if upload["Initiated"] < older_than:
                    self._client.abort_multipart_upload(
                        Bucket=self._place.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                    )
                    gone += 1
        return gone

    def _key(self, sha256: str) -> str:
        return self._folder + require_name(sha256)

    def _create(self, spool: int, digests: Digests) -> bool:
        """Send the object; False when the service says that it is there already."""
        send = self._put_whole if digests.size <= _PART else self._put_parts
        with service(self._place):
            for turn in range(_TRIES):
                try:
                    send(spool, digests)
                    return True
                except ClientError as error:
                    if _code(error) in ("PreconditionFailed", "412"):
                        return False
                    if _code(error) not in ("ConditionalRequestConflict", "409") or turn == _TRIES - 1:
                        raise
        return False

    def _naming(self, digests: Digests) -> dict[str, Any]:
        return {
            "Bucket": self._place.bucket,
            "Key": self._key(digests.sha256),
            "ContentType": "application/octet-stream",
            "Metadata": {"sha256": digests.sha256, "sm3": digests.sm3, "size": str(digests.size)},
        }

    def _put_whole(self, spool: int, digests: Digests) -> None:
        self._client.put_object(
            Body=os.pread(spool, digests.size, 0),
            # The service recomputes it: what it keeps is what we named.
            ChecksumSHA256=base64.b64encode(bytes.fromhex(digests.sha256)).decode("ascii"),
            IfNoneMatch="*",
            **self._naming(digests),
        )

    def _put_parts(self, spool: int, digests: Digests) -> None:
        upload = self._client.create_multipart_upload(ChecksumAlgorithm="SHA256", **self._naming(digests))
        target: dict[str, Any] = {"Bucket": upload["Bucket"], "Key": upload["Key"], "UploadId": upload["UploadId"]}
        try:
            parts = self._send_parts(spool, digests.size, target)
            self._client.complete_multipart_upload(MultipartUpload={"Parts": parts}, IfNoneMatch="*", **target)
        except BaseException:
            with contextlib.suppress(ClientError, BotoCoreError):  # what is left is swept later
                self._client.abort_multipart_upload(**target)
            raise

    def _send_parts(self, spool: int, size: int, target: dict[str, Any]) -> "list[CompletedPartTypeDef]":
        span = max(_PART, -(-size // _MOST_PARTS))

        def send(number: int) -> "CompletedPartTypeDef":
            answer = self._client.upload_part(
                Body=os.pread(spool, min(span, size - number * span), number * span),
                PartNumber=number + 1,
                ChecksumAlgorithm="SHA256",
                **target,
            )
            return {"PartNumber": number + 1, "ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]}

        with ThreadPoolExecutor(_AT_ONCE) as crew:
            sending = [crew.submit(send, number) for number in range(-(-size // span))]
            try:
                return [part.result() for part in sending]
            except BaseException:
                crew.shutdown(cancel_futures=True)
                raise


class _Body(io.RawIOBase):
    """An answer's bytes as a file; a line that breaks while reading is VaultUnreachable."""

    def __init__(self, body: Any, place: S3Place) -> None:
        super().__init__()
        self._body = body
        self._place = place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        with service(self._place):
            piece = self._body.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._body.close()
        super().close()


def _write_all(descriptor: int, block: memoryview) -> None:
    rest = block
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_absent(error: ClientError) -> bool:
    return _code(error) in ("404", "NoSuchKey", "NotFound")
