"""Which banners the front page shows."""

from datetime import datetime

from django.db.models import Q

from storefront.models import Banner

BANNERS_MAX = 5


def banners(*, at: datetime) -> list[Banner]:
    """Return the banners of an instant in their order, five at most."""
    shown = Banner.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), is_active=True, starts_at__lte=at)
    return list(shown.order_by("position", "-id")[:BANNERS_MAX])
