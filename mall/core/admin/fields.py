"""Form fields for amounts and rates as operators write them."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

HUNDREDTHS = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")


class HundredthsField(forms.CharField):
    """A decimal of at most two places, as an integer of hundredths: yuan as fen, percent as basis points."""

    default_error_messages = {
        "hundredths": gettext_lazy("请填最多两位小数的数字，例如 100 或 100.50。"),
    }

    def __init__(self, *, unit: str, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **options)
        self.label_suffix = ""
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(",", "").replace("，", "").strip().removeprefix("¥")
        if not text:
            return None
        found = HUNDREDTHS.fullmatch(text)
        if found is None:
            raise forms.ValidationError(self.error_messages["hundredths"], code="hundredths")
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """An integer has no length to check."""
