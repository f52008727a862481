"""Message templates: brought by packs, made a city's own, taken back to what the pack says. Every version is kept."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import Actor
from exchange import selectors
from exchange.contracts.messages import TEMPLATE_CHANGED, TemplateChanged, Words
from exchange.models import MessageTemplate
from exchange.rules.messages import LANGUAGES, template_faults
from journal import actions as journal

Texts = Mapping[str, Words]


@transaction.atomic
def save_template(
    code: str, *, titles: Words, bodies: Words, enabled: bool = True, urgent: bool | None = None, seen: int,
    actor: Actor,
) -> MessageTemplate:  # fmt: skip
    """People are told so at this occasion from now on, or nothing; Stale where it was changed since `seen`.

    Something urgent breaks through quiet hours; None leaves that as it was.
    """
    _may(actor)
    entry = selectors.template(code)
    held = _held(code, seen)
    texts = _texts(titles), _texts(bodies)
    for fault in template_faults(entry.occasion, *texts):
        raise Invalid(fault.code, **fault.params)
    before = held or MessageTemplate(occasion=code)
    urgent = before.urgent if urgent is None else urgent
    same = (before.titles, before.bodies, before.enabled, before.urgent) == (*texts, enabled, urgent)
    if held is not None and not held.retired and same:
        return held
    row = MessageTemplate(
        occasion=code, titles=texts[0], bodies=texts[1], enabled=enabled, urgent=urgent,
        pack=before.pack, said=before.said, said_urgent=before.said_urgent,
    )  # fmt: skip
    return _next(row, seen, actor)


@transaction.atomic
def reset_template(code: str, *, seen: int, actor: Actor) -> MessageTemplate:
    """The occasion is told again as its pack says; Conflict for a template that no pack brought."""
    _may(actor)
    selectors.template(code)
    held = _held(code, seen)
    if held is None or not held.said:
        raise Conflict("message.no_pack", code=code)
    pack = {"pack": held.pack, "said": held.said, "said_urgent": held.said_urgent}
    return _next(MessageTemplate(occasion=code, urgent=held.said_urgent, **pack, **held.said), seen, actor)


@transaction.atomic
def adopt_template(
    code: str, *, titles: Words, bodies: Words, urgent: bool = False, pack: str, actor: Actor
) -> MessageTemplate:
    """The pack's texts are in force, unless the city has texts of its own; then only what the pack says is noted."""
    _may(actor)
    entry = selectors.template(code)
    held = _held(code)
    said = {"titles": _texts(titles), "bodies": _texts(bodies)}
    for fault in template_faults(entry.occasion, titles, bodies):
        raise Invalid(fault.code, **fault.params)
    own = held is not None and not held.retired and (held.differs or not held.pack)
    same = held is not None and (held.says, held.urgent) == (said, urgent) and not held.retired
    if held is not None and (own or same):
        held.said, held.said_urgent, held.pack = said, urgent, pack
        held.save(update_fields=["said", "said_urgent", "pack"])
        return held
    row = MessageTemplate(occasion=code, pack=pack, said=said, said_urgent=urgent, urgent=urgent, **said)
    return _next(row, held.version if held else 0, actor)


@transaction.atomic
def retire_template(code: str, *, actor: Actor) -> MessageTemplate:
    """Nobody is told of this occasion any more; what was told stays."""
    _may(actor)
    held = _held(code)
    if held is None:
        raise NotFound("message.no_occasion", code=code)
    row = MessageTemplate(
        occasion=code, pack=held.pack, said=held.said, said_urgent=held.said_urgent, urgent=held.urgent, retired=True,
        **held.says,
    )  # fmt: skip
    return _next(row, held.version, actor)


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("message.not_admin")


def _held(code: str, seen: int | None = None) -> MessageTemplate | None:
    """The newest version, locked."""
    rows = MessageTemplate.objects.select_for_update().filter(occasion=code)
    held = rows.order_by("-version").first()
    current = held.version if held else 0
    if seen is not None and seen != current:
        raise Stale("message.stale", seen=seen, current=current)
    return held


def _texts(texts: Words) -> dict[str, str]:
    return {language: texts.get(language, "").strip() for language in LANGUAGES}


def _next(row: MessageTemplate, before: int, actor: Actor) -> MessageTemplate:
    """The row is the next version; two that are saved at once are one that was and one that is refused."""
    row.version = before + 1
    row.made_by, row.made_label, row.made_at = actor.key, actor.label[:120], clock.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Stale("message.stale", seen=before, current=row.version) from error
    news = TemplateChanged(row.occasion, row.version, row.enabled and not row.retired)
    journal.record(TEMPLATE_CHANGED, subject=f"template:{row.occasion}", actor=actor, data=news)
    return row
