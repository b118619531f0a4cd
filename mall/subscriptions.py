"""Who listens to what: the one page that says it. Listeners run in the publisher's transaction and only write rows."""

from agents.events import AppealAnswered, SampleAnswered, ShopItemsChanged
from integration import outbox as webhooks
from linkage import inbox, retail_inbox
from members.events import (
    AdviserBound,
    ContestDecided,
    DayVisited,
    MembersJoined,
    ProfileCompleted,
    ShopkeeperDecided,
)
from onboarding.events import ApplicationDecided
from orders.events import (
    CaseChanged,
    EnterpriseAnswered,
    EnterpriseAsked,
    LinesRefunded,
    OrderShipped,
    OrdersPaid,
    OrdersReceived,
    OrdersRefunded,
    ParcelMoved,
    ReviewDecided,
    ReviewReplied,
)
from payouts.events import WithdrawalDecided, WithdrawalWaits
from service import enterprise_inbox
from service import inbox as messages
from suppliers.events import PaperNews, PermitMissed, PricesAhead, StockArrived

SUBSCRIPTIONS = {
    MembersJoined: (inbox.record_joins,),
    ProfileCompleted: (inbox.record_profile,),
    DayVisited: (inbox.record_visit,),
    AdviserBound: (messages.tell_adviser_bound,),
    ContestDecided: (messages.tell_contest,),
    ShopkeeperDecided: (messages.tell_shopkeeper,),
    OrdersPaid: (inbox.record_payments, retail_inbox.record_sales, messages.tell_paid, webhooks.record_to_ship),
    OrderShipped: (messages.tell_shipped,),
    OrdersReceived: (inbox.record_receipts, retail_inbox.record_goods_received),
    OrdersRefunded: (
        inbox.record_refunds,
        retail_inbox.record_goods_returned,
        messages.tell_refunded,
        webhooks.record_cancelled,
    ),
    LinesRefunded: (
        retail_inbox.record_goods_kept,
        messages.tell_lines_refunded,
    ),
    CaseChanged: (messages.tell_case, messages.queue_dispute, webhooks.record_case),
    ParcelMoved: (messages.tell_parcel,),
    EnterpriseAsked: (enterprise_inbox.tell_asked,),
    EnterpriseAnswered: (enterprise_inbox.tell_answered,),
    StockArrived: (messages.tell_arrived,),
    PricesAhead: (messages.tell_prices_ahead,),
    PaperNews: (messages.tell_paper,),
    PermitMissed: (messages.tell_permit_missed,),
    ApplicationDecided: (messages.tell_application,),
    ShopItemsChanged: (messages.tell_shop_items,),
    ReviewReplied: (messages.tell_review_replied,),
    ReviewDecided: (messages.tell_review_decided,),
    SampleAnswered: (messages.tell_sample,),
    AppealAnswered: (messages.tell_appeal,),
    WithdrawalDecided: (inbox.record_decision, messages.tell_withdrawal),
    WithdrawalWaits: (messages.tell_withdrawal_waits,),
}
