"""The ledger: events and what proves them. The lowest room of the records; it knows nobody."""
