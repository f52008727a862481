"""A list goes out as a job: what is in the file, for whom, how far it is, and who goes on when a worker dies."""

import csv
import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from cases.models import Case
from core import clock
from core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from core.scope import machine
from exchange import actions, selectors
from exchange.actions import exports
from exchange.adapters import shelf
from exchange.contracts.exports import ExportState
from exchange.models import ExportJob
from journal.models import Entry
from tests.assets import factories as components
from tests.cases.factories import HERE, THERE, Town, brought_to, point, reported, take
from tests.exchange.test_working import Killed

FORMULA = '=HYPERLINK("http://evil.example")'


def asked(town: Town, suffix: str = "csv", who: str = "leader", **options: str) -> ExportJob:
    return actions.ask_export("cases", suffix, options, actor=town.actor(who))


def made(town: Town, suffix: str = "csv", who: str = "leader", **options: str) -> bytes:
    """The file, once a worker has made it."""
    job = asked(town, suffix, who, **options)
    actions.write_export(str(job.uid))
    with actions.fetch_export(str(job.uid), actor=town.actor(who))[1] as file:
        return file.read()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def fresh(job: ExportJob) -> ExportJob:
    return ExportJob.objects.get(pk=job.pk)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)


def test_a_csv_holds_the_filtered_list_and_runs_no_formula(town):
    wanted = reported(town, HERE, description=FORMULA, reporter={"name": "林秘密", "phone": "13800138000"})
    reported(town, THERE, description=FORMULA)
    content = made(town, district=HERE, q="hyperlink")
    (row,) = rows_of(content)
    assert (row["number"], row["description"], row["class"]) == (wanted.number, f"'{FORMULA}", "E0407")
    assert row["wkt"].startswith("POINT (")
    for secret in ("林秘密", "13800138000", "user:"):
        assert secret not in content.decode()


def test_every_format_holds_the_same_rows(town, tmp_path: Path):
    reported(town, description=FORMULA + "\x0b")
    reported(town, description="二")
    numbers = [row["number"] for row in rows_of(made(town))]
    assert len(numbers) == 2
    told = json.loads(made(town, "geojson"))
    assert [one["properties"]["number"] for one in told["features"]] == numbers
    assert told["features"][0]["geometry"]["type"] == "Point"
    book = load_workbook(io.BytesIO(made(town, "xlsx")), read_only=True)
    head, *lines = book["cases"].iter_rows(values_only=True)
    assert [line[head.index("number")] for line in lines] == numbers
    cells = list(load_workbook(io.BytesIO(made(town, "xlsx")))["cases"].iter_rows())
    assert all(cell.data_type != "f" for line in cells for cell in line)
    (tmp_path / "a.gpkg").write_bytes(made(town, "gpkg"))
    held = sqlite3.connect(tmp_path / "a.gpkg")
    assert [number for (number,) in held.execute("SELECT number FROM cases ORDER BY fid")] == numbers
    held.close()


def test_what_a_citizen_said_when_called_back_is_taken_away_too(town):
    told = {"name": "李", "phone": "138", "callback": True}
    case = reported(town, actor=town.actor("acceptor"), source="phone", reporter=told)
    said = {"closing": "a", "callback": "已告知", "satisfaction": "fair"}
    take(town, brought_to(town, "checked", case), "close", "leader", **said)
    reported(town)
    assert [row["satisfaction"] for row in rows_of(made(town))] == ["", "fair"]


def test_nobody_takes_away_more_than_they_may_see(town):
    here, there = reported(town, HERE), reported(town, THERE)
    assert {row["number"] for row in rows_of(made(town))} == {here.number, there.number}
    assert {row["number"] for row in rows_of(made(town, who="district_dispatcher"))} == {here.number}
    with pytest.raises(Forbidden):
        actions.ask_export("cases", "csv", {}, actor=machine("robot", "case.see"))


def test_rights_that_are_lost_under_way_end_the_export(town, small_batches, monkeypatch):
    for _ in range(4):
        reported(town)
    job = asked(town)
    append = shelf.append

    def then_dismissed(*given: Any) -> int:
        User.objects.filter(pk=job.user_id).update(is_active=False)
        return append(*given)

    monkeypatch.setattr(shelf, "append", then_dismissed)
    actions.write_export(str(job.uid))
    assert (fresh(job).state, fresh(job).done, fresh(job).failure["code"]) == (ExportState.FAILED, 2, "case.no_page")
    assert not shelf.file_of(job.uid).exists()


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on_behind_it(town, small_batches, monkeypatch):
    numbers = [reported(town).number for _ in range(5)]
    job = asked(town)
    append = shelf.append
    with monkeypatch.context() as dying:
        dying.setattr(shelf, "append", lambda *given: append(*given) if given[2] == 0 else _killed(append, given))
        with pytest.raises(Killed):
            actions.write_export(str(job.uid))
    assert (fresh(job).state, fresh(job).done, fresh(job).percent) == (ExportState.RUNNING, 2, 20)
    actions.write_export(str(job.uid))
    assert fresh(job).done == 2, "its heartbeat is fresh: it may still live"
    later = clock.now() + timedelta(seconds=61)
    clock.set_source(lambda: later)
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("exchange.adapters.queue.ask", lambda *given: sent.append(given))
    assert actions.unfinished_exports() == 1
    assert sent == [(str(job.uid), "exchange.tasks.write_export")]
    read: list[int | None] = []
    listing = exports.listings()["cases"]
    batch = listing.batch
    monkeypatch.setattr(listing, "batch", lambda *given, **more: (read.append(more["below"]), batch(*given, **more))[1])
    actions.write_export(str(job.uid))
    assert read[0] == Case.objects.get(number=numbers[3]).pk, "it went on behind the batch that was kept"
    with actions.fetch_export(str(job.uid), actor=town.actor("leader"))[1] as file:
        assert [row["number"] for row in rows_of(file.read())] == list(reversed(numbers))
    clock.set_source(None)


def _killed(append: Any, given: tuple[Any, ...]) -> int:
    """The process dies after half a batch was written."""
    append(*given[:3], given[3][:1])
    raise Killed


def test_the_first_worker_that_wakes_again_writes_nothing_more(town, small_batches):
    for _ in range(3):
        reported(town)
    job = asked(town)
    first = exports._claim(str(job.uid))
    assert first is not None
    shelf.take_over(first.uid, first.epoch, first.kept)
    later = clock.now() + timedelta(seconds=61)
    clock.set_source(lambda: later)
    actions.write_export(str(job.uid))
    clock.set_source(None)
    done = fresh(job)
    with pytest.raises((FileNotFoundError, exports._Taken)):
        exports._read(first)
    assert (fresh(job).state, fresh(job).sha256) == (ExportState.DONE, done.sha256)
    assert shelf.seal(shelf.file_of(job.uid))[0] == done.sha256


def test_an_export_that_kills_every_worker_is_given_up(town, monkeypatch):
    reported(town)
    job = asked(town)
    monkeypatch.setattr(exports, "_make", lambda *given: (_ for _ in ()).throw(Killed))
    moment = clock.now()
    for turn in range(1, 7):
        clock.set_source(lambda turn=turn: moment + timedelta(minutes=20 * turn))
        with pytest.raises(Killed):
            actions.write_export(str(job.uid))
    clock.set_source(lambda: moment + timedelta(minutes=150))
    actions.write_export(str(job.uid))
    clock.set_source(None)
    assert (fresh(job).state, fresh(job).failure["code"]) == (ExportState.FAILED, "exchange.gave_up_export")


def test_a_cancelled_export_stops_at_its_batch_and_keeps_nothing(town, small_batches, monkeypatch):
    for _ in range(4):
        reported(town)
    job, actor = asked(town), town.actor("leader")
    append = shelf.append

    def then_cancelled(*given: Any) -> int:
        actions.cancel_export(str(job.uid), actor=actor)
        return append(*given)

    monkeypatch.setattr(shelf, "append", then_cancelled)
    actions.write_export(str(job.uid))
    assert (fresh(job).state, fresh(job).done) == (ExportState.CANCELLED, 0)
    with pytest.raises(Conflict, match="export_ended"):
        actions.cancel_export(str(job.uid), actor=actor)
    with pytest.raises(Conflict, match="export_not_done"):
        actions.fetch_export(str(job.uid), actor=actor)


def test_one_export_at_a_time_and_no_nonsense(town):
    asked(town)
    with pytest.raises(Conflict, match="one_export_at_a_time"):
        asked(town, "xlsx")
    assert asked(town, who="desk").state == ExportState.WAITING
    with pytest.raises(NotFound, match="unknown_dataset"):
        asked(town, "exe", who="handler")
    with pytest.raises(NotFound, match="unknown_dataset"):
        actions.ask_export("secrets", "csv", {}, actor=town.actor("handler"))
    for options in ({"colour": "red"}, {"stage": "flying"}, {"q": "。"}):
        with pytest.raises(Invalid):
            asked(town, who="handler", **options)
    assert ExportJob.objects.count() == 2


def test_a_workbook_that_cannot_hold_the_list_is_refused_before_it_is_read(town, monkeypatch):
    reported(town), reported(town)
    monkeypatch.setitem(exports.MOST_ROWS, "xlsx", 1)
    job = asked(town, "xlsx")
    actions.write_export(str(job.uid))
    assert (fresh(job).failure["code"], fresh(job).done) == ("exchange.too_many_rows", 0)


def test_asking_and_fetching_are_on_record_without_what_was_typed(town):
    reported(town, description="王五 13900139000")
    made(town, q="王五", stage="reported")
    asking = Entry.objects.get(kind="exchange.exported.v1")
    fetching = Entry.objects.get(kind="exchange.fetched.v1")
    assert asking.actor == fetching.actor == town.actor("leader").key
    assert asking.data["options"] == {"q": "…", "stage": "reported"}
    assert (fetching.data["rows"], len(fetching.data["sha256"])) == (1, 64)
    assert asking.subject == fetching.subject


def test_files_are_kept_for_a_day(town):
    reported(town)
    made(town)
    job = ExportJob.objects.get()
    assert actions.drop_exports() == 0
    later = clock.now() + timedelta(hours=25)
    clock.set_source(lambda: later)
    assert actions.drop_exports() == 1
    clock.set_source(None)
    with pytest.raises(Gone):
        actions.fetch_export(str(job.uid), actor=town.actor("leader"))


def test_the_list_page_has_a_button_and_the_export_a_page(town):
    case = reported(town, description="树倒了")
    reported(town, description="别的")
    browser = Client()
    browser.force_login(town.people["leader"])
    page = browser.get("/cases/", {"q": "树", "queue": "open"}).content.decode()
    assert 'name="filters" value="queue=open&amp;q=%E6%A0%91"' in page
    sent = browser.post("/exports/", {"dataset": "cases", "format": "csv", "filters": "queue=open&q=%E6%A0%91"})
    assert sent.status_code == 302
    job = ExportJob.objects.get()
    here = f"/exports/{job.uid}/"
    assert f'hx-get="{here}progress/"' in browser.get(here).content.decode()
    assert browser.get(f"{here}progress/").headers.get("HX-Refresh") is None
    actions.write_export(str(job.uid))
    assert browser.get(f"{here}progress/").headers["HX-Refresh"] == "true"
    answer = browser.get(f"{here}file/")
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert [row["number"] for row in rows_of(b"".join(answer.streaming_content))] == [case.number]
    for path in ("/exports/", here):
        assert "关键词：树 · 队列：全部在办" in browser.get(path).content.decode(), "no codes of the address"
    busy = browser.post("/exports/", {"dataset": "cases", "format": "pdf", "filters": ""})
    assert busy.status_code == 404
    stranger = Client()
    stranger.force_login(town.people["desk"])
    for path in (here, f"{here}file/", f"{here}progress/", f"/api/export-jobs/{job.uid}"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"{here}cancel/").status_code == 404


def test_programs_export_with_the_rights_of_their_person(town):
    reported(town)
    browser = Client()
    browser.force_login(town.people["leader"])
    body = {"dataset": "cases", "format": "geojson", "options": {"open": "true"}}
    answer = browser.post("/api/export-jobs", body, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    uid = answer.json()["uid"]
    assert browser.get(f"/api/export-jobs/{uid}/file").status_code == 409
    actions.write_export(uid)
    told = browser.get(f"/api/export-jobs/{uid}").json()
    assert (told["state"], told["total"], told["percent"]) == ("done", 1, 100)
    assert len(json.loads(b"".join(browser.get(f"/api/export-jobs/{uid}/file").streaming_content))["features"]) == 1
    assert [one["uid"] for one in browser.get("/api/export-jobs").json()] == [uid]
    assert browser.post(f"/api/export-jobs/{uid}/cancel").status_code == 409
    assert selectors.exports_of(machine("robot", "case.see")).count() == 0


# ---- the list of components


def made_of_components(town: Town, who: str = "leader", suffix: str = "csv", **options: str) -> bytes:
    job = actions.ask_export("components", suffix, options, actor=town.actor(who))
    actions.write_export(str(job.uid))
    with actions.fetch_export(str(job.uid), actor=town.actor(who))[1] as file:
        return file.read()


def test_the_list_of_components_goes_out_as_it_was_narrowed_with_attributes_and_shapes(town, small_batches):
    components.types(components.LAMP, components.KERB)
    lon, lat = point(HERE)
    kerb = {"type": "LineString", "coordinates": [[lon, lat], [lon + 0.0002, lat]]}
    lamps = [
        {"code": f"44990101370000{n:02}", "lon": lon, "lat": lat, "type": "street_light", "attributes": {"watt": n}}
        for n in (1, 2, 3)
    ]
    components.put(*lamps, {"code": "4499010286000001", "type": "kerb", "geometry": kerb})
    lines = rows_of(made_of_components(town))
    assert [line["code"] for line in lines] == ["4499010286000001", *(one["code"] for one in reversed(lamps))]
    assert (lines[-1]["type_en"], json.loads(lines[-1]["attributes"])) == ("Street light", {"watt": 1})
    assert lines[0]["wkt"].startswith("LINESTRING (")
    assert [line["code"] for line in rows_of(made_of_components(town, type="kerb"))] == ["4499010286000001"]
    told = json.loads(made_of_components(town, suffix="geojson", q="449901013700000"))
    assert {one["geometry"]["type"] for one in told["features"]} == {"Point"}
    assert len(told["features"]) == 3
    assert rows_of(made_of_components(town, "district_dispatcher2")) == [], "components of another district"
    for options in ({"weather": "fine"}, {"q": "x" * 121}, {"q": "\x00"}):
        with pytest.raises(Invalid):
            actions.ask_export("components", "csv", options, actor=town.actor("leader"))
    client = Client()
    client.force_login(town.people["leader"])
    shown = client.get("/components/?type=kerb").content.decode()
    assert '<input type="hidden" name="filters" value="type=kerb">' in shown
    asked_for = {"dataset": "components", "filters": "type=kerb&state=intact", "format": "gpkg"}
    page = client.post("/exports/", asked_for, follow=True).content.decode()
    assert "路沿石" in page
    assert "完好" in page
