"""Administration pages of the grid: to look; maps and calendars change by actions only."""

from django.contrib.gis import admin
from django.http import HttpRequest

from grid.models import Calendar, GridVersion, Region


class ReadOnly(admin.ModelAdmin):
    """Looked at here, changed by actions only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come by import."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A published map does not change."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Old cases lie on old maps."""
        return False


@admin.register(GridVersion)
class GridVersionAdmin(ReadOnly):
    """Every map, drafted and published."""

    list_display = ("id", "state", "valid_from", "valid_until", "created_at", "created_by", "note")


@admin.register(Region)
class RegionAdmin(ReadOnly):
    """Regions of every map."""

    list_display = ("code", "level", "path", "version", "area_m2")
    list_filter = ("level", "version")
    search_fields = ("code", "names")
    exclude = ("geom", "simple3857", "anchor")


@admin.register(Calendar)
class CalendarAdmin(ReadOnly):
    """Working hours come from packs."""

    list_display = ("code", "area", "round_the_clock", "pack", "changed_at")
