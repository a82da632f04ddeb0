"""测试时间戳 (TEST TSA): a time-stamping authority in this process, for demonstration and tests.

Invariant: it states the time it is given and so proves nothing about time; its certificate says so in its name.
The same digest, time and key give the same response.
"""

import hashlib
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, pem, tsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from liuhen.core.kernel.errors import BadInput

# A private policy under the UUID arc (X.667): "test only, no assurance of time".
_POLICY = "2.25.203716342894057923817546120987733014528"
_SHA256 = {"algorithm": "sha256"}


class DummyAuthority:
    """A Timestamper that signs with the test authority's RSA key and takes `at` for its clock, to the second."""

    def __init__(self, key_pem: bytes, certificate_pem: bytes, chain_pem: tuple[bytes, ...] = ()) -> None:
        key = serialization.load_pem_private_key(key_pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise BadInput("timestamp key", "expected an RSA key; open the test authority anew")
        self._key = key
        self._certificate = _load(certificate_pem)
        self._chain = [_load(one) for one in chain_pem]

    def stamp(self, digest_sha256: bytes, *, at: datetime) -> bytes:
        """Give a granted DER TimeStampResp over a SHA-256 digest at the given time."""
        return self._answer(digest_sha256, at, None)

    def answer(self, request: bytes, *, at: datetime) -> bytes:
        """Answer a DER TimeStampReq as a server would, nonce included. Raises BadInput for another digest algorithm."""
        asked = tsp.TimeStampReq.load(request)
        imprint = asked["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256":
            raise BadInput("timestamp request", "expected a SHA-256 imprint")
        return self._answer(imprint["hashed_message"].native, at, asked["nonce"].native)

    def _answer(self, digest: bytes, at: datetime, nonce: int | None) -> bytes:
        if len(digest) != 32:
            raise BadInput("timestamp digest", f"expected 32 bytes of SHA-256, found {len(digest)}")
        moment = at.astimezone(UTC).replace(microsecond=0)
        serial = hashlib.sha256(digest + moment.isoformat().encode() + str(nonce).encode()).digest()[:16]
        info: dict[str, object] = {
            "version": "v1",
            "policy": _POLICY,
            "message_imprint": {"hash_algorithm": _SHA256, "hashed_message": digest},
            "serial_number": int.from_bytes(serial, "big") >> 1,
            "gen_time": moment,
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self._certificate.subject),
        }
        if nonce is not None:
            info["nonce"] = nonce
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(tsp.TSTInfo(info).dump())})
        response: bytes = tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
        return response

    def _signed(self, info: bytes) -> cms.SignedData:
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(info).digest()]}),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [self._identified()]}),
            ]
        )
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", self._issuer_and_serial()),
            "digest_algorithm": _SHA256,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signed_attrs": attributes,
            "signature": self._key.sign(attributes.dump(), padding.PKCS1v15(), hashes.SHA256()),
        }
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
                "certificates": [self._certificate, *self._chain],
                "signer_infos": [signer],
            }
        )

    def _identified(self) -> tsp.SigningCertificateV2:
        digest = hashlib.sha256(self._certificate.dump()).digest()
        return tsp.SigningCertificateV2({"certs": [{"hash_algorithm": _SHA256, "cert_hash": digest}]})

    def _issuer_and_serial(self) -> cms.IssuerAndSerialNumber:
        return cms.IssuerAndSerialNumber(
            {"issuer": self._certificate.issuer, "serial_number": self._certificate.serial_number}
        )


def _load(certificate_pem: bytes) -> x509.Certificate:
    _, _, der = pem.unarmor(certificate_pem)
    return x509.Certificate.load(der)
