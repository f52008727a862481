"""How figures, cards and the still map of the wall are written on the server; `frontend/wall/` writes the same live."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext, pgettext_lazy

from core import clock
from core.languages import pick
from dashboard import rules
from dashboard.contracts import TARGETS, Level
from dashboard.templatetags import shapes, shell
from dashboard.templatetags.map_words import MAP_WORDS
from dashboard.templatetags.stages import NEXT, STAGES

register = template.Library()

SOURCES = {
    "camera": pgettext_lazy("wall", "Cameras"),
    "collector": pgettext_lazy("wall", "Collectors"),
    "hotline12345": pgettext_lazy("wall", "12345"),
    "citizen": pgettext_lazy("wall", "Citizens"),
    "phone": pgettext_lazy("wall", "Phone"),
    "sensor": pgettext_lazy("wall", "Sensors"),
    "vehicle": pgettext_lazy("wall", "Vehicles"),
    "leader": pgettext_lazy("wall", "Leaders"),
    "department": pgettext_lazy("wall", "Departments"),
    "opinion": pgettext_lazy("wall", "Media"),
}
LEVELS = {
    "critical": pgettext_lazy("wall", "Overdue"),
    "serious": pgettext_lazy("wall", "Due in 30 min"),
    "caution": pgettext_lazy("wall", "Due in 2 h"),
    "info": pgettext_lazy("wall", "To decide"),
    "normal": pgettext_lazy("wall", "In time"),
}
SHORT = {
    "critical": pgettext_lazy("wall", "Over"),
    "serious": pgettext_lazy("wall", "30 min"),
    "caution": pgettext_lazy("wall", "2 h"),
    "info": pgettext_lazy("wall", "New"),
    "normal": pgettext_lazy("wall", "In time"),
}
NEWS = {
    "case.reported.v1": pgettext_lazy("wall", "Reported"),
    "case.sent_to_verify.v1": pgettext_lazy("wall", "Sent to verify"),
    "case.verified.v1": pgettext_lazy("wall", "Verified"),
    "case.accepted.v1": pgettext_lazy("wall", "Accepted"),
    "case.rejected.v1": pgettext_lazy("wall", "Rejected"),
    "case.registered.v1": pgettext_lazy("wall", "Registered"),
    "case.refused.v1": pgettext_lazy("wall", "Not registered"),
    "case.sent_to_district.v1": pgettext_lazy("wall", "Sent to district"),
    "case.dispatched.v1": pgettext_lazy("wall", "Dispatched"),
    "case.assigned.v1": pgettext_lazy("wall", "Assigned"),
    "case.unassigned.v1": pgettext_lazy("wall", "Assignment taken back"),
    "case.submitted.v1": pgettext_lazy("wall", "Handled"),
    "case.redone.v1": pgettext_lazy("wall", "To be redone"),
    "case.confirmed.v1": pgettext_lazy("wall", "Fed back"),
    "case.sent_back.v1": pgettext_lazy("wall", "Sent back"),
    "case.sent_to_check.v1": pgettext_lazy("wall", "Sent to check"),
    "case.check_passed.v1": pgettext_lazy("wall", "Check passed"),
    "case.check_failed.v1": pgettext_lazy("wall", "Check failed"),
    "case.feedback_refused.v1": pgettext_lazy("wall", "Feedback refused"),
    "case.reworked.v1": pgettext_lazy("wall", "Rework dispatched"),
    "case.closed.v1": pgettext_lazy("wall", "Closed"),
    "case.force_closed.v1": pgettext_lazy("wall", "Closed by force"),
    "case.flagged.v1": pgettext_lazy("wall", "Flagged"),
    "case.unflagged.v1": pgettext_lazy("wall", "Flag taken away"),
    "case.reopened.v1": pgettext_lazy("wall", "Reopened"),
    "case.voided.v1": pgettext_lazy("wall", "Void"),
    "case.settled.v1": pgettext_lazy("wall", "Settled on the spot"),
    "case.merged.v1": pgettext_lazy("wall", "Merged"),
    "case.unmerged.v1": pgettext_lazy("wall", "Merging undone"),
    "case.absorbed.v1": pgettext_lazy("wall", "Duplicate merged in"),
    "case.released.v1": pgettext_lazy("wall", "Duplicate taken out"),
    "case.split.v1": pgettext_lazy("wall", "Split"),
    "case.part_begun.v1": pgettext_lazy("wall", "Part begun"),
    "case.part_registered.v1": pgettext_lazy("wall", "Part registered"),
    "case.part_closed.v1": pgettext_lazy("wall", "Part closed"),
    "case.united.v1": pgettext_lazy("wall", "Whole again"),
    "case.visited.v1": pgettext_lazy("wall", "Citizen called back"),
    "case.overdue.v1": pgettext_lazy("wall", "Overdue"),
    "case.clue_attached.v1": pgettext_lazy("wall", "Clue added"),
    "case.located.v1": pgettext_lazy("wall", "Located"),
    "case.held.v1": pgettext_lazy("wall", "Held"),
    "case.resumed.v1": pgettext_lazy("wall", "Taken up again"),
    "case.extended.v1": pgettext_lazy("wall", "Extended"),
    "case.rescheduled.v1": pgettext_lazy("wall", "Rescheduled"),
    "case.shirked.v1": pgettext_lazy("wall", "Passed around"),
    "case.not_taken.v1": pgettext_lazy("wall", "Not taken"),
    "case.coordinated.v1": pgettext_lazy("wall", "Coordinated"),
    "evaluation.marked.v1": pgettext_lazy("wall", "Marked"),
}
WORDS = {
    "unclassified": pgettext_lazy("wall", "Not classified"),
    "nowhere": pgettext_lazy("wall", "Place not known"),
    "unit.cases": pgettext_lazy("wall", "cases"),
    "note.same": pgettext_lazy("wall", "{sign} {share}% on last week"),
    "note.none": pgettext_lazy("wall", "Last week: {n}"),
    "note.target": pgettext_lazy("wall", "Goal {target}%"),
    "note.limit": pgettext_lazy("wall", "Limit {target}%"),
    "note.median": pgettext_lazy("wall", "Median age {span}"),
    "note.share": pgettext_lazy("wall", "{share}% of all open"),
    "note.clear": pgettext_lazy("wall", "None overdue"),
    "rest": pgettext_lazy("wall", "{n} more: {levels}"),
    "rest.none": pgettext_lazy("wall", "Nothing more"),
    "live.lag": pgettext_lazy("wall", "Live {lag} s"),
    "live.on": pgettext_lazy("wall", "Live"),
    "live.off": pgettext_lazy("wall", "Not live for {span}"),
    "clock.drift": pgettext_lazy("wall", "This screen's clock is {span} off"),
    "age": pgettext_lazy("wall", "{span} ago"),
    "case.age": pgettext_lazy("wall", "Reported {span} ago"),
    "camera.near": pgettext_lazy("wall", "{name} {metres} m"),
    "camera.none": pgettext_lazy("wall", "No camera within 2 km"),
    "camera.online": pgettext_lazy("wall", "{on} of {all} online"),
    "callout.cameras": pgettext_lazy("wall", "Nearest cameras"),
    "callout.next": pgettext_lazy("wall", "Next"),
    "callout.open": pgettext_lazy("wall", "Open the case"),
    "callout.close": pgettext_lazy("wall", "Close this callout"),
    "callout.still": pgettext_lazy("wall", "Evidence of case {number}"),
    "soonest": pgettext_lazy("wall", "next due in {span}"),
    "soonest.none": pgettext_lazy("wall", "none due soon"),
    "score": pgettext_lazy("wall", "{score} points"),
    "more": pgettext_lazy("wall", "and {n} more"),
}


def wall_words() -> dict[str, str]:
    """Every word of the wall's islands, in the active language."""
    groups = {"stage": STAGES, "next": NEXT, "source": SOURCES, "level": LEVELS, "short": SHORT, "news": NEWS}
    named = {f"{group}.{key}": str(text) for group, words in groups.items() for key, text in words.items()}
    return {key: str(text) for key, text in (shell.WORDS | MAP_WORDS | WORDS).items()} | named


@register.simple_tag
def words_of_wall() -> dict[str, str]:
    """The same for `json_script`."""
    return wall_words()


def say(key: str, **values: object) -> str:
    """A word of the islands with its {places} filled in."""
    text = str((shell.WORDS | MAP_WORDS | WORDS)[key])
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


@register.filter
def in_language(names: Mapping[str, str] | None) -> str:
    """A name kept in two languages, in the active one."""
    return pick(names)


@register.filter
def place_name(case: Mapping[str, Any]) -> str:
    """Where a case is, in words."""
    return pick(case.get("place")) or say("nowhere")


@register.filter
def span(seconds: float) -> str:
    """A span of time in words: 12 min, 3.5 h."""
    whole = max(0.0, seconds)
    if whole < 60:
        return say("span.seconds", n=int(whole))
    if whole < 3600:
        return say("span.minutes", n=int(whole // 60))
    if whole < 86400:
        return say("span.hours", n=f"{int(whole // 360) / 10:g}")
    return say("span.days", n=f"{int(whole // 8640) / 10:g}")


@register.filter
def since(text: str) -> str:
    """How long ago an ISO time was, in words."""
    return span((clock.now() - rules.moment(text)).total_seconds())


@register.filter
def due_words(case: Mapping[str, Any]) -> str:
    """What is left of a case's promise, or how much it is over; empty without one."""
    if not case.get("due_at"):
        return ""
    left = (rules.moment(case["due_at"]) - clock.now()).total_seconds()
    return say("sla.left" if left > 0 else "sla.over", span=span(abs(left)))


@register.filter
def clock_time(text: str) -> str:
    """14:05:32 of an ISO time, on the city's clock."""
    return rules.local(rules.moment(text)).strftime("%H:%M:%S")


@register.filter
def lookup(words: Mapping[str, Any], key: str) -> Any:
    """The value of a key that is itself a variable."""
    return words.get(key, "")


@register.filter
def make_list_by_comma(text: str) -> list[str]:
    """The parts of a text between commas."""
    return text.split(",")


@register.filter
def minus(number: int, less: int) -> int:
    """A number less another."""
    return number - less


@register.simple_tag(takes_context=True)
def in_stages(context: template.Context, *stages: str) -> int:
    """How many open cases of the snapshot stand in these stages."""
    held = context["snapshot"]["stages"]
    return sum(held.get(stage, 0) for stage in stages)


@register.simple_tag(takes_context=True)
def cameras_online(context: template.Context) -> str:
    """How many cameras give pictures, of how many."""
    cameras = context["snapshot"]["cameras"]
    return say("camera.online", on=sum(one["state"] == "online" for one in cameras), all=len(cameras))


@register.simple_tag
def stage_word(stage: str) -> str:
    """The word of a stage."""
    return str(STAGES.get(stage, stage))


@register.simple_tag
def next_word(stage: str) -> str:
    """What can be done now with a case of this stage, and by whom."""
    return str(NEXT.get(stage, ""))


@register.simple_tag
def level_word(level: str) -> str:
    """The word of a level."""
    return str(LEVELS.get(level, level))


@register.simple_tag
def short_word(level: str) -> str:
    """The word of a level where there is little room."""
    return str(SHORT.get(level, level))


@register.simple_tag
def source_word(source: str) -> str:
    """The word of a source."""
    return str(SOURCES.get(source, source))


@register.simple_tag
def shape(level: str) -> SafeString:
    """The shape of a level as an inline drawing; its word stands beside it."""
    return shapes.drawing(level)


@register.simple_tag
def class_name(categories: Mapping[str, Mapping[str, str]], code: str | None) -> str:
    """The name of a class of cases."""
    return pick(categories.get(code or "")) or say("unclassified")


@register.simple_tag
def news_text(entry: Mapping[str, Any], snapshot: Mapping[str, Any]) -> str:
    """One line of news: what happened to what, where."""
    word, data = str(NEWS.get(entry["kind"], entry["kind"])), entry["data"]
    if entry["kind"] == "evaluation.marked.v1":
        whose = pick(snapshot["organisations"].get(data["organisation"])) or entry["subject"]
        return f"{word} · {say('score', score=data['score'])} · {whose}"
    return f"{word} · {class_name(snapshot['categories'], data.get('category'))} · {place_name(data)}"


@register.simple_tag
def kpi_tiles(kpis: Mapping[str, Any], trends: Mapping[str, list[float | None]]) -> list[dict[str, Any]]:
    """The six tiles: name, value, unit, note, tone and sparkline."""
    return [
        {"key": key, "label": label, "spark": shapes.spark(trends[key]), **tile(key, kpis)}
        for key, label in (
            ("registered_today", pgettext("wall", "Registered today")),
            ("on_time", pgettext("wall", "Handled on time")),
            ("half_hour", pgettext("wall", "Within half an hour")),
            ("open", pgettext("wall", "Open")),
            ("overdue", pgettext("wall", "Overdue")),
            ("rework", pgettext("wall", "Rework rate")),
        )
    ]


def tile(key: str, kpis: Mapping[str, Any]) -> dict[str, str]:
    """Value, unit, note and tone of a tile (the same as `frontend/wall/tiles.js`)."""
    found = kpis[key]
    if key == "registered_today":
        return {"value": f"{found['value']:,}", "unit": say("unit.cases"), "note": _against(found), "tone": ""}
    if key == "open":
        age = found["median_minutes"]
        note = say("note.median", span=span(age * 60)) if age is not None else ""
        return {"value": f"{found['value']:,}", "unit": say("unit.cases"), "note": note, "tone": ""}
    if key == "overdue":
        part = percent(found["value"], found["of"])
        note = say("note.share", share=part) if found["value"] else say("note.clear")
        tone = "critical" if found["value"] else ""
        return {"value": f"{found['value']:,}", "unit": say("unit.cases"), "note": note, "tone": tone}
    return _rate_tile(key, found)


def _rate_tile(key: str, found: Mapping[str, int]) -> dict[str, str]:
    target = TARGETS[key]
    words = say("note.limit" if key == "rework" else "note.target", target=target)
    value = percent(found["num"], found["den"])
    if not found["den"]:
        return {"value": value, "unit": "", "note": words, "tone": ""}
    share = 100 * found["num"] / found["den"]
    missed = share > target if key == "rework" else share < target
    note = f"{words} · {found['num']:,}/{found['den']:,}"
    return {"value": value, "unit": "%", "note": note, "tone": "serious" if missed else ""}


def _against(found: Mapping[str, int]) -> str:
    before, now = found["week_ago"], found["so_far"]
    if not before:
        return say("note.none", n=before)
    change = round(100 * (now - before) / before)
    return say("note.same", sign="▲" if change > 0 else "▼" if change < 0 else "=", share=abs(change))


def percent(num: int, den: int) -> str:
    """A share with one decimal; a dash where there is nothing to take a share of."""
    return f"{int(1000 * num / den + 0.5) / 10:.1f}" if den else "—"


@register.filter
def rate(found: Mapping[str, int]) -> str:
    """The share of a numerator and a denominator, with its sign."""
    text = percent(found["num"], found["den"])
    return text if text == "—" else f"{text}%"


@register.filter
def rate_width(found: Mapping[str, int]) -> int:
    """The same as a whole number of hundredths, for the length of a bar; 0 where there is none."""
    return round(100 * found["num"] / found["den"]) if found["den"] else 0


@register.filter
def below_target(found: Mapping[str, int]) -> bool:
    """Whether a rate of handling on time misses its target."""
    return bool(found["den"]) and 100 * found["num"] < TARGETS["on_time"] * found["den"]


@register.simple_tag
def source_bars(sources: Mapping[str, int]) -> list[dict[str, Any]]:
    """Each source with its part of a bar of 1000 units: where it starts and how long it is."""
    whole = sum(sources.values())
    found, start = [], 0
    for source in [*SOURCES, *sorted(set(sources) - set(SOURCES))]:
        if sources.get(source):
            length = round(1000 * sources[source] / whole)
            found.append({"source": source, "n": sources[source], "start": start, "length": max(4, length - 6)})
            start += length
    return found


@register.simple_tag
def hour_bars(hours: Iterable[int], late: Iterable[int]) -> list[dict[str, int]]:
    """The bars of the last 24 hours, 100 high at most: what was registered, and whether cases fell late."""
    counts, lates = list(hours), list(late)
    top, first = max(*counts, 1), rules.local(clock.now()).hour + 1
    return [
        {"hour": (first + place) % 24, "n": n, "height": round(100 * n / top), "late": lates[place]}
        for place, n in enumerate(counts)
    ]


@register.simple_tag
def local_now() -> datetime:
    """The time on the city's clock."""
    return rules.local(clock.now())


@register.simple_tag
def rest_of_rail(levels: Mapping[str, int], shown: Iterable[Mapping[str, Any]]) -> str:
    """What has no card, grouped by level."""
    held = Counter(levels) - Counter(case["level"] for case in shown)
    open_levels = [level for level in list(Level)[:4] if held[level]]
    joint = ", " if (get_language() or "").startswith("en") else "、"
    words = joint.join(f"{SHORT[level]} {held[level]}" for level in open_levels)
    return say("rest", n=sum(held[level] for level in open_levels), levels=words) if open_levels else say("rest.none")
