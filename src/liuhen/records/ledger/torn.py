"""Looking for torn places that a walk along one log cannot see: streams with holes, orphans, strangers.

Invariant: the database does the searching and hands over only what is wrong, so memory does not grow with the ledger.
"""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from liuhen.records.ledger.models import Content, Event, Log


def gaps_in_streams() -> Iterator[tuple[str, int]]:
    """Give each stream with the number of an event that is missing in it, right before one that stands."""
    before = Event.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq") - 1)
    rows = Event.objects.exclude(seq=1).filter(~Exists(before)).order_by("stream", "seq")
    return ((stream, seq - 1) for stream, seq in rows.values_list("stream", "seq").iterator())


def events_out_of_order() -> Iterator[str]:
    """Give the ids of events that stand before their predecessor in the same log."""
    later = Event.objects.filter(
        stream=OuterRef("stream"),
        seq=OuterRef("seq") - 1,
        origin=OuterRef("origin"),
        leaf_index__gt=OuterRef("leaf_index"),
    )
    return Event.objects.filter(Exists(later)).order_by("id").values_list("id", flat=True).iterator()


def events_outside_logs() -> Iterator[tuple[str, str]]:
    """Give origin and id of events in a log that does not exist, or of another agency than their log."""
    own = Log.objects.filter(origin=OuterRef("origin"), agency=OuterRef("agency"))
    rows = Event.objects.filter(~Exists(own)).order_by("id")
    return rows.values_list("origin", "id").iterator()


def contents_without_event() -> Iterator[str]:
    """Give the ids that contents claim to belong to, where no such event stands."""
    standing = Event.objects.filter(pk=OuterRef("owner"))
    rows = Content.objects.annotate(owner=F("event_id")).filter(~Exists(standing))
    return rows.order_by("event_id").values_list("event_id", flat=True).iterator()
