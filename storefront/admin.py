"""The front page on /ops/: banners, with what they lead to and when."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, ops_site, posted
from mall.core.admin.columns import chip, link, two_lines
from mall.core.photos import Photo, PhotosField, kept_photos
from suppliers.models import Product

from .commands import BannerRefused, BannerText, remove_banner, save_banner
from .models import Banner, BannerGround

KEEP = "storefront.keep_banner"
FOLDER = "banners"
DAYS = 14


class BannerForm(forms.Form):
    """What a banner says, shows and leads to."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=14)
    subtitle = forms.CharField(label=gettext_lazy("副标题"), max_length=24, required=False)
    target_path = forms.CharField(
        label=gettext_lazy("去往"), max_length=200, help_text=gettext_lazy("本站公开页面的路径，例如 /p/da-hong-pao")
    )
    product = forms.SlugField(
        label=gettext_lazy("用这件商品的主图"),
        required=False,
        allow_unicode=False,
        help_text=gettext_lazy("商品网址里 /p/ 后面的部分；也可以在下面另传一张"),
    )
    photos = PhotosField(label=gettext_lazy("另传图片"), count_max=1, required=False)
    ground = forms.ChoiceField(label=gettext_lazy("底色"), choices=BannerGround)
    position = forms.IntegerField(label=gettext_lazy("排序"), min_value=0, max_value=999)
    starts_at = forms.DateTimeField(label=gettext_lazy("开始"))
    ends_at = forms.DateTimeField(label=gettext_lazy("结束"), required=False)

    def clean_product(self) -> str:
        """Return the picture of the product that was named."""
        slug = self.cleaned_data["product"]
        if not slug:
            return ""
        image = Product.objects.filter(slug=slug).values_list("image", flat=True).first()
        if image is None:
            raise forms.ValidationError(_("没有这件商品"))
        return str(image)


class NothingToFill(forms.Form):
    pass


@admin.register(Banner, site=ops_site)
class BannerAdmin(ActingAdmin):
    """The banners of the front page, those that are shown first."""

    list_display = ("words", "target_path", "from_when", "until_when", "position", "state_chip", "change_link")
    list_filter = ("is_active",)
    search_fields = ("title",)
    ordering = ("-is_active", "position", "-id")
    list_before_template = "ops/list_act.html"
    fields = ("title", "subtitle", "target_path", "image", "ground", "position", "from_when", "until_when", "is_active")
    readonly_fields: ClassVar = ["from_when", "until_when"]

    from_when = moment_column("starts_at", gettext_lazy("开始"))
    until_when = moment_column("ends_at", gettext_lazy("结束"))

    @admin.display(description=gettext_lazy("横幅"))
    def words(self, banner: Banner) -> SafeString:
        return two_lines(banner.title, banner.subtitle or "—")

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, banner: Banner) -> SafeString:
        now = clock.now()
        if not banner.is_active:
            return chip(_("已下线"))
        if banner.starts_at > now:
            return chip(_("未开始"), "info")
        if banner.ends_at is not None and banner.ends_at <= now:
            return chip(_("已结束"))
        return chip(_("展示中"), "good")

    @admin.display(description=gettext_lazy("处理"))
    def change_link(self, banner: Banner) -> SafeString | str:
        return link(reverse("ops:storefront_banner_save", args=[banner.pk]), _("修改")) if banner.is_active else "—"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("new/", self._page(self.save), name="storefront_banner_new"),
            path("<int:object_id>/save/", self._page(self.save), name="storefront_banner_save"),
            path("<int:object_id>/remove/", self._page(self.remove), name="storefront_banner_remove"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        act = {"list_act": _("新增横幅"), "list_act_href": reverse("ops:storefront_banner_new")}
        return super().changelist_view(request, {**act, **(extra_context or {})})

    def save(self, request: HttpRequest, object_id: int | None = None) -> HttpResponseBase:
        """Add a banner, or write one anew."""
        self.require(request, KEEP)
        banner = self._found(object_id) if object_id else None
        now = clock.now()

        def run(data: dict[str, Any]) -> str:
            photos: list[Photo] = data.pop("photos")
            image = data.pop("product") or (banner.image if banner else "")
            with kept_photos(photos, folder=FOLDER, at=now) as names:
                text = BannerText(image=names[0] if names else image, **data)
                saved = save_banner(banner=banner, text=text, by=request.user, at=now)
            self.log_change(request, saved, _("保存横幅"))
            return _("横幅“%s”已保存。") % saved.title

        first = {"ground": BannerGround.JADE, "position": 0, "starts_at": now, "ends_at": now + timedelta(days=DAYS)}
        if banner is not None:
            first = {name: getattr(banner, name) for name in BannerForm.base_fields if hasattr(banner, name)}
        initial = _local(first)
        form = BannerForm(request.POST, request.FILES) if request.method == "POST" else BannerForm(initial=initial)
        facts = []
        if banner is not None:
            stop = link(reverse("ops:storefront_banner_remove", args=[banner.pk]), _("下线这条横幅"))
            facts = [(_("不要了？"), stop)]
        return self._act(
            request,
            form,
            run,
            title=_("修改横幅") if banner else _("新增横幅"),
            button=_("保存"),
            facts=facts,
        )

    def remove(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Show a banner no longer."""
        self.require(request, KEEP)
        banner = self._found(object_id)

        def run(_data: dict[str, Any]) -> str:
            remove_banner(banner=banner, by=request.user, at=clock.now())
            self.log_change(request, banner, _("下线横幅"))
            return _("横幅“%s”已下线。") % banner.title

        facts = [(_("标题"), banner.title), (_("去往"), banner.target_path)]
        form = NothingToFill(posted(request))
        return self._act(request, form, run, title=_("下线横幅"), button=_("下线"), facts=facts, dangerous=True)

    def _act(self, request: HttpRequest, form: forms.Form, run: Any, **words: Any) -> HttpResponseBase:
        back = reverse("ops:storefront_banner_changelist")
        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(BannerRefused,),
            done=back,
            back=back,
            context={"opts": self.opts},
            **words,
        )

    def _found(self, object_id: int) -> Banner:
        banner = Banner.objects.filter(pk=object_id).first()
        if banner is None:
            raise Http404
        return banner


def _local(first: dict[str, Any]) -> dict[str, Any]:
    """Instants as the form shows and reads them: to the minute, in the mall's zone."""
    return {
        name: timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if name.endswith("_at") and value else value
        for name, value in first.items()
    }
