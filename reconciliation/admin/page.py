"""The page of one day: traffic lights, three books side by side, what differs and why, and what always holds."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin import ops_site
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from reconciliation.commands import APPROVE, CHECK
from reconciliation.comparing import bounds
from reconciliation.models import CheckState, Day, DayState, Item, ItemState
from reconciliation.queries import closing_obstacles, day_of, items_of, last_check, past_items, steps_of, strip
from reconciliation.rules import EARNINGS, MONEY_IN_THREE_BOOKS, PATIENT, Cause, Part, gap_fen

from . import words

VIEW = "reconciliation.view_day"
DAY_TONES = {DayState.OPEN: "", DayState.CLOSING: "warn", DayState.CLOSED: "good", DayState.REOPENING: "warn"}
ITEM_TONES = {ItemState.OPEN: "bad", ItemState.PROPOSED: "warn", ItemState.SETTLED: "good", ItemState.GONE: "good"}


@ops_site.page("reconciliation/", name="reconciliation", permission=VIEW)
def reconciliation(request: HttpRequest) -> HttpResponseBase:
    """Yesterday, or the day that was asked for."""
    now = clock.now()
    today = now.astimezone(SHANGHAI).date()
    chosen = chosen_day(request, today)
    day = day_of(day=chosen)
    check = last_check(day=chosen) if day is not None else None
    items = list(items_of(day=day)) if day is not None else []
    waiting = [item for item in items if item.waits]
    item = next((one for one in items if str(one.pk) == request.GET.get("item", "")), None)
    item = item or next(iter(waiting), None)
    obstacles = closing_obstacles(day=day, is_over=now >= bounds(chosen)[1]) if day is not None else []
    context = {
        **ops_site.each_context(request),
        "title": _("对账"),
        "chosen": chosen,
        "day": day,
        "state": day.get_state_display() if day is not None else _("没有核对过"),
        "tone": DAY_TONES[DayState(day.state)] if day is not None else "",
        "days": _strip(chosen, today),
        "check": check if check is not None and (check.is_open or check.state != CheckState.DONE) else None,
        "step": words.STEPS.get(check.step, "") if check is not None else "",
        "tiles": tiles(day, items),
        "rows": rows(day, items),
        "total": total(day),
        "invariants": invariants(day),
        "items": [shown(one) for one in items],
        "item": detail(item) if item is not None else None,
        "why_not": obstacles[0] if obstacles else "",
        "steps": steps_of(day=day) if day is not None else [],
        "past": [shown(one) for one in past_items(until=today)],
        "may_check": request.user.has_perm(CHECK),
        "may_approve": request.user.has_perm(APPROVE),
        "is_asker": day is not None and day.asked_by_id == request.user.pk,
        "is_proposer": item is not None and item.proposed_by_id == request.user.pk,
    }
    return TemplateResponse(request, "ops/reconciliation.html", context)


def chosen_day(request: HttpRequest, today: date) -> date:
    """Return the day that the address names; without one yesterday. One that is to come is not found."""
    text = request.GET.get("day", "")
    if not text:
        return today - timedelta(days=1)
    return parsed_day(text, today)


def parsed_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if not date(2000, 1, 1) <= day <= today:
        raise Http404
    return day


def _strip(chosen: date, today: date) -> list[dict[str, Any]]:
    until = min(today, chosen + timedelta(days=2))
    found = []
    for day, (state, waiting) in strip(until=until).items():
        if not state:
            tone, label = "", _("没有核对过")
        elif state == DayState.CLOSED:
            tone, label = "good", _("已关账")
        elif waiting:
            tone, label = "bad", _("%d 笔没平") % waiting
        else:
            tone, label = "open", _("对上了，未关账")
        found.append({"date": day, "tone": tone, "label": label, "is_chosen": day == chosen})
    return found


def tiles(day: Day | None, items: list[Item]) -> list[dict[str, Any]]:
    """Return the five traffic lights: green where two books agree, amber where somebody has to wait, red else."""
    pairs = (
        (_("订单 ↔ 支付渠道"), MONEY_IN_THREE_BOOKS, "document", "channel"),
        (_("订单 ↔ 账本"), MONEY_IN_THREE_BOOKS, "document", "ledger"),
        (_("支付渠道 ↔ 账本"), MONEY_IN_THREE_BOOKS, "channel", "ledger"),
        (_("奖励 ↔ 账本"), EARNINGS, "document", "ledger"),
        (_("提现 ↔ 渠道和账本"), (Part.PAYOUT,), "document", "channel"),
    )
    return [_tile(day, items, *pair) for pair in pairs]


def _tile(
    day: Day | None, items: list[Item], title: str, parts: tuple[Part, ...], one: str, other: str
) -> dict[str, Any]:
    found = [row for row in _figures(day) if row["part"] in parts]
    both = [row for row in found if row[one] is not None and row[other] is not None]
    counts = [sum(row[book][0] for row in both) for book in (one, other)]
    money = sum(abs(row[one][1]) for row in both)
    mine = [item for item in items if item.part in parts and item.waits]
    if Part.PAYOUT not in parts:
        mine = [item for item in mine if getattr(item, f"{one}_fen") != getattr(item, f"{other}_fen")]
        if "channel" in (one, other):
            mine += [item for item in items if item.waits and item.part in parts and item.cause == Cause.REFERENCE]
    patient = bool(mine) and all(item.cause in PATIENT for item in mine)
    gap = sum(gap_fen(getattr(item, f"{other}_fen"), getattr(item, f"{one}_fen")) for item in mine)
    if day is None or day.checked_at is None:
        tone, icon, note = "", "remove", _("没有核对过")
    elif not mine:
        tone, icon = "good", "check"
        note = _("%(count)d 笔 %(sum)s") % {"count": counts[0], "sum": yuan(money)} if found else _("当天没有")
    else:
        tone, icon = ("warn", "schedule") if patient else ("bad", "priority_high")
        note = _("%(count)d 笔没对上，差 %(gap)s") % {"count": len(mine), "gap": yuan(abs(gap))}
    light = {"good": _("对上了"), "warn": _("在等"), "bad": _("没对上"), "": ""}[tone]
    return {"title": title, "tone": tone, "icon": icon, "note": note, "light": light}


def _figures(day: Day | None) -> list[dict[str, Any]]:
    return list(day.figures.get("rows", [])) if day is not None else []


def rows(day: Day | None, items: list[Item]) -> list[dict[str, Any]]:
    """Return the table: each row with three books, and how far they lie apart."""
    shown_rows = []
    for row in _figures(day):
        books = [row[book] for book in ("document", "channel", "ledger")]
        sums = [book[1] for book in books if book is not None]
        far = max(sums, key=lambda fen: abs(fen - sums[0])) - sums[0]
        mine = [item for item in items if (item.part, item.provider) == (row["part"], row["provider"])]
        waiting = any(item.waits for item in mine)
        shown_rows.append(
            {
                "name": words.part_name(row["part"], row["provider"]),
                "note": words.NOTES[Part(row["part"])],
                "books": books,
                "gap_fen": far,
                "tone": "bad" if waiting else "good",
                "is_settled": bool(mine) and not waiting,
            }
        )
    return shown_rows


def total(day: Day | None) -> list[tuple[int, int] | None]:
    """Return the last line: money that came and went, over the rows that stand in three books."""
    found = [row for row in _figures(day) if row["part"] in (*MONEY_IN_THREE_BOOKS, Part.PAYOUT)]
    return [
        (sum(row[book][0] for row in found if row[book]), sum(row[book][1] for row in found if row[book]))
        for book in ("document", "channel", "ledger")
    ]


def invariants(day: Day | None) -> list[dict[str, Any]]:
    """Return what always has to hold, as the last check counted it."""
    found = day.figures.get("invariants", []) if day is not None else []
    return [
        {
            "label": words.INVARIANTS[one["name"]],
            "holds": one["one"] == one["other"],
            "value": _("%d 个不符") % one["one"]
            if one["name"] == "replayed" and one["one"]
            else ("" if one["name"] == "replayed" else yuan(one["other"])),
            "gap": yuan(one["one"] - one["other"]) if one["name"] != "replayed" and one["one"] != one["other"] else "",
            "parts": [(label, one["parts"][name]) for name, label in words.EARNED.items() if name in one["parts"]],
        }
        for one in found
    ]


def shown(item: Item) -> dict[str, Any]:
    """Return an item as lists show it."""
    return {
        "item": item,
        "name": words.part_name(item.part, item.provider),
        "cause": words.CAUSES[Cause(item.cause)],
        "cause_tone": "warn" if item.cause in PATIENT else "bad",
        "heading": words.heading(item),
        "state": item.get_state_display(),
        "tone": ITEM_TONES[ItemState(item.state)],
        "number": item.title or item.number or _("整天"),
        "address": f"{reverse('ops:reconciliation')}?day={item.day.date.isoformat()}&item={item.pk}",
    }


def detail(item: Item) -> dict[str, Any]:
    """Return an item with its probable cause and how it came about."""
    return {
        **shown(item),
        "why": words.WHY[Cause(item.cause)],
        "told": words.told(item),
        "how": item.get_how_display() if item.how else "",
        "is_late": item.date != item.day.date,
        "can_ask": item.waits and item.cause == Cause.LATE_NOTICE and item.part in MONEY_IN_THREE_BOOKS,
    }
