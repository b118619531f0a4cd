"""Which orders are in after-sale, for lists of lower floors that know orders by their id alone."""

from orders.models import AfterSale
from orders.rules import returning as rules


def open_cases_of_orders(order_ids: list[int]) -> dict[int, str]:
    """Return the number of the newest open case of each order that has one."""
    cases = AfterSale.objects.filter(order__in=order_ids, state__in=rules.ENGAGED_CASES).order_by("id")
    return dict(cases.values_list("order_id", "number"))


def open_cases_of_lines(line_ids: list[int]) -> dict[int, str]:
    """Return the number of the newest open case of each line that has one."""
    cases = AfterSale.objects.filter(line__in=line_ids, state__in=rules.ENGAGED_CASES).order_by("id")
    return dict(cases.values_list("line_id", "number"))
