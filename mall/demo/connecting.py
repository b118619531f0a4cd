"""What the demo's supplier finds of its interface: a key whose text nobody has kept, and a webhook that is off."""

from datetime import datetime, timedelta

from integration.commands import make_key, note_act, switch_off
from integration.commands.webhooks import PURPOSE, new_secret
from integration.models import ActKind, EventKind, Scope, Webhook
from mall.core.sealing import seal
from suppliers.models import SupplierUser

SUPPLIER = "yanxu"
KEY = "仓库 ERP"
# A name that leads nowhere, ever (RFC 2606): it is written here because nobody could look it up.
ADDRESS = "https://erp.example.com/hooks/mall"
EVENTS = [EventKind.TO_SHIP.value, EventKind.CASE_OPENED.value]


def connect_a_system(*, at: datetime) -> None:
    """Let a supplier make a key, and set a webhook that it switched off again. Neither secret is told to anybody."""
    seat = SupplierUser.objects.filter(supplier__slug=SUPPLIER).select_related("member", "supplier").earliest("pk")
    owner, supplier = seat.member, seat.supplier
    made = at - timedelta(days=12)
    scopes = [Scope.ORDERS_READ.value, Scope.SHIPPING_WRITE.value, Scope.STOCK_READ.value]
    make_key(supplier=supplier, name=KEY, scopes=scopes, days=180, by=owner, at=made)
    webhook = Webhook.objects.create(
        supplier=supplier,
        url=ADDRESS,
        events=EVENTS,
        sealed=seal(new_secret(), purpose=PURPOSE),
        set_by=owner,
        set_at=made,
    )
    note_act(supplier=supplier, kind=ActKind.WEBHOOK_SET, by=owner, subject=ADDRESS, detail="、".join(EVENTS), at=made)
    switch_off(webhook=webhook, by=owner, at=at - timedelta(days=9))
