"""Members and touches for operators. Who referred whom is shown, and changed by nobody."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from mall.core.admin import ops_site, supplier_site
from mall.core.names import masked_phone

from .models import Member, Touch
from .staff_login import StaffLoginForm, SupplierLoginForm

ops_site.login_form = StaffLoginForm
supplier_site.login_form = SupplierLoginForm


@admin.register(Member, site=ops_site)
class MemberAdmin(ModelAdmin):
    """A member can be renamed and switched off; roles are given to staff members only by superusers."""

    list_display = ("public_id", "nickname", "phone_masked", "referrer", "joined_at", "is_active")
    list_filter = ("is_active", "is_staff")
    search_fields = ("public_id", "nickname", "phone", "referral_code")
    list_select_related = ("referrer",)
    ordering = ("-id",)
    show_full_result_count = False
    readonly_fields: ClassVar = [
        "public_id",
        "phone_masked",
        "phone_verified",
        "referral_code",
        "referrer",
        "shard",
        "joined_at",
        "profile_completed_at",
        "last_login",
    ]
    fieldsets = (
        (None, {"fields": ("public_id", "nickname", "phone_masked", "phone_verified", "is_active")}),
        (_("推荐关系"), {"fields": ("referral_code", "referrer", "shard", "joined_at", "profile_completed_at")}),
        (_("权限"), {"fields": ("is_staff", "is_superuser", "groups", "user_permissions", "last_login")}),
    )

    @admin.display(description=_("手机号"))
    def phone_masked(self, member: Member) -> str:
        return masked_phone(member.phone) if member.phone else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> list[str]:
        roles = [] if request.user.is_superuser else ["is_staff", "is_superuser", "groups", "user_permissions"]
        return [*self.readonly_fields, *roles]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False


@admin.register(Touch, site=ops_site)
class TouchAdmin(ModelAdmin):
    """What referral links brought. Read-only."""

    list_display = ("owner", "member", "channel", "target_path", "at")
    list_select_related = ("owner", "member")
    search_fields = ("owner__public_id", "owner__referral_code")
    list_filter = ("channel",)
    ordering = ("-id",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Touch | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Touch | None = None) -> bool:
        return False
