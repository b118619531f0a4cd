"""Appeals, for their members and for operators; and what of a member's own can be doubted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.models import Appeal, AppealPhoto, AppealPost, AppealState, Speaker, Subject
from linkage.models import Commission, Reward
from mall.core.money import yuan
from members.models import Member
from payouts.models import Withdrawal

from .why import order_in_sight

SHOWN_TO_MEMBER = (Speaker.MEMBER, Speaker.OPERATOR, Speaker.DECISION)


@dataclass(frozen=True, slots=True)
class AppealSubject:
    """What an appeal would be about: found for its member, so it is theirs to doubt."""

    kind: Subject
    id: int
    label: str
    path: str
    key: str


def appeal_subject(*, member: Member, key: str) -> AppealSubject | None:
    """Return what `key` names (`reward-12`, `commission-12`, `withdrawal-TX…`, `order-HJ…`) if it is the member's own,
    or an order of which the member may ask why there was nothing."""
    kind, _sign, name = key.partition("-")
    if kind not in Subject.values or not name or len(name) > 40 or "\x00" in name:
        return None
    finders = {
        Subject.REWARD: _reward,
        Subject.COMMISSION: _commission,
        Subject.WITHDRAWAL: _withdrawal,
        Subject.ORDER: _order,
    }
    found = finders[Subject(kind)](member, name)
    return None if found is None else AppealSubject(Subject(kind), *found, key)


def subject_path(*, appeal: Appeal) -> str:
    """Return the member's page of what an appeal is about; empty where there is none."""
    if appeal.subject == Subject.REWARD:
        return reverse("agents:trace", args=[appeal.subject_id])
    if appeal.subject == Subject.COMMISSION:
        return reverse("agents:commission", args=[appeal.subject_id])
    if appeal.subject == Subject.WITHDRAWAL:
        number = Withdrawal.objects.filter(pk=appeal.subject_id).values_list("number", flat=True).first()
        return reverse("agents:withdrawal", args=[number]) if number else ""
    return reverse("agents:why") if appeal.subject == Subject.ORDER else ""


def appeals_page(*, member: Member, before: int | None, limit: int) -> list[Appeal]:
    """Return a member's appeals, newest first, or those before one."""
    rows = Appeal.objects.filter(member=member).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


def appeal_of(*, member: Member, number: str) -> Appeal | None:
    """Return one of the member's own appeals."""
    return Appeal.objects.filter(member=member, number=number).first()


def open_appeal_about(*, member: Member, subject: AppealSubject) -> Appeal | None:
    """Return the member's open appeal about something."""
    return Appeal.objects.filter(
        member=member, subject=subject.kind, subject_id=subject.id, state=AppealState.OPEN
    ).first()


def posts_for_member(*, appeal: Appeal) -> list[AppealPost]:
    """Return what was said and decided, oldest first, with photos, without notes."""
    return list(_posts(appeal).filter(speaker__in=SHOWN_TO_MEMBER))


def posts_for_operators(*, appeal: Appeal) -> list[AppealPost]:
    """Return everything that was said, decided or noted."""
    return list(_posts(appeal).select_related("written_by"))


def own_photo(*, member: Member, number: str, photo_id: int) -> AppealPhoto | None:
    """Return a photo of one of the member's own appeals."""
    return AppealPhoto.objects.filter(post__appeal__member=member, post__appeal__number=number, pk=photo_id).first()


def appeal_photo(*, photo_id: int) -> AppealPhoto | None:
    """Return a photo of any appeal, for an operator."""
    return AppealPhoto.objects.filter(pk=photo_id).first()


def queue_counts() -> dict[str, int]:
    """Return how many appeals are open, and how many of them are overdue."""
    return Appeal.objects.filter(state=AppealState.OPEN).aggregate(
        open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=Now()))
    )


def _posts(appeal: Appeal) -> QuerySet[AppealPost]:
    photos = Prefetch("photos", AppealPhoto.objects.order_by("id"))
    return AppealPost.objects.filter(appeal=appeal).prefetch_related(photos).order_by("at", "id")


Found = tuple[int, str, str]


def _reward(member: Member, name: str) -> Found | None:
    if not _is_id(name):
        return None
    reward = Reward.objects.select_related("order__order").filter(pk=int(name), member=member).first()
    if reward is None:
        return None
    label = _("%(kind)s %(amount)s · 订单 %(number)s") % {
        "kind": reward.get_kind_display(),
        "amount": yuan(reward.amount_fen),
        "number": reward.order.order.number,
    }
    return reward.pk, label, reverse("agents:trace", args=[reward.pk])


def _commission(member: Member, name: str) -> Found | None:
    if not _is_id(name):
        return None
    found = Commission.objects.select_related("order").filter(pk=int(name), member=member).first()
    if found is None:
        return None
    label = _("零售佣金 %(amount)s · 订单 %(number)s") % {
        "amount": yuan(found.amount_fen),
        "number": found.order.number,
    }
    return found.pk, label, reverse("agents:commission", args=[found.pk])


def _withdrawal(member: Member, name: str) -> Found | None:
    asked = Withdrawal.objects.filter(number=name, member=member).first()
    if asked is None:
        return None
    label = _("提现 %(amount)s · %(number)s") % {"amount": yuan(asked.amount_fen), "number": asked.number}
    return asked.pk, label, reverse("agents:withdrawal", args=[asked.number])


def _order(member: Member, name: str) -> Found | None:
    order = order_in_sight(member=member, number=name)
    if order is None:
        return None
    return order.pk, _("订单 %(number)s 没有收益") % {"number": order.number}, reverse("agents:why")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
