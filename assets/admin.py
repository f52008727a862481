"""Administration pages of assets: types are edited, components and censuses are read."""

from django.contrib.gis import admin
from django.http import HttpRequest

from assets.models import Asset, AssetType, Survey


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed by actions only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come by import."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Rows change by import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Codes are never used again."""
        return False


@admin.register(AssetType)
class AssetTypeAdmin(ReadOnly):
    """Types come from packs."""

    list_display = ("code", "major", "minor", "geometry", "pack", "retired")
    list_filter = ("major", "pack", "retired")
    search_fields = ("code", "names")


@admin.register(Asset)
class AssetAdmin(ReadOnly):
    """The register of components."""

    list_display = ("code", "type", "state", "cell", "maintainer", "changed_at")
    list_filter = ("type", "state")
    list_select_related = ("type",)
    search_fields = ("code__startswith",)
    show_full_result_count = False
    exclude = ("geom",)


@admin.register(Survey)
class SurveyAdmin(ReadOnly):
    """Every import of components."""

    list_display = ("id", "source", "taken_at", "taken_by", "created", "updated", "refused")
