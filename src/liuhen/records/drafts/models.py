"""Drafts of documents (文书草稿): working state, no part of the record; the record begins where a document is made.

Invariant: every text carries the version at which it was last changed and by whom, so that a late save is compared with what
others wrote since, field by field; a draft that became a document keeps its name and nothing else, so it becomes none again.
"""

from django.db import models


class DraftRow(models.Model):
    """A draft of a case; `uid` is chosen by the page that begins it, so that a save repeated after a lost answer is the same save.

    `texts` by name of the field: {"text": …, "version": …, "by": actor}. `document` is what it became, empty while it is open.
    `read_out`: the texts by name as they were read out to the party, empty until then; what is changed after that is a correction.
    """

    uid = models.CharField(max_length=32, unique=True)
    agency = models.CharField(max_length=32)
    case_uid = models.CharField(max_length=64)
    code = models.CharField(max_length=8)
    act = models.CharField(max_length=32, blank=True)
    texts = models.JSONField(default=dict)
    read_out = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    begun_by = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64)
    changed_at = models.DateTimeField()
    document = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case_uid", "document", "-changed_at"])]

    def __str__(self) -> str:
        return f"{self.code} {self.uid}"
