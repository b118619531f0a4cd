"""Lists and records that nobody changes here, of tables that may be large."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.paginator import InfinitePaginator


class PreparedAdmin(ModelAdmin):
    """A list that looks up together what the rows of a page need from elsewhere."""

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        self.prepare(request, list(found.result_list))
        return found

    def prepare(self, request: HttpRequest, rows: list[Any]) -> None:
        """Put on the rows of one page what its columns need from elsewhere, in a fixed number of queries."""


class ReadOnlyAdmin(PreparedAdmin):
    """Nothing is added, changed or deleted here, by a superuser neither. Lists count nothing and sort by no click."""

    list_per_page = 50
    paginator = InfinitePaginator
    show_full_result_count = False
    sortable_by: ClassVar[tuple[str, ...]] = ()
    list_fullwidth = True
    actions = None
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def require(self, request: HttpRequest, *permissions: str) -> None:
        """Refuse with 403 whoever has none of these permissions."""
        if not any(request.user.has_perm(permission) for permission in permissions):
            raise PermissionDenied


class ReadOnlyInline(TabularInline):
    """Rows of a record that nobody changes here."""

    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def operator(request: HttpRequest) -> Any:
    """Return who is signed in: behind the site's login it is always a member."""
    return request.user


def fill(rows: Iterable[Any], attribute: str, key: Callable[[Any], Any], found: dict[Any, Any], default: Any) -> None:
    """Set `attribute` of each row to what was found for its key."""
    for row in rows:
        setattr(row, attribute, found.get(key(row), default))
