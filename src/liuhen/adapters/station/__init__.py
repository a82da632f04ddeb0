"""Docking stations and memory cards: what file names, companions and makers' ledgers say, read without touching the film."""
