"""Read the facts off one file that came in.

Invariant: whatever the bytes, the answer is MediaFacts or Unreadable with a Chinese reason; nothing else is raised.
"""

from pathlib import Path

from liuhen.adapters.media.contents import detect
from liuhen.adapters.media.facts import MediaFacts
from liuhen.adapters.media.photo import probe_photo
from liuhen.adapters.media.timed import probe_timed
from liuhen.adapters.media.wholeness import require_whole


def probe(path: Path) -> MediaFacts:
    """Read what a recording or photograph says, telling its type by content. Raises Unreadable.

    FFmpeg decodes inside this process: call it from a worker, not from a web request.
    """
    content = detect(path)
    if not content.demuxer:
        return probe_photo(path, content)
    require_whole(path, content)
    return probe_timed(path, content)
