"""The same rule as `core.scope`, as a Django filter; a property test holds the two together. And rows read in pairs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import ForeignKey, Model, Q
from django.db.transaction import TransactionManagementError

from core.scope import Ground, Scope

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING


def _under_q(field: str, root: str) -> Q:
    return Q(**{field: root}) | Q(**{f"{field}__startswith": root + "."}) if root else Q()


def _ground_q(ground: Ground, org_field: str, area_field: str) -> Q:
    here = _under_q(area_field, ground.area)
    if ground.area and "." not in ground.area:
        here |= Q(**{area_field: ""})
    return here & _under_q(org_field, ground.org)


def scope_q(scope: Scope, org_field: str = "org", area_field: str = "area") -> Q:
    """Exactly the rows whose organisation and area `scope.covers()`; never the empty Q, which vanishes in an `|`."""
    if Ground() in scope.grounds:
        return EVERYTHING
    answer = NOTHING
    for ground in scope.grounds:
        answer |= _ground_q(ground, org_field, area_field)
    return answer


class Joined:
    """Rows of a table, each with the row that a foreign key of it names, by statements that Django need not compile.

    What Django makes of `select_related` costs more to compile than to ask, and the same again with every request.
    """

    def __init__(self, key: Any) -> None:
        told: ForeignKey[Any, Any] = key.field
        self._key, self._models = told, (told.model, told.related_model)
        mine, theirs = (model._meta.db_table for model in self._models)
        columns = [
            f"{alias}.{field.column}"
            for alias, model in zip(("mine", "theirs"), self._models, strict=True)
            for field in model._meta.concrete_fields
        ]
        self._select = (
            f"SELECT {', '.join(columns)} FROM {mine} mine"
            f" LEFT JOIN {theirs} theirs ON theirs.{told.target_field.column} = mine.{told.column} "
        )

    def rows(self, which: str, params: Mapping[str, Any] | Sequence[Any], *, lock: bool = False) -> Iterator[Any]:
        """Those of which it is true, as SQL says after FROM; `mine` are its rows, `theirs` those of the key.

        With `lock` its rows are locked until the transaction ends; without one that is a fault of whoever asks.
        """
        if lock and not connection.in_atomic_block:
            raise TransactionManagementError("a row cannot be locked outside of a transaction")
        with connection.cursor() as cursor:
            cursor.execute(self._select + which + (" FOR UPDATE OF mine" if lock else ""), params)
            found = cursor.fetchall()
        one, other = (_maker(model) for model in self._models)
        width = len(self._models[0]._meta.concrete_fields)
        for row in found:
            mine = one(row[:width])
            setattr(mine, self._key.name, other(row[width:]) if row[width] is not None else None)
            yield mine


def _maker(model: type[Model]) -> Callable[[Sequence[Any]], Model]:
    """Makes a row of the model of what its columns hold."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    kept = [
        (place, field.cached_col, convert)
        for place, field in enumerate(fields)
        for convert in (*connection.ops.get_db_converters(field.cached_col), *field.get_db_converters(connection))
    ]

    def make(row: Sequence[Any]) -> Model:
        values = list(row)
        for place, column, convert in kept:
            values[place] = convert(values[place], column, connection)
        return model.from_db(connection.alias, names, values)

    return make
