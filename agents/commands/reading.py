"""Reading the rules as they changed, and counting questions."""

from datetime import date, datetime

from django.db import connection, transaction

from agents.models import RulesAccepted
from agents.queries.contract import unread
from agents.rules import QUESTIONS_A_DAY_MAX
from members.commands import record_consent
from members.models import Member


def accept_rules(*, member: Member, plan_version: int | None, agreements: dict[str, int], at: datetime) -> bool:
    """Accept what was read: the version of the plan and of each agreement that stood on the page. Returns False, and
    writes nothing, where one of them is another by now; a repeat is a no-op."""
    with transaction.atomic():
        waiting = unread(member=member, at=at)
        if waiting.plan_version not in (None, plan_version) or any(
            agreements.get(text.kind) != text.version for text in waiting.agreements
        ):
            return False
        if waiting.plan_version is not None:
            RulesAccepted.objects.get_or_create(member=member, plan_version=waiting.plan_version, defaults={"at": at})
        for text in waiting.agreements:
            record_consent(member=member, kind=text.kind, is_given=True, at=at)
    return True


def count_question(*, member: Member, on: date) -> bool:
    """Count one more question of a day; False where the day's questions are used up. One statement, so that two at once
    are two."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO agents_dayofquestions AS day (member_id, date, asked) VALUES (%s, %s, 1)
            ON CONFLICT (member_id, date) DO UPDATE SET asked = day.asked + 1 WHERE day.asked < %s
            RETURNING asked
            """,
            [member.pk, on, QUESTIONS_A_DAY_MAX],
        )
        return cursor.fetchone() is not None
