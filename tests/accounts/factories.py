"""People and organisations for tests, made through the doors."""

from accounts import actions
from accounts.models import Organisation, Role, User
from core.scope import machine

ROOT = machine("test:root", "admin")
CITY, HERE, THERE = "449900", "449900.449901", "449900.449902"


def organisation(code: str, parent: str = "", area: str = "", **given: object) -> Organisation:
    """An organisation with plausible words."""
    words = {"names": {"zh": f"机构{code}", "en": f"Office {code}"}, "kind": "department", "level": "city", **given}
    return actions.create_organisation(code=code, parent=parent, area=area, actor=ROOT, **words)


def city() -> dict[str, Organisation]:
    """A centre, two district centres, and the four departments of each district."""
    made = {"centre": organisation("centre", area=CITY, kind="centre", level="city")}
    for district, area in (("449901", HERE), ("449902", THERE)):
        made[f"d{district}"] = organisation(f"d{district}", "centre", area, kind="district_centre", level="district")
        for duty in ("appearance", "sanitation", "landscaping", "municipal"):
            code = f"{duty}-{district}"
            made[code] = organisation(code, f"d{district}", area, level="district", duties=[duty])
    return made


def role(code: str, *permissions: str) -> Role:
    """A role that holds these permissions."""
    return actions.upsert_role(code=code, names={"zh": code, "en": code}, permissions=permissions, actor=ROOT)


def person(username: str = "somebody", organisation: str = "", **given: object) -> User:
    """An account that may do nothing."""
    words = {"password": "a-long-password-7", "label": username, **given}
    return actions.create_user(username=username, organisation=organisation, actor=ROOT, **words)


def holder(username: str, *permissions: str, org: str = "", area: str = "", **given: object) -> User:
    """An account that holds these permissions over the ground, by a role of its own."""
    made = person(username, **given)
    role(f"role-{username}", *permissions)
    actions.grant(user=made, role=f"role-{username}", org=org, area=area, actor=ROOT)
    return made
