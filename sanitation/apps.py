"""Shift plans, trips, visits and tickets: from kerb to stack.

Named so that its place in the order of apps is checked from the first day; it has no tables yet.
"""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SanitationConfig(AppConfig):
    name = "sanitation"
    verbose_name = _("Sanitation")
    default_auto_field = "django.db.models.BigAutoField"
