"""News between apps: a command publishes inside its transaction, `mall/subscriptions.py` says who listens."""

from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings


@cache
def _subscriptions() -> dict[type, tuple[Any, ...]]:
    return dict(import_module(settings.SUBSCRIPTIONS_MODULE).SUBSCRIPTIONS)


def publish(event: object) -> None:
    """Hand `event` to its listeners, in the caller's transaction and in the order in which they are listed.

    A listener only writes a row of its own app; whatever it raises undoes the caller's transaction as well.
    """
    for listener in _subscriptions().get(type(event), ()):
        listener(event)
