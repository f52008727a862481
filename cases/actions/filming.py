"""Public copies of clips: drawn anew after the clip was taken, one at a time, so that a city's other work goes on."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction

from cases.actions.looking import one_at_a_time
from cases.contracts.evidence import Film
from cases.models import Clip, Evidence
from cases.selectors.films import films_given_up, films_waiting
from core import clock, vault
from core.clips import COPY_S, public_clip
from core.errors import DomainError

log = structlog.get_logger(__name__)

CLIPS_LOCK = 0x636C6970
CLAIM = timedelta(seconds=COPY_S * 2 + 60)
FIRST_AGAIN, MOST_TRIES = timedelta(seconds=15), 5


def prepare_later(clips: Sequence[tuple[Evidence, float]]) -> None:
    """The clips have no public copy yet; they are shown as being prepared."""
    now = clock.now()
    Clip.objects.bulk_create(Clip(evidence=row, seconds=seconds, next_at=now) for row, seconds in clips)


def prepare_clip() -> bool:
    """The clip that waits longest has its public copy, or is tried again later; whether there was one to prepare.

    Not before the scanner has let it out. Killed in the middle, it comes again when its claim is over, behind others
    that wait, and is given up where that happens each time.
    """
    clip = _claimed()
    if clip is None:
        return False
    try:
        made = public_clip(vault.fetch(clip.evidence.sha256))
        vault.keep(made.content, made.sha256)
    except (DomainError, OSError) as error:
        _again(clip, getattr(error, "code", "") or str(error))
        return True
    waiting = Clip.objects.filter(pk=clip.pk, state=Film.WAITING)
    waiting.update(state=Film.READY, public_sha256=made.sha256, public_size=len(made.content), said="", begun_at=None)
    return True


@transaction.atomic
def _claimed() -> Clip | None:
    """The next one, for a while nobody else's; None also while another one is being made."""
    now = clock.now()
    one_at_a_time(CLIPS_LOCK)
    waiting = Clip.objects.filter(state=Film.WAITING)
    if waiting.filter(begun_at__gt=now - CLAIM).exists():
        return None
    waiting.filter(tries__gte=MOST_TRIES).update(state=Film.BROKEN, begun_at=None)
    clip = films_waiting().filter(next_at__lte=now).select_related("evidence").order_by("next_at", "pk").first()
    if clip is not None:
        Clip.objects.filter(pk=clip.pk).update(begun_at=now, next_at=now + CLAIM, tries=clip.tries + 1)
    return clip


def _again(clip: Clip, why: str) -> None:
    """Tried so often in vain, or with its original erased, it is given up; the original stays as it was sealed."""
    tries = clip.tries + 1
    over = tries >= MOST_TRIES or clip.evidence.erased_at is not None
    waiting = Clip.objects.filter(pk=clip.pk, state=Film.WAITING)
    waiting.update(
        state=Film.BROKEN if over else Film.WAITING,
        tries=tries,
        next_at=clock.now() + FIRST_AGAIN * 4**tries,
        begun_at=None,
        said=why[:120],
    )
    log.warning("clip.not_prepared", evidence=clip.pk, tries=tries, why=why, given_up=over)


def prepare_again() -> int:
    """The clips that were given up are tried anew; how many. One whose original is erased stays a still."""
    return films_given_up().update(state=Film.WAITING, tries=0, next_at=clock.now(), begun_at=None, said="")
