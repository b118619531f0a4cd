"""Listeners that tell members what happened. They only write rows: one statement for an event, whatever it names."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from agents.events import AppealAnswered, SampleAnswered, ShopItemChanged, ShopItemsChanged
from agents.models import StockMark
from agents.queries import carried_by
from members.events import AdviserBound, ContestDecided, ShopkeeperDecided
from members.models import BindReason
from onboarding.events import ApplicationDecided
from onboarding.models import Stage
from orders.events import (
    CaseChanged,
    LinesRefunded,
    OrderShipped,
    OrdersPaid,
    OrdersRefunded,
    ParcelMoved,
    ReviewDecided,
    ReviewReplied,
)
from orders.models import CaseState, TrackKind
from payouts.events import WithdrawalDecided, WithdrawalWaits
from suppliers.events import PaperNews, PaperTurn, PermitMissed, PriceAhead, PricesAhead, StockArrived
from suppliers.models import Permit

from .commands import News, keep_dispute, tell

# What a member is told of a case: what others did, not what the member did.
_CASES = {
    CaseState.TO_RETURN: "case_agreed",
    CaseState.REFUSED: "case_refused",
    CaseState.RESENT: "case_resent",
    CaseState.DONE: "case_done",
    CaseState.CLOSED: "case_closed",
}
# What a shopkeeper is told of the stock of a product, by its new mark.
_SHOP_STOCK = {
    StockMark.LOW.value: "shop_low",
    StockMark.OUT.value: "shop_out",
    StockMark.OFF.value: "shop_off",
}
_TRACKS = {
    TrackKind.DELIVERING: "delivering",
    TrackKind.DELIVERED: "delivered",
    TrackKind.TROUBLE: "trouble",
}


# What the owners of a supplier are told of a paper.
_PAPERS = {
    PaperTurn.APPROVED: "paper_approved",
    PaperTurn.REJECTED: "paper_rejected",
    PaperTurn.SOON: "paper_soon",
    PaperTurn.EXPIRED: "paper_expired",
    PaperTurn.OFF_SHELF: "permit_lapsed",
}


# What an applicant is told of an application to supply.
_APPLICATIONS = {
    Stage.APPROVED: "application_approved",
    Stage.RETURNED: "application_returned",
    Stage.REJECTED: "application_rejected",
}


def tell_paid(event: OrdersPaid) -> None:
    """Payments of another mall's history are no news."""
    if event.is_history or not event.orders:
        return
    tell(
        [
            News(
                member_id=order.member_id,
                wording="paid",
                key=f"paid:{order.order_id}",
                path=_order(order.number),
                words={"number": order.number, "total_fen": order.total_fen},
            )
            for order in event.orders
        ],
        at=event.orders[0].paid_at,
    )


def tell_shipped(event: OrderShipped) -> None:
    news = News(
        member_id=event.member_id,
        wording="shipped",
        key=f"shipped:{event.order_id}:{event.shipped_at.timestamp():.0f}",
        path=_order(event.number),
        words={"number": event.number},
    )
    tell([news], at=event.shipped_at)


def tell_refunded(event: OrdersRefunded) -> None:
    if not event.orders:
        return
    tell(
        [
            News(
                member_id=order.member_id,
                wording="refunded",
                key=f"refunded:{order.order_id}",
                path=_order(order.number),
                words={"number": order.number},
            )
            for order in event.orders
        ],
        at=event.orders[0].refunded_at,
    )


def tell_lines_refunded(event: LinesRefunded) -> None:
    news = News(
        member_id=event.member_id,
        wording="lines_refunded",
        key=f"lines_refunded:{event.order_id}:{event.refunded_at.timestamp():.6f}",
        path=_order(event.number),
        words={"number": event.number, "amount_fen": event.amount_fen},
    )
    tell([news], at=event.refunded_at)


def tell_case(event: CaseChanged) -> None:
    wording = _CASES.get(CaseState(event.state))
    if wording is None:
        return
    news = News(
        member_id=event.member_id,
        wording=wording,
        key=f"{wording}:{event.case_id}:{event.at.timestamp():.0f}",
        path=f"/aftersales/{event.number}/",
        words={"number": event.number},
    )
    tell([news], at=event.at)


def queue_dispute(event: CaseChanged) -> None:
    """A case that waits for the platform stands in the queue of the service desk until it is decided."""
    is_disputed = event.state == CaseState.DISPUTED
    keep_dispute(case_id=event.case_id, supplier_id=event.supplier_id, is_disputed=is_disputed, at=event.at)


def tell_parcel(event: ParcelMoved) -> None:
    """Once a parcel for each: it is out for delivery, it was delivered, it is in trouble."""
    wording = _TRACKS.get(TrackKind(event.kind))
    if wording is None:
        return
    news = News(
        member_id=event.member_id,
        wording=wording,
        key=f"{wording}:{event.parcel_id}",
        path=_order(event.order_number),
        words={"number": event.order_number, "text": event.text},
    )
    tell([news], at=event.at)


def tell_arrived(event: StockArrived) -> None:
    path = reverse("shop:product", args=[event.product_slug])
    mark = f"{event.sku_id}:{event.arrived_at.timestamp():.0f}"
    tell(
        [
            News(
                member_id=member_id,
                wording="arrived",
                key=f"arrived:{member_id}:{mark}",
                path=path,
                words={"product": event.product_name},
            )
            for member_id in event.member_ids
        ],
        at=event.arrived_at,
    )


def tell_shop_items(event: ShopItemsChanged) -> None:
    """Shopkeepers hear of new prices and of stock that runs low, runs out or comes again."""
    tell([news for item in event.items for news in _shop_news(item, event.at)], at=event.at)


def tell_prices_ahead(event: PricesAhead) -> None:
    """Shopkeepers hear a day ahead that a product in their shop will cost something else: of its SKUs the cheapest."""
    first: dict[int, PriceAhead] = {}
    for item in sorted(event.items, key=lambda item: (item.price_before_fen, item.change_id)):
        first.setdefault(item.product_id, item)
    news = [
        News(
            member_id=member_id,
            wording="shop_price_ahead",
            key=f"shop_price_ahead:{first[product_id].change_id}:{member_id}",
            path=reverse("shop:product", args=[first[product_id].product_slug]),
            words={
                "product": first[product_id].product_name,
                "spec": first[product_id].spec,
                "before_fen": first[product_id].price_before_fen,
                "now_fen": first[product_id].price_after_fen,
                "effective_at": first[product_id].effective_at.isoformat(),
            },
        )
        for member_id, product_id in carried_by(product_ids=first)
    ]
    tell(news, at=event.at)


def _shop_news(item: ShopItemChanged, at: datetime) -> list[News]:
    off, nothing_left = StockMark.OFF.value, (StockMark.OUT.value, StockMark.OFF.value)
    before, after = item.price_before_fen, item.price_after_fen
    told: list[tuple[str, dict[str, Any]]] = []
    if before is not None and after is not None and before != after and item.stock_after != off:
        told.append(("shop_dearer" if after > before else "shop_cheaper", {"now_fen": after, "before_fen": before}))
    if item.stock_before != item.stock_after:
        wording = _SHOP_STOCK.get(item.stock_after)
        if item.stock_before in nothing_left and item.stock_after not in nothing_left:
            wording = "shop_back"
        if wording is not None:
            told.append((wording, {}))
    shop, product = reverse("agents:shop"), reverse("shop:product", args=[item.product_slug])
    return [
        News(
            member_id=item.member_id,
            wording=wording,
            key=f"{wording}:{item.item_id}:{at.timestamp():.6f}",
            path=shop if item.stock_after == off else product,
            words={"product": item.product_name, **words},
        )
        for wording, words in told
    ]


def tell_review_replied(event: ReviewReplied) -> None:
    news = News(
        member_id=event.member_id,
        wording="review_replied",
        key=f"review_replied:{event.review_id}",
        path=reverse("orders:review", args=[event.review_id]),
        words={"product": event.product_name},
    )
    tell([news], at=event.replied_at)


def tell_review_decided(event: ReviewDecided) -> None:
    news = News(
        member_id=event.member_id,
        wording="review_shown" if event.is_visible else "review_hidden",
        key=f"review_decided:{event.review_id}:{event.decided_at.timestamp():.0f}",
        path=reverse("orders:review", args=[event.review_id]),
        words={"product": event.product_name, "reason": event.reason},
    )
    tell([news], at=event.decided_at)


def tell_withdrawal(event: WithdrawalDecided) -> None:
    back = "withdrawal_returned" if event.returned else "withdrawal_rejected"
    news = News(
        member_id=event.member_id,
        wording="withdrawal_paid" if event.approved else back,
        key=f"withdrawal:{event.number}",
        path=reverse("agents:withdrawal", args=[event.number]),
        words={"number": event.number},
    )
    tell([news], at=event.at)


def tell_withdrawal_waits(event: WithdrawalWaits) -> None:
    news = News(
        member_id=event.member_id,
        wording="withdrawal_waits",
        key=f"withdrawal_waits:{event.number}",
        path=reverse("agents:withdrawal", args=[event.number]),
        words={"number": event.number},
    )
    tell([news], at=event.at)


def tell_adviser_bound(event: AdviserBound) -> None:
    """A customer who chose the adviser knows it already."""
    if event.reason == BindReason.CHOSEN:
        return
    news = News(
        member_id=event.customer_id,
        wording="adviser_bound",
        key=f"adviser_bound:{event.relation_id}",
        path=reverse("adviser:page"),
    )
    tell([news], at=event.at)


def tell_contest(event: ContestDecided) -> None:
    news = News(
        member_id=event.customer_id,
        wording="contest_upheld" if event.is_upheld else "contest_refused",
        key=f"contest:{event.contest_id}",
        path=reverse("adviser:page"),
        words={"answer": event.answer},
    )
    tell([news], at=event.at)


def tell_shopkeeper(event: ShopkeeperDecided) -> None:
    news = News(
        member_id=event.member_id,
        wording=f"shopkeeper_{event.state}",
        key=f"shopkeeper:{event.member_id}:{event.at.timestamp():.6f}",
        path=reverse("agents:join"),
        words={"reason": event.reason},
    )
    tell([news], at=event.at)


def tell_sample(event: SampleAnswered) -> None:
    news = News(
        member_id=event.member_id,
        wording=f"sample_{event.state}",
        key=f"sample:{event.number}:{event.state}",
        path=reverse("agents:samples"),
        words={"product": event.product_name, "reason": event.reason},
    )
    tell([news], at=event.at)


def tell_appeal(event: AppealAnswered) -> None:
    news = News(
        member_id=event.member_id,
        wording="appeal_decided" if event.is_decision else "appeal_answered",
        key=f"appeal:{event.appeal_id}:{event.post_id}",
        path=reverse("agents:appeal", args=[event.number]),
        words={"number": event.number},
    )
    tell([news], at=event.at)


def tell_paper(event: PaperNews) -> None:
    """The owners hear of each turn of a paper once; of goods that leave the shelf each time."""
    wording = _PAPERS[event.turn]
    words = {
        "title": event.title,
        "until": event.valid_until.isoformat() if event.valid_until else "",
        "reason": event.reason,
        "goods": "、".join(event.goods),
        "count": event.goods_count,
    }
    _tell_of_papers(event, wording, f"{event.paper_id}", words)


def tell_permit_missed(event: PermitMissed) -> None:
    """The owners hear once that goods lack a permit, and once that they left the shelf for that."""
    wording = "permit_missing_off" if event.is_off else "permit_missing"
    words = {
        "permit": str(Permit(event.permit).label),
        "until": event.due_date.isoformat(),
        "goods": "、".join(event.goods),
        "count": event.goods_count,
    }
    _tell_of_papers(event, wording, f"{event.supplier_id}:{event.permit}", words)


def _tell_of_papers(event: PaperNews | PermitMissed, wording: str, subject: str, words: dict[str, Any]) -> None:
    """Tell everybody whom the event names of a turn of the `subject`, and lead them to their papers."""
    news = [
        News(
            member_id=member_id,
            wording=wording,
            key=f"{wording}:{subject}:{member_id}:{event.at.timestamp():.0f}",
            path=reverse("supplier:suppliers_qualification_changelist"),
            words=words,
        )
        for member_id in event.member_ids
    ]
    tell(news, at=event.at)


def tell_application(event: ApplicationDecided) -> None:
    wording = _APPLICATIONS[Stage(event.stage)]
    news = News(
        member_id=event.member_id,
        wording=wording,
        key=f"{wording}:{event.application_id}:{event.at.timestamp():.0f}",
        path=reverse("onboarding:apply"),
        words={"name": event.shop_name, "reason": event.reason},
    )
    tell([news], at=event.at)


def _order(number: str) -> str:
    return reverse("orders:detail", args=[number])
