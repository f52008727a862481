"""What hotspots are looked for with, where an address does not say it; and what may be said."""

USUAL_DAYS = 90
AROUND, LEAST_AROUND, MOST_AROUND = 160, 1, 1000
"""Metres from the middle of a cell to those of its neighbours: of 100 m cells, the eight around it."""
METRES, LEAST_METRES, MOST_METRES = 50, 5, 500
TIMES, LEAST_TIMES, MOST_TIMES = 3, 2, 100
NUMBERS = {
    "around": (AROUND, LEAST_AROUND, MOST_AROUND),
    "metres": (METRES, LEAST_METRES, MOST_METRES),
    "times": (TIMES, LEAST_TIMES, MOST_TIMES),
}
