"""Withdrawals and grants that must be answered at once, and the work of settlement."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linkage.audit import replay
from linkage.models import EventKind, LinkageEvent, TeamMove
from linkage.settlement import drain_shard, settle_shard
from linkage.stream import put, ring, whole_second
from mall.core.ids import numbered
from mall.core.numbers import drawn_anew, is_number_taken
from members.models import Member
from payouts.commands import AskingRefused, Quote, keep_quote, quote_withdrawal
from payouts.models import Withdrawal


class WithdrawalRefused(Exception):
    """The withdrawal is not possible at present. `code`: above_available, unknown_member, changed, or one of those of
    `payouts.commands.AskingRefused`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class GrantRefused(Exception):
    """The support fund cannot grant this; the message says why."""


# What a person waits for


def request_withdrawal(
    *,
    member: Member,
    amount_fen: int,
    at: datetime,
    number: str | None = None,
    account_id: int | None = None,
    agreed: tuple[int, int] | None = None,
) -> Withdrawal:
    """Ask for a withdrawal: everything that waits or is due for the member's shard is taken in first, then the amount
    moves from available to withdrawing. Fee and tax are fixed now, on the event, while the member is locked.

    Raises WithdrawalRefused, and then nothing was written: also where fee and tax are not what was `agreed` to. Without
    `account_id` it goes to the newest account. With a `number` from `withdrawal_number`, a repeat gives the same
    withdrawal and asks for nothing more.
    """

    def ask() -> Withdrawal:
        with transaction.atomic():
            return _ask(member, amount_fen, number, account_id, agreed, at)

    try:
        # What is refused in any case is refused before anything that is due is taken in.
        with transaction.atomic():
            asked = Withdrawal.objects.filter(number=number, member=member).first() if number else None
            if asked is not None:
                return asked
            _quote(member, amount_fen, account_id, agreed, at)
        drain_shard(member.shard, int(at.timestamp()))
        return ask() if number else drawn_anew(ask)
    except IntegrityError as error:
        if not is_number_taken(error):
            raise
        raise WithdrawalRefused("number_taken", _("这个提现单号已被使用，请返回重新申请")) from error
    except AskingRefused as refusal:
        raise WithdrawalRefused(refusal.code, str(refusal)) from refusal
    except SettlingRefused as refusal:
        code = "above_available" if "available" in str(refusal) else "unknown_member"
        raise WithdrawalRefused(code, _("超过可提现余额")) from refusal


def _ask(
    member: Member,
    amount_fen: int,
    number: str | None,
    account_id: int | None,
    agreed: tuple[int, int] | None,
    at: datetime,
) -> Withdrawal:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    asked = Withdrawal.objects.filter(number=number, member=member).first() if number else None
    if asked is not None:
        return asked
    number = number or withdrawal_number(at=at)
    quote = _quote(member, amount_fen, account_id, agreed, at)
    policy, parts = quote.policy, quote.parts
    event = LinkageEvent(
        key=f"withdraw:{number}",
        shard=member.shard,
        kind=EventKind.WITHDRAW,
        at=whole_second(at),
        member_id=member.pk,
        reference=number,
        amount_fen=amount_fen,
        min_fen=policy.min_fen,
        fee_bps=policy.fee_bps,
        tax_bps=policy.tax_bps,
        fee_fen=parts.fee_fen,
        tax_fen=parts.tax_fen,
    )
    settle_here(event, int(at.timestamp()))
    return keep_quote(number=number, quote=quote)


def _quote(
    member: Member, amount_fen: int, account_id: int | None, agreed: tuple[int, int] | None, at: datetime
) -> Quote:
    quote = quote_withdrawal(member=member, amount_fen=amount_fen, account_id=account_id, at=at)
    if agreed is not None and agreed != (quote.parts.fee_fen, quote.parts.tax_fen):
        raise WithdrawalRefused("changed", _("服务费或个税刚有变化，请核对后再确认"))
    return quote


def withdrawal_number(*, at: datetime) -> str:
    """Return a number that a page may put into its form, so that sending it twice asks once."""
    return numbered("TX", at)


def grant_from_fund(*, member: Member, amount_fen: int, by: Member, reason: str, at: datetime) -> LinkageEvent:
    """Grant from the support fund to a member's available balance, after everything due in every shard was taken in.
    Raises GrantRefused, and then nothing was written."""
    if amount_fen < 1:
        raise GrantRefused(_("金额必须大于 0"))
    if not reason.strip():
        raise GrantRefused(_("请填写发放原因"))
    advance_shards(at=at)
    event, refusal = drawn_anew(lambda: _grant(member, amount_fen, by, reason.strip()[:120], at))
    if refusal:
        raise GrantRefused(_("帮扶基金余额不足"))
    return LinkageEvent.objects.get(key=event.key)


def _grant(member: Member, amount_fen: int, by: Member, reason: str, at: datetime) -> tuple[LinkageEvent, str]:
    number = numbered("BF", at)
    event = LinkageEvent(
        key=f"grant:{number}",
        shard=member.shard,
        kind=EventKind.GRANT,
        at=whole_second(at),
        member_id=member.pk,
        reference=number,
        amount_fen=amount_fen,
        by_id=by.pk,
        note=reason,
    )
    return event, _settle_now(event, at)


class SettlingRefused(Exception):
    """The rules refuse an event that was to be settled at once; the message is theirs."""


def _settle_now(event: LinkageEvent, at: datetime) -> str:
    """Settle an event at once, after all that waits or is due in its shard; return the refusal, or an empty string.

    A refused event leaves nothing behind.
    """
    seconds = int(at.timestamp())
    drain_shard(event.shard, seconds)
    try:
        with transaction.atomic():
            settle_here(event, seconds)
    except SettlingRefused as refusal:
        return str(refusal)
    return ""


def settle_here(event: LinkageEvent, seconds: int) -> None:
    """Put a new event into the stream and settle it, in the caller's transaction. Raises SettlingRefused, and
    IntegrityError where its key is known."""
    put([event], is_new=True)
    written = LinkageEvent.objects.get(key=event.key)
    while written.number is None:
        settle_shard(event.shard, seconds)
        written.refresh_from_db()
        if written.refusal:
            raise SettlingRefused(written.refusal)


# Work


def settle_waiting(*, shards: Iterable[int] | None = None, at: datetime) -> int:
    """Settle everything that waits, in all shards or in these; return how many events were settled or refused."""
    if shards is None:
        shards = LinkageEvent.objects.filter(number=None, refusal="").values_list("shard", flat=True).distinct()
    return sum(drain_shard(shard, int(at.timestamp())) for shard in sorted(shards))


def advance_shards(*, at: datetime) -> int:
    """Take in all that waits or is due in every shard; return how much there was."""
    return sum(drain_shard(shard, int(at.timestamp())) for shard in range(settings.LINKAGE_SHARDS))


def write_missing_moves() -> int:
    """Write the rows of `TeamMove` that the stream tells of and that are not there: of a mall older than that table.
    Returns how many. A repeat writes nothing."""
    known = set(TeamMove.objects.values_list("order_id", "member_id"))
    missing = [
        TeamMove(
            order_id=move.order,
            member_id=move.member,
            kind=move.kind,
            from_leader_id=move.from_leader,
            to_leader_id=move.to_leader,
            at=datetime.fromtimestamp(move.at, UTC),
        )
        for move in sorted(replay().team_moves, key=lambda move: move.at)
        if (move.order, move.member) not in known
    ]
    return len(TeamMove.objects.bulk_create(missing, batch_size=5000, ignore_conflicts=True))


def ring_for_leftovers() -> list[int]:
    """Ring for every shard with waiting events: messages are lost, rows are not."""
    shards = list(LinkageEvent.objects.filter(number=None, refusal="").values_list("shard", flat=True).distinct())
    with transaction.atomic():
        ring(shards)
    return shards
