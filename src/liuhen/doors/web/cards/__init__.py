"""Cards: frozen dataclasses of primitives, the only thing a template is given. No model, no queryset, no fact goes further."""
