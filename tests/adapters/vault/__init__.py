"""The vault: one contract, proved on a disk and on a real S3 server."""
