"""Killing the program at random moments."""
