"""QR codes (ISO/IEC 18004) for the foot of issued documents.

Invariant: the same text gives the same bytes; error correction M, so that a stamp over a sixth of it does no harm.
"""

import io

import segno

from liuhen.core.kernel.errors import BadInput

_LONGEST = 300  # bytes: denser squares are not read off a copy of a copy


def draw_squares(text: str) -> bytes:
    """Give the PNG of a QR code without its quiet zone, eight pixels a square. Raises BadInput for a text that is too long."""
    if len(text.encode()) > _LONGEST:
        raise BadInput("verification.link", f"has more than {_LONGEST} bytes; shorten the public address")
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(picture, kind="png", scale=8, border=0)
    return picture.getvalue()
