"""Tables of accounts: who there is and what they may do; and how offices are staffed."""

from accounts.models.establishment import Contract, Crew, CrewMember, Plan, Post, Shift, Standing, Watch
from accounts.models.identity import (
    ADMIN,
    AREA_PATH,
    CODE,
    Grant,
    Grants,
    Key,
    OpenSession,
    Organisation,
    OrganisationKind,
    PastPassword,
    People,
    Role,
    User,
)  # fmt: skip

__all__ = [
    "ADMIN", "AREA_PATH", "CODE", "Contract", "Crew", "CrewMember", "Grant", "Grants", "Key", "OpenSession",
    "Organisation", "OrganisationKind", "PastPassword", "People", "Plan", "Post", "Role", "Shift", "Standing", "User",
    "Watch",
]  # fmt: skip
