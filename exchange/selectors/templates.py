"""What is said at which occasion, and what was said before."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import NotFound
from exchange.contracts.messages import Occasion, occasions
from exchange.models import MessageTemplate


@dataclass(frozen=True)
class TemplateEntry:
    """An occasion with the newest version of its template; None where nobody has written one."""

    occasion: Occasion
    row: MessageTemplate | None

    @property
    def version(self) -> int:
        """The version that a change must have seen; 0 before the first."""
        return self.row.version if self.row else 0

    @property
    def in_use(self) -> bool:
        """Whether anybody is told anything at this occasion."""
        return bool(self.row and self.row.enabled and not self.row.retired)

    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """What it says; empty texts before the first version."""
        return self.row.says if self.row else {"titles": {}, "bodies": {}}


def _newest(*codes: str) -> dict[str, MessageTemplate]:
    rows = MessageTemplate.objects.order_by("occasion", "-version").distinct("occasion")
    return {row.occasion: row for row in (rows.filter(occasion__in=codes) if codes else rows)}


def templates() -> list[TemplateEntry]:
    """Every occasion with its template, in one query."""
    rows = _newest()
    return [TemplateEntry(occasion, rows.get(code)) for code, occasion in occasions().items()]


def template(code: str) -> TemplateEntry:
    """The template of an occasion; NotFound where there is no such occasion."""
    occasion = occasions().get(code)
    if occasion is None:
        raise NotFound("message.no_occasion", code=code[:60])
    return TemplateEntry(occasion, _newest(code).get(code))


def template_versions(code: str) -> list[MessageTemplate]:
    """Every version that was ever in force, newest first."""
    return list(MessageTemplate.objects.filter(occasion=template(code).occasion.code))


def template_in_force(code: str) -> MessageTemplate | None:
    """What to say at an occasion now, or None where nothing is to be said."""
    row = _newest(code).get(code)
    return row if row and row.enabled and not row.retired else None


def templates_of(pack: str) -> dict[str, dict[str, Any]]:
    """What a pack last said at each of its occasions, retired ones too, whatever the city says now."""
    return {
        code: {**row.says, **row.said, "urgent": row.said_urgent, "retired": row.retired}
        for code, row in _newest().items()
        if row.pack == pack
    }
