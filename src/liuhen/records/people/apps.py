"""The Django app of people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Accounts of those who use the system."""

    name = "liuhen.records.people"
    label = "people"
    verbose_name = "人员"
    default_auto_field = "django.db.models.BigAutoField"
