"""The queue of appeals: whose decision is due first; answering, noting, taking, deciding. Money is never moved here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents import commands
from agents.appeal_forms import DecisionForm
from agents.commands import AppealRefused
from agents.models import Appeal, AppealState, Outcome, Subject
from agents.queries import appeals as queries
from agents.rules import TEXT_MAX
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, operator, ops_site, person, posted
from mall.core.admin.columns import chip, moment
from mall.core.photos import private_photo
from orders.models import OrderLine

DECIDE = "agents.decide_appeal"
OUTCOMES = {Outcome.UPHELD: "good", Outcome.PARTLY: "warn", Outcome.DISMISSED: ""}


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写下内容")},
    )


class NothingToFill(forms.Form):
    pass


@admin.register(Appeal, site=ops_site)
class AppealAdmin(TabbedAdmin, ActingAdmin):
    """Appeals, those that are due first at the top."""

    list_display = ("number", "who", "label", "doubt", "due", "assignee", "state_chip")
    list_display_links = ("number",)
    list_filter = ("state", "subject", "doubt")
    list_select_related = ("member", "assignee")
    ordering: ClassVar[tuple[str, ...]] = ("-state", "due_at", "-pk")
    search_fields = ("number__exact", "member__public_id__exact")
    search_help_text = gettext_lazy("申诉编号、会员号")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        waiting = str(queries.queue_counts()["open"] or "")
        return [
            Tab(AppealState.OPEN.value, AppealState.OPEN.label, waiting),
            Tab(AppealState.DECIDED.value, AppealState.DECIDED.label),
            Tab("", _("全部")),
        ]

    @admin.display(description=gettext_lazy("会员"))
    def who(self, appeal: Appeal) -> SafeString:
        return person(appeal.member, masked=True)

    @admin.display(description=gettext_lazy("答复期限"))
    def due(self, appeal: Appeal) -> SafeString | str:
        if appeal.state != AppealState.OPEN:
            return "—"
        return chip(_("已超时"), "bad") if clock.now() > appeal.due_at else moment(appeal.due_at)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, appeal: Appeal) -> SafeString:
        if appeal.state == AppealState.OPEN:
            return chip(_("再次申诉") if appeal.reopened_at else appeal.get_state_display(), "warn")
        return chip(appeal.get_outcome_display(), OUTCOMES[Outcome(appeal.outcome)])

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("photo/<int:photo_id>/", self._page(self.photo), name="agents_appeal_photo"),
            *(
                path(f"<int:object_id>/{name}/", self._page(view), name=f"agents_appeal_{name}")
                for name, view in (
                    ("answer", self.answer),
                    ("note", self.note),
                    ("take", self.take),
                    ("decide", self.decide),
                )
            ),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "agents.view_appeal")
        appeal = self._found(object_id)
        context = {
            "original": appeal,
            "appeal": appeal,
            "posts": queries.posts_for_operators(appeal=appeal),
            "subject_href": _subject_href(appeal),
            "is_late": appeal.state == AppealState.OPEN and clock.now() > appeal.due_at,
            "may_decide": request.user.has_perm(DECIDE) and appeal.state == AppealState.OPEN,
            "form": TextForm(),
            "note": TextForm(auto_id="note_%s"),
            "decision": DecisionForm(auto_id="decision_%s"),
        }
        return self.record_page(request, template="ops/appeal.html", title=appeal.number, context=context)

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Write to the member; nothing is decided."""

        def run(appeal: Appeal, data: dict[str, Any]) -> str:
            commands.answer_appeal(appeal=appeal, by=operator(request), text=data["text"], at=clock.now())
            return _("已回复，会员会收到消息。")

        return self._act(request, object_id, _("回复会员"), TextForm(posted(request)), run, _("发送"))

    def note(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Write down what only operators read."""

        def run(appeal: Appeal, data: dict[str, Any]) -> str:
            commands.note_on_appeal(appeal=appeal, by=operator(request), text=data["text"], at=clock.now())
            return _("备注已记下，会员看不到。")

        return self._act(request, object_id, _("内部备注"), TextForm(posted(request)), run, _("记下"))

    def take(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take the appeal over, or give it back to all."""

        def run(appeal: Appeal, _data: dict[str, Any]) -> str:
            mine = appeal.assignee_id == operator(request).pk
            commands.assign_appeal(appeal=appeal, to=None if mine else operator(request))
            return _("已放回队列。") if mine else _("已由你受理。")

        return self._act(request, object_id, _("受理"), NothingToFill(posted(request)), run, _("确认"))

    def decide(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Decide with a reason; the member is told."""

        def run(appeal: Appeal, data: dict[str, Any]) -> str:
            commands.decide_appeal(
                appeal=appeal,
                by=operator(request),
                outcome=Outcome(data["outcome"]),
                reason=data["text"],
                at=clock.now(),
            )
            return _("已答复，会员会收到消息。这里不动账：要补发请到帮扶基金，要更正请走对应的页面。")

        return self._act(request, object_id, _("答复申诉"), DecisionForm(posted(request)), run, _("答复"))

    def photo(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        """A photo of any appeal, for operators."""
        self.require(request, "agents.view_appeal")
        found = queries.appeal_photo(photo_id=min(photo_id, 2**63 - 1))
        if found is None:
            raise Http404
        return private_photo(found.name)

    def _act(
        self, request: HttpRequest, object_id: int, title: str, form: forms.Form, run: Any, button: str
    ) -> HttpResponseBase:
        self.require(request, DECIDE)
        appeal = self._found(str(object_id))

        def logged(data: dict[str, Any]) -> str:
            message: str = run(appeal, data)
            self.log_change(request, appeal, title)
            return message

        page = reverse("ops:agents_appeal_change", args=[appeal.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=logged,
            refusals=(AppealRefused,),
            done=page,
            back=page,
            facts=[(_("申诉"), appeal.number), (_("对象"), appeal.label)],
            button=button,
            context={"opts": self.opts, "original": appeal},
        )

    def _found(self, object_id: str) -> Appeal:
        if object_id.isascii() and object_id.isdecimal() and len(object_id) < 19:
            rows = Appeal.objects.select_related("member", "assignee", "decided_by")
            appeal = rows.filter(pk=int(object_id)).first()
            if appeal is not None:
                return appeal
        raise Http404


def _subject_href(appeal: Appeal) -> str:
    """The operators' page of what an appeal is about."""
    if appeal.subject == Subject.REWARD:
        return reverse("ops:linkage_reward_change", args=[appeal.subject_id])
    if appeal.subject == Subject.WITHDRAWAL:
        return reverse("ops:payouts_withdrawal_change", args=[appeal.subject_id])
    if appeal.subject == Subject.ORDER:
        return reverse("ops:orders_order_change", args=[appeal.subject_id])
    line = OrderLine.objects.filter(pk=appeal.subject_id).values_list("order_id", flat=True).first()
    return reverse("ops:orders_order_change", args=[line]) if line else ""
