"""In whose name members are paid, and correcting a name that was used already."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, person, posted
from mall.core.admin.columns import chip, link, moment
from payouts.commands import AccountRefused, correct_payee
from payouts.models import Payee, PayeeCorrection

CORRECT = "payouts.correct_payee"
TEXT_MAX = 200


class CorrectionForm(forms.Form):
    """The right name, why the old one was wrong, and what shows it."""

    # The trail knows these two by name, and leaves them out.
    real_name = forms.CharField(
        label=gettext_lazy("正确的姓名"),
        max_length=30,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=gettext_lazy("正确的身份证号"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("证件号没有错就不填"),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("更正原因"),
        max_length=TEXT_MAX,
        help_text=gettext_lazy("例如：登记时写错一个字；改名"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=TEXT_MAX,
        help_text=gettext_lazy("看过什么材料、在哪个工单里，例如：工单 GD2611290001 里的身份证和派出所改名证明"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(Payee, site=ops_site)
class PayeeAdmin(ActingAdmin):
    """Names and the tails of numbers; neither is ever shown whole."""

    list_display = ("who", "masked_name", "number", "registered", "used_chip", "state_chip", "act")
    list_display_links = ("who",)
    list_filter = ("is_current", "used")
    search_fields = ("member__public_id__exact", "member__phone__endswith", "member__nickname", "id_tail__exact")
    search_help_text = gettext_lazy("会员号、手机尾号、昵称、证件尾号")
    list_select_related = ("member",)
    ordering: ClassVar[tuple[str, ...]] = ("-id",)

    registered = moment_column("registered_at", gettext_lazy("登记时间"))

    @admin.display(description=gettext_lazy("会员"))
    def who(self, payee: Payee) -> SafeString:
        return person(payee.member, masked=True)

    @admin.display(description=gettext_lazy("证件"))
    def number(self, payee: Payee) -> str:
        return f"…{payee.id_tail}"

    @admin.display(description=gettext_lazy("提现"))
    def used_chip(self, payee: Payee) -> SafeString | str:
        return chip(_("用过")) if payee.used else "—"

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, payee: Payee) -> SafeString:
        return chip(_("当前"), "good") if payee.is_current else chip(_("以前的"))

    @admin.display(description=gettext_lazy("处理"))
    def act(self, payee: Payee) -> SafeString | str:
        if not (payee.is_current and payee.used):
            return "—"
        return link(reverse("ops:payouts_payee_correct", args=[payee.pk]), _("更正"))

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:object_id>/correct/", self._page(self.correct), name="payouts_payee_correct")]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One name: where it came from, and what took its place."""
        self.require(request, "payouts.view_payee")
        payee = self.get_object(request, object_id)
        if payee is None:
            raise Http404
        may_act = payee.is_current and payee.used and request.user.has_perm(CORRECT)
        acts = [(reverse("ops:payouts_payee_correct", args=[payee.pk]), _("更正实名"), "")] if may_act else []
        context = {
            "original": payee,
            "heading": payee.masked_name,
            "chip": self.state_chip(payee),
            "facts": [*_facts(payee), *_corrections(payee)],
            "acts": acts,
        }
        return self.record_page(request, template="ops/record.html", title=_("收款实名"), context=context)

    def correct(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Put the right name in the place of the wrong one."""
        self.require(request, CORRECT)
        payee = Payee.objects.select_related("member").filter(pk=object_id, is_current=True).first()
        if payee is None:
            raise Http404

        def run(data: dict[str, Any]) -> str:
            name = data.pop("real_name")
            after = correct_payee(member=payee.member, name=name, by=operator(request), at=clock.now(), **data)
            self.log_change(request, after, _("更正实名：%s") % data["reason"])
            return _("已更正为 %s。收款账户要过 72 小时才能提现。") % after.masked_name

        back = reverse("ops:payouts_payee_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("更正实名"),
            form=CorrectionForm(posted(request)),
            run=run,
            refusals=(AccountRefused,),
            done=back,
            back=back,
            button=_("更正实名"),
            warning=_("已经付过的提现仍按原来的姓名报税；更正后 72 小时内不能提现。"),
            facts=_facts(payee),
            context={"opts": self.opts},
            dangerous=True,
        )


def _facts(payee: Payee) -> list[tuple[Any, Any]]:
    return [
        (_("会员"), person(payee.member, masked=True)),
        (_("姓名"), payee.masked_name),
        (_("证件"), payee.masked_id),
        (_("登记时间"), moment(payee.registered_at)),
        (_("用于提现"), _("用过") if payee.used else _("还没有")),
    ]


def _corrections(payee: Payee) -> list[tuple[Any, Any]]:
    """What came before and after a name, by whom and on what evidence."""
    found = PayeeCorrection.objects.select_related("before", "after", "corrected_by")
    rows: list[tuple[Any, Any]] = []
    for row in found.filter(before=payee) | found.filter(after=payee):
        rows += [
            (_("更正"), _("%(before)s 改为 %(after)s") % {"before": row.before, "after": row.after}),
            (_("更正原因"), row.reason),
            (_("依据"), row.evidence),
            (_("更正人"), f"{row.corrected_by}，{moment(row.corrected_at)}"),
        ]
    return rows
