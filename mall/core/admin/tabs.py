"""Lists that are read in parts: tabs above them, each with how many wait there."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .reading import ReadOnlyAdmin


@dataclass(frozen=True, slots=True)
class Tab:
    """One part of a list: the value of its parameter, what it is called, and how many are in it, if anybody counted."""

    value: str
    label: Any
    count: str = ""


class TabbedAdmin(ReadOnlyAdmin):
    """A list in tabs by `tab_parameter`, which `list_filter` knows. It opens at its first tab."""

    tab_parameter = "state__exact"
    list_before_template = "ops/tabs.html"

    def tabs(self, request: HttpRequest) -> list[Tab]:
        """Return the tabs in their order. A tab without a value shows everything."""
        return []

    def tab_note(self, request: HttpRequest, tab: str) -> str:
        """Return a short sum of the tab that is open."""
        return ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        tabs = self.tabs(request)
        chosen = request.GET.get(self.tab_parameter, "")
        if tabs and tabs[0].value and not request.GET:
            return HttpResponseRedirect(f"?{self.tab_parameter}={tabs[0].value}")
        context = {
            "ops_tabs": tabs,
            "ops_tab": chosen,
            "ops_tab_parameter": self.tab_parameter,
            "ops_tab_note": self.tab_note(request, chosen),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)
