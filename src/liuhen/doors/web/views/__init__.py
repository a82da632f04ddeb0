"""Views by noun. Each is one translation in, one call, one translation out."""
