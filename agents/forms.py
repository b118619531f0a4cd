"""What a member may send: an amount in yuan, a real name, where to be paid, a code."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from payouts.queries import Breakdown

_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")
TICKET_SALT = "agents.withdrawal"
TICKET_SECONDS = 1_800


@dataclass(frozen=True, slots=True)
class Ticket:
    """What somebody saw and confirmed."""

    fee_fen: int
    tax_fen: int
    account_id: int
    number: str


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

    def new_ticket(self, *, member_id: int, parts: Breakdown, account_id: int, number: str) -> str:
        """Return what the confirmation page carries, so that exactly what it showed is asked for, once."""
        content = [member_id, self.amount_fen, parts.fee_fen, parts.tax_fen, account_id, number]
        return signing.dumps(content, salt=TICKET_SALT)

    def ticket(self, *, member_id: int) -> Ticket | None:
        """Return what was confirmed, if it is this member's, for this amount, and not too old."""
        try:
            content = signing.loads(str(self.data.get("ticket", "")), salt=TICKET_SALT, max_age=TICKET_SECONDS)
        except signing.BadSignature:
            return None
        match content:
            case [int(owner), int(amount_fen), int(fee_fen), int(tax_fen), int(account_id), str(number)] if (
                owner == member_id and amount_fen == self.amount_fen
            ):
                return Ticket(fee_fen, tax_fen, account_id, number)
        return None


class PayeeForm(forms.Form):
    """A real name and an identity number; what they may be is the command's business."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("请填写身份证上的姓名")},
    )
    id_number = forms.CharField(
        label=_("身份证号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "autocapitalize": "characters"}),
        error_messages={"required": _("请填写 18 位身份证号")},
    )


class BankForm(forms.Form):
    bank_name = forms.CharField(
        label=_("开户银行"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("如：招商银行")}),
        error_messages={"required": _("请填写开户银行的名称")},
    )
    detail = forms.CharField(
        label=_("银行卡号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"required": _("请填写银行卡号")},
    )


class AlipayForm(forms.Form):
    detail = forms.CharField(
        label=_("支付宝账号"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写支付宝登录用的手机号或邮箱")},
        help_text=_("须是你本人实名的支付宝"),
    )


class WechatForm(forms.Form):
    """Nothing to fill in: it is the WeChat that is bound."""


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9]{6}\Z",
        label=_("验证码"),
        error_messages={"required": _("请输入验证码"), "invalid": _("请输入 6 位数字验证码")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6, "autofocus": True}
        ),
    )


class DaysForm(forms.Form):
    """From which day to which, both included; either may be left out."""

    first = forms.DateField(
        label=_("从"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("到"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
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
