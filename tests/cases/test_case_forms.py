"""The eight forms between the city and a district centre: which a case has, what stands on them, and for whom."""

import io
import re

import pytest
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from cases import rules
from cases.forms.papers import html_of
from cases.models import Case
from core.errors import Conflict, Invalid, NotFound
from exchange import actions
from exchange.contracts.exports import ExportState
from tests.cases.factories import HERE, brought_to, reported, take
from tests.cases.test_personal import NAME, PHONE, told

pytestmark = pytest.mark.django_db
EVERY = [form.code for form in rules.CASE_FORMS]


def had(town, number):
    """The forms that the page of a case offers."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(town.people["leader"])
    page = client.get(f"/cases/{number}/").content.decode()
    return re.findall(rf'name="filters" value="case={number}&amp;form=(\w+)&amp;language=zh-hans"', page)


def test_a_case_has_the_forms_of_the_steps_that_it_has_taken(town):
    case = reported(town)
    assert had(town, case.number) == ["registration"]
    case = brought_to(town, "dispatched", case)
    assert had(town, case.number) == ["registration", "filing", "dispatch"]
    case = brought_to(town, "closed", case)
    assert had(town, case.number) == ["registration", "filing", "dispatch", "result", "check", "outcome"]
    opened = take(town, case, "reopen", "leader", reason="复发")
    assert had(town, case.number) == ["registration", "filing"], "what was done before is no answer to it any more"
    take(town, opened, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    assert had(town, case.number) == ["registration", "filing", "dispatch"]
    seen = reported(town)
    seen = take(town, seen, "send_verify", "acceptor", collector="@collector2", note="现场看")
    assert had(town, seen.number) == ["registration", "verification"]
    take(town, seen, "verify", "collector2", verdict=True, photos="@")
    assert had(town, seen.number) == EVERY[:3]


def test_every_row_of_every_form_has_a_label_in_both_languages():
    for form in rules.CASE_FORMS:
        assert form.names.keys() == {"zh", "en"}
        for key in (key for row in form.rows for key in row):
            assert rules.FORM_LABELS[key].keys() == {"zh", "en"}
    assert [form.place for form in rules.CASE_FORMS] == list(range(1, 9))


def html_in(language, number, actor):
    with override(language):
        return html_of({"case": number, "form": "outcome", "language": language}, actor)


def test_a_form_tells_what_the_case_says_in_the_language_that_was_asked_for(town):
    case = brought_to(town, "closed")
    leader = town.actor("leader")

    def shown(form):
        return html_of({"case": case.number, "form": form}, leader)

    filing = shown("filing")
    for text in (f"{case.number}-04", "立案条件a", "结案条件a", "占道停放", "E0407 机动车乱停放", "石炮街道"):
        assert text in filing
    result = shown("result")
    assert "已劝离" in result
    assert "data:image/jpeg;base64," in result
    assert "Handler" in result
    assert "http" not in re.sub(r'src="data:[^"]*"', "", result), "nothing is fetched"
    assert "Check passed" in html_in("en", case.number, leader)


def test_who_reported_is_masked_and_hidden_from_who_may_not_see_it(town):
    case = told(town)
    for who, name, phone in (("acceptor", "欧***", "138****4321"), ("leader", "—", "—")):
        page = html_of({"case": case.number, "form": "registration"}, town.actor(who))
        assert f"反映人</th><td>{name}</td>" in page
        assert f"联系电话</th><td>{phone}</td>" in page
        for secret in (NAME, PHONE, "138-7650-4321"):
            assert secret not in page


def test_the_pdf_is_made_by_a_worker_for_whom_the_case_is_shown(town):
    case = brought_to(town, "dispatched")
    options = {"case": case.number, "form": "dispatch", "language": "zh-hans"}
    job = actions.ask_export("case_forms", "pdf", options, actor=town.actor("desk"))
    actions.write_export(str(job.uid))
    with actions.fetch_export(str(job.uid), actor=town.actor("desk"))[1] as file:
        paper = PdfReader(io.BytesIO(file.read()))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in paper.pages))
    assert len(paper.pages) == 1
    for said in ("任务分派单", case.number, "立案条件a", "处置时限2"):
        assert said in text
    for who, error, wrong in (
        ("desk2", NotFound, {}), ("desk", Conflict, {"form": "result"}), ("desk", Invalid, {"form": "odd"}),
        ("desk", Invalid, {"language": "fr"}), ("desk", Invalid, {"colour": "red"}),
        ("desk", NotFound, {"case": "\x00"}),
    ):  # fmt: skip
        with pytest.raises(error):
            actions.ask_export("case_forms", "pdf", {**options, **wrong}, actor=town.actor(who))


def test_a_case_that_went_out_of_sight_meanwhile_is_not_printed(town):
    case = brought_to(town, "dispatched")
    job = actions.ask_export("case_forms", "pdf", {"case": case.number, "form": "filing"}, actor=town.actor("desk"))
    Case.objects.filter(number=case.number).update(org="centre.d449902.d449902-appearance")
    actions.write_export(str(job.uid))
    job.refresh_from_db()
    assert (job.state, job.failure["code"]) == (ExportState.FAILED, "case.unknown")
