"""What a buyer sees of Alipay: the page behind `alipay.trade.wap.pay`, and where merchants fetch a bill."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from mall.core import clock
from mall.core.access import demo_only
from sandbox.payments import book, delivery
from sandbox.payments.models import Provider, Trade

from . import bill
from .notices import EVENT, paid_content
from .reading import Failure, amount_of, content_of, text_of

METHOD = "alipay.trade.wap.pay"
PRODUCT = "QUICK_WAP_WAY"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def page(request: HttpRequest, fields: dict[str, str], at: datetime) -> HttpResponse:
    """Begin the trade that a signed address describes, and lead to the page on which it is paid."""
    try:
        trade = _begin(fields, at)
    except (Failure, book.Conflict, book.NotPossible) as no:
        return render(request, "sandbox/trade.html", {"refusal": str(no) or "CONTEXT_INCONSISTENT"}, status=400)
    return HttpResponseRedirect(f"{request.path.removesuffix('gateway.do')}pay/{trade.token}/")


@demo_only
@csrf_protect
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a trade. Confirmed, it is paid and its notice goes out at once; if that fails, the task sends it again."""
    trade = Trade.objects.filter(provider=Provider.ALIPAY, token=token).first()
    if trade is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("decision") == "pay":
            notice = book.pay_trade(trade=trade, event=EVENT, describe=paid_content, at=clock.now())
            if notice is not None:
                delivery.send_notice(notice=notice, at=clock.now())
        response = HttpResponseRedirect(trade.return_url)
        response.status_code = 303
        return response
    context = {
        "trade": trade,
        "back": trade.return_url,
        "merchant_name": settings.SITE_NAME,
        "is_payable": trade.state == "open" and clock.now() < trade.expires_at,
        "is_led_here": True,
    }
    return render(request, "sandbox/trade.html", context)


@demo_only
@require_safe
def bill_file(request: HttpRequest) -> HttpResponse:
    """Hand a bill out."""
    try:
        day = parse_date(request.GET.get("bizDates", ""))
    except ValueError:
        day = None
    packed = bill.bill_of(day) if day else None
    if packed is None:
        raise Http404
    return HttpResponse(packed, content_type="application/zip")


def _begin(fields: dict[str, str], at: datetime) -> Trade:
    content = content_of(fields)
    if content.get("product_code") != PRODUCT or content.get("seller_id") != settings.ALIPAY_SELLER_ID:
        raise Failure("ACQ.INVALID_PARAMETER")
    try:
        until = parse_datetime(text_of(content, "time_expire", 19))
    except ValueError:
        until = None
    if until is None or until.tzinfo is not None or until.replace(tzinfo=SHANGHAI) <= at:
        raise Failure("ACQ.INVALID_PARAMETER")
    return book.open_trade(
        provider=Provider.ALIPAY,
        merchant_id=settings.ALIPAY_SELLER_ID,
        number=text_of(content, "out_trade_no", 64),
        content={
            "kind": "wap",
            "payer": "",
            "amount_fen": amount_of(content, "total_amount"),
            "currency": "CNY",
            "subject": text_of(content, "subject", 256),
            "notify_url": text_of(dict(fields), "notify_url", 256),
            "return_url": text_of(dict(fields), "return_url", 256),
            "expires_at": until.replace(tzinfo=SHANGHAI),
        },
        at=at,
    )
