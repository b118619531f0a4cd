"""Filters that a figure of another page leads to: they stand beside a list only while the address names them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mall.core.ids import SHANGHAI
from mall.core.money import yuan

DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{4}-\d{2}-\d{2})", re.ASCII)
FEN = re.compile(r"[0-9]{1,12}", re.ASCII)


class LeadingFilter(admin.SimpleListFilter):
    """A filter whose one choice is what the address says; what it cannot read finds nothing."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        value = self.value()
        return [(value, self.words(value))] if value else []

    def words(self, value: str) -> str:
        """Return the choice as people read it."""
        return value

    def narrow(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Return the rows that the address means; a filter that does not say finds nothing."""
        return queryset.none()

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        value = self.value()
        return self.narrow(queryset, value) if value else queryset


def days_filter(parameter: str, label: Any, field: str) -> type[LeadingFilter]:
    """Return the filter of rows whose instant lies on days of Asia/Shanghai: `2026-11-01_2026-11-30`, both included."""

    class DaysFilter(LeadingFilter):
        title = label
        parameter_name = parameter

        def words(self, value: str) -> str:
            span = _span(value)
            if span is None:
                return _("日期不对")
            first, last = span
            return f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"

        def narrow(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
            span = _span(value)
            if span is None:
                return queryset.none()
            until = _midnight(span[1] + timedelta(days=1))
            return queryset.filter(**{f"{field}__gte": _midnight(span[0]), f"{field}__lt": until})

    return DaysFilter


def least_filter(parameter: str, label: Any, field: str) -> type[LeadingFilter]:
    """Return the filter of rows with at least so many fen."""

    class LeastFilter(LeadingFilter):
        title = label
        parameter_name = parameter

        def words(self, value: str) -> str:
            return _("%s 起") % yuan(int(value)) if FEN.fullmatch(value) else _("金额不对")

        def narrow(self, queryset: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
            return queryset.filter(**{f"{field}__gte": int(value)}) if FEN.fullmatch(value) else queryset.none()

    return LeastFilter


def days_value(first: date, last: date) -> str:
    """Return how an address names days for a filter made by `days_filter`."""
    return f"{first.isoformat()}_{last.isoformat()}"


def _span(value: str) -> tuple[date, date] | None:
    found = DAYS.fullmatch(value)
    try:
        return (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
