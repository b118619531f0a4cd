"""What people ask about, by tag and week, and how content they are; and the tags themselves."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import ops_site, posted
from mall.core.admin.columns import chip
from mall.core.money import percent
from service import commands, queries
from service.models import Tag

from .help import WritingAdmin

WEEKS = 8
BARS = 8
WIDTH = 1_000


class TagForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("标签"), max_length=20)
    is_active = forms.BooleanField(
        label=gettext_lazy("启用"),
        required=False,
        help_text=gettext_lazy("停用后不能再贴，已经贴上的还在，统计照算。"),
    )


@admin.register(Tag, site=ops_site)
class TagAdmin(WritingAdmin):
    """Tags by name."""

    list_display = ("name", "shown")
    list_display_links = ("name",)
    ordering: ClassVar[tuple[str, ...]] = ("name",)
    new_label = gettext_lazy("加一个标签")

    @admin.display(description=gettext_lazy("状态"))
    def shown(self, tag: Tag) -> SafeString:
        return chip(_("启用"), "good") if tag.is_active else chip(_("停用"))

    def form_of(self, request: HttpRequest, row: Tag | None) -> forms.Form:
        initial = {"name": row.name, "is_active": row.is_active} if row else {"is_active": True}
        return TagForm(posted(request), initial=initial)

    def keep(self, row: Tag | None, data: dict[str, Any]) -> Tag:
        return commands.save_tag(name=data["name"], is_active=data["is_active"], tag=row)


@ops_site.page("service/topics/", name="service_topics", permission="service.view_ticket")
def topics(request: HttpRequest) -> HttpResponseBase:
    """Counts by tag and week, and stars by week."""
    now = clock.now()
    rows = queries.tag_weeks(weeks=WEEKS, at=now)
    tagged = [one for one in rows if one.tag_id is not None]
    highest = max((one.total for one in tagged), default=1)
    context = {
        **ops_site.each_context(request),
        "title": _("咨询统计"),
        "mondays": queries.mondays(weeks=WEEKS, at=now),
        "rows": rows,
        "bars": [(one, max(one.total * WIDTH // highest, 2)) for one in tagged[:BARS]],
        "stars": [
            (
                one,
                f"{one.average_hundredths // 100}.{one.average_hundredths % 100:02d}" if one.rated else "—",
                percent(one.content * 10_000 // one.rated) if one.rated else "—",
            )
            for one in queries.star_weeks(weeks=WEEKS, at=now)
        ],
    }
    return TemplateResponse(request, "ops/service_topics.html", context)
