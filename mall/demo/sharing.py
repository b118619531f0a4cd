"""Shops of the demo's agents, what they shared and what came of it, and materials to share."""

import tomllib
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import agents.commands
import members.commands
from agents.commands import MaterialText, ShopText
from agents.models import UseKind
from mall.core.photos import Photo
from mall.pictures import draw_product
from mall.pictures.scenes import SIDE
from members.models import Member
from suppliers.models import Product

from .opening import Shop
from .people import ACCOUNTS
from .story import SEED

_OPENED_DAYS = 40
_CHANNELS = ("moments", "moments", "moments", "group", "group", "wechat", "poster", "poster", "copy", "qr", "offline")
# How often the links of the first shop were opened in the last month; the others in proportion to their goods.
_VISITS_AN_ITEM = 12

with Path(__file__).with_name("sharing.toml").open("rb") as file:
    _TOLD = tomllib.load(file)


def open_shops(*, shop: Shop, pictures: bool, at: datetime) -> None:
    """Let the demo's agents open shops and share them, and operators write materials."""
    chance = Random(SEED + 7)
    for told in _TOLD["shops"]:
        _open(told, chance, at)
    for told in _TOLD["materials"]:
        _write(told, shop, chance, pictures, at)


def _open(told: dict[str, Any], chance: Random, at: datetime) -> None:
    owner = _account(told["account"])
    opened_at = at - timedelta(days=_OPENED_DAYS)
    agents.commands.save_shop(
        owner=owner, text=ShopText(told["name"], told["notice"], told["pinned_text"].strip()), at=opened_at
    )
    agents.commands.save_persona(member=owner, intro=told["intro"], tags=told["tags"], at=opened_at)
    for slug, words, is_pinned in told["items"]:
        if not Product.objects.filter(slug=slug, is_published=True).exists():
            continue
        item = agents.commands.put_in_shop(owner=owner, slug=slug, at=opened_at)
        agents.commands.say_of_item(owner=owner, item_id=item.pk, words=words, at=opened_at)
        if is_pinned:
            agents.commands.pin_item(owner=owner, item_id=item.pk, is_pinned=True, at=opened_at)
    paths = [f"/p/{slug}" for slug, _words, _pinned in told["items"]]
    _visits(owner, [*paths, f"/s/{owner.referral_code}", f"/s/{owner.referral_code}", "/"], chance, at)


def _visits(owner: Member, paths: list[str], chance: Random, at: datetime) -> None:
    """People open the links: more of them lately, some of them twice."""
    for number in range(_VISITS_AN_ITEM * len(paths)):
        minutes = int(chance.random() ** 2 * 30 * 24 * 60) + 5
        visitor = f"{owner.public_id} {number - chance.randrange(2)}"
        members.commands.record_touch(
            owner=owner,
            visitor_hash=sha256(visitor.encode()).hexdigest(),
            channel=chance.choice(_CHANNELS),
            target_path=paths[int(chance.random() ** 2 * len(paths))],
            at=at - timedelta(minutes=minutes),
        )


def _write(told: dict[str, Any], shop: Shop, chance: Random, pictures: bool, at: datetime) -> None:
    """Write a material and have it checked by the second operator; without pictures, none that has only those."""
    views = told.get("views", [])
    if views and not pictures:
        return
    product = Product.objects.filter(slug=told.get("product", "")).select_related("supplier").first()
    written_at = at - timedelta(days=chance.randint(2, 25))
    material = agents.commands.save_material(
        material=None,
        text=MaterialText(told["kind"], told["title"], told["text"].strip(), product),
        photos=[_photo(product, view) for view in views] if product else [],
        by=shop.reviewer,
        at=written_at,
    )
    agents.commands.check_material(material=material, by=shop.releaser, at=written_at + timedelta(hours=3))
    for told_shop in _TOLD["shops"]:
        for day in range(chance.randint(0, 2)):
            used_at = at - timedelta(days=day, hours=2)
            kind = UseKind.SAVED if views else UseKind.COPIED
            agents.commands.use_material(
                member=_account(told_shop["account"]), material=material, kind=kind, at=used_at
            )


def _photo(product: Product, view: str) -> Photo:
    content = draw_product(
        product.slug, product.hue, product.silhouette, product.label, view, mark=product.supplier.seal
    )
    return Photo(content=content, width=SIDE, height=SIDE)


def _account(name: str) -> Member:
    phone = next(account.phone for account in ACCOUNTS if account.name == name)
    return Member.objects.get(phone=phone)
