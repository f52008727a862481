"""The steps with which something went wrong, and what was said of it then."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Left, NullIf

from cases.contracts import RequestKind, Stage
from cases.contracts.causes import LONGEST_REASON, NO_REASON, VERBS, Cause
from cases.models import Case, Move, Request

_ASKED = {Cause.RETURNED: RequestKind.RETURN, Cause.VOIDED: RequestKind.VOID}


def reasoned(cause: Cause) -> QuerySet[Move]:
    """The steps with which it is said, each with its `reason`: as given, or as it was asked for beside the step."""
    asked = Request.objects.filter(case=OuterRef("case"), kind=_ASKED.get(cause, ""), asked_at__lte=OuterRef("at"))
    said: list[Any] = [NullIf(KeyTextTransform(name, "given"), Value("")) for name in ("reason", "note")]
    if cause in _ASKED:
        said.append(Subquery(asked.order_by("-asked_at", "-pk").values("reason")[:1], output_field=TextField()))
    reason = Left(Coalesce(*said, Value(NO_REASON), output_field=TextField()), LONGEST_REASON)
    return Move.objects.filter(verb__in=VERBS[cause]).annotate(reason=reason).order_by()


def gone_wrong(rows: QuerySet[Case], cause: Cause, reason: str = "") -> QuerySet[Case]:
    """Those of the cases with which it happened, for this reason where one is named."""
    if cause is Cause.LATE:
        return rows.filter(stage=Stage.CLOSED, handled_late=True)
    moves: Any = reasoned(cause)
    return rows.filter(pk__in=(moves.filter(reason=reason) if reason else moves).values("case"))
