"""What members type about themselves. The commands clean and judge it; forms only carry it and show what is wrong."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from .commands import AddressText, ProfileRefused
from .models import Address, AddressLabel
from .parsing import ParsedAddress
from .regions import cities, districts, is_region, provinces
from .rules import NICKNAME_MAX, PHONE_INPUT_MAX


class ProfileForm(forms.Form):
    """The nickname."""

    nickname = forms.CharField(
        label=_("昵称"),
        max_length=NICKNAME_MAX,
        error_messages={"required": _("请输入昵称")},
        help_text=_("推荐人和你推荐的人会看到昵称的第一个字"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def refuse(self, refusal: ProfileRefused) -> None:
        """Say at the field what the command did not take."""
        self.add_error("nickname", _("昵称里没有可以显示的字，请换一个"))


class AddressForm(forms.Form):
    """An address, its label, and whether it is the default one. Cities follow the province, districts the city."""

    name = forms.CharField(
        label=_("收货人"),
        max_length=40,
        error_messages={"required": _("请输入收货人")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "placeholder": _("姓名")}),
    )
    phone = forms.CharField(
        label=_("手机号"),
        max_length=PHONE_INPUT_MAX,
        error_messages={"required": _("请输入手机号")},
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national", "placeholder": _("11 位手机号")}
        ),
    )
    province = forms.ChoiceField(
        label=_("省份"),
        error_messages={"required": _("请选择省份"), "invalid_choice": _("请选择省份")},
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    city = forms.ChoiceField(
        label=_("城市"),
        error_messages={"required": _("请选择城市"), "invalid_choice": _("请选择城市")},
        widget=forms.Select(attrs={"autocomplete": "address-level2"}),
    )
    district = forms.ChoiceField(
        label=_("区县"),
        required=False,
        error_messages={"invalid_choice": _("请选择区县")},
        widget=forms.Select(attrs={"autocomplete": "address-level3"}),
    )
    detail = forms.CharField(
        label=_("详细地址"),
        max_length=120,
        error_messages={"required": _("请输入详细地址")},
        widget=forms.Textarea(
            attrs={"rows": 2, "autocomplete": "street-address", "placeholder": _("街道、小区、楼栋、门牌号")}
        ),
    )
    label = forms.ChoiceField(
        label=_("标签"),
        required=False,
        choices=[("", _("不标")), *AddressLabel.choices],
        widget=forms.RadioSelect,
    )
    is_default = forms.BooleanField(label=_("设为默认地址"), required=False)

    _TEXT = ("name", "phone", "province", "city", "district", "detail")
    _REFUSALS = {
        "phone": _("请输入 11 位手机号"),
        "address": _("地址已达 20 个，请先删除不用的"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        province, city = self._chosen("province"), self._chosen("city")
        self._offer("province", provinces())
        self._offer("city", cities(province))
        self._offer("district", districts(province, city))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        place = [found.get(field) for field in ("province", "city", "district")]
        if place[0] and place[1] and not self.has_error("district") and not is_region(*map(str, place)):
            self.add_error("district", _("请选择区县"))
        return found

    @staticmethod
    def initial_of(address: Address) -> dict[str, Any]:
        """The fields of an address that is there already."""
        fields = ("name", "province", "city", "district", "detail", "label", "is_default")
        return {**{field: getattr(address, field) for field in fields}, "phone": address.phone.removeprefix("+86")}

    @classmethod
    def typed(cls, given: Mapping[str, str], parsed: ParsedAddress | None = None) -> dict[str, Any]:
        """What stands in the form so far, with what was read from a pasted address laid over it."""
        known: dict[str, Any] = {field: given.get(field, "") for field in (*cls._TEXT, "label")}
        known["is_default"] = bool(given.get("is_default"))
        if parsed is not None:
            read = {field: value for field, value in asdict(parsed).items() if value}
            if parsed.province:
                read |= {"city": parsed.city, "district": parsed.district}
            known |= read
        return known

    def text(self) -> AddressText:
        """What was typed, for the command."""
        return AddressText(**{field: self.cleaned_data[field] for field in self._TEXT})

    def refuse(self, refusal: ProfileRefused) -> None:
        """Say at the field what the command did not take."""
        message = self._REFUSALS.get(refusal.field, _("这里的内容无法使用，请检查"))
        self.add_error(refusal.field if refusal.field in self.fields else None, message)

    def _chosen(self, field: str) -> str:
        value = self.data.get(field) if self.is_bound else self.initial.get(field)
        return value if isinstance(value, str) else ""

    def _offer(self, field: str, names: list[str]) -> None:
        choices = [("", _("请选择")), *((name, name) for name in names)]
        self.fields[field].choices = choices  # type: ignore[attr-defined]
        if field != "district":
            self.fields[field].widget.attrs |= {
                "hx-get": reverse_lazy("members:regions"),
                "hx-include": "#region",
                "hx-target": "#region",
                # Alive the moment it is drawn: the next choice may come at once.
                "hx-swap": "outerHTML settle:0ms",
            }
