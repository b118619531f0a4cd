"""Listeners that tell of requests of enterprises: suppliers that one waits, buyers what became of theirs."""

from django.urls import reverse

from orders.events import EnterpriseAnswered, EnterpriseAsked

from .commands import News, tell


def tell_asked(event: EnterpriseAsked) -> None:
    """Who answers at the supplier hears of it once."""
    tell(
        [
            News(
                member_id=member_id,
                wording="enterprise_asked",
                key=f"enterprise_asked:{event.number}:{member_id}",
                path=reverse("supplier:orders_enterpriserequest_change", args=[event.request_id]),
                words={"company": event.company_name, "goods": event.goods[0], "count": len(event.goods)},
            )
            for member_id in event.member_ids
        ],
        at=event.at,
    )


def tell_answered(event: EnterpriseAnswered) -> None:
    news = News(
        member_id=event.member_id,
        wording=f"enterprise_{event.state}",
        key=f"enterprise_{event.state}:{event.number}:{event.at.timestamp():.6f}",
        path=reverse("orders:enterprise-request", args=[event.number]),
        words={"number": event.number, "supplier": event.supplier_name, "reason": event.reason},
    )
    tell([news], at=event.at)
