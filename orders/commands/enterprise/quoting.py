"""A supplier quotes or declines, looks at whom to call; what nobody answered in time ends."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

import suppliers.queries
from mall.core.events import publish
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from orders.events import EnterpriseAnswered
from orders.models import ContactReveal, EnterpriseLine, EnterpriseRequest, RequestState
from orders.queries.enterprise import floor_of, floor_words
from orders.refusals import Refusal
from orders.rules import enterprise as rules

from .refusals import MOVED_ON, EnterpriseRefused
from .steps import change_request, line_of, locked_request

REVEALED_STATES = (RequestState.ASKED, RequestState.QUOTED, RequestState.ACCEPTED)
REVEAL_REASON_MAX = 80


def quote_request(
    *,
    request: EnterpriseRequest,
    prices: Mapping[int, int],
    valid_date: date,
    note: str,
    fee_bps: int,
    by: Any,
    at: datetime,
) -> EnterpriseRequest:
    """Quote a unit price for each line (line id -> fen), good up to and including a day; a newer quote takes the place
    of one that was not accepted. `fee_bps` is the platform's fee of the supplier.

    Raises EnterpriseRefused, also where a price is above the list price, or does not cover supply price, fee and retail
    commission; `field` is then `price_<line id>`.
    """
    words = line_of(note, rules.WORDS_MAX, field="note")
    today = at.astimezone(SHANGHAI).date()
    if not rules.can_be_valid(until=valid_date, today=today):
        raise EnterpriseRefused(_("有效期应在今天到 %d 天内") % rules.VALID_DAYS_MAX, field="valid_date")
    with transaction.atomic():
        found = _own_request(request, by)
        if found.state not in rules.OPEN:
            raise EnterpriseRefused(str(MOVED_ON))
        lines = list(found.lines.select_related("sku__product").order_by("pk"))
        if prices.keys() != {line.pk for line in lines}:
            raise EnterpriseRefused(_("请给每一种商品报价"))
        for line in lines:
            _check_price(line, prices[line.pk], fee_bps)
            line.unit_price_fen = prices[line.pk]
        change_request(
            found,
            RequestState.QUOTED,
            quoted_at=at,
            quoted_by=by,
            valid_date=valid_date,
            quote_note=words,
            fee_bps=fee_bps,
        )
        EnterpriseLine.objects.bulk_update(lines, ["unit_price_fen"])
        _tell(found, at)
    return found


def decline_request(*, request: EnterpriseRequest, reason: str, by: Any, at: datetime) -> EnterpriseRequest:
    """Say that there will be no quote, and why. Raises EnterpriseRefused."""
    why = line_of(reason, rules.REASON_MAX, field="reason", required=_("请写明原因，买家看得到"))
    with transaction.atomic():
        found = _own_request(request, by)
        change_request(found, RequestState.DECLINED, reason=why, ended_at=at)
        _tell(found, at)
    return found


def reveal_contact(*, request: EnterpriseRequest, reason: str, by: Any, at: datetime) -> ContactReveal:
    """Write down that `by` looks at the phone of who asked, and why. Raises EnterpriseRefused, also where the request
    is over."""
    why = line_of(reason, REVEAL_REASON_MAX, field="reason", required=str(Refusal.NO_REASON.label))
    with transaction.atomic():
        found = _own_request(request, by)
        if found.state not in REVEALED_STATES or not found.contact_phone:
            raise EnterpriseRefused(_("这张询价单已经结束，不能再查看联系方式"))
        return ContactReveal.objects.create(request=found, seen_by=by, reason=why, at=at)


def expire_requests(*, at: datetime, limit: int = 500) -> int:
    """End quotes past their last day, and what was not answered until the goods were wanted. Returns how many."""
    today = at.astimezone(SHANGHAI).date()
    over = Q(state=RequestState.QUOTED, valid_date__lt=today) | Q(state=RequestState.ASKED, wanted_date__lt=today)
    ended = 0
    for pk in list(EnterpriseRequest.objects.filter(over).order_by("pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            rows = EnterpriseRequest.objects.select_for_update(of=("self",), no_key=True).select_related("supplier")
            found = rows.filter(over, pk=pk).first()
            if found is not None:
                change_request(found, RequestState.EXPIRED, ended_at=at)
                _tell(found, at)
                ended += 1
    return ended


def _own_request(request: EnterpriseRequest, by: Any) -> EnterpriseRequest:
    """Return a request of `by`'s supplier under its lock, whose buyer is still a member."""
    found = locked_request(pk=request.pk)
    if suppliers.queries.supplier_of(member=by) != found.supplier:
        raise EnterpriseRefused(_("没有这张询价单"))
    if found.member.closed_at is not None:
        raise EnterpriseRefused(_("买家已注销账号，不能再报价"))
    return found


def _check_price(line: EnterpriseLine, price_fen: int, fee_bps: int) -> None:
    """Raise EnterpriseRefused where a price is not between floor and list price."""
    field, sku = f"price_{line.pk}", line.sku
    if type(price_fen) is not int or price_fen <= 0:
        raise EnterpriseRefused(_("请填写单价"), field=field)
    if price_fen > sku.list_price_fen:
        words = _("报价不能高于标价 %s") % yuan(sku.list_price_fen)
        raise EnterpriseRefused(f"{line.product_name} {line.spec}：{words}", field=field)
    floor = floor_of(sku=sku, fee_bps=fee_bps)
    if price_fen < floor.price_fen:
        words = _("报价 %(price)s 盖不住成本，%(floor)s") % {
            "price": yuan(price_fen),
            "floor": floor_words(sku=sku, fee_bps=fee_bps),
        }
        raise EnterpriseRefused(f"{line.product_name} {line.spec}：{words}", field=field)


def _tell(found: EnterpriseRequest, at: datetime) -> None:
    publish(
        EnterpriseAnswered(
            request_id=found.pk,
            number=found.number,
            member_id=found.member_id,
            supplier_name=found.supplier.name,
            state=str(found.state),
            reason=found.reason,
            at=at,
        )
    )
