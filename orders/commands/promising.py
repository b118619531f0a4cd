"""By when goods are promised to leave: worked out in the database for each order as it is paid."""

from datetime import datetime, timedelta

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    IntegerField,
    Max,
    OuterRef,
    Subquery,
    Value,
)

from orders.models import OrderLine


def promised_at(at: datetime) -> ExpressionWrapper:
    """Return the expression for by when the slowest of an order's goods is promised to leave, paid at an instant."""
    hours = (
        OrderLine.objects.filter(order=OuterRef("pk"))
        .order_by()
        .values("order")
        .annotate(hours=Max("sku__product__ship_within_hours"))
        .values("hours")
    )
    waits = ExpressionWrapper(
        Subquery(hours, output_field=IntegerField()) * Value(timedelta(hours=1)), output_field=DurationField()
    )
    return ExpressionWrapper(Value(at) + waits, output_field=DateTimeField())
