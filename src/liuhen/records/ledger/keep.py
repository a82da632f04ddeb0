"""Keeping checkpoints and what witnesses and time stamp authorities say of them.

Invariant: a size of a log has one root for ever; keeping the same checkpoint again changes nothing.
"""

from datetime import datetime

from django.db import transaction

from liuhen.core.kernel.errors import LiuhenError
from liuhen.records.ledger.models import Attestation, Checkpoint


class CheckpointDisputed(LiuhenError):
    """Another root was sealed for this size: somebody rewrote the log, or two programs seal it at once."""

    def __init__(self, origin: str, size: int) -> None:
        super().__init__(
            f"日志 {origin} 在长度 {size} 处已封存过不同的根，两者不能并存；"
            "已停止封存，请保留现场并由安全管理员运行 liuhen ledger check 查明原因。"
        )
        self.origin = origin
        self.size = size


def keep_checkpoint(origin: str, *, size: int, root: bytes, note: str, sealed_at: datetime) -> int:
    """Keep a checkpoint signed by its log and give its row's id; raises CheckpointDisputed for a second root."""
    with transaction.atomic():
        row, _ = Checkpoint.objects.get_or_create(
            origin=origin, size=size, defaults={"root": root.hex(), "note": note, "sealed_at": sealed_at}
        )
        if row.root != root.hex():
            raise CheckpointDisputed(origin, size)
        return row.pk


def keep_cosignature(checkpoint: int, *, witness: str, line: str, at: datetime) -> None:
    """Keep a cosignature line (ending in a newline) of a witness for a checkpoint."""
    kind = Attestation.Kind.COSIGNATURE
    Attestation.objects.create(checkpoint_id=checkpoint, kind=kind, name=witness, value=line.encode(), at=at)


def keep_timestamp(checkpoint: int, *, authority: str, token: bytes, at: datetime) -> None:
    """Keep a time stamp token (DER) over the text of a checkpoint."""
    kind = Attestation.Kind.TIMESTAMP
    Attestation.objects.create(checkpoint_id=checkpoint, kind=kind, name=authority, value=token, at=at)
