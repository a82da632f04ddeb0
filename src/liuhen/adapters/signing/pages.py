"""How many pages a PDF has."""

import io

from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from liuhen.core.kernel.errors import BadInput


def count_pages(pdf: bytes) -> int:
    """Count the pages of a PDF. Raises BadInput when the bytes are none."""
    try:
        return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"])
    except (PdfReadError, KeyError, ValueError) as error:
        raise BadInput("document", f"is not a readable PDF ({error}); render it again") from None
