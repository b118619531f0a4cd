"""What a supplier fills in of products, SKUs, pictures, papers and freight."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from mall.core import clock
from mall.core.documents import DocumentField
from mall.core.films import FilmField
from mall.core.ids import SHANGHAI
from mall.core.photos import PhotosField
from suppliers.commands import CommissionRefused, paper_problem, plain_number, readable_spec, require_commission
from suppliers.models import FreightRule, FreightTemplate, Product, ProductMedia, Promise, QualificationKind, Sku
from suppliers.rules import COMMISSION_BPS_MAX, SPEC_VALUE_MAX

from .fields import DetailField, PercentField, ProvincesField, WordsField, YuanField

AXES_MAX = 3
AXIS_MAX = 6
LIMIT_MAX = 9_999
SHIP_HOURS_MAX = 720
GRAMS_MAX = 1_000_000


class ProductForm(forms.ModelForm):
    """What a supplier says of a product. Supplier, address and colour are not its to say."""

    detail = DetailField(
        label=_("详情"), help_text=_("以 # 开头的一行是小标题，下面是正文；正文以 HTML 标签开头时按富文本显示")
    )
    spec_names = WordsField(
        label=_("规格项"),
        count_max=AXES_MAX,
        word_max=AXIS_MAX,
        required=False,
        help_text=_("用 / 隔开，例如 口味 / 规格；每个 SKU 按同样的顺序填写规格值"),
    )
    promises = forms.MultipleChoiceField(
        label=_("服务承诺"), choices=Promise, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    unit = forms.CharField(
        label=_("销售单位"), max_length=4, required=False, empty_value="件", widget=UnfoldAdminTextInputWidget
    )
    ship_within_hours = forms.IntegerField(
        label=_("几小时内发货"),
        min_value=1,
        max_value=SHIP_HOURS_MAX,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    limit_per_order = forms.IntegerField(
        label=_("每单限购"), min_value=1, max_value=LIMIT_MAX, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    limit_per_member = forms.IntegerField(
        label=_("每人限购"), min_value=1, max_value=LIMIT_MAX, required=False, widget=UnfoldAdminIntegerFieldWidget
    )

    commission_bps = PercentField(
        label=_("零售佣金（%）"),
        bps_max=COMMISSION_BPS_MAX,
        help_text=_("店主卖出一件得到的比例，按实付商品金额计，从下一单起；不填就没有，礼包不能填"),
    )

    class Meta:
        model = Product
        fields = (
            *("name", "subtitle", "label", "category", "brand", "origin", "keywords", "unit", "spec_names"),
            *("freight_template", "ship_within_hours", "promises", "returnable", "not_returnable_reason"),
            *("limit_per_order", "limit_per_member", "commission_bps", "detail", "position"),
        )

    def clean_spec_names(self) -> list[str]:
        return self.cleaned_data["spec_names"] or self.instance.spec_names or [gettext("规格")]

    def clean_ship_within_hours(self) -> int:
        return self.cleaned_data["ship_within_hours"] or 48

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("returnable") and not cleaned.get("not_returnable_reason"):
            self.add_error("not_returnable_reason", _("不支持 7 天无理由退货时，请写明原因"))
        return cleaned


class SkuForm(forms.ModelForm):
    """Prices in yuan. A gift pack has no price of its own: it is sold at the price of the plan."""

    spec_values = WordsField(label=_("规格值"), count_max=AXES_MAX, word_max=SPEC_VALUE_MAX)
    weight_g = forms.IntegerField(
        label=_("重量（克）"), min_value=0, max_value=GRAMS_MAX, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    barcode = forms.RegexField(r"^[0-9]{8,14}$", label=_("条形码"), required=False, widget=UnfoldAdminTextInputWidget)
    supply_price_fen = YuanField(label=_("供货价（元）"))
    list_price_fen = YuanField(label=_("划线价（元）"))
    sale_price_fen = YuanField(label=_("售价（元）"), required=False)

    class Meta:
        model = Sku
        fields = (
            *("code", "spec_values", "weight_g", "barcode"),
            *("supply_price_fen", "list_price_fen", "sale_price_fen", "is_active"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price = self.fields["sale_price_fen"]
        if self.instance.is_gift_pack:
            price.disabled = True
            price.help_text = _("礼包按方案的礼包价出售")
        else:
            price.required = True

    @cached_property
    def changed_data(self) -> list[str]:
        """The readable text of the values is written with them."""
        found = super().changed_data
        return [*found, "spec"] if "spec_values" in found else found

    def clean_sale_price_fen(self) -> int | None:
        return None if self.instance.is_gift_pack else self.cleaned_data["sale_price_fen"]

    def clean_weight_g(self) -> int:
        return self.cleaned_data["weight_g"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        values = cleaned.get("spec_values")
        # Beside its product a SKU is judged by the form set, which knows the axes as they are being written.
        names = [] if "product" in self.fields else self.instance.product.spec_names
        if values and names and len(values) != len(names):
            self.add_error("spec_values", _("请按 %(names)s 填写 %(count)d 项") % _axes(names))
        elif values:
            self.instance.spec = readable_spec(values)
        if "product" not in self.fields:
            bear_commission(self, self.instance.product.commission_bps)
        return cleaned


class SkuFormSet(forms.BaseInlineFormSet):
    """The SKUs of a product: each has a value on every axis, no two the same ones, and each bears the commission."""

    def clean(self) -> None:
        super().clean()
        names = self.instance.spec_names
        seen: set[tuple[str, ...]] = set()
        for form in self.forms:
            if form not in self.deleted_forms:
                bear_commission(form, self.instance.commission_bps)
            values = tuple(form.cleaned_data.get("spec_values") or ())
            if not values or form in self.deleted_forms:
                continue
            if len(values) != len(names):
                form.add_error("spec_values", _("请按 %(names)s 填写 %(count)d 项") % _axes(names))
            elif values in seen:
                form.add_error("spec_values", _("这组规格值重复了"))
            seen.add(values)


def bear_commission(form: forms.ModelForm, commission_bps: int) -> None:
    """Say at the price of a SKU where it does not bear the commission of its product."""
    cleaned = form.cleaned_data
    if "supply_price_fen" not in cleaned or "sale_price_fen" not in cleaned:
        return
    try:
        require_commission(
            commission_bps=commission_bps,
            supply_price_fen=cleaned["supply_price_fen"],
            sale_price_fen=cleaned["sale_price_fen"],
            spec=" · ".join(cleaned.get("spec_values") or ()),
        )
    except CommissionRefused as refusal:
        form.add_error("sale_price_fen", str(refusal))


class MediaForm(forms.ModelForm):
    """A picture of the gallery, or a film with a picture that stands for it: sent once, then only moved or described.

    A picture that gets a film becomes what stands for it.
    """

    photos = PhotosField(label=_("图片（视频的封面）"), count_max=1, required=False)
    film = FilmField(label=_("视频（MP4、WebM，50MB 以内）"), required=False)

    class Meta:
        model = ProductMedia
        fields = ("photos", "film", "alt", "position")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.instance.pk is None and not self.errors and not cleaned.get("photos"):
            words = gettext("请给视频传一张封面图") if cleaned.get("film") else gettext("请传一张图片")
            self.add_error("photos", words)
        return cleaned


class RenewForm(forms.Form):
    """A paper that takes the place of another: of its kind, with a number, a picture and a date of its own."""

    paper_kind = ""
    number = forms.CharField(label=_("编号"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget)
    valid_until = forms.DateField(
        label=_("有效期至"),
        required=False,
        help_text=_("写在证上的最后一天；长期有效的不填"),
        widget=UnfoldAdminSingleDateWidget,
    )
    document = DocumentField(label=_("证照"), help_text=_("JPG、PNG、WebP 图片或 5 页以内的 PDF，10MB 以内；不公开"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind") or self.paper_kind
        if kind and not {"number", "valid_until"} & set(self.errors):
            cleaned["number"] = plain_number(cleaned["number"])
            problem = paper_problem(
                kind=kind,
                number=cleaned["number"],
                valid_until=cleaned["valid_until"],
                today=clock.now().astimezone(SHANGHAI).date(),
            )
            if problem is not None:
                self.add_error(*problem)
        return cleaned


class PaperForm(RenewForm):
    """A paper of the shop, or of one of its goods."""

    kind = forms.ChoiceField(label=_("类型"), choices=QualificationKind, widget=UnfoldAdminSelectWidget)
    title = forms.CharField(
        label=_("名称"),
        max_length=40,
        required=False,
        help_text=_("不填就用类型的名称"),
        widget=UnfoldAdminTextInputWidget,
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        label=_("商品"),
        required=False,
        empty_label=_("全店"),
        widget=UnfoldAdminSelectWidget,
    )
    field_order = ("kind", "title", "number", "valid_until", "product", "document")

    def __init__(self, *args: Any, supplier_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["product"]
        chosen.queryset = Product.objects.filter(supplier=supplier_id).order_by("position", "pk")


class FreightForm(forms.ModelForm):
    """Fees in yuan, provinces in one line."""

    supplier_id: int | None = None
    first_fee_fen = YuanField(label=_("首费（元）"), may_be_zero=True)
    step_fee_fen = YuanField(label=_("续费（元）"), may_be_zero=True)
    free_above_fen = YuanField(label=_("满额包邮（元）"), required=False, help_text=_("不填则不包邮"))
    unserved = ProvincesField(label=_("不配送地区"), required=False, help_text=_("用顿号隔开，例如 新疆、西藏"))

    class Meta:
        model = FreightTemplate
        fields = (
            *("name", "charged_by", "first_unit", "first_fee_fen", "step_unit", "step_fee_fen"),
            *("free_above_fen", "unserved"),
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        same = FreightTemplate.objects.filter(supplier=self.supplier_id, name=name).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(gettext("已有同名的运费模板"))
        return name


class FreightRuleForm(forms.ModelForm):
    """Other fees for some provinces."""

    provinces = ProvincesField(label=_("地区"))
    first_fee_fen = YuanField(label=_("首费（元）"), may_be_zero=True)
    step_fee_fen = YuanField(label=_("续费（元）"), may_be_zero=True)

    class Meta:
        model = FreightRule
        fields = ("provinces", "first_unit", "first_fee_fen", "step_unit", "step_fee_fen")


def _axes(names: list[str]) -> dict[str, Any]:
    return {"names": " / ".join(names), "count": len(names)}
