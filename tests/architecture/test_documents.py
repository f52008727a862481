"""The documents name what is there: tests and pages of the coverage table, files of the repository."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from django.urls import Resolver404, resolve

from tests.architecture.source import ROOT

COVERAGE = ROOT / "docs" / "coverage.md"
ROW = re.compile(r"\| ([GST]\d+) \|")
QUOTED = re.compile(r"`([^`]+)`")
FILE = re.compile(r"[\w.-]+(/[\w.-]+)*\.(md|py|conf|yml|yaml|css|in|sh|txt)")
TEST = re.compile(r"(tests/[\w/]+/test_\w+\.py)::(test_\w+)")
# Made when something runs; the pictures by tests/walks/pictures.py.
NOT_ALWAYS_THERE = ("var/", "dist/", "frontend/dist/", "docs/pictures/")
PACKAGE = re.compile(r"^([A-Za-z0-9_-]+(?:\[[a-z]+\])?)", re.MULTILINE)


class Claim(NamedTuple):
    """One row: its number, and what stands in its cells for page, test and issue."""

    number: str
    page: str
    test: str
    issue: str


def claims(text: str) -> list[Claim]:
    rows = [line.strip().strip("|").split("|") for line in text.splitlines() if ROW.match(line)]
    return [Claim(*(cell.strip() for cell in (row[0], *row[2:]))) for row in rows]


@cache
def named_tests(name: str) -> frozenset[str]:
    """The tests of a file; none where there is no such file."""
    path = ROOT / name
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


def exists(page: str) -> bool:
    try:
        resolve(re.sub(r"<\w+>", "1", page))
    except Resolver404:
        return False
    return True


def faults(claim: Claim) -> Iterator[str]:
    """What a row says that is not so."""
    for named in QUOTED.findall(claim.test):
        told = TEST.fullmatch(named)
        if told is None:
            yield f"{claim.number}: {named} is not a file and a test (`tests/x/test_y.py::test_z`)"
        elif told.group(2) not in named_tests(told.group(1)):
            yield f"{claim.number}: {named} does not exist"
    for page in QUOTED.findall(claim.page):
        if not exists(page):
            yield f"{claim.number}: no page answers at {page}"
    if bool(claim.page) != bool(claim.test):
        yield f"{claim.number}: page and test stand together or not at all"
    if not claim.issue:
        yield f"{claim.number}: no issue owns it"


def test_every_test_and_page_of_the_coverage_table_exists():
    found = claims(COVERAGE.read_text(encoding="utf-8"))
    assert [claim.number for claim in found] == [
        *(f"{city}{n}" for city, last in (("G", 26), ("S", 23), ("T", 29)) for n in range(1, last + 1))
    ]
    assert "\n".join(fault for claim in found for fault in faults(claim)) == ""


GOOD = Claim("G1", "`/cases/<number>/`", "`tests/architecture/test_documents.py::test_a_sound_row_has_no_fault`", "2")


def test_a_sound_row_has_no_fault():
    assert list(faults(GOOD)) == []
    assert list(faults(GOOD._replace(page="", test=""))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"test": "`tests/cases`"},
        {"test": "`tests/cases/test_absent.py::test_x`"},
        {"test": "`tests/architecture/test_documents.py::test_absent`"},
        {"page": "`/no/such/page/`"},
        {"page": ""},
        {"test": ""},
        {"issue": ""},
    ],
)
def test_a_row_that_says_what_is_not_so_is_found(change):
    assert len(list(faults(GOOD._replace(**change)))) == 1


def documents() -> list[Path]:
    """What people read first; decisions are history and stay as they were."""
    return [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "frontend" / "README.md",
        *(ROOT / "docs").glob("*.md"),
    ]


def named_in(document: Path) -> Iterator[str]:
    """Files that a document names with their folder, and what it links to."""
    text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from (name for name in QUOTED.findall(text) if "/" in name and FILE.fullmatch(name))
    yield from (link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link)


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_is_there(document):
    absent = [
        name
        for name in named_in(document)
        if not name.startswith(NOT_ALWAYS_THERE)
        and not (ROOT / name).exists()
        and not (document.parent / name).exists()
    ]
    assert absent == []


def listed_packages() -> set[str]:
    """The first cells of the tables of docs/dependencies.md; `types-*` stands for all of them."""
    lines = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[1] for line in lines if line.startswith("| ")]
    return {name.strip() for cell in cells for name in cell.split(",")} - {"Package"}


def wanted_packages() -> set[str]:
    """What the .in files and package.json ask for."""
    asked = {
        name
        for path in (ROOT / "requirements").glob("*.in")
        for name in PACKAGE.findall(path.read_text(encoding="utf-8"))
    }
    front = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    asked |= {*front["dependencies"], *front["devDependencies"]}
    return {"types-*" if name.startswith("types-") else name for name in asked}


def test_every_package_that_is_asked_for_stands_in_the_table_and_no_other():
    assert listed_packages() == wanted_packages()


def test_a_pack_has_the_chinese_name_of_the_glossary_wherever_people_read_of_one():
    assert "| 数据包 | pack |" in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    read = [*ROOT.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"), *ROOT.glob("dashboard/help/*.yaml")]
    others = {
        (path.relative_to(ROOT).as_posix(), found)
        for path in read
        for found in re.findall("(?:资源|业务|方案|系统|配置)包", path.read_text(encoding="utf-8"))
    }
    assert others == set()
