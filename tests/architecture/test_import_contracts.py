"""Each import contract holds, and each is proven to bite: a copy of the tree gets one forbidden import."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import APPS, ROOT

ORDER = "Call down, never up: the order of the apps"
INSIDE = "The order of the modules inside every app"
DOORS = "Other apps enter only through actions, selectors or contracts"
PURE = "Rules and contracts know nothing of Django, Celery, Channels or HTTP"
TRANSPORT = "Tables, questions and verbs know nothing of transport"
CONTRACTS = {ORDER, INSIDE, DOORS, PURE, TRANSPORT}

# contract | file | what is planted there
FAULTS = [
    (ORDER, "core/geo.py", "import grid.selectors"),
    (ORDER, "grid/selectors/places.py", "import cases.contracts"),
    (ORDER, "journal/tasks.py", "import accounts.selectors"),
    (ORDER, "cases/actions/planted.py", "import video.actions"),
    (ORDER, "video/selectors/cameras.py", "import portal.contracts"),
    (ORDER, "evaluation/actions.py", "import dashboard.selectors"),
    (ORDER, "dashboard/selectors/wall.py", "import cityops.urls"),
    (INSIDE, "cases/helpers.py", ""),
    (INSIDE, "sanitation/utils.py", ""),
    (INSIDE, "grid/rules.py", "import grid.models"),
    (INSIDE, "grid/selectors/places.py", "import grid.actions"),
    (INSIDE, "accounts/contracts.py", "import accounts.rules"),
    (INSIDE, "journal/tasks.py", "import journal.rest"),
    (INSIDE, "video/models.py", "import video.adapters"),
    (DOORS, "dashboard/selectors/wall.py", "import cases.models"),
    (DOORS, "cases/actions/planted.py", "import grid.models"),
    (DOORS, "evaluation/actions.py", "import cases.rules"),
    (DOORS, "video/tasks.py", "import journal.tasks"),
    (PURE, "cases/rules.py", "import django.db"),
    (PURE, "grid/contracts/__init__.py", "import httpx"),
    (PURE, "core/scope.py", "import core.querying"),
    (PURE, "core/worktime.py", "import redis"),
    (TRANSPORT, "grid/models.py", "import rest_framework"),
    (TRANSPORT, "cases/actions/planted.py", "import celery"),
    (TRANSPORT, "grid/selectors/places.py", "import channels"),
]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--config", str(root / ".importlinter")]
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)


def verdicts(output: str) -> dict[str, str]:
    return {
        name: match.group(1)
        for name in CONTRACTS
        if (match := re.search(re.escape(name) + r"\s+(KEPT|BROKEN)", output))
    }


@pytest.fixture(scope="module")
def copy_of_the_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / ".importlinter", root)
    for package in ("core", *APPS, "cityops", "tests/architecture"):
        shutil.copytree(
            ROOT / package,
            root / package,
            ignore=lambda folder, names: [
                name
                for name in names
                if not (name.endswith(".py") or (Path(folder) / name).is_dir()) or name == "__pycache__"
            ],
        )
    (root / "tests" / "__init__.py").touch()
    return root


@pytest.fixture
def plant(copy_of_the_tree):
    changed: dict[Path, str | None] = {}

    def planted(file: str, line: str) -> Path:
        path = copy_of_the_tree / file
        changed[path] = path.read_text() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{changed[path] or ''}\n{line}\n")
        return copy_of_the_tree

    yield planted
    for path, before in changed.items():
        if before is None:
            path.unlink()
        else:
            path.write_text(before)


def test_the_contracts_are_kept_and_all_are_known(copy_of_the_tree):
    answer = lint_imports(copy_of_the_tree)
    assert verdicts(answer.stdout) == dict.fromkeys(CONTRACTS, "KEPT"), answer.stdout + answer.stderr
    assert answer.returncode == 0


@pytest.mark.parametrize(("contract", "file", "line"), FAULTS)
def test_a_planted_import_breaks_its_contract(contract, file, line, plant):
    answer = lint_imports(plant(file, line))
    assert verdicts(answer.stdout).get(contract) == "BROKEN", answer.stdout + answer.stderr
    assert answer.returncode == 1


def test_no_contract_has_an_exception():
    assert "ignore_imports" not in (ROOT / ".importlinter").read_text()
