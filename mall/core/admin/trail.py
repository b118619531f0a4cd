"""The trail of operators' acts: read, searched, never changed."""

import json
from typing import Any, ClassVar
from urllib.parse import unquote

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from mall.core.models import ListExport, OperatorAct

from .columns import chip, moment_column, two_lines
from .own_rows import OwnReadOnlyAdmin
from .reading import ReadOnlyAdmin
from .sites import ops_site, supplier_site


@admin.register(OperatorAct, site=ops_site)
class OperatorActAdmin(ReadOnlyAdmin):
    """Newest first; a search takes who, what, to what, and why."""

    list_display = ("when", "by_name", "what", "reason")
    list_display_links = ("when",)
    search_fields = ("by_name", "act", "subject", "reason", "request_id")
    search_help_text = gettext_lazy("操作人、操作、对象、原因、请求编号")
    fields = ("when", "by_name", "act", "subject", "reason", "page", "was", "became", "what_was_sent", "request_id")
    readonly_fields: ClassVar = ["when", "was", "became", "what_was_sent"]
    date_hierarchy = None

    when = moment_column("at", gettext_lazy("时间"))

    @admin.display(description=gettext_lazy("操作与对象"))
    def what(self, act: OperatorAct) -> SafeString:
        return two_lines(act.act, act.subject or act.page)

    @admin.display(description=gettext_lazy("之前"))
    def was(self, act: OperatorAct) -> SafeString:
        return _listed(act.before)

    @admin.display(description=gettext_lazy("之后"))
    def became(self, act: OperatorAct) -> SafeString:
        return _listed(act.after)

    @admin.display(description=gettext_lazy("提交内容"))
    def what_was_sent(self, act: OperatorAct) -> SafeString:
        return _listed(act.sent)


@admin.register(ListExport, site=ops_site)
class ListExportAdmin(ReadOnlyAdmin):
    """What was taken away as files, newest first."""

    list_display = ("when", "by_name", "what", "rows", "whole", "reason")
    list_display_links = ("when",)
    list_filter = ("unmasked",)
    search_fields = ("by_name", "title", "reason")
    search_help_text = gettext_lazy("操作人、列表、用途")
    fields = ("when", "by_name", "title", "query", "file_kind", "unmasked", "reason", "row_count", "request_id")
    readonly_fields: ClassVar = ["when"]

    when = moment_column("at", gettext_lazy("时间"))

    @admin.display(description=gettext_lazy("列表"))
    def what(self, record: ListExport) -> SafeString:
        return two_lines(f"{record.title} · {record.file_kind.upper()}", unquote(record.query)[:40])

    @admin.display(description=gettext_lazy("行数"))
    def rows(self, record: ListExport) -> SafeString | int:
        return chip(gettext("没有导完"), "warn") if record.row_count is None else record.row_count

    @admin.display(description=gettext_lazy("个人信息"))
    def whole(self, record: ListExport) -> SafeString:
        return chip(gettext("完整"), "bad") if record.unmasked else chip(gettext("已遮挡"))


@admin.register(ListExport, site=supplier_site)
class OwnExportDesk(OwnReadOnlyAdmin):
    """What people of a supplier took away as files, newest first."""

    own_path = "supplier_id"
    list_display = ("when", "by_name", "what", "rows", "reason")
    list_display_links = ("when",)
    search_fields = ("by_name", "title", "reason")
    search_help_text = gettext_lazy("操作人、列表、用途")
    fields = ("when", "by_name", "title", "query", "file_kind", "reason", "row_count")
    readonly_fields: ClassVar = ["when"]

    when = moment_column("at", gettext_lazy("时间"))
    what = ListExportAdmin.what
    rows = ListExportAdmin.rows


def _listed(value: dict[str, Any]) -> SafeString:
    if not value:
        return format_html('<span class="quiet">—</span>')
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return format_html('<pre class="ops-pre">{}</pre>', text)
