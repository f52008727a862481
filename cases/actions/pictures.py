"""Pictures and clips on their way into a case: judged and kept before any lock is taken, then entered as evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

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
from core.uploads import MOST_AT_ONCE, Uploaded
from exchange.actions import contents_of, use_uploads

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


def seal(photos: Iterable[Photo | bytes | Uploaded], phase: Phase, actor: Actor) -> tuple[Sealed, ...]:
    """The pictures are judged, drawn anew and kept; slow, so never under a lock."""
    given = [photo.content if isinstance(photo, Photo) else photo for photo in photos]
    if len(given) > MOST_AT_ONCE:
        raise TooLarge("case.too_many_pictures", most=MOST_AT_ONCE)
    read = _read(given, actor)
    limits = clip_limits() if any(is_clip(content) for content, _upload in read) else None
    found = [_sealed(content, phase, limits, upload) for content, upload in read]
    for sealed in found:
        vault.keep_picture(sealed.picture)
    return tuple(found)


def _read(given: Iterable[bytes | Uploaded], actor: Actor) -> list[tuple[bytes, UUID | None]]:
    """What was given; the clip that is one too many is the last thing that is read."""
    read: list[tuple[bytes, UUID | None]] = []
    clips = 0
    for content, upload in contents_of(given, actor=actor):
        clips += is_clip(content)
        if clips > MOST_CLIPS:
            raise TooLarge("case.too_many_clips", most=MOST_CLIPS)
        read.append((content, upload))
    return read


def _sealed(content: bytes, phase: Phase, limits: ClipLimits | None, upload: UUID | None) -> Sealed:
    if limits is not None and is_clip(content):
        film = clip(content, limits)
        poster = replace(film.picture, upload=upload)
        return Sealed(phase, poster, film.shot, print_of(poster.public), film.seconds)
    one = replace(picture(content), upload=upload)
    return Sealed(phase, one, shot(one.original), print_of(one.public))


def add_pictures(case: Case, actor: Actor, pictures: Iterable[Sealed]) -> list[Evidence]:
    """The pictures are evidence of the case as it stands; the same one again is there once. Call under the lock.

    What came ahead is used by this: where another act has used it meanwhile, Conflict, and nothing of this is done.
    """
    pictures = tuple(pictures)
    if not pictures:
        return []
    if Evidence.objects.filter(case=case).count() + len(pictures) > MOST_PER_CASE:
        raise TooLarge("case.too_many_pictures", most=MOST_PER_CASE)
    _let_in(case, pictures)
    if not case.has_photo:
        case.has_photo = True
        Case.objects.filter(pk=case.pk).update(has_photo=True)
    use_uploads((one.picture for one in pictures), actor=actor, subject=case.number)
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
