"""Keys, webhook, deliveries and trail of one supplier, for its page."""

from django.db.models import F, Prefetch, QuerySet

from integration.models import ApiAct, ApiKey, Delivery, DeliveryAttempt, DeliveryState, Webhook
from suppliers.models import Supplier


def keys_of(*, supplier: Supplier) -> "QuerySet[ApiKey]":
    """Return the keys, those that still open something first, then the newest."""
    own = ApiKey.objects.filter(supplier=supplier).select_related("made_by", "revoked_by")
    return own.order_by(F("revoked_at").desc(nulls_first=True), "-made_at")


def key_of(*, supplier: Supplier, key_id: int) -> ApiKey | None:
    """Return one of the keys."""
    return ApiKey.objects.select_related("supplier").filter(supplier=supplier, pk=key_id).first()


def webhook_of(*, supplier: Supplier) -> Webhook | None:
    """Return the webhook, where there is one."""
    return Webhook.objects.select_related("supplier").filter(supplier=supplier).first()


def deliveries_of(*, supplier: Supplier, state: str = "") -> "QuerySet[Delivery]":
    """Return what the webhook was told and is to be told, with all tries, the newest first."""
    tried = Prefetch("tried", DeliveryAttempt.objects.order_by("-number"))
    own = Delivery.objects.filter(webhook__supplier=supplier).prefetch_related(tried).order_by("-id")
    return own.filter(state=state) if state in DeliveryState.values else own


def delivery_of(*, supplier: Supplier, delivery_id: int) -> Delivery | None:
    """Return one delivery of the webhook."""
    return Delivery.objects.filter(webhook__supplier=supplier, pk=delivery_id).first()


def stopped_count(*, supplier: Supplier) -> int:
    """Return how many deliveries are not tried any more."""
    return Delivery.objects.filter(webhook__supplier=supplier, state=DeliveryState.STOPPED).count()


def acts_of(*, supplier: Supplier) -> "QuerySet[ApiAct]":
    """Return what was done with keys and webhook, the newest first."""
    return ApiAct.objects.filter(supplier=supplier).select_related("api_key", "done_by").order_by("-id")
