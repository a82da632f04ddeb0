"""What a recording or a photograph says about itself, read with suspicion: the bytes may come from anyone."""
