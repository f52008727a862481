"""A period is published once and never changes; appeals exempt a case and keep what happened."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from cases import selectors as cases
from cases.models import Case
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import machine
from evaluation import actions, rules, selectors
from evaluation.contracts import APPEAL_DECIDED, APPEAL_SIGNED, APPEALED, PUBLISHED
from evaluation.models import Appeal, Fact, News, PublishedRow
from journal.models import Cursor, Entry
from tests.cases.factories import CITY, HERE, THERE, asked, brought_to, take
from tests.dashboard.waits import waits

JUDGE = machine("judge", "score.see", "evaluate")
OTHER = machine("other", "score.see", "evaluate")
NOVEMBER = rules.period_of("month", date(2026, 11, 16))
DECEMBER = rules.following(NOVEMBER)
ASKED = selectors.Question("district", NOVEMBER)


def late_case(time, town, case=None):
    """A case of November that was handled an hour late, and closed."""
    case = brought_to(town, "handled", case)
    time.pass_by(hours=3)
    return brought_to(town, "closed", case)


def granted(row):
    """The appeal, granted by two who evaluate."""
    actions.decide_appeal(row.pk, actor=JUDGE, grant=True, answer="属实")
    return actions.decide_appeal(row.pk, actor=OTHER, grant=True, answer="同意")


@pytest.fixture
def december(time, town, scheme, news_taken):
    """One case in time and one late, seen from December."""
    held = brought_to(town, "closed"), late_case(time, town)
    actions.keep_facts([case.number for case in held])
    news_taken()
    time.be("2026-12-03T09:00:00+08:00")
    return held


def line(board, key=HERE):
    return next(one for one in board.lines if one.key == key)


def test_what_is_published_keeps_every_number_and_every_line(december):
    publication = actions.publish(ASKED, scheme="", actor=JUDGE)
    here, there = publication.rows.order_by("key")
    assert (here.key, float(here.score), here.grade, here.rank) == (HERE, 90.0, "A", 1)
    assert here.counts["handled_on_time"] == [1, 1]
    assert here.counts["handle_owed"] == [2, 2]
    cell = next(part for part in here.parts if part["code"] == "handled_on_time")["cells"][0]
    assert (cell["numerator"], cell["denominator"]) == (1, 2)
    assert (there.key, there.score, there.grade, there.rank) == (THERE, None, "", None)
    assert Entry.objects.filter(kind=PUBLISHED).count() == 1


def test_a_period_is_published_once_and_only_when_it_is_over(time, town, scheme, december):
    actions.publish(ASKED, scheme="", actor=JUDGE)
    with pytest.raises(Conflict) as refused:
        actions.publish(ASKED, scheme="", actor=JUDGE)
    assert refused.value.code == "evaluation.published"
    running = selectors.Question("district", rules.period_of("month", date(2026, 12, 1)))
    with pytest.raises(Conflict):
        actions.publish(running, scheme="", actor=JUDGE)
    with pytest.raises(Invalid):
        actions.publish(selectors.Question("district", rules.last_days(date(2026, 11, 3), 3)), scheme="", actor=JUDGE)


def test_a_period_is_not_published_while_one_of_its_cases_cannot_be_counted(december, news_taken):
    late = december[1]
    actions.sweep_all()
    parked = News.objects.create(case=late.number, error="ValueError: broken")
    with pytest.raises(Conflict) as refused:
        actions.publish(ASKED, scheme="", actor=JUDGE)
    assert (refused.value.code, refused.value.params["some"]) == ("evaluation.uncounted", late.number)
    assert not PublishedRow.objects.exists()
    before = selectors.Question("district", rules.previous(NOVEMBER))
    assert selectors.uncounted(before.period) == selectors.uncounted(NOVEMBER, f"{CITY}.{THERE}") == []
    parked.delete()
    Cursor.objects.filter(subscriber=selectors.FOLLOWS).update(seq=0)
    with pytest.raises(Conflict) as refused:
        actions.publish(ASKED, scheme="", actor=JUDGE)
    assert refused.value.code == "evaluation.news_on_its_way"
    news_taken()
    assert actions.publish(ASKED, scheme="", actor=JUDGE).rows.count() == 2


def test_a_district_publishes_its_streets_and_never_itself(december):
    with pytest.raises(Invalid) as refused:
        actions.publish(selectors.Question("district", NOVEMBER, HERE), scheme="", actor=JUDGE)
    assert refused.value.code == "evaluation.not_itself"
    assert actions.publish(selectors.Question("street", NOVEMBER, HERE), scheme="", actor=JUDGE).rows.count() == 1


def test_who_evaluates_nothing_there_publishes_nothing(december, town):
    with pytest.raises(Forbidden):
        actions.publish(ASKED, scheme="", actor=town.actor("desk"))
    assert not PublishedRow.objects.exists()


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_published(december, act):
    publication = actions.publish(ASKED, scheme="", actor=JUDGE)
    for rows in (publication.rows.all(), type(publication).objects.all(), type(publication.version).objects.all()):
        held = list(rows.values())
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(id=F("id")) if act == "update" else rows._raw_delete(rows.db)
        assert list(rows.values()) == held


def test_what_changes_after_is_shown_beside_what_was_published(december, town):
    _in_time, late = december
    actions.publish(ASKED, scheme="", actor=JUDGE)
    row = actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    granted(row)
    board = selectors.ranking(JUDGE, ASKED)
    assert (line(board).result.value, line(board).published, line(board).since_published) == (100.0, 90.0, 10.0)
    assert float(PublishedRow.objects.get(key=HERE).score) == 90.0


def test_an_appeal_that_is_granted_exempts_the_case_and_keeps_the_raw_count(december, town):
    _in_time, late = december
    row = actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    assert waits(JUDGE, "appeals") == [("appeals", "/scores/appeals/")]
    assert waits(town.actor("desk"), "appeals") == []
    assert line(selectors.ranking(JUDGE, ASKED)).result.value == 90.0
    granted(row)
    told = line(selectors.ranking(JUDGE, ASKED))
    assert (told.result.value, told.raw.value) == (100.0, 90.0)
    assert (told.counts["handle_owed"].raw, told.counts["handle_owed"].net) == (2, 1)
    publication = actions.publish(ASKED, scheme="", actor=JUDGE)
    here = publication.rows.get(key=HERE)
    assert (float(here.score), float(here.raw_score), here.counts["handle_owed"]) == (100.0, 90.0, [2, 1])
    actions.keep_facts([late.number])
    fact = Fact.objects.get(case=late.number)
    assert (fact.exempt, fact.excused, fact.handle_late) == (True, True, True)
    told = Entry.objects.filter(kind__startswith="evaluation.appeal").order_by("id").values_list("kind", flat=True)
    assert list(told) == [APPEALED, APPEAL_SIGNED, APPEAL_DECIDED]


def test_who_asked_does_not_decide_and_a_refusal_changes_nothing(december, town):
    _in_time, late = december
    both = machine("both", "score.see", "evaluate", "desk")
    row = actions.appeal(late.number, actor=both, reason="暴雨停工")
    with pytest.raises(Forbidden):
        actions.decide_appeal(row.pk, actor=both, grant=True, answer="好")
    with pytest.raises(Forbidden):
        actions.decide_appeal(row.pk, actor=town.actor("desk"), grant=True, answer="好")
    actions.decide_appeal(row.pk, actor=JUDGE, grant=False, answer="不属实")
    assert not Fact.objects.filter(exempt=True).exists()
    with pytest.raises(Conflict):
        actions.decide_appeal(row.pk, actor=OTHER, grant=True, answer="好")
    with pytest.raises(Conflict):
        actions.appeal(late.number, actor=town.actor("desk"), reason="再申诉")


def test_one_who_evaluates_is_not_enough_and_nobody_grants_twice(december, town):
    _in_time, late = december
    row = actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    first = actions.decide_appeal(row.pk, actor=JUDGE, grant=True, answer="属实", seen=0)
    assert (first.state, first.signed, Fact.objects.filter(exempt=True).count()) == ("open", 1, 0)
    with pytest.raises(Forbidden) as refused:
        actions.decide_appeal(row.pk, actor=JUDGE, grant=True, answer="属实")
    assert refused.value.code == "evaluation.appeal_signed_already"
    with pytest.raises(Conflict) as refused:
        actions.decide_appeal(row.pk, actor=OTHER, grant=True, answer="同意", seen=0)
    assert refused.value.code == "evaluation.appeal_signed_meanwhile"
    colleague = replace(machine("colleague", "score.see", "evaluate"), org=row.org)
    with pytest.raises(Forbidden):
        actions.decide_appeal(row.pk, actor=colleague, grant=True, answer="同意")
    assert actions.decide_appeal(row.pk, actor=OTHER, grant=True, answer="同意", seen=1).state == "granted"
    assert Fact.objects.get(exempt=True).case == late.number
    held = Appeal.objects.filter(pk=row.pk)
    for wrong in ({"first_by": "other"}, {"first_by": row.asked_by}, {"first_by": "", "first_answer": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            held.update(**wrong)


def test_only_a_closed_and_late_case_is_appealed_unless_the_city_says_otherwise(december, town):
    in_time, _late = december
    open_one = brought_to(town, "dispatched")
    actions.keep_facts([open_one.number])
    desk = town.actor("desk")
    for case, code in ((open_one, "evaluation.appeal_not_closed"), (in_time, "evaluation.appeal_not_late")):
        with pytest.raises(Conflict) as refused:
            actions.appeal(case.number, actor=desk, reason="暴雨停工")
        assert refused.value.code == code
    actions.save_appeal_rule({"closed": False, "late": False, "reviewers": 1}, pack="lenient")
    for case in (open_one, in_time):
        row = actions.appeal(case.number, actor=desk, reason="暴雨停工")
        assert actions.decide_appeal(row.pk, actor=JUDGE, grant=True, answer="属实").state == "granted"


def test_a_case_that_was_opened_again_cannot_be_exempted_any_more_and_was_appealed_once(december, town):
    _in_time, late = december
    row = actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    take(town, late, "reopen", "leader", reason="复发")
    actions.keep_facts([late.number])
    with pytest.raises(Conflict) as refused:
        actions.decide_appeal(row.pk, actor=JUDGE, grant=True, answer="属实")
    assert refused.value.code == "evaluation.appeal_not_closed"
    assert actions.decide_appeal(row.pk, actor=JUDGE, grant=False, answer="已重开").state == "refused"
    assert not Fact.objects.filter(exempt=True).exists()


def test_a_case_whose_appeal_is_before_the_supervision_centre_is_not_appealed_here_too(december, town, time):
    _in_time, late = december
    time.be("2026-11-20T09:00:00+08:00")
    asked(town, late, "appeal", "desk")
    with pytest.raises(Conflict) as refused:
        actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    assert refused.value.code == "evaluation.appealed_already"


def test_only_the_department_that_has_the_case_appeals(december, town):
    _in_time, late = december
    with pytest.raises(NotFound):
        actions.appeal(late.number, actor=town.actor("desk2"), reason="不是我的")
    with pytest.raises(Forbidden):
        actions.appeal(late.number, actor=JUDGE, reason="代申诉")
    for words in ("", " ", "x" * 2001, "\x00"):
        with pytest.raises(Invalid):
            actions.appeal(late.number, actor=town.actor("desk"), reason=words)
    assert not Appeal.objects.exists()


def test_an_appeal_that_was_withdrawn_may_be_made_again(december, town):
    _in_time, late = december
    desk = town.actor("desk")
    row = actions.appeal(late.number, actor=desk, reason="暴雨停工")
    with pytest.raises(NotFound):
        actions.withdraw_appeal(row.pk, actor=JUDGE)
    actions.withdraw_appeal(row.pk, actor=desk)
    assert actions.appeal(late.number, actor=desk, reason="补材料").state == "open"


def test_a_board_tells_the_change_since_the_period_before(december, town):
    asked = selectors.Question("district", rules.following(NOVEMBER))
    told = line(selectors.ranking(JUDGE, asked))
    assert (told.result.value, told.before.value, told.rank, told.rank_before) == (None, 90.0, None, 1)


def test_within_a_district_only_its_streets_are_ranked(december):
    streets = selectors.ranking(JUDGE, selectors.Question("street", NOVEMBER, HERE))
    assert [(one.key, one.result.value) for one in streets.lines] == [(f"{HERE}001", 90.0)]


def test_what_an_appeal_exempted_counts_again_once_the_case_is_opened_again(december, town, time):
    _in_time, late = december
    granted(actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工"))
    time.pass_by(minutes=1)
    actions.keep_facts([late.number])
    assert Fact.objects.get(case=late.number).excused
    opened = take(town, late, "reopen", "leader", reason="复发")
    actions.keep_facts([late.number])
    again = late_case(time, town, take(town, opened, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance"))
    for _turn in range(2):
        actions.keep_facts([late.number])
        fact = Fact.objects.get(case=again.number, round=0)
        assert (fact.exempt, fact.excused, fact.handle_late) == (False, False, True)


def test_a_case_reopened_after_is_owed_anew(december, town, time):
    in_time, _late = december
    take(town, in_time, "reopen", "leader", reason="复发")
    actions.keep_facts([in_time.number])
    fact = Fact.objects.get(case=in_time.number, round=0)
    assert (fact.handle_owed, fact.closed_at, fact.org) == (None, None, "")


def told(period, ref, by="city"):
    line = selectors.tallies(JUDGE, selectors.Question(by, period), [ref]).get("", {})
    tally = line.get(ref, rules.Tally())
    return tally.raw, tally.net


def test_a_month_that_is_over_reads_as_it_did_when_its_cases_are_opened_again_after_it(december, town, time):
    in_time, late = december
    granted(actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工"))
    actions.keep_facts([late.number])
    before = selectors.tallies(JUDGE, ASKED, rules.COUNTS)
    behind = [set(selectors.counted(JUDGE, ASKED, ref, HERE).values_list("case", flat=True))
              for ref in ("closed", "filed")]  # fmt: skip
    time.pass_by(minutes=1)
    for case in (in_time, late):
        take(town, case, "reopen", "leader", reason="复发")
    for _turn in range(2):
        actions.keep_facts([in_time.number, late.number])
    assert selectors.tallies(JUDGE, ASKED, rules.COUNTS) == before
    assert told(NOVEMBER, "closed") == (2, 1), "what an appeal exempted then is exempt in that month still"
    assert behind == [set(selectors.counted(JUDGE, ASKED, ref, HERE).values_list("case", flat=True))
                      for ref in ("closed", "filed")]  # fmt: skip
    time.pass_by(minutes=1)
    assert (told(DECEMBER, "closed"), told(DECEMBER, "filed")) == ((0, 0), (0, 0))
    reopened = cases.view_of(Case.objects.get(number=late.number))
    late_case(time, town, take(town, reopened, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance"))
    actions.keep_facts([late.number])
    time.pass_by(minutes=1)
    assert (told(DECEMBER, "handled_late"), told(DECEMBER, "filed")) == ((1, 1), (0, 0))
    assert selectors.tallies(JUDGE, ASKED, rules.COUNTS) == before
    year = rules.period_of("year", date(2026, 12, 3))
    assert (told(year, "closed"), told(year, "filed")) == ((1, 1), (2, 2)), "a year reads each case as it stands"
