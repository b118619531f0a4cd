"""Bringing a catalogue along from another platform: a file, how it is read, what would become of it, and how far it
is."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

from mall.core import clock
from mall.core.admin import posted
from mall.core.admin.fields import HundredthsField
from mall.core.admin.reports import report_context
from mall.core.own_supplier import as_the_mall
from suppliers import commands, queries
from suppliers.catalogues import SOURCES, TableRefused, guessed, read_rows
from suppliers.commands import ImportRefused, keep_sheet, report_of, rows_of
from suppliers.commands.import_plans import SKUS_MAX
from suppliers.commands.sheets import DONE
from suppliers.models import Sheet, SheetKind, Supplier
from suppliers.tasks import import_sheet, progress_key

CATEGORIES_MAX = 200
SUPPLY_BPS = 7_000
# A page of an import under way asks again after so many seconds.
AGAIN_SECONDS = "2"


class ImportForm(forms.Form):
    """A file, and whose format it has."""

    source = forms.ChoiceField(
        label=gettext_lazy("从哪个平台导出"),
        choices=[(source.key, source.label) for source in SOURCES.values()],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("请选择文件是从哪个平台导出的")),
    )
    file = forms.FileField(
        label=gettext_lazy("导出的文件（csv、xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": gettext_lazy("请选择文件"), "empty": gettext_lazy("这是一个空文件")},
    )


class MappingForm(forms.Form):
    """Which column is what, which category is which, and what the mall pays where the file does not say."""

    supply_bps = HundredthsField(
        label=gettext_lazy("供货价占售价的比例（%）"),
        unit="%",
        help_text=gettext_lazy("文件里没有供货价时，按售价的这个比例算，例如 70"),
        error_messages={"required": gettext_lazy("请填供货价占售价的比例")},
    )

    def __init__(self, data: Any, *, sheet: Sheet, kept: Any, words: list[tuple[str, int]]) -> None:
        source, head = SOURCES[sheet.reading["source"]], sheet.reading["head"]
        columns = {**guessed(source.fields, head), **_there(kept.columns if kept else {}, head)}
        categories = kept.categories if kept else {}
        super().__init__(data, initial={"supply_bps": kept.supply_bps if kept else SUPPLY_BPS})
        self.fields_of_columns, self.fields_of_categories = [], []
        choices = [("", _("没有这一列")), *((word, word) for word in head)]
        for one in source.fields:
            name = f"column_{one.key}"
            self.fields[name] = forms.ChoiceField(
                label=one.label,
                choices=choices,
                required=one.is_needed,
                initial=columns.get(one.key, ""),
                widget=UnfoldAdminSelectWidget,
                error_messages={"required": _("请选择在哪一列")},
            )
            self.fields_of_columns.append(name)
        ours = [("", _("先不导入")), *queries.category_choices()]
        by_name = {str(label).rpartition(" / ")[2]: pk for pk, label in ours[1:]}
        self.words = {f"category_{place}": word for place, (word, _count) in enumerate(words)}
        for place, (word, count) in enumerate(words):
            name = f"category_{place}"
            self.fields[name] = forms.TypedChoiceField(
                label=_("%(word)s（%(count)d 行）") % {"word": word or _("没有分类"), "count": count},
                choices=ours,
                coerce=int,
                empty_value=None,
                required=False,
                initial=categories.get(word) or by_name.get(word.rpartition(">")[2].strip()),
                widget=UnfoldAdminSelectWidget,
            )
            self.fields_of_categories.append(name)

    def columns(self) -> dict[str, str]:
        """The word of the head for each field that has one."""
        given = {name.removeprefix("column_"): self.cleaned_data[name] for name in self.fields_of_columns}
        return {key: word for key, word in given.items() if word}

    def categories(self) -> dict[str, int]:
        """The category for each word of theirs that has one."""
        given = {word: self.cleaned_data[name] for name, word in self.words.items()}
        return {word: pk for word, pk in given.items() if pk}

    def of_columns(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields_of_columns]

    def of_categories(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields_of_categories]


class ImportPages:
    """Three pages; `admin_site` and `opts` are the admin's. Each site says whose catalogue it is, and where the pages
    are."""

    admin_site: Any
    opts: Any
    import_template: ClassVar[str] = "supplier/imports.html"

    # Whose catalogue it is, or 404 or 403; and the address of a page: `imports`, `import_map` or `import_sheet`.
    import_supplier: Callable[..., Supplier]
    import_address: Callable[..., str]

    def import_drafts(self) -> str:
        """Where whoever imports goes on with the drafts, where this site has such a page."""
        return ""

    def imports(self, request: HttpRequest, **key: Any) -> HttpResponseBase:
        """Take a file; it is only read."""
        supplier = self.import_supplier(request, **key)
        form = ImportForm(posted(request), request.FILES if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            source, file = SOURCES[form.cleaned_data["source"]], form.cleaned_data["file"]
            try:
                table = source.table(read_rows(file))
                if not table.rows:
                    raise TableRefused(_("文件里没有商品"))
            except TableRefused as refusal:
                form.add_error("file", str(refusal))
            else:
                sheet = keep_sheet(
                    supplier=supplier,
                    kind=SheetKind.IMPORT,
                    name=file.name,
                    rows=table.rows,
                    reading={"source": source.key, "head": list(table.head)},
                    by=request.user,
                    at=clock.now(),
                )
                return HttpResponseRedirect(self.import_address(supplier, "import_map", sheet.pk))
        sheets = queries.sheets_of(supplier=supplier, kind=SheetKind.IMPORT)
        context = {
            "form": form,
            "skus_max": SKUS_MAX,
            "sheets": [(sheet, self.import_address(supplier, "import_sheet", sheet.pk)) for sheet in sheets],
        }
        return self._import_page(request, self.import_template, _("从其他平台导入"), context)

    def import_map(self, request: HttpRequest, import_id: int, **key: Any) -> HttpResponseBase:
        """Say how the file is read."""
        supplier = self.import_supplier(request, **key)
        sheet = self._import_sheet(supplier, import_id)
        kept = queries.import_mapping(supplier=supplier, source=sheet.reading["source"])
        form = MappingForm(posted(request), sheet=sheet, kept=kept, words=_category_words(sheet, kept))
        if request.method == "POST" and form.is_valid():
            try:
                commands.set_mapping(
                    sheet=sheet,
                    columns=form.columns(),
                    categories=form.categories(),
                    supply_bps=form.cleaned_data["supply_bps"],
                    at=clock.now(),
                )
            except ImportRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(self.import_address(supplier, "import_sheet", sheet.pk))
        context = {"form": form, "sheet": sheet, "back": self.import_address(supplier, "imports")}
        return self._import_page(request, "supplier/import_map.html", _("对应列和分类"), context)

    def import_sheet(self, request: HttpRequest, import_id: int, **key: Any) -> HttpResponseBase:
        """Show what would become of each product; confirmed, have the worker do it, and show how far it is."""
        supplier = self.import_supplier(request, **key)
        sheet = self._import_sheet(supplier, import_id)
        here = self.import_address(supplier, "import_sheet", sheet.pk)
        if request.method == "POST":
            try:
                with as_the_mall():
                    if commands.start_import(sheet=sheet, at=clock.now()):
                        transaction.on_commit(lambda: import_sheet.ring(sheet.pk))
            except ImportRefused as refusal:
                messages.error(request, str(refusal))
            return HttpResponseRedirect(here)
        if "columns" not in sheet.reading:
            return HttpResponseRedirect(self.import_address(supplier, "import_map", sheet.pk))
        context: dict[str, Any] = {"sheet": sheet, "back": self.import_address(supplier, "imports")}
        if sheet.started_at and not sheet.applied_at:
            done, of = cache.get(progress_key(sheet.pk)) or (0, 0)
            answer = self._import_page(
                request, "supplier/import_running.html", _("正在导入"), {**context, "done": done, "of": of}
            )
            answer["Refresh"] = AGAIN_SECONDS
            return answer
        with as_the_mall():
            report = report_of(sheet) if sheet.applied_at else commands.check_import(sheet=sheet)
        context |= {
            **report_context(report),
            "confirm": _("确认导入"),
            "confirm_note": _("有问题的商品不会导入，其余的一起建成草稿；图片要在草稿里另外上传"),
            "again": "" if sheet.applied_at else self.import_address(supplier, "import_map", sheet.pk),
            "drafts": self.import_drafts() if any(row.status == DONE for row in report) else "",
        }
        return self._import_page(request, "supplier/import_sheet.html", _("核对导入"), context)

    def _import_sheet(self, supplier: Supplier, import_id: int) -> Sheet:
        sheet = queries.sheet_of(supplier=supplier, kind=SheetKind.IMPORT, sheet_id=min(import_id, 2**63 - 1))
        if sheet is None:
            raise Http404
        return sheet

    def _import_page(
        self, request: HttpRequest, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, template, shown)


def _there(columns: dict[str, str], head: list[str]) -> dict[str, str]:
    return {key: word for key, word in columns.items() if word in head}


def _category_words(sheet: Sheet, kept: Any) -> list[tuple[str, int]]:
    """Return the words by which a file sorts its products, the most frequent first, with how many rows have each."""
    source = SOURCES[sheet.reading["source"]]
    columns = {
        **guessed(source.fields, sheet.reading["head"]),
        **_there(kept.columns if kept else {}, sheet.reading["head"]),
        **sheet.reading.get("columns", {}),
    }
    word, name = columns.get("category", ""), columns.get("name", "")
    found = Counter(row.values.get(word, "") for row in rows_of(sheet) if row.values.get(name))
    return found.most_common(CATEGORIES_MAX)
