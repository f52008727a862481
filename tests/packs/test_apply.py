"""Putting packs in force, with a database."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import OrganisationKind, Role
from cases.models import Category
from cases.selectors import categories, category_rows
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import machine
from grid.selectors import calendar
from journal.models import Entry
from packs import actions, selectors
from packs.models import PackRelease
from tests.cases.factories import build_town, reported
from tests.packs.factories import ROOT, copied

pytestmark = pytest.mark.django_db
CLASSES = 191 + 16
"""Of the catalogue and the city, and those that the systems bring."""
NEEDED = ["base", "trades", "catalogue-events", "appearance"]
ORDER = [
    "base", "trades", "catalogue-components", "catalogue-events", "advertising", "appearance", "coastal-city",
    "credit", "dogs", "enforcement", "flooding", "frontage", "gas", "greenways", "illegal-construction", "landscaping",
    "municipal", "night-markets", "shared-bikes", "spoil", "toilets", "volunteers", "waste",
]  # fmt: skip


def applied_news():
    return [entry.data for entry in Entry.objects.filter(kind="pack.applied.v1").order_by("id")]


def test_applying_everything_puts_the_needed_first():
    done = actions.apply(actor=ROOT)
    assert [result.code for result in done] == ORDER
    assert len(category_rows()) == CLASSES
    assert len(categories()) == 51 + CLASSES - 191
    assert Role.objects.get(code="shift_leader").permissions[-1] == "wall.see"
    assert calendar("round_the_clock").round_the_clock
    assert [news["code"] for news in applied_news()] == ORDER
    assert selectors.names_in_force()["gas"] == {"zh": "智慧燃气", "en": "Gas"}


def test_applying_one_pack_applies_what_it_needs():
    assert [result.code for result in actions.apply(["appearance"], actor=ROOT)] == NEEDED


def test_applying_again_changes_nothing_and_tells_nobody():
    actions.apply(actor=ROOT)
    entries, releases = Entry.objects.count(), PackRelease.objects.count()
    again = actions.apply(actor=ROOT)
    assert all(not result.news and not result.changes for result in again)
    assert (Entry.objects.count(), PackRelease.objects.count()) == (entries, releases)
    assert all(not selectors.diff(pack.document) for pack in selectors.library().packs.values())


def test_the_entry_carries_the_hash_of_what_is_in_force():
    actions.apply(["base"], actor=ROOT)
    news, release = applied_news()[0], selectors.in_force()["base"]
    assert news["hash"] == release.hash
    assert news["added"] == 7 + 14 + 2 + 26 + 1 + 1 + 4 + 1 + 1 + 6 + 2 + 4 + 2 + 1 + 1 + 1 + 1
    assert len(news["hash"]) == 64


def test_the_first_classes_of_a_city_hold_for_the_past_it_brings_along_and_later_ones_from_their_day():
    actions.apply(["appearance"], actor=ROOT)
    long_ago = clock.now() - timedelta(days=3650)
    assert category_rows(long_ago).filter(code="E0407").exists()
    town = build_town()
    reported(town)
    actions.apply(actor=ROOT)
    late = category_rows().get(code="C0102")
    assert not category_rows(long_ago).filter(code="C0102").exists(), "a case has been made without it"
    assert clock.now() - late.valid_from < timedelta(hours=1)


def test_a_changed_limit_is_a_new_version_of_the_class(tmp_path):
    actions.apply(actor=ROOT)
    root = copied(tmp_path)
    path = root / "catalogue-events" / "categories" / "04-street-order.yaml"
    before, after = path.read_text("utf-8").split("- code: E0406")
    path.write_text(
        before + "- code: E0406" + after.replace("value: 2, unit: urgent_hour", "value: 1, unit: urgent_hour", 1),
        "utf-8",
    )
    changes = selectors.diff(selectors.library(root).packs["catalogue-events"].document)
    assert [(change.what, change.code) for change in changes] == [("change", "E0406")]
    actions.apply(actor=ROOT, root=root)
    rows = Category.objects.filter(code="E0406").order_by("version")
    assert [(row.version, row.valid_until is None, row.conditions[0]["limit"]["value"]) for row in rows] == [
        (1, False, 2),
        (2, True, 1),
    ]
    assert [
        row.hash == selectors.in_force()["catalogue-events"].hash
        for row in PackRelease.objects.filter(code="catalogue-events")
    ] == [True, False]


def test_what_disappears_is_retired_and_comes_back_when_it_is_written_again(tmp_path):
    actions.apply(actor=ROOT)
    root = copied(tmp_path)
    path = root / "base" / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("  - code: citizen_service\n", "  - code: hotline\n"), "utf-8")
    actions.apply(["base"], actor=ROOT, root=root)
    assert Role.objects.get(code="citizen_service").retired
    assert not Role.objects.get(code="hotline").retired
    actions.apply(["base"], actor=ROOT)
    assert not Role.objects.get(code="citizen_service").retired
    assert Role.objects.get(code="hotline").retired, "nothing is deleted"


def test_a_role_that_an_administrator_changed_stays_theirs():
    actions.apply(["base"], actor=ROOT)
    Role.objects.filter(code="handler").update(permissions=["handle"])
    assert selectors.diff(selectors.library().packs["base"].document) == []
    assert actions.apply(["base"], actor=ROOT)[0].changes == ()
    row = Role.objects.get(code="handler")
    assert (row.permissions, row.differs) == (["handle"], True)
    assert row.said["permissions"] == ["case.see", "component.propose", "feed.read", "handle", "register.see"]


def test_a_faulty_library_changes_nothing_at_all(tmp_path):
    root = copied(tmp_path)
    path = root / "appearance" / "pack.yaml"
    path.write_text(path.read_text("utf-8").replace("category: E0407", "category: E0499"), "utf-8")
    with pytest.raises(Invalid) as caught:
        actions.apply(actor=ROOT, root=root)
    assert caught.value.code == "packs.faulty"
    assert "library/appearance/pack.yaml:" in caught.value.params["first"]
    assert not PackRelease.objects.exists()
    assert not Role.objects.exists()
    actions.apply(["base"], actor=ROOT, root=root)


def test_when_one_app_refuses_nothing_is_in_force(monkeypatch):
    def breaks(pack, actor):
        raise Conflict("cases.category")

    monkeypatch.setattr(dict(selectors.handlers())["categories"], "apply", breaks)
    with pytest.raises(Conflict):
        actions.apply(actor=ROOT)
    assert not PackRelease.objects.exists()
    assert not OrganisationKind.objects.exists()
    assert not Entry.objects.exists()


def test_only_an_administrator_of_everything_applies():
    for actor in (machine("video", "case.report"), machine("half")):
        with pytest.raises(Forbidden):
            actions.apply(actor=actor)
        with pytest.raises(Forbidden):
            actions.retire("base", actor=actor)


def test_an_unknown_pack_is_not_found():
    with pytest.raises(NotFound):
        actions.apply(["fairies"], actor=ROOT)
    with pytest.raises(NotFound):
        actions.retire("base", actor=ROOT)


def test_a_pack_leaves_only_when_nobody_needs_it():
    actions.apply(actor=ROOT)
    with pytest.raises(Conflict) as caught:
        actions.retire("base", actor=ROOT)
    assert caught.value.params == {
        "code": "base",
        "by": ", ".join(sorted(code for code in ORDER if code not in ("base", "coastal-city"))),
    }
    for code in reversed(ORDER[1:]):
        actions.retire(code, actor=ROOT)
    assert categories() == []
    assert Category.objects.filter(version=1).count() == CLASSES
    assert set(selectors.in_force()) == {"base"}
    actions.apply(actor=ROOT)
    assert len(categories()) == 51 + CLASSES - 191


class TestCommand:
    def test_check_says_that_all_is_sound(self, capsys):
        call_command("packs", "check")
        assert f"{len(ORDER)} packs are sound: {', '.join(sorted(ORDER))}." in capsys.readouterr().out

    def test_diff_then_apply_then_diff(self, capsys):
        call_command("packs", "diff", "base")
        assert "add     roles collector" in capsys.readouterr().out
        call_command("packs", "apply", "--all")
        assert "appearance 1.3.0: " in capsys.readouterr().out
        call_command("packs", "diff")
        assert capsys.readouterr().out.splitlines() == [f"{code}: in force as it stands." for code in sorted(ORDER)]

    def test_an_unknown_pack_is_an_error(self):
        with pytest.raises(CommandError, match="fairies"):
            call_command("packs", "check", "fairies")
