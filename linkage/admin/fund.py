"""The support fund: what is in it, what came and went, and grants to members."""

from typing import Any

from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledger.models import AccountKind
from ledger.queries import balance_fen, statement
from linkage.commands import GrantRefused, grant_from_fund
from linkage.models import EventKind, LinkageEvent
from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.fields import HundredthsField
from mall.core.ids import random_code
from mall.core.money import yuan
from members.models import Member

GRANT = "linkage.grant_from_fund"
ONCE_SECONDS = 24 * 3600


class MemberField(forms.CharField):
    """A member, by its number or its whole phone number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    def clean(self, value: Any) -> Any:
        word = "".join(str(super().clean(value)).split())
        found = Member.objects.filter(public_id=word).first()
        if found is None and word.removeprefix("+86").isdecimal():
            found = Member.objects.filter(phone=f"+86{word.removeprefix('+86')}").first()
        if found is None:
            raise forms.ValidationError(_("没有这个会员"))
        return found


class GrantForm(forms.Form):
    """Who gets how much, and why. `once` keeps a form that is sent twice from granting twice."""

    member = MemberField(label=gettext_lazy("会员"), help_text=gettext_lazy("会员号，或完整的 11 位手机号"))
    amount_fen = HundredthsField(unit="yuan", label=gettext_lazy("金额（元）"))
    reason = forms.CharField(
        label=gettext_lazy("发放原因"),
        max_length=120,
        help_text=gettext_lazy("写进结算事件，永久保存。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写发放原因")},
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=40)


@ops_site.page("linkage/fund/", name="linkage_fund", permission="ledger.view_account")
def fund(request: HttpRequest) -> HttpResponseBase:
    """The balance, the latest entries and the grants so far."""
    grants = LinkageEvent.objects.filter(kind=EventKind.GRANT, number__isnull=False).order_by("-id")[:20]
    people = Member.objects.in_bulk({one for grant in grants for one in (grant.member_id, grant.by_id) if one})
    context = {
        **ops_site.each_context(request),
        "title": _("帮扶基金"),
        "balance_fen": balance_fen(kind=AccountKind.SUPPORT_FUND),
        "lines": statement(kind=AccountKind.SUPPORT_FUND, limit=30),
        "grants": [
            {"event": grant, "member": people.get(grant.member_id or 0), "by": people.get(grant.by_id or 0)}
            for grant in grants
        ],
        "can_grant": request.user.has_perm(GRANT),
    }
    return TemplateResponse(request, "ops/fund.html", context)


@ops_site.page("linkage/fund/grant/", name="linkage_fund_grant", permission=GRANT)
def grant(request: HttpRequest) -> HttpResponseBase:
    """Grant to one member, with a reason."""

    def run(data: dict[str, Any]) -> str:
        member, once = data["member"], f"grant:{data['once']}"
        if member.pk == request.user.pk:
            raise GrantRefused(_("不能发放给自己"))
        if not cache.add(once, 1, ONCE_SECONDS):
            raise GrantRefused(_("这张表单已经提交过，请回到帮扶基金查看结果"))
        try:
            grant_from_fund(
                member=member,
                amount_fen=data["amount_fen"],
                by=operator(request),
                reason=data["reason"],
                at=clock.now(),
            )
        except GrantRefused:
            cache.delete(once)
            raise
        return _("已向 %(member)s 发放 %(amount)s。") % {"member": member, "amount": yuan(data["amount_fen"])}

    page = reverse("ops:linkage_fund")
    return act_page(
        request,
        site=ops_site,
        title=_("发放帮扶"),
        form=GrantForm(posted(request), initial={"once": random_code(20)}),
        run=run,
        refusals=(GrantRefused,),
        done=page,
        back=page,
        facts=[(_("基金余额"), yuan(balance_fen(kind=AccountKind.SUPPORT_FUND)))],
        button=_("确认发放"),
        warning=_("发放后立即进入会员的可提现余额（先抵扣追缴欠款），不能撤回。"),
    )
