"""Names accounts, hears of sign-ins, and fills its socket when Django has started."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from accounts.contracts import close_stakes


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Sign-ins are heard of; every app that keeps something by an organisation's path has said so."""
        import_module("accounts.authentication.sessions").listen()
        autodiscover_modules("reactions")
        close_stakes()
