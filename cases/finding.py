"""What of cases can be found: cases by number and words, classes of the catalogue by code, name and initials."""

from urllib.parse import urlencode

from cases import rules, selectors
from cases.models import Case, words
from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.scope import Actor

READERS = ("case.see", "case.report", "admin")
"""Who reads the catalogue."""


def _case(row: Case, asked: str) -> Hit:
    title = pick(row.category.names) if row.category else row.description[:30]
    place = " · ".join(part for part in (pick(row.place), row.address) if part)
    stage = str(words.STAGE_NAMES.get(row.stage, row.stage))
    note = " · ".join(part for part in (stage, place) if part)
    return Hit(f"{title} {row.number}".strip(), f"/cases/{row.number}/", note, row.number == asked)


def _cases(asked: str, most: int, actor: Actor) -> Hits:
    if not rules.looked_for(asked):
        return Hits([], 0)
    rows = selectors.filtered({"q": asked}, actor)
    lately = selectors.lately({"q": asked}, actor)
    found = selectors.listed(rows, "", "", most, lately=lately).rows
    count = len(found) if len(found) < most else selectors.count_up_to(rows, lately, COUNTED)
    return Hits([_case(row, asked) for row in found], count, f"/cases/?{urlencode({'q': asked})}")


def _classes(asked: str, most: int, actor: Actor) -> Hits:
    found = [one.row for one in selectors.classes_found(selectors.class_entries(), text=asked)]
    hits = [
        Hit(f"{row.code} {pick(row.names)}", f"/classes/{row.code}/", exact=row.code == asked.upper())
        for row in found[:most]
    ]
    return Hits(hits, len(found), f"/classes/?{urlencode({'q': asked})}")


register_finder(Finder("cases", {"zh": "案件", "en": "Cases"}, lambda actor: actor.holds("case.see"), _cases))
register_finder(
    Finder(
        "classes", {"zh": "案件类别", "en": "Classes of cases"},
        lambda actor: any(actor.holds(right) for right in READERS), _classes,
    )
)  # fmt: skip
