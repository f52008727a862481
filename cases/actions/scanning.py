"""Pictures in quarantine: held until a scanner has looked. It is asked outside of any lock, again where it is down."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.db import transaction

from cases.contracts.evidence import PICTURE_DOUBTED, DoubtKind, PictureDoubted, Scan
from cases.models import Case, Doubt, Evidence, Quarantine
from core import clock, vault
from core.errors import DomainError
from core.scanning import Scanner, ScannerDown, is_plugged_in, scanner
from core.scope import Actor, machine
from journal import actions as journal

log = structlog.get_logger(__name__)

SCANNER: Actor = machine("rule:scanner", label="病毒扫描 Scanner")
CLAIM = timedelta(minutes=2)
FIRST_AGAIN, LATEST_AGAIN = timedelta(seconds=15), timedelta(minutes=10)
BATCH = 20


def hold(rows: Sequence[Evidence]) -> None:
    """The pictures are shown to nobody but who sent them until a scanner has looked, where the city has one."""
    if is_plugged_in():
        now = clock.now()
        Quarantine.objects.bulk_create(Quarantine(evidence=row, since=now, next_at=now) for row in rows)


def scan_waiting() -> int:
    """The scanner has looked at those that wait, a batch at a time; how many it judged.

    Where the city has none any more, what waited is let out as new pictures are; where it is down, all wait.
    """
    if not is_plugged_in():
        Quarantine.objects.filter(state=Scan.WAITING).delete()
        return 0
    judged = 0
    for row in _claimed():
        try:
            judged += _judge(row, scanner())
        except (ScannerDown, DomainError) as error:
            _again(row, str(error) or type(error).__name__)
            if isinstance(error, ScannerDown):
                break
    return judged


@transaction.atomic
def _claimed() -> list[Quarantine]:
    """Those whose turn it is, for a while nobody else's: killed in the middle, they come again."""
    now = clock.now()
    waiting = Quarantine.objects.select_for_update(skip_locked=True, of=("self",)).select_related("evidence")
    rows = list(waiting.filter(state=Scan.WAITING, next_at__lte=now).order_by("next_at")[:BATCH])
    Quarantine.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=now + CLAIM)
    return rows


def _judge(row: Quarantine, by: Scanner | None) -> int:
    if by is None:
        return 0
    kept = row.evidence
    found = by.scan(vault.fetch(kept.public_sha256 if kept.erased_at else kept.sha256)).found
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=row.evidence.case_id)
        state = Scan.INFECTED if found else Scan.CLEAN
        waiting = Quarantine.objects.filter(pk=row.pk, state=Scan.WAITING)
        if waiting.update(state=state, said=found, judged_at=clock.now()) and found:
            _tell(case, row.evidence, found)
    return 1


def _tell(case: Case, picture: Evidence, found: str) -> None:
    log.error("picture.infected", case=case.number, evidence=picture.pk, found=found, by=picture.actor)
    Doubt.objects.create(evidence=picture, kind=DoubtKind.INFECTED, value=0, most=0, said=found)
    news = PictureDoubted(case.number, [picture.pk], [str(DoubtKind.INFECTED)])
    journal.record(PICTURE_DOUBTED, subject=case.number, actor=SCANNER, org=case.org, area=case.area, data=news)


def _again(row: Quarantine, why: str) -> None:
    wait = min(FIRST_AGAIN * 2 ** min(row.tries, 10), LATEST_AGAIN)
    waiting = Quarantine.objects.filter(pk=row.pk, state=Scan.WAITING)
    waiting.update(tries=row.tries + 1, next_at=clock.now() + wait, said=why[:120])
    log.warning("picture.not_scanned", evidence=row.pk, tries=row.tries + 1, why=why)
