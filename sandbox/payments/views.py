"""The control page of the stand-ins: what goes wrong next, and what they have in their book."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mall.core import clock
from mall.core.access import demo_only

from . import delivery
from .book import OPERATIONS
from .models import Provider, Trade, TradeNotice, TradeTrouble, TransferBill, TroubleKind
from .tasks import send_what_is_due

SHOWN = 20


class TroubleForm(forms.Form):
    provider = forms.ChoiceField(label=gettext_lazy("机构"), choices=Provider.choices)
    operation = forms.ChoiceField(label=gettext_lazy("接口"), choices=[(name, name) for name in OPERATIONS])
    kind = forms.ChoiceField(label=gettext_lazy("故障"), choices=TroubleKind.choices)
    remaining = forms.IntegerField(label=gettext_lazy("次数"), min_value=1, max_value=99, initial=1)


@demo_only
@require_http_methods(["GET", "POST"])
def control(request: HttpRequest) -> HttpResponse:
    """Show the book, and order trouble."""
    form = TroubleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        TradeTrouble.objects.create(**form.cleaned_data)
        return HttpResponseRedirect(reverse("standins:control"))
    page = {
        "form": form,
        "troubles": TradeTrouble.objects.filter(remaining__gt=0).order_by("id"),
        "trades": Trade.objects.order_by("-id")[:SHOWN],
        "bills": TransferBill.objects.order_by("-id")[:SHOWN],
        "notices": TradeNotice.objects.select_related("trade", "bill").order_by("-id")[:SHOWN],
    }
    return render(request, "sandbox/control.html", page, status=400 if form.errors else 200)


@demo_only
@require_POST
def deliver(request: HttpRequest) -> HttpResponse:
    """Do now what the sweep would do later; `notice` sends that one again, though it was taken or lost."""
    chosen = TradeNotice.objects.filter(notice_id=request.POST.get("notice", "")[:64]).first()
    if chosen is None:
        send_what_is_due()
    else:
        TradeNotice.objects.filter(pk=chosen.pk).update(acknowledged_at=None, next_try_at=clock.now())
        delivery.send_notice(notice=TradeNotice.objects.get(pk=chosen.pk), at=clock.now())
    return HttpResponseRedirect(reverse("standins:control"))
