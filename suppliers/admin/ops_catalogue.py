"""Brands, freight and search words for operators: brands are kept and words are blocked, the rest is seen."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    act_page,
    moment_column,
    ops_site,
    posted,
    yuan_column,
)
from mall.core.admin.columns import chip, link, two_lines
from suppliers.commands import add_brand, block_word, change_brand
from suppliers.models import Brand, FreightRule, FreightTemplate, SearchWord

KEEP_BRAND = "suppliers.keep_brand"
BLOCK_WORD = "suppliers.block_word"


class BrandText(forms.Form):
    """A brand's name, seal, colour and story. `brand` is the one that is changed."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=20, widget=UnfoldAdminTextInputWidget)
    seal = forms.CharField(label=gettext_lazy("印章字"), max_length=1, widget=UnfoldAdminTextInputWidget)
    hue = forms.IntegerField(
        label=gettext_lazy("色相"),
        min_value=0,
        max_value=359,
        initial=20,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("0 到 359：0 红、120 绿、240 蓝"),
    )
    story = forms.CharField(
        label=gettext_lazy("品牌故事"), max_length=400, required=False, widget=UnfoldAdminTextareaWidget
    )

    def __init__(self, *args: Any, brand: Brand | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.brand = brand

    def clean_name(self) -> str:
        return self.unused("name")

    def unused(self, field: str) -> str:
        """Return a field's value, or refuse it where it is another brand's."""
        value: str = self.cleaned_data[field]
        others = Brand.objects.filter(**{field: value})
        if self.brand is not None:
            others = others.exclude(pk=self.brand.pk)
        if others.exists():
            raise forms.ValidationError(_("已有这个品牌"))
        return value


class BrandForm(BrandText):
    """A new brand, with the address that it keeps."""

    slug = forms.SlugField(
        label=gettext_lazy("网址名"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("小写字母、数字和连字符"),
    )
    field_order = ("name", "slug")

    def clean_slug(self) -> str:
        return self.unused("slug")


class NothingToFill(forms.Form):
    pass


@admin.register(Brand, site=ops_site)
class BrandAdmin(ActingAdmin):
    """The brands that suppliers choose from."""

    list_display = ("title", "seal", "slug", "goods", "act")
    search_fields = ("name", "slug")
    search_help_text = gettext_lazy("品牌名称或网址名")
    ordering = ("name",)
    list_before_template = "ops/list_act.html"
    fields = ("name", "slug", "seal", "story")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brand]:
        return super().get_queryset(request).annotate(count=Count("products"))

    @admin.display(description=gettext_lazy("品牌"))
    def title(self, brand: Brand) -> SafeString:
        return two_lines(brand.name, brand.story[:24] or "—")

    @admin.display(description=gettext_lazy("商品数"))
    def goods(self, brand: Any) -> int:
        return int(brand.count)

    @admin.display(description=gettext_lazy("处理"))
    def act(self, brand: Brand) -> SafeString:
        return link(reverse("ops:suppliers_brand_edit", args=[brand.pk]), _("修改"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("new/", self._page(self.add), name="suppliers_brand_new"),
            path("<int:brand_id>/edit/", self._page(self.edit), name="suppliers_brand_edit"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("新增品牌"), "list_act_href": reverse("ops:suppliers_brand_new")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    def add(self, request: HttpRequest) -> HttpResponseBase:
        """Add a brand."""
        self.require(request, KEEP_BRAND)

        def run(data: dict[str, Any]) -> str:
            brand = add_brand(**data)
            self.log_addition(request, brand, _("新增品牌"))
            return _("%(name)s 已加入品牌。") % {"name": brand.name}

        back = reverse("ops:suppliers_brand_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("新增品牌"),
            form=BrandForm(posted(request)),
            run=run,
            refusals=(),
            done=back,
            back=back,
            button=_("新增"),
            context={"opts": self.opts},
        )

    def edit(self, request: HttpRequest, brand_id: int) -> HttpResponseBase:
        """Change a brand, but for its address."""
        self.require(request, KEEP_BRAND)
        brand = Brand.objects.filter(pk=brand_id).first()
        if brand is None:
            raise Http404
        before = {name: getattr(brand, name) for name in ("name", "seal", "hue", "story")}

        def run(data: dict[str, Any]) -> str:
            changed = change_brand(brand=brand, **data)
            self.log_change(request, changed, _("修改品牌"))
            return _("%(name)s 已修改。") % {"name": changed.name}

        back = reverse("ops:suppliers_brand_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("修改品牌"),
            form=BrandText(posted(request), initial=before, brand=brand),
            run=run,
            refusals=(),
            done=back,
            back=back,
            facts=[(_("网址名"), brand.slug)],
            button=_("保存"),
            context={"opts": self.opts, "original": brand},
        )


class FreightRuleInline(ReadOnlyInline):
    model = FreightRule
    verbose_name_plural = gettext_lazy("地区运费")
    fields = ("where", "first_unit", "first_yuan", "step_unit", "step_yuan")
    readonly_fields: ClassVar = ["where", "first_yuan", "step_yuan"]

    first_yuan = yuan_column("first_fee_fen", gettext_lazy("首费"))
    step_yuan = yuan_column("step_fee_fen", gettext_lazy("续费"))

    @admin.display(description=gettext_lazy("地区"))
    def where(self, rule: FreightRule) -> str:
        return "、".join(rule.provinces)


@admin.register(FreightTemplate, site=ops_site)
class FreightTemplateAdmin(ReadOnlyAdmin):
    """What suppliers charge for sending."""

    list_display = ("name", "supplier", "charged_by", "first_yuan", "step_yuan", "free_yuan", "nowhere")
    list_filter = ("supplier", "charged_by")
    list_select_related = ("supplier",)
    search_fields = ("name", "supplier__name")
    search_help_text = gettext_lazy("模板名称、供应商")
    inlines = (FreightRuleInline,)
    fields = (
        *("name", "supplier", "charged_by", "first_unit", "first_yuan", "step_unit", "step_yuan"),
        *("free_yuan", "nowhere"),
    )
    readonly_fields: ClassVar = ["first_yuan", "step_yuan", "free_yuan", "nowhere"]

    first_yuan = yuan_column("first_fee_fen", gettext_lazy("首费"))
    step_yuan = yuan_column("step_fee_fen", gettext_lazy("续费"))
    free_yuan = yuan_column("free_above_fen", gettext_lazy("满额包邮"))

    @admin.display(description=gettext_lazy("不配送地区"))
    def nowhere(self, template: FreightTemplate) -> str:
        return "、".join(template.unserved) or "—"


@admin.register(SearchWord, site=ops_site)
class SearchWordAdmin(ActingAdmin):
    """What people search for; a word can be kept from being shown."""

    list_display = ("word", "heat", "searches", "last", "state", "act")
    list_filter = ("is_blocked",)
    search_fields = ("word",)
    search_help_text = gettext_lazy("搜索词")
    ordering = ("-heat", "word")
    fields = ("word", "heat", "searches", "last", "state")
    readonly_fields: ClassVar = ["last", "state"]

    last = moment_column("searched_at", gettext_lazy("最近搜索"))

    @admin.display(description=gettext_lazy("状态"))
    def state(self, word: SearchWord) -> SafeString:
        return chip(_("已屏蔽"), "bad") if word.is_blocked else chip(_("可展示"), "good")

    @admin.display(description=gettext_lazy("处理"))
    def act(self, word: SearchWord) -> SafeString:
        address = reverse("ops:suppliers_searchword_block", args=[word.pk])
        return link(address, _("取消屏蔽") if word.is_blocked else _("屏蔽"))

    def get_urls(self) -> list[URLPattern]:
        own = path("<str:object_id>/block/", self._page(self.block), name="suppliers_searchword_block")
        return [own, *super().get_urls()]

    def block(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Keep a word from being shown among the hot ones, or let it be shown again."""
        self.require(request, BLOCK_WORD)
        word = SearchWord.objects.filter(pk=object_id).first() if "\x00" not in object_id else None
        if word is None:
            raise Http404
        title = _("取消屏蔽") if word.is_blocked else _("屏蔽")

        def run(_data: dict[str, Any]) -> str:
            block_word(word=word.word, is_blocked=not word.is_blocked, at=clock.now())
            self.log_change(request, word, title)
            return _("“%(word)s”已%(title)s。") % {"word": word.word, "title": title}

        back = reverse("ops:suppliers_searchword_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("%(title)s搜索词") % {"title": title},
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(),
            done=back,
            back=back,
            facts=[(_("词"), word.word), (_("搜索次数"), word.searches)],
            button=title,
            warning=_("屏蔽后不再出现在“大家在搜”，仍可以搜索。"),
            context={"opts": self.opts, "original": word},
        )
