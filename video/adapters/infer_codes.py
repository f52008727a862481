"""How the inference process may end by itself."""

WRONG_HASH = 4
