"""Real threads and commits against one line and one product's counts. Each was seen failing without its lock."""

import pytest

from orders.commands.reviewing import ReviewRefusal, ReviewRefused, hide_review, show_review, write_review
from orders.models import Order, Review
from orders.queries.reviews import miscounted_summaries, summary_of
from tests.concurrency.threads import at_once
from tests.factories import a_member, a_received_order, a_sku, later

pytestmark = pytest.mark.django_db(transaction=True)


def wrote(order: Order) -> Review:
    line = order.lines.get()
    return write_review(
        member=order.member, line_id=line.pk, stars=5, tags=["口味好"], text="好", is_anonymous=False, at=later(days=1)
    )


def test_a_line_reviewed_by_five_taps_at_once_is_reviewed_once() -> None:
    order = a_received_order()
    answers = at_once(lambda _number: wrote(order), 5, refusals=(ReviewRefused,))
    refused = [answer for answer in answers if isinstance(answer, ReviewRefused)]
    assert [refusal.reason for refusal in refused] == [ReviewRefusal.ALREADY] * 4
    assert Review.objects.count() == 1
    assert miscounted_summaries() == []


def test_reviews_of_one_product_at_once_are_all_counted() -> None:
    sku = a_sku(on_hand=50)
    received = [a_received_order(sku=sku) for _ in range(8)]
    at_once(lambda number: wrote(received[number]), 8)
    assert summary_of(product_id=sku.product_id).count == 8
    assert summary_of(product_id=sku.product_id).tags == {"口味好": 8}
    assert miscounted_summaries() == []


def test_hidden_and_shown_at_once_the_counts_still_add_up() -> None:
    review, operator = wrote(a_received_order()), a_member()

    def decide(number: int) -> None:
        if number % 2:
            hide_review(review=review, reason="含引流", by=operator, at=later(days=2))
        else:
            show_review(review=review, by=operator, at=later(days=2))

    for _ in range(6):
        at_once(decide, 8)
        assert miscounted_summaries() == []
