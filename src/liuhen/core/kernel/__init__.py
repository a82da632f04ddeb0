"""What every other room of the core stands on: errors, instants, digests, canonical bytes, the strict codec."""
