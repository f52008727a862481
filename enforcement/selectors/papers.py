"""Papers: what stands in their places, their words, whether their seals hold, and what anybody may know of one."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import NamedTuple

from django.utils.timezone import localtime

from accounts import selectors as accounts
from core.errors import Conflict, NotFound
from core.languages import pick
from core.personal import masked_identity, masked_name, masked_phone
from core.scope import Actor
from enforcement import rules
from enforcement.contracts import Stage
from enforcement.contracts.words import PARTIES, PENALTIES, STAGES, WAYS
from enforcement.models import Document, Dossier, Move, Party, Template
from enforcement.selectors.files import dossier, visible_to

WRITTEN = (
    "order", "said", "rechecked", "opinion", "minutes", "record", "reason", "things", "receipt", "witness", "title",
)  # fmt: skip
"""What somebody wrote with the step, as it stands in its move: masked."""


class Checked(NamedTuple):
    """What anybody may know of a paper by its code: nothing of the party."""

    number: str
    kind: str
    agency: str
    sealed_on: str
    whole: bool


def body_of(kind: str) -> str:
    """The words of a kind of paper, as an administrator changed them, else the platform's own."""
    found = Template.objects.filter(kind=kind).first()
    return found.body if found else rules.KINDS[kind].body


def templates() -> dict[str, Template]:
    """The templates that administrators changed, by kind."""
    return {row.kind: row for row in Template.objects.all()}


def paper_values(row: Dossier, facts: rules.DossierFacts, move: Move, world: rules.World) -> dict[str, str]:
    """What fills the places of a paper that this step makes, in Chinese; of the party nothing."""
    said, cause = move.said, facts.cause
    spared = move.before == Stage.SPARED
    told = facts if facts.decided_on or spared else replace(facts, kinds=facts.noticed_kinds, fine=facts.noticed_fine)
    band = cause.band(facts.band) if cause and facts.band else None
    values = {
        "number": row.number, "agency": agency_of(row), "party_kind": _zh(PARTIES[row.party_kind]),
        "place": str(said.get("place") or row.place), "act_on": row.act_on.isoformat(), "about": row.about,
        "cause": _zh(cause.names) if cause else "", "violated": _zh(cause.violated) if cause else "",
        "basis": _zh(cause.basis) if cause else "", "band": _zh(band.names) if band else "",
        "officers": "、".join(one.label for one in facts.officers),
        "credentials": "、".join(one.number for one in facts.officers),
        "evidence": "；".join(one.title for one in facts.exhibits), "fine": f"{told.fine:.2f}",
        "fine_words": rules.in_capitals(int(told.fine * 100)),
        "kinds": "、".join(_zh(PENALTIES[kind]) for kind in sorted(told.kinds)),
        "owed": f"{facts.owed(world.today).total:.2f}", "today": world.today.isoformat(),
        "chair": _called(facts.hearing_chair), "decision": _decision(row, spared), "summary": _summary(row, said),
    }  # fmt: skip
    days = (
        "plea_until", "hearing_until", "hearing_on", "reconsider_until", "suit_until", "urge_until", "decided_on",
        "served_on",
    )  # fmt: skip
    values |= {name: getattr(facts, name).isoformat() if getattr(facts, name) else "" for name in days}
    values["pay_until"] = min((day.isoformat() for day, _amount in facts.parts), default="")
    until = max((one.until for one in facts.held()), default=None)
    values |= {"until": until.isoformat() if until else "", "way": _zh(WAYS[said["way"]]) if said.get("way") else ""}
    values["members"] = "、".join(_called(key) for key in said.get("members") or ())
    return values | {name: str(said.get(name) or "") for name in WRITTEN}


def _zh(names: Mapping[str, str]) -> str:
    return names.get("zh") or names.get("en") or ""


def agency_of(row: Dossier) -> str:
    """The organisation that keeps the file, by name."""
    return _zh(accounts.organisation_names(row.org)) if row.org else ""


def _called(key: str) -> str:
    ident = key.removeprefix("user:")
    if not ident.isdecimal():
        return key
    found = accounts.people([int(ident)])
    return found[int(ident)].label if found else key


def _decision(row: Dossier, spared: bool) -> str:
    if spared:
        return _zh(STAGES[Stage.SPARED])
    kinds = ("decision", "decision_on_spot")
    found = Document.objects.filter(dossier=row, kind__in=kinds).order_by("-place").first() if row.pk else None
    return f"《{found.words['title']}》（{found.number}）" if found else ""


def _summary(row: Dossier, said: Mapping[str, str]) -> str:
    if said.get("summary"):
        return said["summary"]
    last = Move.objects.filter(dossier=row, verb="conclude").order_by("-number").first()
    return str(last.said.get("summary") or "") if last else row.about


def party_digest(party: Party, token: str) -> str:
    """What a paper's seal says of the party: whether it is still the same, and nothing that tells who."""
    told = json.dumps([token, party.name, party.identity, party.phone, party.address], ensure_ascii=False)
    return sha256(told.encode()).hexdigest()


def seals_hold(row: Dossier) -> dict[int, bool]:
    """By the key of each paper, whether it and all before it are as they were sealed."""
    found, before, holds = {}, "", True
    party = Party.objects.get(dossier=row)
    for one in row.documents.order_by("place"):
        seal = rules.seal_of(one.before, one.number, one.words, one.sealed_at.isoformat())
        same = one.words.get("party") == party_digest(party, one.token)
        holds = holds and same and one.before == before and one.seal == seal
        found[one.pk], before = holds, one.seal
    return found


def document(number: str, paper: int, actor: Actor) -> Document:
    """A paper of a file that the actor sees, whose seal holds; NotFound, or Conflict where it is broken."""
    row = dossier(number, actor)
    found = row.documents.filter(place=paper).first()
    if found is None:
        raise NotFound("enforcement.no_document")
    if not seals_hold(row)[found.pk]:
        raise Conflict("enforcement.seal_broken")
    found.dossier = row
    return found


def words_of(paper: Document, *, whole: bool, masked: bool = True) -> str:
    """The words of a paper with its places filled; the party masked unless it may be seen whole, or not even that."""
    party = Party.objects.get(dossier=paper.dossier_id)
    named = {"party": party.name, "identity": party.identity, "phone": party.phone, "address": party.address}
    if not whole:
        named = {
            "party": masked_name(party.name), "identity": masked_identity(party.identity),
            "phone": masked_phone(party.phone), "address": "＊＊＊" if party.address else "",
        }  # fmt: skip
    if not (whole or masked):
        named = {name: "＊＊＊" if value else "" for name, value in named.items()}
    return rules.filled(paper.words["body"], {**paper.words["values"], **named})


def checked(token: str) -> Checked:
    """What anybody who holds the code of a paper may know; NotFound for a code that is none."""
    found = Document.objects.select_related("dossier").filter(token=token).first() if token.isprintable() else None
    if found is None:
        raise NotFound("enforcement.no_document")
    whole = seals_hold(found.dossier)[found.pk]
    return Checked(
        found.number, pick(rules.KINDS[found.kind].names), found.words["values"].get("agency", ""),
        f"{localtime(found.sealed_at):%Y-%m-%d}", whole,
    )  # fmt: skip


def documents_of(row: Dossier, actor: Actor) -> list[tuple[Document, bool]]:
    """The papers of a file with whether their seals hold, in order."""
    holds = seals_hold(row) if Dossier.objects.filter(visible_to(actor), pk=row.pk).exists() else {}
    return [(one, holds[one.pk]) for one in row.documents.order_by("place") if one.pk in holds]
