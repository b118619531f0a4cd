"""Form fields of the desk: amounts in yuan, details as text, short lists in one line."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from suppliers.commands import clean_detail
from suppliers.rules import PROVINCES, province_of

_YUAN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
DETAIL_MAX = 40_000
BLOCKS_MAX = 20


class YuanField(forms.CharField):
    """An amount that people write in yuan and rows keep in fen. No fraction of a fen, no exponent, no sign; nothing at
    all (`may_be_zero`) where that is an amount."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, may_be_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.may_be_zero = may_be_zero
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value)).strip().removeprefix("¥")
        if not text:
            return None
        if not _YUAN.fullmatch(text):
            raise ValidationError(_("请填写金额，如 49.90"))
        whole, _dot, fraction = text.partition(".")
        amount_fen = int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
        if amount_fen == 0 and not self.may_be_zero:
            raise ValidationError(_("金额应大于 0"))
        return amount_fen

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != initial)
        except ValidationError:
            return True


class PercentField(forms.CharField):
    """A share that people write in percent and rows keep in basis points. At most two places; nothing is zero."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, bps_max: int, **kwargs: Any) -> None:
        super().__init__(max_length=8, required=False, **kwargs)
        self.bps_max = bps_max
        self.widget.attrs |= {"inputmode": "decimal"}

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value)).strip().removesuffix("%").strip()
        if not text:
            return 0
        if not _PERCENT.fullmatch(text):
            raise ValidationError(_("请填写百分数，如 12 或 12.5"))
        whole, _dot, fraction = text.partition(".")
        bps = int(whole) * 100 + int(fraction.ljust(2, "0") or 0)
        if bps > self.bps_max:
            raise ValidationError(_("最多 %(percent)d%%") % {"percent": self.bps_max // 100})
        return bps

    def prepare_value(self, value: Any) -> Any:
        return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".") if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or 0))
        except ValidationError:
            return True


class DetailField(forms.CharField):
    """Blocks of a detail as text: a line that starts with `#` is a title, what follows is its text, or its markup where
    it begins with a tag."""

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
        try:
            return clean_detail(_block(block["title"], block["text"].strip()) for block in blocks)
        except ValueError:
            raise ValidationError(_("每段最多 20,000 个字符")) from None

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"# {block.get('title', '')}\n{block.get('html') or block.get('text', '')}" for block in value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or []))
        except ValidationError:
            return True


def _block(title: str, text: str) -> dict[str, str]:
    return {"title": title, "html" if _TAG.match(text) else "text": text}


class WordsField(forms.CharField):
    """A few short words in one line, kept as a list: `口味/规格`."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, count_max: int, word_max: int, **kwargs: Any) -> None:
        super().__init__(max_length=count_max * (word_max + 3), **kwargs)
        self.count_max, self.word_max = count_max, word_max

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFC", super().clean(value))
        words = [" ".join(word.split()) for word in re.split(r"[/／·]", text)] if text.strip() else []
        if any(not word or len(word) > self.word_max for word in words):
            raise ValidationError(_("用 / 隔开，每项 1 到 %(count)d 个字") % {"count": self.word_max})
        if len(words) > self.count_max:
            raise ValidationError(_("最多 %(count)d 项") % {"count": self.count_max})
        return words

    def prepare_value(self, value: Any) -> Any:
        return " / ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or []))
        except ValidationError:
            return True


class ProvincesField(forms.CharField):
    """Provinces in one line, kept as a list of their short names."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=300, **kwargs)

    def clean(self, value: Any) -> Any:
        names = [name for name in re.split(r"[、,，;；\s]+", super().clean(value)) if name]
        unknown = [name for name in names if not province_of(name)]
        if unknown:
            raise ValidationError(_("没有这个省级地区：%(names)s") % {"names": "、".join(unknown)[:40]})
        found = {province_of(name) for name in names}
        return [province for province in PROVINCES if province in found]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or []))
        except ValidationError:
            return True
