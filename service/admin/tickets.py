"""Tickets at /ops/: the queue, answering with macros, asking the supplier, merging, ending and opening again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import operator, ops_site, posted, row_or_404
from mall.core.photos import private_photo
from service import commands, queries, rules
from service.commands.handling import ANSWER
from service.models import Ticket, TicketState
from suppliers.models import Supplier

from .handling import HandlingAdmin, NothingToFill, TextForm
from .queue import TONES, desk_view, due_chip, length


class AskForm(TextForm):
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("问哪个商家"), queryset=Supplier.objects.filter(is_active=True)
    )


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        label=gettext_lazy("并入哪个工单"),
        queryset=Ticket.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("请选一个工单"),
            "invalid_choice": gettext_lazy("只能并入同一位会员没有结束的工单"),
        },
    )

    def __init__(self, data: Any = None, *, ticket: Ticket) -> None:
        super().__init__(data)
        field = self.fields["into"]
        field.queryset = queries.tickets_of_member_open(ticket=ticket)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.number} · {one.get_topic_display()}"  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("为什么"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("记成内部备注，会员看不到。"),
        error_messages={"required": gettext_lazy("请写明为什么重新打开")},
    )


@admin.register(Ticket, site=ops_site)
class TicketAdmin(HandlingAdmin):
    """Tickets. Their list is the queue of the desk, with the disputes in it."""

    acts = (*HandlingAdmin.acts, "answer", "ask", "merge", "close", "reopen")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return desk_view(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "service.view_ticket")
        ticket = self.found(object_id)
        templates = queries.reply_templates(topic=ticket.topic)
        chosen = next((one for one in templates if str(one.pk) == request.GET.get("template")), None)
        now = clock.now()
        is_open, may = ticket.state != TicketState.CLOSED, request.user.has_perm(ANSWER)
        values = _values(ticket, operator(request))
        context = {
            "original": ticket,
            "ticket": ticket,
            "tone": TONES[TicketState(ticket.state)],
            "posts": queries.posts_for_operators(ticket=ticket),
            "due": due_chip(ticket.due_at, now) if ticket.due_at else "",
            "replied_late": (ticket.first_replied_at or ticket.stopped_at or now) > ticket.reply_due_at,
            "solved_late": (ticket.stopped_at or now) > ticket.resolve_due_at,
            "waits": length(now - ticket.waiting_since) if ticket.waiting_since else "",
            "may_answer": may and is_open,
            "templates": templates,
            "form": TextForm(initial={"text": rules.filled(chosen.text, values) if chosen else ""}),
            "note": TextForm(auto_id="note_%s"),
            "tags": list(ticket.tags.all()),
            "tag_address": self.address("tag", ticket) if may else "",
            "acts": self.handling(request, ticket) + self._acts(ticket) if may and is_open else [],
            "reopens": self.address("reopen", ticket) if may and _can_reopen(ticket, now) else "",
            "duplicates": list(ticket.duplicates.order_by("pk")),
        }
        return self.record_page(request, template="ops/ticket.html", title=ticket.number, context=context)

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Answer; the member is told."""

        def run(ticket: Ticket, data: dict[str, Any]) -> str:
            commands.answer_ticket(ticket=ticket, by=operator(request), text=data["text"], at=clock.now())
            return _("已回复，会员会收到消息。")

        return self.act(request, object_id, _("回复会员"), TextForm(posted(request)), run, _("发送回复"))

    def keep_note(self, request: HttpRequest, item: Any, text: str) -> None:
        commands.note_on_ticket(ticket=item, by=operator(request), text=text, at=clock.now())

    def ask(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Ask a supplier; it sees the conversation, not the notes, and the member by a masked name."""
        ticket = self.found(object_id)

        def run(found: Ticket, data: dict[str, Any]) -> str:
            commands.ask_supplier(
                ticket=found, supplier=data["supplier"], by=operator(request), text=data["text"], at=clock.now()
            )
            return _("已转给商家，答复会出现在这里。")

        form = AskForm(posted(request), initial={"supplier": ticket.asked_id or ticket.supplier_id})
        return self.act(request, object_id, _("询问商家"), form, run, _("发给商家"))

    def merge(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Close a duplicate and go on in another ticket of the same member."""

        def run(ticket: Ticket, data: dict[str, Any]) -> str:
            commands.merge_ticket(ticket=ticket, into=data["into"], by=operator(request), at=clock.now())
            return _("已并入 %s，会员会收到消息。") % data["into"].number

        form = MergeForm(posted(request), ticket=self.found(object_id))
        warning = _("合并后这个工单结束，说过的话、标签和更早的期限都带到另一个工单，不能拆开。")
        return self.act(request, object_id, _("合并重复的工单"), form, run, _("合并"), warning=warning)

    def close(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """End the ticket; the member is asked how it was."""

        def run(ticket: Ticket, _data: dict[str, Any]) -> str:
            commands.close_ticket(ticket=ticket, by=operator(request), at=clock.now())
            return _("工单已结束，会员可以评价，也可以重新打开。")

        return self.act(request, object_id, _("结束工单"), NothingToFill(posted(request)), run, _("结束"))

    def reopen(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Open the ticket again."""

        def run(ticket: Ticket, data: dict[str, Any]) -> str:
            now = clock.now()
            commands.reopen_ticket(ticket=ticket, by=operator(request), at=now)
            commands.note_on_ticket(ticket=ticket, by=operator(request), text=data["reason"], at=now)
            return _("工单已重新打开，期限接着算。")

        return self.act(request, object_id, _("重新打开"), ReasonForm(posted(request)), run, _("重新打开"))

    def facts(self, item: Any) -> list[tuple[Any, Any]]:
        return [(_("工单"), item.number), (_("类型"), item.get_topic_display())]

    def found(self, object_id: Any) -> Ticket:
        related = ("member", "order__supplier", "assignee", "asked", "supplier", "merged_into")
        return row_or_404(Ticket.objects.select_related(*related), object_id)

    def _acts(self, ticket: Ticket) -> list[dict[str, Any]]:
        unanswered = _("还没有回复过会员，请先回复再结束") if ticket.first_replied_at is None else ""
        buttons = [
            ("ask", _("询问商家"), "storefront", ""),
            ("merge", _("合并重复的工单"), "merge", ""),
            ("close", _("结束工单"), "task_alt", unanswered),
        ]
        return [
            {"address": self.address(act, ticket), "label": label, "icon": icon, "plain": True, "why": why}
            for act, label, icon, why in buttons
        ]


@ops_site.page("service/photo/<int:photo_id>/", name="service_photo", permission="service.view_ticket")
def photo(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    """A photo of any ticket, for operators."""
    found = queries.ticket_photo(photo_id=min(photo_id, 2**63 - 1))
    if found is None:
        raise Http404
    return private_photo(found.name)


def _values(ticket: Ticket, by: Any) -> dict[str, str]:
    """Return what fills a template in; what is not known stays empty, and so in its braces."""
    line = ticket.order.lines.order_by("pk").first() if ticket.order else None
    return {
        "称呼": ticket.member.nickname or _("您好"),
        "订单": ticket.order.number if ticket.order else "",
        "工单": ticket.number,
        "商品": line.product_name if line else "",
        "客服": by.nickname or _("客服"),
    }


def _can_reopen(ticket: Ticket, now: Any) -> bool:
    is_over = ticket.closed_at is not None and ticket.merged_into_id is None
    return is_over and (now - ticket.closed_at).days < rules.REOPEN_DAYS
