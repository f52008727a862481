"""The forms of a case on paper: what their address asks for, and the file."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from cases import actions, rules, selectors
from cases.models import Case, Move
from core import clock
from core.errors import Conflict, DomainError, Invalid
from core.languages import pick
from core.papers import pdf_of
from core.pictures import preview
from core.scope import Actor

LANGUAGES = ("zh-hans", "en")
ASKED = ("case", "form", "language")
MOST_PICTURES = 4
LONG, OPEN = ("description", "result"), ("_asked", "_note", "_told")
"""Answers that need room, and those that may be written by hand."""


def asked_form(options: Mapping[str, str], actor: Actor) -> tuple[Case, list[Move], rules.CaseForm]:
    """The case with its steps, and the form; NotFound where the actor sees it not, Conflict where it is too early."""
    for name, value in options.items():
        if name not in ASKED or (name == "language" and value not in LANGUAGES):
            raise Invalid("case.bad_filter", filter=name[:60], value=value[:60].replace("\x00", ""))
    form = rules.case_form(options.get("form", ""))
    if form is None:
        raise Invalid("case.bad_filter", filter="form", value=options.get("form", "")[:60].replace("\x00", ""))
    found = selectors.case(options.get("case", ""), actor)
    moves = rules.counting(selectors.history(found))
    if form not in rules.forms_after({move.verb for move in moves}):
        raise Conflict("case.no_form_yet", form=pick(form.names))
    return found, moves, form


def paper_of(options: Mapping[str, str], actor: Actor) -> bytes:
    """The PDF of a form, as the case stands now and as far as the actor may see it."""
    with override(options.get("language") or LANGUAGES[0]):
        return pdf_of(html_of(options, actor))


def html_of(options: Mapping[str, str], actor: Actor) -> str:
    """The form before it is set."""
    found, moves, form = asked_form(options, actor)
    facts = selectors.form_facts(found, moves, actor)
    context = {
        "form": form,
        "number": rules.form_number(form, found.number),
        "rows": [[_cell(key, facts) for key in row] for row in form.rows],
        "pictures": list(_pictures(found, form, actor)),
        "by": actor.label,
        "at": clock.now(),
        "language": options.get("language") or LANGUAGES[0],
    }
    return render_to_string("cases/papers/form.html", context)


def _cell(key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    value, label = facts.get(key, ""), rules.FORM_LABELS[key]
    if key == "limit":
        return {"label": label, "limit": value}
    return {"label": label, "value": value, "long": key in LONG, "open": key.endswith(OPEN)}


def _pictures(found: Case, form: rules.CaseForm, actor: Actor) -> Iterable[str]:
    """The first pictures of the form's stage, small and within the paper; one that may not be seen is left out."""
    rows = [row for row in selectors.pictures(found) if row.phase == form.phase]
    for row in rows[:MOST_PICTURES]:
        try:
            small = preview(actions.public_copy(row.case.number, row.pk, actor=actor))
        except DomainError:
            continue
        yield f"data:image/jpeg;base64,{b64encode(small).decode()}"
