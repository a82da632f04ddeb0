"""Recordings and photographs, true, broken and hostile."""
