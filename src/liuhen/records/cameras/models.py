"""Camera systems: their connections and tokens, and their deliveries as they came in.

Invariant: a delivery is acknowledged only when its row here is committed and its bytes are in the vault; nothing is deleted
from here but tokens and refused entries that have run out. Only digests of keys and tokens are kept.
"""

from django.db import models


class CameraConnection(models.Model):
    """A camera system that may deliver to an agency; `uid` is its user name, `key_digest` the SHA-256 of its key."""

    uid = models.CharField(max_length=32, unique=True)
    agency = models.CharField(max_length=32)
    label = models.CharField(max_length=64)
    key_digest = models.CharField(max_length=64)
    container_type = models.CharField(max_length=8)
    public_key_id = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "label"])]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "label"], condition=models.Q(disabled_at=None), name="one_living_connection"
            )
        ]

    def __str__(self) -> str:
        return self.label


class CameraToken(models.Model):
    """What a camera system shows with every call after it named its key; opaque, and good for minutes."""

    connection = models.ForeignKey(CameraConnection, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.connection} {self.expires_at}"


class CameraRefusal(models.Model):
    """A wrong key: from where, for which name, and when; counted to slow down whoever guesses."""

    address = models.CharField(max_length=64)
    username = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address", "username", "at"])]

    def __str__(self) -> str:
        return f"{self.address} {self.username}"


class CameraCategory(models.Model):
    """A category that was published to cameras: footage labelled with it comes back long after its case is closed."""

    agency = models.CharField(max_length=32)
    ident = models.CharField(max_length=32)
    name = models.CharField(max_length=100)
    case_uid = models.CharField(max_length=64)
    act_uid = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "ident"], name="one_category")]

    def __str__(self) -> str:
        return self.name


class CameraContainer(models.Model):
    """A container: one recording, one bundle of rejected content, or the lists System, Users and Devices.

    `completed_at`: the camera system sealed it; `finished_at`: everything in it became a recording or a quarantine entry.
    `doubts` are sentences for a person; `fault` says why the last try to finish it, at `tried_at`, failed.
    """

    connection = models.ForeignKey(CameraConnection, on_delete=models.PROTECT, related_name="containers")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=16)
    metadata = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    officer = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=64, blank=True)
    doubts = models.JSONField(default=list)
    fault = models.CharField(max_length=500, blank=True)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="one_container")]
        indexes = [models.Index(fields=["kind", "finished_at", "completed_at"])]

    def __str__(self) -> str:
        return self.name


class CameraObject(models.Model):
    """One content under a name; another content sent under the same name is another row, and only the last begun is `current`.

    `begun_at`: when the last request that sent it came in; `received_at`: when its bytes were first safe.
    `outcome`: empty while nothing was made of it, then stored, known, quarantined, kept (with a recording) or read.
    """

    container = models.ForeignKey(CameraContainer, on_delete=models.PROTECT, related_name="objects_in")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)
    md5 = models.CharField(max_length=32)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100, blank=True)
    metadata = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    outcome = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    recording = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["container", "name", "sha256"], name="one_content_of_a_name")]
        indexes = [models.Index(fields=["recording"])]

    def __str__(self) -> str:
        return self.name
