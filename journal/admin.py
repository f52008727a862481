"""The journal in the admin: to be read, never to be written."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.sentences import sentence_of
from journal import actions
from journal.models import Cursor, Entry, Parked


class _ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(_ReadOnly):
    """What happened."""

    list_display = ("seq", "at", "kind", "subject", "actor_label", "org", "area")
    search_fields = ("subject__exact",)
    show_full_result_count = False
    ordering = ("-id",)


@admin.register(Cursor)
class CursorAdmin(_ReadOnly):
    """How far each subscriber has got."""

    list_display = ("subscriber", "seq", "attempts", "moved_at", "error")


@admin.register(Parked)
class ParkedAdmin(_ReadOnly):
    """What a subscriber could not take."""

    list_display = ("subscriber", "seq", "kind", "subject", "attempts", "parked_at", "settled_at", "error")
    list_filter = ("subscriber",)
    actions = ("requeue",)

    @admin.action(description=_("Give to the subscriber again"))
    def requeue(self, request: HttpRequest, queryset: QuerySet[Parked]) -> None:
        """The chosen entries are given to their subscribers again."""
        for parked in queryset:
            try:
                actions.requeue_parked(parked.pk)
            except DomainError as error:
                self.message_user(request, sentence_of(error))
