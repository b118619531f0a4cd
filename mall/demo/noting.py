"""What advisers have written down about their customers, and the ranks of service."""

from datetime import datetime, timedelta

from django.utils import timezone

from agents import commands
from agents.models import RankEntry
from members.models import AdviserRelation

from .people import AGENT, PHONES

ADVISERS = 4
CUSTOMERS = 9
TAGS = (("爱喝茶",), ("宝妈", "要发票"), ("送礼多",), (), ("爱喝茶", "控糖"), ("企业采购",), (), ("新客",), ("宝妈",))
NOTES = (
    "上次说岩茶偏浓，下次推荐清香型。",
    "孩子对花生过敏，零食先看配料。",
    "每月 15 日前后补一次米。",
    "中秋给公司订礼盒，提前三周联系。",
    "只在晚上八点后回消息。",
)
REMINDERS = (
    (0, "问问新茶喝得惯吗"),
    (0, "礼盒打样到了，发图给 TA 看"),
    (3, "差不多该补米了"),
    (9, "满月礼，问问还缺什么"),
)
NAMES = ("岩上茶铺", "小满的厨房", "向阳好物")


def write_down(*, at: datetime) -> None:
    """Let the demo's partner and a few other advisers keep tags, notes and reminders about their customers."""
    standing = AdviserRelation.objects.filter(ended_at=None, until__gt=at).select_related("adviser", "customer")
    of_agent = standing.filter(adviser__phone=PHONES[AGENT]).order_by("pk")[:CUSTOMERS]
    others = standing.exclude(adviser__phone=PHONES[AGENT]).order_by("adviser", "pk")[: ADVISERS * 2]
    for place, relation in enumerate([*of_agent, *others]):
        adviser, public_id = relation.adviser, relation.customer.public_id
        for name in TAGS[place % len(TAGS)]:
            commands.add_tag(adviser=adviser, public_id=public_id, name=name, at=at)
        if place % 2 == 0:
            text = NOTES[place // 2 % len(NOTES)]
            commands.write_note(adviser=adviser, public_id=public_id, text=text, at=at)
        if place % 2 == 1:
            days, text = REMINDERS[place // 2 % len(REMINDERS)]
            due_date = timezone.localtime(at).date() + timedelta(days=days)
            commands.set_reminder(adviser=adviser, public_id=public_id, due_date=due_date, text=text, at=at)


def rank_shopkeepers(*, at: datetime) -> None:
    """Count the ranks, and let some be named in them."""
    commands.count_ranks(at=at)
    listed = RankEntry.objects.select_related("member").order_by("place", "member_id")
    named: list[int] = []
    for entry in listed:
        if entry.member_id not in named and len(named) < len(NAMES):
            commands.show_name(member=entry.member, name=NAMES[len(named)], at=at)
            named.append(entry.member_id)
