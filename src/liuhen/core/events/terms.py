"""Events of terms: what became of a deadline when the calendar it was counted by changed.

The verdicts themselves are never kept: this is the trace of a day that a person may have read and relied upon.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TermRecomputed:
    """期限重算: a term of this case ends at another instant, or is no longer provisional, by a calendar adopted meanwhile.

    `subject_kind` and `subject_id` name what was judged, `subject` is what people call it; `was` and `now` are end instants,
    `calendar` the version counted by now, `basis` the notices that are new in it.
    """

    clause: str
    rule: str
    title: str
    subject_kind: str
    subject_id: str
    subject: str
    was: datetime
    was_provisional: bool
    now: datetime
    now_provisional: bool
    calendar: str
    basis: str
