from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from assets.contracts import close_knowledge


class AssetsConfig(AppConfig):
    name = "assets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app that knows something of components says so in its components.py; then the register closes."""
        autodiscover_modules("components")
        close_knowledge()
