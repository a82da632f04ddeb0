"""Facts: what a list of events adds up to. One fold, used by the index, the rules, the screen and the offline verifier."""
