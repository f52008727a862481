"""Requests of old have a state; every case knows since which version it stands where it stands."""

from django.db import migrations

FORWARD = """
UPDATE cases_request SET
    state = CASE approved WHEN true THEN 'approved' WHEN false THEN 'refused' ELSE 'open' END,
    signed = CASE approved WHEN true THEN 1 ELSE 0 END,
    chain = '[{"duty": "supervise", "level": "", "names": {}, "waived": false}]',
    next_duty = CASE WHEN approved IS NULL THEN 'supervise' ELSE '' END;
UPDATE cases_case SET stage_version = version;
"""
BACKWARD = """
UPDATE cases_request SET approved = CASE state WHEN 'approved' THEN true WHEN 'open' THEN NULL ELSE false END;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_requests")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
