"""What people search for: counted, faded by the day, blocked by operators; and each member's own history."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from suppliers.models import SearchHistory, SearchWord
from suppliers.queries import HEAT_OF_A_SEARCH, HISTORY_MAX
from suppliers.rules import WORD_MAX, folded


def note_search(*, text: str, at: datetime, member: Any = None) -> None:
    """Count a search that found something, and keep it in the member's history.

    Callers note a text once for each visitor: a repeat heats it again. Texts too long for a word are not kept.
    """
    word = folded(text)
    if not word or len(word) > WORD_MAX:
        return
    with transaction.atomic():
        if not SearchWord.objects.filter(pk=word).update(
            heat=F("heat") + HEAT_OF_A_SEARCH, searches=F("searches") + 1, searched_at=at
        ):
            row = SearchWord(word=word, heat=HEAT_OF_A_SEARCH, searches=1, searched_at=at)
            SearchWord.objects.bulk_create([row], ignore_conflicts=True)
        if member is not None:
            _remember(word, member, at)


def forget_searches(*, member: Any) -> None:
    """Clear a member's history."""
    SearchHistory.objects.filter(member=member).delete()


def block_word(*, word: str, is_blocked: bool, at: datetime) -> None:
    """Never show a word among the hot ones, or show it again. It need not have been searched for."""
    SearchWord.objects.update_or_create(
        word=word, defaults={"is_blocked": is_blocked}, create_defaults={"is_blocked": is_blocked, "searched_at": at}
    )


def cool_words() -> None:
    """Let all words lose a tenth of their heat, as every day; those without any are dropped, blocked ones kept."""
    SearchWord.objects.filter(heat__gt=0).update(heat=F("heat") * 9 / 10)
    SearchWord.objects.filter(heat__lt=HEAT_OF_A_SEARCH // 20, is_blocked=False).delete()


def _remember(word: str, member: Any, at: datetime) -> None:
    SearchHistory.objects.update_or_create(member=member, word=word, defaults={"at": at})
    kept = SearchHistory.objects.filter(member=member).order_by("-at", "-id").values("pk")[:HISTORY_MAX]
    SearchHistory.objects.filter(member=member).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
