"""The table of steps and its judge, without a database."""

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from cases import rules
from cases.contracts import ENDS, KIND_OF_VERB, MACHINE_SOURCES, ClockKind, Phase, RequestKind, Source, Stage
from cases.rules import BACK, STEPS, VERBS, CaseFacts, Ground, Target, Twin
from core.scope import Duty
from core.sentences import codes

AREA = "449900.449901.449901001.449901001001"
CENTRE = "centre.d449901"
ALL = frozenset(Duty)
FULL = {
    "actor": "user:1", "point": True, "description": "text", "collector": "user:1", "handler": "user:1",
    "eligible": frozenset({"user:1"}), "verdict": True, "category": "E0407", "reason": "why", "result": "done",
    "condition": "a", "closing": "a", "photos": frozenset(Phase), "survivor": Twin("2", same_cell=True),
    "parts": ({}, {}),
}  # fmt: skip
FACTS = CaseFacts(
    stage=Stage.REPORTED, area=AREA, org=CENTRE, conditions=frozenset({"a", "b"}), collector="user:1",
    approved=frozenset(RequestKind), may_settle=True, registered=True,
)  # fmt: skip
DISTRICT = Target(CENTRE, "district_centre", "district", "449900.449901")
BUREAU = Target(f"{CENTRE}.appearance", "department", "district", "449900.449901")


def facts_for(step: rules.Step, **changes: object) -> CaseFacts:
    stage = next(iter(sorted(step.sources)), Stage.REPORTED)
    handler = "user:1" if step.verb == "submit" else "user:2"
    closed = {"parts": 2, "parts_closed": 1} if "parts_done:closed" in step.needs else {}
    return replace(FACTS, stage=stage, handler=handler, **{**closed, **changes})


def given_for(step: rules.Step) -> dict[str, object]:
    return {**FULL, "target": DISTRICT if step.verb == "dispatch_district" else BUREAU}


def row_id(step: rules.Step) -> str:
    return f"{step.verb}-{step.target}-{'-'.join(sorted(step.sources))[:20]}"


def test_the_table_is_the_table_of_the_architecture():
    told = {
        (step.verb, frozenset(map(str, step.sources)), str(step.target), frozenset(map(str, step.duties)))
        for step in STEPS
    }
    before = "reported verifying accepted registered at_district dispatched handling handled returned"
    expected = [
        ("report", "", "reported", "collect accept"),
        ("send_verify", "reported", "verifying", "accept"),
        ("verify", "verifying", "reported", "collect"),
        ("accept", "reported", "accepted", "accept"),
        ("reject", "reported", "rejected", "accept"),
        ("register", "accepted", "registered", "supervise"),
        ("refuse", "accepted", "rejected", "supervise"),
        ("dispatch_district", "registered returned", "at_district", "command.city"),
        ("dispatch", "registered returned", "dispatched", "command.city"),
        ("dispatch", "at_district", "dispatched", "command.district"),
        ("assign", "dispatched", "handling", "desk"),
        ("submit", "handling", "handled", "handle"),
        ("revoke", "handling", "dispatched", "desk"),
        ("redo", "handled", "handling", "desk"),
        ("confirm", "handled", "fed_back", "desk"),
        ("send_back", "dispatched", "returned", "desk"),
        ("send_back", "at_district", "returned", "command.district"),
        ("send_check", "fed_back", "checking", "accept"),
        ("check_pass", "checking", "checked", "collect"),
        ("check_fail", "checking", "rework", "collect"),
        ("refuse_feedback", "fed_back", "rework", "accept"),
        ("rework", "rework", "dispatched", "command.city command.district"),
        ("close", "checked", "closed", "supervise"),
        (
            "force_close",
            "registered returned at_district dispatched handling handled fed_back checking rework",
            "closed",
            "supervise",
        ),
        ("reopen", "closed", "registered", "supervise"),
        ("void", before, "voided", "supervise"),
        ("settle", "reported", "closed", "collect"),
        ("close", "in_parts", "closed", "supervise"),
        ("split", "registered returned", "in_parts", "command.city"),
        ("unite", "in_parts", "registered", "command.city"),
        ("merge", "reported verifying accepted", "voided", "accept supervise"),
        ("merge", "registered returned at_district dispatched handling handled", "voided", "supervise"),
        *(("unmerge", "voided", stage, "accept supervise") for stage in before.split()),
    ]
    assert told == {(v, frozenset(s.split()), t, frozenset(d.split())) for v, s, t, d in expected}
    assert len(STEPS) == len(expected)


def reachable(start: Stage) -> set[Stage]:
    seen, todo = {start}, [start]
    while todo:
        at = todo.pop()
        new = {step.target for step in STEPS if at in step.sources} - seen
        seen |= new
        todo += new
    return seen


def test_every_stage_can_be_reached():
    assert reachable(Stage.REPORTED) == set(Stage)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in ENDS])
def test_every_stage_but_the_ends_can_still_reach_an_end(stage):
    assert reachable(stage) & ENDS


def test_only_closed_ends_may_live_again():
    assert [step.verb for stage in ENDS for step in rules.steps_from(stage)] == ["reopen"]


def test_a_verb_has_one_row_at_most_from_any_stage():
    for verb in VERBS:
        for stage in Stage:
            ways = [step.target for step in rules.rows(verb) if stage in step.sources]
            assert len(ways) <= 1 or (verb in BACK and len(set(ways)) == len(ways))


def test_a_merged_case_goes_back_to_where_it_stood_and_nowhere_else():
    assert rules.row("unmerge", Stage.VOIDED, "handling").target == Stage.HANDLING
    assert rules.row("unmerge", Stage.VOIDED) is None
    assert [step.verb for step in rules.steps_from(Stage.VOIDED, "handled")] == ["unmerge"]
    assert rules.choose("unmerge", Stage.VOIDED, frozenset({Duty.SUPERVISE})).code == "case.wrong_stage"


def test_every_verb_tells_an_entry_of_its_own():
    assert set(KIND_OF_VERB) == set(VERBS)
    assert len(set(KIND_OF_VERB.values())) == len(VERBS)


def test_every_need_is_one_that_some_guard_knows():
    assert {need.partition(":")[0] for step in STEPS for need in step.needs} == rules.NEEDS


@pytest.mark.parametrize("step", STEPS, ids=row_id)
def test_a_step_with_all_it_needs_may_be_taken(step):
    assert rules.refusal(step, facts_for(step), step.duties, given_for(step)) is None


@pytest.mark.parametrize("step", STEPS, ids=row_id)
def test_nobody_takes_a_step_without_its_duty(step):
    no = rules.refusal(step, facts_for(step), ALL - step.duties, given_for(step))
    assert no is not None
    assert (no.code, no.ground) == ("case.not_your_duty", Ground.DUTY)


@pytest.mark.parametrize("step", [step for step in STEPS if step.sources], ids=row_id)
def test_a_step_is_refused_from_every_other_stage(step):
    for stage in set(Stage) - step.sources:
        no = rules.refusal(step, replace(facts_for(step), stage=stage), ALL, given_for(step))
        assert no is not None
        assert (no.code, no.ground) == ("case.wrong_stage", Ground.STATE)


WITHOUT = {
    "collector": ("collector", "case.needs_collector"), "verdict": ("verdict", "case.needs_verdict"),
    "category": ("category", "case.needs_category"), "reason": ("reason", "case.needs_reason"),
    "condition": ("condition", "case.needs_condition"), "handler": ("handler", "case.needs_handler"),
    "result": ("result", "case.needs_result"), "closing": ("closing", "case.needs_closing"),
    "department": ("target", "case.needs_department"), "district_centre": ("target", "case.needs_district_centre"),
    "place": ("point", "case.needs_place"), "category_or_text": ("category", None), "own_subtree": ("target", None),
    "callback": ("callback", None), "into": ("survivor", "case.needs_survivor"),
    "parts": ("parts", "case.needs_parts"),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=row_id)
def test_a_step_is_refused_without_what_it_needs(step):
    for need in step.needs:
        name = need.partition(":")[0]
        if name not in WITHOUT or WITHOUT[name][1] is None:
            continue
        missing, code = WITHOUT[name]
        less = {key: value for key, value in given_for(step).items() if key != missing}
        no = rules.refusal(step, facts_for(step), step.duties, less)
        assert no is not None
        assert (no.code, no.ground) == (code, Ground.INPUT)


STATES = {
    "located": ({"area": ""}, "case.unlocated"),
    "assigned": ({"handler": "user:9"}, "case.assigned_to_another"),
    "tasked": ({"collector": "user:9"}, "case.tasked_to_another"),
    "not_own_work": ({"handler": "user:1"}, "case.judges_own_work"),
    "same_department": ({"org": ""}, "case.no_department"),
    "registered": ({"registered": False}, "case.never_registered"),
    "may_settle": ({"may_settle": False}, "case.not_to_settle"),
    "coordinated": ({"coordination": "shirked"}, "case.needs_coordination"),
    "single": ({"is_part": True}, "case.merge_of_parts"),
    "papers_settled": ({"papers_open": True}, "case.papers_open"),
    "survivor_open": ({"survivor_ended": True}, "case.survivor_has_ended"),
    "no_part": ({"is_part": True}, "case.part_of_part"),
    "parent_open": ({"parent_ended": True}, "case.parent_ended"),
    "parts_done": ({"parts": 2, "parts_open": 1}, "case.parts_open"),
}


@pytest.mark.parametrize(
    ("changes", "code", "ground"),
    [
        ({"itself": True}, "case.survivor_itself", Ground.INPUT),
        ({"ended": True}, "case.survivor_ended", Ground.STATE),
        ({"is_part": True}, "case.survivor_part", Ground.STATE),
        ({"same_cell": False, "metres": 201.0}, "case.survivor_far", Ground.STATE),
        ({"same_cell": False, "metres": None}, "case.survivor_far", Ground.STATE),
        ({"category": "E0110"}, "case.survivor_other_class", Ground.STATE),
        ({"keeps_promise": False}, "case.survivor_later", Ground.STATE),
    ],
)
def test_a_case_is_merged_only_into_one_that_can_stand_for_it(changes, code, ground):
    step = rules.row("merge", Stage.ACCEPTED)
    twin = replace(Twin("2", same_cell=True), **changes)
    facts = facts_for(step, category="E0407")
    no = rules.refusal(step, facts, step.duties, {**FULL, "survivor": twin})
    assert (no.code, no.ground) == (code, ground)
    near = replace(Twin("2"), category="E0401", metres=200.0)
    assert rules.refusal(step, facts, step.duties, {**FULL, "survivor": near}) is None


def test_a_whole_closes_after_its_parts_and_is_made_whole_only_where_none_was_done():
    close, unite = rules.row("close", Stage.IN_PARTS), rules.row("unite", Stage.IN_PARTS)
    voided = facts_for(close, parts=2, parts_closed=0)
    assert rules.refusal(close, voided, ALL, FULL).code == "case.parts_none_closed"
    assert rules.refusal(unite, voided, ALL, FULL) is None
    done = facts_for(unite, parts=2, parts_closed=1)
    assert rules.refusal(unite, done, ALL, FULL).code == "case.parts_closed"
    assert rules.refusal(close, done, ALL, FULL) is None


@pytest.mark.parametrize("step", STEPS, ids=row_id)
def test_a_step_is_refused_where_the_case_does_not_allow_it(step):
    for need in step.needs:
        name, _, argument = need.partition(":")
        if name == "approved":
            changes, code = {"approved": frozenset()}, f"case.needs_approved_{argument.partition('|')[0]}"
        elif name in STATES:
            changes, code = STATES[name]
        else:
            continue
        no = rules.refusal(step, replace(facts_for(step), **changes), step.duties, given_for(step))
        assert no is not None
        assert (no.code, no.ground) == (code, Ground.STATE)


def test_whatever_a_guard_says_has_a_sentence():
    others = [
        None,
        DISTRICT,
        replace(BUREAU, active=False),
        replace(BUREAU, area="449900.449902"),
        replace(BUREAU, path="x"),
    ]
    states = [{}, {"callback_wanted": True}, {"approved": frozenset()}, *[changes for changes, _ in STATES.values()]]
    said = set()
    for step in STEPS:
        full = given_for(step)
        names = full.keys() - {"eligible", "photos", "target", "survivor", "parts"}
        gifts = [full, *({**full, name: value} for name in names for value in (None, "nonsense"))]
        gifts += [{**full, "photos": ()}, *({**full, "target": target} for target in others)]
        facts = [facts_for(step, **{k: v for k, v in changes.items() if k != "handler"}) for changes in states]
        facts += [replace(one, handler=who) for one in facts for who in ("user:1", "user:9")]
        said |= {no.code for one in facts for gift in gifts if (no := rules.refusal(step, one, ALL, gift))}
    assert said - codes() == set()
    assert {"case.unknown_closing", "case.needs_photo_check", "case.needs_approved_void", "case.not_to_settle"} <= said
    assert len(said) > 25


@pytest.mark.parametrize("step", [s for s in STEPS if any(n.startswith("photo:") for n in s.needs)], ids=row_id)
def test_pictures_are_needed_as_the_class_says(step):
    for phase in [need.partition(":")[2] for need in step.needs if need.startswith("photo:")]:
        less = {**given_for(step), "photos": frozenset(Phase) - {Phase(phase)}}
        no = rules.refusal(step, facts_for(step), step.duties, less)
        assert no is not None
        assert no.code == f"case.needs_photo_{phase}"
        lenient = facts_for(step, needs_photo=frozenset(Phase) - {Phase(phase)})
        assert rules.refusal(step, lenient, step.duties, less) is None
        there = facts_for(step, photos=frozenset({Phase(phase)}))
        assert rules.refusal(step, there, step.duties, less) is None


@pytest.mark.parametrize(("video", "verb", "phase"), [
    ("after", "submit", "handle"), ("both", "settle", "report"), ("both", "settle", "handle"),
])  # fmt: skip
def test_a_clip_is_needed_where_the_class_says_so(video, verb, phase):
    step = next(one for one in STEPS if one.verb == verb)
    needed = rules.filmed(video)
    facts, whole = facts_for(step, needs_film=needed), {**given_for(step), "films": frozenset(needed)}
    assert rules.refusal(step, facts, step.duties, whole) is None
    no = rules.refusal(step, facts, step.duties, {**whole, "films": needed - {phase}})
    assert no is not None
    assert no.code == f"case.needs_video_{phase}"
    assert no.code in codes()
    assert (rules.filmed("none"), rules.filmed("allowed")) == (frozenset(), frozenset())


@given(stage=st.sampled_from(list(Stage)), verb=st.sampled_from([v for v in VERBS if v != "report"]))
def test_whoever_only_handles_can_do_nothing_but_submit(stage, verb):
    found = rules.choose(verb, stage, frozenset({Duty.HANDLE}))
    if isinstance(found, rules.Step):
        no = rules.refusal(found, replace(facts_for(found), stage=stage), frozenset({Duty.HANDLE}), given_for(found))
        assert (no is None) == (verb == "submit")
    else:
        assert found.code == ("case.wrong_stage" if verb == "submit" else "case.not_your_duty")


@given(duties=st.frozensets(st.sampled_from([Duty.DESK, Duty.HANDLE, Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT])))
def test_nobody_who_works_or_commands_registers_or_closes(duties):
    for verb in ("register", "close", "check_pass", "check_fail", "reopen", "void", "accept"):
        for step in rules.rows(verb):
            assert rules.refusal(step, facts_for(step), duties, given_for(step)) is not None


def test_a_stranger_hears_that_it_is_not_his_before_he_hears_of_stages():
    assert rules.choose("close", Stage.REPORTED, frozenset({Duty.DESK})).code == "case.not_your_duty"
    assert rules.choose("close", Stage.REPORTED, frozenset({Duty.SUPERVISE})).code == "case.wrong_stage"


def test_a_district_dispatches_only_within_its_own_subtree():
    step = rules.row("dispatch", Stage.AT_DISTRICT)
    facts = facts_for(step)
    elsewhere = Target("centre.d449902.appearance", "department", "district", "449900.449901")
    no = rules.refusal(step, facts, step.duties, {**FULL, "target": elsewhere})
    assert no.code == "case.target_not_in_subtree"
    alike = Target("centre.d4499012.appearance", "department", "district", "449900.449901")
    assert rules.refusal(step, facts, step.duties, {**FULL, "target": alike}).code == "case.target_not_in_subtree"


@pytest.mark.parametrize(
    ("verb", "target", "code"),
    [
        ("dispatch", DISTRICT, "case.not_a_department"),
        ("dispatch", Target("centre", "centre", "city", "449900"), "case.not_a_department"),
        ("dispatch_district", BUREAU, "case.not_a_district_centre"),
        ("dispatch", replace(BUREAU, area="449900.449902"), "case.target_serves_elsewhere"),
        ("dispatch", replace(BUREAU, active=False), "case.unknown_department"),
    ],
)
def test_a_case_goes_only_where_it_can_be_worked(verb, target, code):
    step = rules.row(verb, Stage.REGISTERED)
    assert rules.refusal(step, facts_for(step), step.duties, {**FULL, "target": target}).code == code


def test_a_citizen_who_wished_it_is_called_back_before_closing():
    step = rules.row("close", Stage.CHECKED)
    facts = facts_for(step, callback_wanted=True)
    assert rules.refusal(step, facts, step.duties, FULL).code == "case.needs_callback"
    assert rules.refusal(step, facts, step.duties, {**FULL, "callback": "满意"}) is None


def test_a_person_outside_the_eligible_is_not_named():
    step = rules.row("assign", Stage.DISPATCHED)
    no = rules.refusal(step, facts_for(step), step.duties, {**FULL, "handler": "user:99"})
    assert (no.code, no.ground) == ("case.unknown_handler", Ground.INPUT)


@pytest.mark.parametrize(
    ("level", "allowed"), [("city", True), ("district", False), ("street", False), ("", False)]
)  # fmt: skip
def test_the_citys_model_says_which_level_may(level, allowed):
    no = rules.level_refusal("close", level, {"close": ["city"]})
    assert (no is None) is allowed
    assert rules.level_refusal("accept", level, {"close": ["city"]}) is None


def test_every_duty_of_the_table_has_stages_in_which_cases_wait_for_it():
    waited = {duty: rules.stages_for(duty) for duty in Duty}
    assert waited[Duty.SUPERVISE] == {Stage.ACCEPTED, Stage.CHECKED, Stage.IN_PARTS}
    assert waited[Duty.COLLECT] == {Stage.VERIFYING, Stage.CHECKING}
    assert waited[Duty.DESK] == {Stage.DISPATCHED, Stage.HANDLED}
    assert waited[Duty.COMMAND_CITY] == {Stage.REGISTERED, Stage.RETURNED, Stage.REWORK}
    assert waited[Duty.EVALUATE] == frozenset()
    assert frozenset().union(*waited.values()) == frozenset(Stage) - ENDS


def test_one_clock_runs_for_both_commands():
    first = rules.clock_effect("dispatch_district", Stage.AT_DISTRICT, frozenset({ClockKind.TOTAL}))
    assert first.start == {ClockKind.HANDLING}
    second = rules.clock_effect("dispatch", Stage.DISPATCHED, frozenset({ClockKind.TOTAL, ClockKind.HANDLING}))
    assert second.start == frozenset()


def test_confirm_and_not_submit_stops_the_handling_clock():
    running = frozenset({ClockKind.HANDLING, ClockKind.TOTAL})
    assert rules.clock_effect("submit", Stage.HANDLED, running).stop == frozenset()
    assert rules.clock_effect("confirm", Stage.FED_BACK, running).stop == {ClockKind.HANDLING}


def test_a_failed_check_starts_the_handling_clock_again():
    for verb in ("check_fail", "refuse_feedback"):
        assert rules.clock_effect(verb, Stage.REWORK, frozenset({ClockKind.TOTAL})).start == {ClockKind.HANDLING}


@pytest.mark.parametrize("end", sorted(ENDS))
def test_an_end_stops_every_clock(end):
    assert rules.clock_effect("void", end, frozenset(ClockKind)).stop == frozenset(ClockKind)


@pytest.mark.parametrize("source", list(Source))
def test_no_person_speaks_for_a_machine(source):
    assert (rules.reporting_rights(source, True) == ()) is (source in MACHINE_SOURCES)
    assert rules.reporting_rights(source, False) != ()


@pytest.mark.parametrize(
    ("source", "auto", "located", "expected"),
    [
        (Source.CAMERA, True, True, True),
        (Source.CAMERA, False, True, False),
        (Source.CAMERA, True, False, False),
        (Source.COLLECTOR, True, True, False),
        (Source.HOTLINE, True, True, False),
    ],
)
def test_only_a_located_report_of_a_machine_registers_itself(source, auto, located, expected):
    assert rules.registers_itself(source, auto, located) is expected


class Walks(RuleBasedStateMachine):
    """Random people try random steps; the moves must chain and the clocks must make sense."""

    @initialize()
    def begin(self) -> None:
        self.stage, self.moves, self.running = Stage.REPORTED, [], frozenset()
        self.registered = False

    @rule(verb=st.sampled_from(VERBS[1:]), duties=st.frozensets(st.sampled_from(Duty)))
    def attempt(self, verb: str, duties: frozenset[Duty]) -> None:
        step = rules.choose(verb, self.stage, duties)
        if isinstance(step, rules.Refusal):
            assert rules.row(verb, self.stage) is None
            return
        facts = replace(facts_for(step), stage=self.stage, registered=self.registered)
        if rules.refusal(step, facts, duties, given_for(step)):
            return
        assert step.duties & duties
        effect = rules.clock_effect(verb, step.target, self.running)
        assert not effect.start & self.running
        self.running = (self.running - effect.stop) | effect.start
        self.moves.append((self.stage, step.target))
        self.registered = self.registered or verb == "register"
        self.stage = step.target

    @invariant()
    def moves_chain(self) -> None:
        moves = getattr(self, "moves", [])
        assert all(before[1] == after[0] for before, after in zip(moves, moves[1:], strict=False))

    @invariant()
    def clocks_fit_the_stage(self) -> None:
        if not hasattr(self, "stage"):
            return
        if self.stage in ENDS:
            assert self.running == frozenset()
        if self.stage in (Stage.FED_BACK, Stage.CHECKING, Stage.CHECKED):
            assert ClockKind.HANDLING not in self.running
            assert ClockKind.TOTAL in self.running
        if self.stage in (Stage.AT_DISTRICT, Stage.DISPATCHED, Stage.HANDLING, Stage.HANDLED, Stage.REWORK):
            assert self.running == {ClockKind.HANDLING, ClockKind.TOTAL}


TestWalks = Walks.TestCase
TestWalks.settings = settings(max_examples=80, stateful_step_count=60, deadline=None)


def test_rules_and_contracts_know_nothing_of_django():
    code = "import cases.rules, cases.contracts, sys; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
