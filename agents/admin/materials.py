"""Materials on /ops/: written, checked by somebody who answers for them, and withdrawn."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.commands import MaterialRefused, MaterialText, check_material, save_material, withdraw_material
from agents.models import Material, MaterialKind, MaterialState
from agents.rules import forbidden_words
from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, ops_site, posted
from mall.core.admin.columns import chip, link, two_lines
from mall.core.photos import PhotosField, photo_url
from suppliers.models import Product

KEEP, CHECK = "agents.keep_material", "agents.check_material"
_TONES = {MaterialState.DRAFT: "warn", MaterialState.CHECKED: "good", MaterialState.WITHDRAWN: ""}


class MaterialForm(forms.Form):
    """A material as an operator writes it."""

    kind = forms.ChoiceField(label=gettext_lazy("类型"), choices=MaterialKind)
    title = forms.CharField(label=gettext_lazy("标题"), max_length=30)
    text = forms.CharField(
        label=gettext_lazy("文案"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("写真实的使用感受；不写功效、收入和“分享得奖励”"),
    )
    product = forms.SlugField(
        label=gettext_lazy("关于哪件商品"),
        required=False,
        allow_unicode=False,
        help_text=gettext_lazy("商品网址里 /p/ 后面的部分；不填则不限商品"),
    )
    photos = PhotosField(
        label=gettext_lazy("图片"), count_max=9, required=False, help_text=gettext_lazy("新传的会替换原有的全部图片")
    )

    def clean_product(self) -> Product | None:
        slug = self.cleaned_data["product"]
        if not slug:
            return None
        found = Product.objects.filter(slug=slug).first()
        if found is None:
            raise forms.ValidationError(_("没有这件商品"))
        return found


class NothingToFill(forms.Form):
    pass


@admin.register(Material, site=ops_site)
class MaterialAdmin(ActingAdmin):
    """Materials, newest first."""

    list_display = ("words", "kind", "about", "state_chip", "used_count", "saved_when", "acts")
    list_filter = ("state", "kind")
    search_fields = ("title", "text", "product__name")
    ordering = ("-id",)
    list_before_template = "ops/list_act.html"
    fields = (
        *("kind", "title", "text", "product", "pictures", "state", "used_count"),
        *("saved_by", "saved_when", "checked_by", "checked_when", "acts"),
    )
    readonly_fields: ClassVar = ["pictures", "saved_when", "checked_when", "acts"]

    saved_when = moment_column("saved_at", gettext_lazy("保存时间"))
    checked_when = moment_column("checked_at", gettext_lazy("审核时间"))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Material]":
        return super().get_queryset(request).select_related("product", "saved_by", "checked_by")

    @admin.display(description=gettext_lazy("素材"))
    def words(self, material: Material) -> SafeString:
        return two_lines(material.title, " ".join(material.text.split())[:40] or "—")

    @admin.display(description=gettext_lazy("商品"))
    def about(self, material: Material) -> str:
        return material.product.name if material.product else "—"

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, material: Material) -> SafeString:
        state = MaterialState(material.state)
        return chip(str(state.label), _TONES[state])

    @admin.display(description=gettext_lazy("图片"))
    def pictures(self, material: Material) -> SafeString | str:
        shown = format_html_join(
            " ",
            '<a href="{}"><img src="{}" width="72" height="72" alt=""></a>',
            ((photo_url(image.path), photo_url(image.path)) for image in material.images.all()),
        )
        return shown or "—"

    @admin.display(description=gettext_lazy("处理"))
    def acts(self, material: Material) -> SafeString | str:
        steps = [("save", _("修改"))]
        if material.state == MaterialState.DRAFT:
            steps.append(("check", _("审核")))
        if material.state != MaterialState.WITHDRAWN:
            steps.append(("withdraw", _("撤下")))
        links = [link(reverse(f"ops:agents_material_{name}", args=[material.pk]), label) for name, label in steps]
        return format_html_join(" · ", "{}", ((one,) for one in links))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("new/", self._page(self.save), name="agents_material_new"),
            path("<int:object_id>/save/", self._page(self.save), name="agents_material_save"),
            path("<int:object_id>/check/", self._page(self.check_it), name="agents_material_check"),
            path("<int:object_id>/withdraw/", self._page(self.withdraw), name="agents_material_withdraw"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("新增素材"), "list_act_href": reverse("ops:agents_material_new")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    def save(self, request: HttpRequest, object_id: int | None = None) -> HttpResponseBase:
        """Write a material, new or anew. It waits for a check afterwards."""
        self.require(request, KEEP)
        material = self._found(object_id) if object_id else None

        def run(data: dict[str, Any]) -> str:
            photos = data.pop("photos")
            saved = save_material(
                material=material, text=MaterialText(**data), photos=photos, by=request.user, at=clock.now()
            )
            self.log_change(request, saved, _("保存素材"))
            return _("素材“%s”已保存，审核后店主才能看到。") % saved.title

        first = {}
        if material is not None:
            first = {"kind": material.kind, "title": material.title, "text": material.text}
            first["product"] = material.product.slug if material.product else ""
        form = MaterialForm(request.POST, request.FILES) if request.method == "POST" else MaterialForm(initial=first)
        title = _("修改素材") if material else _("新增素材")
        return self._act(request, form, run, title=title, button=_("保存"))

    def check_it(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Say that a material may be shared. Whoever does is written down."""
        self.require(request, CHECK)
        material = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            checked = check_material(material=material, by=request.user, at=clock.now())
            self.log_change(request, checked, _("审核素材"))
            return _("素材“%s”已审核，店主可以看到了。") % checked.title

        found = forbidden_words(f"{material.title}\n{material.text}")
        facts = [
            (_("标题"), material.title),
            (_("文案"), format_html('<span class="ops-pre">{}</span>', material.text) if material.text else "—"),
            (_("图片"), self.pictures(material)),
            (_("不能用的词"), "、".join(found) or _("没有")),
        ]
        return self._act(
            request,
            NothingToFill(posted(request)),
            run,
            title=_("审核素材"),
            button=_("审核通过"),
            facts=facts,
            warning=_("通过后，店主会照着发出去。请核对事实、图片授权和用词。"),
        )

    def withdraw(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Show a material no longer."""
        self.require(request, KEEP)
        material = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            withdraw_material(material=material)
            self.log_change(request, material, _("撤下素材"))
            return _("素材“%s”已撤下。") % material.title

        form = NothingToFill(posted(request))
        facts = [(_("标题"), material.title), (_("使用次数"), str(material.used_count))]
        return self._act(request, form, run, title=_("撤下素材"), button=_("撤下"), facts=facts, dangerous=True)

    def _act(self, request: HttpRequest, form: forms.Form, run: Any, **words: Any) -> HttpResponseBase:
        back = reverse("ops:agents_material_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(MaterialRefused,),
            done=back,
            back=back,
            context={"opts": self.opts},
            **words,
        )

    def _found(self, object_id: int) -> Material:
        found = Material.objects.select_related("product").filter(pk=object_id).first()
        if found is None:
            raise Http404
        return found
