"""Payout policies: version by version, and a form for the next one."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, posted, yuan_column
from mall.core.admin.columns import chip, moment, two_lines
from mall.core.admin.fields import HundredthsField
from mall.core.money import yuan
from payouts.commands import PolicyRefused, set_policy
from payouts.models import PayoutPolicy, TaxKind
from payouts.queries import limits_words, policy_in_force, policy_method

SET = "payouts.set_payout_policy"


class PolicyForm(forms.Form):
    """What withdrawals are asked under from an instant on."""

    starts_at = forms.DateTimeField(label=gettext_lazy("生效时间"), help_text=gettext_lazy("之后申请的提现按新政策"))
    min_fen = HundredthsField(unit="yuan", label=gettext_lazy("最低提现额（元）"))
    fee_bps = HundredthsField(unit="percent", label=gettext_lazy("平台服务费（%）"), help_text=gettext_lazy("占提现额"))
    tax_kind = forms.ChoiceField(
        label=gettext_lazy("个税算法"),
        choices=TaxKind.choices,
        help_text=gettext_lazy("适用哪一种由税务顾问确定：按次（2018 年第 61 号公告），累计（2025 年第 16 号公告）"),
    )
    tax_bps = HundredthsField(
        unit="percent",
        label=gettext_lazy("固定税率（%）"),
        required=False,
        help_text=gettext_lazy("只用于“固定比例”，另两种按税率表"),
    )
    day_count_max = forms.IntegerField(
        label=gettext_lazy("每日最多笔数"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=gettext_lazy("不限请留空"),
    )
    day_fen_max = HundredthsField(
        unit="yuan", label=gettext_lazy("每日最高金额（元）"), required=False, help_text=gettext_lazy("不限请留空")
    )
    one_at_a_time = forms.BooleanField(label=gettext_lazy("同时只能有一笔在处理"), required=False)

    def clean_starts_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        if starts_at < clock.now() - timedelta(minutes=1):
            raise forms.ValidationError(_("生效时间不能早于现在"))
        return starts_at

    def clean_tax_bps(self) -> int:
        return int(self.cleaned_data["tax_bps"] or 0)


@admin.register(PayoutPolicy, site=ops_site)
class PayoutPolicyAdmin(ActingAdmin):
    """Minimum, limits, fee and tax of withdrawals, version by version."""

    list_display = ("version", "starts", "limits", "fee", "tax", "maker", "since")
    fields = ("version", "starts", "min_yuan", "limits", "fee", "tax", "maker", "since")
    readonly_fields: ClassVar = ["starts", "min_yuan", "limits", "fee", "tax", "maker", "since"]
    list_select_related = ("set_by",)
    list_before_template = "ops/list_act.html"
    ordering: ClassVar[tuple[str, ...]] = ("-version",)

    min_yuan = yuan_column("min_fen", gettext_lazy("最低提现额"))
    since = moment_column("created_at", gettext_lazy("写入时间"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("制定新版本"), "list_act_href": reverse("ops:payouts_payoutpolicy_new")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        return [path("new/", self._page(self.new), name="payouts_payoutpolicy_new"), *super().get_urls()]

    @admin.display(description=gettext_lazy("生效时间"))
    def starts(self, policy: PayoutPolicy) -> SafeString | str:
        if policy.starts_at.year <= 1970:
            return _("开业起")
        if policy.starts_at > clock.now():
            return chip(_("%s 起") % moment(policy.starts_at), "info")
        return moment(policy.starts_at)

    @admin.display(description=gettext_lazy("限额"))
    def limits(self, policy: PayoutPolicy) -> SafeString:
        return two_lines(limits_words(policy=policy), _("同时只能一笔") if policy.one_at_a_time else "")

    @admin.display(description=gettext_lazy("服务费率"))
    def fee(self, policy: PayoutPolicy) -> str:
        return percent(policy.fee_bps)

    @admin.display(description=gettext_lazy("个税"))
    def tax(self, policy: PayoutPolicy) -> str:
        return percent(policy.tax_bps) if policy.tax_kind == TaxKind.FLAT else policy_method(policy=policy)

    @admin.display(description=gettext_lazy("制定人"))
    def maker(self, policy: PayoutPolicy) -> str:
        return str(policy.set_by or "—")

    def new(self, request: HttpRequest) -> HttpResponseBase:
        """Write the next version."""
        self.require(request, SET)
        now = clock.now()
        current = policy_in_force(at=now)
        record = reverse("ops:payouts_payoutpolicy_changelist")

        def run(data: dict[str, Any]) -> str:
            policy = set_policy(by=operator(request), **data)
            self.log_change(request, policy, _("制定付款政策"))
            return _("付款政策 v%(version)s 将于 %(at)s 生效。") % {
                "version": policy.version,
                "at": moment(policy.starts_at),
            }

        initial = {name: getattr(current, name) for name in PolicyForm.base_fields if name != "starts_at"}
        initial["starts_at"] = timezone.localtime(now + timedelta(hours=1)).strftime("%Y-%m-%d %H:00")
        form = PolicyForm(posted(request)) if request.method == "POST" else PolicyForm(initial=initial)
        return act_page(
            request,
            site=self.admin_site,
            title=_("制定付款政策"),
            form=form,
            run=run,
            refusals=(PolicyRefused,),
            done=record,
            back=record,
            button=_("写入新版本"),
            warning=_("生效后有人申请过提现，这个版本就不能再改，只能另写新版本。"),
            facts=[
                (_("现行版本"), f"v{current.version}"),
                (_("现行限额"), limits_words(policy=current)),
                (_("现行服务费"), percent(current.fee_bps)),
                (_("现行个税"), policy_method(policy=current)),
                (_("最低提现额"), yuan(current.min_fen)),
            ],
            context={"opts": self.opts},
        )


def percent(bps: int) -> str:
    """Basis points as people read them: `0.60%`."""
    return f"{bps // 100}.{bps % 100:02d}%"
