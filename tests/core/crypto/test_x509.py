"""Certificates and chains: what a good one says, and every reason for which a chain must break."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509 as theirs

from liuhen.core.crypto.refusals import Code, SignatureRefused
from liuhen.core.crypto.x509 import Certificate, build_chain, is_signed_by, parse_certificate
from tests.core.crypto import authority
from tests.core.crypto.authority import DAY, NOW, SINCE, UNTIL, Identity, certify, issuer, root, signer, stamper


def read(identity: Identity) -> Certificate:
    return parse_certificate(identity.der)


def code_of(leaf: Identity, others: list[Identity], roots: list[Identity], at: datetime = NOW) -> Code:
    with pytest.raises(SignatureRefused) as caught:
        build_chain(read(leaf), [read(item) for item in others], [read(item) for item in roots], at)
    return caught.value.code


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "ed25519"])
def test_a_certificate_says_what_was_written(kind: str) -> None:
    made, parsed = signer(kind).certificate, read(signer(kind))
    assert parsed.common_name == f"灵川县财政局 {kind}"
    assert parsed.serial == made.serial_number
    assert parsed.issuer == made.issuer.public_bytes() and parsed.subject == made.subject.public_bytes()
    assert (parsed.not_before, parsed.not_after) == (SINCE, UNTIL)
    assert not parsed.is_authority and parsed.purposes == ()
    assert read(issuer()).is_authority and read(stamper()).purposes == ("1.3.6.1.5.5.7.3.8",)


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384", "ed25519"])
def test_a_chain_reaches_its_root(kind: str) -> None:
    chain = build_chain(read(signer(kind)), [read(issuer())], [read(root())], NOW)
    assert [item.common_name for item in chain] == [f"灵川县财政局 {kind}", "Test Issuer", "Test Root"]


def test_every_kind_of_key_may_issue() -> None:
    for kind in ("rsa", "p256", "p384", "ed25519"):
        top = certify(f"root {kind}", kind, authority=True)
        leaf = certify("leaf", "p256", top)
        assert is_signed_by(read(leaf), read(top)) and not is_signed_by(read(leaf), read(root()))
        assert len(build_chain(read(leaf), [], [read(top)], NOW)) == 2


def test_a_certificate_that_is_itself_trusted_needs_no_issuer() -> None:
    alone = certify("self-signed", "p256")
    assert build_chain(read(alone), [], [read(alone)], NOW) == (read(alone),)
    assert code_of(alone, [alone], [root()]) == Code.ISSUER_UNKNOWN


def test_a_chain_without_root_or_link_is_broken() -> None:
    assert code_of(signer(), [], [root()]) == Code.ISSUER_UNKNOWN
    assert code_of(signer(), [issuer(), root()], []) == Code.ISSUER_UNKNOWN
    stranger = certify("Test Root", "p256", authority=True)
    assert code_of(signer(), [issuer()], [stranger]) == Code.ISSUER_UNKNOWN


def test_an_issuer_of_the_same_name_with_another_key_is_none() -> None:
    twin = Identity(issuer().key, certify("Test Issuer", "p256", root(), authority=True).certificate)
    assert code_of(signer(), [twin], [root()]) == Code.ISSUER_UNKNOWN


@pytest.mark.parametrize("at", [SINCE - DAY, UNTIL + DAY])
def test_a_chain_holds_only_in_its_time(at: datetime) -> None:
    assert code_of(signer(), [issuer()], [root()], at) == Code.CERTIFICATE_OUT_OF_TIME


def test_an_issuer_that_has_expired_breaks_the_chain() -> None:
    old = certify("old issuer", "p256", root(), authority=True, until=SINCE + DAY)
    assert code_of(certify("leaf", "p256", old), [old], [root()]) == Code.CERTIFICATE_OUT_OF_TIME


def test_only_authorities_issue() -> None:
    ordinary = certify("ordinary", "p256", root())
    assert code_of(certify("leaf", "p256", ordinary), [ordinary], [root()]) == Code.CERTIFICATE_MISUSED
    no_usage = certify("no usage", "p256", root(), authority=True, key_usage=False)
    assert build_chain(read(certify("leaf", "p256", no_usage)), [read(no_usage)], [read(root())], NOW)


def test_the_path_length_is_obeyed() -> None:
    second = certify("second issuer", "p256", issuer(), authority=True)
    leaf = certify("leaf", "p256", second)
    assert code_of(leaf, [second, issuer()], [root()]) == Code.CERTIFICATE_MISUSED


def test_a_critical_extension_nobody_understands_breaks_the_chain() -> None:
    unknown = theirs.UnrecognizedExtension(theirs.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    for critical in (True, False):
        extension = theirs.Extension(unknown.oid, critical, unknown)
        odd = certify("odd", "p256", issuer(), extra=extension)
        if critical:
            assert code_of(odd, [issuer()], [root()]) == Code.CERTIFICATE_MISUSED
        else:
            assert build_chain(read(odd), [read(issuer())], [read(root())], NOW)


def test_two_authorities_that_certify_each_other_end() -> None:
    one = certify(
        "one",
        "p256",
        Identity(authority.private_key("p256", "two"), certify("two", "p256").certificate),
        authority=True,
    )
    two = certify("two", "p256", Identity(authority.private_key("p256", "one"), one.certificate), authority=True)
    assert code_of(certify("leaf", "p256", one), [one, two], [root()]) == Code.ISSUER_UNKNOWN


def test_a_changed_certificate_is_refused_or_unsigned() -> None:
    data = signer().der
    for at in range(8, len(data), 7):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            certificate = parse_certificate(changed)
        except SignatureRefused:
            continue
        assert not is_signed_by(certificate, read(issuer()))
    for bad in (data[:-1], data + b"\x00", b""):
        with pytest.raises(SignatureRefused):
            parse_certificate(bad)


def test_an_sm2_chain_made_with_the_openssl_program(tmp_path: Path) -> None:
    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    identity = ["-sm3", "-sigopt", "distid:1234567812345678"]
    reading = ["-vfyopt", "distid:1234567812345678"]
    for owner in ("root", "leaf"):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", f"{owner}.key")
    openssl("req", "-x509", "-new", "-key", "root.key", "-subj", "/CN=SM2 Root", *identity, "-out", "root.pem")
    openssl("req", "-new", "-key", "leaf.key", "-subj", "/CN=SM2 Leaf", *identity, "-out", "leaf.csr")
    request = ["-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20"]
    openssl("x509", *request, *identity, *reading, "-out", "leaf.pem")
    for owner in ("root", "leaf"):
        openssl("x509", "-in", f"{owner}.pem", "-outform", "DER", "-out", f"{owner}.der")
    leaf, top = (parse_certificate((tmp_path / f"{owner}.der").read_bytes()) for owner in ("leaf", "root"))
    assert leaf.public_key.kind == "sm2" and leaf.common_name == "SM2 Leaf"
    chain = build_chain(leaf, [], [top], leaf.not_before.astimezone(UTC))
    assert [item.common_name for item in chain] == ["SM2 Leaf", "SM2 Root"]
