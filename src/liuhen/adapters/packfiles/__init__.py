"""Packs, scenarios and their worked cases as YAML files: read strictly, every refusal with file and line."""
