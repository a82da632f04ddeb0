"""The single-file verifier as bytes: our own sources in a zip that Python runs, the same bytes for the same sources."""
