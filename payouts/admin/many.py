"""Several small green withdrawals at once: chosen on one page, read again with their total on the next."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import operator, ops_site
from mall.core.admin.fields import HundredthsField
from mall.core.money import yuan
from mall.core.trail import Told, tell
from payouts.commands import DecisionRefused, approve_many, release_many
from payouts.models import Withdrawal, WithdrawalState
from payouts.queries import green_of
from payouts.rules.risk import GREEN_COUNT_MAX, GREEN_ROW_MAX_FEN, GREEN_TOTAL_MAX_FEN

from .risk_words import reasons

VIEW = "payouts.view_withdrawal"
ACTS = {
    "approve": (WithdrawalState.REQUESTED, "payouts.approve_withdrawal", approve_many),
    "release": (WithdrawalState.APPROVED, "payouts.release_withdrawal", release_many),
}


class TotalForm(forms.Form):
    """The total, written down by who decides: nobody lets pass what was not read."""

    total_fen = HundredthsField(unit="yuan", label=gettext_lazy("照着上面的合计填一遍（元）"))


@ops_site.page("payouts/many/<str:act>/", name="payouts_many", permission=VIEW)
def many(request: HttpRequest, act: str) -> HttpResponseBase:
    """Choose (GET), read again (POST with what was chosen), decide (POST with the total)."""
    if act not in ACTS:
        raise Http404
    state, right, decide = ACTS[act]
    if not request.user.has_perm(right):
        raise PermissionDenied
    rows = green_of(state=state, but_of=request.user.pk or 0, at=clock.now())
    chosen = set(request.POST.getlist("number")) if request.method == "POST" else set()
    picked = [row for row in rows if row[0].number in chosen]
    form = TotalForm(request.POST if "total_fen" in request.POST else None)
    if picked and "total_fen" in request.POST and form.is_valid():
        numbers = request.POST.getlist("number")
        try:
            done = decide(
                numbers=numbers, total_fen=form.cleaned_data["total_fen"], by=operator(request), at=clock.now()
            )
        except DecisionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, Told(_title(act), ", ".join(numbers)[:200]))
            messages.success(request, _said(act, done))
            page = reverse("ops:payouts_withdrawal_changelist")
            return HttpResponseRedirect(f"{page}?state__exact={state.value}")
    shown = picked or rows
    context = {
        **ops_site.each_context(request),
        "title": _title(act),
        "act": act,
        "is_second": bool(picked),
        "rows": [{"row": row, "look": look, "reasons": reasons(look.reasons)} for row, look in shown],
        "count": len(shown),
        "total_fen": sum(row.amount_fen for row, _look in shown),
        "net_fen": sum(row.net_fen for row, _look in shown),
        "form": form,
        "row_max": yuan(GREEN_ROW_MAX_FEN),
        "total_max": yuan(GREEN_TOTAL_MAX_FEN),
        "count_max": GREEN_COUNT_MAX,
        "back": f"{reverse('ops:payouts_withdrawal_changelist')}?state__exact={state.value}",
        "nothing_chosen": request.method == "POST" and not picked,
    }
    return TemplateResponse(request, "ops/payouts_many.html", context)


def _title(act: str) -> str:
    return _("批量初审") if act == "approve" else _("批量复核打款")


def _said(act: str, done: list[Withdrawal]) -> str:
    total = yuan(sum(one.amount_fen for one in done))
    if act == "approve":
        return _("%(count)d 笔已初审通过，合计 %(total)s，等另一位同事复核。") % {"count": len(done), "total": total}
    return _("%(count)d 笔已复核，合计 %(total)s，正在逐笔打款。") % {"count": len(done), "total": total}
