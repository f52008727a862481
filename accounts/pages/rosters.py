"""The week's roster of an organisation as a table, and who is on duty now."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions, selectors
from accounts.actions import Wish
from accounts.forms import day_of, organisation_choices, today
from accounts.models import Organisation
from accounts.rules import monday_of
from core import versions
from core.errors import DomainError, Invalid, Stale
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from journal import selectors as journal

WEEK = timedelta(days=7)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def rosters(request: HttpRequest) -> HttpResponse:
    """The roster of a week, saved as a whole; `act=copy` takes last week's."""
    asked = request.POST if request.method == "POST" else request.GET
    ground = selectors.administered(request.actor).filter(active=True)
    wanted = asked.get("organisation", "")[:40]
    home = ground.filter(code=wanted).first() if wanted else ground.first()
    week = monday_of(day_of(asked.get("week", "")) or today())
    if home is None:
        return render(request, "accounts/rosters/week.html", {"tab": "rosters"}, status=404 if wanted else 200)
    if request.method != "POST":
        return _page(request, home, week)
    return _posted(request, home, week)


def _posted(request: HttpRequest, home: Organisation, week: date) -> HttpResponse:
    wishes: list[Wish] = []
    seen = versions.seen_in(request.POST)
    try:
        if request.POST.get("act") == "copy":
            actions.copy_week(home.code, week=week, actor=request.actor)
        else:
            wishes = [_wish(text) for text in request.POST.getlist("turn")]
            actions.save_roster(home.code, week=week, wishes=wishes, seen=seen.version, actor=request.actor)
    except DomainError as error:
        ticked = {tuple(wish) for wish in wishes} if wishes or isinstance(error, Stale) else None
        more = _meanwhile(home, week, seen) if isinstance(error, Stale) else {}
        return _page(request, home, week, status=error.status, refusal=sentence_of(error), ticked=ticked, **more)
    messages.success(request, _("The roster is saved."))
    return redirect(f"{reverse('rosters')}?organisation={home.code}&week={week.isoformat()}")


def _wish(text: str) -> Wish:
    """`person:day:shift`, as the boxes of the table send it."""
    who, _first, rest = text.partition(":")
    day, _second, shift = rest.partition(":")
    when = day_of(day)
    if when is None or not who.isdecimal():
        raise Invalid("accounts.bad_date", value=day[:20])
    return Wish(int(who), when, shift)


def _meanwhile(home: Organisation, week: date, seen: versions.Seen) -> dict[str, Any]:
    """What somebody else changed since the table was opened."""
    told = selectors.roster_told(selectors.watches_in_week(home.code, week))
    there = {user.pk: user.get_full_name() for user in actions.staff_of(home)}
    kinds = {row.code: pick(row.names) for row in selectors.shifts()}

    def words(turn: str) -> str:
        who, day, shift = turn.split(":")
        return f"{there.get(int(who), who)} {day[5:]} {kinds.get(shift, shift)}"

    return {
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, {"turns": _("Shifts")}, {"turns": words}),
        "changed": journal.latest(f"organisation:{home.code}", "accounts.roster_changed.v1"),
    }


def _page(
    request: HttpRequest, home: Organisation, week: date, *, status: int = 200, ticked: Any = None, **more: Any
) -> HttpResponse:
    held = list(selectors.watches_in_week(home.code, week))
    chosen = ticked if ticked is not None else {(row.user_id, row.day, row.shift.code) for row in held}
    staff = {user.pk: user for user in actions.staff_of(home)} | {row.user_id: row.user for row in held}
    days = [week + timedelta(days=number) for number in range(7)]
    kinds = list(selectors.shifts())
    rows = [
        {
            "user": user,
            "days": [
                {"day": day, "boxes": [(shift, (user.pk, day, shift.code) in chosen) for shift in kinds]}
                for day in days
            ],
            "count": sum(1 for who, _day, _shift in chosen if who == user.pk),
        }
        for user in staff.values()
    ]
    context = {
        "tab": "rosters", "home": home, "week": week, "before": week - WEEK, "after": week + WEEK, "days": days,
        "today": today(), "shifts": kinds, "rows": rows,
        "organisations": organisation_choices(request.actor), "on_duty": selectors.on_duty(home.path),
        "gives_away": request.actor.may("admin"),
        "shown": days.index(today()) + 1 if today() in days else 1,
        "version": versions.field(request.POST, selectors.roster_told(held)), **more,
    }  # fmt: skip
    return render(request, "accounts/rosters/week.html", context, status=status)
