"""What anybody may know of a thing with one of our labels on it: what it is, its number, roughly where it stands."""

from collections.abc import Mapping
from typing import NamedTuple

from assets import selectors as assets
from core.errors import NotFound
from core.scope import machine
from registers import selectors as registers

READER = machine("portal:labels", "case.see")
LONGEST = 60


class Labelled(NamedTuple):
    """A labelled thing: what kind it is, the number on its label, the place ("" where that is nobody's business)."""

    names: Mapping[str, str]
    number: str
    place: str = ""


def labelled_component(code: str) -> Labelled:
    """The component of that code; NotFound where there is none."""
    found = assets.asset(code, actor=READER) if "\0" not in code else None
    if found is None:
        raise NotFound("portal.unknown_label", number=code[:LONGEST].replace("\0", ""))
    return Labelled(found.type_names, found.code, assets.place_names(found.area))


def labelled_record(register: str, number: str) -> Labelled:
    """A record of that register: of what kind. Whether there is one of this number, strangers are not told."""
    if not number.isprintable() or len(number) > LONGEST:
        raise NotFound("portal.unknown_label", number="")
    return Labelled(registers.declared_of(registers.version_of(register)).one, number)
