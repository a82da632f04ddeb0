"""The tables of the ledger: events and their contents, the logs they stand in, and the checkpoints that seal the logs.

Invariant: rows of every table but `Log` are written once. Triggers of the database itself refuse UPDATE and DELETE
(see guards.py), so a slip of the program or of a person at a console cannot change what was recorded.
"""

from django.db import models


class Log(models.Model):
    """One line of leaves for one agency and one year (of `recorded_at` in Asia/Shanghai); its row is the agency's lock."""

    origin = models.CharField(max_length=200, primary_key=True)
    agency = models.CharField(max_length=32)
    year = models.PositiveIntegerField()
    next_index = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "year"], name="one_log_per_agency_and_year")]

    def __str__(self) -> str:
        return self.origin


class Event(models.Model):
    """An event as it stands: the exact header bytes as text, and columns copied from them for finding it."""

    id = models.CharField(max_length=64, primary_key=True)
    agency = models.CharField(max_length=32)
    stream = models.CharField(max_length=100)
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=64)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    header = models.TextField()
    origin = models.CharField(max_length=200)
    leaf_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="one_event_per_stream_position"),
            models.UniqueConstraint(fields=["origin", "leaf_index"], name="one_event_per_leaf"),
        ]
        indexes = [
            models.Index(fields=["agency", "stream"], condition=models.Q(seq=1), name="streams_of_agency"),
            models.Index(fields=["agency", "recorded_at"], name="events_of_agency"),
            models.Index(fields=["type", "recorded_at"], name="events_of_type"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.seq} {self.type}"


class Content(models.Model):
    """The content of an event with its salt: what a lawful disposal may one day destroy, header and leaf staying."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True)
    salt = models.BinaryField()
    content = models.TextField()

    def __str__(self) -> str:
        return str(self.event_id)


class Checkpoint(models.Model):
    """A sealed size of a log: `note` is the checkpoint with the log's own signatures, `root` is hexadecimal."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="one_checkpoint_per_size")]

    def __str__(self) -> str:
        return f"{self.origin} @ {self.size}"


class Attestation(models.Model):
    """What somebody else says of a checkpoint: a witness's cosignature line or a time stamp token.

    A row of its own, because it may come minutes after the checkpoint was sealed, and the checkpoint is never rewritten.
    """

    class Kind(models.TextChoices):
        COSIGNATURE = "cosignature", "见证签名"
        TIMESTAMP = "timestamp", "时间戳"

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="attestations")
    kind = models.CharField(max_length=16, choices=Kind)
    name = models.CharField(max_length=200)
    value = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["checkpoint", "kind"], name="attestations_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
