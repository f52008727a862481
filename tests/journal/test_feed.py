"""GET /api/feed: exactly what was pushed, to exactly those who may read it."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from core import clock
from journal import actions, selectors
from tests.journal.factories import JINGANG, LONGBIN, News, Spot, number_all, person, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    """Somebody who may read the feed of Jingang."""
    client = APIClient()
    client.force_login(person("jingang", "feed.read", area=JINGANG))
    return client


def feed(client, **query):
    return client.get("/api/feed", {"scope": "d:449901", **query})


def test_a_page_says_what_it_is_and_how_far_it_goes(district):
    tell("a", many=3, org="centre.d449901", data=News(spot=Spot(116.7, 23.36), names={"zh": "门"}))
    tell("elsewhere", area=LONGBIN)
    number_all()
    answer = feed(district, after=1, limit=1)
    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("server_time").startswith(f"{clock.now():%Y-%m-%d}")
    (entry,) = body.pop("entries")
    assert body == {"epoch": 1, "scope": "d:449901", "head": 3, "complete_to": 2, "has_more": True}
    (view,) = selectors.entries_after("d:449901", 1, 1)
    assert entry == view.public()
    assert set(entry) == {"seq", "kind", "subject", "at", "actor_label", "area", "org", "data", "trace"}
    assert answer["Cache-Control"] == "private, no-cache"


def test_pages_put_together_are_the_whole_feed(district):
    for name in "abcdefg":
        tell(name)
    number_all()
    after, seen = 0, []
    while True:
        page = feed(district, after=after, epoch=1, limit=3).json()
        seen += [(entry["seq"], entry["subject"]) for entry in page["entries"]]
        after = page["complete_to"]
        if not page["has_more"]:
            break
    assert seen == list(enumerate("abcdefg", start=1))
    assert feed(district, after=after).json()["entries"] == []


def test_an_empty_feed_is_complete(district):
    body = feed(district).json()
    assert (body["head"], body["complete_to"], body["has_more"], body["entries"]) == (0, 0, False, [])


@pytest.mark.parametrize("scope", ["city", "d:449902", "user:1", "d:449901:restricted", "dept:parks", "*", "d:", "no"])
def test_what_is_not_yours_is_refused(district, scope):
    tell()
    number_all()
    answer = feed(district, scope=scope)
    assert (answer.status_code, answer.json()["code"]) == (403, "feed.not_yours")
    assert "entries" not in answer.json()


def test_who_has_not_signed_in_is_told_nothing():
    assert feed(APIClient()).status_code == 401


def test_who_has_signed_in_and_has_no_right_is_told_nothing():
    client = APIClient()
    client.force_login(person("stranger", "case.see", area=JINGANG))
    assert feed(client).status_code == 403


def test_everybody_reads_what_is_said_to_them():
    user = person("somebody")
    client = APIClient()
    client.force_login(user)
    assert feed(client, scope=f"user:{user.pk}").status_code == 200
    assert feed(client, scope=f"user:{user.pk + 1}").status_code == 403


def test_another_epoch_is_a_conflict_and_so_is_being_ahead(district):
    tell()
    number_all()
    assert feed(district, after=1, epoch=1).status_code == 200
    answer = feed(district, after=2, epoch=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "feed.ahead")
    actions.raise_epoch("restored")
    answer = feed(district, after=1, epoch=1)
    assert (answer.status_code, answer.json()["params"]) == (409, {"epoch": 2})
    assert feed(district, after=1, epoch=2).json()["epoch"] == 2


def test_what_was_pruned_is_gone_and_says_where_to_begin_anew(district):
    clock.set_source(lambda: clock.datetime.now(clock.UTC) - timedelta(days=31))
    tell(many=2)
    clock.set_source(None)
    tell("new")
    number_all()
    actions.prune()
    for after in (0, 1):
        answer = feed(district, after=after)
        assert answer.status_code == 410
        assert answer.json()["params"] == {"snapshot_url": "/api/wall/snapshot", "first": 3}
    assert [entry["subject"] for entry in feed(district, after=2).json()["entries"]] == ["new"]
    actions.FeedPlace.objects.all().delete()
    assert feed(district, after=2).status_code == 410
    assert feed(district, after=3).status_code == 200


def test_nothing_new_costs_no_body(district):
    tell()
    number_all()
    first = feed(district, after=1)
    again = district.get("/api/feed", {"scope": "d:449901", "after": 1}, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    tell()
    number_all()
    fresh = district.get("/api/feed", {"scope": "d:449901", "after": 1}, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert fresh["ETag"] != first["ETag"]
    actions.raise_epoch("restored")
    assert feed(district, after=1)["ETag"] != fresh["ETag"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("after", "-1"), ("after", "x"), ("after", "1.5"), ("after", "9" * 30), ("after", "٣"), ("after", ""),
        ("limit", "0"), ("limit", "501"), ("limit", "1000000000"), ("epoch", "e"), ("scope", ""), ("scope", "x" * 201),
        ("scope", "d:\x00"),
    ],
)  # fmt: skip
def test_odd_questions_are_refused_by_name(district, name, value):
    answer = feed(district, **{name: value})
    assert (answer.status_code, answer.json()["code"]) == (400, "feed.bad_request")
    assert answer.json()["params"] == {"name": name}


def test_a_page_costs_the_same_few_queries_however_long_it_is(district, django_assert_max_num_queries):
    tell(many=60)
    number_all()
    feed(district)
    with django_assert_max_num_queries(9):
        assert len(feed(district).json()["entries"]) == 60
