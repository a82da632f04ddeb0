"""RFC 3161 timestamps: proof from another party that a digest existed by a time.

Invariant: what travels is always the DER TimeStampResp (status and token), as `openssl ts` and rfc3161-client read it.
"""
