"""Witnesses: who remembers how far a log had grown, asked over HTTP or in the same process (C2SP tlog-witness)."""
