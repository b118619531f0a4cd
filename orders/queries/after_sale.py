"""What is asked about after-sale: what is on offer for a line, and cases for their three sides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet, Sum

from members.models import Member
from orders.models import AfterSale, CasePhoto, CaseState, CaseStep, Order, OrderLine, OrderState, Parcel, Refund
from orders.queries import is_order_refundable
from orders.refusals import Refusal
from orders.rules import PAID_STATES
from orders.rules import returning as rules
from suppliers.models import Supplier

PAGE = 20


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """One kind of case that can be opened now, for how many pieces and for which reasons."""

    kind: str
    before_shipping: bool
    quantity_max: int
    reasons: tuple[rules.Reason, ...]

    @property
    def key(self) -> str:
        """What a form sends."""
        return "call_off" if self.before_shipping else self.kind


@dataclass(frozen=True, slots=True)
class OfferLine:
    """What can be asked for about a line now; without choices, `refusal` says why not."""

    order: Order
    line: OrderLine
    pieces: rules.Pieces
    choices: tuple[CaseChoice, ...]
    refusal: Refusal | None
    no_reason_until: datetime | None

    def choice(self, *, kind: str, before_shipping: bool) -> CaseChoice | None:
        """Return the choice of this kind, if it is on offer."""
        return next((one for one in self.choices if one.kind == kind and one.before_shipping == before_shipping), None)

    def amount_fen(self, quantity: int) -> int:
        """Return what comes back for so many pieces, freight apart."""
        return rules.refund_fen(
            paid_fen=self.line.paid_fen,
            quantity=self.line.quantity,
            refunded=self.line.refunded_quantity,
            given_back_fen=self.line.refunded_fen,
            pieces=quantity,
        )

    def freight_fen(self, choice: CaseChoice, quantity: int) -> int:
        """Return the freight that comes back with them: all of it, where nothing is left to send and nothing went."""
        if not choice.before_shipping:
            return 0
        others = self.order.lines.exclude(pk=self.line.pk)
        is_last = self.line.called_off_quantity + quantity == self.line.quantity and not any(
            line.called_off_quantity < line.quantity for line in others
        )
        return self.order.freight_fen if is_last else 0


def offer_line(*, line: OrderLine, order: Order, at: datetime) -> OfferLine:
    """Return what a buyer can ask for about a line of his order now."""
    engaged = (
        AfterSale.objects.filter(line=line, state__in=rules.ENGAGED_CASES, before_shipping=False).aggregate(
            sum=Sum("quantity")
        )["sum"]
        or 0
    )
    pieces = rules.Pieces(
        quantity=line.quantity,
        shipped=line.shipped_quantity,
        refunded=line.refunded_quantity,
        called_off=line.called_off_quantity,
        engaged=engaged,
    )
    is_in_time = rules.is_in_window(received_at=order.received_at, days=rules.FAULT_DAYS, at=at)
    no_reason = line.sku.product.returnable and rules.is_in_window(
        received_at=order.received_at, days=order.cooling_off_days, at=at
    )
    choices: list[CaseChoice] = []
    if not order.packs and order.state in PAID_STATES:
        if pieces.can_be_called_off:
            choices.append(_choice(rules.REFUND_ONLY, True, pieces.can_be_called_off, no_reason))
        if pieces.can_go_back and is_in_time:
            choices += [_choice(kind, False, pieces.can_go_back, no_reason) for kind in rules.KINDS]
    refusal = None
    if not choices:
        refusal = _refusal(order, pieces, is_in_time)
    received_at = order.received_at
    return OfferLine(
        order=order,
        line=line,
        pieces=pieces,
        choices=tuple(choice for choice in choices if choice.reasons),
        refusal=refusal,
        no_reason_until=rules.window_ends_at(received_at, days=order.cooling_off_days) if received_at else None,
    )


def can_give_back_whole(*, order: Order, at: datetime) -> bool:
    """Say whether its buyer can give an order back whole: a gift pack, or what nothing was shipped of.

    Once a parcel has left, other goods go back line by line. `order` has its lines loaded.
    """
    if order.packs:
        return is_order_refundable(order=order, at=at)
    return order.state == OrderState.PAID and not any(line.shipped_quantity for line in order.lines.all())


def line_of(*, member: Member, line_id: int) -> OrderLine | None:
    """Return a line of one of the member's own orders."""
    lines = OrderLine.objects.select_related("order__supplier", "order__purchase", "sku__product")
    return lines.filter(pk=line_id, order__member=member).first()


def cases_of(*, member: Member) -> QuerySet[AfterSale]:
    """Return a member's cases, newest first."""
    return AfterSale.objects.filter(order__member=member).select_related("order__supplier", "line").order_by("-pk")


def cases_page(*, member: Member, open_only: bool = False, before: str = "", limit: int = PAGE) -> list[AfterSale]:
    """Return up to `limit` of a member's cases, newest first, from the one after the case numbered `before` on."""
    own = cases_of(member=member)
    if open_only:
        own = own.filter(state__in=rules.OPEN_CASES)
    last = AfterSale.objects.filter(order__member=member, number=before).values_list("pk", flat=True).first()
    return list(own.filter(pk__lt=last)[:limit] if last else own[:limit])


def open_case_count(*, member: Member) -> int:
    """Return how many of a member's cases are under way."""
    return AfterSale.objects.filter(order__member=member, state__in=rules.OPEN_CASES).count()


def case_of(*, member: Member, number: str) -> AfterSale | None:
    """Return one of the member's own cases with everything its page shows."""
    return _with_details().filter(order__member=member, number=number).first()


def case_for_supplier(*, supplier: Supplier, case_id: int) -> AfterSale | None:
    """Return one of a supplier's own cases with everything its page shows."""
    return _with_details().filter(order__supplier=supplier, pk=case_id).first()


def case_for_platform(*, case_id: int) -> AfterSale | None:
    """Return a case whoever's it is, for operators."""
    return _with_details().filter(pk=case_id).first()


def case_photo(*, photo_id: int, member: Member | None = None, supplier: Supplier | None = None) -> str | None:
    """Return the name of a photo of a case of this member or this supplier; without either, of any case."""
    found = CasePhoto.objects.filter(pk=photo_id)
    if member is not None:
        found = found.filter(after_sale__order__member=member)
    if supplier is not None:
        found = found.filter(after_sale__order__supplier=supplier)
    return found.values_list("name", flat=True).first()


def statements_left(*, case: AfterSale, actor: str) -> int:
    """Return how often a side may still add to a dispute that is open."""
    said = CaseStep.objects.filter(after_sale=case, actor=actor, at__gte=case.state_at)
    return rules.STATEMENTS_MAX - said.filter(text__startswith=rules.STATEMENT_WORDS[actor]).count()


def cases_by_line(*, order: Order) -> dict[int, list[AfterSale]]:
    """Return the cases of an order by its lines' ids, newest first."""
    found: dict[int, list[AfterSale]] = {}
    for case in AfterSale.objects.filter(order=order).order_by("-pk"):
        found.setdefault(case.line_id, []).append(case)
    return found


def case_counts(*, supplier: Supplier | None = None) -> dict[str, int]:
    """Return how many cases are in each state, of one supplier or of all; 0 for none."""
    cases = AfterSale.objects.filter(order__supplier=supplier) if supplier else AfterSale.objects.all()
    found = cases.filter(state__in=rules.OPEN_CASES).values_list("state").annotate(count=Count("id"))
    return {**dict.fromkeys(CaseState.values, 0), **dict(found)}


def waiting_for_supplier(*, supplier: Supplier) -> int:
    """Return how many cases wait for an act of this supplier."""
    counts = case_counts(supplier=supplier)
    return counts[CaseState.ASKED] + counts[CaseState.TO_RESEND] + counts[CaseState.RETURNING]


def refund_of_case(*, case: AfterSale) -> Refund | None:
    """Return the refund in which a case ended."""
    return Refund.objects.select_related("payment").filter(after_sale=case).first()


def has_open_cases(*, order: Order) -> bool:
    """Say whether a case about an order is under way, its refund not decided yet."""
    return AfterSale.objects.filter(order=order, state__in=rules.ENGAGED_CASES).exists()


def _choice(kind: str, before_shipping: bool, most: int, no_reason: bool) -> CaseChoice:
    reasons = rules.reasons_for(kind=kind, before_shipping=before_shipping, no_reason_allowed=no_reason)
    return CaseChoice(kind=kind, before_shipping=before_shipping, quantity_max=most, reasons=reasons)


def _refusal(order: Order, pieces: rules.Pieces, is_in_time: bool) -> Refusal:
    if order.packs:
        return Refusal.CASE_PACKS
    if order.state in (OrderState.PLACED, OrderState.CANCELLED):
        return Refusal.CASE_NOT_PAID
    if pieces.refunded == pieces.quantity:
        return Refusal.CASE_ALL_BACK
    if not is_in_time:
        return Refusal.CASE_TOO_LATE
    return Refusal.CASE_UNDER_WAY


def _with_details() -> QuerySet[AfterSale]:
    return AfterSale.objects.select_related(
        "order__supplier", "order__member", "order__purchase", "line__sku__product"
    ).prefetch_related(
        Prefetch("steps", CaseStep.objects.order_by("-at", "-pk")),
        Prefetch("photos", CasePhoto.objects.order_by("pk")),
        Prefetch("parcels", Parcel.objects.order_by("pk").prefetch_related("tracks")),
    )
