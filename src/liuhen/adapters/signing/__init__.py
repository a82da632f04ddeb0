"""Seals on documents and signatures on bytes.

Invariant: no clock here; the time of signing is given, and whatever was signed before stays valid.
"""
