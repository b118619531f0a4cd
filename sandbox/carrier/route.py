"""How a parcel travels: pure, and always the same for the same number.

The end of a number orders its fate, as in carriers' own sandboxes: `0000` is never found, `9999` meets trouble on
the way, `8888` takes three times as long.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

UNKNOWN = "0000"
TROUBLED = "9999"
SLOW = "8888"
COURIERS = ("王师傅", "李师傅", "张师傅", "陈师傅", "赵师傅")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a parcel. `kind` is the carrier's word for it."""

    id: str
    kind: str
    text: str
    place: str
    at: datetime


def route(*, number: str, origin: str, destination: str, handed_at: datetime) -> list[Event]:
    """Return everything that will have happened to a parcel by its end, in order."""
    if number.endswith(UNKNOWN):
        return []
    digest = hashlib.sha256(number.encode()).digest()
    pace = (0.8 + digest[0] / 640) * (3 if number.endswith(SLOW) else 1)
    courier = COURIERS[digest[1] % len(COURIERS)]
    here, there = origin or "发货地", destination or "目的地"
    stops = [
        (2.0, "collected", f"快件已由【{here}营业部】揽收", here),
        (7.0, "moving", f"快件已从【{here}转运中心】发出，下一站【{there}转运中心】", here),
        (27.0, "moving", f"快件到达【{there}转运中心】", there),
        (41.0, "delivering", f"快递员{courier}正在派送，请留意电话", there),
        (45.0, "delivered", "快件已签收，签收人：本人", there),
    ]
    if number.endswith(TROUBLED):
        stops[3:3] = [
            (33.0, "trouble", "外包装破损，正在联系寄件人处理", there),
            (38.0, "moving", "已重新包装，继续派送", there),
        ]
    return [
        Event(
            id=f"{number}-{position}",
            kind=kind,
            text=text,
            place=place,
            at=handed_at + timedelta(hours=hours * pace),
        )
        for position, (hours, kind, text, place) in enumerate(stops, start=1)
    ]
