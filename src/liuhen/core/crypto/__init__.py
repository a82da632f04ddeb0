"""Checking of signatures, certificates, timestamps and signed PDFs, in Python alone.

Invariant: verify-only. No secret ever enters this room, so no operation here needs to be constant-time; signing is
injected elsewhere as a callable. Malformed input is refused or answered with False, never accepted.
"""
