"""A scheme as a form: tried on a month that is over, then kept; what was published keeps its scheme."""

import re

import pytest

from accounts.actions import grant, upsert_role
from evaluation import actions, rules, selectors
from evaluation.forms import document_of, shown
from evaluation.models import Scheme, SchemeVersion
from packs.adapters.library import read_library
from tests.cases.factories import CITY, SETUP, names
from tests.evaluation.test_pages import CHINESE, signed_in
from tests.evaluation.test_publishing import ASKED, JUDGE, december

__all__ = ["december"]


def fields_of(page) -> dict[str, str]:
    """What the form would send as it stands."""
    given, head = page.context["given"], page.context["head"]
    sent = {name: given[name] for name in ("zh", "en", "full", "source")} | dict(head)
    sent["subjects"] = given["subjects"]
    for number, grade in enumerate(given["grades"]):
        sent |= {f"g{number}-{name}": text for name, text in grade.items()}
    for number, part in enumerate(given["parts"]):
        sent |= {f"p{number}-{name}": text for name, text in part.items() if isinstance(text, str)}
        sent |= {f"p{number}-{name}": "on" for name in ("inverse", "bonus") if part[name]}
        for place, step in enumerate(part["steps"]):
            sent |= {f"p{number}-{name}{place}": text for name, text in step.items()}
    return sent


@pytest.fixture
def judges(town):
    """The evaluator, the leader and a desk see scores; only the first evaluates the city."""
    upsert_role(code="judge", names=names("考评员", "Judge"), permissions=("score.see",), actor=SETUP)
    for person in ("evaluator", "leader", "desk"):
        grant(user=town.people[person], role="judge", area=CITY, actor=SETUP)


@pytest.fixture
def form(december, town, scheme, judges):
    """The evaluator's client, the address of the form, and what it holds."""
    client = signed_in(town, "evaluator")
    address = f"/scores/schemes/{scheme.code}/"
    return client, address, fields_of(client.get(address, headers=CHINESE))


def test_every_shipped_scheme_survives_its_form():
    library = read_library().packs
    documents = [row for pack in library.values() for row in pack.document.get("schemes", [])]
    assert len(documents) >= 3
    for document in documents:
        formula = rules.formula_from(document)
        again = rules.formula_from({**document_of(shown(formula)), "code": formula.code})
        assert (again.components, again.grades, again.full) == (formula.components, formula.grades, formula.full)


def test_a_change_is_tried_on_a_past_month_before_anything_is_in_force(form):
    client, address, sent = form
    sent |= {"p0-points": "10", "p1-points": "40", "on": "2026-11-05", "act": "try"}
    page = client.post(address, sent, headers=CHINESE)
    here = next(line for line in page.context["tried"] if line.before.value is not None)
    assert (here.before.value, here.after.value, here.change) == (90.0, 80.0, -10.0)
    assert "-10.0" in page.content.decode()
    assert not SchemeVersion.objects.filter(version=2).exists()
    assert selectors.ranking(JUDGE, ASKED).lines[0].result.value == 90.0


def test_a_kept_version_counts_from_its_day_and_what_was_published_keeps_its_own(form, scheme):
    client, address, sent = form
    publication = actions.publish(ASKED, scheme="", actor=JUDGE)
    sent |= {"p0-points": "10", "p1-points": "40", "reason": "加大按期权重", "act": "save"}
    refused = client.post(address, {**sent, "valid_from": "2026-11-01"}, headers=CHINESE)
    assert refused.status_code == 409
    assert 'value="加大按期权重"' in refused.content.decode()
    assert client.post(address, {**sent, "valid_from": "2026-12-05"}, headers=CHINESE).status_code == 302
    assert [one.version for one in selectors.versions_of(scheme)] == [2, 1]
    assert selectors.ranking(JUDGE, ASKED).version.version == publication.version.version == 1
    again = client.post(address, {**sent, "valid_from": "2026-12-06"}, headers=CHINESE)
    assert again.status_code == 409, "it was read in an older version"
    assert SchemeVersion.objects.count() == 2


def test_a_scheme_is_copied_as_one_of_its_own(form, scheme):
    client, address, sent = form
    sent |= {"zh": "百分制二", "en": "Second", "reason": "试点", "valid_from": "2026-12-01", "act": "save"}
    assert client.post(address, {**sent, "new_code": "second"}).status_code == 302
    copy = Scheme.objects.get(code="second")
    assert (copy.pack, copy.names["zh"], copy.versions.get().reason) == ("", "百分制二", "试点")
    for code in ("second", scheme.code, "Bad Code", "x" * 61):
        assert client.post(address, {**sent, "new_code": code}).status_code in (400, 409), code
    assert Scheme.objects.count() == 2


WRONG = (
    {"p0-points": "31"}, {"p0-points": "1e30"}, {"p0-points": "٣"}, {"p0-code": "No Code"}, {"p0-zh": ""},
    {"p0-measure0": "handled"}, {"p0-measure0": "moon"}, {"p0-slice0": "moon"}, {"p0-sort": "magic"},
    {"p1-code": "handled"},
    {"p0-sort": "given"}, {"g0-at_least": "10"}, {"g4-at_least": "5"}, {"zh": " "}, {"subjects": []},
    {"valid_from": "soon"}, {"valid_from": "2026-13-40"}, {"reason": ""}, {"reason": "x\x00" * 500}, {"seen": "0"},
)  # fmt: skip


def test_what_makes_no_sense_gets_a_sentence_and_nothing_typed_is_lost(form):
    client, address, sent = form
    sent |= {"source": "<b>依据</b>", "valid_from": "2026-12-05", "reason": "调整", "act": "save"}
    for change in WRONG:
        page = client.post(address, {**sent, **change}, headers=CHINESE)
        told = page.content.decode()
        assert page.status_code in (400, 409), change
        assert re.search(r'role="alert">[^<]*[一-鿿]', told), change
        assert 'value="&lt;b&gt;依据&lt;/b&gt;"' in told
        typed = page.context["given"]["parts"][0]
        assert typed["code"] == change.get("p0-code", sent["p0-code"])
        assert typed["points"] == change.get("p0-points", sent["p0-points"])
    assert not SchemeVersion.objects.filter(version=2).exists()


def test_who_evaluates_only_a_part_changes_no_scheme(town, scheme, judges):
    address = f"/scores/schemes/{scheme.code}/"
    for who in ("leader", "desk"):
        client = signed_in(town, who)
        assert client.get(address).status_code == 403
        assert client.post(address, {"act": "save"}).status_code == 403
    assert address not in signed_in(town, "desk").get("/scores/schemes/").content.decode()


def test_the_page_says_in_words_where_each_measure_comes_from(town, scheme, judges):
    page = signed_in(town, "evaluator").get("/scores/schemes/", headers=CHINESE).content.decode()
    assert "成都市金牛区评分规则" in page
    assert "domain.md" not in page
