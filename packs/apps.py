from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from packs.contracts import close_sections


class PacksConfig(AppConfig):
    name = "packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app that understands a section says so in its manifest.py; then the register closes."""
        autodiscover_modules("manifest")
        close_sections()
