from django.contrib import admin

from evaluation.models import Mark, Scheme


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    list_display = ("code", "pack", "in_force")
    readonly_fields = ("code", "names", "document", "pack")


@admin.register(Mark)
class MarkAdmin(admin.ModelAdmin):
    list_display = ("case", "organisation", "score", "level", "counts", "closed_at")
    search_fields = ("case", "organisation")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
