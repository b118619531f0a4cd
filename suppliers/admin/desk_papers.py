"""A supplier's papers and freight templates, at `/supplier/`."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mall.core import clock
from mall.core.admin import supplier_site, yuan_column
from mall.core.admin.columns import link
from mall.core.admin.own_rows import OwnRowsAdmin, OwnRowsInline
from mall.core.photos import kept_photos, photo_url
from mall.core.seats import supplier_id_of
from suppliers import queries
from suppliers.models import FreightRule, FreightTemplate, Qualification

from .forms import FreightForm, FreightRuleForm, QualificationForm

FOLDER = "papers"


@admin.register(Qualification, site=supplier_site)
class QualificationDesk(OwnRowsAdmin):
    """A supplier's papers, and those of its products."""

    form = QualificationForm
    own_choices: ClassVar = {"product": "supplier"}
    may_add = True
    may_change = True
    list_display = ("title", "kind", "product", "number", "valid_until")
    list_filter = ("kind",)
    list_select_related = ("product",)
    search_fields = ("title", "number")
    search_help_text = _("名称或编号")
    ordering = ("-id",)
    fields = ("kind", "title", "number", "product", "photos", "seen", "valid_until")
    readonly_fields: ClassVar = ["seen"]

    @admin.display(description=_("现有图片"))
    def seen(self, paper: Qualification) -> SafeString | str:
        return link(photo_url(paper.picture), gettext("查看图片")) if paper.picture else "—"

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.supplier = queries.supplier_of(member=request.user)
        with kept_photos(form.cleaned_data["photos"], folder=FOLDER, at=clock.now()) as names:
            if names:
                obj.picture = names[0]
            obj.save()


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
