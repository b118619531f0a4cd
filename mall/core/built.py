"""Statements that are built once: Django's own, compiled at their first use and run again with other values.

Building and compiling a query with some joins costs Django more than the database needs to answer it. A page that is
asked for all day builds its queries once:

    _PAGE = Built(lambda slug: Product.objects.filter(slug=slug).select_related("supplier"), slug=str)
    _PAGE.rows(slug="green-tea")

The values must be all that changes: the shape of the query is that of its first use. A list of ids is an array, and is
compared by `among`.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import BooleanField, Field, Model, QuerySet
from django.db.models.expressions import DatabaseDefault, RawSQL
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

from mall.core import statements

Row = TypeVar("Row", bound=Model)

_CASTS = {int: "::bigint", str: "::text", bool: "::boolean", date: "::date", datetime: "::timestamptz"}
_IDS = "::bigint[]"
# Each number of rows is a statement of its own, so that only small ones are kept.
_FEW_ROWS = 5


class NotBuilt(Exception):
    """A value does not stand in the query as it was given, so that another one could not take its place."""


class Built(Generic[Row]):
    """A query of rows. `build` gets one value for each of `kinds` (str, int, bool, date, datetime, or list for ids)."""

    def __init__(self, build: Callable[..., QuerySet[Row]], **kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._plan: _Plan | None = None

    def rows(self, **values: Any) -> list[Row]:
        """Run the query; return what the same QuerySet would, without prefetches."""
        plan = self._plan
        if plan is None:
            plan = self._plan = _Plan(self._build, self._kinds)
        with connection.cursor() as cursor:
            statements.run(cursor, plan.text, values, keep=True)
            return plan.made(cursor.fetchall())

    def first(self, **values: Any) -> Row | None:
        """Return the first row. The query itself says in which order, and should have a limit."""
        return next(iter(self.rows(**values)), None)


class BuiltInsert(Generic[Row]):
    """How rows of a model are written: as `bulk_create` writes them, and they know their ids afterwards. What the
    database refuses it refuses: IntegrityError, DataError."""

    def __init__(self, model: type[Row]) -> None:
        self._model = model
        self._texts: dict[Any, str] = {}

    def write(self, rows: Sequence[Row]) -> list[Row]:
        """Write new rows, few of them from a plan that the session keeps, and return them."""
        found = list(rows)
        if not found:
            return found
        columns = tuple(field for field in self._fields if not _is_left_out(field, found))
        values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in found for field in columns]
        with connection.cursor() as cursor:
            statements.run(cursor, self._text(columns, len(found)), values, keep=len(found) <= _FEW_ROWS)
            for row, (pk,) in zip(found, cursor.fetchall(), strict=True):
                row.pk = pk
                row._state.adding, row._state.db = False, connection.alias
        return found

    @cached_property
    def _fields(self) -> "list[Field[Any, Any]]":
        return [field for field in self._model._meta.concrete_fields if not field.primary_key]

    def _text(self, columns: "tuple[Field[Any, Any], ...]", count: int) -> str:
        text = self._texts.get((columns, count))
        if text is None:
            quote, own = connection.ops.quote_name, self._model._meta
            assert own.pk is not None
            names = ", ".join(quote(str(field.column)) for field in columns)
            places = f"({', '.join(_place(field) for field in columns)})"
            text = f"INSERT INTO {quote(own.db_table)} ({names}) VALUES {', '.join([places] * count)}"
            self._texts[columns, count] = text = f"{text} RETURNING {quote(str(own.pk.column))}"
        return text


def _is_left_out(field: "Field[Any, Any]", rows: Sequence[Model]) -> bool:
    """Say whether the database is to fill a column in, of all rows alike."""
    left_out = {isinstance(getattr(row, field.attname), DatabaseDefault) for row in rows}
    if len(left_out) > 1:
        raise NotBuilt(f"{field.name} is given for some rows and not for others")
    return left_out == {True}


def _place(field: "Field[Any, Any]") -> str:
    """A parameter of a field's type. A text stays a text: a cast to a length would cut it where a column refuses."""
    kind = str(field.db_type(connection))
    return f"%s::{'text' if kind.startswith('varchar') else kind}"


def among(column: str, ids: list[int]) -> RawSQL:
    """Say that a column (`"suppliers_sku"."product_id"`) is one of an array, for `filter`."""
    return RawSQL(f"{column} = ANY(%s)", [ids], output_field=BooleanField())


def keep_prefetched(row: Model, name: str, related: list[Any]) -> None:
    """Give a row its related rows as `prefetch_related(name)` does: `row.name.all()` asks nothing."""
    manager = getattr(row, name)
    kept = manager.get_queryset()
    kept._result_cache, kept._prefetch_done = related, True
    vars(row).setdefault("_prefetched_objects_cache", {})[name] = kept


class _Plan:
    """The text of a query with named places for its values, and how its rows become objects."""

    def __init__(self, build: Callable[..., QuerySet[Any]], kinds: dict[str, type]) -> None:
        marks = {name: _mark(kind, number) for number, (name, kind) in enumerate(kinds.items())}
        queryset = build(**marks)
        compiler = queryset.query.get_compiler(using=queryset.db)
        text, params = compiler.as_sql()
        self.text = _named(text, list(params), marks, kinds)
        info: Any = compiler.klass_info
        select: Any = compiler.select
        fields = info["select_fields"]
        self._model = info["model"]
        self._start, self._end = fields[0], fields[-1] + 1
        self._names = [column[0].target.attname for column in select[self._start : self._end]]
        self._related = get_related_populators(info, select, queryset.db)  # type: ignore[call-arg]  # stubs of 6.0
        self._annotated = list((compiler.annotation_col_map or {}).items())
        self._compiler: Any = compiler
        self._converters = compiler.get_converters([column[0] for column in select])
        self._db = queryset.db

    def made(self, rows: Any) -> list[Any]:
        """Turn rows of the database into objects, as Django's own iteration does."""
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        found = []
        for row in rows:
            made = self._model.from_db(self._db, self._names, row[self._start : self._end])
            for related in self._related:
                related.populate(row, made)
            for name, place in self._annotated:
                setattr(made, name, row[place])
            found.append(made)
        return found


def _mark(kind: type, number: int) -> Any:
    """Return a value of a kind that stands nowhere else in a query."""
    if kind is int:
        return 2_147_000_000 + number
    if kind is list:
        return [2_147_000_000 + number]
    if kind is datetime:
        return datetime(1901, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if kind is date:
        return date(1901, 1, 1) + timedelta(days=number)
    return f"\ue000{number}\ue000"


def _named(text: str, params: list[Any], marks: dict[str, Any], kinds: dict[str, type]) -> str:
    """Return the text with the marked values as named parameters, and all others written out."""
    found: set[str] = set()

    def written(value: Any) -> str:
        for name, mark in marks.items():
            if type(value) is type(mark) and value == mark:
                found.add(name)
                return f"%({name})s{_CASTS.get(kinds[name], _IDS)}"
        with connection.cursor() as cursor:
            plain: str = cursor.mogrify("%s", [value]).decode()
        return plain.replace("%", "%%")

    parts = text.split("%s")
    pieces = [parts[0]]
    for value, part in zip(params, parts[1:], strict=True):
        pieces += [written(value), part]
    if missing := sorted(set(marks) - found):
        raise NotBuilt(f"not in the query as given: {', '.join(missing)}")
    return "".join(pieces)
