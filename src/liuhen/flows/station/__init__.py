"""Deliveries of docking stations and memory cards: found in a folder, read by name and companions, taken in, remembered."""
