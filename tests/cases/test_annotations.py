"""Marks on pictures: data beside a sealed original, drawn over it, said in words."""

import io
import json
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from cases import actions, rules, selectors
from cases.models import Annotation, Evidence
from core import vault
from core.errors import Conflict, DomainError, Forbidden, NotFound
from journal.models import Entry
from tests.cases.factories import Town, brought_to, picture, reported
from tests.cases.films import film

ARROW = {"kind": "arrow", "x1": 0.1, "y1": 0.1, "x2": 0.5, "y2": 0.4}
BOX = {"kind": "box", "x1": 0.9, "y1": 0.9, "x2": 0.7, "y2": 0.6, "text": "破损处"}
WORDS = {"kind": "text", "x1": 0.05, "y1": 0.5, "x2": 0.05, "y2": 0.5, "text": "此处有裂缝"}


def pictured(town: Town, content: bytes | None = None) -> Evidence:
    """A picture of a case that a handler has."""
    case = brought_to(town, "handling", reported(town, photos=[content or picture("white", (400, 300))]))
    return Evidence.objects.get(case__number=case.number)


def draw(town: Town, row: Evidence, who: str, *marks: Any) -> Annotation:
    return actions.annotate(row.case.number, row.pk, actor=town.actor(who), marks=list(marks))


def refused(act: Any, error: type[DomainError], code: str) -> None:
    with pytest.raises(error) as told:
        act()
    assert told.value.code == code


def signed_in(town: Town, who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people[who])
    return client


def test_who_handles_and_who_verifies_draw_and_the_original_stays_as_it_was_sealed(town: Town) -> None:
    row = pictured(town)
    before = vault.fetch(row.sha256), vault.fetch(row.public_sha256)
    first, second = draw(town, row, "handler", ARROW, WORDS), draw(town, row, "collector", BOX)
    assert [one.pk for one in selectors.annotations([row.pk])] == [first.pk, second.pk]
    assert first.marks == [{**ARROW, "text": ""}, WORDS]
    assert second.marks == [{"kind": "box", "x1": 0.7, "y1": 0.6, "x2": 0.9, "y2": 0.9, "text": "破损处"}], (
        "turned round"
    )
    assert (vault.fetch(row.sha256), vault.fetch(row.public_sha256)) == before
    entries = Entry.objects.filter(kind="case.annotated.v1").order_by("pk")
    assert [(one.subject, one.data["annotation"], one.data["marks"]) for one in entries] == [
        (row.case.number, first.pk, 2), (row.case.number, second.pk, 1),
    ]  # fmt: skip
    assert Evidence.objects.get(pk=row.pk).case.version == row.case.version, "no step was taken"


def test_the_printed_copy_has_the_marks_and_nobody_elses_bytes_change(town: Town) -> None:
    row = pictured(town)
    draw(town, row, "handler", {"kind": "box", "x1": 0.25, "y1": 0.25, "x2": 0.75, "y2": 0.75}, WORDS)
    answer = signed_in(town, "desk").get(f"/api/cases/{row.case.number}/evidence/{row.pk}/marked")
    assert answer["Content-Type"] == "image/jpeg"
    shown = np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB"), dtype=int)
    red = (shown[:, :, 0] > 150) & (shown[:, :, 1] < 110)
    assert red[75, 120:280].mean() > 0.9, "the upper side of the box"
    assert not red[100:140, 180:220].any(), "nothing in the middle of it"
    assert red[150:170, 20:120].any(), "the words"
    plain = signed_in(town, "desk").get(f"/api/cases/{row.case.number}/evidence/{row.pk}/public").content
    assert (np.asarray(Image.open(io.BytesIO(plain))) > 240).all()


@pytest.mark.parametrize(("marks", "code"), [
    ([], "annotation.bad_marks"),
    ("nonsense", "annotation.bad_marks"),
    ([{**ARROW, "kind": "star"}], "annotation.bad_marks"),
    ([{**ARROW, "x2": 1.5}], "annotation.bad_marks"),
    ([{**ARROW, "x2": float("nan")}], "annotation.bad_marks"),
    ([{**ARROW, "x2": 10**30}], "annotation.bad_marks"),
    ([{**ARROW, "more": 1}], "annotation.bad_marks"),
    ([{**ARROW, "x1": True}], "annotation.bad_marks"),
    ([{**ARROW, "x2": 0.1, "y2": 0.1}], "annotation.too_small"),
    ([{**BOX, "y1": 0.6}], "annotation.too_small"),
    ([{**WORDS, "text": "  "}], "annotation.no_words"),
    ([{**WORDS, "text": "裂\x00缝"}], "annotation.bad_words"),
    ([{**WORDS, "text": "裂" * 41}], "annotation.bad_marks"),
    ([ARROW] * 31, "annotation.too_many_marks"),
])  # fmt: skip
def test_what_is_no_drawing_is_refused(marks: Any, code: str) -> None:
    fault = rules.marks_fault(marks)
    assert fault is not None
    assert fault.code == code


def test_whoever_has_no_part_in_it_draws_nothing(town: Town) -> None:
    row = pictured(town)
    refused(lambda: draw(town, row, "desk", ARROW), Forbidden, "annotation.not_yours_to_draw")
    refused(lambda: draw(town, row, "handler2", ARROW), NotFound, "case.unknown")
    mine = draw(town, row, "handler", ARROW)
    take_back = {"number": row.case.number, "evidence_id": row.pk, "annotation": mine.pk}
    refused(
        lambda: actions.withdraw_annotation(**take_back, actor=town.actor("collector")), Forbidden,
        "annotation.of_another_person",
    )  # fmt: skip
    refused(
        lambda: actions.withdraw_annotation(**take_back | {"annotation": 10**15}, actor=town.actor("handler")),
        NotFound, "annotation.unknown",
    )  # fmt: skip
    for _twice in range(2):
        actions.withdraw_annotation(**take_back, actor=town.actor("handler"))
    assert selectors.annotations([row.pk]) == []
    assert Entry.objects.filter(kind="case.annotation_withdrawn.v1").count() == 1
    assert Annotation.objects.filter(pk=mine.pk).exists(), "that it was there stays on record"


def test_nothing_is_drawn_on_films_and_on_cases_that_have_ended(town: Town) -> None:
    row = pictured(town, film())
    refused(lambda: draw(town, row, "handler", ARROW), Conflict, "annotation.no_still")
    ended = brought_to(town, "closed", reported(town, photos=[picture()]))
    closed = Evidence.objects.filter(case__number=ended.number).first()
    assert closed is not None
    refused(lambda: draw(town, closed, "collector", ARROW), Forbidden, "annotation.not_yours_to_draw")


def test_a_phone_number_written_on_a_picture_is_masked(town: Town) -> None:
    drawn = draw(town, pictured(town), "handler", {**WORDS, "text": "车主 13812345678"})
    assert "13812345678" not in drawn.marks[0]["text"]


def test_the_page_draws_the_marks_says_them_in_words_and_takes_one_in_figures(town: Town) -> None:
    row = pictured(town)
    address = f"/cases/{row.case.number}/evidence/{row.pk}/marks/"
    draw(town, row, "collector", BOX)
    page = signed_in(town, "handler").get(address).content.decode()
    assert '<path class="mark" d="M700.0 450.0 H900.0 V675.0 H700.0 Z"/>' in page
    assert "Box, bottom right: 破损处" in page
    assert "Take back" not in page, "it is another's"
    figures = {"kind": "circle", "x1": "10", "y1": "10", "x2": "30", "y2": "30", "text": "", "marks": ""}
    assert signed_in(town, "handler").post(address, figures).status_code == 302
    hand = {"kind": "arrow", "marks": json.dumps([ARROW])}
    assert signed_in(town, "handler").post(address, hand).status_code == 302
    assert [one.marks[0]["kind"] for one in selectors.annotations([row.pk])] == ["box", "circle", "arrow"]
    for bad in (
        {"marks": "[" * 9000},
        {"marks": "{"},
        {"marks": "NaN"},
        {"kind": "star"},
        {"x1": "nan", "y1": "1"},
        {},
    ):
        answer = signed_in(town, "handler").post(address, {"kind": "arrow", **bad})
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (400, True), bad
    assert "Save the marks" not in signed_in(town, "desk").get(address).content.decode()
    assert "3 drawings" in signed_in(town, "desk").get(f"/cases/{row.case.number}/").content.decode()


def test_programs_draw_list_and_take_back(town: Town) -> None:
    row = pictured(town)
    address = f"/api/cases/{row.case.number}/evidence/{row.pk}/annotations"
    client = signed_in(town, "handler")

    def sent(marks: Any) -> Any:
        return client.post(address, json.dumps({"marks": marks}), content_type="application/json")

    made = sent([ARROW])
    assert (made.status_code, made.json()["marks"]) == (201, [{**ARROW, "text": ""}])
    assert [one["id"] for one in client.get(address).json()] == [made.json()["id"]]
    for bad in ([], [{**ARROW, "x1": "nan"}], [{**ARROW, "x1": 2}], ["x"], None, [{**ARROW, "stroke": "url(//x)"}]):
        assert sent(bad).status_code == 400, bad
    assert signed_in(town, "handler2").get(address).status_code == 404
    assert client.delete(f"{address}/{made.json()['id']}").status_code == 204
    assert client.get(address).json() == []


def test_a_mark_is_said_by_the_third_of_the_picture_that_it_lies_in() -> None:
    assert rules.where(ARROW) == ("top", "left")
    assert rules.where({**BOX, "x1": 1, "x2": 1, "y1": 1, "y2": 1}) == ("bottom", "right")
