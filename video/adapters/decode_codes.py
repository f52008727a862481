"""How a decoder process may end by itself; every other status is a crash."""

ENDED = 0
UNREACHABLE = 3
BROKEN = 5
