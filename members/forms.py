"""What members type about themselves. The commands clean and judge it; forms only carry it and show what is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .commands import AddressText, ProfileRefused
from .models import Address
from .rules import NICKNAME_MAX, PHONE_INPUT_MAX

# The province-level divisions, in the order of their official codes.
PROVINCES = [
    "北京市",
    "天津市",
    "河北省",
    "山西省",
    "内蒙古自治区",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "上海市",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "广西壮族自治区",
    "海南省",
    "重庆市",
    "四川省",
    "贵州省",
    "云南省",
    "西藏自治区",
    "陕西省",
    "甘肃省",
    "青海省",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
    "台湾省",
    "香港特别行政区",
    "澳门特别行政区",
]


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
    """An address and whether it is the default one."""

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
        choices=[("", _("请选择")), *((name, name) for name in PROVINCES)],
        error_messages={"required": _("请选择省份"), "invalid_choice": _("请选择省份")},
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    city = forms.CharField(
        label=_("城市"),
        max_length=30,
        error_messages={"required": _("请输入城市")},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2", "placeholder": _("如 深圳市")}),
    )
    district = forms.CharField(
        label=_("区县"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level3", "placeholder": _("如 南山区")}),
    )
    detail = forms.CharField(
        label=_("详细地址"),
        max_length=120,
        error_messages={"required": _("请输入详细地址")},
        widget=forms.Textarea(
            attrs={"rows": 2, "autocomplete": "street-address", "placeholder": _("街道、小区、楼栋、门牌号")}
        ),
    )
    is_default = forms.BooleanField(label=_("设为默认地址"), required=False)

    _REFUSALS = {
        "phone": _("请输入 11 位手机号"),
        "address": _("地址已达 20 个，请先删除不用的"),
    }

    @staticmethod
    def initial_of(address: Address) -> dict[str, Any]:
        """The fields of an address that is there already."""
        fields = ("name", "province", "city", "district", "detail", "is_default")
        return {**{field: getattr(address, field) for field in fields}, "phone": address.phone.removeprefix("+86")}

    def text(self) -> AddressText:
        """What was typed, for the command."""
        fields = ("name", "phone", "province", "city", "district", "detail")
        return AddressText(**{field: self.cleaned_data[field] for field in fields})

    def refuse(self, refusal: ProfileRefused) -> None:
        """Say at the field what the command did not take."""
        message = self._REFUSALS.get(refusal.field, _("这里的内容无法使用，请检查"))
        self.add_error(refusal.field if refusal.field in self.fields else None, message)
