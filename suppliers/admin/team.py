"""Who works at a supplier: at `/supplier/` an owner invites, gives roles, suspends and removes."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, posted, supplier_site
from mall.core.admin.acting import ActingAdmin
from mall.core.admin.columns import two_lines
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.names import masked_phone
from mall.core.seats import COLUMNS, PAGES, ROLE_NAMES, ROLE_WORDS, Role
from members.queries import phone_as_kept
from suppliers import commands, queries
from suppliers.commands import SeatRefused
from suppliers.models import SeatOffer, SupplierUser

LOOKING = {"view", "rows", "reveal", "export"}
CHOICES = [(role.value, ROLE_NAMES[role]) for role in Role]


class RoleForm(forms.Form):
    """What somebody does here."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=CHOICES, widget=UnfoldAdminSelectWidget)


class InviteForm(RoleForm):
    """Whom to invite, as what."""

    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=32,
        help_text=gettext_lazy("对方用这个手机号登录商城后接受邀请，7 天内有效"),
        error_messages={"required": gettext_lazy("请输入 11 位手机号")},
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ("phone", "role")

    def clean_phone(self) -> str:
        try:
            return phone_as_kept(text=self.cleaned_data["phone"])
        except ValueError as error:
            raise forms.ValidationError(_("请输入 11 位手机号")) from error


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""


@admin.register(SupplierUser, site=supplier_site)
class TeamDesk(OwnReadOnlyAdmin, ActingAdmin):
    """The seats of a supplier and the offers that wait, on one page."""

    list_display = ("__str__",)
    ordering: ClassVar[tuple[str, ...]] = ("id",)

    def get_urls(self) -> list[URLPattern]:
        name = "suppliers_supplieruser"
        own = [
            path("invite/", self._page(self.invite), name=f"{name}_invite"),
            path("offers/<int:offer_id>/withdraw/", self._page(self.withdraw), name=f"{name}_withdraw"),
        ]
        own += [
            path(f"<int:object_id>/{act}/", self._page(getattr(self, act)), name=f"{name}_{act}")
            for act in ("role", "suspend", "resume", "remove")
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        seats = self.get_queryset(request).select_related("member", "invited_by").order_by("-is_active", "id")
        context = {
            "seats": [(seat, ROLE_NAMES[Role(seat.role)], seat.member_id == request.user.pk) for seat in seats],
            "offers": queries.offers_waiting(supplier=self._supplier(request), at=clock.now()),
            "link": request.build_absolute_uri(reverse("supply:seats")),
            "roles": [(ROLE_NAMES[role], ROLE_WORDS[role]) for role in Role],
            "matrix": _matrix(),
        }
        return self.record_page(request, template="supplier/team.html", title=_("子账号"), context=context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A seat has no page of its own: its acts stand in the list."""
        self.own_row(request, object_id)
        return self.changelist_view(request)

    def invite(self, request: HttpRequest) -> HttpResponseBase:
        """Offer a seat to a phone number."""

        def run(given: dict[str, Any]) -> str:
            commands.offer_seat(
                supplier=self._supplier(request),
                phone=given["phone"],
                role=Role(given["role"]),
                by=request.user,
                at=clock.now(),
            )
            return _("已邀请 %s，请把接受邀请的网址发给对方") % masked_phone(given["phone"])

        form = InviteForm(posted(request), initial={"role": Role.WAREHOUSE.value})
        facts = [(ROLE_NAMES[role], ROLE_WORDS[role]) for role in Role]
        return self._act(request, form, run, title=_("邀请子账号"), button=_("发出邀请"), facts=facts)

    def withdraw(self, request: HttpRequest, offer_id: int) -> HttpResponseBase:
        """Take an offer back."""
        offer = queries.seat_offer(offer_id=offer_id, supplier=self._supplier(request))
        if offer is None:
            raise Http404

        def run(_given: dict[str, Any]) -> str:
            commands.withdraw_offer(offer=offer, at=clock.now())
            return _("邀请已撤回")

        facts = [(_("手机号"), masked_phone(offer.phone)), (_("角色"), offer.get_role_display())]
        form = NothingToFill(posted(request))
        return self._act(request, form, run, title=_("撤回邀请"), button=_("撤回邀请"), facts=facts, original=offer)

    def role(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Give another role."""
        seat = self.own_row(request, str(object_id))

        def run(given: dict[str, Any]) -> str:
            commands.change_role(seat=seat, role=Role(given["role"]), by=request.user)
            return _("角色已改，对方打开下一页时生效")

        form = RoleForm(posted(request), initial={"role": seat.role})
        return self._seat_act(request, seat, form, run, title=_("改角色"), button=_("保存"))

    def suspend(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Close the site for a seat."""
        seat = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.suspend_seat(seat=seat, by=request.user)
            return _("已停用，对方马上进不来")

        form = NothingToFill(posted(request))
        return self._seat_act(request, seat, form, run, title=_("停用子账号"), button=_("停用"), dangerous=True)

    def resume(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Open the site again for a seat."""
        seat = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.resume_seat(seat=seat)
            return _("已恢复")

        form = NothingToFill(posted(request))
        return self._seat_act(request, seat, form, run, title=_("恢复子账号"), button=_("恢复"))

    def remove(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take a seat away."""
        seat = self.own_row(request, str(object_id))

        def run(_given: dict[str, Any]) -> str:
            commands.remove_seat(seat=seat, by=request.user)
            return _("已移除，对方经手的记录仍保留姓名")

        form = NothingToFill(posted(request))
        return self._seat_act(request, seat, form, run, title=_("移除子账号"), button=_("移除"), dangerous=True)

    def _supplier(self, request: HttpRequest) -> Any:
        return queries.supplier_of(member=request.user)

    def _seat_act(
        self, request: HttpRequest, seat: SupplierUser, form: forms.Form, run: Any, **words: Any
    ) -> HttpResponseBase:
        who = two_lines(seat.member.nickname or seat.member.public_id, masked_phone(seat.member.phone or ""))
        facts = [(_("谁"), who), (_("角色"), seat.get_role_display())]
        return self._act(request, form, run, facts=facts, original=seat, **words)

    def _act(
        self,
        request: HttpRequest,
        form: forms.Form,
        run: Any,
        *,
        original: SupplierUser | SeatOffer | None = None,
        **words: Any,
    ) -> HttpResponseBase:
        back = reverse("supplier:suppliers_supplieruser_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(SeatRefused,),
            done=back,
            back=back,
            context={"opts": self.opts, "original": original},
            **words,
        )


def _matrix() -> list[tuple[str, list[str]]]:
    """Return for each kind of thing what each role does: the table of roles, as people read it."""
    words: list[tuple[str, list[str]]] = []
    for name, pages in AREAS:
        cells = []
        for role in Role:
            acts = {act for page in pages for act, roles in PAGES.get(page, {}).items() if role in roles}
            cells.append(_("能处理") if acts - LOOKING else (_("只看") if acts else "—"))
        words.append((str(name), cells))
    amounts = COLUMNS["orders_order"]["supply_total_yuan"]
    words.append((_("供货金额"), [_("只看") if role in amounts else "—" for role in Role]))
    return words


AREAS = (
    (gettext_lazy("订单与发货"), ("orders_order",)),
    (gettext_lazy("售后"), ("orders_aftersale",)),
    (gettext_lazy("评价"), ("orders_review",)),
    (gettext_lazy("平台客服"), ("service_ticket",)),
    (gettext_lazy("发票"), ("orders_invoice",)),
    (gettext_lazy("对账单"), ("remittance_statement",)),
    (gettext_lazy("商品"), ("suppliers_product",)),
    (gettext_lazy("库存"), ("suppliers_sku", "suppliers_stockmovement")),
    (gettext_lazy("机会、样品、帮卖"), ("agents_opportunity", "agents_samplerequest", "agents_sellingoffer")),
    (gettext_lazy("质量"), ("orders_quality",)),
    (gettext_lazy("资质"), ("suppliers_qualification",)),
    (gettext_lazy("运费模板"), ("suppliers_freighttemplate",)),
    (gettext_lazy("子账号"), ("suppliers_supplieruser",)),
    (gettext_lazy("接口"), ("integration_apikey",)),
)
