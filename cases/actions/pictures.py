"""Pictures on their way into a case: drawn anew and kept before any lock is taken, then entered as evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.actions.examining import Look, examine, shot
from cases.actions.scanning import hold
from cases.contracts import MACHINE_SOURCES, Phase, Photo
from cases.models import Case, Evidence
from core import clock, vault
from core.errors import TooLarge
from core.pictures import Picture
from core.scope import Actor
from core.shots import Shot, print_of
from core.uploads import MOST_AT_ONCE, Uploaded
from exchange.actions import pictures_of, use_uploads

MOST_PER_CASE = 200


@dataclass(frozen=True)
class Sealed:
    """A picture that lies in the vault, and what it shows."""

    phase: Phase
    picture: Picture
    shot: Shot
    print: int | None


def seal(photos: Iterable[Photo | bytes | Uploaded], phase: Phase, actor: Actor) -> tuple[Sealed, ...]:
    """The pictures are judged, drawn anew and kept; slow, so never under a lock."""
    given = [photo.content if isinstance(photo, Photo) else photo for photo in photos]
    if len(given) > MOST_AT_ONCE:
        raise TooLarge("case.too_many_pictures", most=MOST_AT_ONCE)
    found = pictures_of(given, actor=actor)
    for one in found:
        vault.keep_picture(one)
    return tuple(Sealed(phase, one, shot(one.original), print_of(one.public)) for one in found)


def add_pictures(case: Case, actor: Actor, pictures: Iterable[Sealed]) -> list[Evidence]:
    """The pictures are evidence of the case as it stands; the same one again is there once. Call under the lock.

    What came ahead is used by this: where another act has used it meanwhile, Conflict, and nothing of this is done.
    """
    pictures = tuple(pictures)
    if not pictures:
        return []
    if Evidence.objects.filter(case=case).count() + len(pictures) > MOST_PER_CASE:
        raise TooLarge("case.too_many_pictures", most=MOST_PER_CASE)
    if not case.has_photo:
        case.has_photo = True
        Case.objects.filter(pk=case.pk).update(has_photo=True)
    use_uploads((one.picture for one in pictures), actor=actor, subject=case.number)
    rows = [(sealed, *_add(case, actor, sealed)) for sealed in pictures]
    looks = [Look(row, sealed.shot, _print(case, actor, sealed)) for sealed, row, new in rows if new]
    if looks:
        examine(case, looks, actor)
        hold([one.evidence for one in looks])
    return [row for _sealed, row, _new in rows]


def _print(case: Case, actor: Actor, sealed: Sealed) -> int | None:
    """What it looks like; whatever a fixed machine sees looks like what it saw before."""
    return None if actor.user_id is None and case.source in MACHINE_SOURCES else sealed.print


def _add(case: Case, actor: Actor, sealed: Sealed) -> tuple[Evidence, bool]:
    one = sealed.picture
    return Evidence.objects.get_or_create(
        case=case,
        phase=sealed.phase,
        stage=case.stage,
        sha256=one.sha256,
        version=case.version,
        defaults={
            "public_sha256": one.public_sha256,
            "content_type": one.content_type,
            "size": len(one.original),
            "width": one.width,
            "height": one.height,
            "actor": actor.key,
            "actor_label": actor.label,
            "at": clock.now(),
        },
    )
