"""Published request vectors of the witness protocol.

Source: FiloSottile/torchwood, internal/witness/witness_test.go (data only): a sigsum log with 1, 3 and 5 entries.
"""

from base64 import b64decode, b64encode

from liuhen.core.tlog.keys import KeyKind, VerifierKey

ORIGIN = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562"
ORIGIN_SHA256 = "ace8788d62aafa0f8ea8c0e74fcc68e5962f181ac963f1197b1ec8134f0a1b50"
LOG_KEY = VerifierKey(
    ORIGIN, KeyKind.ED25519, bytes.fromhex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f")
)
_ONE = "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_ROWS = {
    (0, 1): (
        "KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        (),
        "UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=",
    ),
    (1, 3): (
        "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=",
        (_ONE, "KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        "UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=",
    ),
    (1, 5): (
        "QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=",
        (
            _ONE,
            "+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=",
            "KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ),
        "UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=",
    ),
}


def request(old: int, size: int) -> bytes:
    """Give the published request from one size to another."""
    root, proof, signature = _ROWS[old, size]
    lines = "".join(f"{line}\n" for line in proof)
    return f"old {old}\n{lines}\n{ORIGIN}\n{size}\n{root}\n\n— {ORIGIN} {signature}\n".encode()


def broken_signature(body: bytes) -> bytes:
    """Give a request whose log signature was damaged."""
    head, _, encoded = body.rstrip(b"\n").rpartition(b" ")
    raw = bytearray(b64decode(encoded))
    raw[-1] ^= 1
    return head + b" " + b64encode(bytes(raw)) + b"\n"
