"""The worker: sweeps that find what is undone and do it. A killed worker loses nothing, for state says what is left."""
