"""Holds of members' payouts: who placed them and why, and letting them go."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, person, posted
from mall.core.admin.columns import chip, link, moment, two_lines
from members.models import Member
from payouts.commands import HoldRefused, place_hold, release_hold
from payouts.models import PayoutHold

HOLD = "payouts.hold_payouts"
TEXT_MAX = 200


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=TEXT_MAX, help_text=help_text, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )


class HoldForm(forms.Form):
    """Why nothing is paid to a member for now."""

    reason = _text(gettext_lazy("原因"), gettext_lazy("只有同事看得到：看到了什么，要核对什么。"))
    words = _text(gettext_lazy("给会员的话"), gettext_lazy("会员会看到原文，例如：正在核对收款信息，预计 2 个工作日。"))


class NewHoldForm(HoldForm):
    public_id = forms.CharField(label=gettext_lazy("会员号"), max_length=32)
    field_order = ("public_id", "reason", "words")

    def clean_public_id(self) -> str:
        found = Member.objects.filter(public_id=self.cleaned_data["public_id"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("没有这位会员"))
        self.member = found
        return found.public_id


class ReleaseForm(forms.Form):
    reason = _text(gettext_lazy("解除的原因"), gettext_lazy("核对的结果，留作记录。"))


@admin.register(PayoutHold, site=ops_site)
class PayoutHoldAdmin(ActingAdmin):
    """Who is not paid at present, and who was not for a while."""

    list_display = ("who", "why", "placed", "state_chip", "act")
    list_display_links = ("who",)
    list_filter = ("placed_at",)
    search_fields = ("member__public_id__exact", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("会员号、手机尾号、昵称")
    list_select_related = ("member", "placed_by", "released_by")
    list_before_template = "ops/list_act.html"
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    fields = ("who", "reason", "words", "placed", "ended")
    readonly_fields: ClassVar = ["who", "placed", "ended"]

    placed_at_column = moment_column("placed_at", gettext_lazy("开始时间"))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("暂停一位会员的提现"), "list_act_href": reverse("ops:payouts_payouthold_place")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    @admin.display(description=gettext_lazy("会员"))
    def who(self, hold: PayoutHold) -> SafeString:
        return person(hold.member, masked=True)

    @admin.display(description=gettext_lazy("原因"))
    def why(self, hold: PayoutHold) -> SafeString:
        return two_lines(hold.reason[:30], hold.words[:30])

    @admin.display(description=gettext_lazy("开始"))
    def placed(self, hold: PayoutHold) -> SafeString:
        return two_lines(str(hold.placed_by), moment(hold.placed_at))

    @admin.display(description=gettext_lazy("解除"))
    def ended(self, hold: PayoutHold) -> SafeString | str:
        if hold.released_at is None:
            return "—"
        return two_lines(f"{hold.released_by} {moment(hold.released_at)}", hold.release_reason)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, hold: PayoutHold) -> SafeString:
        return chip(_("暂停中"), "warn") if hold.released_at is None else chip(_("已解除"), "good")

    @admin.display(description=gettext_lazy("处理"))
    def act(self, hold: PayoutHold) -> SafeString | str:
        if hold.released_at is not None:
            return "—"
        return link(reverse("ops:payouts_payouthold_release", args=[hold.pk]), _("解除"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("place/", self._page(self.place), name="payouts_payouthold_place"),
            path("<int:object_id>/release/", self._page(self.release), name="payouts_payouthold_release"),
        ]
        return own + super().get_urls()

    def place(self, request: HttpRequest) -> HttpResponseBase:
        """Place a hold: on the member of the withdrawal that led here, or on whom the form names."""
        self.require(request, HOLD)
        named = Member.objects.filter(public_id=request.GET.get("member", "")).first()
        back = _back(request)

        def run(data: dict[str, Any]) -> str:
            member = form.member if isinstance(form, NewHoldForm) else named
            assert member is not None
            hold = place_hold(
                member_id=member.pk, reason=data["reason"], words=data["words"], by=operator(request), at=clock.now()
            )
            self.log_change(request, hold, _("暂停提现：%s") % hold.reason)
            return _("%s 的提现已暂停。") % (member.nickname or member.public_id)

        form = HoldForm(posted(request)) if named else NewHoldForm(posted(request))
        return self._act(
            request,
            form,
            run,
            title=_("暂停提现"),
            button=_("暂停提现"),
            warning=_("暂停期间不能申请新的提现，已申请的不能打款；已交给渠道的不受影响。"),
            facts=[(_("会员"), person(named, masked=True))] if named else [],
            back=back,
            dangerous=True,
        )

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Let a member be paid again."""
        self.require(request, HOLD)
        hold = PayoutHold.objects.select_related("member", "placed_by").filter(pk=object_id).first()
        if hold is None:
            raise Http404

        def run(data: dict[str, Any]) -> str:
            released = release_hold(
                member_id=hold.member_id, reason=data["reason"], by=operator(request), at=clock.now()
            )
            self.log_change(request, released, _("解除暂停：%s") % released.release_reason)
            return _("%s 的提现已恢复。") % (hold.member.nickname or hold.member.public_id)

        return self._act(
            request,
            ReleaseForm(posted(request)),
            run,
            title=_("解除暂停"),
            button=_("恢复提现"),
            facts=[
                (_("会员"), person(hold.member, masked=True)),
                (_("原因"), hold.reason),
                (_("开始"), f"{hold.placed_by}，{moment(hold.placed_at)}"),
            ],
            back=_back(request),
        )

    def _act(self, request: HttpRequest, form: forms.Form, run: Any, *, back: str, **page: Any) -> HttpResponseBase:
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(HoldRefused,),
            done=back,
            back=back,
            context={"opts": self.opts},
            **page,
        )


def _back(request: HttpRequest) -> str:
    """Return to the withdrawal that led here, or to the list."""
    number = request.GET.get("withdrawal", "")
    if number.isdecimal():
        return reverse("ops:payouts_withdrawal_change", args=[int(number)])
    return reverse("ops:payouts_payouthold_changelist")
