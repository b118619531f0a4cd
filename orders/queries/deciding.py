"""What each decision about a dispute would do, for the pages that show it before anybody decides."""

from dataclasses import dataclass
from datetime import datetime

from mall.core.previews import Effect, Sums, refund_effects, sums_of
from orders.models import AfterSale, CaseKind, ParcelKind, Verdict
from orders.refusals import OrderRefused, Refusal

from .refund_sums import RefundSum, sum_of_case
from .refunding import no_way_back_of_order


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verdict would do now. `refund` is what it comes to, at once or, for `RETURN`, when the goods are back;
    with a `refusal` it cannot be done. `effects` says who would lose what for it."""

    verdict: Verdict
    with_freight: bool = False
    refund: RefundSum | None = None
    effects: tuple[Effect, ...] = ()
    refusal: Refusal | None = None

    @property
    def is_later(self) -> bool:
        return self.verdict == Verdict.RETURN

    @property
    def sums(self) -> Sums:
        return sums_of(list(self.effects))

    @property
    def platform_fen(self) -> int:
        """What the mall itself bears: what the buyer gets, less what the supplier and members lose."""
        if self.refund is None:
            return 0
        return self.refund.amount_fen - self.refund.supply_back_fen - self.sums.total_fen


def verdicts(*, case: AfterSale, no_way_back: Refusal | None) -> list[Verdict]:
    """Return the verdicts that a dispute can end in. `case` has its parcels loaded."""
    found = [Verdict.REFUND]
    sent_back = any(parcel.kind == ParcelKind.RETURN for parcel in case.parcels.all())
    if case.kind != CaseKind.REFUND_ONLY and not sent_back:
        found.append(Verdict.RETURN)
    if case.kind == CaseKind.EXCHANGE:
        found.append(Verdict.RESEND)
    if no_way_back is not None:
        found.append(Verdict.TRANSFER)
    return [*found, Verdict.CLOSE]


def outcomes(*, case: AfterSale, at: datetime) -> list[Outcome]:
    """Return what each verdict on a dispute would do now; those that give freight back as well stand for themselves."""
    no_way_back = no_way_back_of_order(order=case.order, at=at)
    found = []
    for verdict in verdicts(case=case, no_way_back=no_way_back):
        gives_back = verdict == Verdict.REFUND or (verdict == Verdict.RETURN and case.kind == CaseKind.RETURN_REFUND)
        if not gives_back:
            found.append(Outcome(verdict))
            continue
        plain = _outcome(case, verdict, False, no_way_back)
        found.append(plain)
        if case.kind != CaseKind.EXCHANGE and plain.refund is not None:
            more = _outcome(case, verdict, True, no_way_back)
            if more.refund is not None and more.refund.freight_fen > plain.refund.freight_fen:
                found.append(more)
    return found


def _outcome(case: AfterSale, verdict: Verdict, with_freight: bool, no_way_back: Refusal | None) -> Outcome:
    if no_way_back is not None:
        return Outcome(verdict, with_freight, refusal=no_way_back)
    try:
        refund = sum_of_case(case=case, with_freight=with_freight)
    except OrderRefused as refusal:
        return Outcome(verdict, with_freight, refusal=refusal.reason)
    effects = tuple(refund_effects(case.order_id, refund.kept_fen))
    return Outcome(verdict, with_freight, refund, effects)
