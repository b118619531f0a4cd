"""What probably caused a difference, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from reconciliation.rules import Cause, Part, Seen, cause_of, gap_fen, is_near_midnight

MIDNIGHT = datetime(2026, 11, 19, 16, tzinfo=UTC)


def seen(document: int | None, channel: int | None, ledger: int | None, **more: object) -> Seen:
    values = {"part": Part.PAYMENT, "known": True, **more}
    return Seen(document_fen=document, channel_fen=channel, ledger_fen=ledger, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "cause"),
    [
        (seen(100, 100, 100), None),
        (seen(None, None, None), None),
        (seen(100, 100, 100, same_reference=False), Cause.REFERENCE),
        (seen(100, 99, 100), Cause.AMOUNT),
        (seen(100, 200, 100, channel_lines=2), Cause.DUPLICATE),
        (seen(None, 200, None, channel_lines=2, known=False), Cause.DUPLICATE),
        (seen(None, 100, None), Cause.LATE_NOTICE),
        (seen(None, 100, None, known=False), Cause.UNKNOWN_PAYMENT),
        (seen(None, 100, None, known=False, part=Part.REFUND), Cause.MANUAL_REFUND),
        (seen(100, None, 100), Cause.MISSING_IN_BILL),
        (seen(100, None, 100, near_midnight=True), Cause.MIDNIGHT),
        (seen(100, None, 100, has_channel=False), None),
        (seen(100, None, None, has_channel=False), Cause.MISSING_IN_LEDGER),
        (seen(100, 100, None), Cause.MISSING_IN_LEDGER),
        (seen(100, 100, 101), Cause.LEDGER_AMOUNT),
        (seen(None, None, 100, known=False), Cause.LEDGER_ALONE),
        (seen(100, None, 100, refused_by_channel=True, part=Part.PAYOUT), Cause.NOT_PAID),
    ],
)
def test_the_first_cause_that_fits_is_named(case: Seen, cause: Cause | None) -> None:
    assert cause_of(case) == cause


@pytest.mark.parametrize(("minutes", "near"), [(-11, False), (-10, True), (-1, True), (0, False), (5, False)])
def test_only_the_last_minutes_of_a_day_are_near_its_end(minutes: int, near: bool) -> None:
    assert is_near_midnight(MIDNIGHT + timedelta(minutes=minutes), MIDNIGHT) is near


def test_a_gap_is_what_one_book_has_more() -> None:
    assert (gap_fen(300, 100), gap_fen(None, 100), gap_fen(100, None)) == (200, -100, 100)
