"""Boards as workbooks and papers: the numbers of the page, for who may see it, and nothing that runs."""

import csv
import io
import re
from urllib.parse import parse_qsl

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.actions import grant
from accounts.models import User
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.papers import pdf_of
from evaluation import actions, rules, selectors
from evaluation.models import Appeal
from exchange import actions as exchange
from exchange.actions import exports
from exchange.contracts.exports import ExportState, listings
from exchange.models import ExportJob
from tests.cases.factories import HERE, SETUP, THERE, brought_to
from tests.cases.test_orders import pressed
from tests.evaluation.test_pages import CHINESE, november, signed_in
from tests.evaluation.test_publishing import ASKED, JUDGE, december, granted

__all__ = ["december", "november"]
FORMULA = '=HYPERLINK("http://evil.example")'


def taken(town, who: str, suffix: str, options: dict[str, str]) -> bytes:
    """The file, once a worker has made it."""
    job = exchange.ask_export("scores", suffix, options, actor=town.actor(who))
    exchange.write_export(str(job.uid))
    with exchange.fetch_export(str(job.uid), actor=town.actor(who))[1] as file:
        return file.read()


def offered(page) -> dict[str, str]:
    """The options that a page offers to take away."""
    return dict(parse_qsl(page.context["take_away"]))


def lines_of(content: bytes) -> dict[str, dict[str, object]]:
    """The lines of a workbook by name, with both headings of a column as its key."""
    book = load_workbook(io.BytesIO(content))
    above, below, *rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    group, keys = "", []
    for one, other in zip(above, below, strict=True):
        group = one or group
        key = f"{group}|{other or ''}"
        told = sum(known.partition("#")[0] == key for known in keys)
        keys.append(f"{key}#{told}" if told else key)
    name = next(index for index, key in enumerate(keys) if key.startswith("对象"))
    return {row[name]: dict(zip(keys, row, strict=True)) for row in rows}


def test_a_workbook_holds_numerator_denominator_rate_and_points_of_the_page(november, town):
    page = signed_in(town, "evaluator").get("/scores/?level=district&period=month", headers=CHINESE)
    lines = lines_of(taken(town, "evaluator", "xlsx", offered(page)))
    assert len(lines) == len(page.context["board"].lines) == 2
    for told in page.context["board"].lines:
        line = lines[told.names["zh"]]
        assert (line["名次|"], line["得分|"]) == (told.rank, told.result.value)
        assert (line["等级|"] or "") == told.result.grade
        for number, part in enumerate(told.result.parts):
            assert line[f"率|本项得分#{number}" if number else "率|本项得分"] == part.points
            (cell,) = part.cells
            name = rules.says(cell.measure)["zh"]
            assert line[f"率|{name}：分子"] == cell.numerator
            assert line[f"率|{name}：分母"] == cell.denominator
            assert line[f"率|{name}：比率"] == (pytest.approx(cell.rate) if cell.denominator else None)


def test_a_workbook_says_what_it_is_of_and_runs_nothing(november, town):
    User.objects.filter(pk=town.people["evaluator"].pk).update(label=FORMULA)
    content = taken(town, "evaluator", "xlsx", {"level": "person", "show": "handling", "language": "zh-hans"})
    book = load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    told = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert (told["制表人"], told["制表时间"], told["范围"]) == (FORMULA, "2026-11-17 09:00", "全市")
    assert told["周期"] == "2026-11-01 – 2026-11-30 (月)"
    assert not any(name in told for name in ("方案", "版本"))


def test_every_table_of_measures_is_a_workbook_of_the_same_numbers(november, town):
    case = brought_to(town, "handling")
    pressed(town, case)
    actions.keep_facts([case.number])
    for show in rules.TABLES:
        page = signed_in(town, "evaluator").get(f"/scores/?level=source&show={show}", headers=CHINESE)
        lines = lines_of(taken(town, "evaluator", "xlsx", offered(page)))
        assert_same([row["line"] for row in page.context["rows"]], lines)


def assert_same(shown, lines: dict[str, dict[str, object]]) -> None:
    """The workbook has the lines of the page, and in each the same counts."""
    assert shown
    assert len(lines) == len(shown)
    for line in shown:
        held = lines[line.names["zh"]]
        for cell in line.cells:
            name = rules.says(cell.measure)["zh"]
            if cell.under is None:
                assert held[f"{name}|{name}"] == cell.tally.net
            else:
                assert (held[f"{name}|{name}：分子"], held[f"{name}|{name}：分母"]) == (cell.tally.net, cell.under.net)


def test_a_paper_has_the_numbers_of_the_page_as_text_in_an_embedded_font(november, town):
    page = signed_in(town, "evaluator").get("/scores/?level=district&period=month", headers=CHINESE)
    made = taken(town, "evaluator", "pdf", offered(page))
    paper = PdfReader(io.BytesIO(made))
    text = re.sub(r"\s+", "", "".join(one.extract_text() for one in paper.pages))
    for told in page.context["board"].lines:
        assert told.names["zh"].replace(" ", "") in text
        for cell in (cell for part in told.result.parts for cell in part.cells if cell.denominator):
            assert f"{cell.numerator}/{cell.denominator}" in text
    assert "82.0" in text
    assert "城市管理考评" in text
    assert f"1/{len(paper.pages)}" in text
    fonts = [font.get_object() for one in paper.pages for font in one["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in described or "/FontFile2" in described


def test_a_publication_is_taken_away_as_it_was_frozen(december, town):
    row = actions.publish(ASKED, scheme="", actor=JUDGE)
    late = december[1]
    appeal = actions.appeal(late.number, actor=town.actor("desk"), reason="暴雨停工")
    granted(appeal)
    frozen = selectors.publication_report(JUDGE, row.pk)
    assert [line.score for line in frozen.lines] == [90.0, None]
    assert frozen.judged is not None
    assert frozen.judged.published_at == row.published_at
    assert next(line.score for line in selectors.scores_report(JUDGE, ASKED).lines if line.score) == 100.0


def test_a_department_takes_away_itself_and_strangers_nothing(november, town):
    options = {"level": "organisation", "show": "handling", "language": "zh-hans"}
    assert len(lines_of(taken(town, "desk", "xlsx", options))) == 1
    with pytest.raises(Forbidden) as refused:
        exchange.ask_export("scores", "xlsx", options, actor=town.actor("collector"))
    assert refused.value.code == "evaluation.no_scores"
    with pytest.raises(NotFound):
        exchange.ask_export("scores", "xlsx", {"publication": "999999"}, actor=town.actor("desk"))
    assert ExportJob.objects.filter(user=town.people["collector"]).count() == 0


def test_who_lost_the_right_before_the_file_was_made_gets_none(november, town):
    job = exchange.ask_export("scores", "xlsx", {"level": "district"}, actor=town.actor("desk"))
    town.people["desk"].grants.filter(role__code="judge").delete()
    exchange.write_export(str(job.uid))
    job.refresh_from_db()
    assert job.state == ExportState.FAILED
    with pytest.raises(Forbidden):
        exchange.fetch_export(str(job.uid), actor=town.actor("desk"))


WRONG = (
    {"level": "moon"}, {"publication": "1\x00"}, {"publication": "9" * 30}, {"language": "fr"}, {"show": "x" * 99},
)  # fmt: skip


def test_what_cannot_be_asked_is_refused_at_once(november, town):
    for options in WRONG:
        with pytest.raises(Invalid):
            exchange.ask_export("scores", "pdf", options, actor=town.actor("evaluator"))
    for name, suffix in (("cases", "pdf"), ("scores", "geojson"), ("scores", "csv")):
        with pytest.raises(NotFound):
            exchange.ask_export(name, suffix, {}, actor=town.actor("evaluator"))
    assert not ExportJob.objects.exists()


def test_a_paper_fetches_nothing_and_has_its_bounds():
    with pytest.raises(Invalid) as refused:
        pdf_of('<img src="file:///etc/hostname">')
    assert refused.value.code == "paper.fetches"
    with pytest.raises(Invalid) as refused:
        pdf_of("<p style='break-after: page'>1</p><p>2</p>", pages=1)
    assert refused.value.code == "paper.too_long"
    with pytest.raises(Invalid):
        pdf_of("x" * 4_000_001)


def test_a_typesetter_that_is_out_of_time_leaves_a_sentence():
    with pytest.raises(Conflict) as refused:
        pdf_of("<p>1</p>", seconds=0)
    assert refused.value.code == "paper.failed"


def behind(town, who: str, options: dict[str, str]) -> list[dict[str, str]]:
    """The rows of the CSV file of the cases behind a number."""
    job = exchange.ask_export("score_cases", "csv", options, actor=town.actor(who))
    exchange.write_export(str(job.uid))
    with exchange.fetch_export(str(job.uid), actor=town.actor(who))[1] as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_the_cases_behind_a_number_go_out_as_many_as_it_says_and_of_those_one_may_count(november, town):
    link = f"/scores/cases/?level=district&period=month&ref=handle_owed&key={HERE}"
    page = signed_in(town, "evaluator").get(link, headers=CHINESE)
    options = dict(parse_qsl(page.context["address"]))
    assert (
        'name="dataset" value="score_cases"><input type="hidden" name="filters" value="level=district'
        in page.content.decode()
    )
    rows = behind(town, "evaluator", options)
    assert [row["case"] for row in rows] == sorted((row["case"] for row in rows), reverse=True)
    assert {row["case"] for row in rows} == {one["fact"].case for one in page.context["rows"]}
    assert len(rows) == page.context["page"].paginator.count == 5
    assert (rows[0]["class"], rows[0]["class_zh"], rows[0]["district"]) == ("E0407", "机动车乱停放", HERE)
    assert "user:" not in str(rows), "who did what is not behind a number of a district"
    grant(user=town.people["desk2"], role="judge", org=f"d{THERE}-appearance", actor=SETUP)
    assert behind(town, "desk2", options) == []
    for wrong in ({**options, "ref": "odd"}, {**options, "level": "odd"}, {"colour": "red"}):
        with pytest.raises(Invalid):
            exchange.ask_export("score_cases", "csv", wrong, actor=town.actor("evaluator"))
    with pytest.raises(Forbidden):
        exchange.ask_export("score_cases", "csv", options, actor=town.actor("collector"))
    recent = signed_in(town, "evaluator").get("/scores/cases/?level=city&days=7&ref=handle_owed", headers=CHINESE)
    fixed = dict(parse_qsl(recent.context["address"]))
    (said,) = listings()["score_cases"].said([{"ref": "handle_owed@urgent", "level": "city"}])
    assert "@" not in str(said), "a part of the cases in words"
    assert (fixed["from"], fixed["to"], "days" in fixed) == ("2026-11-11", "2026-11-17", False)


def test_a_case_that_was_pressed_for_twice_stands_twice_behind_the_number_wherever_a_batch_ends(
    november, town, monkeypatch
):
    case = brought_to(town, "handling")
    pressed(town, case), pressed(town, case, kind="important")
    actions.keep_facts([case.number])
    asked = {"level": "organisation", "period": "month", "ref": "pressed", "key": f"d{HERE}-appearance"}
    for most in (1, 2, 3, 2000):
        monkeypatch.setattr(exports, "BATCH", most)
        assert [row["case"] for row in behind(town, "evaluator", asked)] == [case.number] * 2, most


def test_appeals_go_out_to_whom_the_page_shows_them(november, town):
    actions.appeal(november.number, actor=town.actor("desk"), reason=FORMULA)
    for who, found in (("leader", 1), ("desk", 1), ("desk2", 0)):
        job = exchange.ask_export("score_appeals", "csv", {}, actor=town.actor(who))
        exchange.write_export(str(job.uid))
        job.refresh_from_db()
        assert (job.state, job.done) == (ExportState.DONE, found)
    page = signed_in(town, "desk").get("/scores/appeals/", headers=CHINESE).content.decode()
    assert 'name="dataset" value="score_appeals"' in page
    actions.decide_appeal(Appeal.objects.get().pk, actor=JUDGE, grant=True, answer="属实")
    (row,) = listings()["score_appeals"].batch({}, actor=town.actor("leader"), below=None, most=9)
    told = [row.values[name] for name in ("state", "reviewers", "first_granted_by", "first_answer", "decided_by")]
    assert told == ["open", 2, JUDGE.label, "属实", ""], "as the page tells, the first of two who grant it"
