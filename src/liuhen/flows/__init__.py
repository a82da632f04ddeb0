"""Flows: one legal act per module. A flow checks that this actor may do this now, lets the bytes into the vault, records
the events, and brings the index up to the new facts, all or nothing.
"""
