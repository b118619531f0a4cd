"""The rules as cards: what each looks for, what it has found, how often it was wrong, and setting it."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.columns import moment
from risk.commands import RiskRefused, set_rule
from risk.models import HitState, SignalKind
from risk.queries import Card, RuleInForce, cards, rule_history, rule_in_force
from risk.words import false_rate, measured, says

SET = "risk.set_risk_rule"
GROUPS: tuple[tuple[Any, tuple[SignalKind, ...]], ...] = (
    (
        gettext_lazy("同一批人"),
        (
            SignalKind.SAME_DEVICE,
            SignalKind.SAME_NETWORK,
            SignalKind.SAME_ADDRESS,
            SignalKind.SAME_PAYER,
            SignalKind.SAME_ACCOUNT,
        ),
    ),
    (
        gettext_lazy("拉人凑数"),
        (SignalKind.BURST, SignalKind.DUMMY_TWO, SignalKind.ONE_PACK, SignalKind.NO_SALES),
    ),
    (gettext_lazy("套取和转移"), (SignalKind.RING, SignalKind.LATE_REFUND, SignalKind.ACCOUNT_CHANGE)),
)


class RuleForm(forms.Form):
    """How a rule is set from the next run on."""

    is_on = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    threshold = forms.IntegerField(label=gettext_lazy("阈值"), error_messages={"required": gettext_lazy("请填写阈值")})
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写进版本记录，例如：一家人同住，误报太多。"),
        error_messages={"required": gettext_lazy("请写明原因")},
    )

    def __init__(self, data: Any = None, *, rule: RuleInForce) -> None:
        super().__init__(data, initial={"is_on": rule.is_on, "threshold": rule.threshold})
        measure = rule.measure
        field = self.fields["threshold"]
        field.widget.attrs |= {"min": measure.low, "max": measure.high, "inputmode": "numeric"}
        field.help_text = _("%(low)s 到 %(high)s；%(side)s算命中。") % {
            "low": measured(rule.kind, measure.low),
            "high": measured(rule.kind, measure.high),
            "side": _("不多于它") if measure.at_most else _("达到它"),
        }


@ops_site.page("risk/rules/", name="risk", permission="risk.view_hit")
def overview(request: HttpRequest) -> HttpResponseBase:
    """All rules, with their hits."""
    found = {card.rule.kind: card for card in cards()}
    total = list(found.values())
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("风险规则"),
        "groups": [(label, [_shown(found[kind]) for kind in kinds]) for label, kinds in GROUPS],
        "open": sum(card.open for card in total),
        "confirmed": sum(card.confirmed for card in total),
        "false_alarms": sum(card.false_alarms for card in total),
        "hits_href": reverse("ops:risk_hit_changelist"),
        "may_set": request.user.has_perm(SET),
    }
    return TemplateResponse(request, "ops/risk.html", context)


@ops_site.page("risk/rules/<slug:kind>/", name="risk_rule", permission=SET)
def rule_page(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Set a rule; below the form, how it was set before."""
    if kind not in SignalKind.values:
        raise Http404
    rule = rule_in_force(kind)
    label = str(SignalKind(kind).label)

    def run(data: dict[str, Any]) -> str:
        made = set_rule(
            kind=kind,
            is_on=data["is_on"],
            threshold=data["threshold"],
            reason=data["reason"],
            by=operator(request),
            at=clock.now(),
        )
        return _("%(rule)s 已更新为第 %(version)d 版，下一次核查起生效。") % {"rule": label, "version": made.version}

    return act_page(
        request,
        site=ops_site,
        title=label,
        form=RuleForm(posted(request), rule=rule),
        run=run,
        refusals=(RiskRefused,),
        done=reverse("ops:risk"),
        back=reverse("ops:risk"),
        button=_("保存为新版本"),
        facts=[(_("现在"), says(rule)), (_("版本"), f"v{rule.version}" if rule.version else _("初始设置"))],
        template="ops/risk_rule.html",
        context={"history": [_version(one) for one in rule_history(kind)]},
    )


def _shown(card: Card) -> dict[str, Any]:
    page = f"{reverse('ops:risk_hit_changelist')}?kind__exact={card.rule.kind}"
    return {
        "card": card,
        "says": says(card.rule),
        "rate": false_rate(card.false_percent),
        "seen": moment(card.last_seen_at),
        "set_href": reverse("ops:risk_rule", args=[card.rule.kind]),
        "all_href": page,
        "open_href": f"{page}&state__exact={HitState.OPEN.value}",
    }


def _version(one: Any) -> dict[str, Any]:
    return {
        "row": one,
        "threshold": measured(one.kind, one.threshold),
        "when": moment(one.set_at),
    }
