"""文书: the types of documents as data, and how what a case knows flows into them."""
