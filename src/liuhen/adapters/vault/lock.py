"""Does the bucket really keep what it promises to keep?

Invariant: the answer comes from trying, not from reading settings: a locked probe object is written and its deletion is asked
for, plainly and with the governance bypass. Stores are known that accept a retention date and delete the object all the same.
"""

import secrets
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from liuhen.adapters.vault.s3_service import S3Place, VaultUnreachable, connect, service
from liuhen.core.kernel.errors import LiuhenError

_HELD_FOR = timedelta(days=1)  # the shortest that retention is made for
_REFUSALS = {"AccessDenied", "403", "InvalidRequest", "MethodNotAllowed", "ObjectLocked"}


class LockNotHeld(LiuhenError):
    """The bucket does not keep objects from being deleted."""

    def __init__(self, place: S3Place, what: str) -> None:
        super().__init__(
            f"存储桶 {place.bucket}：{what}，不能作为只写一次的保管库；请启用对象锁定（Object Lock，COMPLIANCE 模式）后重试。"
        )


def prepare_bucket(place: S3Place, *, retention_days: int) -> None:
    """Create the bucket with Object Lock if it is absent, and lock new objects for so many days by default.

    Choose the shortest retention the law demands: nobody, not even a lawful disposal, can shorten it afterwards.
    """
    client = connect(place)
    with service(place):
        try:
            client.head_bucket(Bucket=place.bucket)
        except ClientError:
            client.create_bucket(Bucket=place.bucket, ObjectLockEnabledForBucket=True)
        client.put_object_lock_configuration(
            Bucket=place.bucket,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": retention_days}},
            },
        )


def prove_lock(place: S3Place, *, at: datetime) -> None:
    """Write a probe locked until a day after `at` and try to delete it. Raises LockNotHeld, VaultUnreachable."""
    client = connect(place)
    key = f"{place.prefix}probe/{secrets.token_hex(8)}"
    try:
        with service(place):
            version = client.put_object(
                Bucket=place.bucket,
                Key=key,
                Body=b"liuhen lock probe",
                ChecksumAlgorithm="SHA256",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=at + _HELD_FOR,
            ).get("VersionId")
    except VaultUnreachable as error:
        if not isinstance(error.__cause__, ClientError):
            raise  # no answer is not an answer
        raise LockNotHeld(place, "拒绝写入带锁定期的对象") from error
    if not version or version == "null":
        raise LockNotHeld(place, "未启用版本控制")
    for bypass in ({}, {"BypassGovernanceRetention": True}):
        if not _is_refused(place, key, version, bypass):
            raise LockNotHeld(place, "锁定期内的对象仍可被删除")
    _require_readable(place, key, version)


def _is_refused(place: S3Place, key: str, version: str, bypass: dict[str, bool]) -> bool:
    try:
        connect(place).delete_object(Bucket=place.bucket, Key=key, VersionId=version, **bypass)  # type: ignore[arg-type]
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code", "")) in _REFUSALS
    return False


def _require_readable(place: S3Place, key: str, version: str) -> None:
    try:
        with service(place):
            connect(place).get_object(Bucket=place.bucket, Key=key, VersionId=version)["Body"].read()
    except (ClientError, LiuhenError) as error:
        raise LockNotHeld(place, "声称拒绝删除，锁定的对象却已读不出") from error
