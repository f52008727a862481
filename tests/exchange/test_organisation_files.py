"""The tree of organisations comes in from files with its past; what was exported changes nothing, or is equal again."""

import io

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import actions as accounts
from accounts import selectors
from accounts.models import Organisation, Plan, Standing
from exchange import actions
from exchange.contracts import State
from exchange.models import ImportJob
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, THERE, city, holder, organisation
from tests.exchange.factories import checked, codes, imported
from tests.grid.factories import put_map

pytestmark = pytest.mark.django_db
KIND = "organisations"
HEAD = "机构代码,名称,英文名称,类型,层级,上级,服务区域,职责,在用,起始时间,截止时间\n"


@pytest.fixture
def root():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


@pytest.fixture
def moved(time):
    """The tree of a town in which one department was renamed, moved, and another closed."""
    city()
    time.pass_by(minutes=10)
    accounts.change_organisation("appearance-449901", actor=ROOT, names={"zh": "新名", "en": "New"})
    time.pass_by(minutes=10)
    accounts.move_organisation("sanitation-449901", parent="centre", actor=ROOT)
    accounts.close_organisation("municipal-449902", actor=ROOT)
    time.pass_by(minutes=10)


def exported(client: Client, suffix: str = "csv") -> bytes:
    return b"".join(client.get(f"/api/exports/{KIND}.{suffix}"))


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_goes_out_changes_nothing_when_it_comes_in(moved, root, suffix):
    job = checked(exported(root, suffix), f"a.{suffix}", kind=KIND)
    assert codes(job) == []
    assert counts(job) == {"same": 14}, "eleven organisations, and the past of three"


def test_in_an_empty_installation_the_tree_and_its_past_are_equal_again(moved, root):
    out, tree = exported(root), selectors.tree()
    Standing.objects.all().delete()
    Plan.objects.all().delete()
    Organisation.objects.update(parent=None)
    Organisation.objects.all().delete()
    lines = out.decode().splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    job = imported(turned, kind=KIND)
    assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": 14})
    assert exported(root) == out
    assert selectors.tree() == tree
    assert Entry.objects.filter(kind="accounts.organisation_created.v1", subject="organisation:centre").count() == 2


def test_one_edited_row_changes_exactly_that_organisation(moved, root):
    out = exported(root).decode("utf-8-sig")
    edited = out.replace("机构landscaping-449901,", "园林科,")
    assert counts(checked(edited, kind=KIND)) == {"change": 1, "same": 13}
    job = imported(edited, kind=KIND)
    assert counts(job) == {"change": 1, "same": 13}
    held = Organisation.objects.get(code="landscaping-449901")
    assert (held.names["zh"], held.duties) == ("园林科", ["landscaping"])
    assert [one.names["zh"] for one in selectors.history_of("landscaping-449901")] == [
        "园林科",
        "机构landscaping-449901",
    ]
    assert counts(checked(edited, kind=KIND)) == {"same": 14}


def test_a_file_moves_renames_founds_and_closes_in_any_order(time):
    city()
    time.pass_by(minutes=10)
    job = imported(HEAD + "".join([
        f"crew,一队,Crew,department,district,sanitation-449901,{HERE},,是,,\n",
        "sanitation-449901,,,,,centre,,环卫;清运,,,\n",
        "d449902,,,,,centre,,,否,,\n",
        *(f"{duty}-449902,,,,,d449902,,,停用,,\n" for duty in ("appearance", "sanitation", "landscaping", "municipal")),
    ]).replace("环卫;清运", "sanitation;haul"), kind=KIND)  # fmt: skip
    assert (codes(job), counts(job)) == ([], {"add": 1, "change": 1, "retire": 5})
    tree = {node.code: node for node in selectors.tree()}
    assert tree["crew"].path == "centre.sanitation-449901.crew"
    assert tree["sanitation-449901"].duties == ("haul", "sanitation")
    assert tree["appearance-449901"].path == "centre.d449901.appearance-449901"
    assert {code for code, node in tree.items() if not node.active} == {
        "d449902", *(f"{duty}-449902" for duty in ("appearance", "sanitation", "landscaping", "municipal")),
    }  # fmt: skip
    assert job.report["told"] == {"closed": 5}


def test_two_organisations_may_change_places():
    organisation("top")
    organisation("under", "top")
    job = imported("code,parent\nunder,\ntop,under\n", kind=KIND)
    assert counts(job) == {"change": 2}
    assert {node.path for node in selectors.tree()} == {"under", "under.top"}


def test_each_wrong_row_is_named_and_nothing_of_it_happens(time):
    city()
    time.pass_by(minutes=10)
    before = selectors.tree()
    job = checked(HEAD + "".join([
        f"a,甲,A,department,district,nobody,{HERE},,是,,\n",
        f"b,乙,B,department,district,c,{HERE},,是,,\n",
        f"c,丙,C,department,district,b,{HERE},,是,,\n",
        f"d,丁,D,department,district,d449901,{THERE},,是,,\n",
        "sanitation-449902,,,,,sanitation-449902,,,,,\n",
        "d449902,,,,,centre,,,否,,\n",
        f"e,戊,E,department,district,d449901,{HERE},,是,2020-05-02,2020-05-01\n",
        f"f,己,F,department,district,d449901,{HERE},,是,昨天,\n",
        f"g,庚,G,department,district,d449901,{HERE},,也许,,\n",
        f"h,辛,H,department,district,d449901,{HERE},,是,,\n",
        f"h,辛,H,department,district,d449901,{HERE},,是,,\n",
        f"i,,I,department,district,d449901,{HERE},,是,,\n",
        f"j,壬,J,department,country,d449901,{HERE},,是,,\n",
        f"K!,癸,K,department,district,d449901,{HERE},,是,,\n",
        "appearance-449901,,,company,,,,,,,\n",
        f"sanitation-449901,旧,Old,department,district,d449901,{HERE},,是,2020-01-01,2021-01-01\n",
        f"l,子,L,department,district,d449901,{HERE},,是,2024-01-01,\n",
        f"l,子,L,department,district,d449901,{HERE},,是,2023-01-01,2024-02-01\n",
        f"m,丑,M,department,district,d449901,{HERE},,是,2023-01-01,2024-02-01\n",
        f"n,寅,N,department,district,d449901,{HERE},,是,2099-01-01,\n",
        f"o,卯,O,department,district,a,{HERE},,是,,\n",
    ]), kind=KIND)  # fmt: skip
    assert codes(job) == [
        (1, "accounts.no_such_organisation"), (2, "accounts.moves_below_itself"), (3, "accounts.moves_below_itself"),
        (4, "accounts.area_outside_parent"), (5, "accounts.moves_below_itself"), (6, "accounts.closes_others"),
        (7, "accounts.dates_reversed"), (8, "accounts.bad_date"), (9, "accounts.flag_unread"),
        (10, "accounts.other_rows"), (11, "accounts.organisation_twice"), (12, "accounts.name_missing"),
        (13, "accounts.bad_level"), (14, "accounts.bad_code"), (15, "accounts.organisation_fixed"),
        (16, "accounts.past_stays"), (17, "accounts.other_rows"), (18, "accounts.stretches_overlap"),
        (19, "accounts.past_of_nobody"), (20, "accounts.stands_later"), (21, "accounts.parent_refused"),
    ]  # fmt: skip
    assert selectors.tree() == before


def test_an_area_that_is_not_on_the_map_is_refused_and_one_is_found_by_its_code():
    put_map()
    job = imported(
        HEAD + "x,甲,A,department,district,,449999,,是,,\ny,乙,B,department,district,,449901,,是,,\n", kind=KIND
    )
    assert codes(job) == [(1, "accounts.area_not_on_map")]
    assert Organisation.objects.get().area == HERE


def test_manage_py_takes_the_same_file(tmp_path):
    city()
    file = tmp_path / "tree.csv"
    file.write_text("机构代码,名称,英文名称\ncentre,市中心,City centre\nnobody,无,\n", encoding="utf-8")
    told = io.StringIO()
    call_command("import_city", str(file), "--kind", KIND, "--yes", "--language", "en", stdout=told)
    assert "Row 2 (line 3), field Kind: A new organisation needs this." in told.getvalue()
    assert "'change': 1, 'refuse': 1" in told.getvalue()
    assert Organisation.objects.get(code="centre").names == {"zh": "市中心", "en": "City centre"}


def test_in_the_browser_nothing_is_written_before_it_is_confirmed(root):
    city()
    file = io.BytesIO("机构代码,上级,在用\nd449902,centre,否\nsanitation-449901,centre,是\n".encode())
    file.name = "tree.csv"
    here = root.post("/imports/", {"kind": KIND, "file": file}).url
    mapping = {f"map_{name}": column for name, column in ImportJob.objects.get().mapping.items()}
    root.post(here, {**mapping, "set_encoding": "utf-8"})
    actions.work(str(ImportJob.objects.get().uid))
    page = root.get(here).content.decode()
    assert "4 organisations in use stand under it" in page
    assert Organisation.objects.get(code="sanitation-449901").path == "centre.d449901.sanitation-449901"
    root.post(f"{here}confirm/")
    actions.work(str(ImportJob.objects.get().uid))
    assert Organisation.objects.get(code="sanitation-449901").path == "centre.sanitation-449901"
    assert Organisation.objects.get(code="d449902").active
