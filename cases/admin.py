"""Cases in the administration pages: to look; they change by actions only."""

from django.contrib.gis import admin
from django.db.models import Model
from django.http import HttpRequest

from cases.models import Case, Category, Move, Responsibility, StepsModel


class _ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Case)
class CaseAdmin(_ReadOnly):
    """Every case; who reported is not shown here."""

    list_display = ("number", "stage", "category", "source", "area", "org", "reported_at", "due_at")
    list_filter = ("stage", "source")
    search_fields = ("number__exact",)
    list_select_related = ("category",)
    show_full_result_count = False


@admin.register(Move)
class MoveAdmin(_ReadOnly):
    """Every step that was taken."""

    list_display = ("case", "version", "verb", "before", "after", "actor_label", "at")
    search_fields = ("case__number__exact",)
    list_select_related = ("case",)
    show_full_result_count = False


@admin.register(Category)
class CategoryAdmin(_ReadOnly):
    """Every version of every class."""

    list_display = ("code", "version", "valid_from", "valid_until", "retired", "kind", "origin", "pack")
    list_filter = ("kind", "origin", "pack")
    search_fields = ("code", "names")


@admin.register(Responsibility)
class ResponsibilityAdmin(_ReadOnly):
    """Who answers for which duty."""

    list_display = ("duty", "kind", "by", "pack", "retired")


@admin.register(StepsModel)
class StepsModelAdmin(_ReadOnly):
    """How the city divides the steps."""

    list_display = ("code", "in_force", "warn_share", "rework_share", "pack")
