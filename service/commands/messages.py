"""Telling members, and what they do with what they were told."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse

from mall.core.arrays import numbers, texts
from members.models import Member
from service.models import Kind, Message, MutedKind
from service.wording import WORDINGS
from suppliers.models import Favourite

KEPT_DAYS = 180
DROP_MIN_FEN = 100
DROPS_AT_ONCE_MAX = 3
BATCH = 500
FORGOTTEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class News:
    """One thing for one member. `key` says what happened, so that it is told once."""

    member_id: int
    wording: str
    key: str
    path: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)
    # When it happened, where that is not when it is told.
    at: datetime | None = None


# One statement, whatever the number: who switched a kind off gets only what is needed, and what was told stays told.
_TELL = """
INSERT INTO service_message (member_id, kind, wording, words, path, key, at)
SELECT row.member_id, row.kind, row.wording, row.words::jsonb, row.path, row.key, row.at::timestamptz
FROM unnest(
    %(members)s::bigint[], %(kinds)s::text[], %(needed)s::boolean[], %(wordings)s::text[], %(words)s::text[],
    %(paths)s::text[], %(keys)s::text[], %(times)s::text[]
) AS row(member_id, kind, is_needed, wording, words, path, key, at)
WHERE row.is_needed OR NOT EXISTS (
    SELECT 1 FROM service_mutedkind AS muted WHERE muted.member_id = row.member_id AND muted.kind = row.kind
)
ON CONFLICT (key) DO NOTHING
"""


def tell(news: Iterable[News], *, at: datetime) -> int:
    """Tell members, in the caller's transaction, with one statement. Return how many messages are new."""
    rows = list(news)
    if not rows:
        return 0
    known = [WORDINGS[row.wording] for row in rows]
    parts: dict[str, Any] = {
        "times": texts([(row.at or at).isoformat() for row in rows]),
        "members": numbers([row.member_id for row in rows]),
        "kinds": texts([str(wording.kind.value) for wording in known]),
        "needed": numbers([wording.is_needed for wording in known]),
        "wordings": texts([row.wording for row in rows]),
        "words": texts([json.dumps(dict(row.words), ensure_ascii=False) for row in rows]),
        "paths": texts([row.path for row in rows]),
        "keys": texts([row.key for row in rows]),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, parts)
        return int(cursor.rowcount)


def read_message(*, member: Member, message_id: int, at: datetime) -> Message | None:
    """Mark one of the member's own messages as read and return it, or None where it is not theirs."""
    message = Message.objects.filter(member=member, pk=message_id).first()
    if message is not None and message.read_at is None:
        Message.objects.filter(pk=message.pk, read_at=None).update(read_at=at)
    return message


def read_all(*, member: Member, kind: Kind | None = None, at: datetime) -> int:
    """Mark all that the member was told as read, of one kind or of all; return how many were unread."""
    unread = Message.objects.filter(member=member, read_at=None)
    if kind is not None:
        unread = unread.filter(kind=kind)
    return unread.update(read_at=at)


def mute(*, member: Member, kinds: Iterable[Kind], at: datetime) -> None:
    """From now on tell the member nothing of these kinds but what is needed, and all of the others."""
    wanted = set(kinds)
    with transaction.atomic():
        MutedKind.objects.filter(member=member).exclude(kind__in=wanted).delete()
        MutedKind.objects.bulk_create(
            [MutedKind(member=member, kind=kind, at=at) for kind in sorted(wanted)], ignore_conflicts=True
        )


def tell_price_drops(*, at: datetime) -> int:
    """Tell members which of the goods that they keep cost less than then, a price once, and at most a few at a time."""
    dropped = (
        Favourite.objects.filter(
            product__is_published=True,
            product__supplier__is_active=True,
            product__lowest_price_fen__lte=F("price_fen") - DROP_MIN_FEN,
        )
        .order_by("member_id", "-price_fen", "product_id")
        .values_list(
            "member_id", "product_id", "product__name", "product__slug", "price_fen", "product__lowest_price_fen"
        )
    )
    told = 0
    rows = dropped.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        news = [
            News(
                member_id=member_id,
                wording="price_drop",
                key=f"price_drop:{member_id}:{product_id}:{now_fen}",
                path=reverse("shop:product", args=[slug]),
                words={"product": name, "now_fen": now_fen, "less_fen": (then_fen or 0) - (now_fen or 0)},
            )
            for member_id, product_id, name, slug, then_fen, now_fen in batch
        ]
        known = set(Message.objects.filter(key__in=[one.key for one in news]).values_list("key", flat=True))
        count: Counter[int] = Counter()
        fresh = []
        for one in news:
            if one.key not in known and count[one.member_id] < DROPS_AT_ONCE_MAX:
                count[one.member_id] += 1
                fresh.append(one)
        told += tell(fresh, at=at)
    return told


def forget_messages(*, at: datetime) -> int:
    """Delete what was told half a year ago, a part at a time; return how many went."""
    old = Message.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).order_by("at").values("pk")[:FORGOTTEN_AT_ONCE]
    gone, _by_model = Message.objects.filter(pk__in=old).delete()
    return gone
