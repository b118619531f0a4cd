"""What a member may send: an amount in yuan, nothing else."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
TICKET_SALT = "agents.withdrawal"
TICKET_SECONDS = 1_800


def fen_from(text: str) -> int:
    """Return the fen of an amount as people type it: `432.44`, `¥ 1,000`, full-width digits. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").strip()
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,2})?", plain):
        plain = plain.replace(",", "")
    found = _YUAN.fullmatch(plain)
    if found is None:
        raise ValueError("not an amount")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


class WithdrawalForm(forms.Form):
    """The amount of a withdrawal, and the ticket of its confirmation page."""

    amount = forms.CharField(
        label=_("提现金额"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-amount", "enterkeyhint": "done"}
        ),
        error_messages={"required": _("请输入提现金额"), "max_length": _("请输入金额，最多两位小数，如 432.44")},
    )

    def __init__(self, data: Any = None, *, available_fen: int, min_fen: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.available_fen = available_fen
        self.min_fen = min_fen

    @property
    def amount_fen(self) -> int | None:
        """What was typed, whether or not it can be had; none where it is no amount."""
        if not self.is_bound:
            return None
        try:
            return fen_from(str(self.data.get("amount", "")))
        except ValueError:
            return None

    def clean_amount(self) -> str:
        text: str = self.cleaned_data["amount"]
        fen = self.amount_fen
        if fen is None:
            raise forms.ValidationError(_("请输入金额，最多两位小数，如 432.44"))
        if fen < self.min_fen:
            raise forms.ValidationError(_("低于最低提现金额"))
        if fen > self.available_fen:
            raise forms.ValidationError(_("超过可提现余额"))
        return text

    def refuse(self, message: str) -> None:
        """Say at the amount why it was refused after all."""
        if self.is_valid():
            self.add_error("amount", message)

    def new_ticket(self, *, member_id: int, net_fen: int, number: str) -> str:
        """Return what the confirmation page carries, so that exactly what it showed is asked for, once."""
        return signing.dumps([member_id, self.amount_fen, net_fen, number], salt=TICKET_SALT)

    def number(self, *, member_id: int, net_fen: int) -> str | None:
        """Return the number in the ticket if it is this member's, for this amount and net, and not too old."""
        try:
            content = signing.loads(str(self.data.get("ticket", "")), salt=TICKET_SALT, max_age=TICKET_SECONDS)
        except signing.BadSignature:
            return None
        if not isinstance(content, list) or content[:-1] != [member_id, self.amount_fen, net_fen]:
            return None
        number: str = content[-1]
        return number


class DaysForm(forms.Form):
    """From which day to which, both included; either may be left out."""

    first = forms.DateField(
        label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        for day in (first, last):
            if day is not None and not 2_000 <= day.year < 2_100:
                raise forms.ValidationError(_("请选择 2000 年以后的日期"))
        if first is not None and last is not None and first > last:
            raise forms.ValidationError(_("开始日期不能晚于结束日期"))
        return cleaned
