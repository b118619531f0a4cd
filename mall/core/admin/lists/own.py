"""Lists of a supplier with the same tools: what is kept of them stays with the supplier, and roles say who exports."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from mall.core.admin.acting import posted
from mall.core.seats import may, sees, supplier_id_of

from .exporting import ExportColumn
from .kept import ExportForm, KeptTools


class OwnExportForm(ExportForm):
    """Which file, and what for. People stand in it masked, whoever asks."""

    field_order = ("file_kind", "reason")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, may_unmask=False)
        reason = self.fields["reason"]
        reason.required = True
        reason.error_messages["required"] = gettext_lazy("请写明用途")
        reason.help_text = gettext_lazy("写进导出记录，店长和平台都看得到。姓名、手机号和地址在文件里是遮挡的。")


class OwnKeptList(KeptTools):
    """Stands before the other bases of a list of own rows."""

    page: Any

    def supplier_id(self, request: HttpRequest) -> int | None:
        # Nothing has this number: without a seat there is nothing to be found.
        return supplier_id_of(request) or 0

    def may_export(self, request: HttpRequest) -> bool:
        return may(request, self.page, "export")

    def file_columns(self, request: HttpRequest) -> tuple[ExportColumn, ...]:
        return tuple(
            column for column in self.export_columns if not column.shown_as or sees(request, self.page, column.shown_as)
        )

    def export_form(self, request: HttpRequest) -> forms.Form:
        return OwnExportForm(posted(request))
