"""Form fields of the desk: amounts in yuan, details as text."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

_YUAN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
DETAIL_MAX = 4000
BLOCKS_MAX = 20


class YuanField(forms.CharField):
    """An amount that people write in yuan and rows keep in fen. No fraction of a fen, no exponent, no sign."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value)).strip().removeprefix("¥")
        if not text:
            return None
        if not _YUAN.fullmatch(text):
            raise ValidationError(_("请填写金额，如 49.90"))
        whole, _dot, fraction = text.partition(".")
        amount_fen = int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
        if amount_fen == 0:
            raise ValidationError(_("金额应大于 0"))
        return amount_fen

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class DetailField(forms.CharField):
    """Blocks of `{"title", "text"}` as text: a line that starts with `#` is a title, what follows is its text."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=DETAIL_MAX, required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        blocks: list[dict[str, str]] = []
        for line in super().clean(value).splitlines():
            if line.startswith("#"):
                blocks.append({"title": line.lstrip("# ").strip(), "text": ""})
            elif blocks:
                blocks[-1]["text"] = f"{blocks[-1]['text']}\n{line}".strip("\n")
            elif line.strip():
                blocks.append({"title": "", "text": line})
        if len(blocks) > BLOCKS_MAX:
            raise ValidationError(_("最多 20 段"))
        return [{"title": block["title"], "text": block["text"].strip()} for block in blocks]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"# {block.get('title', '')}\n{block.get('text', '')}" for block in value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or []))
        except ValidationError:
            return True
