"""What is bought, and what becomes of each order: a life of acts from placing to the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from .days import DAYS, Moment
from .goods import Good, goods
from .people import Person


class Fate(Enum):
    """How an order ends."""

    KEPT = auto()
    CANCELLED = auto()
    FORGOTTEN = auto()
    CHANGED_MIND = auto()
    SENT_BACK = auto()
    SENT_BACK_LATE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Purchase:
    """One order to be. `items` are (SKU code, quantity); without `fate` it waits to be paid."""

    person: Person
    items: tuple[tuple[str, int], ...]
    placed: Moment
    fate: Fate | None = Fate.KEPT
    confirms: bool = True
    """The buyer says when the goods are there; otherwise time does."""
    back_on: int | None = None
    """The day on which it is sent back, where the story needs just that one."""


CANCEL_REASONS = ("地址填错了，重新下单", "不想买了", "换个规格再买", "朋友已经送了一份")
UNSHIPPED_REASONS = ("拍错规格", "不想要了", "预计送达太晚", "重复下单")
RETURN_REASONS = ("与家人口味不合", "收到时外盒压坏", "买多了，整单退回", "效果与预期不符", "发错规格")
NOTES = ("放门卫即可", "工作日送", "请轻拿轻放", "要新日期的", "送礼，请勿放价格单", "到了打电话")
# Seven days that repeat, in percent; then days on which more or less was going on.
_RHYTHM = (92, 88, 96, 100, 112, 128, 104)
_SPECIAL = {38: 190, 39: 170, 88: 180, 89: 150, 61: 55, 62: 50, 63: 60, 104: 75}
_ORDINARY_FATES = (
    (Fate.KEPT, 770),
    (Fate.CANCELLED, 80),
    (Fate.FORGOTTEN, 70),
    (Fate.CHANGED_MIND, 30),
    (Fate.SENT_BACK, 50),
)
_PACK_FATES = ((Fate.KEPT, 900), (Fate.CHANGED_MIND, 20), (Fate.SENT_BACK, 45), (Fate.SENT_BACK_LATE, 35))


def ordinary_purchases(people: list[Person], chance: Random, *, orders: int) -> Iterator[Purchase]:
    """Tell what is bought but for gift packs."""
    shelf = [good for good in goods() if not good.is_pack and good.demand]
    weights = [(50 + day) * _RHYTHM[day % 7] * _SPECIAL.get(day, 100) * chance.randint(72, 128) for day in range(DAYS)]
    buyers = [person for person in people if person.appetite]
    for day in sorted(chance.choices(range(DAYS), weights, k=orders)):
        here = [person for person in buyers if person.joined.day < day] or buyers[:1]
        person = chance.choices(here, [person.appetite for person in here])[0]
        yield Purchase(
            person,
            _basket(shelf, chance),
            Moment(max(day, person.joined.day + 1), chance.randint(100, 9_900)),
            _fate(_ORDINARY_FATES, chance),
            confirms=chance.randrange(100) < 62,
        )


def pack_purchases(
    people: list[Person], chance: Random, *, fates: dict[str, Fate], back: dict[str, int]
) -> Iterator[Purchase]:
    """Tell who buys gift packs, the first and further ones. `fates`, and days of return, are those of people by key."""
    packs = [good for good in goods() if good.is_pack]
    demand = [pack.demand for pack in packs]
    for person in people:
        if person.packed is None:
            continue
        quantity = 2 if chance.randrange(100) < 7 else 1
        first = chance.choices(packs, demand)[0].units[0].code
        fate = fates.get(person.key) or _fate(_PACK_FATES, chance)
        back_on = back.get(person.key)
        yield Purchase(person, ((first, quantity),), person.packed, fate, person.diligent, back_on)
        if person.diligent and fate is Fate.KEPT and chance.randrange(100) < 16:
            again = Moment(person.packed.day + chance.randint(14, 60), chance.randint(300, 9_500))
            code = chance.choices(packs, demand)[0].units[0].code
            yield Purchase(person, ((code, 1),), again)


def waiting_purchases(people: list[Person], chance: Random) -> Iterator[Purchase]:
    """Tell whose orders wait to be paid when the story ends."""
    shelf = [good for good in goods() if not good.is_pack and good.demand]
    for minutes in (23, 15, 11, 4):
        yield Purchase(chance.choice(_regulars(people)), _basket(shelf, chance), Moment(DAYS, 0, -minutes), fate=None)


def latest_purchases(people: list[Person], chance: Random) -> Iterator[Purchase]:
    """Tell who bought within the last hour, so that something was paid today at almost whatever hour it is."""
    shelf = [good for good in goods() if not good.is_pack and good.demand]
    for minutes in (54, 41, 29, 18, 9):
        yield Purchase(chance.choice(_regulars(people)), _basket(shelf, chance), Moment(DAYS, 0, -minutes))


def consumer_purchases(person: Person) -> Iterator[Purchase]:
    """Tell what the demo's consumer bought: one order in every state."""
    yield Purchase(person, (("WUCHANG-RICE-2", 1), ("MILLET-1", 2)), Moment(62, 6_200))
    yield Purchase(person, (("DAILY-NUTS-2", 1), ("WALNUT-CRISP-1", 1)), Moment(77, 7_400))
    yield Purchase(person, (("BABY-TOWEL-1", 2),), Moment(93, 5_100), confirms=False)
    yield Purchase(person, (("ROSE-MASK-1", 1),), Moment(99, 8_000), Fate.SENT_BACK)
    yield Purchase(person, (("NOTEBOOK-1", 1),), Moment(104, 3_300), Fate.CANCELLED)
    yield Purchase(person, (("GOJI-1", 1), ("BIRD-HONEY-1", 1)), Moment(111, 4_700))
    yield Purchase(person, (("CHEN-PI-BAI-CHA-1", 2),), Moment(115, 2_500), confirms=False)
    yield Purchase(person, (("DA-HONG-PAO-1", 1), ("OSMANTHUS-TEA-1", 2)), Moment(119, 7_700), confirms=False)
    yield Purchase(person, (("STONEWARE-BOWLS-1", 1),), Moment(DAYS, 0, -6), fate=None)


def _regulars(people: list[Person]) -> list[Person]:
    return [person for person in people if person.appetite and person.joined.day < DAYS - 2]


def _basket(shelf: list[Good], chance: Random) -> tuple[tuple[str, int], ...]:
    good = chance.choices(shelf, [good.demand for good in shelf])[0]
    items = [_item(good, chance)]
    others = [other for other in shelf if other.supplier == good.supplier and other is not good]
    if others and chance.randrange(100) < 26:
        items.append(_item(chance.choices(others, [other.demand for other in others])[0], chance))
    return tuple(items)


def _item(good: Good, chance: Random) -> tuple[str, int]:
    unit = chance.choices(good.units, (6, 3, 1)[: len(good.units)])[0]
    return unit.code, chance.choices((1, 2, 3, 4), (70, 21, 6, 3))[0]


def _fate(fates: tuple[tuple[Fate, int], ...], chance: Random) -> Fate:
    return chance.choices([fate for fate, _ in fates], [weight for _, weight in fates])[0]
