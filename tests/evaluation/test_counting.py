"""The measures in SQL against a plain count in Python, on some hundred facts drawn by lot from one seed."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.scope import Actor, Ground, machine
from evaluation import rules, selectors
from evaluation.models import Fact, Press, Shirk
from evaluation.templatetags.scores import percent

JUDGE = machine("judge", "score.see", "evaluate")
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 10, 31, 16, 0, tzinfo=UTC), datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
FLAGS = (
    "verify_late", "accept_late", "register_late", "dispatch_late", "handle_late", "check_late", "close_late", "alive",
    "part", "split", "valid", "public", "settled", "missed", "observed", "refused", "held", "important", "urgent",
    "hotline", "answered", "satisfied", "unsatisfied",
)  # fmt: skip
MOMENTS = (
    "verify_owed", "verify_at", "accepted_at", "registered_at", "dispatch_owed", "dispatch_at", "handle_owed",
    "handle_at", "check_owed", "check_at", "close_owed", "closed_at", "returned_at", "shirked_at", "deferred_at",
    "voided_at", "visited_at",
)  # fmt: skip
DRAWN: dict[str, list[Press]] = {}
"""The supervision orders of each fact."""
PEOPLE = ("user:1", "user:2", "user:3", "")


def ordered(issued: datetime, lot: random.Random) -> Press:
    due = issued + timedelta(minutes=lot.randint(1, 60 * 24 * 5))
    replied = lot.choice([None, due - timedelta(seconds=1), due + timedelta(days=lot.randint(1, 9))])
    return Press(issued_at=issued, due_at=due, replied_at=replied, late=replied is not None and replied > due)


def drawn(number: int, lot: random.Random) -> Fact:
    def moment() -> datetime:
        return NOW + timedelta(minutes=lot.randint(-60 * 24 * 40, 60 * 24 * 20))

    district = lot.choice(["449901", "449902"])
    fact = Fact(case=f"{number:020d}", stage="closed", source=lot.choice(["collector", "citizen"]), category="E0407")
    fact.area, fact.district = f"449900.{district}", district
    fact.org, fact.left = (lot.choice(["c.a", "c.b", ""]) for _ in range(2))
    fact.reported_at = moment()
    for name in FLAGS:
        setattr(fact, name, lot.random() < (0.9 if name == "alive" else 0.3))
    for name in MOMENTS:
        setattr(fact, name, moment() if lot.random() < 0.8 else None)
    for name in rules.PERSON_OF.values():
        setattr(fact, name, lot.choice(PEOPLE))
    fact.exempt = lot.random() < 0.2
    fact.forced_at = moment() if lot.random() < 0.2 else None
    DRAWN[fact.case] = [ordered(moment(), lot) for _turn in range(lot.choice([0, 0, 1, 3]))]
    fact.reworks, fact.returns, fact.extensions = (lot.choice([0, 0, 1, 2, 3]) for _ in range(3))
    return fact


@pytest.fixture(scope="module")
def facts() -> list[Fact]:
    lot = random.Random(7)
    return [drawn(number, lot) for number in range(400)]


@pytest.fixture
def kept(facts, db, time) -> list[Fact]:
    time.be("2026-11-20T12:00:00+08:00")
    made = Fact.objects.bulk_create(
        [Fact(**{f.name: getattr(row, f.name) for f in Fact._meta.fields}) for row in facts]
    )
    Shirk.objects.bulk_create(
        Shirk(fact=row, org=row.left or "c.a", at=row.shirked_at) for row in made if row.shirked_at
    )
    pressed = [(row, one) for row, fact in zip(made, facts, strict=True) for one in DRAWN[fact.case]]
    columns = ("issued_at", "due_at", "replied_at", "late")
    Press.objects.bulk_create(
        Press(fact=row, order=place, org=presses(row), **{name: getattr(one, name) for name in columns})
        for place, (row, one) in enumerate(pressed)
    )
    return facts


def presses(fact: Fact) -> str:
    return fact.left or "c.a"


def lies(moment: datetime | None) -> bool:
    return moment is not None and SINCE <= moment < UNTIL


def done(moment: datetime | None) -> bool:
    return moment is not None and moment < NOW


def owed(f: Fact) -> bool:
    return f.alive and not done(f.forced_at)


def owes_handling(f: Fact) -> bool:
    return lies(f.handle_owed) and owed(f) and not f.split and not f.held


def owes_closing(f: Fact) -> bool:
    return lies(f.close_owed) and owed(f) and not f.split


def owes_dispatch(f: Fact) -> bool:
    return lies(f.dispatch_owed) and owed(f) and not f.split


def answered(one: Press) -> bool:
    return lies(one.due_at) and done(one.replied_at)


def told(f: Fact) -> bool:
    return lies(f.reported_at) and not f.part


PLAIN = {
    "reported": told,
    "valid": lambda f: told(f) and f.valid,
    "public": lambda f: told(f) and f.public,
    "settled": lambda f: told(f) and f.settled,
    "missed": lambda f: told(f) and f.missed,
    "observed": lambda f: told(f) and f.observed,
    "verify_owed": lambda f: lies(f.verify_owed) and not f.part,
    "verified": lambda f: lies(f.verify_owed) and not f.part and done(f.verify_at),
    "verified_on_time": lambda f: lies(f.verify_owed) and not f.part and done(f.verify_at) and not f.verify_late,
    "accepted": lambda f: lies(f.accepted_at) and not f.part,
    "accepted_on_time": lambda f: lies(f.accepted_at) and not f.part and not f.accept_late,
    "accepted_right": lambda f: lies(f.accepted_at) and not f.part and not f.refused,
    "filed": lambda f: lies(f.registered_at) and not f.part,
    "filed_on_time": lambda f: lies(f.registered_at) and not f.part and not f.register_late,
    "filed_right": lambda f: lies(f.registered_at) and not f.part and f.alive,
    "dispatch_owed": owes_dispatch,
    "dispatched": lambda f: owes_dispatch(f) and done(f.dispatch_at),
    "dispatched_on_time": lambda f: owes_dispatch(f) and done(f.dispatch_at) and not f.dispatch_late,
    "dispatched_right": lambda f: owes_dispatch(f) and done(f.dispatch_at) and f.returns == 0,
    "handle_owed": owes_handling,
    "handled": lambda f: owes_handling(f) and done(f.handle_at),
    "handled_on_time": lambda f: owes_handling(f) and done(f.handle_at) and not f.handle_late,
    "handled_late": lambda f: owes_handling(f) and done(f.handle_at) and f.handle_late,
    "unhandled": lambda f: owes_handling(f) and not done(f.handle_at),
    "unhandled_late": lambda f: owes_handling(f) and not done(f.handle_at) and f.handle_owed < NOW,
    "extended": lambda f: owes_handling(f) and f.extensions > 0,
    "check_owed": lambda f: lies(f.check_owed) and owed(f),
    "checked": lambda f: lies(f.check_owed) and owed(f) and done(f.check_at),
    "checked_on_time": lambda f: lies(f.check_owed) and owed(f) and done(f.check_at) and not f.check_late,
    "close_owed": owes_closing,
    "close_owed_moving": lambda f: owes_closing(f) and not f.held,
    "closed": lambda f: owes_closing(f) and done(f.closed_at),
    "closed_on_time": lambda f: owes_closing(f) and done(f.closed_at) and not f.close_late,
    "closed_late": lambda f: owes_closing(f) and done(f.closed_at) and f.close_late,
    "reworked": lambda f: owes_closing(f) and f.reworks > 0,
    "reworked_once": lambda f: owes_closing(f) and f.reworks == 1,
    "reworked_twice": lambda f: owes_closing(f) and f.reworks == 2,
    "reworked_often": lambda f: owes_closing(f) and f.reworks > 2,
    "returned": lambda f: lies(f.returned_at),
    "shirked": lambda f: lies(f.shirked_at),
    "deferred": lambda f: lies(f.deferred_at) and not f.split,
    "pressed": lambda f: sum(lies(one.issued_at) for one in DRAWN[f.case]),
    "reply_owed": lambda f: sum(lies(one.due_at) for one in DRAWN[f.case]),
    "replied": lambda f: sum(answered(one) for one in DRAWN[f.case]),
    "replied_on_time": lambda f: sum(answered(one) and not one.late for one in DRAWN[f.case]),
    "replied_late": lambda f: sum(answered(one) and one.late for one in DRAWN[f.case]),
    "unreplied_late": lambda f: sum(
        lies(one.due_at) and not done(one.replied_at) and one.due_at < NOW for one in DRAWN[f.case]
    ),
    "forced": lambda f: lies(f.forced_at) and f.alive and not f.split,
    "voided": lambda f: lies(f.voided_at),
    "visited": lambda f: lies(f.visited_at) and f.alive,
    "answered": lambda f: lies(f.visited_at) and f.alive and f.answered,
    "satisfied": lambda f: lies(f.visited_at) and f.alive and f.satisfied,
    "unsatisfied": lambda f: lies(f.visited_at) and f.alive and f.unsatisfied,
}
EXEMPTABLE = {
    "handle_owed", "handled", "handled_on_time", "handled_late", "unhandled", "unhandled_late", "extended",
    "close_owed", "close_owed_moving", "closed", "closed_on_time", "closed_late", "reworked", "reworked_once",
    "reworked_twice", "reworked_often", "shirked", "visited", "answered", "satisfied", "unsatisfied",
    "pressed", "reply_owed", "replied", "replied_on_time", "replied_late", "unreplied_late", "forced",
}  # fmt: skip


def november(by: str, within: str = "") -> selectors.Question:
    return selectors.Question(by, rules.period_of("month", NOW.date()), within)


def tally(facts: list[Fact], code: str) -> rules.Tally:
    raw = [(f, int(PLAIN[code](f))) for f in facts]
    net = [(f, many) for f, many in raw if not f.exempt] if code in EXEMPTABLE else raw
    return rules.Tally(*(sum(many for _f, many in told) for told in (raw, net)))


def test_every_count_of_the_whole_city_is_what_a_plain_count_says(kept):
    assert set(PLAIN) == set(rules.COUNTS)
    line = selectors.tallies(JUDGE, november("city"), rules.COUNTS)[""]
    assert line == {code: tally(kept, code) for code in PLAIN}
    assert all(one.net for one in line.values()), "a count that the lot never draws is not tested"


def whose(fact: Fact, code: str) -> str:
    """As whose case it counts."""
    if code == "shirked":
        return (fact.left or "c.a") if fact.shirked_at else ""
    if rules.COUNTS[code].org == rules.EACH_ORDER:
        return presses(fact) if DRAWN[fact.case] else ""
    return fact.left if code == "returned" else fact.org


@pytest.mark.parametrize(
    ("by", "key_of"),
    [
        ("district", lambda f, code: f.district),
        ("source", lambda f, code: f.source),
        ("organisation", lambda f, code: whose(f, code).rpartition(".")[2]),
        ("person", lambda f, code: getattr(f, rules.PERSON_OF.get(rules.COUNTS[code].post, ""), "")),
        ("post", lambda f, code: rules.COUNTS[code].post),
    ],
)
def test_every_count_of_a_line_is_what_a_plain_count_says(kept, by, key_of):
    lines = selectors.tallies(JUDGE, november(by), rules.COUNTS)
    keys = {key_of(f, code) for f in kept for code in PLAIN} - {""}
    assert set(lines) == keys
    for key in keys:
        for code in PLAIN:
            mine = [f for f in kept if key_of(f, code) == key]
            assert lines[key].get(code, rules.Tally()) == tally(mine, code), (key, code)


def test_the_cases_behind_a_number_of_orders_are_as_many_as_it_says_with_every_order_of_a_case(kept):
    for by, key in (("organisation", "b"), ("district", "449901"), ("city", "")):
        line = selectors.tallies(JUDGE, november(by), [*rules.COUNTS])[key]
        for code in ("pressed", "replied_late", "unreplied_late", "shirked", "handled"):
            for raw in (False, True):
                listed = selectors.counted(JUDGE, november(by), code, key, raw=raw)
                assert len(listed) == listed.count() == (line[code].raw if raw else line[code].net) > 0, (by, code)
    leader = Actor("user:2", "", {"score.see": (Ground(area="449900.449901"),)})
    mine = selectors.counted(leader, november("city"), "pressed")
    assert {fact.district for fact in mine} == {"449901"}
    desk = Actor("user:3", "", {"score.see": (Ground(org="c.b"),)})
    assert {key for key, one in selectors.tallies(desk, november("organisation"), ["pressed"]).items() if one} == {"b"}


def test_a_part_of_the_cases_counts_for_itself(kept):
    line = selectors.tallies(JUDGE, november("city"), ["handled_rate@urgent"])[""]
    urgent = [f for f in kept if f.urgent]
    assert line == {"handled@urgent": tally(urgent, "handled"), "handle_owed@urgent": tally(urgent, "handle_owed")}


def test_within_a_district_nothing_of_the_next_one_counts(kept):
    line = selectors.tallies(JUDGE, november("source", "449901"), ["reported"])
    here = [f for f in kept if f.district == "449901"]
    assert {key: one["reported"].net for key, one in line.items()} == {
        source: tally([f for f in here if f.source == source], "reported").net for source in ("citizen", "collector")
    }


def test_who_sees_one_district_counts_that_district_and_of_persons_only_themselves(kept):
    grounds = (Ground(area="449900.449901"),)
    leader = Actor("user:2", "", {"score.see": grounds})
    assert set(selectors.tallies(leader, november("district"), ["reported"])) == {"449901"}
    mine = selectors.tallies(leader, november("person"), ["reported"])
    assert mine == {"user:2": {"reported": tally([f for f in kept if f.reported_by == "user:2"], "reported")}}
    evaluator = Actor("user:9", "", {"score.see": grounds, "evaluate": grounds})
    assert set(selectors.tallies(evaluator, november("person"), ["reported"])) == {"user:1", "user:2", "user:3"}
    assert not selectors.counted(leader, november("person"), "reported", "user:1").exists()


def test_a_board_of_every_measure_is_one_question_per_column_one_of_the_shirked_and_one_of_orders(
    kept, django_assert_num_queries
):
    with django_assert_num_queries(3):
        selectors.tallies(JUDGE, november("district"), rules.COUNTS)
    with django_assert_num_queries(4):
        selectors.tallies(JUDGE, november("organisation"), rules.COUNTS)


def test_each_measure_names_where_it_comes_from_and_each_rate_stands_on_counts():
    for row in (*rules.COUNTS.values(), *rules.RATES.values()):
        assert row.zh
        assert row.en
        assert row.line.startswith("domain.md ")
        assert all(rules.origin_of(row.line)[lang] for lang in ("zh", "en"))
    for rate in rules.RATES.values():
        assert {rate.numerator, rate.denominator} <= set(rules.COUNTS)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rate"), [(0, 0, None), (3, 0, None), (0, 4, 0.0), (4, 4, 1.0), (5, 4, 1.25)]
)
def test_a_rate_without_a_denominator_is_a_dash_and_never_0_or_100(numerator, denominator, rate):
    assert rules.share(numerator, denominator) == rate


def test_a_rate_is_never_rounded_up_to_all():
    assert [percent(rate) for rate in (None, 0.0, 9999 / 10000, 1.0)] == ["—", "0.0%", "99.9%", "100.0%"]
