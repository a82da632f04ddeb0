"""The Django app of the camera systems."""

from django.apps import AppConfig


class CamerasConfig(AppConfig):
    """Connections and their deliveries: a place of passage, from which recordings and quarantine entries are made."""

    name = "liuhen.records.cameras"
    label = "cameras"
    verbose_name = "执法记录仪系统"
    default_auto_field = "django.db.models.BigAutoField"
