"""The catalogue that ships is the one of domain.md section 3: every class and limit there, and nothing invented."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from packs.adapters.library import read_library

DOMAIN = Path(__file__).resolve().parents[2].parent / "shared" / "domain.md"
UNITS = {"urgent_hour": "U", "natural_day": "UD", "work_hour": "H", "work_day": "D"}
LOCAL = {
    "E0407", "C0189", "C0394", "C0395", "C0490", "C0491", "C0492", "C0592", "C0593", "C0594", "C0595", "C0596", "C0597",
    "E0185", "E0485", "E0486", "E0487",
}  # fmt: skip
"""Proposed: parking by its likely number, and what systems have that the paper has no class of."""
needs_domain = pytest.mark.skipif(not DOMAIN.is_file(), reason="domain.md does not lie beside the repository")


def classes() -> dict[str, dict]:
    rows = [row for pack in read_library().packs.values() for row in pack.document.get("categories", ())]
    return {row["code"]: row for row in rows}


def limit_of(condition: dict) -> str:
    return f"{condition['limit']['value']}{UNITS[condition['limit']['unit']]}"


def given() -> dict[str, tuple[str, list[str], bool]]:
    """Code -> Chinese name, limits in order, whether it is a local extension, as section 3 has them."""
    text = DOMAIN.read_text("utf-8")
    parts = {"C": text[text.index("### 3.1") : text.index("### 3.2")]}
    parts["E"] = text[text.index("### 3.2") : text.index("### 3.3")]
    return {letter + code: row for letter, part in parts.items() for code, row in _rows(part)}


def _rows(part: str) -> Iterator[tuple[str, tuple[str, list[str], bool]]]:
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        for at in range(0, len(cells) - 3, 4):
            if re.fullmatch(r"\d{4}", cells[at]):
                yield cells[at], (cells[at + 1], cells[at + 3].split("/"), False)
        if line.startswith("Local extensions"):
            for code, name, limits in re.findall(r"(\d{4}) (.+?) \*.+?\* `([^`]+)`", line):
                yield code, (re.sub(r"\s", "", name), limits.split("/"), True)


@needs_domain
def test_every_class_of_the_domain_paper_is_in_the_packs_and_none_is_invented():
    wanted, held = given(), classes()
    assert len(wanted) == 190
    assert held.keys() - wanted.keys() == LOCAL
    assert wanted.keys() - held.keys() == set()
    assert {code: row["names"]["zh"] for code, row in held.items() if code not in LOCAL} == {
        code: name for code, (name, _limits, _local) in wanted.items()
    }


@needs_domain
def test_every_limit_of_the_domain_paper_is_a_condition_in_its_order_and_none_is_invented():
    for code, (_name, limits, local) in given().items():
        row = classes_once()[code]
        assert list(dict.fromkeys(limit_of(one) for one in row["conditions"])) == limits, code
        assert row["standard"].startswith("本地扩展" if local else "GB/T 30428.2"), code


@needs_domain
@pytest.mark.parametrize(
    ("code", "limit", "words", "closing"),
    [
        ("C0101", "2U", "缺失、移位、开裂", "恢复"),
        ("C0101", "4H", "25 平方厘米", "更换或修复"),
        ("C0101", "2D", "弹跳或有响声", "更换或修复"),
        ("C0101", "5D", "150×150 厘米", "修复"),
        ("C0104", "1D", "三分之一", "疏通"),
        ("C0301", "4H", "洗手液、厕纸", "整改"),
        ("C0301", "4H", "无人管理", "整改"),
        ("C0301", "4H", "未按时开放", "整改"),
        ("C0301", "1D", "周边 5 米", "清洁"),
        ("E0101", "2UD", "正在搭建", "停止搭建，恢复原状"),
        ("E0101", "15D", "已建成", "法定程序"),
        ("E0506", "2U", "100 平方米且深度大于 15 厘米", "恢复通行"),
        ("E0502", "1U", "燃气泄漏、停气、着火、爆炸", "已围挡"),
    ],
)
def test_a_condition_that_the_domain_paper_words_is_worded_so(code, limit, words, closing):
    found = [one for one in classes_once()[code]["conditions"] if words in one["text"]["zh"]]
    assert [limit_of(one) for one in found] == [limit]
    assert closing in found[0]["closing"]["zh"]
    assert not found[0].get("default"), "taken from the paper, not proposed here"


def test_what_is_not_from_the_paper_says_so():
    held = classes_once()
    assert all(held[code]["default"] for code in LOCAL)
    worded = [one for row in held.values() for one in row["conditions"] if not one.get("default")]
    assert len(worded) == 13, "13 conditions are worded in section 3.3; every other wording waits for the city"


def test_the_counts_in_the_documents_are_true():
    held = classes_once()
    conditions = sum(len(row["conditions"]) for row in held.values())
    page = (Path(__file__).resolve().parents[2] / "docs" / "catalogue.md").read_text("utf-8")
    for told in (f"{len(held)} classes", f"{conditions} registration conditions", "51 classes switched on"):
        assert told in page


_held: dict[str, dict] = {}


def classes_once() -> dict[str, dict]:
    if not _held:
        _held.update(classes())
    return _held
