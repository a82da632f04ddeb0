"""Enforcement documents as PDF/A-2b: data in, bytes out.

Invariant: the same form and data give the same bytes in every process, and data is only ever text, never typesetting code.
"""
