"""What waits at the platform about shopkeepers and their customers when the demo ends, and what agents have signed."""

from datetime import datetime, timedelta

import members.commands
from linkage.models import Rank
from members.models import AdviserRelation, ConsentKind, Member, Shopkeeper

from .opening import Shop
from .people import AGENT, CONSUMER, NEWCOMER, PHONES

STATEMENTS = ("开瑜伽馆，学员常问护肤和茶饮", "母婴群群主，群里五百位妈妈")
REFUSED_STATEMENT = "想试试"
REFUSAL = "请写一写熟悉哪类商品、打算怎样介绍，再申请一次"
CONTEST = "我没有打开过这个人的链接，是在茶室自己扫的店里的码"


def tend_relations(*, shop: Shop, at: datetime) -> None:
    """Leave applications, a refusal, a contest and a change behind, each made by its own command."""
    sign_agents()
    asking = _strangers(at)
    for member in asking[:1]:
        refused = members.commands.apply_as_shopkeeper(
            member=member, statement=REFUSED_STATEMENT, agreed=True, at=at - timedelta(days=4)
        )
        members.commands.refuse_shopkeeper(
            shopkeeper=refused, reason=REFUSAL, by=shop.reviewer, at=at - timedelta(days=3)
        )
    for member, statement, hours in zip(asking[1:], STATEMENTS, (30, 5), strict=False):
        members.commands.apply_as_shopkeeper(
            member=member, statement=statement, agreed=True, at=at - timedelta(hours=hours)
        )
    bound = _customers(at)
    if len(bound) > 1:
        members.commands.contest_adviser(member=bound[0].customer, words=CONTEST, at=at - timedelta(hours=8))
        other = Shopkeeper.objects.select_related("member").exclude(pk=bound[1].adviser_id)
        code = other.filter(state="approved").order_by("pk")[0].member.referral_code
        members.commands.change_adviser(member=bound[1].customer, code=code, at=at - timedelta(days=2))


def sign_agents() -> None:
    """Write down that whoever is an agent signed the agreement."""
    agents = list(Member.objects.filter(position__rank__gt=Rank.CONSUMER).order_by("joined_at", "pk"))
    if agents:
        members.commands.import_consents(kind=ConsentKind.AGENT, members=agents, at=agents[0].joined_at)


def _strangers(at: datetime) -> list[Member]:
    """Return who only shops and is nobody's customer, who came first before all others."""
    told = [PHONES[name] for name in (AGENT, CONSUMER, NEWCOMER)]
    free = Member.objects.filter(is_staff=False, supplier_seat=None, shopkeeper=None, adviser_relations=None)
    free = free.filter(joined_at__lt=at - timedelta(days=5)).exclude(position__rank__gt=Rank.CONSUMER)
    return list(free.exclude(phone__in=told).order_by("joined_at", "pk")[:3])


def _customers(at: datetime) -> list[AdviserRelation]:
    """Return the two newest relations, older than three days, of people of whom the story does not tell."""
    standing = AdviserRelation.objects.filter(ended_at=None, until__gt=at, since__lt=at - timedelta(days=3))
    standing = standing.exclude(customer__phone=PHONES[CONSUMER])
    return list(standing.select_related("customer").order_by("-since", "-pk")[:2])
