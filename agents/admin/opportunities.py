"""A supplier's opportunities at `/supplier/`: who sells what, who waits for it, and what commission may cost."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents import commands
from agents.commands import BudgetRefused
from agents.queries import opportunities as queries
from mall.core import clock
from mall.core.admin import act_page, posted, row_or_404, supplier_site
from mall.core.admin.fields import HundredthsField
from mall.core.money import percent, yuan
from mall.core.seats import may
from orders.models import RequestState
from orders.queries.enterprise import request_counts
from suppliers.models import Product
from suppliers.queries import supplier_of


@supplier_site.page("opportunities/", name="agents_opportunity_changelist")
def opportunities(request: HttpRequest) -> HttpResponse:
    """What shopkeepers sell of each product, and who waits for it; of one product, which shops."""
    at = clock.now()
    supplier = supplier_of(member=request.user)
    found = queries.chances(supplier=supplier, at=at)  # type: ignore[arg-type]
    chosen = next((one for one in found if str(one.product.pk) == request.GET.get("product")), None)
    context = {
        **supplier_site.each_context(request),
        "title": _("机会"),
        "chances": found,
        "chosen": chosen,
        "shops": queries.selling_shops(product=chosen.product, at=at) if chosen else [],
        "figures": _figures(found, request_counts(supplier=supplier).get(RequestState.ASKED, 0)),
        "may_offer": may(request, "agents_sellingoffer", "offer"),
        "may_budget": may(request, "agents_opportunity", "budget"),
    }
    return TemplateResponse(request, "supplier/opportunities.html", context)


class BudgetForm(forms.Form):
    """How much a month, in yuan; empty for no bound."""

    month_fen = HundredthsField(
        label=gettext_lazy("每月佣金预算（元）"),
        unit="¥",
        required=False,
        help_text=gettext_lazy("留空就不限；每分钟核对一次"),
    )


@supplier_site.page("opportunities/<int:product_id>/budget/", name="agents_opportunity_budget")
def budget(request: HttpRequest, product_id: int) -> HttpResponseBase:
    """Say what the commission of a product may cost in a month."""
    own = Product.objects.filter(supplier=supplier_of(member=request.user))
    product = row_or_404(own, product_id)
    known = queries.budgets_for(product_ids=[product.pk]).get(product.pk)

    def run(given: dict[str, Any]) -> str:
        commands.set_budget(product=product, month_fen=given["month_fen"], by=request.user, at=clock.now())
        return _("佣金预算已保存") if given["month_fen"] else _("佣金不再限预算")

    back = reverse("supplier:agents_opportunity_changelist")
    facts: list[tuple[Any, Any]] = [(_("商品"), product.name), (_("零售佣金"), percent(product.commission_bps))]
    if known is not None:
        facts += [(_("本月已用"), yuan(known.used_fen)), (_("本月预算"), yuan(known.month_fen))]
        facts += [(_("已暂停的佣金"), percent(known.paused_bps))] if known.paused_bps else []
        facts += [(_("没有恢复的原因"), known.trouble)] if known.trouble else []
    return act_page(
        request,
        site=supplier_site,
        title=_("佣金预算"),
        form=BudgetForm(posted(request), initial={"month_fen": known.month_fen if known else None}),
        run=run,
        refusals=(BudgetRefused,),
        done=back,
        back=back,
        button=_("保存"),
        facts=facts,
        warning=_("本月订单带的佣金达到预算后，新订单没有佣金，店主在选品页看得到；已下的订单照付。下个月自动恢复。"),
    )


def _figures(found: list[queries.Chance], asked: int) -> list[dict[str, Any]]:
    sold = [one for one in found if one.sales.orders_30]
    wanted = [one for one in found if one.waiting]
    page = reverse("supplier:agents_opportunity_changelist")
    return [
        {
            "label": _("有店主在卖的商品"),
            "value": sum(bool(one.shopkeepers) for one in found),
            "note": _("在架 %d 件") % len(found),
            "address": page,
        },
        {
            "label": _("店主近 30 天净销售额"),
            "value": yuan(sum(one.sales.net_30_fen for one in found)),
            "note": _("%d 件商品有成交") % len(sold),
            "address": page,
        },
        {
            "label": _("等到货"),
            "value": sum(one.waiting for one in found),
            "note": "、".join(one.product.name for one in wanted[:2]) or _("没有"),
            "address": page,
            "tone": "warn" if wanted else "",
        },
        {
            "label": _("待处理样品"),
            "value": sum(one.samples for one in found),
            "note": _("答复后店主会收到消息"),
            "address": reverse("supplier:agents_samplerequest_changelist"),
            "tone": "warn" if any(one.samples for one in found) else "",
        },
        {
            "label": _("企业询价待报价"),
            "value": asked,
            "note": _("报价后买家会收到消息"),
            "address": f"{reverse('supplier:orders_enterpriserequest_changelist')}?state__exact={RequestState.ASKED}",
            "tone": "warn" if asked else "",
        },
    ]
