"""After-sale for buyers: asking step by step, one's cases, and what can be done with each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from mall.core.photos import private_photo
from orders.commands import OrderRefused
from orders.commands import after_sale as commands
from orders.models import AfterSale, CaseState
from orders.queries import after_sale as queries
from orders.queries.after_sale import CaseChoice, OfferLine
from orders.rules import returning as rules

from .after_sale_forms import KIND_WORDS, CaseForm, DisputeForm, SpeakForm, WaybillForm
from .buying import member_of

PAGE = 10
STEPS = (gettext_lazy("类型"), gettext_lazy("原因"), gettext_lazy("金额"), gettext_lazy("凭证"))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest, line_id: int) -> HttpResponse:
    """Ask in four steps. Each but the last is a plain address, so that going back and reloading lose nothing."""
    line = queries.line_of(member=member_of(request), line_id=line_id)
    if line is None:
        raise Http404
    offer = queries.offer_line(line=line, order=line.order, at=clock.now())
    given = request.POST if request.method == "POST" else request.GET
    choice = next((one for one in offer.choices if one.key == given.get("kind")), None)
    if choice is None:
        status = 400 if request.method == "POST" else 200
        return _wizard(request, offer, 1, {"choices": _choices(offer)}, status=status)
    form = CaseForm(given, request.FILES if request.method == "POST" else None, choice=choice, offer=offer)
    form.is_valid()
    if request.method == "POST":
        return _open(request, offer, choice, form)
    if "reason" not in given or "reason" in form.errors:
        return _reasons(request, offer, choice, form)
    if given.get("step") == "4" and not form.errors:
        return _wizard(request, offer, 4, {"choice": choice, "form": form, **_sums(offer, choice, form)})
    form = form if "quantity" in given else _unasked(offer, choice, given)
    return _wizard(request, offer, 3, {"choice": choice, "form": form, **_sums(offer, choice, form)})


@members_only
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """One's cases, newest first; `?tab=open` those under way."""
    tab, before = request.GET.get("tab", ""), request.GET.get("before", "")
    if tab not in ("", "open"):
        raise Http404
    before = before if "\x00" not in before and len(before) <= 40 else ""
    found = queries.cases_page(member=member_of(request), open_only=tab == "open", before=before, limit=PAGE + 1)
    page = {
        "cases": found[:PAGE],
        "more": found[PAGE - 1].number if len(found) > PAGE else "",
        "chosen_tab": tab,
        "tabs": (("", _("全部")), ("open", _("处理中"))),
        "now": clock.now(),
    }
    if request.headers.get("HX-Target") == "more":
        return render(request, "orders/case_cards.html", page)
    return render(request, "orders/cases.html", page)


@members_only
@require_safe
def case_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One case: what happened, who acts next and by when, and what can be done."""
    return _detail(request, _own(request, number), WaybillForm())


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def case_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Take back what was asked."""
    case = _own(request, number)
    if request.method != "POST":
        if not rules.may("cancel", actor=rules.BUYER, state=case.state):
            return _to(case)
        in_sheet = request.headers.get("HX-Target") == "sheet"
        frame = "components/bare.html" if in_sheet else "base.html"
        return render(request, "orders/case_cancel.html", {"case": case, "frame": frame})
    return _act(
        request,
        case,
        lambda: commands.cancel_case(case=case, member=member_of(request), at=clock.now()),
        _("已撤销申请"),
    )


@members_only
@require_POST
def case_send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Fill in by which parcel the goods go back."""
    case, form = _own(request, number), WaybillForm(request.POST)
    if not form.is_valid():
        return _detail(request, case, form, status=400)
    return _act(
        request,
        case,
        lambda: commands.send_back(case=case, member=member_of(request), at=clock.now(), **form.cleaned_data),
        _("已提交退货单号，等商家收货"),
    )


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def case_dispute(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the platform to decide."""
    case = _own(request, number)
    if not rules.may("dispute", actor=rules.BUYER, state=case.state):
        return _to(case)
    is_sent = request.method == "POST"
    form = DisputeForm(request.POST, request.FILES) if is_sent else DisputeForm()
    if not is_sent or not form.is_valid():
        return render(request, "orders/case_dispute.html", {"case": case, "form": form}, status=400 if is_sent else 200)
    return _act(
        request,
        case,
        lambda: commands.dispute_case(case=case, member=member_of(request), at=clock.now(), **form.cleaned_data),
        _("平台已介入，会尽快给出结果"),
    )


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def case_speak(request: HttpRequest, number: str) -> HttpResponse:
    """Add words and photos while the platform decides."""
    case = _own(request, number)
    if not _may_speak(case):
        return _to(case)
    is_sent = request.method == "POST"
    form = SpeakForm(request.POST, request.FILES) if is_sent else SpeakForm()
    if is_sent and form.is_valid():
        try:
            commands.add_to_dispute(case=case, member=member_of(request), at=clock.now(), **form.cleaned_data)
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已补充，平台裁定时会看"))
            return _to(case)
    page = {"case": case, "form": form, "left": queries.statements_left(case=case, actor=rules.BUYER)}
    return render(request, "orders/case_speak.html", page, status=400 if is_sent else 200)


@members_only
@require_POST
def case_received(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the replacement is here."""
    case = _own(request, number)
    return _act(
        request,
        case,
        lambda: commands.take_replacement(case=case, member=member_of(request), at=clock.now()),
        _("已确认收到换货"),
    )


@members_only
@require_safe
def case_photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """A photo of one's own case."""
    name = queries.case_photo(photo_id=photo_id, member=member_of(request))
    if name is None:
        raise Http404
    return private_photo(name)


def _open(request: HttpRequest, offer: OfferLine, choice: CaseChoice, form: CaseForm) -> HttpResponse:
    if not form.is_valid():
        step = 2 if "reason" in form.errors else 3 if {"quantity", "amount"} & form.errors.keys() else 4
        sums = _sums(offer, choice, form)
        return _wizard(request, offer, step, {"choice": choice, "form": form, **sums}, status=400)
    given = form.cleaned_data
    try:
        case = commands.open_case(
            member=member_of(request),
            line=offer.line,
            kind=choice.kind,
            before_shipping=choice.before_shipping,
            reason=given["reason"],
            quantity=given["quantity"],
            amount_fen=given["amount"],
            note=given["note"],
            photos=given["photos"],
            at=clock.now(),
        )
    except OrderRefused as refusal:
        form.add_error(None, str(refusal))
        return _wizard(request, offer, 4, {"choice": choice, "form": form, **_sums(offer, choice, form)}, status=400)
    messages.success(request, _("已同意退款，款项原路退回") if choice.before_shipping else _("申请已提交"))
    return _to(case)


def _choices(offer: OfferLine) -> list[dict[str, Any]]:
    return [
        {
            "key": choice.key,
            "title": KIND_WORDS[choice.key][0],
            "text": KIND_WORDS[choice.key][1],
            "most": choice.quantity_max,
        }
        for choice in offer.choices
    ]


def _reasons(request: HttpRequest, offer: OfferLine, choice: CaseChoice, form: CaseForm) -> HttpResponse:
    unasked = CaseForm(None, None, choice=choice, offer=offer)
    return _wizard(request, offer, 2, {"choice": choice, "form": unasked})


def _unasked(offer: OfferLine, choice: CaseChoice, given: Any) -> CaseForm:
    """The form of the step at which count and amount are asked first."""
    form = CaseForm(None, None, choice=choice, offer=offer)
    form.fields["reason"].initial = given.get("reason")
    return form


def _sums(offer: OfferLine, choice: CaseChoice, form: CaseForm) -> dict[str, Any]:
    """What comes back, line by line, for the count that the form asks for."""
    quantity = form.cleaned_data.get("quantity") if form.is_bound else form.fields["quantity"].initial
    quantity = min(quantity or 1, choice.quantity_max)
    goods_fen = offer.amount_fen(quantity)
    full_fen = offer.line.unit_price_fen * quantity
    freight_fen = offer.freight_fen(choice, quantity)
    asked_fen = form.cleaned_data.get("amount") if form.is_bound else None
    return {
        "kind_title": KIND_WORDS[choice.key][0],
        "quantity": quantity,
        "goods_fen": goods_fen,
        "full_fen": full_fen,
        "share_fen": goods_fen - full_fen,
        "freight_fen": freight_fen,
        "total_fen": (asked_fen or goods_fen) + freight_fen,
        "most": f"{goods_fen // 100}.{goods_fen % 100:02d}",
    }


def _wizard(
    request: HttpRequest, offer: OfferLine, step: int, parts: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    page = {
        "offer": offer,
        "line": offer.line,
        "order": offer.order,
        "steps": list(enumerate(STEPS, start=1)),
        "step": step,
        "kind": parts["choice"].key if "choice" in parts else "",
        "now": clock.now(),
        **parts,
    }
    if step == 3 and request.headers.get("HX-Target") == "sums":
        return render(request, "orders/case_sums.html", page)
    return render(request, "orders/case_new.html", page, status=status)


def _detail(request: HttpRequest, case: AfterSale, form: WaybillForm, *, status: int = 200) -> HttpResponse:
    acts = {act for act in rules.ACTS if rules.may(act, actor=rules.BUYER, state=case.state)}
    if not _may_speak(case):
        acts.discard("speak")
    page = {
        "case": case,
        "order": case.order,
        "line": case.line,
        "acts": acts,
        "form": form,
        "refund": queries.refund_of_case(case=case),
        "is_over": case.state in (CaseState.DONE, CaseState.CLOSED),
        "now": clock.now(),
    }
    return render(request, "orders/case.html", page, status=status)


def _act(request: HttpRequest, case: AfterSale, act: Any, done: str) -> HttpResponse:
    try:
        act()
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return _to(case)


def _may_speak(case: AfterSale) -> bool:
    """Say whether the buyer can add something now: the platform decides, and its deadline is not over."""
    in_time = case.due_at is None or clock.now() < case.due_at
    return (
        in_time
        and rules.may("speak", actor=rules.BUYER, state=case.state)
        and queries.statements_left(case=case, actor=rules.BUYER) > 0
    )


def _own(request: HttpRequest, number: str) -> AfterSale:
    case = None if "\x00" in number else queries.case_of(member=member_of(request), number=number)
    if case is None:
        raise Http404
    return case


def _to(case: AfterSale) -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:case", args=[case.number]))
