"""PAdES seals on PDF documents, by pyHanko: a visible round seal, a signature, and a timestamp inside it.

Invariant: the seal is appended, so earlier seals stay valid and the sealed bytes stay in the file as they were; the
document stays PDF/A, and nothing but the given time, key and timestamper decides the result.
"""

import asyncio
import io
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import cms, tsp
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle

from liuhen.adapters.signing.picture import draw_seal
from liuhen.adapters.signing.places import seal_place
from liuhen.adapters.signing.revisions import Revision
from liuhen.adapters.signing.signing_keys import SigningKey
from liuhen.core.kernel.errors import LiuhenError

# Room for the CMS object, in hexadecimal digits: 12 KiB hold RSA-2048 with three certificates and a foreign timestamp.
_ROOM = 24_576


class SealNotApplied(LiuhenError):
    """The document could not be sealed; it is unchanged."""


class Timestamper(Protocol):
    """A source of RFC 3161 responses, as the timestamps room offers it."""

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        """Give a DER TimeStampResp over a SHA-256 digest."""
        ...


class PadesSeal:
    """One agency's seal: the key that signs, the authority that stamps the time, and its picture."""

    def __init__(
        self, agency: str, key: SigningKey, timestamper: Timestamper, picture: Image.Image | None = None
    ) -> None:
        self._agency = agency
        self._key = key
        self._timestamper = timestamper
        self._picture = picture or draw_seal(agency)

    def apply(self, pdf: bytes, *, at: datetime, field: str = "印章") -> bytes:
        """Give the PDF with this seal at its place, signed as of `at` with an embedded timestamp (PAdES B-T).

        Raises SealNotApplied for a damaged document or a field already signed, DeviceUnusable; what the timestamper raises passes
        through.
        Spec: ETSI EN 319 142-1, ISO 32000-1 12.8.
        """
        try:
            writer = Revision(pdf, f"{field}/{at.isoformat()}")
            place = seal_place(writer.prev)
            said = PdfSignatureMetadata(
                field_name=field, md_algorithm="sha256", name=self._agency, subfilter=SigSeedSubFilter.PADES
            )
            with self._key.open() as key:
                signer = PdfSigner(
                    said,
                    signer=key,
                    timestamper=_Stamped(self._timestamper, at),
                    stamp_style=self._style(),
                    new_field_spec=SigFieldSpec(field, on_page=place.page, box=place.box),
                )
                return asyncio.run(_sign(signer, writer, at))
        except (PdfError, SigningError) as error:
            raise SealNotApplied(
                f"the document cannot be sealed: {error}; render it again, or name another field"
            ) from error

    def _style(self) -> StaticStampStyle:
        whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins())
        # The name is given because pyHanko would draw a random one.
        image = PdfImage(self._picture, name="seal")
        return StaticStampStyle(border_width=0, background=image, background_layout=whole, background_opacity=1.0)


async def _sign(signer: PdfSigner, writer: IncrementalPdfFileWriter, at: datetime) -> bytes:
    session = signer.init_signing_session(writer)
    session.system_time = at
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=_ROOM)
    output = io.BytesIO()
    digest, _ = document.digest_tbs_document(output=output)
    finished = await document.perform_signature(
        document_digest=digest.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    await finished.post_signature_processing(output)
    return output.getvalue()


class _Stamped(TimeStamper):
    """Hands pyHanko's timestamp requests to the timestamper of the house."""

    def __init__(self, timestamper: Timestamper, at: datetime) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._source = timestamper
        self._at = at

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        response: Any = tsp.TimeStampResp.load(self._source.stamp(message_digest, at=self._at))
        return response["time_stamp_token"]
