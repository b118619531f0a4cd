"""Withdrawals by their number, in the search of /ops/."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mall.core.admin import ops_site
from mall.core.admin.palette import Result, numbered
from mall.core.money import yuan
from payouts.models import Withdrawal


@ops_site.finds(_("提现"), "payments", permission="payouts.view_withdrawal")
def withdrawals(request: HttpRequest, term: str) -> Iterator[Result]:
    for one in numbered(Withdrawal.objects.select_related("member"), term, "number"):
        note = f"{one.get_state_display()} · {yuan(one.amount_fen)} · {one.member}"
        yield Result(one.number, note, reverse("ops:payouts_withdrawal_change", args=[one.pk]))
