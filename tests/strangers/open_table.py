"""The doors of the open interface: anybody reads, who has a key reports, administrators set it."""

from typing import Any

from tests.strangers.door import LOGIN, Answer, Door
from tests.strangers.world import World


def all_the_same(name: str, method: str = "get", answer: Answer = 200, **given: Any) -> Door:
    """A door that nobody is known at."""
    answers = {"nobody": answer, "stranger": answer, "neighbour": answer, "right": answer}
    return Door(
        name, method, **{**answers, "why": "Open311: open to anybody; what is not public is not there", **given}
    )


def a_code(world: World) -> dict[str, str]:
    return {"code": "E0407"}


def a_case(world: World) -> dict[str, str]:
    """A case that no citizen reported is not there."""
    return {"number": world.case}


def a_token(world: World) -> dict[str, str]:
    return {"token": "00000000-0000-0000-0000-000000000000"}


def leads_on(name: str, **given: Any) -> Door:
    """Where the code of a label leads: those who work here to a page that has its own doors, others to what it is."""
    return Door(name, nobody=404, stranger=302, neighbour=302, right=302, why="that page has its own door", **given)


OPEN311 = (
    leads_on("component-label", kwargs=lambda w: {"code": "4499010137000001"}),
    leads_on("record-label", kwargs=lambda w: {"register": "dog", "number": "DOG449901202600001"}),
    all_the_same("open311-docs"),
    *(
        door
        for name in ("open311", "open311-test")
        for door in (
            all_the_same(f"{name}-discovery"),
            all_the_same(f"{name}-services"),
            all_the_same(f"{name}-service", kwargs=a_code, answer=404),
            all_the_same(f"{name}-requests", query=".json"),
            all_the_same(f"{name}-requests", "post", answer=403, data=lambda w: {"service_code": "E0407"}),
            all_the_same(f"{name}-request", kwargs=a_case, answer=404),
            all_the_same(f"{name}-token", kwargs=a_token, answer=404),
            all_the_same(f"{name}-nothing", kwargs=lambda w: {"other": "no/such/method"}, answer=404),
        )
    ),
    Door("open-services", nobody=LOGIN, stranger=403, neighbour=403, who="boss"),
    Door("open-service-switch", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=404),
    Door("report-keys", "post", nobody=LOGIN, stranger=403, neighbour=403, who="boss", right=400),
    Door(
        "report-key-end", "post", kwargs=lambda w: {"pk": 999_999}, nobody=LOGIN, stranger=403, neighbour=403,
        who="boss", right=404,
    ),
)  # fmt: skip
