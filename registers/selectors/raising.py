"""What of the news of records somebody should look at: the class of the case that a pack wants."""

from django.contrib.gis.geos import Point

from assets import selectors as assets
from core.languages import pick
from journal.contracts import EntryView
from registers.contracts import COMPONENT, Raised, Reaction
from registers.models import Record, Turn
from registers.selectors.declared import declared_of
from registers.selectors.records import anchor_of

NEWS = ("registers.moved.v1", "registers.lapsed.v1", "registers.overdue.v1")


def raised_by(entry: EntryView) -> list[Raised]:
    """The cases that an entry about a record calls for, none where its register has no reaction to it."""
    rows = Record.objects.select_related("written_under")
    row = rows.filter(register__code=entry.data["register"], number=entry.data["number"]).first()
    if row is None:
        return []
    declared = declared_of(row.written_under)
    kind = entry.kind.split(".")[1]
    occasions = entry.data["flags"] if kind == "moved" else [kind]
    turn = Turn.objects.filter(record=row, number=entry.data["turn"]).first()
    lon, lat = _where(row, turn)
    named = f"{pick(declared.one, 'zh')} {row.number}"
    return [
        Raised(
            key=f"{declared.code}:{row.number}:{entry.data['turn']}:{one.on}", register=declared.code,
            number=row.number, named=named, category=category, text=f"{pick(one.text, 'zh')}（{named}）",
            lon=lon, lat=lat, asset=row.asset, at=entry.at,
        )
        for one in declared.reactions
        if one.on in occasions and (category := _class_of(one, row))
    ]  # fmt: skip


def _class_of(reaction: Reaction, row: Record) -> str:
    """The class of the case; "" where the component that it is about is no more."""
    return assets.class_of(row.asset) if reaction.category == COMPONENT else reaction.category


def _where(row: Record, turn: Turn | None) -> tuple[float, float] | tuple[None, None]:
    if turn is not None and isinstance(turn.place, Point):
        return turn.place.x, turn.place.y
    return anchor_of(row)
