"""A small dose of `./run prove workflow`: four threads on one case, and everything still agrees."""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.cases.factories import Town
from tests.cases.storm import AROUND, PARTED, Act, Plan, Storm, Tally, plans


@pytest.mark.django_db(transaction=True)
def test_four_people_at_once_break_nothing(real_town: Town) -> None:
    tally = Tally()
    storm = Storm(real_town, tally)

    @seed(7)
    @given(plan=plans(4, 8))
    @settings(max_examples=12, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def play(plan: Plan) -> None:
        storm.run(plan)

    try:
        play()
    finally:
        storm.close()
    assert dict(tally.faults) == {}, tally.examples
    assert tally.acts["impossible, refused by the database alone"] > 50
    assert tally.refusals["case.stale"] > 0


@pytest.mark.django_db(transaction=True)
def test_the_storm_reaches_coordination_merging_parts_and_bulk_steps(real_town: Town) -> None:
    tally = Tally()
    storm = Storm(real_town, tally)
    led: list[tuple[int, list[tuple[str, int]]]] = [
        (AROUND, [("next", 1), ("next", 1)]),
        (PARTED, [("parts", 2), ("next", 1)]),
        (PARTED, [("parts", 1), ("next", 2), ("next", 1)]),
        (5, [("merge", 1), ("next", 1), ("next", 1)]),
        (1, [("bulk", 1)]),
    ]
    try:
        for start, acts in led:
            storm.run((start, [([Act(word, choice)], 1) for word, choice in acts]))
    finally:
        storm.close()
    assert dict(tally.faults) == {}, tally.examples
    assert dict(tally.refusals) == {}
    reached = ("coordinate", "dispatch", "parts", "close", "unite", "merge", "unmerge", "submit", "bulk", "register")
    assert [word for word in reached if not tally.acts[word]] == []
