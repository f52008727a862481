"""The audit trail as an export job: of however many entries, with the rights of the auditor at that moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Forbidden, Invalid
from core.languages import pick
from core.scope import Actor
from core.written import plain
from dashboard import selectors
from dashboard.selectors import TrailRow
from dashboard.templatetags.audit_words import GROUPS
from exchange.contracts.exports import ListRow
from grid import selectors as grid
from journal import selectors as journal
from journal.selectors import AUDIT_RIGHT

ASKED: Mapping[str, Any] = {
    "person": _("Person"), "kind": _("Kind"), "subject": _("Subject"), "district": pgettext_lazy("filter", "District"),
    "since": _("Since"), "until": _("Until"),
}  # fmt: skip


class AuditTrail:
    """Who did what, before and after, why and when, on the ground that somebody audits."""

    name = "audit"
    names: Mapping[str, str] = {"zh": "审计记录", "en": "Audit trail"}
    columns: tuple[str, ...] = (
        "at", "actor", "actor_label", "kind", "subject", "area", "organisation", "changes", "reason", "trace",
    )  # fmt: skip
    typed = frozenset({"person", "subject"})

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Auditors take away what they see; every filter is one of the page."""
        if not actor.holds(AUDIT_RIGHT):
            raise Forbidden("audit.no_auditor")
        for name, value in options.items():
            if name not in ASKED:
                raise Invalid("audit.bad_filter", name=name[:40], value=value[:40].replace("\x00", ""))
        selectors.trail_asked(selectors.trail_filters(options))

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """The filters in the words of the page."""
        districts = grid.region_names_at("district") if any("district" in one for one in every) else ()
        words: Mapping[str, Mapping[str, Any]] = {
            "kind": dict(GROUPS), "district": {one.code: pick(one.names) for one in districts},
        }  # fmt: skip
        return [
            [(ASKED.get(name, name), str(words.get(name, {}).get(value, value))) for name, value in one.items()]
            for one in every
        ]

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All entries that fit."""
        return journal.audited(actor, selectors.trail_asked(selectors.trail_filters(options)))

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key: the newest first."""
        asked, zone = selectors.trail_asked(selectors.trail_filters(options)), get_current_timezone()
        rows = selectors.trail(actor, asked, before=below or 0, limit=most)
        return [
            ListRow(row.row.entry.id, {name: plain(value, zone) for name, value in _told(row).items()}, None)
            for row in rows
        ]


def _told(row: TrailRow) -> dict[str, Any]:
    entry = row.row.entry
    return {
        "at": entry.at, "actor": entry.actor, "actor_label": entry.actor_label, "kind": entry.kind,
        "subject": entry.subject, "area": entry.area, "organisation": entry.org,
        "changes": "; ".join(f"{one.field}: {one.before} → {one.after}" for one in row.row.changes),
        "reason": row.why, "trace": entry.trace,
    }  # fmt: skip
