"""A document type as the record keeps it: canonical JSON of the whole type.

Invariant: what `spell_type` writes, `read_type` reads as the same type; any other spelling is refused.
"""

from liuhen.core.documents.model import DocumentType
from liuhen.core.kernel import canonical
from liuhen.core.kernel.codec import decode, encode


def spell_type(kind: DocumentType) -> str:
    """Write a type for the record."""
    return canonical.render(encode(kind)).decode()


def read_type(text: str, place: str = "definition") -> DocumentType:
    """Read a type of the record. Raises BadInput."""
    return decode(DocumentType, canonical.parse(text.encode(), place), place)
