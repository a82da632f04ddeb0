"""Index rows: what facts say, in a shape that lists and searches can page through.

Invariant: every row here can be thrown away and rebuilt from events by `liuhen ledger check --rebuild`; nothing is decided
from a row alone, and no row holds what no event said. Number series are the one exception: they hand out numbers.
"""

from django.db import models


class CaseRow(models.Model):
    """A case as lists show it; `version` is the stream version the row was made from.

    `calendar` is the version of the calendar it was judged by. `reckoned` marks work done: up to which event of the agency's
    stream the terms were counted anew by the calendars adopted; 0 makes the sweep look at it again, and do no harm.
    The columns `open_` say what everybody of the agency may be told: without what closed recordings decide.
    """

    uid = models.CharField(max_length=64, unique=True)
    agency = models.CharField(max_length=32)
    register_number = models.CharField(max_length=64)
    number = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=16)
    matter = models.CharField(max_length=200)
    party = models.CharField(max_length=200)
    stage = models.CharField(max_length=16)
    registered_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    judged_at = models.DateTimeField()
    version = models.IntegerField()
    met = models.IntegerField(default=0)
    unmet = models.IntegerField(default=0)
    pending = models.IntegerField(default=0)
    undetermined = models.IntegerField(default=0)
    next_due = models.DateTimeField(null=True)
    next_step = models.CharField(max_length=200, blank=True)
    open_unmet = models.IntegerField(default=0)
    open_pending = models.IntegerField(default=0)
    open_undetermined = models.IntegerField(default=0)
    open_next_due = models.DateTimeField(null=True)
    open_next_step = models.CharField(max_length=200, blank=True)
    packs = models.CharField(max_length=200)
    calendar = models.CharField(max_length=80, default="")
    reckoned = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-registered_at", "-id"]),
            models.Index(fields=["agency", "stage", "-registered_at"]),
            models.Index(fields=["agency", "next_due"]),
            models.Index(fields=["agency", "open_next_due"]),
            models.Index(fields=["agency", "number"]),
            models.Index(fields=["agency", "reckoned", "id"]),
        ]

    def __str__(self) -> str:
        return self.number or self.register_number


class InsiderRow(models.Model):
    """Somebody who works on a case that has closed recordings, and may therefore know of them; other cases have none."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="insiders")
    person = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["person", "case"])]
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_insider")]

    def __str__(self) -> str:
        return self.person


class FindingRow(models.Model):
    """A verdict that asks for something: unmet, pending or undetermined; `closed` where a closed recording decides it."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="findings")
    agency = models.CharField(max_length=32)
    clause = models.CharField(max_length=32)
    rule = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    verdict = models.CharField(max_length=16)
    level = models.CharField(max_length=8)
    subject_kind = models.CharField(max_length=16)
    subject_uid = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200)
    due = models.DateTimeField(null=True)
    closed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["agency", "verdict", "due"])]

    def __str__(self) -> str:
        return f"{self.clause} {self.verdict}"


class DocumentRow(models.Model):
    """A document; `code` is the public checking code printed on it, digests are of the file as issued.

    A number stands once in an agency, whoever asks for it at the same moment; that of a voided document stays its own.
    `notice_since`: when its public notice was posted, while that runs and nothing says that the document was served.
    """

    uid = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="documents")
    agency = models.CharField(max_length=32)
    form = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=32, blank=True, db_index=True)
    made_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=500, blank=True)
    notice_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["notice_since", "id"], name="notices_that_run")]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "number"], condition=~models.Q(number=""), name="one_document_per_number"
            )
        ]

    def __str__(self) -> str:
        return self.number or self.title


class RecordingRow(models.Model):
    """A recording; `case_uid` is empty until somebody links it, `classification` while nobody closed it.

    `clock_doubt` is the work list of times to be put right; `examined` that of the program which looks for silence and gaps.
    """

    uid = models.CharField(max_length=64, unique=True)
    agency = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=8)
    media_type = models.CharField(max_length=64)
    size = models.BigIntegerField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stored_at = models.DateTimeField()
    officer = models.CharField(max_length=64, blank=True)
    case_uid = models.CharField(max_length=64, blank=True, db_index=True)
    act_uid = models.CharField(max_length=64, blank=True)
    classification = models.CharField(max_length=64, blank=True)
    poster_sha256 = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=64, blank=True)
    way = models.CharField(max_length=16, blank=True)
    whole = models.CharField(max_length=128, blank=True)
    part = models.IntegerField(null=True)
    clock_doubt = models.CharField(max_length=300, blank=True)
    examined = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "-stored_at", "-id"]),
            models.Index(fields=["agency", "case_uid", "-stored_at"]),
            models.Index(fields=["examined", "id"]),
            models.Index(fields=["agency", "whole", "part"]),
        ]
        constraints = [models.UniqueConstraint(fields=["agency", "sha256"], name="one_recording_per_file")]

    def __str__(self) -> str:
        return self.name


class ApprovalRow(models.Model):
    """A round of approval that waits for somebody: the step that is next, who may take it, who may not for all their role.

    `takers` holds roles and persons, `barred` persons, each between bars (|role:机关负责人|person:ab12|); `lendable` says that
    a delegation may take the step. A round that is over has no row.
    """

    request = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="approvals")
    agency = models.CharField(max_length=32)
    matter = models.CharField(max_length=64)
    step = models.CharField(max_length=32)
    takers = models.TextField()
    barred = models.TextField()
    lendable = models.BooleanField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agency", "since", "id"])]

    def __str__(self) -> str:
        return f"{self.matter} {self.step}"


class QuarantineRow(models.Model):
    """A file set aside, with the sentence that says why; `outcome` says what became of it, empty while somebody must look."""

    event = models.CharField(max_length=64, unique=True)
    agency = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["agency", "-at", "-id"])]

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The next number of a series (agency, kind of number, year); taken in the transaction that uses it, so no gaps."""

    agency = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    year = models.IntegerField()
    next = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.agency} {self.kind} {self.year}: {self.next}"
