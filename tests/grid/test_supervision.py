"""Supervision areas: cells that collectors walk together, and what is wrong with them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core import clock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.scope import Actor, Ground
from grid import actions, selectors
from grid.contracts import CodePlan
from grid.models import Patrol, SupervisedCell
from grid.rules import pasted
from journal.models import Entry
from tests.accounts.factories import holder, person
from tests.grid.factories import ADMIN, CITY, JIN, LONG, changed, put_map
from tests.seen import version_at, version_on

pytestmark = pytest.mark.django_db
FIRST = "449901001001"
SECOND = "449901001002"
FAR = "449902001001"
NAMES = {"zh": "石炮一网", "en": "Shipao 1"}


def area(code: str = "A1", cells: str = FIRST, actor: Actor = ADMIN, **given):
    """A supervision area of these cells."""
    return actions.save_supervision_area(code, actor=actor, cells=cells, **{"names": NAMES, **given})


def admin_of(district: str) -> Actor:
    return Actor("user:9", "区管理员", {"admin": (Ground("", f"{CITY}.{district}"),)})


@pytest.fixture
def walker():
    """Somebody with the duty to collect, everywhere."""
    return holder("walker", "collect")


def refused(code: str, kind: type[DomainError], /, *args, **given) -> DomainError:
    with pytest.raises(kind) as caught, transaction.atomic():
        area(*args, **given)
    assert caught.value.code == code
    return caught.value


class TestPasted:
    def test_codes_come_in_lines_in_tables_and_side_by_side(self):
        text = f"网格编码,等级\n{FIRST}001,1\r\n {FIRST}002 {FIRST}003；{FIRST}004\n\n{SECOND}\n"
        found = pasted.read_cells(text, CodePlan())
        assert found.cells == tuple(f"{FIRST}00{n}" for n in range(1, 5))
        assert found.regions == (SECOND,)
        assert found.faults == ()

    def test_a_line_without_a_code_is_named_and_a_rounded_number_too(self):
        found = pasted.read_cells(f"{FIRST}001\nabc 12\n4.49901E+14\n44990100100", CodePlan())
        assert [(fault.line, fault.code) for fault in found.faults] == [
            (2, "grid.cell_unread"), (3, "grid.cell_rounded"), (4, "grid.cell_unread"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            ({"1.2.3.4", "1.2.3.5"}, "1.2.3"), ({"1.2.3.4"}, "1.2.3.4"), ({"1.2", "1.3"}, "1"), (set(), ""),
            ({"1.2.3", "1.2"}, "1.2"),
        ],
    )  # fmt: skip
    def test_the_region_above_several(self, paths, expected):
        assert pasted.common_region(paths) == expected


class TestSaving:
    def test_a_community_stands_for_all_its_cells(self):
        put_map()
        held = area()
        assert selectors.supervised_cells(held) == [f"{FIRST}00{n}" for n in range(1, 5)]
        assert held.area == f"{CITY}.{JIN}.449901001.{FIRST}"
        entry = Entry.objects.get(kind="grid.supervision_area_saved.v1")
        assert entry.data == {"code": "A1", "cells": 4, "added": 4, "removed": 0}

    def test_cells_of_two_communities_lie_beneath_their_street(self):
        put_map()
        assert area(cells=f"{FIRST}001\n{SECOND}001").area == f"{CITY}.{JIN}.449901001"
        assert area("A2", cells=f"{CITY}").area == CITY

    def test_saved_again_only_the_difference_changes(self):
        put_map()
        area()
        area(cells=f"{FIRST}001\n{SECOND}002", names={"zh": "改名", "en": ""})
        held = selectors.supervision_area("A1", ADMIN)
        assert selectors.supervised_cells(held) == [f"{FIRST}001", f"{SECOND}002"]
        assert held.names == {"zh": "改名", "en": ""}
        entry = Entry.objects.filter(kind="grid.supervision_area_saved.v1").latest("id")
        assert entry.data == {"code": "A1", "cells": 2, "added": 1, "removed": 3}

    def test_unknown_cells_are_named_and_nothing_is_written(self):
        put_map()
        error = refused("grid.cells_unknown", Invalid, cells=f"{FIRST}001\n{FIRST}777")
        assert error.params == {"count": 1, "which": f"{FIRST}777"}
        assert not SupervisedCell.objects.exists()

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"cells": ""}, "grid.supervision_empty"), ({"cells": "code"}, "grid.supervision_empty"),
            ({"cells": "440000"}, "grid.region_without_cells"), ({"cells": "x1"}, "grid.cell_unread"),
            ({"code": "new"}, "grid.supervision_code"), ({"code": "a b"}, "grid.supervision_code"),
            ({"names": {"zh": " ", "en": "x"}}, "grid.supervision_name"),
            ({"names": {"zh": "长" * 61}}, "grid.supervision_name_long"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_refused(self, given, code):
        put_map()
        refused(code, Invalid, **given)

    def test_a_new_area_cannot_take_the_code_of_another(self):
        put_map()
        area()
        refused("grid.supervision_taken", Conflict, new=True)

    def test_an_administrator_of_one_district_changes_only_its_areas(self):
        put_map()
        boss = admin_of(JIN)
        area(actor=boss)
        refused("grid.supervision_not_yours", Forbidden, "A2", cells=FAR, actor=boss)
        refused("grid.supervision_not_yours", Forbidden, cells=FIRST, actor=admin_of(LONG))
        assert selectors.supervision_areas(admin_of(LONG)).count() == 0
        with pytest.raises(NotFound):
            selectors.supervision_area("A1", admin_of(LONG))

    def test_a_dissolved_area_frees_its_cells_and_its_people_and_keeps_its_code(self, walker):
        put_map()
        area()
        actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk)
        actions.dissolve_supervision_area("A1", actor=ADMIN)
        assert selectors.collectors_of(f"{FIRST}001") == []
        assert selectors.supervision(ADMIN).supervised == 0
        assert Patrol.objects.get().valid_until is not None
        refused("grid.supervision_dissolved", Conflict)
        with pytest.raises(NotFound):
            actions.dissolve_supervision_area("A1", actor=ADMIN)


class TestCollectors:
    def test_who_collects_in_a_cell_today(self, walker):
        put_map()
        area()
        now = clock.now()
        actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk, valid_until=now + timedelta(days=1))
        assert [one.key for one in selectors.collectors_of(f"{FIRST}003")] == [f"user:{walker.pk}"]
        assert selectors.collectors_of(f"{SECOND}003") == []
        assert selectors.collectors_of(f"{FIRST}003", now + timedelta(days=2)) == []
        assert selectors.collectors_of("") == []

    def test_nobody_is_assigned_twice_at_a_time(self, walker):
        put_map()
        held = area()
        now = clock.now()
        actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk, valid_until=now + timedelta(days=2))
        with pytest.raises(Conflict) as caught:
            actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk, valid_from=now + timedelta(days=1))
        assert caught.value.code == "grid.patrol_twice"
        with pytest.raises(IntegrityError), transaction.atomic():
            Patrol.objects.create(supervision_area=held, person=walker, valid_from=now, assigned_by="x")
        actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk, valid_from=now + timedelta(days=2))
        assert len(selectors.patrols_of(held)) == 2

    def test_only_collectors_are_assigned_and_only_forwards_in_time(self, walker):
        put_map()
        area()
        with pytest.raises(Invalid) as caught:
            actions.assign_collector("A1", actor=ADMIN, user_id=person("clerk").pk)
        assert caught.value.code == "grid.not_a_collector"
        with pytest.raises(Invalid) as caught:
            actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk, valid_until=clock.now())
        assert caught.value.code == "grid.patrol_ends_early"
        assert not Patrol.objects.exists()

    def test_one_who_is_relieved_collects_no_longer(self, walker):
        put_map()
        area()
        row = actions.assign_collector("A1", actor=ADMIN, user_id=walker.pk)
        actions.relieve_collector("A1", actor=ADMIN, patrol=row.pk)
        assert selectors.collectors_of(f"{FIRST}001") == []
        with pytest.raises(Conflict):
            actions.relieve_collector("A1", actor=ADMIN, patrol=row.pk)
        later = actions.assign_collector(
            "A1", actor=ADMIN, user_id=walker.pk, valid_from=clock.now() + timedelta(days=9)
        )
        actions.relieve_collector("A1", actor=ADMIN, patrol=later.pk)
        assert list(Patrol.objects.values_list("pk", flat=True)) == [row.pk]


class TestFaults:
    def test_shared_lone_lost_and_unmanned_are_told(self, walker):
        put_map()
        area()
        area("A2", cells=f"{FIRST}004\n{SECOND}")
        actions.assign_collector("A2", actor=ADMIN, user_id=walker.pk)
        found = selectors.supervision(ADMIN)
        assert (found.cells, found.supervised) == (12, 8)
        assert found.shared == {f"{FIRST}004": ("A1", "A2")}
        assert list(found.lone.values()) == [tuple(f"{FAR}00{n}" for n in range(1, 5))]
        assert found.unmanned == ("A1",)
        assert found.gone == {}
        assert selectors.supervision(ADMIN, f"{CITY}.{JIN}").lone == {}

    def test_a_cell_that_the_next_map_lost_is_told_and_stays_until_it_is_taken_out(self):
        put_map()
        area(cells=f"{FIRST}001\n{FIRST}002")

        def renamed(cells):
            cells[0]["properties"]["code"] = f"{FIRST}009"

        actions.import_grid(changed(cells=renamed), actor=ADMIN)
        held = selectors.supervision_area("A1", ADMIN)
        assert selectors.supervision(ADMIN).gone == {"A1": (f"{FIRST}001",)}
        assert selectors.supervision_views([held])[0].gone == 1
        area(cells=f"{FIRST}001\n{FIRST}002")
        area(cells=f"{FIRST}009\n{FIRST}002")
        assert selectors.supervision(ADMIN).gone == {}
        refused("grid.cells_unknown", Invalid, cells=f"{FIRST}001")


@pytest.fixture
def chief():
    """A browser of an administrator."""
    client = Client()
    client.force_login(holder("chief", "admin"))
    return client


class TestDoors:
    def test_over_http_an_area_is_made_read_changed_and_dissolved(self, chief, walker):
        put_map()
        json = {"content_type": "application/json"}
        made = chief.post("/api/grid/supervision-areas", {"code": "A1", "names": NAMES, "cells": FIRST}, **json)
        assert made.status_code == 201
        assert made.json()["cell_codes"] == [f"{FIRST}00{n}" for n in range(1, 5)]
        given = chief.post("/api/grid/supervision-areas/A1/collectors", {"user_id": walker.pk}, **json)
        assert given.status_code == 201
        [patrol] = given.json()["patrols"]
        assert chief.get(f"/api/grid/collectors?cell={FIRST}001").json()[0]["user_id"] == walker.pk
        path, wanted = "/api/grid/supervision-areas/A1", {"names": NAMES, "cells": f"{FIRST}001"}
        seen = {"If-Match": made["ETag"]}
        changed_ = chief.put(path, wanted, headers=seen, **json)
        assert changed_.json()["cells"] == 1
        for headers, status in ((seen, 412), ({}, 428)):
            assert chief.put(path, {**wanted, "cells": FIRST}, headers=headers, **json).status_code == status
        assert chief.get("/api/grid/supervised-cells").json() == {f"{FIRST}001": ["A1"]}
        assert chief.get("/api/grid/supervision").json()["supervised"] == 1
        assert chief.delete(f"/api/grid/supervision-areas/A1/collectors/{patrol['id']}").status_code == 204
        assert chief.delete("/api/grid/supervision-areas/A1").status_code == 204
        assert chief.get("/api/grid/supervision-areas").json() == []

    def test_an_area_that_somebody_else_changed_is_shown_and_not_overwritten(self, chief, walker):
        put_map()
        page = "/grid/areas/A1/"
        chief.post("/grid/areas/new/", {"code": "A1", "name_zh": "一网", "name_en": "", "cells": FIRST})
        mine = {"name_zh": "我的网", "name_en": "", "cells": f"{FIRST}001", "version": version_at(chief, page)}
        assert chief.post(page, {**mine, "cells": f"{FIRST}002"}).status_code == 302
        late = chief.post(page, mine)
        meanwhile = late.text.split('id="meanwhile"')[1].split("</section>")[0]
        assert late.status_code == 412
        assert f"{FIRST}003" in meanwhile
        assert f"{FIRST}002" not in meanwhile, "of lists only what differs"
        assert 'value="我的网"' in late.text
        assert chief.get("/api/grid/supervised-cells").json() == {f"{FIRST}002": ["A1"]}
        assert chief.post(page, {**mine, "version": version_on(late.text)}).status_code == 302
        assert chief.get("/api/grid/supervised-cells").json() == {f"{FIRST}001": ["A1"]}

    def test_the_pages_make_an_area_and_assign_a_collector(self, chief, walker):
        put_map()
        page = chief.post("/grid/areas/new/", {"code": "A1", "name_zh": "一网", "name_en": "", "cells": FIRST})
        assert page.status_code == 302
        done = chief.post("/grid/areas/A1/collectors/", {"user_id": walker.pk})
        assert done.status_code == 302
        text = chief.get("/grid/areas/").content.decode()
        assert "一网" in text
        assert "walker" in text
        row = Patrol.objects.get()
        assert chief.post(f"/grid/areas/A1/collectors/{row.pk}/end/").status_code == 302
        assert chief.post("/grid/areas/A1/dissolve/").status_code == 302
        assert chief.get("/grid/areas/A1/").status_code == 404

    def test_a_refusal_keeps_what_was_typed(self, chief):
        put_map()
        page = chief.post("/grid/areas/new/", {"code": "A1", "name_zh": "一网", "cells": f"{FIRST}777"})
        assert page.status_code == 400
        text = page.content.decode()
        assert f"{FIRST}777" in text.split("<textarea", 1)[1]
        assert 'role="alert"' in text
        assert not SupervisedCell.objects.exists()

    def test_who_is_no_administrator_reads_and_changes_nothing(self):
        put_map()
        area()
        client = Client()
        client.force_login(holder("reader", "case.see", area=f"{CITY}.{JIN}"))
        page = client.get("/grid/areas/A1/")
        assert page.status_code == 200
        assert b"area-form" not in page.content
        data = {"name_zh": "x", "cells": FIRST}
        assert client.post("/grid/areas/A1/", data).status_code == 403
        assert client.post("/grid/areas/A1/dissolve/").status_code == 403
        assert client.delete("/api/grid/supervision-areas/A1").status_code == 403
        assert selectors.supervision_area("A1", ADMIN).names == NAMES
