"""Labels with QR codes: what stands on them, where their codes lead, and for whom they are made."""

import io
import re

import pytest
import segno
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from assets import actions as assets
from core.errors import Conflict, Invalid, NotFound
from exchange import actions as exchange
from exchange.codecs import labels
from exchange.contracts.exports import ExportState, Label
from registers import selectors
from tests.cases.factories import SETUP, names
from tests.registers.factories import ALREADY, SPOT, actor, copies, registered

pytestmark = pytest.mark.django_db
SITE = "https://city.example"
ASKED = {"register": "dog", "sheet": "a4-24", "language": "zh-hans"}


@pytest.fixture
def site(settings):
    settings.PUBLIC_URL = f"{SITE}/"


def client_of(town, name=""):
    client = Client(headers={"Accept-Language": "zh-hans"})
    if name:
        client.force_login(town.people[name])
    return client


def test_every_sheet_lies_on_the_page_and_speaks_both_languages():
    for sheet in labels.sheets().values():
        assert sheet.names.keys() == {"zh", "en"}
        assert sheet.left + (sheet.columns - 1) * sheet.across + sheet.width <= 210
        assert sheet.top + (sheet.rows - 1) * sheet.down + sheet.height <= 297
        assert sheet.across >= sheet.width
        assert sheet.down >= sheet.height
        assert sheet.qr < min(sheet.height, sheet.width / 2)


def test_a_sheet_is_a_pdf_of_what_somebody_may_see_without_what_is_personal(town, site):
    view = registered(actor(town))
    numbers = copies(view, 24)
    job = exchange.ask_export("record_labels", "pdf", ASKED, actor=actor(town, "looker"))
    exchange.write_export(str(job.uid))
    with exchange.fetch_export(str(job.uid), actor=actor(town, "looker"))[1] as file:
        paper = PdfReader(io.BytesIO(file.read()))
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in paper.pages))
    assert len(paper.pages) == 2, "25 labels, 24 on a page"
    for said in (view.number, numbers[-1], "团团·柯基", "犬只", "扫码报告问题"):
        assert said in text
    for secret in ("林小姐", "13800001234", "金砂路"):
        assert secret not in text
    strange = exchange.ask_export("record_labels", "pdf", ASKED, actor=actor(town, "other"))
    exchange.write_export(str(strange.uid))
    strange.refresh_from_db()
    assert (strange.state, strange.failure["code"]) == (ExportState.FAILED, "exchange.no_labels"), "of another district"


def test_the_code_leads_to_the_label_and_that_to_the_record_or_to_how_to_report(town, site):
    view = registered(actor(town))
    rows = selectors.RecordList().batch({"register": "dog"}, actor=actor(town), below=None, most=9)
    (label,) = selectors.record_labels(rows)
    assert label == Label(label.kind, "团团 · 柯基", view.number, label.office, f"/q/r/dog/{view.number}/")
    with override("zh-hans"):
        html = labels.html_of([label], labels.sheets()["a4-2"], SITE, language="zh-hans", title="x", by="y")
    code = segno.make(f"{SITE}/q/r/dog/{view.number}/", error="m").svg_data_uri(border=0)
    assert code.replace("'", "&#x27;") in html
    assert client_of(town, "keeper").get(label.path)["Location"] == f"/registers/dog/{view.number}/"
    page = client_of(town).get(label.path)
    assert page.status_code == 200
    told = page.content.decode()
    assert view.number in told
    assert "12345" in told
    assert f"/accounts/login/?next={label.path}" in told
    for secret in ("林", "团团", ALREADY["chip"], "已登记"):
        assert secret not in told
    assert client_of(town).get("/q/r/dog/DOG0/").status_code == 200, "strangers are not told which numbers there are"


def test_the_label_of_a_component_says_what_and_where_it_is(town, site):
    kind = {"code": "lamp", "names": names("路灯", "Lamp"), "geometry": "point", "major": "01", "minor": "37"}
    assets.save_type(kind, actor=SETUP)
    given = {"geometry": {"type": "Point", "coordinates": list(SPOT)}, "state": "intact"}
    code = assets.create(actor=SETUP, of_type="lamp", given=given, reason="普查").code
    told = client_of(town).get(f"/q/c/{code}/").content.decode()
    assert "路灯" in told
    assert "金港区 · 石炮街道" in told
    assert client_of(town, "keeper").get(f"/q/c/{code}/")["Location"] == f"/components/{code}/"
    assert client_of(town).get("/q/c/44990101379999/").status_code == 404
    assert client_of(town).get("/q/r/cats/1/").status_code == 404


def test_labels_are_refused_where_they_make_no_sense(town, site, settings):
    registered(actor(town))
    who = actor(town)
    for wrong, error in (
        ({"sheet": "a0"}, Invalid), ({"language": "fr"}, Invalid), ({"sheet": "\0"}, Invalid),
        ({"colour": "red"}, Invalid), ({"register": "cats"}, NotFound), ({"register": "\0"}, NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            exchange.ask_export("record_labels", "pdf", {**ASKED, **wrong}, actor=who)
    with pytest.raises(NotFound):
        exchange.ask_export("record_labels", "xlsx", ASKED, actor=who)
    settings.PUBLIC_URL = ""
    with pytest.raises(Conflict):
        exchange.ask_export("record_labels", "pdf", ASKED, actor=who)
