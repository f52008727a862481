"""Pictures and clips on their way into a case: judged and kept before any lock is taken, then entered as evidence."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.actions.examining import Look, examine, shot
from cases.actions.filming import prepare_later
from cases.actions.scanning import hold
from cases.contracts import MACHINE_SOURCES, Phase, Photo
from cases.contracts.evidence import Filming
from cases.models import Case, Evidence
from cases.selectors import category_for, clip_limits
from core import clock, vault
from core.clips import ClipLimits, clip, is_clip
from core.errors import Invalid, TooLarge
from core.pictures import Picture, picture
from core.scope import Actor
from core.shots import Shot, print_of
from core.uploads import MOST_AT_ONCE

MOST_PER_CASE = 200
MOST_CLIPS = 2
"""Of one sending: each is opened while the sender waits."""


@dataclass(frozen=True)
class Sealed:
    """A picture that lies in the vault, and what it shows; a clip lasts some `seconds`, its picture is its poster."""

    phase: Phase
    picture: Picture
    shot: Shot
    print: int | None
    seconds: float | None = None


def is_film(photo: Photo | bytes) -> bool:
    """Whether what came in begins as a clip does."""
    return is_clip(photo if isinstance(photo, bytes) else photo.content)


def seal(photos: Iterable[Photo | bytes], phase: Phase) -> tuple[Sealed, ...]:
    """The pictures are judged, drawn anew and kept; slow, so never under a lock."""
    given = [photo if isinstance(photo, bytes) else photo.content for photo in photos]
    if len(given) > MOST_AT_ONCE:
        raise TooLarge("case.too_many_pictures", most=MOST_AT_ONCE)
    clips = sum(map(is_clip, given))
    if clips > MOST_CLIPS:
        raise TooLarge("case.too_many_clips", most=MOST_CLIPS)
    limits = clip_limits() if clips else None
    found = [_sealed(content, phase, limits) for content in given]
    for one in found:
        vault.keep_picture(one.picture)
    return tuple(found)


def _sealed(content: bytes, phase: Phase, limits: ClipLimits | None) -> Sealed:
    if limits is not None and is_clip(content):
        film = clip(content, limits)
        return Sealed(phase, film.picture, film.shot, print_of(film.picture.public), film.seconds)
    one = picture(content)
    return Sealed(phase, one, shot(one.original), print_of(one.public))


def add_pictures(case: Case, actor: Actor, pictures: Iterable[Sealed]) -> list[Evidence]:
    """The pictures are evidence of the case as it stands; the same one again is there once. Call under the lock."""
    pictures = tuple(pictures)
    if not pictures:
        return []
    if Evidence.objects.filter(case=case).count() + len(pictures) > MOST_PER_CASE:
        raise TooLarge("case.too_many_pictures", most=MOST_PER_CASE)
    _let_in(case, pictures)
    if not case.has_photo:
        case.has_photo = True
        Case.objects.filter(pk=case.pk).update(has_photo=True)
    rows = [(sealed, *_add(case, actor, sealed)) for sealed in pictures]
    looks = [Look(row, sealed.shot, _print(case, actor, sealed)) for sealed, row, new in rows if new]
    if looks:
        examine(case, looks, actor)
        hold([one.evidence for one in looks])
        prepare_later([(row, one.seconds) for one, row, new in rows if new and one.seconds is not None])
    return [row for _sealed, row, _new in rows]


def _let_in(case: Case, pictures: Iterable[Sealed]) -> None:
    """Clips are taken where the class does not say that none are."""
    if any(one.seconds is not None for one in pictures):
        chosen = category_for(case)
        if chosen is not None and chosen.video == Filming.NONE:
            raise Invalid("case.takes_no_video", given=chosen.code)


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
