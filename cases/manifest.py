"""The sections of packs that cases understand: classes, responsibilities, the city's model of steps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cases import actions, selectors
from cases.contracts import ENDS, Stage
from cases.rules import VERBS, ladder_fault, ordered, scope_fault
from core.scope import Actor
from packs.contracts import Change, Problem, register_section

Pack = Mapping[str, Any]


class Categories:
    """The classes of cases; a changed one is a new version, so that what was promised by the old one stays.

    A class that the city changed is the city's: where the pack says otherwise, `diff` says keep, and nothing changes.
    """

    section = "categories"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Codes once and agreeing with kind and parts; conditions once; the duty has a responsibility."""
        known = {row["duty"] for other in (pack, *library.values()) for row in other.get("responsibilities") or ()}
        rows = pack.get(self.section) or ()
        found = _doubled(rows, "code", self.section)
        for index, row in enumerate(rows):
            path = f"{self.section}/{index}"
            found += [Problem("cases.category", sentence, path) for sentence in _faults(row, known)]
            found += _doubled(row["conditions"], "code", f"{path}/conditions")
        return found + self._elsewhere(pack, library)

    def _elsewhere(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        others = [other for code, other in library.items() if code != pack.get("code")]
        taken = {row["code"]: other["code"] for other in others for row in other.get(self.section) or ()}
        return [
            Problem("cases.category", f"{row['code']} is also in {taken[row['code']]}.", f"{self.section}/{i}")
            for i, row in enumerate(pack.get(self.section) or ())
            if row["code"] in taken
        ]

    def diff(self, pack: Pack) -> list[Change]:
        """Classes that are new, read otherwise than the tables, or no longer there."""
        held = {row.code: row for row in selectors.newest_versions()}
        wanted = {row["code"]: selectors.category_fields(row) for row in pack.get(self.section) or ()}
        return [_by_whom(change, held, str(pack["code"])) for change in self._told(held, wanted, str(pack["code"]))]

    def _told(self, held: Mapping[str, Any], wanted: Mapping[str, Pack], pack: str) -> list[Change]:
        found = _changes(self.section, held, wanted, pack)
        said = {change.code for change in found}
        moved = [code for code in wanted if code in held and code not in said and held[code].pack != pack]
        return found + [Change(self.section, "change", code, {"pack": (held[code].pack, pack)}) for code in moved]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """The classes are in force as the pack says."""
        actions.save_categories(pack.get(self.section) or (), pack=str(pack["code"]), by=actor.key)


class ClassPresets:
    """Which of the classes of some packs a city has switched on to begin with; the city's own switches outlast it."""

    section = "class_presets"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """It speaks of packs that are needed, and of classes that they bring."""
        found = []
        for index, row in enumerate(pack.get(self.section) or ()):
            path, needs = f"{self.section}/{index}", pack.get("needs") or ()
            found += [
                Problem("cases.preset", f"{code} is not among the packs that are needed.", f"{path}/of")
                for code in row["of"]
                if code not in needs
            ]
            there = {one["code"] for code in row["of"] for one in library.get(code, {}).get("categories") or ()}
            found += [
                Problem("cases.preset", f"None of these packs has the class {code}.", f"{path}/classes/{place}")
                for place, code in enumerate(row["classes"])
                if code not in there
            ]
        return found

    def diff(self, pack: Pack) -> list[Change]:
        """Classes that would be switched on or off; `keep` for those whose switch the city has set otherwise."""
        switches = selectors.switch_rows()
        found = []
        for code, enabled in self._wanted(pack).items():
            held = switches.get(code)
            before = held.enabled if held else True
            if before != enabled:
                what = "keep" if held and held.origin == "city" else "change"
                found.append(Change(self.section, what, code, {"enabled": (before, enabled)}))
        return found

    def _wanted(self, pack: Pack) -> dict[str, bool]:
        """What the presets say; a preset that is gone leaves every class it had switched off switched on."""
        name, presets = str(pack["code"]), pack.get(self.section) or ()
        wanted = {row.code: True for row in selectors.switch_rows().values() if row.pack == name}
        of = {code for preset in presets for code in preset["of"]}
        on = {code for preset in presets for code in preset["classes"]}
        governed = selectors.newest_versions().filter(pack__in=of).values_list("code", flat=True)
        return wanted | {code: code in on for code in governed}

    def apply(self, pack: Pack, actor: Actor) -> None:
        """The classes are on or off as the pack says, but for those that the city has switched."""
        actions.save_preset(self._wanted(pack), pack=str(pack["code"]), by=actor.key)


class Responsibilities:
    """Which kind of organisation answers for a duty, one for each area of which level; who helps, who arbitrates.

    A duty for which the city has a rule of its own stays as the city says: where the pack says otherwise, `diff` says
    keep. What the pack says is written down all the same, for the day when the city's rule ends.
    """

    section = "responsibilities"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each duty once; its kinds are of the organisation model, where there is one; who cooperates has a rule."""
        rows = pack.get(self.section) or ()
        kinds = {row["code"] for other in (pack, *library.values()) for row in other.get("organisation_model") or ()}
        duties = {row["duty"] for other in (pack, *library.values()) for row in other.get(self.section) or ()}
        strange = [
            Problem("cases.responsibility", sentence, f"{self.section}/{index}")
            for index, row in enumerate(rows)
            for sentence in _strange(row, kinds, duties)
        ]
        return _doubled(rows, "duty", self.section) + strange

    def diff(self, pack: Pack) -> list[Change]:
        """Duties that are new, answered for otherwise, or no longer there."""
        held = {row.duty: row for row in selectors.responsibilities()}
        wanted = {row["duty"]: selectors.responsibility_fields(row) for row in pack.get(self.section) or ()}
        return _changes(self.section, held, wanted, str(pack["code"])) + self._kept(wanted)

    def _kept(self, wanted: Mapping[str, Pack]) -> list[Change]:
        """The city's own words, where the pack says otherwise."""
        own = {duty: row for duty, row in selectors.rules_in_force().items() if row.origin == "city"}
        found = [(duty, _differing(own[duty], fields)) for duty, fields in wanted.items() if duty in own]
        return [Change(self.section, "keep", duty, fields) for duty, fields in found if fields]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Duties are answered for as the pack says, but for those for which the city has a rule of its own."""
        actions.save_responsibilities(pack.get(self.section) or (), pack=str(pack["code"]))


class StepsModels:
    """Which level may use which verb, how long a post may keep a case, when to warn, how much time a rework has.

    A city that has chosen its model keeps it: what the pack says of the others is there to be chosen.
    """

    section = "steps_model"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Every verb of the table has its levels and no other word does; limits name stages that can be kept."""
        model = pack.get(self.section)
        return _model_problems(model, self.section) if model else []

    def diff(self, pack: Pack) -> list[Change]:
        """The model that would come into force, and what would be different."""
        model = pack.get(self.section)
        if not model:
            return []
        held = {row.code: row for row in selectors.steps_models()}.get(model["model"])
        if held is None:
            return [Change(self.section, "add", model["model"])]
        fields = _differing(held, selectors.steps_model_fields(model))
        if not held.in_force and not selectors.chosen_by_city():
            return [Change(self.section, "add", model["model"], fields)]
        return [Change(self.section, "change", model["model"], fields)] if fields else []

    def apply(self, pack: Pack, actor: Actor) -> None:
        """The pack's model is in force; a pack without one leaves it as it is."""
        if pack.get(self.section):
            actions.save_steps_model(pack[self.section], pack=str(pack["code"]))


class StepsPresets:
    """Further models of steps that an administrator may choose."""

    section = "steps_presets"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each is as whole as the one that a city begins with, and has a name of its own."""
        rows = pack.get(self.section) or ()
        found = _doubled([*rows, *filter(None, [pack.get("steps_model")])], "model", self.section)
        return found + [one for i, row in enumerate(rows) for one in _model_problems(row, f"{self.section}/{i}")]

    def diff(self, pack: Pack) -> list[Change]:
        """Models that are new or read otherwise."""
        held, found = {row.code: row for row in selectors.steps_models()}, []
        for given in pack.get(self.section) or ():
            row = held.get(given["model"])
            fields = _differing(row, selectors.steps_model_fields(given)) if row else {}
            if row is None or fields:
                found.append(Change(self.section, "change" if row else "add", given["model"], fields))
        return found

    def apply(self, pack: Pack, actor: Actor) -> None:
        """The models may be chosen."""
        actions.put_steps_models(pack.get(self.section) or (), pack=str(pack["code"]))


def _model_problems(model: Pack, path: str) -> list[Problem]:
    levels, limits, orders = model["levels"], model.get("post_limits", {}), model.get("timeout_orders", ())
    stages = {str(stage) for stage in Stage if stage not in ENDS} | {"total"}
    known = {*VERBS, "sign", "resume"}
    apart = {verb for pair in model.get("apart", ()) for verb in pair}
    faults = [
        *(f"The verb {verb} is missing: say which levels may use it." for verb in VERBS if verb not in levels),
        *(f"{verb} is not a verb of the workflow." for verb in (*levels, *sorted(apart)) if verb not in known),
        *(f"No clock breaks so: {one}." for one in orders if scope_fault(one["clock"], one.get("stage", ""))),
        *(f"{stage} is not a stage that a post keeps a case in." for stage in limits if stage not in stages),
    ]
    return [Problem("cases.steps_model", fault, path) for fault in faults]


class RequestRules:
    """Who may ask for what, on which grounds and within which limits, and who must sign one after the other."""

    section = "request_rules"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each kind and each ground of it once; nobody is asked to sign what he alone may ask for."""
        rows = pack.get(self.section) or ()
        found = _doubled(rows, "kind", self.section)
        for index, row in enumerate(rows):
            path = f"{self.section}/{index}"
            found += _doubled(row.get("grounds") or (), "code", f"{path}/grounds")
            if any(chain[-1].get("waived") for chain in selectors.chains_in(row)):
                sentence = f"The last signature of {row['kind']} cannot be waived."
                found.append(Problem("cases.request_rule", sentence, path))
        return found

    def diff(self, pack: Pack) -> list[Change]:
        """Rules that are new, read otherwise, or no longer there."""
        held = selectors.pack_request_rules()
        wanted = {row["kind"]: selectors.request_fields(row) for row in pack.get(self.section) or ()}
        gone = [code for code, row in held.items() if row.pack == pack["code"] and code not in wanted]
        found = [Change(self.section, "add", code) for code in wanted if code not in held]
        for code in (code for code in wanted if code in held):
            fields = _differing(held[code], wanted[code])
            found += [Change(self.section, "change", code, fields)] if fields else []
        return found + [Change(self.section, "retire", code) for code in gone]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Requests are asked for and signed as the pack says."""
        actions.save_request_rules(pack.get(self.section) or (), pack=str(pack["code"]))


class AreaGrades:
    """What the management grades of the ground are called and mean for limits; shares that the city set stay."""

    section = "area_grades"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each grade once."""
        return _doubled([{"grade": str(row["grade"])} for row in pack.get(self.section) or ()], "grade", self.section)

    def diff(self, pack: Pack) -> list[Change]:
        """Grades that are new or read otherwise; `keep` for those whose share is the city's own."""
        held, found = {row.grade: row for row in selectors.area_grades() if row.pk}, []
        for given in pack.get(self.section) or ():
            row = held.get(given["grade"])
            fields = _differing(row, selectors.area_grade_fields(given)) if row else {}
            if row is None or fields:
                what = "add" if row is None else "keep" if row.origin == "city" else "change"
                found.append(Change(self.section, what, str(given["grade"]), fields))
        return found

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Limits are taken in these shares."""
        actions.save_area_grades(pack.get(self.section) or (), pack=str(pack["code"]))


class Ladders:
    """Who is told at which share of a limit and how long after its end; what the city changed is the city's."""

    section = "ladders"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Each scope once and one that clocks have; rungs in their places, told to somebody."""
        found = []
        rows = [{**row, "scope": _scope_of(row)} for row in pack.get(self.section) or ()]
        for index, row in enumerate(rows):
            fault = scope_fault(row.get("clock", ""), row.get("stage", "")) or ladder_fault(row["rungs"])
            if fault:
                sentence = f"The ladder for {row['scope']} is none: {fault}."
                found.append(Problem("cases.ladder", sentence, f"{self.section}/{index}"))
        return found + _doubled(rows, "scope", self.section)

    def diff(self, pack: Pack) -> list[Change]:
        """Ladders that are new, read otherwise, are the city's own by now, or are no longer there."""
        held = {str(row): row for row in selectors.ladders()}
        wanted = {_scope_of(row): ordered(row["rungs"]) for row in pack.get(self.section) or ()}
        found = [Change(self.section, "add", code) for code in wanted if code not in held]
        for code, rungs in wanted.items():
            row = held.get(code)
            if row is not None and row.said != rungs:
                what = "change" if row.rungs == row.said else "keep"
                found.append(Change(self.section, what, code, {"rungs": (row.rungs, rungs)}))
        gone = [code for code, row in held.items() if row.pack == pack["code"] and code not in wanted]
        return found + [Change(self.section, "retire", code) for code in gone]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Clocks that start from now on tell whom the pack says, but where the city says otherwise."""
        actions.put_ladders(pack.get(self.section) or (), pack=str(pack["code"]))


class OneRow:
    """A section that is one row of limits: of personal data, of doubtful pictures. Its shape says everything."""

    def __init__(self, section: str, held: Callable[[], Any], save: Callable[..., None]) -> None:
        self.section, self._held, self._save = section, held, save

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Nothing is wrong that the shape lets through."""
        return []

    def diff(self, pack: Pack) -> list[Change]:
        """What would be otherwise."""
        return _changed(self.section, self.section, self._held(), pack.get(self.section, {}))

    def apply(self, pack: Pack, actor: Actor) -> None:
        """It is as the pack says; a pack that says nothing leaves it as it is."""
        if said := pack.get(self.section):
            self._save(said, pack=str(pack["code"]))


def _scope_of(row: Pack) -> str:
    return " ".join(filter(None, (row.get("class", ""), row.get("clock", ""), row.get("stage", "")))) or "*"


def _faults(row: Pack, duties: set[str]) -> Iterable[str]:
    letter = {"event": "E", "component": "C"}[row["kind"]]
    if row["code"] != f"{letter}{row['major']}{row['minor']}":
        yield f"The class {row['code']} must be called {letter}{row['major']}{row['minor']}."
    if row["department"]["duty"] not in duties:
        yield f"The class {row['code']}: nobody answers for the duty {row['department']['duty']}."


def _strange(row: Pack, kinds: set[str], duties: set[str]) -> Iterable[str]:
    for kind in (row["kind"], *row.get("arbiter", ())):
        if kinds and kind not in kinds:
            yield f"No organisation model has the kind {kind}."
    for duty in row.get("cooperating", ()):
        if duty == row["duty"]:
            yield f"The duty {duty} cannot cooperate with itself."
        elif duty not in duties:
            yield f"The duty {row['duty']}: nobody answers for the cooperating duty {duty}."


def _doubled(rows: Sequence[Pack], key: str, path: str) -> list[Problem]:
    names = [row[key] for row in rows]
    return [
        Problem("cases.twice", f"{name} is written twice.", f"{path}/{index}")
        for index, name in enumerate(names)
        if name in names[:index]
    ]


def _changes(section: str, held: Mapping[str, Any], wanted: Mapping[str, Pack], pack: str) -> list[Change]:
    found = [Change(section, "add", code) for code in wanted if code not in held]
    for code in wanted:
        if code in held:
            found += _changed(section, code, held[code], wanted[code])
    gone = (code for code, row in held.items() if row.pack == pack and code not in wanted and not row.retired)
    return found + [Change(section, "retire", code) for code in gone]


def _by_whom(change: Change, held: Mapping[str, Any], pack: str) -> Change:
    """The change, or `keep` where the class is the city's own."""
    row = held.get(change.code)
    if row is None or row.origin == "pack" or change.fields.keys() == {"pack"}:
        return change
    fields = change.fields or {"retired": (row.retired, change.what == "retire")}
    return Change(change.section, "keep", change.code, fields)


def _changed(section: str, code: str, row: Any, wanted: Pack) -> list[Change]:
    if getattr(row, "retired", False):
        return [Change(section, "revive", code)]
    return [Change(section, "change", code, fields)] if (fields := _differing(row, wanted)) else []


def _differing(row: Any, wanted: Pack) -> dict[str, tuple[Any, Any]]:
    return {name: (getattr(row, name), value) for name, value in wanted.items() if getattr(row, name) != value}


for section in (
    Categories(), ClassPresets(), Responsibilities(), StepsModels(), StepsPresets(), RequestRules(), AreaGrades(),
    Ladders(), OneRow("personal_data", selectors.personal_rule, actions.save_personal_rule),
    OneRow("evidence", selectors.evidence_rule, actions.save_evidence_rule),
    OneRow("duplicates", selectors.duplicate_rule, actions.save_duplicate_rule),
):  # fmt: skip
    register_section(section)
