"""What people typed into a search box, as the words that are looked for: pairs of Chinese characters, other words.

The database cuts the texts of a case the same way (`cases_words_in`, migration 0026); a test holds the two together.
"""

import re
import unicodedata

MOST_TYPED = 100
LONGEST_WORD = 40
PAIRED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
SPELLED = "0-9a-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u0373\u0376-\u052f"
RUNS = re.compile(f"([{PAIRED}]+)|([{SPELLED}]+)")
FEWEST_LETTERS, FEWEST_DIGITS, WHOLE_NUMBER = 2, 4, 20
STRETCH_BITS = 16
SMALL = {ord(letter): ord(letter) + 32 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def looked_for(typed: str) -> list[str]:
    """The words to look for, in order; none where nothing was typed that could be found."""
    found: dict[str, None] = {}
    for paired, spelled in RUNS.findall(unicodedata.normalize("NFKC", typed).translate(SMALL)):
        pairs = [paired[at : at + 2] for at in range(len(paired) - 1)]
        found |= dict.fromkeys(pairs or [paired or spelled[:LONGEST_WORD]])
    return list(found)


def as_asked(word: str) -> str:
    """How the database is asked for the word: a spelled one of some letters is also meant by its beginning."""
    begins = len(word) >= FEWEST_LETTERS and re.match(f"(?!\\d)[{SPELLED}]", word)
    return f"'{word}':*" if begins else f"'{word}'"


def begins_a_number(word: str) -> bool:
    """Whether the word may be the beginning of a case's number, not only a number in its text."""
    return re.fullmatch(f"[0-9]{{{FEWEST_DIGITS},{WHOLE_NUMBER - 1}}}", word) is not None


def stretches(below: int) -> tuple[int, str]:
    """Where the newest two stretches of keys up to this one begin, and how the database is asked for them.

    Every case has the stretch of its key among its words (`cases_words_of`, migration 0052): two hold at least 65,536
    cases, in which a page of a common word is full. Nobody can type such a word.
    """
    last = below >> STRETCH_BITS
    first = max(last - 1, 0)
    return first << STRETCH_BITS, f"('#{first}' | '#{last}')"
