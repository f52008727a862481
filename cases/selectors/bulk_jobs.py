"""Jobs of a step with all the cases of a filter: one's own, how far each is, why cases were refused, and each case."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.contracts.bulk import Outcome
from cases.models import BulkItem, BulkJob, Case
from cases.models.words import Word
from cases.selectors.catalogue import steps_model
from cases.selectors.filters import filtered
from core.errors import DomainError, Forbidden, Invalid, Names, NotFound
from core.scope import Actor
from core.sentences import sentence_of
from core.written import plain
from exchange.contracts.exports import ListRow

NEWEST = 30


class Reason(NamedTuple):
    """Why so many cases of a job were or would be refused, with the sentence of the first of them."""

    code: str
    cases: int
    sentence: str


class Counts(NamedTuple):
    """How many cases of a job stand how."""

    waiting: int
    fine: int
    done: int
    refused: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self)


def all_that_pass(filters: Mapping[str, str], actor: Actor) -> list[Case]:
    """All the cases that the actor sees and that pass the filters, if there are any and not more than the city's most.

    Invalid("bulk.nothing") or Invalid("bulk.too_many") where not.
    """
    most = steps_model().bulk_most
    found = list(filtered(filters, actor).order_by("pk")[: most + 1])
    if not found:
        raise Invalid("bulk.nothing")
    if len(found) > most:
        raise Invalid("bulk.too_many", most=most)
    return found


def bulk_job(uid: UUID, actor: Actor) -> BulkJob:
    """One's own job; NotFound where it is somebody else's or was kept long enough."""
    found = BulkJob.objects.filter(uid=uid, user=actor.user_id).first() if actor.user_id else None
    if found is None:
        raise NotFound("bulk.unknown")
    return found


def bulk_jobs(actor: Actor) -> list[BulkJob]:
    """One's own jobs, the newest first."""
    return list(BulkJob.objects.filter(user=actor.user_id)[:NEWEST]) if actor.user_id else []


def bulk_counts(jobs: Iterable[BulkJob]) -> dict[int, Counts]:
    """How many cases of each of the jobs stand how, in one query."""
    held = {job.pk: dict.fromkeys(Outcome, 0) for job in jobs}
    rows = BulkItem.objects.filter(job__in=held).order_by().values_list("job", "outcome").annotate(n=Count("pk"))
    for job, outcome, n in rows:
        held[job][Outcome(outcome)] = n
    return {
        job: Counts(one[Outcome.WAITING], one[Outcome.FINE], one[Outcome.DONE], one[Outcome.REFUSED])
        for job, one in held.items()
    }


def bulk_reasons(job: BulkJob) -> list[Reason]:
    """Why cases of the job were refused, the most frequent first, in two queries."""
    refused = BulkItem.objects.filter(job=job, outcome=Outcome.REFUSED).order_by()
    counted = list(refused.values_list("code").annotate(n=Count("pk"), first=Min("pk")).order_by("-n", "code"))
    firsts = BulkItem.objects.in_bulk([first for _code, _n, first in counted])
    return [Reason(code, n, bulk_sentence(firsts[first])) for code, n, first in counted]


def bulk_lines(job: BulkJob, outcome: str = "", after: int = 0, most: int = 100) -> list[BulkItem]:
    """The cases of the job behind this key, one more than `most`, each with its case."""
    rows = BulkItem.objects.filter(job=job, pk__gt=after).select_related("case", "job")
    return list((rows.filter(outcome=outcome) if outcome else rows).order_by("pk")[: most + 1])


def bulk_sentence(item: BulkItem) -> str:
    """Why the case was refused, in the words of the reader; "" where it was not."""
    if not item.code:
        return ""
    return sentence_of(DomainError(item.code, **{name: _spoken(value) for name, value in item.params.items()}))


def _spoken(value: Any) -> Any:
    if isinstance(value, str):
        return Word(value)
    return Names(value) if isinstance(value, dict) else value


class BulkList:
    """What became of every case of a job, for the person whose job it was."""

    name = "bulk_results"
    names: Mapping[str, str] = {"zh": "批量办理结果", "en": "Results of a bulk job"}
    columns: tuple[str, ...] = (
        "number", "version", "outcome", "repeated", "code", "reason_zh", "reason_en", "stage", "at",
    )  # fmt: skip
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Whoever sees cases takes the results of an own job away."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        self._rows(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """The job by its number."""
        return [[(_("Bulk job"), one.get("job", ""))] for one in every]

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All its cases."""
        return self._rows(options, actor).count()

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key."""
        rows = self._rows(options, actor).select_related("case").order_by("-pk")
        found = rows if below is None else rows.filter(pk__lt=below)
        zone = get_current_timezone()
        return [ListRow(item.pk, {**_told(item), "at": plain(item.at, zone)}, None) for item in found[:most]]

    def _rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[BulkItem]:
        try:
            uid = UUID(options.get("job", ""))
        except ValueError as error:
            raise NotFound("bulk.unknown") from error
        return BulkItem.objects.filter(job=bulk_job(uid, actor))


def _told(item: BulkItem) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(item, name) for name in ("version", "outcome", "repeated", "code", "stage")}
    for column, language in (("reason_zh", "zh-hans"), ("reason_en", "en")):
        with override(language):
            told[column] = bulk_sentence(item)
    return {"number": item.case.number, **told}
