"""What of the staff can be found, by those who administer them: organisations and people, with masked phones."""

from accounts import selectors
from accounts.models import Organisation, User
from core.finding import COUNTED, Finder, Hit, Hits, register_finder
from core.languages import pick
from core.personal import masked_phone
from core.scope import Actor


def _organisation(row: Organisation, asked: str) -> Hit:
    return Hit(pick(row.names) or row.code, f"/organisations/{row.code}/", row.code, row.code == asked)


def _organisations(asked: str, most: int, actor: Actor) -> Hits:
    found = selectors.organisations_found(asked, actor)
    return Hits([_organisation(row, asked) for row in found[:most]], len(found))


def _person(row: User, asked: str) -> Hit:
    home = pick(row.organisation.names) if row.organisation else ""
    note = " · ".join(part for part in (home, masked_phone(row.phone) if row.phone else "") if part)
    return Hit(row.label or row.username, f"/people/{row.pk}/", note, row.username == asked)


def _people(asked: str, most: int, actor: Actor) -> Hits:
    rows = selectors.people_found(asked, actor)
    found = list(rows[: COUNTED + 1])
    return Hits([_person(row, asked) for row in found[:most]], len(found))


def _administers(actor: Actor) -> bool:
    return actor.holds("admin")


register_finder(Finder("organisations", {"zh": "机构", "en": "Organisations"}, _administers, _organisations))
register_finder(Finder("people", {"zh": "人员", "en": "People"}, _administers, _people))
