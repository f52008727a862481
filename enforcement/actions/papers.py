"""Papers are made with the step that they belong to, and sealed: each carries the digest of the one before it."""

import secrets
from typing import Any

from django.utils.timezone import localtime

from core import clock
from core.scope import Actor
from enforcement import rules
from enforcement.actions.numbers import next_number
from enforcement.models import Document, Dossier, Move, Party
from enforcement.selectors import body_of, paper_values, party_digest


def make_papers(row: Dossier, facts: rules.DossierFacts, move: Move, actor: Actor, world: rules.World) -> None:
    """The papers of the step stand in the file, numbered and sealed."""
    kinds = rules.made_by(
        move.verb, hearing=facts.hearing_until is not None, order=str(move.said.get("order") or "")
    )  # fmt: skip
    for kind in kinds:
        _seal(row, kind, paper_values(row, facts, move, world), actor)


def _seal(row: Dossier, code: str, values: dict[str, str], actor: Actor) -> None:
    kind, now = rules.KINDS[code], clock.now()
    last = row.documents.order_by("-place").first()
    district = row.area.split(".")[1] if "." in row.area else row.area
    year = localtime(now).year
    head = f"{district}{kind.mark}{year}"
    number = f"综执{kind.mark}〔{year}〕{district}{next_number(head, 4).removeprefix(head)}号"
    token = secrets.token_urlsafe(16)
    party = party_digest(Party.objects.get(dossier=row), token)
    words: dict[str, Any] = {"title": kind.names["zh"], "body": body_of(code), "values": values, "party": party}
    before = last.seal if last else ""
    Document.objects.create(
        dossier=row, place=(last.place if last else 0) + 1, kind=code, number=number, words=words, before=before,
        seal=rules.seal_of(before, number, words, now.isoformat()), token=token, sealed_at=now,
        actor=actor.key, actor_label=actor.label[:120],
    )  # fmt: skip
