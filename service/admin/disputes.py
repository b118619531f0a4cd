"""A dispute at /ops/ with its three sides in view: buyer, supplier, and what the mall's decision would do."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

import orders.queries.after_sale
from mall.core import clock
from mall.core.admin import operator, ops_site, row_or_404
from mall.core.admin.columns import moment
from mall.core.previews import sums_of
from orders.models import AfterSale, CasePhoto, CaseState, CaseStep, ParcelKind
from orders.queries.deciding import outcomes
from service import commands
from service.commands.handling import ANSWER
from service.models import Dispute
from service.queries.desk import DISPUTE

from .handling import HandlingAdmin, TextForm
from .queue import due_chip

DECIDE = "orders.decide_aftersale"


@admin.register(Dispute, site=ops_site)
class DisputeAdmin(HandlingAdmin):
    """Disputes. Their list is the queue of the desk; the decision itself is the case's own act."""

    def get_urls(self) -> list[URLPattern]:
        own = [path("case/<int:case_id>/", self._page(self.of_case), name="service_dispute_case")]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect(f"{reverse('ops:service_ticket_changelist')}?kind={DISPUTE}")

    def of_case(self, request: HttpRequest, case_id: int) -> HttpResponseBase:
        """Lead from a case to its dispute."""
        self.require(request, "service.view_dispute")
        dispute = Dispute.objects.filter(case=min(case_id, 2**62)).first()
        if dispute is None:
            raise Http404
        return HttpResponseRedirect(self.address("change", dispute))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "service.view_dispute")
        dispute = self.found(object_id)
        case = orders.queries.after_sale.case_for_platform(case_id=dispute.case_id)
        assert case is not None
        now = clock.now()
        is_open, may = dispute.closed_at is None, request.user.has_perm(ANSWER)
        found = outcomes(case=case, at=now) if is_open else []
        effects = next((list(one.effects) for one in found if one.effects), [])
        context = {
            "original": dispute,
            "dispute": dispute,
            "case": case,
            "is_open": is_open,
            "due": due_chip(dispute.due_at, now) if dispute.due_at else "",
            "buyer": _side(case, CaseStep.Actor.BUYER),
            "supplier": _side(case, CaseStep.Actor.SUPPLIER),
            "others": [step for step in case.steps.all() if step.actor not in SIDES],
            "parcels": [(parcel, parcel.kind == ParcelKind.RETURN) for parcel in case.parcels.all()],
            "refund": orders.queries.after_sale.refund_of_case(case=case),
            "lines": list(case.order.lines.order_by("pk")),
            "outcomes": found,
            "effects": effects,
            "sums": sums_of(effects),
            "acts": self._acts(request, dispute, case) + (self.handling(request, dispute) if may and is_open else []),
            "may_note": may,
            "note": TextForm(auto_id="note_%s"),
            "notes": list(dispute.notes.select_related("noted_by")),
            "tags": list(dispute.tags.all()),
            "tag_address": self.address("tag", dispute) if may else "",
        }
        title = _("纠纷 %s") % case.number
        return self.record_page(request, template="ops/dispute.html", title=title, context=context)

    def keep_note(self, request: HttpRequest, item: Any, text: str) -> None:
        commands.note_on_dispute(dispute=item, by=operator(request), text=text, at=clock.now())

    def facts(self, item: Any) -> list[tuple[Any, Any]]:
        return [(_("售后单"), item.case.number), (_("裁定期限"), moment(item.due_at))]

    def found(self, object_id: Any) -> Dispute:
        return row_or_404(Dispute.objects.select_related("case", "assignee", "supplier"), object_id)

    def _acts(self, request: HttpRequest, dispute: Dispute, case: AfterSale) -> list[dict[str, Any]]:
        if case.state != CaseState.DISPUTED:
            return []
        return [
            {
                "address": reverse("ops:orders_aftersale_decide", args=[case.pk]),
                "label": _("裁定"),
                "icon": "gavel",
                "why": "" if request.user.has_perm(DECIDE) else _("你没有裁定售后纠纷的权限。"),
            }
        ]


SIDES = (CaseStep.Actor.BUYER, CaseStep.Actor.SUPPLIER)


def _side(case: AfterSale, actor: str) -> dict[str, Any]:
    """Return what one side said and showed, oldest first."""
    shown: list[tuple[CasePhoto, str]] = [
        (photo, reverse("ops:orders_aftersale_photo", args=[case.pk, photo.pk]))
        for photo in case.photos.all()
        if photo.actor == actor
    ]
    return {"steps": [step for step in list(case.steps.all())[::-1] if step.actor == actor], "photos": shown}
