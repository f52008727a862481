"""The project's own commands: the doctor, the generated documents, the untranslated sentences."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cityops import checks
from cityops.management.commands import docs, sentences


def doctor() -> str:
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


@pytest.mark.django_db
def test_the_doctor_names_what_is_wrong_and_a_way_out():
    report = doctor()
    assert "ok       database   0 migrations wait" in report
    assert "PROBLEM  database   0 cells in the map in force   -> manage.py demo" in report
    assert "problems" in report


@pytest.mark.django_db
def test_the_doctor_survives_a_dead_redis(settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    assert "PROBLEM  redis" in doctor()


def test_two_drivers_at_once_are_an_error(monkeypatch):
    assert checks.one_driver(None) == []
    monkeypatch.setattr(checks, "drivers", lambda: ["psycopg2", "psycopg"])
    assert [found.id for found in checks.one_driver(None)] == ["cityops.E001"]


def test_every_variable_is_in_the_settings_page():
    page = docs.settings_page()
    assert "| `SECRET_KEY` | str | *required* |" in page
    assert "| `DEMO` | bool | `false` |" in page


def catalogue(path: Path, text: str) -> Path:
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    path.write_text(header + text, encoding="utf-8")
    return path


USED = '#: cases/rules.py:7\nmsgid "Close"\nmsgstr ""\n\n#: x.py:1\nmsgid ""\n"Open "\n"it"\nmsgstr ""\n'
OPEN = 'msgid "Open it"\nmsgstr "打开"\n'


@pytest.mark.parametrize(
    "known",
    [
        OPEN,
        f'#, fuzzy\nmsgid "Close"\nmsgstr "结案"\n\n{OPEN}',
        f'msgid "Close"\nmsgstr ""\n\n{OPEN}',
        f'msgctxt "verb"\nmsgid "Close"\nmsgstr "结案"\n\n{OPEN}',
        f'#~ msgid "Close"\n#~ msgstr "结案"\n\n{OPEN}',
    ],
)
def test_a_sentence_without_a_finished_translation_is_named(tmp_path, known):
    used = catalogue(tmp_path / "used.pot", USED)
    assert sentences.untranslated([catalogue(tmp_path / "known.po", known)], used) == ["cases/rules.py:7  'Close'"]


def test_several_catalogues_together_translate_everything(tmp_path):
    used = catalogue(tmp_path / "used.pot", USED)
    one = catalogue(tmp_path / "one.po", 'msgid "Close"\nmsgid_plural "Close all"\nmsgstr[0] "结案"\n')
    assert sentences.untranslated([one, catalogue(tmp_path / "two.po", OPEN)], used) == []


def test_sentences_of_templates_are_seen(settings, tmp_path):
    used = sentences.extract(Path(settings.BASE_DIR), tmp_path).read_text()
    assert "There is nothing here for you." in used
    assert "Somebody else changed it since you opened it." in used
