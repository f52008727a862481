"""Random people try random steps on a real case; whatever happens, the tables agree with one another."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import actions, selectors
from cases.contracts import ENDS, KIND_OF_VERB, CaseView
from cases.models import Case, Clock, Move
from cases.rules import VERBS, row
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from tests.cases.factories import HERE, STORY, Town, picture, reported

PEOPLE = ["collector", "acceptor", "leader", "leader2", "city_dispatcher", "district_dispatcher", "desk", "handler",
          "desk2", "district_dispatcher2"]  # fmt: skip
GIVEN: dict[str, dict[str, Any]] = {
    "send_verify": {"collector": "@collector"}, "verify": {"verdict": True, "photos": "@"}, "reject": {"reason": "r"},
    "refuse": {"reason": "r"}, "redo": {"reason": "r"}, "check_fail": {"reason": "r", "photos": "@"},
    "refuse_feedback": {"reason": "r"}, "reopen": {"reason": "r"}, "revoke": {"reason": "r"},
    "settle": {"before": "@", "after": "@"},
    "merge": {"into": "", "reason": "r"}, "unmerge": {"reason": "r"}, "unite": {"reason": "r"}, "split": {"parts": ()},
    "dispatch": {"department": f"d{HERE}-appearance"}, **{verb: given for verb, _who, given in STORY},
}  # fmt: skip
ALLOWED = (Conflict, Forbidden, Invalid, NotFound, Stale)
FORWARD = st.just(None)
ANY = st.tuples(st.sampled_from(VERBS[1:]), st.sampled_from(PEOPLE))


def ready(town: Town, value: Any) -> Any:
    if value == "@":
        return [picture()]
    return town.key(value[1:]) if isinstance(value, str) and value.startswith("@") else value


def attempt(town: Town, case: CaseView, verb: str, who: str) -> CaseView:
    """The case after the attempt; refused, it is the same and nothing was written."""
    before = counts()
    given = {key: ready(town, value) for key, value in GIVEN.get(verb, {}).items()}
    try:
        moved = getattr(actions, verb)(case.number, actor=town.actor(who), version=case.version, **given)
    except ALLOWED:
        assert counts() == before
        return case
    step = row(verb, case.stage)
    assert step is not None
    assert (moved.stage, moved.version) == (step.target, case.version + 1)
    assert who not in ("desk2", "district_dispatcher2")
    return moved


def counts() -> tuple[int, int, int]:
    return Move.objects.count(), Entry.objects.count(), Clock.objects.count()


def agree(case: CaseView) -> None:
    """Moves chain, entries match moves, clocks fit the stage, the view is the row."""
    moves = list(Move.objects.filter(case__number=case.number).order_by("version"))
    assert [move.version for move in moves] == list(range(1, case.version + 1))
    assert all(earlier.after == later.before for earlier, later in zip(moves, moves[1:], strict=False))
    assert all(earlier.at <= later.at for earlier, later in zip(moves, moves[1:], strict=False))
    kinds = list(Entry.objects.filter(subject=case.number).order_by("id").values_list("kind", flat=True))
    assert kinds == [KIND_OF_VERB[move.verb] for move in moves]
    running = set(Clock.objects.filter(case__number=case.number, stopped_at=None).values_list("kind", flat=True))
    assert running == set() if case.stage in ENDS else "total" in running or case.registered_at is None
    assert (case.stage in ("at_district", "dispatched", "handling", "handled", "rework")) <= ("handling" in running)
    assert selectors.view_of(Case.objects.select_related("category").get(number=case.number)) == case


NEXT = {"reported": 0, "accepted": 1, "registered": 2, "at_district": 3, "dispatched": 4, "handling": 5, "handled": 6,
        "fed_back": 7, "checking": 8, "checked": 9}  # fmt: skip


@pytest.mark.django_db
@given(steps=st.lists(st.one_of(FORWARD, FORWARD, FORWARD, ANY), min_size=4, max_size=16))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_random_walks_keep_the_tables_in_agreement(town: Town, steps: list[tuple[str, str] | None]) -> None:
    case = reported(town, category="E0110")
    for step in steps:
        if step is None and case.stage in NEXT:
            verb, who, _given = STORY[NEXT[case.stage]]
            case = attempt(town, case, verb, who)
        elif step is not None:
            case = attempt(town, case, *step)
    agree(case)
