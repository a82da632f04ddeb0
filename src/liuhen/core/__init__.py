"""The pure floor: events, facts, rules, time and proofs.

Invariant: nothing here reads a clock, a disk, a database or the network, and nothing here needs more than
Python's standard library, because this very folder travels in every archive package as its offline verifier.
"""
