from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from core.finding import close_finders
from core.waiting import close_desks


class DashboardConfig(AppConfig):
    name = "dashboard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app says in its waiting.py what waits for people, in its finding.py what can be found; both close."""
        autodiscover_modules("waiting")
        close_desks()
        autodiscover_modules("finding")
        close_finders()
