"""Which recordings a case has: those that were linked and not unlinked again."""

from collections.abc import Iterable

from liuhen.core.events.case import RecordingLinked, RecordingUnlinked


def linked_recordings(contents: Iterable[object]) -> tuple[str, ...]:
    """Give the uids of the recordings that a case's contents, in their order, leave linked to it."""
    linked: dict[str, None] = {}
    for content in contents:
        if isinstance(content, RecordingLinked):
            linked[content.recording] = None
        elif isinstance(content, RecordingUnlinked):
            linked.pop(content.recording, None)
    return tuple(linked)
