from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from grid.contracts import close_layers


class GridConfig(AppConfig):
    name = "grid"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app that has features to publish, or things that a new map moves, says so in its layers.py."""
        autodiscover_modules("layers")
        close_layers()
