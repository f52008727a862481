"""What every verb of accounts asks first."""

from collections.abc import Mapping

from accounts.models import Organisation
from accounts.rules import AREA_PATH, CODE
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor

LANGUAGES = ("zh", "en")


def require_admin(actor: Actor, *, org: str = "", area: str = "") -> None:
    """The actor administers this ground; Forbidden otherwise."""
    if not actor.may("admin", org=org, area=area):
        raise Forbidden("accounts.not_an_administrator")


def require_code(code: str) -> None:
    """Lower-case letters, digits, - and _, at most 40 (a dot would break paths)."""
    if not CODE.search(code):
        raise Invalid("accounts.bad_code", value=code)


def require_area(area: str) -> None:
    """Region codes joined by dots, or empty."""
    if not AREA_PATH.search(area) or len(area) > 80:
        raise Invalid("accounts.bad_area", value=area)


def require_names(names: Mapping[str, str]) -> dict[str, str]:
    """Both languages, neither blank."""
    missing = [language for language in LANGUAGES if not str(names.get(language, "")).strip()]
    if missing:
        raise Invalid("accounts.name_missing", languages=", ".join(missing))
    return {language: str(name).strip() for language, name in names.items()}


def path_of(org: str) -> str:
    """The path of an organisation named by its path or its code; "" stays "" (everywhere)."""
    if not org:
        return ""
    found = Organisation.objects.filter(code=org.rpartition(".")[2]).values_list("path", flat=True).first()
    if found is None or ("." in org and found != org):
        raise NotFound("accounts.no_such_organisation", code=org)
    return str(found)
