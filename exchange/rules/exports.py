"""What can be said of an export without asking the database."""

MOST_ROWS = {"xlsx": 1_048_575}


def too_many(suffix: str, rows: int) -> bool:
    """Whether a file of this format cannot hold so many rows beside its heading."""
    return rows > MOST_ROWS.get(suffix, rows)


def percent(read: int, written: int, total: int) -> int:
    """How far an export is: reading the rows is one half of the work, writing the file the other."""
    return min(100, (read + written) * 50 // total) if total else 0
