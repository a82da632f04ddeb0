"""The transparency log: a Merkle tree kept as static tiles, signed checkpoints, witnesses and proofs (C2SP, RFC 9162).

Invariant: pure. Storage, keys, signatures and times come in as arguments; everybody gets the same bytes.
"""
