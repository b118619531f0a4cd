"""How the queue is narrowed: by amount, and by what asks for a second look. Only among what waits, which is little."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mall.core import clock
from payouts.models import PayoutAccount, Withdrawal, WithdrawalState
from payouts.rules import OPEN_STATES
from payouts.rules.risk import NEW_DAYS

BANDS = {"small": (0, 20_000), "middle": (20_000, 100_000), "large": (100_000, 200_000), "huge": (200_000, 1 << 60)}


class AmountFilter(admin.SimpleListFilter):
    title = _("金额")
    parameter_name = "amount"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = (_("不到 200 元"), _("200 到 1,000 元"), _("1,000 到 2,000 元"), _("2,000 元起"))
        return list(zip(BANDS, names, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Withdrawal]) -> QuerySet[Withdrawal]:
        band = BANDS.get(self.value() or "")
        return queryset.filter(amount_fen__gte=band[0], amount_fen__lt=band[1]) if band else queryset


class SignalFilter(admin.SimpleListFilter):
    title = _("要留意的")
    parameter_name = "signal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("first", _("首次提现")),
            ("new_account", _("账户不满 7 天")),
            ("shared", _("与别的会员同一账户")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Withdrawal]) -> QuerySet[Withdrawal]:
        if self.value() not in ("first", "new_account", "shared"):
            return queryset
        waiting = queryset.filter(state__in=OPEN_STATES)
        if self.value() == "first":
            paid = Withdrawal.objects.filter(member=OuterRef("member"), state=WithdrawalState.PAID)
            return waiting.exclude(Exists(paid))
        if self.value() == "new_account":
            return waiting.filter(account__added_at__gt=clock.now() - timedelta(days=NEW_DAYS))
        others = PayoutAccount.objects.filter(fingerprint=OuterRef("account__fingerprint")).exclude(
            member=OuterRef("member")
        )
        return waiting.exclude(account__fingerprint="").annotate(_shared=Exists(others)).filter(_shared=True)
