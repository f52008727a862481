"""Pictures on their way in: judged, drawn anew and kept before any lock is taken, then said to show something."""

from collections.abc import Iterable
from typing import Any

from assets.models import Asset, ChangeRequest, Finding, Photo
from core import clock, vault
from core.errors import TooLarge
from core.pictures import Picture
from core.scope import Actor
from core.uploads import MOST_AT_ONCE, Uploaded
from exchange.actions import pictures_of, use_uploads

MOST_PER_COMPONENT = 200


def seal(contents: Iterable[bytes | Uploaded], actor: Actor) -> tuple[Picture, ...]:
    """The pictures lie in the vault; slow, so never under a lock."""
    given = list(contents)
    if len(given) > MOST_AT_ONCE:
        raise TooLarge("assets.too_many_pictures", most=MOST_AT_ONCE)
    found = pictures_of(given, actor=actor)
    for one in found:
        vault.keep_picture(one)
    return found


def show(of: Asset | Finding | ChangeRequest, pictures: Iterable[Picture], actor: Actor) -> list[Photo]:
    """The pictures show this; the same picture of the same thing is there once. Call under its lock."""
    pictures, about = tuple(pictures), {_ROLES[type(of)]: of}
    if Photo.objects.filter(**about).count() >= MOST_PER_COMPONENT:
        raise TooLarge("assets.too_many_pictures", most=MOST_PER_COMPONENT)
    use_uploads(pictures, actor=actor, subject=f"{_ROLES[type(of)]}:{of.pk}")
    return [_one(about, one, actor) for one in pictures]


def _one(about: dict[str, Any], one: Picture, actor: Actor) -> Photo:
    row, _ = Photo.objects.get_or_create(
        **about,
        sha256=one.sha256,
        defaults={
            "public_sha256": one.public_sha256,
            "content_type": one.content_type,
            "size": len(one.original),
            "width": one.width,
            "height": one.height,
            "actor": actor.key,
            "actor_label": actor.label[:120],
            "at": clock.now(),
        },
    )
    return row


def hand_over(photos: Iterable[Photo], asset: Asset) -> None:
    """Pictures of a finding or of a request show the component too."""
    known = set(Photo.objects.filter(asset=asset).values_list("sha256", flat=True))
    for photo in photos:
        if photo.sha256 in known:
            continue
        known.add(photo.sha256)
        Photo.objects.filter(pk=photo.pk, asset=None).update(asset=asset)


_ROLES: dict[type, str] = {Asset: "asset", Finding: "finding", ChangeRequest: "request"}
