"""What helps somebody search: suggestions, corrections, what others and oneself searched for."""

from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Length

from mall.core import arrays
from suppliers.models import SearchHistory, SearchTerm, SearchWord
from suppliers.rules import QUERY_MAX, folded, groups_of, is_latin, spelling

HISTORY_MAX = 12
# So many people must have searched for a word before others are shown it.
HOT_MIN = 3
HEAT_OF_A_SEARCH = 100

# How near in pinyin a word must be, in percent of shared trigrams, to be taken for what was meant. Of several the one
# that is also about as long.
NEAR_PERCENT = 45
_NEAREST = """
SELECT wanted.word, near.word FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS wanted (word, pinyin, place)
CROSS JOIN LATERAL (
    SELECT term.word FROM suppliers_searchterm term
    WHERE term.pinyin %% wanted.pinyin AND similarity(term.pinyin, wanted.pinyin) * 100 >= %s
    ORDER BY similarity(term.pinyin, wanted.pinyin) * 100 - 3 * abs(length(term.pinyin) - length(wanted.pinyin)) DESC,
        term.products DESC, term.word
    LIMIT 1
) AS near
ORDER BY wanted.place
"""


def suggestions(*, text: str, limit: int = 8) -> list[str]:
    """Return words that begin as a text does, in characters, pinyin or initials; those that find the most first."""
    start = folded(text[:QUERY_MAX]).replace(" ", "")
    if not start:
        return []
    begins = Q(word__startswith=start) | Q(pinyin__startswith=spelling(start).pinyin)
    if is_latin(start):
        begins |= Q(initials__startswith=start)
    found = SearchTerm.objects.filter(begins).order_by("-products", Length("word"), "word")
    return list(found.values_list("word", flat=True)[:limit])


def corrected(*, text: str) -> str | None:
    """Return what a text was probably meant to be: its words, or as a whole, replaced by what sounds nearly alike.
    None where nothing does."""
    groups = groups_of(text)
    whole = folded(text[:QUERY_MAX]).replace(" ", "")
    if not whole:
        return None
    wanted = list(dict.fromkeys([whole, *groups]))
    with connection.cursor() as cursor:
        cursor.execute(
            _NEAREST,
            [arrays.texts(wanted), arrays.texts([spelling(word).pinyin for word in wanted]), NEAR_PERCENT],
        )
        nearest = dict(cursor.fetchall())
    meant = nearest.get(whole) or " ".join(nearest.get(group, group) for group in groups)
    return meant if meant.replace(" ", "") != whole else None


def hot_words(*, limit: int = 8) -> list[str]:
    """Return what many people search for at present."""
    hot = SearchWord.objects.filter(is_blocked=False, heat__gte=HOT_MIN * HEAT_OF_A_SEARCH)
    return list(hot.order_by("-heat", "word").values_list("word", flat=True)[:limit])


def search_history(*, member: Any) -> list[str]:
    """Return what a member searched for last."""
    rows = SearchHistory.objects.filter(member=member).order_by("-at", "-id")
    return list(rows.values_list("word", flat=True)[:HISTORY_MAX])
