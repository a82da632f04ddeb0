"""Rules: law as data, and the one evaluator that judges facts by it."""
