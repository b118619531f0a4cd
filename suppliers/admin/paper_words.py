"""How both sites say how a paper stands."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin.columns import chip
from mall.core.ids import SHANGHAI
from suppliers.models import PaperState, Qualification
from suppliers.queries import EXPIRY_TONES, PAPER_TONES, expiry_words
from suppliers.rules import papers as rules


def today() -> date:
    """Return the day in Shanghai."""
    return clock.now().astimezone(SHANGHAI).date()


def files_of(request: HttpRequest) -> Any:
    """Return the files that were posted, for a form."""
    return request.FILES if request.method == "POST" else None


def state_shown(paper: Qualification) -> SafeString:
    """The state as a chip, with the reason where it came back."""
    state = PaperState(paper.state)
    if state == PaperState.APPROVED and paper.lapsed_at is not None:
        return chip(_("已失效"), "bad")
    shown = chip(state.label, PAPER_TONES[state])
    return format_html("{} <small>{}</small>", shown, paper.reason) if paper.reason else shown


def until_shown(paper: Qualification) -> SafeString | str:
    """The last good day, and how near it is for a paper that counts."""
    if paper.valid_until is None:
        return _("长期")
    day = paper.valid_until.isoformat()
    expiry = rules.expiry_of(paper.valid_until, today())
    if paper.state != PaperState.APPROVED or expiry == rules.GOOD:
        return day
    return format_html(
        "{} {}", day, chip(expiry_words(valid_until=paper.valid_until, today=today()), EXPIRY_TONES[expiry])
    )
