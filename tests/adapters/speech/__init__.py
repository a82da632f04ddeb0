"""Listening for speech."""
