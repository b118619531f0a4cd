"""Whole-order refunds that wait for a second person."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import suppliers.queries
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, operator, ops_site, person, posted, row_or_404
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.money import yuan
from mall.core.previews import refund_effects, sums_of
from orders.commands import approve_refund, reject_refund
from orders.commands.refund_asking import APPROVE, ASK
from orders.models import RefundRequest, RefundRequestState
from orders.queries.refund_sums import refunds_asked, rest_of_order
from orders.refusals import OrderRefused, Refusal

from .ops import NothingToFill, refund_facts

TONES = {RefundRequestState.WAITING: "warn", RefundRequestState.APPROVED: "good", RefundRequestState.REJECTED: "bad"}


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("驳回原因"),
        max_length=80,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请填写驳回原因")},
    )


@admin.register(RefundRequest, site=ops_site)
class RefundRequestAdmin(TabbedAdmin, ActingAdmin):
    """What waits for a second person first."""

    list_display = ("numbered", "buyer", "amount", "why", "state_chip", "eyes")
    list_display_links = ("numbered",)
    list_filter = ("state",)
    list_select_related = ("order__member", "asked_by", "decided_by")
    search_fields = ("order__number__exact",)
    search_help_text = gettext_lazy("订单号")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        count = str(refunds_asked()[:99].count() or "")
        return [
            Tab(state.value, state.label, count if state == RefundRequestState.WAITING else "")
            for state in RefundRequestState
        ]

    @admin.display(description=gettext_lazy("订单"))
    def numbered(self, row: RefundRequest) -> SafeString:
        return two_lines(row.order.number, moment(row.asked_at))

    @admin.display(description=gettext_lazy("买家"))
    def buyer(self, row: RefundRequest) -> SafeString:
        return person(row.order.member, masked=True)

    @admin.display(description=gettext_lazy("退款金额"))
    def amount(self, row: RefundRequest) -> str:
        return yuan(row.amount_fen)

    @admin.display(description=gettext_lazy("原因"))
    def why(self, row: RefundRequest) -> str:
        return row.reason

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, row: RefundRequest) -> SafeString:
        return _state(row)

    @admin.display(description=gettext_lazy("申请 → 确认"))
    def eyes(self, row: RefundRequest) -> SafeString:
        if row.decided_by is None:
            return two_lines(str(row.asked_by), _("等另一位同事确认"))
        return two_lines(f"{row.asked_by} → {row.decided_by}", moment(row.decided_at))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:object_id>/approve/", self._page(self.approve), name="orders_refundrequest_approve"),
            path("<int:object_id>/reject/", self._page(self.reject), name="orders_refundrequest_reject"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "orders.view_refundrequest")
        asked = self._found(object_id)
        effects = refund_effects(asked.order_id) if asked.state == RefundRequestState.WAITING else []
        context = {
            "original": asked,
            "asked": asked,
            "state": _state(asked),
            "facts": _facts(asked),
            "acts": self._acts(request, asked),
            "is_waiting": asked.state == RefundRequestState.WAITING,
            "effects": effects,
            "sums": sums_of(effects),
        }
        return self.record_page(
            request, template="ops/refund_request.html", title=_("退款 %s") % asked.order.number, context=context
        )

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Confirm the refund."""
        self.require(request, APPROVE)
        asked = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            approve_refund(request=asked, by=operator(request), at=clock.now())
            self.log_change(request, asked, _("确认整单退款"))
            return _("%(number)s 已退款，%(amount)s 正在原路退回。") % {
                "number": asked.order.number,
                "amount": yuan(asked.amount_fen),
            }

        warning = _("确认后马上退款，不能撤回。")
        if asked.order.packs:
            warning += _("这一单产生的奖励会全部扣回，可提现余额不足的部分记为欠款。")
        effects = refund_effects(asked.order_id)
        return self._decide(
            request,
            asked,
            form=NothingToFill(posted(request)),
            run=run,
            title=_("确认整单退款"),
            button=_("确认退款 %s") % yuan(asked.amount_fen),
            warning=warning,
            dangerous=True,
            template="ops/order_refund.html",
            context={"opts": self.opts, "original": asked, "effects": effects, "sums": sums_of(effects)},
        )

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Turn the asking down, or take one's own back."""
        self.require(request, ASK, APPROVE)
        asked = self._found(object_id)

        def run(data: dict[str, Any]) -> str:
            reject_refund(request=asked, reason=data["reason"], by=operator(request), at=clock.now())
            self.log_change(request, asked, _("驳回：%s") % data["reason"])
            return _("%s 的退款申请已驳回，没有动钱。") % asked.order.number

        return self._decide(
            request,
            asked,
            form=DeclineForm(posted(request)),
            run=run,
            title=_("驳回退款申请"),
            button=_("驳回"),
            context={"opts": self.opts, "original": asked},
        )

    def _decide(self, request: HttpRequest, asked: RefundRequest, **page: Any) -> HttpResponseBase:
        record = reverse("ops:orders_refundrequest_change", args=[asked.pk])
        return act_page(
            request,
            site=self.admin_site,
            refusals=(OrderRefused,),
            done=record,
            back=record,
            facts=_facts(asked),
            why_not=next((act["why"] for act in self._acts(request, asked) if act["address"] == request.path), ""),
            **page,
        )

    def _acts(self, request: HttpRequest, asked: RefundRequest) -> list[dict[str, Any]]:
        if asked.state != RefundRequestState.WAITING:
            return []
        user = operator(request)
        mine = asked.asked_by_id == user.pk
        seat = suppliers.queries.supplier_of(member=user)
        own = Refusal.REFUND_OWN_ORDER.label if asked.order.member_id == user.pk or seat == asked.order.supplier else ""
        may = "" if user.has_perm(APPROVE) else _("你没有确认退款的权限。")
        asker = Refusal.REFUND_OWN_ASKING.label if mine else ""
        acts = [
            ("approve", _("确认退款"), "verified_user", True, asker or own or may),
            ("reject", _("撤回申请") if mine else _("驳回"), "block", False, "" if mine else own or may),
        ]
        return [
            {
                "address": reverse(f"ops:orders_refundrequest_{act}", args=[asked.pk]),
                "label": label,
                "icon": icon,
                "dangerous": dangerous,
                "plain": act == "reject",
                "why": why,
            }
            for act, label, icon, dangerous, why in acts
        ]

    def _found(self, object_id: Any) -> RefundRequest:
        related = ("order__member", "order__supplier", "asked_by", "decided_by", "refund")
        return row_or_404(RefundRequest.objects.select_related(*related), object_id)


def _state(asked: RefundRequest) -> SafeString:
    return chip(asked.get_state_display(), TONES[RefundRequestState(asked.state)])


def _facts(asked: RefundRequest) -> list[tuple[Any, Any]]:
    order = asked.order
    facts = refund_facts(order, asked.amount_fen)
    facts[0] = (_("订单号"), link(reverse("ops:orders_order_change", args=[order.pk]), order.number))
    facts += [
        (_("退款原因"), asked.reason),
        (_("申请"), f"{asked.asked_by}，{moment(asked.asked_at)}"),
    ]
    if asked.state == RefundRequestState.WAITING:
        now_fen = rest_of_order(order=order).amount_fen
        if now_fen != asked.amount_fen:
            facts.append((_("现在可退"), _("%s，和申请时不同，请驳回后重新申请") % yuan(now_fen)))
    if asked.decided_by is not None:
        facts.append((_("确认"), f"{asked.decided_by}，{moment(asked.decided_at)}"))
    if asked.decline_reason:
        facts.append((_("驳回原因"), asked.decline_reason))
    if asked.refund is not None:
        facts.append((_("退款单号"), asked.refund.number))
    return facts
