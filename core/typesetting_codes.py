"""How the typesetter's process says why there is no paper, apart from it, so that nobody loads it to know."""

FETCHED = 3
"""The paper wanted something fetched."""
TOO_LONG = 4
"""It has more pages than were asked for."""
