"""What happens in the demo, told before it happens: pure, and the same every time but for the dates.

`tell` gives the people, and the acts in the order in which they happen. `stage.Stage` plays them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from .chains import Population
from .days import DAYS, SLOTS, Moment
from .people import AGENT, CONSUMER, NEWCOMER, Person
from .shopping import (
    CANCEL_REASONS,
    RETURN_REASONS,
    UNSHIPPED_REASONS,
    Fate,
    Purchase,
    consumer_purchases,
    latest_purchases,
    ordinary_purchases,
    pack_purchases,
    waiting_purchases,
)

SEED = 8023
_SENT_BACK = {"lin 61": Fate.SENT_BACK_LATE, "lin 107": Fate.SENT_BACK, "returned": Fate.SENT_BACK_LATE}
MEMBERS = 300
# How many of a hundred who came by themselves come by a shopkeeper's link later, and by which channels.
FOLLOWING = 45
CHANNELS = ("wechat", "moments", "poster", "card")
ORDERS = 1500


class Verb(StrEnum):
    """What an act is; the subject is what it is done to."""

    JOIN = "join"
    VISIT = "visit"
    PLACE = "place"
    CANCEL = "cancel"
    EXPIRE = "expire"
    PAY = "pay"
    SHIP = "ship"
    CONFIRM = "confirm"
    REFUND = "refund"
    WITHDRAW = "withdraw"
    PAYDAY = "payday"
    APPROVE = "approve"
    REJECT = "reject"
    RELEASE = "release"
    GRANT = "grant"
    TERMS = "terms"
    RECOUNT = "recount"
    OPEN_SHOP = "open_shop"
    FOLLOW = "follow"


class Verdict(StrEnum):
    """What becomes of a withdrawal."""

    PAID = "paid"
    REJECTED = "rejected"
    APPROVED = "approved"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Act:
    moment: Moment
    verb: Verb
    subject: Any = None


@dataclass(frozen=True, slots=True)
class Refund:
    purchase: Purchase
    reason: str


@dataclass(frozen=True, slots=True)
class Cancellation:
    purchase: Purchase
    reason: str


@dataclass(frozen=True, slots=True)
class Payday:
    """The members with most on hand ask for a part of it."""

    members: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Wish:
    """One person asks for `percent` of what it has."""

    person: Person
    percent: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Gift:
    """A grant from the support fund."""

    person: Person
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of the plan; one that never starts stays a draft."""

    name: str
    params: dict[str, Any]
    starts_day: int | None


@dataclass(frozen=True, slots=True)
class Recount:
    """A SKU is counted, and this many are left to be ordered."""

    code: str
    left: int


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody applies to be a shopkeeper, and is approved."""

    person: Person
    statement: str


@dataclass(frozen=True, slots=True)
class Following:
    """Somebody opens a shopkeeper's link and logs in."""

    person: Person
    shopkeeper: Person
    channel: str


@dataclass(frozen=True, slots=True)
class Story:
    people: list[Person]
    cast: dict[str, Person]
    acts: list[Act]


def tell(*, scale: int = 100) -> Story:
    """Return the whole story, or one with about `scale` percent of its members and orders."""
    chance = Random(SEED)
    population = Population(chance, members=MEMBERS * scale // 100)
    people, cast = population.people, population.cast
    acts = [*_house(), *_comings(people, chance), *_money(cast), *_retail(population)]
    for purchase in _purchases(population, chance, ORDERS * scale // 100):
        acts += _life(purchase, chance)
    acts.sort(key=lambda act: act.moment)
    return Story(people, cast, acts)


def _house() -> Iterator[Act]:
    """What operators and shopkeepers do: plans, and stock that runs low."""
    tasks = [{"kind": "goods_received"}, {"kind": "profile_completed"}, {"kind": "days_visited", "n": 3}]
    repeat = {"direct": 30_00, "see_point": 50_00}
    first = {"name": "链动 2+1", "unranked_referrer": "roll_up", "repeat_fen": repeat, "tasks": tasks}
    second = {**first, "peer_rate_bps": 500}
    yield Act(Moment(0), Verb.TERMS, Terms("链动 2+1 · 首版", first, 0))
    yield Act(Moment(43, 5_000), Verb.TERMS, Terms("链动 2+1 · 增设平级分润", second, 45))
    draft = {**second, "on_promotion": "follow", "hold_days": 45}
    yield Act(Moment(116, 5_000), Verb.TERMS, Terms("带走方案（讨论稿）", draft, None))
    for code, left in (("GINSENG-SLICES-1", 6), ("CLAY-POT-2", 3), ("LONG-JING-2", 0)):
        yield Act(Moment(DAYS, 0, -2), Verb.RECOUNT, Recount(code, left))


def _comings(people: list[Person], chance: Random) -> Iterator[Act]:
    """Joining, and coming back: who is diligent does so on a few days after its gift pack."""
    for person in people:
        yield Act(person.joined, Verb.JOIN, person)
        if person.packed is None or not person.diligent:
            continue
        for wait in chance.sample((1, 2, 3, 4, 6, 8, 11, 15), 3):
            yield Act(Moment(person.packed.day + wait, chance.randint(300, 9_700)), Verb.VISIT, person)


def _purchases(population: Population, chance: Random, orders: int) -> Iterator[Purchase]:
    people, cast = population.people, population.cast
    fates = {person.key: Fate.KEPT for person in cast.values()}
    fates |= {cast[name].key: fate for name, fate in _SENT_BACK.items()}
    back = {cast["returned"].key: 108}
    packs = [
        purchase
        for purchase in pack_purchases(people, chance, fates=fates, back=back)
        if purchase.placed < Moment(DAYS)
    ]
    special = [
        *consumer_purchases(cast[CONSUMER]),
        *waiting_purchases(people, chance),
        *latest_purchases(people, chance),
    ]
    yield from packs
    yield from special
    yield from ordinary_purchases(people, chance, orders=max(orders - len(packs) - len(special), 0))


def _life(purchase: Purchase, chance: Random) -> Iterator[Act]:
    """Tell what becomes of an order. What would be later than now is not played."""
    placed, fate = purchase.placed, purchase.fate
    yield Act(placed, Verb.PLACE, purchase)
    if fate is None:
        return
    if fate is Fate.CANCELLED:
        cancellation = Cancellation(purchase, chance.choice(CANCEL_REASONS))
        yield Act(_after(placed, chance.randint(30, 220)), Verb.CANCEL, cancellation)
        return
    if fate is Fate.FORGOTTEN:
        yield Act(_after(placed, 600), Verb.EXPIRE, purchase)
        return
    paid = Moment(DAYS, 0, placed.minutes + 2) if placed.day == DAYS else _after(placed, chance.randint(3, 24))
    yield Act(paid, Verb.PAY, purchase)
    if fate is Fate.CHANGED_MIND:
        refund = Refund(purchase, chance.choice(UNSHIPPED_REASONS))
        yield Act(_after(placed, chance.randint(200, 2_200)), Verb.REFUND, refund)
        return
    shipped = Moment(placed.day + chance.choice((1, 1, 1, 2, 2, 3)), chance.randint(2_800, 6_400))
    yield Act(shipped, Verb.SHIP, purchase)
    if purchase.confirms:
        received = Moment(shipped.day + chance.randint(2, 6), chance.randint(2_000, 9_600))
        yield Act(received, Verb.CONFIRM, purchase)
    else:
        # Time receives it, in the night.
        received = Moment(shipped.day + 10, shipped.slot, 1)
    if fate in (Fate.SENT_BACK, Fate.SENT_BACK_LATE):
        wait = chance.randint(1, 5) if fate is Fate.SENT_BACK else chance.randint(9, 24)
        back = Moment(purchase.back_on or received.day + wait, chance.randint(2_000, 9_000))
        yield Act(back, Verb.REFUND, Refund(purchase, chance.choice(RETURN_REASONS)))


def _money(cast: dict[str, Person]) -> Iterator[Act]:
    """Withdrawals and grants: every ten days those with most on hand; 林溪 as the story wants it."""
    for day in range(26, 110, 10):
        yield Act(Moment(day, 5_000), Verb.PAYDAY, Payday(3, Verdict.PAID))
    yield Act(Moment(66, 5_200), Verb.PAYDAY, Payday(1, Verdict.REJECTED))
    yield Act(Moment(108, 5_200), Verb.PAYDAY, Payday(1, Verdict.REJECTED))
    yield Act(Moment(117, 3_000), Verb.PAYDAY, Payday(2, Verdict.APPROVED))
    yield Act(Moment(DAYS - 1, 4_000), Verb.PAYDAY, Payday(4, Verdict.WAITING))
    agent = cast[AGENT]
    for day, percent, verdict in (
        (40, 70, Verdict.PAID),
        (72, 80, Verdict.REJECTED),
        (75, 80, Verdict.PAID),
        (101, 60, Verdict.PAID),
        (118, 50, Verdict.WAITING),
    ):
        yield Act(Moment(day, 6_000), Verb.WITHDRAW, Wish(agent, percent, verdict))
    # Paid out before the goods came back: what is missing becomes a debt.
    yield Act(Moment(104, 6_000), Verb.WITHDRAW, Wish(cast["hao"], 100, Verdict.PAID))
    yield Act(Moment(98, 4_400), Verb.GRANT, Gift(cast["xu 9"], 200_00, "新手帮扶：首批客户物流破损，补贴一次"))
    yield Act(Moment(113, 4_400), Verb.GRANT, Gift(cast["he 44"], 120_00, "家中受灾，核实后一次性帮扶"))


def _retail(population: Population) -> Iterator[Act]:
    """Shopkeepers, and who comes by their links. What chance decides here changes nothing of the rest of the story."""
    chance = Random(SEED + 2)
    keepers = list(_keepers(population))
    for person, day, statement in keepers:
        yield Act(Moment(day, 2_500), Verb.OPEN_SHOP, Opening(person, statement))
    known = {person.key for person, _, _ in keepers}
    shoppers = [one for one in population.people if one.appetite and one.referrer is None and one.key not in known]
    for person in shoppers:
        if chance.randrange(100) >= FOLLOWING:
            continue
        for _ in range(chance.choice((1, 1, 2))):
            day = chance.randrange(person.joined.day + 1, DAYS + 1)
            open_by_then = [keeper for keeper, opened, _ in keepers if opened < day]
            if open_by_then and day < DAYS:
                following = Following(person, chance.choice(open_by_then), chance.choice(CHANNELS))
                yield Act(Moment(day, chance.randint(300, 9_000)), Verb.FOLLOW, following)


def _keepers(population: Population) -> Iterator[tuple[Person, int, str]]:
    """Who opens a shop, on which day: people of the story, and the first who only shops and brought a friend."""
    cast = population.cast
    yield cast[AGENT], 3, "做茶生意十二年，老客多，想把好茶带给他们"
    yield cast["gu"], 12, "社区团购群主，三百多位邻居"
    yield cast["chen"], 20, "退休教师，学生和家长常托我挑东西"
    yield cast[NEWCOMER], 74, "跑步群里常有人问我吃什么、用什么"
    friends = {one.referrer.key for one in population.people if one.referrer is not None and one.packed is None}
    told = {person.key for person in cast.values()}
    for one in population.people:
        if one.key in friends and one.packed is None and one.key not in told:
            yield one, one.joined.day + 2, "开小书店的，想在店里推荐文创和茶"
            return


def _after(moment: Moment, slots: int) -> Moment:
    days, slot = divmod(moment.slot + slots, SLOTS)
    return Moment(moment.day + days, slot)
