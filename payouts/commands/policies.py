"""Setting payout policies."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mall.core.money import BPS
from members.models import Member
from payouts.models import PayoutPolicy, TaxKind, Withdrawal

from .refusals import PolicyRefused


def set_policy(
    *,
    starts_at: datetime,
    min_fen: int,
    fee_bps: int,
    tax_bps: int,
    tax_kind: str = TaxKind.FLAT,
    day_count_max: int | None = None,
    day_fen_max: int | None = None,
    one_at_a_time: bool = False,
    by: Member | None = None,
) -> PayoutPolicy:
    """Write a payout policy, in force from `starts_at`. Raises PolicyRefused where it would leave nothing to pay out,
    or where a withdrawal was asked for since its start: what was told before stays true."""
    if min_fen < 1 or fee_bps < 0 or tax_bps < 0 or fee_bps + tax_bps >= BPS:
        raise PolicyRefused(_("最低提现额须大于 0，服务费率与税率合计须低于 100%"))
    if tax_kind != TaxKind.FLAT and tax_bps:
        raise PolicyRefused(_("按劳务报酬预扣时不另设固定税率"))
    if day_count_max is not None and day_count_max < 1:
        raise PolicyRefused(_("每日最多笔数须大于 0，不限请留空"))
    if day_fen_max is not None and day_fen_max < min_fen:
        raise PolicyRefused(_("每日最高金额不能低于最低提现额"))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('payouts.policy'))")
        if Withdrawal.objects.filter(requested_at__gte=starts_at).exists():
            raise PolicyRefused(_("生效时间之后已有提现申请，政策不能倒签"))
        last = PayoutPolicy.objects.aggregate(last=Max("version"))["last"] or 0
        return PayoutPolicy.objects.create(
            version=last + 1,
            starts_at=starts_at,
            min_fen=min_fen,
            fee_bps=fee_bps,
            tax_kind=tax_kind,
            tax_bps=tax_bps,
            day_count_max=day_count_max,
            day_fen_max=day_fen_max,
            one_at_a_time=one_at_a_time,
            set_by=by,
        )
