"""Members who tap fast: a day's questions and one open appeal a subject hold."""

from datetime import date

import pytest

from agents.commands import AppealRefused, count_question, open_appeal
from agents.models import Appeal, DayOfQuestions, Doubt, Subject
from agents.queries.appeals import AppealSubject
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_thirty_questions_at_once_twenty_count() -> None:
    member, day = a_member(), date(2026, 11, 1)
    asked = [answer for _ in range(5) for answer in at_once(lambda number: count_question(member=member, on=day), 6)]
    assert asked.count(True) == 20
    assert DayOfQuestions.objects.get().asked == 20


def test_one_subject_gets_one_open_appeal_whoever_taps_how_often() -> None:
    member = a_member()
    subject = AppealSubject(Subject.ORDER, 1, "订单", "/", "order-1")

    def tap(number: int) -> Appeal:
        key = f"k{number // 2}"
        return open_appeal(member=member, subject=subject, doubt=Doubt.MISSING, text="x", idempotency_key=key, at=AT)

    found = at_once(tap, 6, refusals=(AppealRefused,))
    opened = [answer for answer in found if isinstance(answer, Appeal)]
    assert Appeal.objects.count() == 1
    assert 1 <= len(opened) <= 2
