"""Words of people on their way into a case: what is personal in them is masked, and kept apart as it was written.

So nothing that shows, lists, exports, searches or tells of a case ever has a whole value to show.
"""

from collections.abc import Mapping
from typing import Any

from cases.contracts import MACHINE_SOURCES, OUTSIDE_MACHINE, OUTSIDE_SOURCES
from cases.contracts.personal import Words
from cases.models import Case, Clue, Order, Reporter, Withheld
from core.errors import Invalid
from core.personal import NOBODY, Person, masked_words

_MOST = {"name": 80, "phone": 40, "email": 254}
_TEXTS = ("description", "address", "incident")
_SPOKEN = ("answer", "reason", "result", "callback", "note")


def person_of(given: Mapping[str, Any]) -> Person:
    """Whoever reported, as was said; Invalid where a value holds what no text holds."""
    person = Person(**{name: str(given.get(name) or "").strip()[:most] for name, most in _MOST.items()})
    if any("\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value) for value in person):
        raise Invalid("case.bad_text")
    return person


def masked_case(case: Case, person: Person = NOBODY) -> list[Words]:
    """The case, not yet saved, has masked words; those of them that were written otherwise, as they were written.

    What a machine of our own measures is no word of anybody; one outside passes on words of people.
    """
    found: list[Words] = []
    if case.source in MACHINE_SOURCES and not case.reported_by.startswith(OUTSIDE_MACHINE):
        return found
    for name in _TEXTS:
        setattr(case, name, _masked(name, getattr(case, name), person, found))
    case.attributes = {
        key: _masked_value(f"attributes.{key}"[:60], value, person, found) for key, value in case.attributes.items()
    }
    return found


def _masked_value(place: str, value: Any, person: Person, found: list[Words]) -> Any:
    if isinstance(value, str):
        return _masked(place, value, person, found)
    if isinstance(value, list | tuple):
        return [_masked_value(place, one, person, found) for one in value]
    if isinstance(value, Mapping):
        return {key: _masked_value(place, one, person, found) for key, one in value.items()}
    return value


def _masked(place: str, text: str, person: Person, found: list[Words]) -> str:
    shown = masked_words(text, person)
    if shown != text:
        found.append(Words(place, text))
    return shown


def keep_person(case: Case, person: Person, words: list[Words], *, pictured: bool = False) -> None:
    """Whoever reported and the words that the case shows masked are kept apart from it.

    Who sends a picture and no name is somebody too: the original says whose it is, so it is erased in its time.
    """
    if any(person) or words or (pictured and case.source in OUTSIDE_SOURCES):
        Reporter.objects.create(case=case, **person._asdict())
    if words:
        Withheld.objects.bulk_create(Withheld(case=case, place=place, text=text) for place, text in words)


def withheld(case: Case, place: str, text: str) -> str:
    """The text as it may stand in the case; what was written is kept apart. Call under the lock."""
    found: list[Words] = []
    shown = _masked(place, text, NOBODY, found)
    if found:
        keep_further(case, found)
    return shown


def withheld_all(case: Case, place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a step was given, without what is empty, as it may stand in the history. Call under the lock."""
    found: list[Words] = []
    told = {key: value for key, value in given.items() if value not in (None, "", (), {})}
    for key in _SPOKEN:
        if isinstance(told.get(key), str):
            told[key] = _masked(f"{place}.{key}", told[key], NOBODY, found)
    if found:
        keep_further(case, found)
    return told


def keep_originals(case: Case) -> None:
    """Pictures of somebody from outside that come later are erased in their time too. Call under the lock."""
    if case.source in OUTSIDE_SOURCES:
        keep_further(case, [])


def mask_words(case: Case, person: Person) -> list[Words]:
    """What was written before words were masked on their way in shows no whole value; those words as they were."""
    found = masked_case(case, person)
    if found:
        Case.objects.filter(pk=case.pk).update(**{name: getattr(case, name) for name in (*_TEXTS, "attributes")})
    for clue in Clue.objects.filter(case=case):
        found += _mask_beside(clue, f"clue.{clue.pk}", ("note",), person)
    for order in Order.objects.filter(case=case):
        found += _mask_beside(order, f"order.{order.pk}", ("requirement", "reply"), person)
    return found


def _mask_beside(row: Clue | Order, place: str, names: tuple[str, ...], person: Person) -> list[Words]:
    found: list[Words] = []
    for name in names:
        setattr(row, name, _masked(place, getattr(row, name), person, found))
    if found:
        row.save(update_fields=names)
    return found


def keep_further(case: Case, found: list[Words]) -> None:
    """There is something to erase again, if it was erased before."""
    Reporter.objects.update_or_create(case=case, defaults={"erased_at": None})
    Withheld.objects.bulk_create(Withheld(case=case, place=place, text=text) for place, text in found)
