"""A buyer asks suppliers for prices, takes a request back, or refuses a quote."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.events import publish
from mall.core.ids import SHANGHAI, numbered
from mall.core.numbers import drawn_anew
from mall.core.seats import Role
from members.models import Member
from members.queries import phone_as_kept
from orders.events import EnterpriseAsked
from orders.models import EnterpriseLine, EnterpriseRequest, RequestState
from orders.refusals import Refusal
from orders.rules import enterprise as rules
from suppliers.commands import paper_problem, plain_number
from suppliers.models import Sku, SupplierUser
from suppliers.queries import orderable_skus

from .refusals import EnterpriseRefused
from .steps import change_request, line_of, locked_request

KEY_MAX = 64
Items = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Asking:
    """For which company prices are asked, whom to call, and by when the goods are wanted. Without a title the invoice
    is made out to the company."""

    company_name: str
    credit_code: str
    contact_name: str
    contact_phone: str
    wanted_date: date
    invoice_title: str = ""
    note: str = ""


def ask_suppliers(
    *, member: Member, asking: Asking, items: Items, idempotency_key: str, at: datetime
) -> list[EnterpriseRequest]:
    """Ask the supplier of each of `items` (SKU id, quantity) for a price; one request for each supplier. The same key
    with the same content returns what was asked before. Raises EnterpriseRefused, and nothing is written."""
    if not 0 < len(idempotency_key) <= KEY_MAX or "\x00" in idempotency_key:
        raise EnterpriseRefused(str(Refusal.BAD_KEY.label))
    today = at.astimezone(SHANGHAI).date()
    asking = _cleaned(asking, today)
    quantities = _quantities(items)
    request_hash = _hash(asking, quantities)

    def write() -> list[EnterpriseRequest]:
        with transaction.atomic():
            return _ask(member, asking, quantities, (idempotency_key, request_hash), at)

    return drawn_anew(write)


def withdraw_request(*, member: Member, number: str, at: datetime) -> EnterpriseRequest:
    """Take a request back that was not accepted. A repeat changes nothing. Raises EnterpriseRefused."""
    with transaction.atomic():
        found = locked_request(member=member, number=number)
        if found.state != RequestState.WITHDRAWN:
            change_request(found, RequestState.WITHDRAWN, ended_at=at)
    return found


def refuse_quote(*, member: Member, number: str, reason: str, at: datetime) -> EnterpriseRequest:
    """Say no to a quote, and why; the supplier reads it. Raises EnterpriseRefused."""
    why = line_of(reason, rules.REASON_MAX, field="reason", required=_("请写明原因，供应商看得到"))
    with transaction.atomic():
        found = locked_request(member=member, number=number)
        change_request(found, RequestState.REFUSED, reason=why, ended_at=at)
    return found


def credit_code_as_kept(*, text: str) -> str:
    """Return a unified social credit code as it is kept. Raises EnterpriseRefused where it can be none."""
    code = plain_number(text[:60])
    problem = paper_problem(kind="business", number=code, valid_until=None, today=date.min)
    if problem is not None:
        raise EnterpriseRefused(problem[1], field="credit_code")
    return code


def contact_phone_as_kept(*, text: str) -> str:
    """Return a mobile number as it is kept. Raises EnterpriseRefused where it is none."""
    try:
        return phone_as_kept(text=text)
    except ValueError as error:
        raise EnterpriseRefused(_("请填写 11 位手机号"), field="contact_phone") from error


def _ask(
    member: Member, asking: Asking, quantities: dict[int, int], key: tuple[str, str], at: datetime
) -> list[EnterpriseRequest]:
    """Check under the member's lock, then write a request for each supplier, and tell them."""
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if locked.closed_at is not None or not locked.is_active:
        raise EnterpriseRefused(str(Refusal.ACCOUNT_CLOSED.label))
    own = EnterpriseRequest.objects.filter(member=member)
    before = list(own.filter(idempotency_key=key[0]).order_by("pk"))
    if before:
        if before[0].request_hash != key[1]:
            raise EnterpriseRefused(_("这一页已经提交过别的询价，请刷新页面重填"))
        return before
    skus = {sku.pk: sku for sku in orderable_skus(sku_ids=list(quantities))}
    if skus.keys() != quantities.keys():
        raise EnterpriseRefused(str(Refusal.NOT_ON_SHELF.label), field="items")
    if any(sku.is_gift_pack or sku.sale_price_fen is None for sku in skus.values()):
        raise EnterpriseRefused(_("礼包不接受企业询价"), field="items")
    by_supplier: dict[int, list[Sku]] = {}
    for sku in (skus[sku_id] for sku_id in quantities):
        by_supplier.setdefault(sku.product.supplier_id, []).append(sku)
    if own.filter(state__in=rules.OPEN).count() + len(by_supplier) > rules.OPEN_REQUESTS_MAX:
        raise EnterpriseRefused(
            _("还有 %d 张询价单没结束，先处理或撤回一些") % own.filter(state__in=rules.OPEN).count()
        )
    return [_write(member, asking, found, quantities, key, at) for _pk, found in sorted(by_supplier.items())]


def _write(
    member: Member, asking: Asking, skus: list[Sku], quantities: dict[int, int], key: tuple[str, str], at: datetime
) -> EnterpriseRequest:
    supplier = skus[0].product.supplier
    request = EnterpriseRequest.objects.create(
        number=numbered("QG", at),
        supplier=supplier,
        member=member,
        **asdict(asking),
        asked_at=at,
        idempotency_key=key[0],
        request_hash=key[1],
    )
    EnterpriseLine.objects.bulk_create(
        EnterpriseLine(
            request=request,
            sku=sku,
            product_name=sku.product.name,
            spec=sku.spec,
            quantity=quantities[sku.pk],
            sale_price_fen=int(sku.sale_price_fen or 0),
        )
        for sku in skus
    )
    seats = SupplierUser.objects.filter(
        supplier=supplier, role__in=[Role.OWNER.value, Role.SERVICE.value], is_active=True
    )
    publish(
        EnterpriseAsked(
            request_id=request.pk,
            number=request.number,
            company_name=request.company_name,
            goods=tuple(sku.product.name for sku in skus),
            member_ids=tuple(seats.order_by("pk").values_list("member", flat=True)),
            at=at,
        )
    )
    return request


def _cleaned(asking: Asking, today: date) -> Asking:
    company = line_of(
        asking.company_name, rules.COMPANY_MAX, field="company_name", required=_("请填写公司名称，与营业执照一致")
    )
    code = credit_code_as_kept(text=asking.credit_code)
    contact = line_of(asking.contact_name, rules.CONTACT_MAX, field="contact_name", required=_("请填写联系人"))
    phone = contact_phone_as_kept(text=asking.contact_phone)
    if not rules.can_be_wanted(wanted=asking.wanted_date, today=today):
        raise EnterpriseRefused(_("请选明天到一年内的日期"), field="wanted_date")
    title = line_of(asking.invoice_title, rules.TITLE_MAX, field="invoice_title")
    note = line_of(asking.note, rules.WORDS_MAX, field="note")
    return replace(
        asking,
        company_name=company,
        credit_code=code,
        contact_name=contact,
        contact_phone=phone,
        invoice_title=title or company,
        note=note,
    )


def _quantities(items: Items) -> dict[int, int]:
    """Return how many of each SKU, in the order given. Raises EnterpriseRefused."""
    if not items:
        raise EnterpriseRefused(_("请先添加要采购的商品"), field="items")
    if len(items) > rules.REQUEST_LINES_MAX:
        raise EnterpriseRefused(_("一次最多询价 %d 种商品") % rules.REQUEST_LINES_MAX, field="items")
    quantities: dict[int, int] = {}
    for sku_id, quantity in items:
        if type(sku_id) is not int or not 0 < sku_id < 2**63:
            raise EnterpriseRefused(str(Refusal.NOT_ON_SHELF.label), field="items")
        if sku_id in quantities:
            raise EnterpriseRefused(_("同一种规格请合成一行"), field="items")
        if not rules.is_agreed_quantity(quantity):
            raise EnterpriseRefused(_("数量应为 1 到 %d 的整数") % rules.AGREED_QUANTITY_MAX, field="items")
        quantities[sku_id] = quantity
    return quantities


def _hash(asking: Asking, quantities: dict[int, int]) -> str:
    content = {**asdict(asking), "wanted_date": asking.wanted_date.isoformat(), "items": sorted(quantities.items())}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
