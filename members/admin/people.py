"""Members and touches for operators. Who referred whom is shown, and changed by nobody."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import ReadOnlyAdmin, fill, moment_column, ops_site, person, supplier_site
from mall.core.admin.columns import chip, link, two_lines
from mall.core.admin.lists import Found, KeptList
from mall.core.labels import labels
from mall.core.names import masked_phone
from mall.core.rights import GROUPS, group_label
from members.models import Member, Touch
from members.staff_login import StaffLoginForm, SupplierLoginForm

from .exports import MEMBER_COLUMNS

ops_site.login_form = StaffLoginForm
supplier_site.login_form = SupplierLoginForm

ROLES = ("is_active", "is_staff", "groups")


class GroupChoices(forms.ModelMultipleChoiceField):
    """Groups by what people call them."""

    def label_from_instance(self, group: Group) -> str:
        return group_label(group.name)


@admin.register(Member, site=ops_site)
class MemberAdmin(KeptList, ReadOnlyAdmin):
    """Members as they are. Only a superuser gives and takes roles, and nothing else can be changed here."""

    period_field = "joined_at"
    found_by = Found(("public_id", "referral_code"), "pk")
    export_columns = MEMBER_COLUMNS
    list_display = ("who", "phone_masked", "title", "referred_by", "joined", "roles")
    list_display_links = ("who",)
    list_filter = ("is_active", "is_staff")
    search_fields = ("public_id__exact", "nickname", "phone__endswith", "referral_code__exact")
    search_help_text = gettext_lazy("会员号、昵称、手机尾号、推荐码")
    list_select_related = ("referrer",)
    fieldsets = (
        (None, {"fields": ("public_id", "nickname", "phone_masked", "phone_verified", "title", "records")}),
        (gettext_lazy("推荐关系"), {"fields": ("referral_code", "referred_by", "joined", "completed")}),
        (gettext_lazy("账号与权限"), {"fields": (*ROLES, "last_seen")}),
    )
    readonly_fields: ClassVar = [
        "public_id",
        "nickname",
        "phone_masked",
        "phone_verified",
        "title",
        "records",
        "referral_code",
        "referred_by",
        "joined",
        "completed",
        "last_seen",
    ]

    joined = moment_column("joined_at", gettext_lazy("加入时间"))
    completed = moment_column("profile_completed_at", gettext_lazy("资料完善"))
    last_seen = moment_column("last_login", gettext_lazy("最近登录"))

    def has_change_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return bool(request.user.is_superuser)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "groups":
            return GroupChoices(
                queryset=Group.objects.filter(name__in=GROUPS).order_by("pk"),
                required=False,
                label=_("分组"),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "ops-checks"}),
            )
        return super().formfield_for_manytomany(db_field, request, **options)

    def prepare(self, request: HttpRequest, rows: list[Member]) -> None:
        titles = labels("member_title", (row.pk for row in rows))
        fill(rows, "member_title", lambda row: row.pk, titles, "")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self.prepare(request, [found])
        return found

    @admin.display(description=gettext_lazy("会员"))
    def who(self, member: Member) -> SafeString:
        return two_lines(member.nickname or _("未起昵称"), member.public_id)

    @admin.display(description=gettext_lazy("手机号"))
    def phone_masked(self, member: Member) -> str:
        return masked_phone(member.phone) if member.phone else "—"

    @admin.display(description=gettext_lazy("头衔"))
    def title(self, member: Any) -> str:
        return member.member_title or "—"

    @admin.display(description=gettext_lazy("推荐人"))
    def referred_by(self, member: Member) -> str:
        return str(member.referrer or "—")

    @admin.display(description=gettext_lazy("账号"))
    def roles(self, member: Member) -> SafeString:
        if not member.is_active:
            return chip(_("已停用"), "bad")
        if member.is_superuser:
            return chip(_("管理员"), "warn")
        return chip(_("运营人员"), "info") if member.is_staff else chip(_("会员"))

    @admin.display(description=gettext_lazy("相关记录"))
    def records(self, member: Member) -> SafeString:
        orders = link(f"{reverse('ops:orders_order_changelist')}?member__id__exact={member.pk}", _("全部订单"))
        words = labels("member_service", [member.pk]).get(member.pk)
        if not words:
            return orders
        desk = f"{reverse('ops:service_ticket_changelist')}?part=all&q={member.public_id}"
        return format_html("{} · {}", orders, link(desk, words))


@admin.register(Touch, site=ops_site)
class TouchAdmin(ReadOnlyAdmin):
    """What referral links brought."""

    list_display = ("sharer", "visitor", "channel", "target_path", "when")
    list_select_related = ("owner", "member")
    search_fields = ("owner__public_id__exact", "owner__referral_code__exact")
    search_help_text = gettext_lazy("分享人的会员号、推荐码")
    list_filter = ("channel",)
    fields = ("sharer", "visitor", "channel", "target_path", "when")
    readonly_fields: ClassVar = ["sharer", "visitor", "when"]

    when = moment_column("at", gettext_lazy("时间"))

    @admin.display(description=gettext_lazy("分享人"))
    def sharer(self, touch: Touch) -> SafeString:
        return person(touch.owner)

    @admin.display(description=gettext_lazy("访客"))
    def visitor(self, touch: Touch) -> SafeString:
        return person(touch.member) if touch.member else chip(_("未加入"))
