"""What the mall asked a supplier: the conversation without notes, and the answer."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import act_page, moment_column, operator, posted, supplier_site
from mall.core.admin.acting import ActingAdmin
from mall.core.admin.columns import chip
from mall.core.admin.own_rows import OwnReadOnlyAdmin
from mall.core.photos import private_photo
from mall.core.seats import supplier_id_of
from service import commands, queries
from service.commands import TicketRefused
from service.models import Author, Ticket, TicketPost, TicketState

from .handling import TextForm


@admin.register(Ticket, site=supplier_site)
class AskedTicketAdmin(OwnReadOnlyAdmin, ActingAdmin):
    """Tickets about which this supplier was asked."""

    own_path = "asked"
    list_display = ("number", "topic", "order", "asked_for", "last")
    list_display_links = ("number",)
    list_select_related = ("order",)
    ordering: ClassVar[tuple[str, ...]] = ("-last_at",)
    last = moment_column("last_at", gettext_lazy("最后一条"))

    def prepare(self, request: HttpRequest, rows: list[Ticket]) -> None:
        posts = TicketPost.objects.filter(ticket__in=rows, author__in=(Author.ASK, Author.SUPPLIER)).order_by(
            "at", "id"
        )
        latest = dict(posts.values_list("ticket_id", "author"))
        for row in rows:
            row.waits_for_us = latest.get(row.pk) == Author.ASK  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("状态"))
    def asked_for(self, ticket: Any) -> SafeString:
        if ticket.state == TicketState.CLOSED:
            return chip(_("已结束"))
        return chip(_("等你答复"), "warn") if ticket.waits_for_us else chip(_("已答复"), "good")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("photo/<int:photo_id>/", self._page(self.photo), name="service_ticket_photo"),
            path("<int:object_id>/answer/", self._page(self.answer), name="service_ticket_answer"),
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        ticket = self.own_row(request, object_id)
        context = {
            "original": ticket,
            "ticket": ticket,
            "posts": queries.posts_for_supplier(ticket=ticket),
            "may_answer": ticket.state != TicketState.CLOSED,
            "form": TextForm(),
        }
        return self.record_page(request, template="supplier/ticket.html", title=ticket.number, context=context)

    def answer(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Answer the mall; the member hears from the mall's service."""
        ticket = self.own_row(request, str(object_id))

        def run(data: dict[str, Any]) -> str:
            commands.supplier_answers(
                ticket=ticket,
                supplier_id=supplier_id_of(request) or 0,
                by=operator(request),
                text=data["text"],
                at=clock.now(),
            )
            return _("已答复平台客服。")

        page = reverse("supplier:service_ticket_change", args=[ticket.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=_("答复平台客服"),
            form=TextForm(posted(request)),
            run=run,
            refusals=(TicketRefused,),
            done=page,
            back=page,
            facts=[(_("工单"), ticket.number)],
            button=_("发送"),
            context={"opts": self.opts, "original": ticket},
        )

    def photo(self, request: HttpRequest, photo_id: int) -> HttpResponseBase:
        """A photo of a ticket about which this supplier was asked."""
        supplier_id = supplier_id_of(request) or 0
        found = queries.ticket_photo(photo_id=min(photo_id, 2**63 - 1), asked_supplier_id=supplier_id)
        if found is None:
            raise Http404
        return private_photo(found.name)
