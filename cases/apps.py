from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Event and component cases and their workflow."""

    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"
