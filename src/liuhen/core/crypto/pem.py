"""PEM armour: the first certificate of a text, as DER."""

import base64
import binascii
import re

from liuhen.core.kernel.errors import BadInput

_ARMOUR = re.compile(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----")


def certificate_der(pem: bytes, place: str = "certificate") -> bytes:
    """Give the DER bytes of the first certificate. Raises BadInput when there is none. Spec: RFC 7468."""
    found = _ARMOUR.search(pem)
    if found is None:
        raise BadInput(place, "holds no PEM certificate")
    try:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    except binascii.Error:
        raise BadInput(place, "the certificate is not base64") from None
