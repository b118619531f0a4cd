"""Invoices: to whom they are made out, and asking for that of an order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from orders import commands
from orders.commands import OrderRefused
from orders.forms import InvoiceForm
from orders.models import Invoice, InvoiceState, InvoiceTitle
from orders.rules import PAID_STATES

from .buying import member_of, own_order


@members_only
@require_safe
def title_list(request: HttpRequest) -> HttpResponse:
    """The titles that are kept."""
    titles = InvoiceTitle.objects.filter(member=member_of(request)).order_by("-pk")
    return render(request, "orders/invoice_titles.html", {"titles": titles})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def title_new(request: HttpRequest) -> HttpResponse:
    """Keep another title."""
    return _edit(request, None)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def title_edit(request: HttpRequest, title_id: int) -> HttpResponse:
    """Change a title; invoices that were asked for keep theirs."""
    kept = InvoiceTitle.objects.filter(member=member_of(request), pk=title_id).first()
    if kept is None:
        raise Http404
    return _edit(request, kept)


@members_only
@require_POST
def title_delete(request: HttpRequest, title_id: int) -> HttpResponse:
    """Forget a title."""
    if not commands.delete_title(member=member_of(request), title_id=title_id):
        raise Http404
    messages.success(request, _("抬头已删除"))
    return HttpResponseRedirect(reverse("orders:invoices"))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The invoice of an order: what became of it, or a form that asks for one."""
    order = own_order(request, number)
    standing = Invoice.objects.filter(order=order).exclude(state=InvoiceState.VOID).first()
    titles = list(InvoiceTitle.objects.filter(member=member_of(request)).order_by("-pk"))
    form = InvoiceForm(request.POST or None, initial=_initial(titles, request.GET.get("title", "")))
    can_ask = standing is None and order.state in PAID_STATES
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                commands.request_invoice(order=order, invoice=form.request(), at=clock.now())
            except OrderRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("已提交开票申请，商家会尽快开具"))
            return HttpResponseRedirect(reverse("orders:detail", args=[number]))
    page = {"order": order, "invoice": standing, "form": form, "titles": titles, "can_ask": can_ask}
    return render(request, "orders/invoice.html", page, status=status)


def _edit(request: HttpRequest, kept: InvoiceTitle | None) -> HttpResponse:
    initial = _initial([kept], kept.choice) if kept is not None else {}
    form = InvoiceForm(request.POST or None, initial=initial)
    status = 400 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            commands.save_title(
                member=member_of(request),
                invoice=form.request(),
                at=clock.now(),
                title_id=kept.pk if kept is not None else None,
            )
        except OrderRefused as refusal:
            form.add_error("title", str(refusal))
            status = 409
        else:
            messages.success(request, _("抬头已保存"))
            return HttpResponseRedirect(reverse("orders:invoices"))
    return render(request, "orders/invoice_title.html", {"form": form, "title": kept}, status=status)


def _initial(titles: list[InvoiceTitle], choice: str) -> dict[str, str]:
    """What a kept title fills in."""
    kept = next((title for title in titles if title.choice == choice), None)
    if kept is None:
        return {}
    return {"kind": kept.kind, "title": kept.title, "tax_number": kept.tax_number, "email": kept.email}
