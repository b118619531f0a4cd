"""The demo's service: the help as a shop would write it, answers ready to use, and tickets in every state."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from mall.core.photos import Photo
from mall.pictures import SNAPSHOTS, draw_snapshot
from members.models import Member
from orders.models import Order
from service import commands
from service.commands import ArticleText
from service.models import Dispute, Message, Tag, Ticket, Topic

from .opening import Shop
from .people import ACCOUNTS, AGENT, CONSUMER

SOURCE = Path(__file__).with_name("help.toml")
READ_AFTER = timedelta(days=4)
SIDE = 750
EARNINGS = "earnings"
DISPUTED = "货不对版"
NOTED = "已看照片，等商家补充出库记录再裁定。"


@cache
def _written() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text())


def write_help(*, at: datetime) -> None:
    """Write the topics, articles and reply templates."""
    for place, topic in enumerate(_written()["topics"]):
        heading = commands.save_topic(name=topic["name"], slug=topic["slug"], icon=topic["icon"], position=place)
        for position, article in enumerate(topic["articles"]):
            commands.save_article(text=ArticleText(topic_id=heading.pk, position=position, **article), at=at)
    for position, template in enumerate(_written()["templates"]):
        commands.save_template(**template, position=position)


def serve_customers(*, shop: Shop, pictures: bool, at: datetime) -> int:
    """Open the tickets and let operators and suppliers answer them; what was told days ago was read."""
    phones = {account.name: account.phone for account in ACCOUNTS}
    members = {name: Member.objects.get(phone=phones[name]) for name in (CONSUMER, AGENT)}
    with transaction.atomic():
        Message.objects.filter(at__lt=at - READ_AFTER, read_at=None).update(read_at=F("at") + timedelta(hours=1))
        for number, told in enumerate(_written()["tickets"]):
            member = members[AGENT if told["topic"] == EARNINGS else CONSUMER]
            _serve(told, member, f"demo-{number}", shop, pictures, at - timedelta(hours=told["hours_ago"]))
    return len(_written()["tickets"])


def handle_disputes(*, shop: Shop, at: datetime) -> None:
    """Let an operator look at what the cases brought into the queue."""
    for dispute in Dispute.objects.order_by("pk"):
        commands.tag_item(item=dispute, tags=[_tag(DISPUTED)])
        if dispute.closed_at is None:
            commands.take_item(item=dispute, by=shop.reviewer)
            commands.note_on_dispute(dispute=dispute, by=shop.reviewer, text=NOTED, at=at - timedelta(hours=2))


def _serve(told: dict[str, Any], member: Member, key: str, shop: Shop, pictures: bool, at: datetime) -> None:
    order = _order(member, told["about"])
    ticket = commands.open_ticket(
        member=member,
        topic=Topic(told["topic"]),
        text=told["text"],
        order=order,
        photos=_photos(order, told["photos"]) if pictures else [],
        idempotency_key=key,
        reply_hours=settings.TICKET_REPLY_HOURS,
        resolve_hours=settings.TICKET_RESOLVE_HOURS,
        at=at,
    )
    commands.tag_item(item=ticket, tags=[_tag(name) for name in told.get("tags", ())])
    if "asked" in told and order is not None:
        _ask(ticket, order, told, shop, at + timedelta(hours=1))
    for place, words in enumerate(told.get("answers", ()), 3):
        commands.answer_ticket(ticket=ticket, by=shop.reviewer, text=words, at=at + timedelta(hours=place))
    if "note" in told:
        commands.note_on_ticket(ticket=ticket, by=shop.reviewer, text=told["note"], at=at + timedelta(hours=4))
    for place, words in enumerate(told.get("replies", ()), 6):
        commands.write_in_ticket(ticket=ticket, member=member, text=words, at=at + timedelta(hours=place))
    if told.get("closed"):
        commands.close_ticket(ticket=ticket, by=shop.reviewer, at=at + timedelta(hours=20))
        commands.praise_ticket(ticket=ticket, member=member, stars=told["stars"], words=told["praise"])


def _tag(name: str) -> Tag:
    return Tag.objects.filter(name=name).first() or commands.save_tag(name=name)


def _ask(ticket: Ticket, order: Order, told: dict[str, Any], shop: Shop, at: datetime) -> None:
    supplier = order.supplier
    commands.ask_supplier(ticket=ticket, supplier=supplier, by=shop.reviewer, text=told["asked"], at=at)
    commands.supplier_answers(
        ticket=ticket,
        supplier_id=supplier.pk,
        by=shop.keepers[supplier.pk],
        text=told["supplied"],
        at=at + timedelta(hours=1),
    )


def _order(member: Member, state: str) -> Order | None:
    """Return the member's latest order in that state, or just the latest."""
    if not state:
        return None
    own = Order.objects.filter(member=member).select_related("supplier").order_by("-placed_at")
    return own.filter(state=state).first() or own.first()


def _photos(order: Order | None, count: int) -> list[Photo]:
    line = order.lines.select_related("sku__product").first() if order and count else None
    if line is None:
        return []
    product = line.sku.product
    drawn = [
        draw_snapshot(product.slug, product.hue, product.silhouette, product.label, view) for view in SNAPSHOTS[:count]
    ]
    return [Photo(content=content, width=SIDE, height=SIDE) for content in drawn]
