"""The queue of tickets: who has waited longest first, with the deadline; answering, noting, asking the supplier."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, operator, ops_site, person, posted
from mall.core.admin.columns import age, chip, link
from mall.core.photos import private_photo
from service import commands, queries
from service.commands import TicketRefused
from service.models import Ticket, TicketState
from suppliers.models import Supplier

ANSWER = "service.answer_ticket"
TONES = {TicketState.WAITING: "warn", TicketState.ANSWERED: "good", TicketState.CLOSED: ""}


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("请写下内容")},
    )


class AskForm(TextForm):
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("问哪个商家"), queryset=Supplier.objects.filter(is_active=True)
    )


class NothingToFill(forms.Form):
    pass


@admin.register(Ticket, site=ops_site)
class TicketAdmin(TabbedAdmin, ActingAdmin):
    """Tickets by who speaks next."""

    list_display = ("number", "who", "topic", "order_link", "waits", "assignee", "state_chip")
    list_display_links = ("number",)
    list_filter = ("state", "topic")
    list_select_related = ("member", "order", "assignee")
    ordering: ClassVar[tuple[str, ...]] = ("waiting_since", "-last_at")
    search_fields = ("number__exact", "order__number__exact")
    search_help_text = gettext_lazy("工单编号、订单号")

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.queue_counts()
        return [
            *(Tab(state.value, state.label, str(counts.get(state.value, "") or "")) for state in TicketState),
            Tab("", _("全部")),
        ]

    @admin.display(description=gettext_lazy("会员"))
    def who(self, ticket: Ticket) -> SafeString:
        return person(ticket.member, masked=True)

    @admin.display(description=gettext_lazy("订单"))
    def order_link(self, ticket: Ticket) -> SafeString | str:
        if ticket.order is None:
            return "—"
        return link(reverse("ops:orders_order_change", args=[ticket.order_id]), ticket.order.number)

    @admin.display(description=gettext_lazy("等待"))
    def waits(self, ticket: Ticket) -> SafeString | str:
        now = clock.now()
        if ticket.waiting_since is None:
            return "—"
        if ticket.first_replied_at is None and now > ticket.reply_due_at:
            return chip(_("已超时"), "bad")
        return age(ticket.waiting_since, now)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, ticket: Ticket) -> SafeString:
        return chip(ticket.get_state_display(), TONES[TicketState(ticket.state)])

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:object_id>/{name}/", self._page(view), name=f"service_ticket_{name}")
            for name, view in (
                ("answer", self.answer),
                ("note", self.note),
                ("take", self.take),
                ("ask", self.ask),
                ("close", self.close),
            )
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "service.view_ticket")
        ticket = self._found(object_id)
        templates = queries.reply_templates(topic=ticket.topic)
        chosen = next((one for one in templates if str(one.pk) == request.GET.get("template")), None)
        now = clock.now()
        context = {
            "original": ticket,
            "ticket": ticket,
            "tone": TONES[TicketState(ticket.state)],
            "posts": queries.posts_for_operators(ticket=ticket),
            "is_late": ticket.first_replied_at is None and now > ticket.reply_due_at,
            "waits": age(ticket.waiting_since, now) if ticket.waiting_since else "",
            "may_answer": request.user.has_perm(ANSWER) and ticket.state != TicketState.CLOSED,
            "templates": templates,
            "form": TextForm(initial={"text": _filled(chosen.text, ticket) if chosen else ""}),
            "note": TextForm(auto_id="note_%s"),
        }
        return self.record_page(request, template="ops/ticket.html", title=ticket.number, context=context)

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Answer; the member is told."""

        def run(ticket: Ticket, data: dict[str, Any]) -> str:
            commands.answer_ticket(ticket=ticket, by=operator(request), text=data["text"], at=clock.now())
            return _("已回复，会员会收到消息。")

        return self._act(request, object_id, _("回复会员"), TextForm(posted(request)), run, _("发送回复"))

    def note(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Write down what only operators read."""

        def run(ticket: Ticket, data: dict[str, Any]) -> str:
            commands.note_on_ticket(ticket=ticket, by=operator(request), text=data["text"], at=clock.now())
            return _("备注已记下，会员和商家都看不到。")

        return self._act(request, object_id, _("内部备注"), TextForm(posted(request)), run, _("记下"))

    def take(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Take the ticket over, or give it back to all."""

        def run(ticket: Ticket, _data: dict[str, Any]) -> str:
            mine = ticket.assignee_id == operator(request).pk
            commands.assign_ticket(ticket=ticket, to=None if mine else operator(request))
            return _("已放回队列。") if mine else _("已由你受理。")

        return self._act(request, object_id, _("受理"), NothingToFill(posted(request)), run, _("确认"))

    def ask(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Ask a supplier; it sees the conversation, not the notes, and the member by a masked name."""
        ticket = self._found(str(object_id))
        supplier = ticket.asked_id or (ticket.order.supplier_id if ticket.order else None)

        def run(found: Ticket, data: dict[str, Any]) -> str:
            commands.ask_supplier(
                ticket=found, supplier=data["supplier"], by=operator(request), text=data["text"], at=clock.now()
            )
            return _("已转给商家，答复会出现在这里。")

        form = AskForm(posted(request), initial={"supplier": supplier})
        return self._act(request, object_id, _("询问商家"), form, run, _("发给商家"))

    def close(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """End the ticket; the member is asked how it was."""

        def run(ticket: Ticket, _data: dict[str, Any]) -> str:
            commands.close_ticket(ticket=ticket, by=operator(request), at=clock.now())
            return _("工单已结束，会员可以评价，也可以重新打开。")

        return self._act(request, object_id, _("结束工单"), NothingToFill(posted(request)), run, _("结束"))

    def _act(
        self, request: HttpRequest, object_id: int, title: str, form: forms.Form, run: Any, button: str
    ) -> HttpResponseBase:
        self.require(request, ANSWER)
        ticket = self._found(str(object_id))

        def logged(data: dict[str, Any]) -> str:
            message: str = run(ticket, data)
            self.log_change(request, ticket, title)
            return message

        page = reverse("ops:service_ticket_change", args=[ticket.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=logged,
            refusals=(TicketRefused,),
            done=page,
            back=page,
            facts=[(_("工单"), ticket.number), (_("类型"), ticket.get_topic_display())],
            button=button,
            context={"opts": self.opts, "original": ticket},
        )

    def _found(self, object_id: str) -> Ticket:
        if object_id.isascii() and object_id.isdecimal() and len(object_id) < 19:
            rows = Ticket.objects.select_related("member", "order__supplier", "assignee", "asked")
            ticket = rows.filter(pk=int(object_id)).first()
            if ticket is not None:
                return ticket
        raise Http404


@ops_site.page("service/photo/<int:photo_id>/", name="service_photo", permission="service.view_ticket")
def photo(request: HttpRequest, photo_id: int) -> HttpResponseBase:
    """A photo of any ticket, for operators."""
    found = queries.ticket_photo(photo_id=min(photo_id, 2**63 - 1))
    if found is None:
        raise Http404
    return private_photo(found.name)


def _filled(text: str, ticket: Ticket) -> str:
    """Fill a template in with the member's name and the order's number."""
    name, number = ticket.member.nickname or _("您好"), ticket.order.number if ticket.order else ""
    return text.replace("{称呼}", name).replace("{订单}", number)
