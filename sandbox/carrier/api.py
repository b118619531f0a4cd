"""The carriers' API, signed as the provider's.

| address | content | answer |
| --- | --- | --- |
| `parcels` | `carrier, number, origin, destination, handed_at, notify_url` | `carrier, number` |
| `parcels/query` | `carrier, number` | `carrier, number, events: id, kind, text, place, at` |

`kind` is one of collected, moving, delivering, delivered, trouble. A push to `notify_url` carries `id, carrier,
number` and the same `events`, everything so far; whoever does not answer 2xx gets it again.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from sandbox.api import NotFound, instant, operation, text, url
from sandbox.models import SandboxParcel

from .book import happened, take_parcel
from .pushes import event_words


@operation("parcel")
def parcels(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Take note of a parcel."""
    parcel = take_parcel(
        content={
            "carrier": text(content, "carrier", 30),
            "number": text(content, "number", 40),
            "origin": text(content, "origin", 40) if content.get("origin") else "",
            "destination": text(content, "destination", 40) if content.get("destination") else "",
            "handed_at": min(instant(content, "handed_at"), at),
            "notify_url": url(content, "notify_url"),
        },
        at=at,
    )
    return {"carrier": parcel.carrier, "number": parcel.number}


@operation("parcel_query")
def parcel_query(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Say what happened to a parcel."""
    found = SandboxParcel.objects.filter(carrier=text(content, "carrier", 30), number=text(content, "number", 40))
    parcel = found.first()
    if parcel is None:
        raise NotFound
    events = [event_words(event) for event in happened(parcel=parcel, at=at)]
    return {"carrier": parcel.carrier, "number": parcel.number, "events": events}
