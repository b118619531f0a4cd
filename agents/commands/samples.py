"""Samples: a shopkeeper asks, the supplier agrees and sends one piece, or declines for a reason.

Each act locks the request first; sending locks the SKU after it.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.events import SampleAnswered
from agents.models import OPEN_SAMPLES, SampleRequest, SampleState, Shop
from agents.queries.selling import is_verified
from mall.core.events import publish
from mall.core.ids import numbered
from mall.core.text import clean_line
from members.models import Address, Member
from suppliers.commands import OutOfStock, adjust_stock
from suppliers.models import Sku
from suppliers.queries import product_by_slug

WORDS_MAX = 120
OPEN_MAX = 5
# So long after a sample was sent the same product is not sent again.
AGAIN_DAYS = 90
# So long after it was sent it is known where to.
KEPT_DAYS = 90


class SampleRefused(Exception):
    """It cannot be done; the text says why. Nothing was changed."""


def ask_sample(*, member: Member, slug: str, address: Address, words: str, at: datetime) -> SampleRequest:
    """Ask the supplier of a product for one piece. While a request for it is open, that one is returned. Raises
    SampleRefused."""
    if not is_verified(member=member):
        raise SampleRefused(_("开通店主后才能申请样品"))
    said = _line(words, WORDS_MAX, _("请用 120 字以内写打算怎么卖"))
    if not said:
        raise SampleRefused(_("请写一句打算怎么卖，供应商据此决定寄不寄"))
    product = product_by_slug(slug=slug)
    if product is None or not product.commission_bps:
        raise SampleRefused(_("这件商品不能申请样品"))
    with transaction.atomic():
        shop = Shop.objects.select_for_update(no_key=True).filter(pk=member.pk).first()
        if shop is None:
            raise SampleRefused(_("请先开小店，供应商要看到店名"))
        own = SampleRequest.objects.filter(member=member)
        waiting = own.filter(product=product, state__in=OPEN_SAMPLES).first()
        if waiting is not None:
            return waiting
        if own.filter(product=product, sent_at__gt=at - timedelta(days=AGAIN_DAYS)).exists():
            raise SampleRefused(_("这件商品的样品已经寄过，%d 天内不能再申请") % AGAIN_DAYS)
        if own.filter(state__in=OPEN_SAMPLES).count() >= OPEN_MAX:
            raise SampleRefused(_("还有 %d 个样品申请在处理，等有结果再申请") % OPEN_MAX)
        return SampleRequest.objects.create(
            number=numbered("YP", at),
            supplier_id=product.supplier_id,
            product=product,
            member=member,
            shop_name=shop.name,
            words=said,
            recipient_name=address.name,
            recipient_phone=address.phone,
            recipient_address=address.text,
            asked_at=at,
        )


def withdraw_sample(*, member: Member, number: str, at: datetime) -> None:
    """Take a request back that was not answered yet. A repeat changes nothing. Raises SampleRefused."""
    with transaction.atomic():
        found = SampleRequest.objects.select_for_update(no_key=True).filter(member=member, number=number).first()
        if found is None:
            raise SampleRefused(_("没有这个样品申请"))
        if found.state == SampleState.WITHDRAWN:
            return
        if found.state != SampleState.ASKED:
            raise SampleRefused(_("供应商已经答复，不能撤回"))
        _end(found, SampleState.WITHDRAWN, at)


def agree_sample(*, request: SampleRequest, by: Any, at: datetime) -> None:
    """Promise to send it; from now on who ships sees where to. Raises SampleRefused."""
    with transaction.atomic():
        found = _in_state(request, SampleState.ASKED)
        found.state, found.answered_at, found.answered_by = SampleState.AGREED, at, by
        found.save(update_fields=["state", "answered_at", "answered_by"])
        _tell(found, at)


def decline_sample(*, request: SampleRequest, reason: str, by: Any, at: datetime) -> None:
    """Say no, and why; it is forgotten where to. Also after it was promised. Raises SampleRefused."""
    why = _line(reason, WORDS_MAX, _("原因最多 120 个字"))
    if not why:
        raise SampleRefused(_("请写明原因，店主看得到"))
    with transaction.atomic():
        found = _in_state(request, *OPEN_SAMPLES)
        found.reason, found.answered_by = why, by
        _end(found, SampleState.DECLINED, at)
        _tell(found, at)


def send_sample(*, request: SampleRequest, sku: Sku, carrier: str, tracking_number: str, by: Any, at: datetime) -> None:
    """Give one piece to a carrier and take it out of stock. Raises SampleRefused, also where no piece is free."""
    with transaction.atomic():
        found = _in_state(request, SampleState.AGREED)
        if sku.product_id != found.product_id:
            raise SampleRefused(_("请选择这件商品的规格"))
        try:
            adjust_stock(sku=sku, on_hand_delta=-1, reason=_("寄样品 %s") % found.number, by=by, at=at)
        except OutOfStock as shortage:
            raise SampleRefused(_("这个规格没有可寄的库存")) from shortage
        found.state, found.sku, found.sent_at = SampleState.SENT, sku, at
        found.carrier, found.tracking_number = carrier, tracking_number
        found.save(update_fields=["state", "sku", "sent_at", "carrier", "tracking_number"])
        _tell(found, at)


def forget_sample_recipients(*, at: datetime) -> int:
    """Empty where samples went that were sent long ago. Returns how many."""
    old = SampleRequest.objects.filter(sent_at__lt=at - timedelta(days=KEPT_DAYS)).exclude(recipient_phone="")
    return old.update(recipient_name="", recipient_phone="", recipient_address="")


def _in_state(request: SampleRequest, *states: SampleState) -> SampleRequest:
    found = SampleRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if found.state not in states:
        raise SampleRefused(_("这个样品申请已经处理过，请刷新页面"))
    return found


def _end(found: SampleRequest, state: SampleState, at: datetime) -> None:
    found.state, found.answered_at = state, at
    found.recipient_name = found.recipient_phone = found.recipient_address = ""
    found.save()


def _tell(found: SampleRequest, at: datetime) -> None:
    publish(
        SampleAnswered(
            member_id=found.member_id,
            number=found.number,
            product_name=found.product.name,
            state=str(found.state),
            reason=found.reason,
            at=at,
        )
    )


def _line(text: str, length_max: int, refusal: str) -> str:
    try:
        return clean_line(text, length_max)
    except ValueError as error:
        raise SampleRefused(refusal) from error
