"""Who listens to what: the one page that says it. Listeners run in the publisher's transaction and only write rows."""

from linkage import inbox
from members.events import DayVisited, MembersJoined, ProfileCompleted
from orders.events import OrdersPaid, OrdersReceived, OrdersRefunded
from payouts.events import WithdrawalDecided

SUBSCRIPTIONS = {
    MembersJoined: (inbox.record_joins,),
    ProfileCompleted: (inbox.record_profile,),
    DayVisited: (inbox.record_visit,),
    OrdersPaid: (inbox.record_payments,),
    OrdersReceived: (inbox.record_receipts,),
    OrdersRefunded: (inbox.record_refunds,),
    WithdrawalDecided: (inbox.record_decision,),
}
