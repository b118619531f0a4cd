"""What a buyer sends with an order: ids, counts and notes. Prices are the server's alone."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .commands import InvoiceRequest, OrderRefused, Refusal, invoice_request
from .models import InvoiceKind, InvoiceTitle
from .rules import LINES_MAX, NOTE_MAX, QUANTITY_MAX
from .rules.invoicing import TITLE_MAX

BIGGEST_ID = 2**63 - 1


def read_items(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the goods that a page names as `SKU id:quantity`, both plain digits.

    Raises OrderRefused where there are none, too many, or one is malformed.
    """
    if not texts:
        raise OrderRefused(Refusal.NOTHING_CHOSEN)
    if len(texts) > LINES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_LINES)
    items = []
    for text in texts:
        sku, _colon, quantity = text.partition(":")
        if not _is_digits(sku, 19) or not 0 < int(sku) <= BIGGEST_ID:
            raise OrderRefused(Refusal.NOT_ON_SHELF)
        if not _is_digits(quantity, 2) or not 0 < int(quantity) <= QUANTITY_MAX:
            raise OrderRefused(Refusal.BAD_QUANTITY)
        items.append((int(sku), int(quantity)))
    return items


def _is_digits(text: str, length_max: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= length_max


class InvoiceForm(forms.Form):
    """To whom an invoice is made out. At the checkout it stands folded away: so the browser itself requires nothing."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("类型"), choices=InvoiceKind, widget=forms.RadioSelect, initial="personal")
    title = forms.CharField(
        label=_("抬头"),
        max_length=TITLE_MAX,
        error_messages={"required": _("请填写抬头")},
        widget=forms.TextInput(attrs={"placeholder": _("姓名或企业全称")}),
    )
    tax_number = forms.CharField(
        label=_("税号"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"placeholder": _("企业必填，15 到 20 位"), "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label=_("收票邮箱"),
        required=False,
        max_length=120,
        error_messages={"invalid": _("邮箱格式不对")},
        widget=forms.EmailInput(attrs={"placeholder": _("选填，也可在订单里下载"), "autocomplete": "email"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both kinds need what they need."""
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            given["request"] = invoice_request(
                kind=given["kind"], title=given["title"], tax_number=given["tax_number"], email=given["email"]
            )
        except OrderRefused:
            self.add_error("tax_number" if given["kind"] == InvoiceKind.COMPANY else "title", Refusal.BAD_INVOICE.label)
        return given

    def request(self) -> InvoiceRequest:
        """What was asked for, cleaned."""
        asked: InvoiceRequest = self.cleaned_data["request"]
        return asked


class CheckoutForm(forms.Form):
    """A purchase about to be placed. The key is made with the page, so that a second tap places nothing twice; `seen`
    tells which prices the buyer saw, and names none. Notes come one for each supplier, as `note-<supplier id>`."""

    address = forms.IntegerField(
        min_value=1,
        max_value=BIGGEST_ID,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), Refusal.BAD_ADDRESS.label),
    )
    key = forms.CharField(max_length=64, error_messages={"required": Refusal.BAD_KEY.label})
    seen = forms.CharField(max_length=2_000, required=False)
    cart = forms.BooleanField(required=False)
    invoice = forms.CharField(max_length=24, required=False)

    def __init__(self, data: QueryDict, *, titles: Sequence[InvoiceTitle]) -> None:
        super().__init__(data)
        self.titles = {title.choice: title for title in titles}
        self.new_title = InvoiceForm(data, prefix="invoice") if data.get("invoice") == "new" else None

    @staticmethod
    def new_key() -> str:
        """A fresh idempotency key."""
        return secrets.token_urlsafe(18)

    def notes(self) -> dict[int, str]:
        """What was written to the suppliers."""
        found = {}
        for name, text in self.data.items():
            supplier = name.removeprefix("note-")
            if name.startswith("note-") and _is_digits(supplier, 19) and text:
                found[int(supplier)] = text
        return found

    def clean(self) -> dict[str, Any]:
        """The notes are not too long, and the invoice is none, one that is kept, or a complete new one."""
        given = super().clean() or {}
        if any(len(note) > NOTE_MAX or "\x00" in note for note in self.notes().values()):
            self.add_error(None, Refusal.BAD_NOTE.label)
        choice = given.get("invoice", "")
        if (self.new_title is not None and not self.new_title.is_valid()) or (
            choice not in ("", "none", "new") and choice not in self.titles
        ):
            self.add_error("invoice", Refusal.BAD_INVOICE.label)
        return given

    def invoice_request(self) -> InvoiceRequest | None:
        """The invoice that was asked for."""
        if self.new_title is not None:
            return self.new_title.request()
        kept = self.titles.get(self.cleaned_data["invoice"])
        return InvoiceRequest(kept.kind, kept.title, kept.tax_number, kept.email) if kept else None


class RefundForm(forms.Form):
    """Why an order goes back. One of a few reasons, so that it can be counted."""

    REASONS = (
        ("changed_mind", _("不想要了")),
        ("wrong_order", _("拍错了")),
        ("not_as_described", _("和描述不一致")),
        ("damaged", _("收到时有破损")),
        ("late", _("迟迟没有收到")),
    )
    reason = forms.ChoiceField(
        label=_("退款原因"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择退款原因")),
    )

    def reason_text(self) -> str:
        """The reason in words, as the supplier reads it."""
        return str(dict(self.REASONS)[self.cleaned_data["reason"]])
