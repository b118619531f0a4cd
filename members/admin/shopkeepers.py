"""Who may earn retail commission: the queue of applications, oldest first, and what is decided about them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    moment_column,
    operator,
    ops_site,
    person,
    posted,
    row_or_404,
)
from mall.core.admin.columns import chip, moment
from members import commands, queries
from members.commands import ShopkeeperRefused
from members.models import Shopkeeper, ShopkeeperState

DECIDE = "members.decide_shopkeeper"
TONES = {
    ShopkeeperState.APPLIED: "warn",
    ShopkeeperState.APPROVED: "good",
    ShopkeeperState.REFUSED: "bad",
    ShopkeeperState.SUSPENDED: "bad",
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        help_text=gettext_lazy("对方会原样看到这句话"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("请写明原因"),
            "max_length": gettext_lazy("请用 200 字以内说明"),
        },
    )


class NothingToFill(forms.Form):
    pass


@admin.register(Shopkeeper, site=ops_site)
class ShopkeeperAdmin(TabbedAdmin, ActingAdmin):
    """Shopkeepers by state; who applied first stands first."""

    list_display = ("who", "statement", "applied", "decided", "decider", "state_chip")
    list_display_links = ("who",)
    list_filter = ("state",)
    list_select_related = ("member", "decided_by")
    ordering: ClassVar[tuple[str, ...]] = ("applied_at", "pk")
    search_fields = ("member__public_id__exact", "member__phone__endswith", "member__referral_code__exact")
    search_help_text = gettext_lazy("会员号、手机尾号、推荐码")

    applied = moment_column("applied_at", gettext_lazy("申请时间"))
    decided = moment_column("decided_at", gettext_lazy("处理时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.shopkeeper_counts()
        return [
            *(Tab(state.value, state.label, str(counts.get(state.value) or "")) for state in ShopkeeperState),
            Tab("", _("全部")),
        ]

    @admin.display(description=gettext_lazy("会员"))
    def who(self, shopkeeper: Shopkeeper) -> SafeString:
        return person(shopkeeper.member)

    @admin.display(description=gettext_lazy("处理人"))
    def decider(self, shopkeeper: Shopkeeper) -> str:
        return str(shopkeeper.decided_by or "—")

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, shopkeeper: Shopkeeper) -> SafeString:
        return chip(shopkeeper.get_state_display(), TONES[ShopkeeperState(shopkeeper.state)])

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:member_id>/{name}/", self._page(view), name=f"members_shopkeeper_{name}")
            for name, view in (
                ("approve", self.approve),
                ("refuse", self.refuse),
                ("suspend", self.suspend),
                ("reinstate", self.reinstate),
            )
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "members.view_shopkeeper")
        found = self._found(object_id)
        context = {
            "original": found,
            "heading": person(found.member),
            "chip": self.state_chip(found),
            "facts": [
                *_facts(found),
                (_("加入时间"), moment(found.member.joined_at)),
                (_("现在的客户"), str(queries.customer_count(adviser_id=found.pk, at=clock.now()))),
                (_("店主协议"), _signed(found)),
                (_("处理时间"), moment(found.decided_at)),
                (_("处理人"), str(found.decided_by or "—")),
                (_("原因"), found.reason or "—"),
            ],
            "acts": self._acts(request, found),
        }
        return self.record_page(request, template="ops/record.html", title=str(found.member), context=context)

    def approve(self, request: HttpRequest, member_id: int) -> HttpResponseBase:
        """Let an applicant earn retail commission."""
        return self._act(
            request,
            member_id,
            title=_("开通店主"),
            form=NothingToFill(posted(request)),
            run=lambda found, _data: commands.approve_shopkeeper(
                shopkeeper=found, by=operator(request), at=clock.now()
            ),
            warning=_("开通后，客户通过 TA 的链接下单就产生零售佣金。TA 自己原来的专属顾问会解除。"),
        )

    def refuse(self, request: HttpRequest, member_id: int) -> HttpResponseBase:
        """Refuse an applicant with a reason."""
        return self._act(
            request,
            member_id,
            title=_("不通过"),
            form=ReasonForm(posted(request)),
            run=lambda found, data: commands.refuse_shopkeeper(
                shopkeeper=found, reason=data["reason"], by=operator(request), at=clock.now()
            ),
            warning=_("TA 会收到消息，改好后可以再次申请。"),
            dangerous=True,
        )

    def suspend(self, request: HttpRequest, member_id: int) -> HttpResponseBase:
        """Let a shopkeeper earn nothing from now on."""
        return self._act(
            request,
            member_id,
            title=_("暂停店主"),
            form=ReasonForm(posted(request)),
            run=lambda found, data: commands.suspend_shopkeeper(
                shopkeeper=found, reason=data["reason"], by=operator(request), at=clock.now()
            ),
            warning=_("暂停后新订单不再产生佣金，也不再绑定新客户；已产生的佣金照常结算，客户关系保留。"),
            dangerous=True,
        )

    def reinstate(self, request: HttpRequest, member_id: int) -> HttpResponseBase:
        """Let a suspended shopkeeper earn again."""
        return self._act(
            request,
            member_id,
            title=_("恢复店主"),
            form=NothingToFill(posted(request)),
            run=lambda found, _data: commands.reinstate_shopkeeper(
                shopkeeper=found, by=operator(request), at=clock.now()
            ),
            warning=_("恢复后，新订单重新产生佣金。暂停期间的订单不补。"),
        )

    def _acts(self, request: HttpRequest, found: Shopkeeper) -> list[tuple[str, Any, str]]:
        """Return what this operator can do now: address, label, tone."""
        if not request.user.has_perm(DECIDE):
            return []
        possible = {
            ShopkeeperState.APPLIED: [("approve", _("开通"), "main"), ("refuse", _("不通过"), "")],
            ShopkeeperState.APPROVED: [("suspend", _("暂停"), "bad")],
            ShopkeeperState.SUSPENDED: [("reinstate", _("恢复"), "main")],
        }.get(ShopkeeperState(found.state), [])
        return [
            (reverse(f"ops:members_shopkeeper_{act}", args=[found.pk]), label, tone) for act, label, tone in possible
        ]

    def _act(
        self, request: HttpRequest, member_id: int, *, title: str, form: forms.Form, run: Any, **more: Any
    ) -> HttpResponseBase:
        self.require(request, DECIDE)
        found = self._found(member_id)

        def decide(data: dict[str, Any]) -> str:
            run(found, data)
            self.log_change(request, found, f"{title}：{data['reason']}" if "reason" in data else title)
            return _("%(name)s：已%(act)s") % {"name": found.member, "act": title}

        record = reverse("ops:members_shopkeeper_change", args=[found.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=decide,
            refusals=(ShopkeeperRefused,),
            done=record,
            back=record,
            button=title,
            facts=_facts(found),
            context={"opts": self.opts, "original": found},
            **more,
        )

    def _found(self, member_id: Any) -> Shopkeeper:
        return row_or_404(Shopkeeper.objects.select_related("member", "decided_by"), member_id)


def _facts(found: Shopkeeper) -> list[tuple[Any, Any]]:
    return [
        (_("会员"), str(found.member)),
        (_("推荐码"), found.member.referral_code),
        (_("申请说明"), found.statement or _("没有写")),
        (_("申请时间"), moment(found.applied_at)),
    ]


def _signed(found: Shopkeeper) -> str:
    consent = queries.newest_consents(member=found.member).get("shopkeeper")
    return f"v{consent.text.version} · {moment(consent.at)}" if consent is not None else _("没有签")
