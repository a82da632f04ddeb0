"""Private keys on disk, and the test certificates.

Invariant: a private key is in a file only its owner can read, and never in a message, a log line or a repr.
"""
