"""The power list, the limits and the credentials as they are kept, for comparing with packs and for lists."""

from collections.abc import Mapping
from typing import Any

from enforcement.models import CauseRow, CityLimits, Credential


def cause_documents(pack: str) -> dict[tuple[str, str], dict[str, Any]]:
    """The clauses that a pack declared, by code and first day, as it wrote them."""
    return {
        (row.code, row.since.isoformat()): {
            "code": row.code, "since": row.since.isoformat(),
            **({"until": row.until.isoformat()} if row.until else {}), **row.document,
        }
        for row in CauseRow.objects.filter(pack=pack)
    }  # fmt: skip


def limits_document(pack: str) -> Mapping[str, Any] | None:
    """The limits as that pack laid them down; None where it did not."""
    row = CityLimits.objects.filter(pk=1, pack=pack).first()
    return row.document if row else None


def credential_rows() -> list[Credential]:
    """Every credential, by number."""
    return list(Credential.objects.select_related("user").order_by("number"))
