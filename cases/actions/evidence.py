"""Pictures and clips of a case, and the reading of what not everybody may see."""

from django.db import transaction

from cases.actions.moving import error_of, lock
from cases.actions.pictures import add_pictures, seal
from cases.actions.withholding import keep_originals
from cases.contracts import EVIDENCE_READ, EvidenceRead, Phase, Photo
from cases.contracts.evidence import Film, Scan
from cases.models import Evidence
from cases.selectors import case as case_seen_by
from cases.selectors import evidence_of, film_of, may_attach, scan_of
from cases.selectors.personal import has_looked, is_withheld
from core import vault
from core.clips import PublicClip
from core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from core.scope import Actor
from core.uploads import Uploaded
from journal import actions as journal


def attach(
    number: str, *, actor: Actor, content: bytes | Uploaded, filename: str = "", stage: str = "report"
) -> Evidence:
    """A picture or clip is evidence of the case; `stage` is what it shows (report, verify, handle, check)."""
    if stage not in {phase.value for phase in Phase}:
        raise Invalid("case.unknown_phase", given=stage)
    given = Photo(content, filename) if isinstance(content, bytes) else content
    sealed = seal([given], Phase(stage), actor)
    with transaction.atomic():
        case = lock(number, actor)
        no = may_attach(case, actor, Phase(stage))
        if no:
            raise error_of(no)
        if stage == Phase.REPORT:
            keep_originals(case)
        return add_pictures(case, actor, sealed)[0]


def public_copy(number: str, evidence_id: int, *, actor: Actor) -> bytes:
    """The public copy of a picture, as JPEG, for whoever sees the case."""
    row = evidence_of(case_seen_by(number, actor), evidence_id)
    let_out(row, actor)
    return vault.fetch(row.public_sha256)


def public_film(number: str, evidence_id: int, *, actor: Actor) -> PublicClip:
    """The public copy of a clip, as MP4, for whoever sees the case."""
    row = evidence_of(case_seen_by(number, actor), evidence_id)
    let_out(row, actor)
    state = film_of(row)
    if state == Film.NONE:
        raise NotFound("case.no_clip", id=evidence_id)
    if state != Film.READY:
        raise Conflict("case.clip_broken" if state == Film.BROKEN else "case.clip_waiting")
    seal = row.clip.public_sha256
    return PublicClip(vault.fetch(seal), seal)


def let_out(row: Evidence, actor: Actor) -> None:
    """A picture that waits for the scanner is seen by who sent it; one in which that found something, by nobody."""
    scan = scan_of(row)
    if scan == Scan.INFECTED:
        raise Forbidden("case.picture_infected")
    if scan == Scan.WAITING and actor.key != row.actor:
        raise Conflict("case.picture_waiting")


@transaction.atomic
def read_original(number: str, evidence_id: int, *, actor: Actor) -> tuple[bytes, str]:
    """The sealed original and its type, for those with `person.see`; that it was read stands in the journal.

    What somebody from outside sent with the report is opened only by whoever has just looked, for a reason.
    """
    case = case_seen_by(number, actor)
    if not actor.may("person.see", org=case.org, area=case.area):
        raise Forbidden("case.original_hidden")
    row = evidence_of(case, evidence_id)
    if row.erased_at is not None:
        raise Gone("case.original_erased", day=f"{row.erased_at:%Y-%m-%d}")
    if is_withheld(row) and not has_looked(case, actor):
        raise Forbidden("case.original_needs_look")
    let_out(row, actor)
    content = vault.fetch(row.sha256)
    data = EvidenceRead(case.number, row.pk)
    journal.record(EVIDENCE_READ, subject=case.number, actor=actor, data=data, user_id=actor.user_id)
    return content, row.content_type
