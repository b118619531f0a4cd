"""What is kept of a closed account is kept as long as the law asks, and its photos are gone from the disk."""

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agents.commands import decide_appeal, open_appeal
from agents.models import Appeal, AppealPhoto, Doubt, Outcome, RulesAccepted, Subject
from agents.queries.appeals import AppealSubject
from mall import tasks
from mall.core import clock
from mall.core.personal import Fate, end_terms, holdings
from mall.core.photos import Photo
from members.commands import close_due_accounts, request_closing
from members.models import Member
from orders.commands import complete_orders
from orders.commands.reviewing import write_review
from orders.models import AfterSale, CasePhoto, Order, Review, ReviewPhoto
from orders.queries.reviews import miscounted_summaries, summary_of
from service.commands import open_ticket
from service.models import TicketPhoto, Topic
from tests.factories import AT, a_member, a_received_order, fresh, later
from tests.orders.after_sale import a_case, an_order, shipped
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db(transaction=True)

RECIPIENT = ("recipient_name", "recipient_phone", "recipient_address", "note")
THREE_YEARS = timedelta(days=3 * 365 + 1)


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path / "private")}},
    }
    return tmp_path


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def a_photo() -> Photo:
    out = BytesIO()
    Image.new("RGB", (640, 480), "#8a5a2b").save(out, "WEBP")
    return Photo(content=out.getvalue(), width=640, height=480)


def close(member: Member, at: datetime) -> None:
    request_closing(member=member, gives_up_rewards=True, at=at)
    assert close_due_accounts(at=at + timedelta(days=8)) == 1


def recipient(order: Order) -> set[str]:
    return {getattr(fresh(order), column) for column in RECIPIENT}


def completed(member: Member) -> Order:
    order = a_received_order(member=member)
    Order.objects.filter(pk=order.pk).update(note="放门卫")
    complete_orders(at=later(days=60))
    return fresh(order)


def test_photos_of_reviews_and_tickets_go_when_the_account_is_closed_and_others_stay(folders: Path) -> None:
    mine, other = a_received_order(), a_received_order()
    for order in (mine, other):
        line_id = order.lines.get().pk
        said = {"stars": 5, "tags": [], "text": "茶很香", "is_anonymous": False, "at": later(days=1)}
        write_review(member=order.member, line_id=line_id, photos=[a_photo(), a_photo()], **said)
        open_ticket(
            member=order.member,
            topic=Topic.OTHER,
            text="看看这个",
            photos=[a_photo()],
            idempotency_key="k",
            reply_hours=24,
            at=AT,
        )
    assert files(folders) == 10
    complete_orders(at=later(days=60))

    close(mine.member, later(days=61))

    assert files(folders) == 5
    assert (ReviewPhoto.objects.count(), TicketPhoto.objects.count()) == (2, 1)
    review = Review.objects.get(member=mine.member)
    assert (review.photo_count, review.is_anonymous, review.text) == (0, True, "茶很香")
    assert summary_of(product_id=review.product_id).with_photos == 0
    assert miscounted_summaries() == []


def test_an_appeal_of_a_closed_account_loses_words_and_photos_at_once_and_itself_after_three_years(
    folders: Path,
) -> None:
    appeals = []
    for member in (a_member(), a_member()):
        appeal = open_appeal(
            member=member,
            subject=AppealSubject(Subject.ORDER, 7, "HJ7", "/", "order-HJ7"),
            doubt=Doubt.MISSING,
            text="应该有 100 元",
            photos=[a_photo()],
            idempotency_key="k",
            at=AT,
        )
        by = a_member()
        decide_appeal(appeal=appeal, outcome=Outcome.DISMISSED, reason="已核对", by=by, at=later(days=1))
        RulesAccepted.objects.create(member=member, plan_version=1, at=AT)
        appeals.append(appeal)
    assert files(folders) == 2

    close(appeals[0].member, later(days=2))

    assert files(folders) == 1
    assert AppealPhoto.objects.get().post.appeal == appeals[1]
    assert set(appeals[0].posts.values_list("text", flat=True)) == {""}
    assert "" not in appeals[1].posts.values_list("text", flat=True)
    over = later(days=1) + THREE_YEARS
    end_terms(at=over - timedelta(seconds=1))
    assert set(Appeal.objects.all()) == set(appeals)
    end_terms(at=over)
    assert Appeal.objects.get() == appeals[1]
    assert RulesAccepted.objects.get().member == appeals[1].member


def test_an_order_of_a_closed_account_keeps_its_recipient_for_three_years_and_not_a_day_longer() -> None:
    member = a_member()
    order = completed(member)
    close(member, later(days=61))
    over = order.completed_at + THREE_YEARS

    with nothing_changes():
        assert end_terms(at=over - timedelta(seconds=1)) == 0
    assert "" not in recipient(order)
    assert end_terms(at=over) == 1
    assert recipient(order) == {""}
    assert fresh(order).total_fen == order.total_fen
    with nothing_changes():
        assert end_terms(at=over) == 0


def test_the_term_begins_with_the_last_thing_that_happened() -> None:
    member = a_member()
    order = completed(member)
    close(member, later(days=61))
    returned_at = order.completed_at + timedelta(days=400)
    Order.objects.filter(pk=order.pk).update(state="refunded", refunded_at=returned_at)
    with nothing_changes():
        assert end_terms(at=returned_at + THREE_YEARS - timedelta(seconds=1)) == 0
    assert end_terms(at=returned_at + THREE_YEARS) == 1


def test_who_is_still_here_keeps_the_own_orders_whole() -> None:
    order = completed(a_member())
    with nothing_changes():
        assert end_terms(at=later(days=4_000)) == 0
    assert "" not in recipient(order)


def test_evidence_is_kept_with_its_case_and_goes_with_the_term(folders: Path) -> None:
    order = shipped(an_order(2))
    case = a_case(order, kind="refund_only", note="罐子瘪了", photos=[a_photo()])
    AfterSale.objects.filter(pk=case.pk).update(state="closed", closed_at=later(days=9), due_at=None)
    Order.objects.filter(pk=order.pk).update(state="completed", received_at=AT, completed_at=later(days=10))
    close(order.member, later(days=61))
    assert files(folders) == 1

    with nothing_changes():
        assert end_terms(at=later(days=8) + THREE_YEARS) == 0
    end_terms(at=later(days=9) + THREE_YEARS)

    case.refresh_from_db()
    assert (case.note, CasePhoto.objects.count(), files(folders)) == ("", 0, 0)


def test_the_daily_task_does_it() -> None:
    member = a_member()
    order = completed(member)
    close(member, later(days=61))
    with clock.standing_at(order.completed_at + THREE_YEARS):
        assert tasks.end_terms() == 1
    assert recipient(order) == {""}


def test_every_kept_table_with_the_words_of_a_person_has_a_term() -> None:
    """What stays for ever is numbers under a member's number: amounts, ranks, instants, which texts were agreed to."""
    for_ever = {holding.name for holding in holdings() if holding.fate is Fate.KEPT and holding.term is None}
    assert for_ever <= {
        *("recruits", "consents", "closings", "shared_touches", "purchases", "order_lines", "payments", "refunds"),
        *("invoices", "withdrawals", "rank", "rewards", "maturing", "tasks", "events", "ledger", "ledger_chain"),
        *("advisers", "customers", "commissions", "commission_cuts", "team_moves", "rules_accepted"),
        # The mall's own words about somebody, and the number of a case whose texts go at closing.
        *("payout_holds", "adjustments", "appeals", "recipient_reveals", "contact_reveals"),
        # Goods, counts and prices of a company's requests; whom to call and what was written go at closing.
        "enterprise_lines",
        # What a firm that supplies signed, by whom: the law wants it for years after its last order.
        "supplier_contract",
    }
