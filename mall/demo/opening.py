"""The shop before its first customer: suppliers and their seats, operators, categories, products and stock."""

from dataclasses import dataclass
from datetime import datetime

import members.commands
import payouts.commands
import suppliers.commands
from mall.core.rights import PLANS, RELEASE, REVIEW, SERVICE, STAFF, ensure_groups
from mall.core.totp import new_secret
from mall.pictures import view_path
from members.commands.staff import keep_device
from members.models import Member
from suppliers.models import Category, Sku, Supplier

from .goods import catalogue, goods
from .people import ACCOUNTS, PASSWORD, Account

MIN_FEN, FEE_BPS, TAX_BPS = 50_00, 60, 300


@dataclass(frozen=True, slots=True)
class Shop:
    """What the acts of the story need of the shop: SKUs by code, each supplier's shopkeeper, two operators."""

    skus: dict[str, Sku]
    keepers: dict[int, Member]
    reviewer: Member
    releaser: Member


def open_shop(*, at: datetime) -> Shop:
    """Open the shop at an instant of the past."""
    groups = ensure_groups()
    operators = []
    for name, rights in (("operator", (REVIEW, SERVICE, PLANS, STAFF)), ("second_operator", (RELEASE, PLANS, STAFF))):
        account = next(account for account in ACCOUNTS if account.name == name)
        operator = members.commands.create_operator(
            phone=account.phone, nickname=account.nickname, password=PASSWORD, is_superuser=False, at=at
        )
        operator.groups.set(groups[right] for right in rights)
        keep_device(member=operator, secret=new_secret(), at=at)
        operators.append(operator)
    payouts.commands.set_policy(starts_at=at, min_fen=MIN_FEN, fee_bps=FEE_BPS, tax_bps=TAX_BPS)
    shops = {}
    keepers = {}
    for number, row in enumerate(catalogue()["suppliers"]):
        shop = suppliers.commands.open_supplier(**row)
        shops[shop.slug] = shop
        keepers[shop.pk] = _keeper(shop, _shopkeeper(number, shop), at)
    return Shop(_stock(shops, _categories(), at), keepers, *operators)


def _shopkeeper(number: int, shop: Supplier) -> Account:
    """Return who has the seat: the first one is the demo's supplier, the others have the phones after it."""
    first = next(account for account in ACCOUNTS if account.name == "supplier")
    phone = f"{first.phone[:-2]}{int(first.phone[-2:]) + number}"
    return Account(shop.slug, phone, f"{shop.name}·店长", "", "/supplier/")


def _keeper(shop: Supplier, account: Account, at: datetime) -> Member:
    member = members.commands.register_member(phone=account.phone, nickname=account.nickname, referrer=None, at=at)
    members.commands.give_password(member=member, password=PASSWORD)
    suppliers.commands.seat_member(supplier=shop, member=member)
    return member


def _categories() -> dict[str, Category]:
    known = {}
    for position, top in enumerate(catalogue()["categories"]):
        parent = known[top["slug"]] = suppliers.commands.add_category(
            name=top["name"], slug=top["slug"], silhouette=top["silhouette"], position=position
        )
        for below, row in enumerate(top["below"]):
            known[row["slug"]] = suppliers.commands.add_category(
                **row, parent=Category.objects.get(pk=parent.pk), position=below
            )
    return known


def _stock(shops: dict[str, Supplier], categories: dict[str, Category], at: datetime) -> dict[str, Sku]:
    skus = {}
    for position, good in enumerate(goods()):
        product = suppliers.commands.add_product(
            supplier=shops[good.supplier],
            category=categories[good.category],
            name=good.name,
            slug=good.slug,
            subtitle=good.subtitle,
            label=good.label,
            silhouette=good.silhouette,
            hue=good.hue,
            origin=good.origin,
            detail=[{"title": title, "text": text} for title, text in good.detail],
            image=view_path(good.slug, "hero"),
            commission_bps=good.commission_bps,
            position=position,
        )
        for unit in good.units:
            skus[unit.code] = suppliers.commands.add_sku(
                product=product,
                code=unit.code,
                spec=unit.spec,
                supply_price_fen=unit.supply_price_fen,
                list_price_fen=unit.list_price_fen,
                sale_price_fen=unit.sale_price_fen,
                on_hand=unit.stock,
                at=at,
                is_gift_pack=good.is_pack,
            )
    return skus
