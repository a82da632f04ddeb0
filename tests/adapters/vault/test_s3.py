"""What the S3 vault adds: a lock that is proved, and a service that may be silent."""

import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from liuhen.adapters.vault.lock import LockNotHeld, prove_lock
from liuhen.adapters.vault.port import VaultDamaged
from liuhen.adapters.vault.s3 import S3Vault
from liuhen.adapters.vault.s3_service import S3Place, VaultUnreachable, connect
from liuhen.core.kernel.digests import digests_of

pytestmark = pytest.mark.s3

NOW = datetime.now(UTC)


def object_key(place: S3Place, sha256: str) -> str:
    return f"{place.prefix}objects/{sha256}"


def put_over(place: S3Place, sha256: str, body: bytes, metadata: dict[str, str]) -> None:
    connect(place).put_object(Bucket=place.bucket, Key=object_key(place, sha256), Body=body, Metadata=metadata)


def test_many_parts_arrive_whole(s3_vault: S3Vault) -> None:
    data = os.urandom(37_000_001)
    stored = s3_vault.store(io.BytesIO(data))
    assert stored.digests == digests_of(data)
    assert s3_vault.check(stored.digests.sha256).verdict == "passed"
    with s3_vault.open(stored.digests.sha256, 16 * 1024 * 1024 - 3, 10) as file:
        assert file.read() == data[16 * 1024 * 1024 - 3 :][:10]


def test_the_spool_is_empty_afterwards(s3_vault: S3Vault, tmp_path: Path) -> None:
    s3_vault.store(io.BytesIO(b"words"))
    assert list((tmp_path / "spool").iterdir()) == []


def test_stored_objects_cannot_be_deleted(s3_vault: S3Vault, s3_place: S3Place) -> None:
    name = s3_vault.store(io.BytesIO(b"evidence")).digests.sha256
    client = connect(s3_place)
    head = client.head_object(Bucket=s3_place.bucket, Key=object_key(s3_place, name))
    for bypass in (False, True):
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(
                Bucket=s3_place.bucket,
                Key=object_key(s3_place, name),
                VersionId=head["VersionId"],
                BypassGovernanceRetention=bypass,
            )
    assert s3_vault.check(name).verdict == "passed"


@pytest.mark.parametrize("size", [8, 17 * 1024 * 1024])
def test_the_service_itself_refuses_a_second_writer(
    s3_vault: S3Vault, s3_place: S3Place, tmp_path: Path, size: int
) -> None:
    """Even a writer who did not see the first one: the object keeps its one version."""
    data = os.urandom(size)
    kept = s3_vault.store(io.BytesIO(data)).digests
    (tmp_path / "again").write_bytes(data)
    with (tmp_path / "again").open("rb") as again:
        assert s3_vault._create(again.fileno(), kept) is False
    versions = connect(s3_place).list_object_versions(Bucket=s3_place.bucket, Prefix=object_key(s3_place, kept.sha256))
    assert len(versions["Versions"]) == 1


def test_a_version_put_on_top_by_other_means_is_found(s3_vault: S3Vault, s3_place: S3Place) -> None:
    kept = s3_vault.store(io.BytesIO(b"evidence")).digests
    put_over(s3_place, kept.sha256, b"invented", {"sha256": kept.sha256, "sm3": kept.sm3, "size": "8"})
    assert s3_vault.check(kept.sha256).verdict == "failed"
    put_over(s3_place, kept.sha256, b"invented too", {})
    assert s3_vault.check(kept.sha256).verdict == "failed"
    with pytest.raises(VaultDamaged):
        s3_vault.stat(kept.sha256)
    with pytest.raises(VaultDamaged):
        s3_vault.store(io.BytesIO(b"evidence"))


def test_an_object_hidden_by_a_delete_marker_is_missed(s3_vault: S3Vault, s3_place: S3Place) -> None:
    name = s3_vault.store(io.BytesIO(b"evidence")).digests.sha256
    connect(s3_place).delete_object(Bucket=s3_place.bucket, Key=object_key(s3_place, name))
    assert "不在保管库" in s3_vault.check(name).sentence


def test_sweep_aborts_what_killed_writers_began(s3_vault: S3Vault, s3_place: S3Place) -> None:
    client, key = connect(s3_place), object_key(s3_place, "0" * 64)
    upload = client.create_multipart_upload(Bucket=s3_place.bucket, Key=key)["UploadId"]
    client.upload_part(Bucket=s3_place.bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"half")
    assert list(s3_vault.iterate()) == []
    assert s3_vault.sweep(NOW - timedelta(days=2)) == 0
    assert s3_vault.sweep(NOW + timedelta(days=2)) == 1
    assert s3_vault.sweep(NOW + timedelta(days=2)) == 0


def test_a_real_lock_is_proved(s3_place: S3Place) -> None:
    prove_lock(s3_place, at=NOW)


def test_a_bucket_without_lock_is_refused(s3_place: S3Place) -> None:
    plain = replace(s3_place, bucket="liuhen-plain")
    connect(plain).create_bucket(Bucket=plain.bucket)
    with pytest.raises(LockNotHeld, match="对象锁定"):
        prove_lock(plain, at=NOW)


def test_a_silent_service_is_not_an_empty_one(s3_place: S3Place, tmp_path: Path) -> None:
    nobody = replace(s3_place, endpoint="http://127.0.0.1:9")
    vault = S3Vault(nobody, spool=tmp_path / "spool")
    for ask in (lambda: vault.stat("0" * 64), lambda: vault.check("0" * 64), lambda: list(vault.iterate())):
        with pytest.raises(VaultUnreachable, match=r"127\.0\.0\.1:9"):
            ask()
    with pytest.raises(VaultUnreachable):
        prove_lock(nobody, at=NOW)


def test_wrong_keys_are_refused_without_showing_them(s3_place: S3Place, tmp_path: Path) -> None:
    stranger = replace(s3_place, secret_key="guessed-by-a-stranger")
    with pytest.raises(VaultUnreachable) as refusal:
        list(S3Vault(stranger, spool=tmp_path / "spool").iterate())
    assert "guessed" not in str(refusal.value) + repr(stranger)
