"""A listing that is read from one query: narrowed by the filters of an address, and taken by falling key."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import BinaryField, F, Func, QuerySet
from django.utils.timezone import get_current_timezone

from core.errors import Invalid
from core.scope import Actor
from core.written import plain
from exchange.contracts.exports import ListRow

LONGEST = 400


class QueryList(ABC):
    """A list of the rows that a query finds: which those are, what is read of them, and what else is told."""

    name: str
    names: Mapping[str, str]
    fields: Mapping[str, Any]
    """The columns, and what each is read from."""
    offices: tuple[str, ...] = ()
    """Columns that are read as the path of an organisation and told as its code."""
    told: tuple[str, ...] = ()
    """Columns that are made of what was read, by `finish`."""
    shape: str = ""
    """What the shape of a row is read from, "" where rows have none."""
    asked: Mapping[str, Any] = {}
    """What the filters are called."""
    typed: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """What is read, then what is told."""
        return (*self.fields, *self.told)

    @abstractmethod
    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """All that the actor may take away and that passes the filters, or a DomainError."""

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """What was read of these rows is told as people are to have it."""
        return

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """What the values of these filters are called, by filter and value."""
        return {}

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """The actor may take this list away, and every filter is one of its page."""
        for name, value in options.items():
            if name not in self.asked:
                raise Invalid("exchange.unknown_filter", filter=name[:60])
            if "\x00" in value or len(value) > LONGEST:
                raise Invalid("exchange.bad_filter", filter=name, value=value[:60].replace("\x00", ""))
        self.rows(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """The filters in the words of the reader; what has no name keeps its code."""
        words = self.words(every)
        return [
            [(self.asked.get(name, name), str(words.get(name, {}).get(value, value))) for name, value in one.items()]
            for one in every
        ]

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All that pass the filters."""
        return self.rows(options, actor).order_by().count()

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key, which is the order in which they came; what stands there more than once is not parted."""
        rows = self.rows(options, actor)
        if below is not None:
            rows = rows.filter(pk__lt=below)
        shapes = [Func(F(self.shape), function="ST_AsBinary", output_field=BinaryField())] if self.shape else []
        found = rows.order_by("-pk").values_list("pk", *shapes, *self.fields.values())
        read = list(found[:most])
        if len(read) == most:
            last = read[-1][0]
            read = [row for row in read if row[0] != last] + list(found.filter(pk=last))
        told = [dict(zip(self.fields, row[1 + len(shapes) :], strict=True)) for row in read]
        for one in told:
            one |= {name: one[name].rpartition(".")[2] for name in self.offices}
        self.finish(told)
        zone = get_current_timezone()
        return [
            ListRow(row[0], {name: plain(value, zone) for name, value in one.items()}, _wkb(row[1] if shapes else None))
            for row, one in zip(read, told, strict=True)
        ]


def _wkb(held: Any) -> bytes | None:
    return None if held is None else bytes(held)
