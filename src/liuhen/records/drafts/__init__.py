"""Drafts of documents: what somebody is writing and has not made yet."""
