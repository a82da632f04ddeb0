"""Camera systems that deliver here, and what they have delivered so far."""
