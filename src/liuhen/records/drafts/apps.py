"""The Django app of the drafts."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Drafts of documents, until they are made."""

    name = "liuhen.records.drafts"
    label = "drafts"
    verbose_name = "文书草稿"
    default_auto_field = "django.db.models.BigAutoField"
