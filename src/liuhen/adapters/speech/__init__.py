"""Whether anyone speaks in a recording, and when: an optional extra; without it speech is unknown, never absent."""
