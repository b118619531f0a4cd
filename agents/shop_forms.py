"""What a member may write of its shop and of itself."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.commands import ShopText
from agents.models import Persona, Shop
from mall.core.photos import PhotosField

_BETWEEN_TAGS = re.compile(r"[,，、;；\s]+")


class ShopForm(forms.Form):
    """The words and the picture of a shop. Lengths are the commands' own."""

    name = forms.CharField(
        label=_("店名"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("请填写店名"), "max_length": _("店名最多 20 个字")},
    )
    notice = forms.CharField(
        label=_("一句话介绍"),
        max_length=60,
        required=False,
        error_messages={"max_length": _("一句话介绍最多 60 个字")},
    )
    pinned_text = forms.CharField(
        label=_("置顶公告"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("发货安排、优惠说明等，最多 300 个字；不写就不显示"),
        error_messages={"max_length": _("置顶公告最多 300 个字")},
    )
    photos = PhotosField(label=_("店铺图片"), count_max=1, required=False)
    drops_picture = forms.BooleanField(label=_("不用现在的图片"), required=False)
    is_open = forms.BooleanField(label=_("营业中"), required=False)

    @staticmethod
    def first(shop: Shop | None, *, name: str) -> dict[str, Any]:
        """Return what the form shows before anything is written."""
        if shop is None:
            return {"name": name, "is_open": True}
        fields = ("name", "notice", "pinned_text", "is_open")
        return {field: getattr(shop, field) for field in fields}

    def text(self) -> ShopText:
        data = self.cleaned_data
        return ShopText(
            name=data["name"], notice=data["notice"], pinned_text=data["pinned_text"], is_open=data["is_open"]
        )


class WordsForm(forms.Form):
    """Why a product is recommended, in a line."""

    words = forms.CharField(
        label=_("推荐语"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("写你自己用过的感受，最多 40 个字；会出现在小店和海报上"),
        error_messages={"max_length": _("推荐语最多 40 个字")},
    )


class PersonaForm(forms.Form):
    """What a member says of itself; tags as people type them."""

    intro = forms.CharField(
        label=_("介绍"),
        max_length=120,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("你是谁、为什么推荐这些东西，最多 120 个字"),
        error_messages={"max_length": _("介绍最多 120 个字")},
    )
    tags = forms.CharField(
        label=_("擅长"),
        max_length=100,
        required=False,
        help_text=_("最多 6 个，每个最多 8 个字，用逗号隔开，如：岩茶，冲泡，送礼"),
        error_messages={"max_length": _("擅长最多写 6 个")},
    )

    @staticmethod
    def first(persona: Persona | None) -> dict[str, Any]:
        """Return what the form shows before anything is written."""
        return {"intro": persona.intro, "tags": "，".join(persona.tags)} if persona else {}

    def listed(self) -> list[str]:
        return [tag for tag in _BETWEEN_TAGS.split(self.cleaned_data["tags"]) if tag]
