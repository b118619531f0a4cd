"""A supplier's papers and freight templates, at `/supplier/`."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mall.core import clock
from mall.core.admin import act_page, moment_column, posted, supplier_site, yuan_column
from mall.core.admin.acting import ActingAdmin
from mall.core.admin.columns import link
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnRowsAdmin, OwnRowsInline
from mall.core.photos import kept_photos, private_photo
from mall.core.seats import may, supplier_id_of
from suppliers import commands, queries
from suppliers.commands import PaperRefused
from suppliers.models import FreightRule, FreightTemplate, PaperState, Qualification

from .forms import FreightForm, FreightRuleForm, PaperForm, RenewForm
from .paper_words import files_of, state_shown, until_shown

FOLDER = "papers"


@admin.register(Qualification, site=supplier_site)
class QualificationDesk(OwnReadOnlyAdmin, ActingAdmin):
    """A supplier's papers, and those of its products: handed in, replaced by newer ones, never edited."""

    list_display = ("title", "kind", "product", "number", "until", "state_shown", "renew_link")
    list_filter = ("state", "kind")
    list_select_related = ("product",)
    search_fields = ("title", "number")
    search_help_text = _("名称或编号")
    ordering = ("-id",)
    fields = ("kind", "title", "number", "product", "seen", "until", "state_shown", "submitted")
    readonly_fields: ClassVar = ["seen", "until", "state_shown", "submitted"]

    submitted = moment_column("submitted_at", _("提交时间"))

    @admin.display(description=_("有效期至"))
    def until(self, paper: Qualification) -> SafeString | str:
        return until_shown(paper)

    @admin.display(description=_("状态"))
    def state_shown(self, paper: Qualification) -> SafeString:
        return state_shown(paper)

    @admin.display(description=_("证照图片"))
    def seen(self, paper: Qualification) -> SafeString | str:
        if not paper.picture:
            return "—"
        return link(reverse("supplier:suppliers_qualification_photo", args=[paper.pk]), gettext("查看"))

    @admin.display(description=_("处理"))
    def renew_link(self, paper: Qualification) -> SafeString | str:
        if paper.state != PaperState.APPROVED:
            return "—"
        return link(reverse("supplier:suppliers_qualification_renew", args=[paper.pk]), gettext("换新证"))

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        shown = super().get_list_display(request)
        return shown if may(request, self.page, "renew") else [name for name in shown if name != "renew_link"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.page, "add")

    def get_urls(self) -> list[URLPattern]:
        name = "suppliers_qualification"
        own = [
            path("<int:object_id>/renew/", self._page(self.renew), name=f"{name}_renew"),
            path("<int:object_id>/photo/", self._page(self.photo), name=f"{name}_photo"),
        ]
        return own + super().get_urls()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Hand in a paper."""
        form = PaperForm(posted(request), files_of(request), supplier_id=supplier_id_of(request) or 0)
        found: Any = self._act(request, form, title=gettext("上传资质"), what={})
        return cast(HttpResponse, found)

    def renew(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Hand in what takes the place of a paper."""
        paper = self.own_row(request, str(object_id))
        form = RenewForm(posted(request), files_of(request), initial={"number": paper.number})
        form.paper_kind = paper.kind
        facts = [
            (_("类型"), paper.get_kind_display()),
            (_("名称"), paper.title),
            (_("现在的编号"), paper.number or "—"),
            (_("有效期至"), until_shown(paper)),
        ]
        what = {"kind": paper.kind, "title": paper.title, "product": paper.product, "replaces": paper}
        return self._act(request, form, title=gettext("换新证"), what=what, facts=facts)

    def photo(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """The picture of a paper."""
        return private_photo(self.own_row(request, str(object_id)).picture)

    def _act(self, request: HttpRequest, form: forms.Form, *, what: dict[str, Any], **words: Any) -> HttpResponseBase:
        back = reverse("supplier:suppliers_qualification_changelist")

        def run(given: dict[str, Any]) -> str:
            at, supplier = clock.now(), queries.supplier_of(member=request.user)
            assert supplier is not None
            told = {**given, **what}
            with kept_photos([told.pop("document")], folder=FOLDER, at=at, private=True) as names:
                commands.submit_paper(supplier=supplier, picture=names[0], by=request.user, at=at, **told)
            return gettext("已提交，平台审核通过后生效")

        return act_page(
            request,
            site=self.admin_site,
            form=form,
            run=run,
            refusals=(PaperRefused,),
            done=back,
            back=back,
            button=gettext("提交审核"),
            context={"opts": self.opts},
            **words,
        )


class FreightRuleInline(OwnRowsInline):
    """Other fees for some provinces."""

    model = FreightRule
    form = FreightRuleForm
    own_path = "template__supplier"
    may_add = True
    may_change = True
    fields = ("provinces", "first_unit", "first_fee_fen", "step_unit", "step_fee_fen")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._owns(request, obj)


@admin.register(FreightTemplate, site=supplier_site)
class FreightTemplateDesk(OwnRowsAdmin):
    """How a supplier charges for sending."""

    form = FreightForm
    inlines = (FreightRuleInline,)
    may_add = True
    may_change = True
    list_display = ("name", "charged_by", "first_unit", "first_fee_yuan", "step_unit", "step_fee_yuan", "free_yuan")
    search_fields = ("name",)
    search_help_text = _("模板名称")
    ordering = ("id",)

    first_fee_yuan = yuan_column("first_fee_fen", _("首费"))
    step_fee_yuan = yuan_column("step_fee_fen", _("续费"))
    free_yuan = yuan_column("free_above_fen", _("满额包邮"))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows whose templates may not have the same name."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"supplier_id": supplier_id_of(request)})

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.supplier = queries.supplier_of(member=request.user)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for rule in formset.deleted_objects:
            rule.delete()
