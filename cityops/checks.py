"""System checks of the project: one database driver, and it is known which."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.core.checks import CheckMessage, Error


def drivers() -> list[str]:
    """The PostgreSQL drivers that can be imported; Django takes the last of them in this order."""
    return [name for name in ("psycopg2", "psycopg") if find_spec(name) is not None]


def one_driver(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Both drivers at once would change silently which one Django uses."""
    found = drivers()
    if len(found) == 1:
        return []
    which = " and ".join(found) or "no driver"
    return [
        Error(
            f"{which} can be imported, so it is not certain how the database is reached.",
            hint="Install exactly one: psycopg2, as requirements/base.txt says, or psycopg with ./run test --psycopg3.",
            id="cityops.E001",
        )
    ]
