"""An appended revision of a PDF: what was there stays as it was, byte for byte.

Invariant: pyHanko would write the machine's time into the metadata and draw the identifier at random; here the form's
metadata stays and the identifier comes from the content, so the same occasion gives the same bytes.
"""

import hashlib
import io

from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class Revision(IncrementalPdfFileWriter):
    """Appends to a PDF; `occasion` says what is appended. Raises PdfReadError for bytes that are no PDF."""

    def __init__(self, pdf: bytes, occasion: str) -> None:
        super().__init__(io.BytesIO(pdf))
        self._document_id[1] = ByteStringObject(hashlib.sha256(occasion.encode() + pdf).digest()[:16])

    def _update_meta(self) -> None:
        return None
