"""The browser's way: upload, mapping, check, confirmation, progress; in both languages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from accounts.actions import create_user, grant, upsert_role
from accounts.models import User
from accounts.selectors import actor_of
from exchange import actions
from exchange.actions import working
from exchange.contracts import State
from exchange.models import ImportJob
from grid import selectors
from journal.models import Entry
from tests.cases.factories import PASSWORD, SETUP, names
from tests.dashboard.waits import waits
from tests.exchange.factories import TREE
from tests.exchange.test_working import long_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    upsert_role(code="chief", names=names("管理员", "Administrator"), permissions=["admin"], actor=SETUP)
    user = create_user(username="chief", password=PASSWORD, label="Chief", actor=SETUP)
    grant(user=user, role="chief", actor=SETUP)
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, content: str, kind: str = "divisions") -> ImportJob:
    file = SimpleUploadedFile("divisions.csv", content.encode())
    answer = client.post("/imports/", {"kind": kind, "file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return ImportJob.objects.get(uid=answer["Location"].split("/")[2])


def mapped(client: Client, job: ImportJob) -> dict[str, str]:
    return {f"map_{name}": column for name, column in job.mapping.items()} | {"set_encoding": job.options["encoding"]}


def test_an_administrator_takes_a_tree_over_by_clicking(admin):
    job = sent(admin, TREE + "4.4E+11,坏,440304000000,street\n")
    page = f"/imports/{job.uid}/"
    assert waits(actor_of(User.objects.get()), "imports") == [("imports", page)]
    assert "园岭街道" in admin.get(page).content.decode()
    assert admin.post(page, mapped(admin, job)).status_code == 302
    assert 'hx-trigger="every 1s"' in admin.get(page).content.decode()
    actions.work(str(job.uid))
    seen = admin.get(page).content.decode()
    assert "第 5 条（第 6 行），列 code" in seen
    assert selectors.newest_draft() == 0
    assert admin.post(f"{page}confirm/").status_code == 302
    actions.work(str(job.uid))
    fragment = admin.get(f"{page}progress/")
    assert fragment["HX-Refresh"] == "true"
    assert len(selectors.draft_regions(selectors.newest_draft())) == 4
    assert ImportJob.objects.get(uid=job.uid).state == State.DONE


def test_what_is_refused_is_said_on_the_page(admin):
    assert "请选择文件" in admin.post("/imports/", {"kind": "divisions"}).content.decode()
    with translation.override("en"):
        job = sent(admin, TREE)
        wrong = admin.post(
            f"/imports/{job.uid}/", mapped(admin, job) | {"map_code": ""}, headers={"Accept-Language": "en"}
        )
    assert wrong.status_code == 400
    assert "Choose the column" in wrong.content.decode()
    assert admin.post(f"/imports/{job.uid}/confirm/").status_code == 409
    assert admin.post(f"/imports/{job.uid}/cancel/").status_code == 302
    assert ImportJob.objects.get(uid=job.uid).state == State.CANCELLED


def test_before_an_import_is_cancelled_under_way_the_page_says_how_many_rows_stay(admin, monkeypatch):
    monkeypatch.setattr(working, "BATCH", 10)
    job = sent(admin, long_list())
    admin.post(f"/imports/{job.uid}/", mapped(admin, job))
    actions.work(str(job.uid))
    assert "将保留" not in admin.get(f"/imports/{job.uid}/").content.decode(), "nothing is written by a check"
    admin.post(f"/imports/{job.uid}/confirm/")
    store, said = working._store, []

    def then_cancelled(held, session, verdicts):
        kept = store(held, session, verdicts)
        if kept and ImportJob.objects.get(uid=job.uid).done == 20:
            said.append(admin.get(f"/imports/{job.uid}/progress/").content.decode())
            admin.post(f"/imports/{job.uid}/cancel/")
        return kept

    monkeypatch.setattr(working, "_store", then_cancelled)
    actions.work(str(job.uid))
    [before] = said
    assert "已写入的 20 行将保留" in before
    assert "取消前已写入 20 行" in admin.get(f"/imports/{job.uid}/").content.decode()
    assert len(selectors.draft_regions(selectors.newest_draft())) == 20


def test_the_api_takes_the_same_steps(admin):
    file = SimpleUploadedFile("divisions.csv", TREE.encode())
    made = admin.post("/api/imports", {"kind": "divisions", "file": file})
    assert made.status_code == 201
    uid, mapping = made.json()["uid"], made.json()["mapping"]
    put = admin.put(f"/api/imports/{uid}/mapping", json.dumps({"mapping": mapping}), content_type="application/json")
    assert put.json()["state"] == "mapped"
    actions.work(uid)
    assert admin.get(f"/api/imports/{uid}").json()["report"]["counts"]["add"] == 4
    assert admin.post(f"/api/imports/{uid}/confirm", "{}", content_type="application/json").status_code == 200
    actions.work(uid)
    assert admin.get(f"/api/imports/{uid}").json()["state"] == "done"
    csv = b"".join(admin.get("/api/exports/regions.csv")).decode("utf-8-sig").splitlines()
    told = Entry.objects.get(kind="exchange.exported.v1")
    assert told.data == {"dataset": "regions", "format": "csv", "options": {}}
    assert csv[0] == "code,name,parent,level,name_en,wkt"
    assert len(csv) == 5


def test_older_imports_are_on_further_pages(admin):
    first = sent(admin, TREE)
    for _ in range(30):
        sent(admin, TREE)
    page = admin.get("/imports/").content.decode()
    assert 'href="?page=2"' in page
    assert "1–30 / 31" in page
    assert str(first.uid) not in page
    further = admin.get("/imports/?page=2").content.decode()
    assert str(first.uid) in further
    assert 'href="?page=1"' in further
    assert 'href="?page=3"' not in further
