"""Every byte in or out: files, messages, tickets of partners, what programs and people are sent."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from exchange.contracts import close_sockets
from exchange.contracts.exports import close_listings
from exchange.contracts.hotline import close_desk
from exchange.contracts.machines import close_reception
from exchange.contracts.messages import close_messages
from exchange.contracts.sendings import close_namers


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Exchange")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every app that plugs in has done so in its intakes.py; then the sockets close."""
        autodiscover_modules("intakes")
        close_sockets()
        close_listings()
        close_desk()
        close_reception()
        close_messages()
        close_namers()
