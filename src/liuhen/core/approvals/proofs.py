"""By what whoever signs an opinion proved who they are, in the words that records keep."""

BY_PASSWORD = "口令"
BY_BOTH = "口令和动态口令"
PROOFS = (BY_PASSWORD, BY_BOTH)
