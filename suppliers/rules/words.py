"""Chinese words, their pinyin, and how both become search vectors and search queries.

Vectors and queries are built here letter by letter and handed to PostgreSQL as literals: no parser of a locale has a
say, and nothing that people type is read as an operator. Every text stands in a vector twice: as the words that a
dictionary finds in it, and character by character, so that a phrase of characters finds what no dictionary knows.

The dictionaries are large: who needs none (commands, workers) does not load them.
"""

import gc
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial

QUERY_MAX = 40
WORD_MAX = 20
# Lexemes have at most this many places, and places end here (PostgreSQL, "Text Search Limitations").
PLACES_MAX = 255
PLACE_MAX = 16_383
GAP = 8
LOWER = {"A": "B", "B": "C", "C": "D", "D": "D"}
_UNIT = re.compile(r"[0-9a-z]+|[^\W_]")
_RUN = re.compile(r"[0-9a-z]+|[^0-9a-z]+")
_LATIN = re.compile(r"[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word in pinyin: `longjing`, and its initials: `lj`. What is no Chinese stays as it is."""

    pinyin: str
    initials: str


def folded(text: str) -> str:
    """Return text as it is compared: one width, small letters, letters and digits with single spaces between."""
    normal = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(char if char.isalnum() else " " for char in normal).split())


def words_of(text: str) -> list[str]:
    """Return the words that stand in a text, also those within longer ones, in their order."""
    import rjieba

    return [word for word in rjieba.cut_for_search(folded(text)) if word.strip() and len(word) <= WORD_MAX]


def whole_words(text: str) -> list[str]:
    """Return a text cut into words, none within another."""
    import rjieba

    return [word for word in rjieba.cut(folded(text)) if word.strip()]


def spelling(word: str) -> Spelling:
    """Return the pinyin of a word; of several readings the usual one."""
    read = _reader()
    syllables: list[str] = []
    for run in _RUN.findall(folded(word).replace(" ", "")):
        syllables += [run] if _LATIN.fullmatch(run) else read(run)
    initials = "".join(syllable if syllable.isdigit() else syllable[0] for syllable in syllables)
    return Spelling(pinyin="".join(syllables), initials=initials)


@cache
def _reader() -> Callable[[str], list[str]]:
    """Load the dictionary of pinyin, once. Its two hundred thousand lists stay for good, so they are put out of the
    collector's way: going through them would cost every task of this process a tenth of a second now and then."""
    from pypinyin import Style, lazy_pinyin

    lazy_pinyin("中")
    gc.freeze()
    return partial(lazy_pinyin, style=Style.NORMAL)


def is_latin(text: str) -> bool:
    """Say whether a folded text has letters and digits of the keyboard alone."""
    return bool(_LATIN.fullmatch(text.replace(" ", "")))


def vector(fields: Iterable[tuple[str, str]], *, spelled: Iterable[str]) -> str:
    """Return the literal of a `tsvector`: `fields` are (text, weight A to D), `spelled` words found by pinyin too.

    Words have the weight of their field, its characters the next lower one, or their own: `AC` is A and C.
    """
    places: dict[str, list[str]] = defaultdict(list)
    here = 1
    for text, weights in fields:
        weight, lower = weights[0], weights[1:] or LOWER[weights]
        plain = folded(text)
        units = _units(plain)
        for place, unit in enumerate(units, here):
            _add(places, unit, place, lower)
        for word in words_of(plain):
            _add(places, word, here, weight)
        here += len(units) + GAP
    for word in spelled:
        spelt = spelling(word)
        _add(places, spelt.pinyin, here, "B")
        if len(spelt.initials) > 1:
            _add(places, spelt.initials, here, "D")
    return " ".join(f"'{lexeme}':{','.join(found)}" for lexeme, found in sorted(places.items()))


def groups_of(query: str) -> list[str]:
    """Return the words of a query, each as it is looked for."""
    return whole_words(query[:QUERY_MAX])


def query_of(groups: Sequence[str]) -> str:
    """Return the literal of a `tsquery` that wants every word: as a word, as its characters side by side, or, in
    letters of the keyboard, as the beginning of a word or of its pinyin."""
    return " & ".join(f"({_wanted(group)})" for group in groups)


def _wanted(group: str) -> str:
    units = _units(group)
    if len(units) == 1:
        return f"'{group}':*" if _LATIN.fullmatch(group) and len(group) > 1 else f"'{group}'"
    phrase = " <-> ".join(f"'{unit}'" for unit in units)
    return f"'{group}' | ({phrase})"


def _units(text: str) -> list[str]:
    """Cut into characters; letters and digits of the keyboard stay together."""
    return _UNIT.findall(text)


def _add(places: dict[str, list[str]], lexeme: str, place: int, weight: str) -> None:
    if place <= PLACE_MAX and len(places[lexeme]) < PLACES_MAX:
        # D is what a place without a letter means.
        places[lexeme].append(f"{place}{weight if weight != 'D' else ''}")
