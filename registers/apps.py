from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from registers.contracts import close_targets


class RegistersConfig(AppConfig):
    name = "registers"
    verbose_name = _("Registers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app that records may be linked to says so in its records.py; then the socket closes."""
        autodiscover_modules("records")
        close_targets()
