"""Running numbers of files and papers."""

from django.db import connection

NEXT = """
    INSERT INTO enforcement_numberrun (head, last) VALUES (%s, 1)
    ON CONFLICT (head) DO UPDATE SET last = enforcement_numberrun.last + 1 RETURNING last
"""


def next_number(head: str, digits: int) -> str:
    """The next number behind that head; two at once get two."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [head])
        return f"{head}{cursor.fetchone()[0]:0{digits}d}"
