"""What buyers say of what they received, what their photos show, and what suppliers answer."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from mall.pictures import SNAPSHOT_THUMBNAIL, SNAPSHOTS, view_path
from members.models import Member
from orders.commands.reviewing import (
    KeptPhoto,
    follow_up_review,
    hide_review,
    hold_word,
    record_review,
    reply_to_review,
)
from orders.models import OrderLine, Review, ReviewState
from orders.rules.reviewing import REVIEW_DAYS, REVIEWABLE_STATES, TAGS

from .days import is_past
from .goods import goods, snapshots
from .people import ACCOUNTS, CONSUMER
from .story import SEED

SIDE = 750
REVIEWS_MAX = 280
SPEAKS, FOLLOWS, ANSWERED, ANONYMOUS = 52, 14, 42, 22
_STARS = ((5, 74), (4, 16), (3, 6), (2, 2), (1, 2))
_HELD = ("加微信", "返现", "刷单", "代购", "最低价")
_KEPT_BACK = "茶不错，店家说加微信好评可以返现，想问问是真的吗？"
_WHY_HIDDEN = "含与商品无关的联系方式"


@cache
def _said() -> dict[str, dict[str, list[str]]]:
    with Path(__file__).with_name("reviews.toml").open("rb") as file:
        return tomllib.load(file)


def review_orders(*, keepers: dict[int, Member], operator: Member, at: datetime) -> int:
    """Let buyers review what they received in the last months, up to an instant. Returns how many did."""
    chance = Random(SEED + 2)
    themes = {good.slug: good.theme for good in goods()}
    photos = {good.slug: list(_photos(good.slug, snapshots(good))) for good in goods()}
    with transaction.atomic():
        for word in _HELD:
            hold_word(word=word, by=operator, at=at - timedelta(days=100))
        written = []
        for line in _lines(at, chance):
            product = line.sku.product
            received_at = line.order.received_at or at
            hours = chance.randint(5, 130)
            if not is_past(received_at, now=at, hours=hours):
                continue
            review = record_review(
                member=line.order.member,
                line_id=line.pk,
                photos=_taken(photos[product.slug], chance),
                is_anonymous=chance.randrange(100) < ANONYMOUS,
                at=received_at + timedelta(hours=hours),
                **_words(themes[product.slug], chance),
            )
            written.append(review)
            _go_on(review, received_at, hours, keepers[product.supplier_id], at, chance)
        _moderate(written, operator, at)
    return len(written)


def _lines(at: datetime, chance: Random) -> list[OrderLine]:
    """What speaks: about half of what was received, and one thing of the demo's consumer."""
    consumer = next(account.phone for account in ACCOUNTS if account.name == CONSUMER)
    lines = (
        OrderLine.objects.filter(
            order__state__in=REVIEWABLE_STATES,
            order__received_at__gt=at - timedelta(days=REVIEW_DAYS - 1),
            refunded_quantity=0,
        )
        .select_related("order__member", "sku__product")
        .order_by("order__received_at", "pk")
    )
    own = [line for line in lines if line.order.member.phone == consumer]
    others = [line for line in lines if line.order.member.phone != consumer and chance.randrange(100) < SPEAKS]
    return [*own[:1], *others[-REVIEWS_MAX:]]


def _words(theme: str, chance: Random) -> dict[str, Any]:
    (stars,) = chance.choices([star for star, _ in _STARS], [weight for _, weight in _STARS])
    kind = "good" if stars >= 4 else "fair" if stars == 3 else "poor"
    told = _said()[kind]
    texts = [*told["all"], *told.get(theme, ()), *told.get(theme, ())]
    liked, disliked = TAGS[:8], TAGS[8:]
    tags = chance.sample(liked, chance.randint(0, 3)) if stars >= 3 else [chance.choice(disliked)]
    return {"stars": stars, "text": chance.choice(texts) if chance.randrange(100) < 88 else "", "tags": tags}


def _photos(slug: str, count: int) -> Any:
    for view in SNAPSHOTS[:count]:
        yield KeptPhoto(view_path(slug, view), view_path(slug, view, SNAPSHOT_THUMBNAIL), SIDE, SIDE)


def _taken(left: list[KeptPhoto], chance: Random) -> list[KeptPhoto]:
    """Each photo is somebody's: who comes first takes one, sometimes all that are left."""
    if not left or chance.randrange(100) >= 30:
        return []
    return [left.pop() for _ in range(len(left) if chance.randrange(100) < 40 else 1)]


def _go_on(review: Review, received_at: datetime, hours: int, keeper: Member, at: datetime, chance: Random) -> None:
    """A supplier answers, most of all where somebody was not pleased; some buyers come back with one more word."""
    is_good = review.stars >= 4
    answered = hours + chance.randint(3, 40)
    is_answered = chance.randrange(100) < (ANSWERED if is_good else 90)
    if is_answered and review.text and is_past(received_at, now=at, hours=answered):
        text = chance.choice(_said()["reply"]["good" if is_good else "poor"])
        reply_to_review(review=review, text=text, by=keeper, at=received_at + timedelta(hours=answered))
    back = hours + 24 * chance.randint(8, 40)
    if chance.randrange(100) < FOLLOWS and is_past(received_at, now=at, hours=back):
        follow_up_review(
            member=review.member,
            review=review,
            text=chance.choice(_said()["after"]["all"]),
            at=received_at + timedelta(hours=back),
        )


def _moderate(written: list[Review], operator: Member, at: datetime) -> None:
    """One review waits for an operator, one was hidden."""
    silent = [review for review in reversed(written) if not review.text and not review.photo_count]
    if len(silent) > 1:
        hide_review(review=silent[1], reason=_WHY_HIDDEN, by=operator, at=at - timedelta(hours=30))
    plain = [review for review in written if not review.follow_up and review.state == ReviewState.VISIBLE]
    if plain:
        late = plain[-1]
        follow_up_review(member=late.member, review=late, text=_KEPT_BACK, at=at - timedelta(hours=2))
