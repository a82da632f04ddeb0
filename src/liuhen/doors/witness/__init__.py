"""The witness's door: a small server that an authority other than the log's keeper runs."""
