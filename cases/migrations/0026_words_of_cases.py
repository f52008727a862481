"""The words that a case is found by, kept by triggers in the transaction that changes a text.

`cases_words_in` cuts any text as `cases.rules.looked_for` cuts what was typed: each Chinese character with the one that
follows it, and each alone; other words whole. A number is found whole, without its district, by its day and its serial.

While the words of old cases are being filled in (0027), a case may have none yet: then whoever adds brings them all. If
somebody else brings them at that moment, what both saw is put together.

The planner must know ten thousand of the words: of a rare one it asks the index, of one that half the cases have it
goes through the newest cases until a page is full. Mistaken, it would go through all of them.
"""

import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

PAIRED = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
SPELLED = r"0-9a-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u0373\u0376-\u052f"
FORWARD = f"""
ALTER TABLE cases_casewords ALTER COLUMN words SET STATISTICS 1000;

CREATE FUNCTION cases_words_in(told text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT word) FILTER (WHERE word <> '')), '')
      FROM regexp_matches(lower(normalize(told, NFKC) COLLATE "C"), '([{PAIRED}]+)|([{SPELLED}]+)', 'g') AS run,
           LATERAL (
               SELECT left(run[2], 40) AS word WHERE run[2] IS NOT NULL
               UNION ALL
               SELECT unnest(ARRAY[letter, letter || lead(letter) OVER (ORDER BY place)])
                 FROM unnest(string_to_array(run[1], NULL)) WITH ORDINALITY AS paired (letter, place)
           ) AS cut
$$;

CREATE FUNCTION cases_words_of(told cases_case) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT cases_words_in(concat_ws(
        ' ', told.number, substr(told.number, 7), substr(told.number, 7, 8),
        right(told.number, 6), told.description, told.address,
        told.place->>'zh', told.place->>'en',
        (SELECT concat_ws(' ', code, names->>'zh', names->>'en') FROM cases_category WHERE id = told.category_id),
        (SELECT string_agg(given->>'result', ' ') FROM cases_move WHERE case_id = told.id AND given ? 'result')))
$$;

CREATE FUNCTION cases_words_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_casewords (case_id, words) VALUES (NEW.id, cases_words_of(NEW))
        ON CONFLICT (case_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END
$$;

CREATE FUNCTION cases_words_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE cases_casewords SET words = words || cases_words_in(NEW.given->>'result') WHERE case_id = NEW.case_id;
    IF NOT FOUND THEN
        INSERT INTO cases_casewords (case_id, words)
            SELECT told.id, cases_words_of(told) FROM cases_case told WHERE told.id = NEW.case_id
            ON CONFLICT (case_id) DO UPDATE SET words = cases_casewords.words || EXCLUDED.words;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER cases_case_told AFTER INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_words_kept();
CREATE TRIGGER cases_case_told_anew
    AFTER UPDATE OF number, description, address, place, category_id ON cases_case
    FOR EACH ROW WHEN (
        (OLD.number, OLD.description, OLD.address, OLD.place, OLD.category_id)
        IS DISTINCT FROM (NEW.number, NEW.description, NEW.address, NEW.place, NEW.category_id)
    ) EXECUTE FUNCTION cases_words_kept();
CREATE TRIGGER cases_move_told AFTER INSERT ON cases_move
    FOR EACH ROW WHEN (NEW.given ? 'result') EXECUTE FUNCTION cases_words_added();
"""
BACKWARD = """
DROP TRIGGER cases_move_told ON cases_move;
DROP TRIGGER cases_case_told_anew ON cases_case;
DROP TRIGGER cases_case_told ON cases_case;
DROP FUNCTION cases_words_added();
DROP FUNCTION cases_words_kept();
DROP FUNCTION cases_words_of(cases_case);
DROP FUNCTION cases_words_in(text);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_special_rules_remember")]

    operations = [
        migrations.CreateModel(
            name="CaseWords",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
