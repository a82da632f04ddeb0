"""The Django app of the index."""

from django.apps import AppConfig


class IndexConfig(AppConfig):
    """Rows derived from facts: they can be thrown away and rebuilt from events."""

    name = "liuhen.records.index"
    label = "index"
    verbose_name = "索引"
    default_auto_field = "django.db.models.BigAutoField"
