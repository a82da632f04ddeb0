"""Events: the only way anything changes. Each is typed, immutable, and committed to by a leaf of the agency's log."""
