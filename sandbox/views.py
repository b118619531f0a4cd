"""The provider's page, on which a buyer confirms a payment or leaves."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mall.core import clock
from mall.core.access import public

from . import commands, notices
from .models import SandboxCharge


@public
@never_cache
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show a charge. Confirmed, it is paid and its notice goes out at once; if that fails, the task sends it again."""
    charge = SandboxCharge.objects.filter(token=token).first()
    if charge is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("decision") == "pay":
            notice = commands.pay_charge(charge=charge, app_id=settings.SANDBOX_APP_ID, at=clock.now())
            if notice is not None:
                notices.send_notice(notice=notice, at=clock.now())
        response = HttpResponseRedirect(charge.return_url)
        response.status_code = 303
        return response
    merchant_name = settings.SITE_NAME
    is_expired = clock.now() >= charge.expires_at
    return render(
        request, "sandbox/pay.html", {"charge": charge, "merchant_name": merchant_name, "is_expired": is_expired}
    )
