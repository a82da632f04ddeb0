"""Where a log's tiles are kept."""
