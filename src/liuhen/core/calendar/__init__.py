"""Deadlines: the work calendar as data, typed periods, and results that show their working."""
