"""The project as an app: owns commands, templates and the sentences of every app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import register

from cityops import checks
from core import sentences


class CityopsConfig(AppConfig):
    name = "cityops"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Each app's sentences.py is known, so that every code has its sentence."""
        sentences.load([*settings.APPS, "cityops"])
        register(checks.one_driver)
