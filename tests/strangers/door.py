"""One door: a URL and a method, and what each of four people is answered there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.factories import picture
from tests.strangers.world import World

Answer = int | tuple[int, ...]
LOGIN = 302


@dataclass(frozen=True)
class Door:
    """One URL and method."""

    name: str
    method: str = "get"
    kwargs: Callable[[World], Mapping[str, Any]] = lambda world: {}
    query: str = ""
    data: Callable[[World], Mapping[str, Any]] = lambda world: {}
    who: str = "here"
    nobody: Answer = 401
    stranger: Answer = 404
    neighbour: Answer = 404
    right: Answer = 200
    hides: Callable[[World], str] | None = None
    headers: Callable[[World], Mapping[str, str]] = lambda world: {}
    why: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.query}"


def upload(world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.jpg", picture("teal")), "phase": "handle"}
