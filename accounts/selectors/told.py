"""What an editor shows of a role, an organisation, a person and so on: what `core.versions` compares."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Crew, Organisation, Post, Role, User, Watch


def role_told(row: Role) -> dict[str, Any]:
    """A role, by the fields of its form."""
    return {**_names(row.names), "permissions": sorted(row.permissions), "second_factor": row.second_factor}


def organisation_told(row: Organisation) -> dict[str, Any]:
    """An organisation, without its place in the tree, which is moved by a verb of its own."""
    return {**_names(row.names), "duties": sorted(row.duties), "active": row.active}


def post_told(row: Post) -> dict[str, Any]:
    """A post, without who holds it."""
    return {**_names(row.names), "active": row.active}


def crew_told(row: Crew) -> dict[str, Any]:
    """A crew, without who works in it."""
    return {**_names(row.names), "active": row.active}


def person_told(row: User) -> dict[str, Any]:
    """An account, without its password."""
    home = row.organisation
    return {
        "label": row.label,
        "organisation": home.code if home else "",
        "phone": row.phone,
        "email": row.email,
        "remote": row.remote,
        "active": row.is_active,
    }


def roster_told(rows: Iterable[Watch]) -> dict[str, Any]:
    """The roster of a week: person, day and shift of each turn, as the boxes of its table send them."""
    return {"turns": sorted(f"{row.user_id}:{row.day.isoformat()}:{row.shift.code}" for row in rows)}


def _names(names: dict[str, str]) -> dict[str, str]:
    return {"zh": names.get("zh", ""), "en": names.get("en", "")}
