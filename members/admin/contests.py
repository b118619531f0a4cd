"""Customers who say that an adviser is not theirs: who has waited longest first."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, operator, ops_site, person, posted
from mall.core.admin.columns import chip, moment
from members import commands, queries
from members.commands import AdviserRefused
from members.models import ContestState, RelationContest

DECIDE = "members.decide_contest"
TONES = {ContestState.OPEN: "warn", ContestState.UPHELD: "good", ContestState.REFUSED: ""}


class DecideForm(forms.Form):
    """Who is right, and why."""

    upheld = forms.ChoiceField(
        label=gettext_lazy("裁定"),
        choices=[("1", gettext_lazy("支持客户：解除这段关系")), ("0", gettext_lazy("维持原关系"))],
    )
    code = forms.CharField(
        label=gettext_lazy("改由哪位店主服务"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("店主的推荐码，只在支持客户时有用；不填就只解除"),
    )
    answer = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=300,
        help_text=gettext_lazy("客户会原样看到这段话"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写明理由")},
    )


@admin.register(RelationContest, site=ops_site)
class RelationContestAdmin(TabbedAdmin, ActingAdmin):
    """Contests by state."""

    list_display = ("who", "adviser", "words", "opened", "decided", "state_chip")
    list_display_links = ("who",)
    list_filter = ("state",)
    list_select_related = ("relation__customer", "relation__adviser", "decided_by")
    ordering: ClassVar[tuple[str, ...]] = ("opened_at", "pk")
    search_fields = ("relation__customer__phone__endswith", "relation__customer__public_id__exact")
    search_help_text = gettext_lazy("客户的手机尾号、会员号")

    opened = moment_column("opened_at", gettext_lazy("提出时间"))
    decided = moment_column("decided_at", gettext_lazy("裁定时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.contest_counts()
        return [
            *(Tab(state.value, state.label, str(counts.get(state.value) or "")) for state in ContestState),
            Tab("", _("全部")),
        ]

    @admin.display(description=gettext_lazy("客户"))
    def who(self, contest: RelationContest) -> SafeString:
        return person(contest.relation.customer)

    @admin.display(description=gettext_lazy("店主"))
    def adviser(self, contest: RelationContest) -> SafeString:
        return person(contest.relation.adviser)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, contest: RelationContest) -> SafeString:
        return chip(contest.get_state_display(), TONES[ContestState(contest.state)])

    def get_urls(self) -> list[URLPattern]:
        own = [path("<int:contest_id>/decide/", self._page(self.decide), name="members_relationcontest_decide")]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "members.view_relationcontest")
        found = self._found(object_id)
        acts = []
        if found.state == ContestState.OPEN and request.user.has_perm(DECIDE):
            acts = [(reverse("ops:members_relationcontest_decide", args=[found.pk]), _("裁定"), "main")]
        context = {
            "original": found,
            "heading": person(found.relation.customer),
            "chip": self.state_chip(found),
            "facts": [
                *_facts(found),
                (_("裁定理由"), found.answer or "—"),
                (_("裁定时间"), moment(found.decided_at)),
                (_("裁定人"), str(found.decided_by or "—")),
            ],
            "acts": acts,
        }
        return self.record_page(request, template="ops/record.html", title=_("顾问异议"), context=context)

    def decide(self, request: HttpRequest, contest_id: int) -> HttpResponseBase:
        """Decide a contest, once."""
        self.require(request, DECIDE)
        found = self._found(contest_id)

        def run(data: dict[str, Any]) -> str:
            upheld = data["upheld"] == "1"
            commands.decide_contest(
                contest=found,
                upheld=upheld,
                answer=data["answer"],
                code=data["code"] if upheld else "",
                by=operator(request),
                at=clock.now(),
            )
            self.log_change(request, found, _("裁定：%s") % data["answer"])
            return _("已裁定，客户会收到消息。")

        record = reverse("ops:members_relationcontest_change", args=[found.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=_("裁定顾问异议"),
            form=DecideForm(posted(request)),
            run=run,
            refusals=(AdviserRefused,),
            done=record,
            back=record,
            button=_("裁定"),
            facts=_facts(found),
            warning=_("裁定后马上生效，不能撤回。之前的订单和佣金不变。"),
            context={"opts": self.opts, "original": found},
        )

    def _found(self, contest_id: Any) -> RelationContest:
        number = int(contest_id) if str(contest_id).isdecimal() and len(str(contest_id)) < 19 else 0
        rows = RelationContest.objects.select_related("relation__customer", "relation__adviser", "decided_by")
        found = rows.filter(pk=number).first()
        if found is None:
            raise Http404
        return found


def _facts(found: RelationContest) -> list[tuple[Any, Any]]:
    relation = found.relation
    return [
        (_("客户"), str(relation.customer)),
        (_("店主"), str(relation.adviser)),
        (_("建立方式"), relation.get_reason_display()),
        (_("建立时间"), moment(relation.since)),
        (_("锁客期至"), moment(relation.until)),
        (_("来路"), _touch(found)),
        (_("客户的理由"), found.words or _("客户已注销，理由已删除")),
        (_("提出时间"), moment(found.opened_at)),
    ]


def _touch(found: RelationContest) -> str:
    touch = found.relation.touch
    if touch is None:
        return _("没有分享链接")
    return " · ".join(part for part in (moment(touch.at), touch.channel, touch.target_path) if part)
