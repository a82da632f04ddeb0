"""The offline verifier: a package in, every lie named. It travels in each package and needs only Python.

The same rooms say what a package holds (layout, seal, catalogue, statement), so builder and verifier cannot drift apart.
"""
