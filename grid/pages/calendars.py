"""The calendar editor: weekly hours, days of rest and make-up days of a year, seen before they are saved."""

from calendar import monthcalendar
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core import clock, versions, worktime
from core.errors import Conflict, DomainError, Invalid, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from grid import actions, selectors
from grid.models import Calendar
from grid.rules import hours
from grid.rules.holidays import read_arrangement
from journal import selectors as journal

WEEK = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"), gettext_lazy("Thursday"),
    gettext_lazy("Friday"), gettext_lazy("Saturday"), gettext_lazy("Sunday"),
)  # fmt: skip
EXAMPLES = ((4, "work_hour"), (1, "work_day"), (5, "work_day"))
_LINES = {"rows": 8, "spellcheck": "false"}


class CalendarForm(forms.Form):
    """A calendar as text: hours of each weekday, one line for each day of rest, one for each make-up day."""

    zh = forms.CharField(label=gettext_lazy("Chinese name"), max_length=80)
    en = forms.CharField(label=gettext_lazy("English name"), max_length=80)
    closed = forms.CharField(label=gettext_lazy("Days of rest"), required=False, widget=forms.Textarea(_LINES))
    extra = forms.CharField(
        label=gettext_lazy("Make-up days with their hours"), required=False, widget=forms.Textarea(_LINES)
    )
    paste = forms.CharField(
        label=gettext_lazy("Holiday arrangement"), required=False, max_length=20_000,
        widget=forms.Textarea({"rows": 7, "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        for number, name in enumerate(WEEK):
            self.fields[f"day{number}"] = forms.CharField(label=name, required=False, max_length=120)

    def week(self) -> list[Any]:
        """The fields of the weekdays."""
        return [self[f"day{number}"] for number in range(7)]

    def columns(self, row: Calendar) -> dict[str, Any]:
        """What would be stored; Invalid with a sentence where it cannot be read."""
        given = self.cleaned_data
        try:
            told = {
                "code": row.code,
                "area": row.area,
                "names": {"zh": given["zh"], "en": given["en"]},
                "tz": row.tz,
                "round_the_clock": row.round_the_clock,
                "weekly": [_spans(given[f"day{number}"]) for number in range(7)],
                "closed": given["closed"].split(),
                "extra": dict(_extra_line(line) for line in given["extra"].splitlines() if line.strip()),
            }
            problems = hours.problems(told)
        except ValueError as error:
            raise Invalid("grid.calendar_unreadable", code=row.code, what=str(error)) from error
        if problems:
            raise Invalid(problems[0].code, **problems[0].params)
        return hours.readable(told)


def _spans(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("–", "-").split(",") if part.strip()]


def _extra_line(line: str) -> tuple[str, list[str]]:
    day, _space, told = line.strip().partition(" ")
    return day, _spans(told)


def _initial(columns: Mapping[str, Any]) -> dict[str, Any]:
    told = hours.told(columns)
    return {**told, "closed": "\n".join(told["closed"]), "extra": "\n".join(told["extra"])}


class WhereForm(forms.Form):
    """For which region, and which calendar it begins as."""

    area = forms.ChoiceField(label=gettext_lazy("Region"))
    code = forms.ChoiceField(label=gettext_lazy("Starts from"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        places = [(one.path, "\u3000" * one.path.count(".") + pick(one.names)) for one in selectors.region_names()]
        kinds = {row.code: pick(row.names) for row in reversed(selectors.calendars()) if not row.round_the_clock}
        for name, choices in (("area", [("", "—"), *places]), ("code", list(reversed(kinds.items())))):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


@require_safe
@page_needs("admin")
def calendars(request: HttpRequest) -> HttpResponse:
    """Every calendar: where it counts, its week, and how many days of this year and the next are arranged."""
    year = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).year
    rows = [
        {
            "row": row,
            "name": pick(row.names),
            "week": sum(end - start for day in row.weekly for start, end in day) / 60,
            "years": [(each, *_arranged(row, each)) for each in (year, year + 1)],
        }
        for row in selectors.calendars()
    ]
    return render(request, "grid/calendars.html", {"rows": rows})


def _arranged(row: Calendar, year: int) -> tuple[int, int]:
    mark = f"{year}-"
    return sum(day.startswith(mark) for day in row.closed), sum(day.startswith(mark) for day in row.extra)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """One calendar on a year view; what is changed is shown with example deadlines before it is saved."""
    return _edited(request, selectors.calendar_of(code, request.GET.get("area", "")[:60]))


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """The calendar of an area that had none of its own: first where and as what it begins, then like any other."""
    if not request.GET:
        return render(request, "grid/calendar_new.html", {"form": WhereForm()})
    form = WhereForm(data=request.GET)
    if not form.is_valid():
        return render(request, "grid/calendar_new.html", {"form": form}, status=400)
    code, area = form.cleaned_data["code"], form.cleaned_data["area"]
    if any((row.code, row.area) == (code, area) for row in selectors.calendars()):
        refusal = sentence_of(Conflict("grid.calendar_exists", calendar=code, area=area))
        return render(request, "grid/calendar_new.html", {"form": form, "refusal": refusal}, status=409)
    base = selectors.calendar_above(code, area)
    return _edited(request, Calendar(code=code, area=area, **base.columns(), edition=0))


def _edited(request: HttpRequest, row: Calendar) -> HttpResponse:
    if request.method != "POST":
        return _page(request, row, CalendarForm(initial=_initial(row.columns())), row.columns())
    seen = versions.seen_in(request.POST)
    form = CalendarForm(data=request.POST)
    try:
        if request.POST.get("act") == "reset":
            actions.reset_calendar(row.code, row.area, actor=request.actor, seen=seen.version)
            messages.success(request, _("The calendar is again what the pack says; the journal has it."))
            return redirect(_address(row, _year(request)))
        if not form.is_valid():
            return _page(request, row, form, row.columns(), status=400)
        return _posted(request, row, form, form.columns(row))
    except Stale as error:
        return _stale(request, form, row, seen, error)
    except DomainError as error:
        return _page(request, row, form, row.columns(), status=error.status, refusal=sentence_of(error))


def _posted(request: HttpRequest, row: Calendar, form: CalendarForm, wanted: dict[str, Any]) -> HttpResponse:
    act, seen = request.POST.get("act", ""), versions.seen_in(request.POST)
    if row.pk:
        versions.refuse_stale(seen.version, hours.told(row.columns()))
    if act == "read":
        return _read(request, row, form, wanted)
    if act != "save":
        return _page(request, row, form, wanted, diff=_diff(row, wanted))
    if request.POST.get("seen") != _seal(wanted):
        refusal = sentence_of(Conflict("grid.calendar_look_again"))
        return _page(request, row, form, wanted, status=409, refusal=refusal, diff=_diff(row, wanted))
    which = {"seen": seen.version} if row.pk else {"new": True}
    actions.save_calendar({"code": row.code, "area": row.area, **wanted}, actor=request.actor, **which)
    messages.success(request, _("The calendar is saved; the journal has it. No promise already made has moved."))
    return redirect(_address(row, _year(request)))


def _stale(request: HttpRequest, form: CalendarForm, row: Calendar, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    row = selectors.calendar_of(row.code, row.area)
    told = hours.told(row.columns())
    if request.POST.get("act") == "reset":
        form = CalendarForm(initial=_initial(row.columns()))
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, form.fields),
        "changed": journal.latest(f"calendar:{row.code}", "grid.calendar_changed.v1"),
    }
    return _page(request, row, form, row.columns(), status=error.status, **more)


def _read(request: HttpRequest, row: Calendar, form: CalendarForm, wanted: dict[str, Any]) -> HttpResponse:
    """The days of the year are those of the pasted text; nothing is saved yet."""
    year = _year(request)
    found = read_arrangement(form.cleaned_data["paste"], year)
    if found.faults:
        faults = [say(fault.code, fault.params) for fault in found.faults]
        return _page(request, row, form, wanted, status=400, faults=faults)
    usual = next((day for day in wanted["weekly"] if day), [[540, 1020]])
    others = [day for day in wanted["closed"] if not day.startswith(f"{year}-")]
    kept = {day: spans for day, spans in wanted["extra"].items() if not day.startswith(f"{year}-")}
    wanted = {
        **wanted,
        "closed": sorted([*others, *(day.isoformat() for day in found.closed)]),
        "extra": {**kept, **{day.isoformat(): usual for day in sorted(found.extra)}},
    }
    filled = CalendarForm(initial=_initial(wanted))
    return _page(request, row, filled, wanted, diff=_diff(row, wanted), read=len(found.closed) + len(found.extra))


def _seal(wanted: Mapping[str, Any]) -> str:
    return sha256(repr(sorted(wanted.items())).encode()).hexdigest()


def _year(request: HttpRequest) -> int:
    now = clock.now().astimezone(ZoneInfo("Asia/Shanghai")).year
    told = request.POST.get("year") or request.GET.get("year", "")
    return int(told) if told.isdecimal() and len(told) == 4 and now - 10 <= int(told) <= now + 10 else now


def _address(row: Calendar, year: int) -> str:
    return f"{reverse('calendar', args=[row.code])}?year={year}" + (f"&area={row.area}" if row.area else "")


def _diff(row: Calendar, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Which days change, and what a limit that starts before them would end at, with the old hours and the new."""
    before = row.columns()
    told = {
        "closed_added": sorted(set(wanted["closed"]) - set(before["closed"])),
        "closed_removed": sorted(set(before["closed"]) - set(wanted["closed"])),
        "extra_added": sorted(set(wanted["extra"]) - set(before["extra"])),
        "extra_removed": sorted(set(before["extra"]) - set(wanted["extra"])),
    }
    days = sorted(day for found in told.values() for day in found)
    today = clock.now().astimezone(ZoneInfo(row.tz)).date()
    first = next((date.fromisoformat(day) for day in days if day > today.isoformat()), today + timedelta(days=1))
    start = datetime.combine(first - timedelta(days=1), datetime.min.time(), ZoneInfo(row.tz)) + timedelta(hours=16)
    old, new = selectors.worktime_of(before), selectors.worktime_of(wanted)
    told["examples"] = [_example(value, unit, start, old, new) for value, unit in EXAMPLES]
    told |= {"hours": before["weekly"] != wanted["weekly"], "renamed": before["names"] != wanted["names"]}
    return {**told, "start": start, "nothing": bool(row.pk) and before == dict(wanted), "seal": _seal(wanted)}


def _example(value: int, unit: str, start: datetime, old: worktime.Calendar, new: worktime.Calendar) -> dict[str, Any]:
    minutes = worktime.minutes_of(value, unit)
    was, will = worktime.due(old, start, minutes), worktime.due(new, start, minutes)
    return {"value": value, "unit": unit, "before": was, "after": will, "moves": was != will}


def _page(
    request: HttpRequest, row: Calendar, form: CalendarForm, columns: Mapping[str, Any], *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    year = _year(request)
    context = {
        "row": row,
        "name": pick(row.names),
        "form": form,
        "year": year,
        "months": [_month(columns, year, month) for month in range(1, 13)],
        "years": (year - 1, year + 1),
        "area": row.area,
        "fresh": row.pk is None,
        "week_heads": [(str(name), str(name)[-1] if str(name).startswith("星期") else str(name)[:2]) for name in WEEK],
        "usual": ", ".join(hours.written(next((day for day in columns["weekly"] if day), [[540, 1020]]))),
        "version": versions.field(request.POST, hours.told(row.columns())),
        "place": _place(row.area),
        **more,
    }
    return render(request, "grid/calendar.html", context, status=status)


def _place(area: str) -> str:
    return next((pick(one.names) for one in selectors.region_names() if one.path == area), area) if area else ""


def _month(columns: Mapping[str, Any], year: int, month: int) -> dict[str, Any]:
    closed, extra = set(columns["closed"]), columns["extra"]

    def square(number: int, weekday: int) -> dict[str, Any] | None:
        if not number:
            return None
        day = date(year, month, number).isoformat()
        usual = "work" if columns["weekly"][weekday] else "rest"
        return {"day": day, "number": number, "usual": usual,
                "state": "extra" if day in extra else "closed" if day in closed else usual}  # fmt: skip

    weeks = [[square(number, at) for at, number in enumerate(week)] for week in monthcalendar(year, month)]
    return {"first": date(year, month, 1), "weeks": weeks}
