"""How a case begins: reported once for each telling, located, joined by further clues."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from assets import selectors as assets
from assets.contracts import AssetView, State
from cases import rules
from cases.actions.clocks import keep_clocks, turn_clocks
from cases.actions.examining import measure
from cases.actions.moving import error_of, lock, tell, write_move
from cases.actions.pictures import Sealed, add_pictures, seal
from cases.actions.steps import enter, take_on
from cases.actions.withholding import keep_person, masked_case, person_of, withheld
from cases.contracts import CLUE_ATTACHED, LOCATED, CaseView, Phase, Photo, Source, Stage
from cases.models import Case, Category, Clue, StepsModel
from cases.selectors import category_on_offer, controls_at, steps_model, view_of
from core import clock
from core.errors import Forbidden, Invalid
from core.scope import Actor, Duty, machine
from core.trace import current_trace
from core.uploads import Uploaded
from grid import selectors as grid
from grid.contracts import Place

AUTO: Actor = machine("rule:auto", Duty.ACCEPT, Duty.SUPERVISE, "case.see")
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_TEXT = 4000
# Asked before every report, most of which are new; so it is one statement, and one that Django need not compile.
TOLD_BEFORE = """
    SELECT id, 0 AS place FROM cases_case WHERE source = %(source)s AND source_ref = %(source_ref)s
    UNION ALL
    SELECT case_id, 1 FROM cases_clue WHERE source = %(source)s AND source_ref = %(source_ref)s
    ORDER BY place LIMIT 1
"""


def report(
    *,
    actor: Actor,
    source: str,
    source_ref: str,
    category: str = "",
    description: str = "",
    lon: float | None = None,
    lat: float | None = None,
    address: str = "",
    photos: Iterable[Photo | bytes | Uploaded] = (),
    attributes: Mapping[str, Any] | None = None,
    component: str = "",
    reported_at: datetime | None = None,
    incident: str = "",
    reporter: Mapping[str, Any] | None = None,
) -> CaseView:
    """There is a case for this telling: the first with this (source, source_ref), new or not (`repeated`).

    A point outside the grid, or an address alone, makes a case without an area, which waits in the unlocated queue.
    `component` is the code of the component that it is about; without a point, the case is where that stands.
    `reporter` may hold name, phone, email and callback (bool). Errors: Invalid, Forbidden, TooLarge, Unsupported.
    """
    known = _source(source, source_ref)
    kept_whole(description, address, source_ref, incident)
    if (told := _told_before(known, source_ref, actor)) is not None:
        return told
    about = _component(component, actor)
    lon, lat = (about.lon, about.lat) if about and (lon, lat) == (None, None) else (lon, lat)
    place = _place(lon, lat)
    _may_report(actor, known, place)
    chosen = _chosen(category)
    sealed = _enough(known, chosen, lon is not None, address, description, tuple(photos), actor)
    texts = {"description": description, "address": address, "incident": incident, "component": component}
    case = _draft(known, source_ref, actor, texts, _moment(reported_at))
    case.category, case.kind, case.point = chosen, chosen.kind if chosen else "", _point(lon, lat)
    case.attributes, case.callback_wanted = dict(attributes or {}), bool((reporter or {}).get("callback"))
    _put(case, place)
    return begin(case, actor, sealed, reporter or {})


def _component(code: str, actor: Actor) -> AssetView | None:
    """The component of that code, which stands where the actor may see it; None for no code."""
    if not code:
        return None
    found = assets.asset(code, actor=actor) if "\x00" not in code else None
    if found is None or found.state == State.REMOVED:
        raise Invalid("case.unknown_component", given=code[:24])
    return found


def _enough(
    source: Source,
    chosen: Category | None,
    placed: bool,
    address: str,
    description: str,
    photos: Sequence[Photo | bytes | Uploaded],
    actor: Actor,
) -> tuple[Sealed, ...]:
    """What a report must have is given; answers its pictures and clips, opened last, for that is slow."""
    given = {"point": placed, "address": address, "category": chosen, "description": description}
    given |= {"photos": {Phase.REPORT} if photos else (), "films": {Phase.REPORT}}
    needed = rules.pictured_at_once(source, chosen.needs_photo if chosen else ())
    filmed = rules.pictured_at_once(source, rules.filmed(chosen.video) if chosen else ())
    facts = rules.CaseFacts(Stage.REPORTED, needs_photo=needed, needs_film=filmed)
    _refuse(rules.missing(rules.REPORT, facts, given))
    sealed = seal(photos, Phase.REPORT, actor)
    if all(one.seconds is None for one in sealed):
        _refuse(rules.missing(rules.REPORT, facts, {**given, "films": ()}))
    return sealed


def _refuse(no: rules.Refusal | None) -> None:
    if no:
        raise error_of(no)


def _draft(source: Source, source_ref: str, actor: Actor, texts: Mapping[str, str], reported_at: datetime) -> Case:
    return Case(
        source=source,
        source_ref=source_ref,
        reported_by=actor.key,
        reported_at=reported_at,
        stage_since=clock.now(),
        trace=current_trace(),
        **texts,
    )


def _point(lon: float | None, lat: float | None) -> Point | None:
    return Point(lon, lat, srid=4326) if lon is not None and lat is not None else None


def begin(
    case: Case, actor: Actor, pictures: tuple[Sealed, ...], reporter: Mapping[str, Any], *, alone: bool = True
) -> CaseView:
    """The drafted case stands as reported, or registered where it goes on `alone`; told before, it is that one."""
    try:
        with transaction.atomic():
            (case.number,) = numbers([(case.district, localdate(clock.now()))])
            case.has_photo, model = bool(pictures), steps_model()
            words = masked_case(case, person_of(reporter))
            turn = turn_clocks(case, "report", case.stage_since, model)
            case.save(force_insert=True)
            keep_clocks(turn)
            add_pictures(case, actor, pictures)
            keep_person(case, person_of(reporter), words, pictured=bool(pictures))
            write_move(case, "report", "", actor, {"source": str(case.source)})
            view = tell(case, "report", actor)
            chosen = case.category
            if alone and chosen and rules.registers_itself(Source(case.source), chosen.auto_register, bool(case.area)):
                view = _register_itself(case, chosen, model) or view
            return view
    except IntegrityError:
        told = _told_before(Source(case.source), case.source_ref, actor)
        if told is None:
            raise
        return told


def _register_itself(case: Case, chosen: Category, model: StepsModel) -> CaseView | None:
    """Nobody else can see the case before this transaction ends, so it need not be locked and read anew.

    What a control area keeps from being registered waits for a person, who can still look at it.
    """
    controls = controls_at(case.cell)
    if rules.blocking(controls, chosen.code):
        return None
    take_on(case, AUTO, model)
    return enter(case, AUTO, model, str(chosen.conditions[0]["code"]), controls=controls)


def _source(source: str, source_ref: str) -> Source:
    if source not in {known.value for known in Source}:
        raise Invalid("case.unknown_source", given=source)
    if not source_ref or len(source_ref) > 200:
        raise Invalid("case.needs_source_ref")
    return Source(source)


def kept_whole(*texts: str) -> None:
    """Every text can be kept; Invalid where one is too long or holds what no text holds."""
    for text in texts:
        if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise Invalid("case.bad_text")
        if len(text) > LONGEST_TEXT:
            raise Invalid("case.text_too_long", most=LONGEST_TEXT)


def _told_before(source: Source, source_ref: str, actor: Actor) -> CaseView | None:
    with connection.cursor() as cursor:
        cursor.execute(TOLD_BEFORE, {"source": str(source), "source_ref": source_ref})
        row = cursor.fetchone()
    if row is None:
        return None
    found = Case.objects.select_related("category").get(pk=row[0])
    if not any(actor.holds(right) for right in _rights(source, actor)):
        raise Forbidden("case.may_not_report", source=str(source))
    return view_of(found, repeated=True)


def _chosen(code: str) -> Category | None:
    if not code:
        return None
    found, on_offer = category_on_offer(code)
    if found is None:
        raise Invalid("case.unknown_category", given=code)
    if not on_offer:
        raise Invalid("class.switched_off", given=code)
    return found


def _place(lon: float | None, lat: float | None) -> Place | None:
    if lon is None and lat is None:
        return None
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Invalid("case.bad_point")
    return grid.place_at(lon, lat)


def _may_report(actor: Actor, source: Source, place: Place | None) -> None:
    rights = [right for right in _rights(source, actor) if actor.holds(right)]
    if not rights:
        raise Forbidden("case.may_not_report", source=str(source))
    if place is not None and not any(actor.may(right, area=place.area) for right in rights):
        raise Forbidden("case.not_your_ground")


def _rights(source: Source, actor: Actor) -> tuple[str, ...]:
    return rules.reporting_rights(source, actor.user_id is not None)


def _moment(reported_at: datetime | None) -> datetime:
    now = clock.now()
    if reported_at is None:
        return now
    if reported_at.tzinfo is None or reported_at > now + CLOCK_SKEW:
        raise Invalid("case.bad_time")
    return min(reported_at, now)


def _put(case: Case, place: Place | None) -> None:
    if place is None:
        case.cell, case.area, case.district, case.place = "", "", "", {}
        return
    case.cell, case.area, case.district, case.place = place.cell, place.area, place.district, dict(place.names)


def numbers(begun: Sequence[tuple[str, date]]) -> list[str]:
    """A number for each case begun in a district, without a place in the city ("" says so), on a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number') FROM generate_series(1, %s)", [len(begun)])
        serials = [serial for (serial,) in cursor.fetchall()]
    city = None if all(district for district, _day in begun) else grid.city()
    ground = city.code if city else "000000"
    return [
        f"{(district or ground)[:6]:0<6}{day:%Y%m%d}{serial:06d}"
        for (district, day), serial in zip(begun, serials, strict=True)
    ]


@transaction.atomic
def locate(
    number: str, lon: float, lat: float, *, actor: Actor, version: int, address: str = "", note: str = ""
) -> CaseView:
    """An unlocated report has a place: the point lies inside the grid, and its area may see it."""
    case = lock(number, actor, version)
    no = rules.locate_refusal(Stage(case.stage), case.area, actor.duties(case.org, case.area))
    if no:
        raise error_of(no)
    place = _place(lon, lat)
    if place is None:
        raise Invalid("case.outside_grid")
    kept_whole(address, note)
    case.point, case.address = Point(lon, lat, srid=4326), withheld(case, "address", address) or case.address
    _put(case, place)
    case.version += 1
    case.save()
    write_move(case, "locate", case.stage, actor, {"lon": lon, "lat": lat, "note": note})
    measure(case, actor)
    return tell(case, "locate", actor, kind=LOCATED)


@transaction.atomic
def attach_clue(number: str, *, actor: Actor, source: str, source_ref: str, note: str = "") -> CaseView:
    """A further telling of the same problem hangs on the case; told again, it hangs there once."""
    known = _source(source, source_ref)
    kept_whole(note)
    case = Case.objects.select_for_update(of=("self",)).select_related("category").filter(number=number).first()
    if case is None or not any(actor.may(right, area=case.area) for right in _rights(known, actor)):
        raise Forbidden("case.not_your_ground")
    row, new = Clue.objects.get_or_create(
        source=known,
        source_ref=source_ref,
        defaults={"case": case, "note": "", "actor": actor.key, "actor_label": actor.label, "at": clock.now()},
    )
    if new and note:
        row.note = withheld(case, f"clue.{row.pk}", note)
        row.save(update_fields=["note"])
    return tell(case, "attach_clue", actor, kind=CLUE_ATTACHED) if new else view_of(case, repeated=True)
