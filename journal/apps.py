"""Names the journal and fills its two sockets when Django has started."""

from importlib import import_module

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from journal import contracts


class JournalConfig(AppConfig):
    name = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app's kinds and subscribers are known, and nothing more may be registered."""
        autodiscover_modules("contracts")
        autodiscover_modules("reactions")
        contracts.close()
        post_migrate.connect(_open_cursors, sender=self, dispatch_uid="journal.open_cursors")


def _open_cursors(sender: AppConfig, using: str, **kwargs: object) -> None:
    """A subscriber that exists when the tables are made misses nothing, whenever it is first served."""
    if "journal_cursor" in connections[using].introspection.table_names():
        import_module("journal.actions").open_cursors()
