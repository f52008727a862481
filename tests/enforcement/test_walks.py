"""Random lives of files, random calendars, random debts: what never happens, whatever somebody tries."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.steps import Refusal
from core.worktime import Calendar
from enforcement.contracts import ENDS, Office, Penalty, Plea, Procedure, Stage
from enforcement.rules import (
    STEPS,
    DossierFacts,
    calendar_days,
    debt,
    months,
    next_working,
    strict_days,
    take,
    working_days,
    works,
)
from tests.enforcement.lives import CREDENTIALS, DAY, FIRST, HEAD, LAWYER, SECOND, TODAY, facts, world

ALL = frozenset(Office)
dates = st.dates(date(2026, 8, 1), date(2026, 12, 31))
calendars = st.builds(
    lambda free, closed, extra: Calendar(
        weekly=tuple(() if day in free else DAY for day in range(7)), closed=closed, extra=dict.fromkeys(extra, DAY)
    ),
    st.sets(st.integers(0, 6), max_size=5), st.frozensets(dates, max_size=12), st.sets(dates, max_size=6),
)  # fmt: skip


@settings(max_examples=60)
@given(calendars, dates, st.integers(1, 40))
def test_a_period_of_working_days_holds_exactly_so_many_and_ends_on_one(calendar, start, many):
    end = working_days(calendar, start, many)
    between = [start + timedelta(days=one) for one in range(1, (end - start).days + 1)]
    assert sum(works(calendar, day) for day in between) == many
    assert works(calendar, end)


@settings(max_examples=60)
@given(calendars, dates, st.integers(1, 120))
def test_a_period_of_days_ends_on_its_day_or_on_the_first_working_day_behind(calendar, start, many):
    plain, end = start + timedelta(days=many), calendar_days(calendar, start, many)
    skipped = [plain + timedelta(days=one) for one in range((end - plain).days)]
    assert works(calendar, end)
    assert not any(works(calendar, day) for day in skipped)
    assert strict_days(start, many) == plain


@settings(max_examples=60)
@given(calendars, dates, st.integers(1, 24))
def test_months_end_on_the_same_day_or_the_last_of_a_shorter_month(calendar, start, many):
    end = months(calendar, start, many)
    plain = months(Calendar(weekly=(DAY,) * 7), start, many)
    assert (plain.year * 12 + plain.month) - (start.year * 12 + start.month) == many
    assert plain.day == start.day or (plain + timedelta(days=1)).day == 1
    assert end == next_working(calendar, plain)


money = st.integers(1, 5000).map(Decimal)
spans = st.integers(0, 60)


@settings(max_examples=60)
@given(money, spans, st.lists(st.tuples(spans, money), max_size=4), st.lists(st.tuples(spans, spans), max_size=2))
def test_a_surcharge_is_three_per_cent_a_day_and_never_above_the_fine(fine, due, paid, pauses):
    parts = ((TODAY + timedelta(days=due), fine),)
    payments = [(TODAY + timedelta(days=day), amount) for day, amount in paid]
    halts = [(TODAY + timedelta(days=min(two)), TODAY + timedelta(days=max(two))) for two in pauses]
    before = Decimal(0)
    for day in range(0, 120, 7):
        now = debt(fine, parts, payments, TODAY + timedelta(days=day), halts)
        free = debt(fine, parts, payments, TODAY + timedelta(days=day))
        assert before <= now.grown <= free.grown <= fine
        assert now.total <= 2 * fine
        assert now.grown == 0 or day > due
        before = now.grown
    if not paid and not pauses:
        late = debt(fine, parts, (), TODAY + timedelta(days=due + 7))
        assert late.grown == fine * 21 / 100
        assert debt(fine, parts, (), TODAY + timedelta(days=due + 365)).grown == fine


WRITTEN = "title things summary receipt said rechecked opinion minutes record reason witness"
texts = dict.fromkeys(WRITTEN.split(), "写明")
RARE = {"dismiss", "forgo_hearing", "drop", "transfer", "annul", "recuse", "reinvestigate", "spare"}
VERBS = [step.verb for step in STEPS]


def attempt(lot: Random) -> dict[str, Any]:
    """Something that somebody tries, drawn by lot."""
    return {
        "verb": lot.choice(VERBS), "actor": lot.choice([FIRST.key, LAWYER.key, HEAD, "camera:7"]),
        "wait": lot.choice([0, 0, 0, 0, 1, 1, 3, 6, 12]), "fine": Decimal(lot.choice([100, 400, 5000])),
        "big": lot.random() < 0.3, "told": lot.random() < 0.8, "how": lot.choice(list(Plea)),
        "public": lot.random() < 0.4, "both": lot.random() < 0.8, "likely": lot.random() < 0.8, "lot": lot.random(),
    }  # fmt: skip


def actor_for(verb):
    """Somebody who may well take the step."""
    duties = next(step.duties for step in STEPS if step.verb == verb)
    if verb == "hold_hearing":
        return LAWYER.key
    return FIRST.key if Office.HANDLE in duties else LAWYER.key if Office.REVIEW in duties else HEAD


def given_of(one, today):
    """What is given with an attempt: often right, often not."""
    fine = Decimal(5000) if one["big"] else one["fine"]
    return {
        **texts, "officers": [FIRST.key, SECOND.key] if one["both"] else [FIRST.key], "officer": SECOND.key,
        "kinds": ["fine"], "fine": fine, "band": "heavy" if fine > 500 else "light", "told": one["told"],
        "how": one["how"].value, "public_interest": one["public"], "complex": False, "list_signed": True, "measure": 1,
        "on": today + timedelta(days=11), "chair": LAWYER.key, "members": ["a", "b", "c"], "ground": "no_fault",
        "way": "handed", "amount": Decimal(100),
    }  # fmt: skip


def step(file: DossierFacts, one, day):
    """The file after an attempt, and its verb where it was taken; mostly one that the stage knows."""
    verb = one["verb"]
    if one["likely"]:
        onward = one["lot"] * 10 % 1 < 0.6
        rows = [row for row in STEPS if file.stage in row.sources and row.verb not in RARE]
        known = [row.verb for row in rows if not onward or row.target is not file.stage]
        verb = known[int(one["lot"] * len(known))] if known else verb
    who = actor_for(verb) if one["likely"] else one["actor"]
    given = given_of(one, day)
    given["on"] = day if verb == "serve" else given["on"]
    if verb == "decide" and one["told"]:
        given |= {"fine": file.noticed_fine, "band": file.band}
    found = take(verb, file, given, world(who, day), ALL)
    return (file, "") if isinstance(found, Refusal) else (found, verb)


def life(seed: int) -> list[str]:
    """The steps that were taken in a random life, each judged as it was taken."""
    lot = Random(seed)
    file, day, history = facts(officers=(), procedure=lot.choice(list(Procedure))), TODAY, []
    for one in (attempt(lot) for _ in range(80)):
        day += timedelta(days=one["wait"])
        before = file
        file, verb = step(file, one, day)
        history = [] if verb == "reinvestigate" else [*history, *([(verb, day, one)] if verb else [])]
        assert not verb or before.stage not in ENDS
        if verb == "decide":
            lawful(before, file, history, day)
        if verb == "decide_on_spot":
            assert (file.procedure, file.fine <= 200, one["told"]) == (Procedure.SIMPLE, True, True)
        if verb in ("decide", "decide_on_spot"):
            assert len({officer.key for officer in file.officers}) >= 2
        assert file.owed(day).grown <= file.fine
        assert all(officer.key in CREDENTIALS for officer in file.officers)
    return [verb for verb, _day, _one in history]


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_no_path_reaches_a_decision_without_notice_plea_and_the_review_that_is_due(seed):
    life(seed)


def test_the_random_lives_do_reach_what_they_are_judged_by():
    taken = [verb for seed in range(60) for verb in life(seed)]
    assert min(taken.count(verb) for verb in ("decide", "decide_on_spot", "review", "close")) >= 3
    assert taken.count("hold_hearing") >= 1


def lawful(before, after, history, day):
    """What was done before the decision, told from the steps that were taken and not from what the file says."""
    taken = {verb: (moment, one) for verb, moment, one in history}
    told, said = taken["notify"][0], taken.get("hear_plea") or taken.get("hold_hearing")
    assert said is not None
    waived = "hear_plea" in taken and taken["hear_plea"][1]["how"] is Plea.WAIVED
    assert waived or "hold_hearing" in taken or day > working_days(world().calendar, told, 3)
    if "hold_hearing" in taken or taken["conclude"][1]["public"]:
        assert "review" in taken
    if after.fine >= 2000:
        assert "discuss" in taken
    assert day <= before.decide_until
    assert after.fine <= before.noticed_fine


def walked(file, day, *verbs):
    """The file behind these steps, taken by those who should take them, each on the day that is said."""
    for verb, wait, more in verbs:
        day += timedelta(days=wait)
        one = {"big": True, "fine": Decimal(5000), "told": True, "how": Plea.SAID, "public": True, "both": True}
        given = {**given_of(one, day), "on": day, **more}
        file = take(verb, file, given, world(actor_for(verb), day), ALL)
        assert not isinstance(file, Refusal), (verb, file)
    return file, day


def test_a_whole_life_with_hearing_review_discussion_force_and_end():
    start = facts(officers=())
    decided, day = walked(
        start, TODAY, ("assign", 0, {}), ("file", 0, {}), ("gather", 1, {"electronic": True}), ("examine", 0, {}),
        ("seize", 0, {}), ("conclude", 2, {}), ("notify", 0, {"kinds": ["fine", "removal"]}), ("ask_hearing", 1, {}),
        ("call_hearing", 0, {"on": TODAY + timedelta(days=20)}), ("hold_hearing", 20, {}),
        ("review", 0, {}), ("discuss", 1, {}), ("decide", 0, {"kinds": ["fine", "removal"]}),
        ("release", 0, {}), ("serve", 1, {}),
    )  # fmt: skip
    assert decided.stage is Stage.SERVED
    assert decided.kinds == {Penalty.FINE, Penalty.REMOVAL}
    ended, day = walked(
        decided, day, ("urge", 20, {}), ("hear_urged", 3, {}), ("enforce", 190, {}),
        ("pay", 0, {"amount": decided.owed(day + timedelta(days=213)).total}),
    )  # fmt: skip
    assert ended.owed(day).total == 0
    working = next_working(world().calendar, day)
    ended, _day = walked(ended, working, ("carry_out", 0, {}), ("fulfil", 0, {}), ("close", 0, {}))
    assert ended.stage is Stage.CLOSED
    assert sum(amount for _day, amount in ended.payments) == 2 * ended.fine


def test_a_street_vendor_is_fined_on_the_spot_and_the_file_is_lodged_and_closed():
    start = facts(officers=(FIRST, SECOND), procedure=Procedure.SIMPLE)
    few = {"fine": Decimal(100), "band": "light", "amount": Decimal(100), "cash": True}
    ended, _day = walked(
        start, TODAY, ("gather", 0, {}), ("decide_on_spot", 0, few), ("serve", 0, {}), ("pay", 0, few),
        ("fulfil", 0, {}), ("lodge", 1, {}), ("close", 0, {}),
    )  # fmt: skip
    assert ended.stage is Stage.CLOSED
    early = replace(ended, stage=Stage.FULFILLED, lodged_on=None)
    assert take("close", early, {}, world(HEAD), ALL).code == "enforcement.not_lodged"
