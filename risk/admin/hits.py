"""The hits: a list by state, and one case file with its evidence, notes, hold and decision."""

from collections.abc import Callable
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
from mall.core.admin.columns import chip, two_lines
from mall.core.admin.lists import days_filter
from mall.core.money import yuan
from risk.commands import RiskRefused, decide_hit, hold_member, release_member, write_note
from risk.models import Hit, HitState
from risk.queries import CaseFile, Exhibit, case_file, hit_counts, rule_in_force
from risk.words import measured, says

DECIDE = "risk.decide_risk"
HOLD = "payouts.hold_payouts"
TONES = {HitState.OPEN: "warn", HitState.CONFIRMED: "bad", HitState.FALSE_ALARM: ""}


def _text(label: Any, most: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写下内容")},
    )


class DecisionForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[
            (HitState.CONFIRMED.value, gettext_lazy("属实：确有问题")),
            (HitState.FALSE_ALARM.value, gettext_lazy("误报：正常情况")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择结论")},
    )
    reason = _text(gettext_lazy("理由"), 300, gettext_lazy("核对了什么、凭什么这样判断。"))


class NoteForm(forms.Form):
    text = _text(gettext_lazy("备注"), 1_000)


class HoldForm(forms.Form):
    reason = _text(gettext_lazy("原因"), 200, gettext_lazy("只有同事看得到：看到了什么，要核对什么。"))
    words = _text(
        gettext_lazy("给会员的话"), 200, gettext_lazy("会员会看到原文，例如：正在核对收款信息，预计 2 个工作日。")
    )


class ReleaseForm(forms.Form):
    reason = _text(gettext_lazy("解除的原因"), 200, gettext_lazy("核对的结果，留作记录。"))


@admin.register(Hit, site=ops_site)
class HitAdmin(TabbedAdmin, ActingAdmin):
    """Hits, the newest first."""

    list_display = ("what", "who", "measured_text", "found", "state_chip", "decided")
    list_display_links = ("what",)
    list_filter = ("state", "kind", days_filter("found", gettext_lazy("发现日期"), "found_at"))
    list_select_related = ("member", "decided_by")
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    search_fields = ("member__public_id__exact", "member__phone__endswith", "member__nickname")
    search_help_text = gettext_lazy("会员号、手机尾号、昵称")

    found = moment_column("found_at", gettext_lazy("发现"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = hit_counts()
        parts = [
            Tab(state.value, state.label, "99+" if counts[state] > 99 else str(counts[state])) for state in HitState
        ]
        return [*parts, Tab("", _("全部"))]

    @admin.display(description=gettext_lazy("信号"))
    def what(self, hit: Hit) -> SafeString:
        return two_lines(str(hit.get_kind_display()), f"#{hit.pk}")

    @admin.display(description=gettext_lazy("会员"))
    def who(self, hit: Hit) -> SafeString:
        return person(hit.member, masked=True)

    @admin.display(description=gettext_lazy("测得"))
    def measured_text(self, hit: Hit) -> SafeString:
        limit = _("阈值 %s") % measured(hit.kind, hit.threshold)
        return two_lines(measured(hit.kind, hit.value), limit)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, hit: Hit) -> SafeString:
        if hit.grew_at:
            return chip(_("%s，又有新证据") % hit.get_state_display(), "warn")
        return chip(hit.get_state_display(), TONES[HitState(hit.state)])

    @admin.display(description=gettext_lazy("处理"))
    def decided(self, hit: Hit) -> SafeString | str:
        return two_lines(str(hit.decided_by), hit.reason[:24]) if hit.decided_by else "—"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:object_id>/{name}/", self._page(view), name=f"risk_hit_{name}")
            for name, view in (
                ("decide", self.decide),
                ("note", self.note),
                ("hold", self.hold),
                ("release", self.release),
            )
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "risk.view_hit")
        case = self._found(object_id)
        hit = case.hit
        own = hit.member_id == operator(request).pk
        may = request.user.has_perm(DECIDE) and not own
        context = {
            "original": hit,
            "case": case,
            "hit": hit,
            "tone": TONES[HitState(hit.state)],
            "measured": measured(hit.kind, hit.value),
            "limit": measured(hit.kind, hit.threshold),
            "says": says(rule_in_force(hit.kind)),
            "exhibits": [(label, [_shown(one) for one in rows]) for label, rows in case.exhibits],
            "others": [(one, reverse("ops:risk_hit_change", args=[one.pk])) for one in case.others],
            "member_href": reverse("ops:members_member_change", args=[hit.member_id]),
            "waiting_fen": sum(one.amount_fen for one in case.waiting),
            "may_decide": may and hit.state == HitState.OPEN,
            "may_note": may,
            "may_hold": may and request.user.has_perm(HOLD),
            "own": own,
            "decision": DecisionForm(auto_id="decision_%s"),
            "note_form": NoteForm(auto_id="note_%s"),
        }
        return self.record_page(request, template="ops/risk_case.html", title=str(hit), context=context)

    def decide(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Decide what a hit was, with a reason."""

        def run(hit: Hit, data: dict[str, Any]) -> str:
            state = HitState(data["state"])
            decided = decide_hit(
                hit_id=hit.pk, state=state, reason=data["reason"], by=operator(request), at=clock.now()
            )
            return _("已记为%s。") % decided.get_state_display()

        return self._act(request, object_id, DecisionForm(posted(request)), run, title=_("处理预警"), button=_("确认"))

    def note(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Write down what was seen."""

        def run(hit: Hit, data: dict[str, Any]) -> str:
            write_note(hit_id=hit.pk, text=data["text"], by=operator(request), at=clock.now())
            return _("备注已记下。")

        return self._act(request, object_id, NoteForm(posted(request)), run, title=_("核查备注"), button=_("记下"))

    def hold(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Pay nothing to the member while this is looked into."""
        self.require(request, HOLD)

        def run(hit: Hit, data: dict[str, Any]) -> str:
            hold_member(hit_id=hit.pk, reason=data["reason"], words=data["words"], by=operator(request), at=clock.now())
            return _("%s 的提现已暂停。") % hit.member

        warning = _("暂停期间不能申请新的提现，已申请的不能打款；已交给渠道的不受影响。")
        return self._act(
            request,
            object_id,
            HoldForm(posted(request)),
            run,
            title=_("暂停提现"),
            button=_("暂停提现"),
            warning=warning,
            dangerous=True,
        )

    def release(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Let the member be paid again."""
        self.require(request, HOLD)

        def run(hit: Hit, data: dict[str, Any]) -> str:
            release_member(hit_id=hit.pk, reason=data["reason"], by=operator(request), at=clock.now())
            return _("%s 的提现已恢复。") % hit.member

        return self._act(
            request, object_id, ReleaseForm(posted(request)), run, title=_("解除暂停"), button=_("恢复提现")
        )

    def _act(
        self,
        request: HttpRequest,
        object_id: int,
        form: forms.Form,
        run: Callable[[Hit, dict[str, Any]], str],
        **page: Any,
    ) -> HttpResponseBase:
        self.require(request, DECIDE)
        hit = self._found(str(object_id)).hit
        back = reverse("ops:risk_hit_change", args=[hit.pk])
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=lambda data: run(hit, data),
            refusals=(RiskRefused,),
            done=back,
            back=back,
            facts=[(_("预警"), str(hit)), (_("会员"), person(hit.member, masked=True))],
            context={"opts": self.opts, "original": hit},
            **page,
        )

    def _found(self, object_id: str) -> CaseFile:
        if object_id.isascii() and object_id.isdecimal() and len(object_id) < 19:
            case = case_file(hit_id=int(object_id))
            if case is not None:
                return case
        raise Http404


def _shown(one: Exhibit) -> dict[str, Any]:
    return {
        "one": one,
        "href": reverse(f"ops:{one.page}", args=[one.thing_id]) if one.page else "",
        "amount": "" if one.amount_fen is None else yuan(one.amount_fen),
    }
