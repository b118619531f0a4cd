"""Settling an item: one says how, another confirms. No money moves here: that is done where orders and payouts are."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from reconciliation.models import Day, How, Item, ItemState

from .refusals import APPROVE, CHECK, ReconciliationRefused, need, words_of


def propose_item(*, item_id: int, how: str, note: str, by: Member, at: datetime) -> Item:
    """Say how a difference was settled, for somebody else to confirm. Raises ReconciliationRefused."""
    need(by, CHECK)
    words = words_of(note)
    if how not in How.values:
        raise ReconciliationRefused(_("请选择处理方式"))
    with transaction.atomic():
        item = _locked(item_id, ItemState.OPEN)
        item.state, item.how, item.note = ItemState.PROPOSED, how, words
        item.proposed_by, item.proposed_at = by, at
        item.save(update_fields=["state", "how", "note", "proposed_by", "proposed_at"])
    return item


def confirm_item(*, item_id: int, by: Member, at: datetime) -> Item:
    """Confirm how a difference was settled; who proposed it may not. Raises ReconciliationRefused."""
    need(by, APPROVE)
    with transaction.atomic():
        item = _locked(item_id, ItemState.PROPOSED)
        if item.proposed_by_id == by.pk:
            raise ReconciliationRefused(_("这一笔是你提交的，须由另一位同事复核"))
        item.state, item.confirmed_by, item.ended_at = ItemState.SETTLED, by, at
        item.save(update_fields=["state", "confirmed_by", "ended_at"])
    return item


def return_item(*, item_id: int, by: Member) -> Item:
    """Send a proposal back, or, as who made it, take it back: the item is open again. Raises ReconciliationRefused."""
    with transaction.atomic():
        item = _locked(item_id, ItemState.PROPOSED)
        need(by, CHECK if item.proposed_by_id == by.pk else APPROVE)
        item.state, item.how, item.note, item.proposed_by, item.proposed_at = ItemState.OPEN, "", "", None, None
        item.save(update_fields=["state", "how", "note", "proposed_by", "proposed_at"])
    return item


def _locked(item_id: int, state: ItemState) -> Item:
    """Return an item in this state, its day and itself locked, the day not closed."""
    found = Item.objects.filter(pk=item_id).values_list("day_id", flat=True).first()
    if found is None:
        raise ReconciliationRefused(_("没有这一笔"))
    if Day.objects.select_for_update().get(pk=found).is_locked:
        raise ReconciliationRefused(_("这一天已经关账，不能再改"))
    item = Item.objects.select_for_update().get(pk=item_id)
    if item.state != state:
        raise ReconciliationRefused(_("这一笔现在是“%s”，不能这样处理") % item.get_state_display())
    return item
