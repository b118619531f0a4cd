"""A supplier's stock at a glance, what to buy and why, and purchases until they are received, at `/supplier/`."""

from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mall.core import clock
from mall.core.admin import act_page, posted
from mall.core.ids import SHANGHAI
from suppliers import commands, queries
from suppliers.admin.stock_chart import chart
from suppliers.commands import RestockRefused
from suppliers.models import Supplier, Warehouse
from suppliers.queries import StockLine

from .goods_pages import own_supplier
from .stock_forms import NothingToFill, PlanForm, ReceiveForm, RestockForm

TONES = {"out_soon": "bad", "below_safety": "warn", "bridged": "info", "slow": "", "normal": "good"}
# Days of cover: a label's bounds in days, and the tone of its bar.
BANDS = ((0, 7, "bad"), (7, 14, "warn"), (14, 28, "good"), (28, 60, "good"), (60, None, "info"))
LINES_SHOWN = 300


class StockPages:
    """Pages beside the list of SKUs. `admin_site` and `opts` are the admin's."""

    admin_site: Any
    opts: Any

    def board(self, request: HttpRequest) -> HttpResponseBase:
        """How each SKU stands, and of one of them why."""
        supplier, now = own_supplier(request), clock.now()
        lines = queries.stock_lines(supplier=supplier, at=now)
        part = request.GET.get("part", "")
        places = queries.warehouses_of(supplier=supplier)
        place = next((one for one in places if str(one.pk) == request.GET.get("warehouse")), None)
        shown = [line for line in lines if _in_part(line, part)]
        chosen = next((line for line in lines if str(line.sku.pk) == request.GET.get("sku")), None)
        chosen = chosen or (shown[0] if shown else None)
        counts = _at_place(supplier, place, shown)
        context = {
            "lines": [
                (line, _word(line.status), TONES[line.status], counts.get(line.sku.pk, line.sku.on_hand))
                for line in shown[:LINES_SHOWN]
            ],
            "places": places if len(places) > 1 else [],
            "place": place,
            "parts": [(key, label, sum(_in_part(line, key) for line in lines)) for key, label in _parts()],
            "part": part,
            "figures": figures(supplier, lines, now),
            "bands": _bands(lines),
            "chosen": chosen,
            "chosen_word": _word(chosen.status) if chosen else "",
            "chosen_tone": TONES[chosen.status] if chosen else "",
            "chart": chart(chosen, today=now.astimezone(SHANGHAI).date()) if chosen else None,
        }
        return self._shown(request, "supplier/stock.html", _("库存"), context)

    def plan(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say when a SKU runs low and how it is bought."""
        line = self._line(request, object_id)

        def run(data: dict[str, Any]) -> str:
            commands.set_stock_plan(sku=line.sku, **data)
            return _("%s 的备货设置已保存") % line.sku.code

        initial = {name: getattr(line.plan, name) for name in PlanForm.base_fields}
        back = f"{reverse('supplier:suppliers_sku_board')}?sku={line.sku.pk}"
        return act_page(
            request,
            site=self.admin_site,
            title=_("备货设置"),
            form=PlanForm(posted(request), initial=initial),
            run=run,
            refusals=(),
            done=back,
            back=back,
            button=_("保存"),
            facts=((_("规格"), str(line.sku)), (_("可售"), line.available), (_("在途"), line.inbound)),
            context={"opts": self.opts},
        )

    def restock(self, request: HttpRequest) -> HttpResponseBase:
        """Order what is missing: of one SKU, or of all that are."""
        supplier, now = own_supplier(request), clock.now()
        wanted = request.GET.get("sku", "")
        lines = [
            line
            for line in queries.stock_lines(supplier=supplier, at=now)
            if (str(line.sku.pk) == wanted if wanted else line.suggestion.quantity)
        ][:LINES_SHOWN]
        form = RestockForm(posted(request), lines=lines, today=now.astimezone(SHANGHAI).date())

        def run(data: dict[str, Any]) -> str:
            restock = commands.order_restock(
                supplier=supplier,
                items=form.items(),
                expected_date=data["expected_date"],
                note=data["note"],
                by=request.user,
                at=now,
            )
            return _("采购单 %s 已建好，件数已算进在途") % restock.number

        return act_page(
            request,
            site=self.admin_site,
            title=_("建采购计划"),
            form=form,
            run=run,
            refusals=(RestockRefused,),
            done=reverse("supplier:suppliers_restock_changelist"),
            back=reverse("supplier:suppliers_sku_board"),
            button=_("确认采购"),
            context={"opts": self.opts},
        )

    def receive(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Take in what came."""
        restock = self._restock(request, number)
        form = ReceiveForm(posted(request), restock=restock)

        def run(_data: dict[str, Any]) -> str:
            commands.receive_restock(restock=restock, items=form.items(), by=request.user, at=clock.now())
            return _("%s 已入库") % restock.number

        return self._act(request, restock, title=_("到货入库"), form=form, run=run)

    def call_off(self, request: HttpRequest, number: str) -> HttpResponseBase:
        """Expect no more of a purchase."""
        restock = self._restock(request, number)

        def run(_data: dict[str, Any]) -> str:
            commands.cancel_restock(restock=restock, at=clock.now())
            return _("%s 已取消") % restock.number

        form = NothingToFill(posted(request))
        warning = _("没到的件数不再算在途，已入库的不变。")
        return self._act(request, restock, title=_("取消采购"), form=form, run=run, warning=warning, dangerous=True)

    def _act(self, request: HttpRequest, restock: Any, *, title: str, form: Any, run: Any, **more: Any) -> Any:
        back = reverse("supplier:suppliers_restock_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(RestockRefused,),
            done=back,
            back=back,
            button=title,
            facts=((_("采购单号"), restock.number), (_("预计到货"), f"{restock.expected_date:%Y-%m-%d}")),
            context={"opts": self.opts},
            **more,
        )

    def _restock(self, request: HttpRequest, number: str) -> Any:
        found = queries.restock_of(supplier=own_supplier(request), number=number)
        if found is None:
            raise Http404
        return found

    def _line(self, request: HttpRequest, sku_id: int) -> StockLine:
        lines = queries.stock_lines(supplier=own_supplier(request), at=clock.now())
        found = next((line for line in lines if line.sku.pk == sku_id), None)
        if found is None:
            raise Http404
        return found

    def _shown(self, request: HttpRequest, template: str, title: str, context: dict[str, Any]) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, shown)


def figures(supplier: Supplier, lines: list[StockLine], at: datetime) -> list[dict[str, Any]]:
    """Return the figures over the list of stock."""
    board = reverse("supplier:suppliers_sku_board")
    soon = [line for line in lines if line.status == "out_soon"]
    low = [line for line in lines if line.available < line.plan.safety]
    inbound = sum(line.inbound for line in lines)
    month = at.astimezone(SHANGHAI).date().replace(day=1)
    tomorrow, before = at.astimezone(SHANGHAI).date() + timedelta(days=1), (month - timedelta(days=1)).replace(day=1)
    now_bps = queries.stock_out_bps(supplier=supplier, since=month, until=tomorrow, at=at)
    then_bps = queries.stock_out_bps(supplier=supplier, since=before, until=month, at=at)
    return [
        {
            "label": _("可售件数"),
            "value": f"{sum(line.available for line in lines):,}",
            "note": _("在途 %(pieces)d 件") % {"pieces": inbound} if inbound else _("没有在途"),
            "address": board,
        },
        {
            "label": _("7 天内断货"),
            "value": len(soon),
            "note": soon[0].sku.product.name if soon else _("没有"),
            "address": f"{board}?part=short",
            "tone": "bad" if soon else "",
        },
        {
            "label": _("低于安全库存"),
            "value": len(low),
            "note": "、".join(line.sku.product.name for line in low[:2]) or _("没有"),
            "address": f"{board}?part=short",
            "tone": "warn" if low else "",
        },
        {
            "label": _("本月缺货率"),
            "value": _rate(now_bps),
            "note": _("上月 %s") % _rate(then_bps),
            "address": board,
        },
    ]


def _at_place(supplier: Supplier, place: Warehouse | None, lines: list[StockLine]) -> dict[int, int]:
    """Return how many pieces of each SKU lie in a place; without one, nothing."""
    if place is None:
        return {}
    found = queries.stock_by_place(supplier=supplier)
    elsewhere = {line.sku.pk: found.get(line.sku.pk, {}) for line in lines}
    if place.is_default:
        return {line.sku.pk: line.sku.on_hand - sum(elsewhere[line.sku.pk].values()) for line in lines}
    return {sku_id: by_place.get(place.pk, 0) for sku_id, by_place in elsewhere.items()}


def _rate(bps: int | None) -> str:
    return "—" if bps is None else f"{bps // 100}.{bps % 100 // 10}%"


def _in_part(line: StockLine, part: str) -> bool:
    if part == "short":
        return line.status in ("out_soon", "below_safety")
    if part == "inbound":
        return bool(line.inbound)
    return line.status == "slow" if part == "slow" else True


def _parts() -> list[tuple[str, str]]:
    return [("", _("全部")), ("short", _("要补货")), ("inbound", _("有在途")), ("slow", _("动销慢"))]


def _word(status: str) -> str:
    return {
        "out_soon": _("要断货"),
        "below_safety": _("低于安全库存"),
        "bridged": _("在途能接上"),
        "slow": _("动销慢"),
        "normal": _("正常"),
    }[status]


def _bands(lines: list[StockLine]) -> list[dict[str, Any]]:
    """Return how many SKUs last for how long, each with the height of its bar of 40."""
    counted: list[dict[str, Any]] = []
    for low, high, tone in BANDS:
        days = [line.cover_tenths // 10 for line in lines if line.cover_tenths is not None]
        count = sum(low <= day and (high is None or day < high) for day in days)
        label = _("%(low)d–%(high)d 天") % {"low": low, "high": high} if high else _("%d 天以上") % low
        counted.append({"label": label, "count": count, "tone": tone})
    most = max((band["count"] for band in counted), default=0) or 1
    return [{**band, "height": max(3, band["count"] * 40 // most)} for band in counted]
