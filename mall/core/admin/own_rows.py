"""The supplier's site: every way to a row goes through the supplier of who is signed in.

Lists, records, searches, histories, autocompletes and actions all start from `get_queryset`; choices of foreign keys
are offered only where the admin names them as own or as shared; lists are filtered by plain columns only.
"""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Field, ForeignKey, ManyToManyField, Model, QuerySet
from django.http import Http404, HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from mall.core.seats import may, sees, supplier_id_of

from .reading import ReadOnlyAdmin, ReadOnlyInline


class OwnRows(BaseModelAdmin):
    """Shows and takes rows of the own supplier only. `own_path` leads from a row to its supplier."""

    own_path: ClassVar[str] = "supplier"
    own_choices: ClassVar[dict[str, str]] = {}
    shared_choices: ClassVar[tuple[str, ...]] = ()
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.own_path: supplier_id_of(request) or 0})

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        related = db_field.remote_field.model._default_manager.all()
        if db_field.name in self.own_choices:
            kwargs["queryset"] = related.filter(**{self.own_choices[db_field.name]: supplier_id_of(request) or 0})
        elif db_field.name not in self.shared_choices:
            kwargs["queryset"] = related.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = db_field.remote_field.model._default_manager.none()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @property
    def page(self) -> str:
        """The name of the page in the table of roles; an inline belongs to its record's."""
        opts = getattr(self, "parent_model", self.model)._meta
        return f"{opts.app_label}_{opts.model_name}"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, self.page)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(request, self.page) and self._owns(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self._writes(request, "add") and self._owns(request, None)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and self._writes(request, "change") and self._owns(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self._seen(request, super().get_fields(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        return [(name, {**options, "fields": self._seen(request, options["fields"])}) for name, options in sets]

    def _seen(self, request: HttpRequest, names: Any) -> list[Any]:
        return [name for name in names if not isinstance(name, str) or sees(request, self.page, name)]

    def _writes(self, request: HttpRequest, act: str) -> bool:
        """Rows of an inline are written with their record."""
        acts = ("add", "change") if hasattr(self, "parent_model") else (act,)
        return any(may(request, self.page, each) for each in acts)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def _owns(self, request: HttpRequest, obj: Any) -> bool:
        supplier_id = supplier_id_of(request)
        if supplier_id is None:
            return False
        # Inlines ask with the record that they hang on, whose own admin has answered for it.
        if not isinstance(obj, self.model):
            return True
        return obj.pk is None or type(obj)._default_manager.filter(pk=obj.pk, **{self.own_path: supplier_id}).exists()


class OwnList(OwnRows):
    """A list of own rows: without the columns that the role does not see and the acts that it does not do."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return self._seen(request, super().get_list_display(request))  # type: ignore[misc]

    def _filter_unfold_actions_by_permissions(self, request: HttpRequest, actions: Any, object_id: Any = None) -> Any:
        shown = super()._filter_unfold_actions_by_permissions(request, actions, object_id)  # type: ignore[misc]
        return [each for each in shown if may(request, self.page, each.action_name.removeprefix(f"{self.page}_"))]


class OwnRowsAdmin(OwnList, ModelAdmin):
    """Rows that a supplier edits. Only the columns that a form has changed are written: stock moves meanwhile."""

    actions = None
    list_per_page = 50
    list_fullwidth = True
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
        elif changed := columns_of(obj, form.changed_data):
            obj.save(update_fields=changed)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for obj, changed in formset.changed_objects:
            if columns := columns_of(obj, changed):
                obj.save(update_fields=columns)
        for obj in formset.new_objects:
            obj.save()
        formset.save_m2m()

    def own_row(self, request: HttpRequest, object_id: str) -> Any:
        """Return one of the own rows, or answer 404."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row


class OwnReadOnlyAdmin(OwnList, ReadOnlyAdmin):
    """Rows that a supplier only reads."""

    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    sortable_by: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def own_row(self, request: HttpRequest, object_id: str) -> Any:
        """Return one of the own rows, or answer 404."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row


class OwnRowsInline(OwnRows, TabularInline):
    """Rows that hang on a record of the own supplier."""

    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Name each field for those who do not see the head of its column."""
        formset = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs.setdefault("aria-label", field.label)
        return formset


class OwnReadOnlyInline(OwnRows, ReadOnlyInline):
    """Rows that hang on a record of the own supplier and are only read."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def columns_of(obj: Model, names: list[str]) -> list[str]:
    """Return those of the form's fields that are columns of the row."""
    columns = {field.name for field in obj._meta.get_fields() if isinstance(field, Field) and field.concrete}
    return [name for name in names if name in columns]
