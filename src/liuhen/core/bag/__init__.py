"""BagIt 1.0 (RFC 8493): the shape of an archive package, written and checked with SHA-256 and SM3 side by side."""
