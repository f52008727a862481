"""Releases of packs, to read; they change by `manage.py packs apply`."""

from django.contrib import admin
from django.http import HttpRequest

from packs.models import PackRelease


@admin.register(PackRelease)
class PackReleaseAdmin(admin.ModelAdmin):
    """What was applied, when, by whom."""

    list_display = ("code", "version", "in_force", "applied_at", "applied_by", "hash")
    list_filter = ("code", "in_force")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Releases come from the library."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A release is what it was."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """History stays."""
        return False
