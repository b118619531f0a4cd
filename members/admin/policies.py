"""The terms between shopkeepers and customers: versions that are read in Chinese, published, never edited."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, posted
from mall.core.admin.columns import chip, moment
from members import queries
from members.commands import PolicyRefused, PolicyTerms, publish_policy
from members.models import RelationPolicy
from members.queries.policy_words import policy_words

PUBLISH = "members.publish_relation_policy"
TERMS = ("touch_days", "protection_days", "lock_days", "order_lock_days", "cooling_off_days", "own_purchases")


def _days(label: Any, help_text: Any, *, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=3_650,
        error_messages={
            "required": gettext_lazy("请填写天数"),
            "invalid": gettext_lazy("请填写整数天"),
            "min_value": gettext_lazy("天数太少了"),
            "max_value": gettext_lazy("最多 3650 天"),
        },
    )


class PolicyForm(forms.Form):
    """The terms of the next version, and from when on."""

    touch_days = _days(gettext_lazy("触达有效（天）"), gettext_lazy("打开分享链接后，多少天内登录或下单算数"), least=1)
    protection_days = _days(gettext_lazy("保护期（天）"), gettext_lazy("建立关系后，这些天里别的店主不能接走"))
    lock_days = _days(gettext_lazy("锁客期（天）"), gettext_lazy("没有下单时，关系多少天后结束"), least=1)
    order_lock_days = _days(
        gettext_lazy("下单后锁客期（天）"), gettext_lazy("每付款一单，关系延长到这么多天以后"), least=1
    )
    cooling_off_days = _days(gettext_lazy("佣金冷静期（天）"), gettext_lazy("收货后多少天，佣金变为可提现"))
    own_purchases = forms.BooleanField(label=gettext_lazy("店主自购也有佣金"), required=False)
    starts_at = forms.DateTimeField(
        label=gettext_lazy("生效时间"),
        required=False,
        help_text=gettext_lazy("北京时间，留空就是现在。只影响生效之后的订单和关系。"),
        widget=forms.DateTimeInput(
            attrs={"placeholder": "2026-12-01 00:00", "autocomplete": "off"}, format="%Y-%m-%d %H:%M"
        ),
        error_messages={"invalid": gettext_lazy("请按“2026-12-01 00:00”的样子填写")},
    )

    @property
    def terms(self) -> PolicyTerms:
        return PolicyTerms(**{name: self.cleaned_data[name] for name in TERMS})


@admin.register(RelationPolicy, site=ops_site)
class RelationPolicyAdmin(ActingAdmin):
    """All versions, the one in force marked."""

    list_display = ("title", "state", "summary", "starts", "publisher")
    list_display_links = ("title",)
    list_select_related = ("created_by",)
    ordering: ClassVar[tuple[str, ...]] = ("-version",)
    change_list_template = "ops/relation_policies.html"

    starts = moment_column("starts_at", gettext_lazy("生效时间"))

    def prepare(self, request: HttpRequest, rows: list[RelationPolicy]) -> None:
        now = clock.now()
        current = queries.relation_policy(at=now)
        for row in rows:
            row.standing = _standing(row, current)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("版本"))
    def title(self, policy: RelationPolicy) -> str:
        return f"v{policy.version}"

    @admin.display(description=gettext_lazy("状态"))
    def state(self, policy: Any) -> SafeString:
        return chip(*policy.standing)

    @admin.display(description=gettext_lazy("内容"))
    def summary(self, policy: RelationPolicy) -> str:
        return _("保护 %(protection)d 天，锁客 %(lock)d 天，下单后 %(order)d 天") % {
            "protection": policy.protection_days,
            "lock": policy.lock_days,
            "order": policy.order_lock_days,
        }

    @admin.display(description=gettext_lazy("设置人"))
    def publisher(self, policy: RelationPolicy) -> str:
        return str(policy.created_by or _("系统"))

    def get_urls(self) -> list[URLPattern]:
        return [path("new/", self._page(self.publish), name="members_relationpolicy_new"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        now = queries.relation_policy(at=clock.now())
        shown = {
            "in_force": now,
            "words": policy_words(now),
            "can_publish": request.user.has_perm(PUBLISH),
            **(extra_context or {}),
        }
        found: HttpResponse = super().changelist_view(request, shown)
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "members.view_relationpolicy")
        number = int(object_id) if object_id.isdecimal() and len(object_id) < 10 else 0
        policy = RelationPolicy.objects.select_related("created_by").filter(version=number).first()
        if policy is None:
            raise Http404
        context = {
            "original": policy,
            "heading": f"v{policy.version}",
            "chip": chip(*_standing(policy, queries.relation_policy(at=clock.now()))),
            "facts": [(_("生效时间"), moment(policy.starts_at)), (_("设置人"), str(policy.created_by or _("系统")))],
            "words": policy_words(policy),
            "acts": [],
        }
        return self.record_page(request, template="ops/record.html", title=_("客户关系规则"), context=context)

    def publish(self, request: HttpRequest) -> HttpResponseBase:
        """Write the next version; with the button to read it first, only show what it would say."""
        self.require(request, PUBLISH)
        now = clock.now()
        current = queries.relation_policy(at=now)
        initial = {name: getattr(current, name) for name in TERMS}
        form = PolicyForm(posted(request), initial=initial)
        if request.method == "POST" and "read" in request.POST:
            words = []
            if form.is_valid():
                words = policy_words(RelationPolicy(version=current.version + 1, **_values(form)))
            request.current_app = self.admin_site.name
            shown = {**self.admin_site.each_context(request), "title": _("发布新规则"), "form": form, "words": words}
            return TemplateResponse(request, "ops/relation_policy_form.html", shown)

        def run(data: dict[str, Any]) -> str:
            made = publish_policy(terms=form.terms, starts_at=data["starts_at"], by=operator(request), at=clock.now())
            self.log_addition(request, made, _("发布，%s 起生效") % moment(made.starts_at))
            return _("v%(version)d 已发布，%(at)s 起生效。") % {
                "version": made.version,
                "at": moment(made.starts_at),
            }

        back = reverse("ops:members_relationpolicy_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("发布新规则"),
            form=form,
            run=run,
            refusals=(PolicyRefused,),
            done=back,
            back=back,
            button=_("发布"),
            warning=_("发布后不能修改，只能再发布一个新版本。已下的订单和已有的关系仍按原来的版本。"),
            template="ops/relation_policy_form.html",
            context={"opts": self.opts},
        )


def _values(form: PolicyForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in TERMS}


def _standing(policy: RelationPolicy, current: RelationPolicy) -> tuple[str, str]:
    if policy.version == current.version:
        return _("生效中"), "good"
    return (_("待生效"), "info") if policy.starts_at > current.starts_at else (_("已被取代"), "")
