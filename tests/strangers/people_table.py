"""The doors of organisations, posts, people and rosters: for administrators, each on their ground."""

from typing import Any

from tests.strangers.door import LOGIN, Door
from tests.strangers.world import World

DEPARTMENT = "d449901-appearance"


def department(world: World) -> dict[str, Any]:
    return {"code": DEPARTMENT}


def desk(world: World) -> dict[str, Any]:
    return {"pk": world.people["desk"].pk}


def nothing(world: World) -> dict[str, Any]:
    return {"pk": 999_999}


def no_post(world: World) -> dict[str, Any]:
    return {"code": "nobody"}


def page(name: str, method: str = "get", **given: Any) -> Door:
    return Door(name, method, **{"nobody": LOGIN, "stranger": 403, "neighbour": 403, "who": "boss", **given})


def api(name: str, method: str = "get", **given: Any) -> Door:
    return Door(name, method, **{"stranger": 403, "neighbour": 403, "who": "boss", **given})


ROSTER = {"organisation": DEPARTMENT, "week": "2026-11-23"}
DRY = {"parent": "centre", "dry_run": True}
PEOPLE = (
    page("organisations"),
    page("organisation-new"),
    page("organisation-new", "post", right=400),
    page("organisation", kwargs=department),
    page("organisation-change", "post", kwargs=department, right=400),
    page("organisation-posts", "post", kwargs=department, right=400),
    page("contractors"),
    page("organisation-contracts", kwargs=department, right=409),
    page("organisation-contracts", "post", kwargs=department, right=409),
    page("contract-change", "post", kwargs=nothing, right=404),
    page("contract-end", "post", kwargs=nothing, right=404),
    page("organisation-crews", kwargs=department),
    page("organisation-crews", "post", kwargs=department, right=400),
    page("crew-change", "post", kwargs=no_post, right=404),
    page("organisation-move", "post", kwargs=department, data=lambda w: {"parent": "centre", "act": "look"}),
    page("organisation-close", "post", kwargs=department, data=lambda w: {"act": "look"}),
    page("organisation-plan-cancel", "post", kwargs=nothing, right=404),
    page("post-give-up", "post", kwargs=no_post, right=404),
    page("people"),
    page("person-new"),
    page("person-new", "post", right=400),
    page("people-links", "post"),
    page("person", kwargs=desk),
    page("person-change", "post", kwargs=desk, right=400),
    page("person-grant", "post", kwargs=desk, right=400),
    page("person-grant-end", "post", kwargs=lambda w: {**desk(w), "grant": 999_999}, right=404),
    page("person-appoint", "post", kwargs=desk, right=400),
    page("person-leave", "post", kwargs=lambda w: {**desk(w), "grant": 1}, right=404),
    page("rosters"),
    page("rosters", "post", data=lambda w: ROSTER, right=412),
    api("api-organisations"),
    api("api-organisations", "post", right=400),
    api("api-organisation", kwargs=department),
    api("api-organisation", "patch", kwargs=department, right=428),
    api("api-organisation-move", "post", kwargs=department, data=lambda w: DRY),
    api("api-organisation-close", "post", kwargs=department, data=lambda w: {"dry_run": True}),
    api("api-organisation-plans"),
    api("api-organisation-plan", "delete", kwargs=nothing, right=404),
    api("api-contracts", kwargs=department),
    api("api-contracts", "post", kwargs=department, right=400),
    api("api-crews", kwargs=department),
    api("api-crews", "post", kwargs=department, right=400),
    api("api-contract", "put", kwargs=nothing, data=lambda w: {"number": "HT-1"}, right=404),
    api("api-contract", "patch", kwargs=nothing, data=lambda w: {"until": "2030-01-01T00:00:00Z"}, right=404),
    api("api-crew", kwargs=no_post, right=404),
    api("api-crew", "patch", kwargs=no_post, right=404),
    api("api-crew-member", "put", kwargs=lambda w: {"code": "nobody", "pk": 1}, right=404),
    api("api-crew-member", "delete", kwargs=lambda w: {"code": "nobody", "pk": 1}, right=404),
    api("api-posts"),
    api("api-posts", "post", right=400),
    api("api-post", kwargs=no_post, right=404),
    api("api-post", "patch", kwargs=no_post, right=404),
    api("api-post-holders", "post", kwargs=no_post, right=400),
    api("api-post-holder", "delete", kwargs=lambda w: {"code": "nobody", "pk": 1}, right=404),
    api("api-grants"),
    api("api-grants", "post", right=400),
    api("api-grant", "delete", kwargs=nothing, right=404),
    api("api-people"),
    api("api-people", "post", right=400),
    api("api-person", kwargs=desk),
    api("api-person", "patch", kwargs=desk, right=428),
    api("api-person-invite", "post", kwargs=desk, right=201),
    api("api-rosters", query="?organisation=d449901-appearance&week=2026-11-23"),
    api("api-rosters", "put", right=428),
    api("api-rosters-copy", "post", data=lambda w: ROSTER, right=409),
    api("api-on-duty"),
)
