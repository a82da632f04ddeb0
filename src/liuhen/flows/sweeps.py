"""Sweeps: work that state itself shows to be undone."""

from datetime import datetime, timedelta

from django.db import transaction

from liuhen.flows.crashes import forget_old
from liuhen.flows.indexing import refresh_case
from liuhen.flows.keep_log import seal_logs
from liuhen.flows.office import office
from liuhen.records.index.models import CaseRow
from liuhen.records.ledger import read

_PAGE = 200
_ABANDONED = timedelta(hours=6)


def seal_new(at: datetime) -> int:
    """Seal every log that has unsealed events; gives how many leaves were added."""
    added = 0
    for log in read.logs():
        last = read.last_checkpoint(log.origin)
        if last is None or last.size < log.next_index or not last.timestamp:
            added += sum(sealing.added for sealing in seal_logs(log.agency, at) if sealing.origin == log.origin)
    return added


def judge_overdue(at: datetime) -> int:
    """Judge again the cases whose next term has run out since they were last judged; gives how many."""
    rows = CaseRow.objects.filter(next_due__lt=at).order_by("next_due").values_list("uid", "agency")[:_PAGE]
    for uid, agency in list(rows):
        with transaction.atomic():
            refresh_case(uid, agency, judged_at=at)
    return len(rows)


def sweep_vault(at: datetime) -> int:
    """Remove what killed writers left unfinished long ago, and the notes of killed readers; gives how many files."""
    return office().vault.sweep(at - _ABANDONED) + forget_old(at)
