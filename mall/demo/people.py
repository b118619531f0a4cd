"""Who lives in the demo: names, addresses and the people whose phones are easy to remember."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from mall.core.ids import ALPHABET

from .days import Moment

PASSWORD = "heji-demo-2026"
"""Of the demo's operators and suppliers. Worth nothing elsewhere: `load_demo` refuses unless DEMO is on."""

CONSUMER = "consumer"
AGENT = "agent"
NEWCOMER = "newcomer"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to log in as. `name` is the key in the answer of `demo_accounts --json`; staff have a site."""

    name: str
    phone: str
    nickname: str
    role: str
    site: str = ""


ACCOUNTS = (
    Account(CONSUMER, "+8613800000001", "江小满", "buyer, an order in every state"),
    Account(AGENT, "+8613800000002", "林溪", "partner, earnings and holds"),
    Account(NEWCOMER, "+8613800000003", "阿杰在路上", "agent, one of two seats taken"),
    Account("supplier", "+8613800000011", "岩序茶业·店长", "supplier", "/supplier/"),
    Account("operator", "+8613800000021", "沈初审", "operator, reviews", "/ops/"),
    Account("second_operator", "+8613800000022", "陆复核", "operator, releases", "/ops/"),
)

PHONES = {account.name: account.phone for account in ACCOUNTS}

with Path(__file__).with_name("names.toml").open("rb") as file:
    _NAMES = tomllib.load(file)
_SURNAMES, _GIVEN, _HANDLES, _CHILDREN = (_NAMES[kind].split() for kind in ("surnames", "given", "handles", "children"))
_PLACES = [tuple(place) for place in _NAMES["places"]]


@dataclass(slots=True)
class Person:
    """One member of the demo. Diligent people come back and do what a seed user is asked for; others buy once."""

    key: str
    nickname: str
    phone: str
    full_name: str
    place: tuple[str, ...]
    referrer: "Person | None"
    joined: Moment
    diligent: bool = True
    appetite: int = 1
    """How often it buys ordinary goods, compared with others."""
    charm: int = 1
    """How many it brings along, compared with others."""
    depth: int = 0
    packed: Moment | None = None
    """When it buys its first gift pack."""


class Crowd:
    """Makes people whose nicknames and phones differ; what `chance` gives is the same every time."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._names = self._nicknames()
        self._phones = iter(chance.sample(range(10**7, 10**8), 4_000))
        self._taken = {account.nickname for account in ACCOUNTS}

    def person(
        self,
        referrer: Person | None,
        joined: Moment,
        *,
        nickname: str = "",
        phone: str = "",
        diligent: bool = True,
        appetite: int = 1,
        charm: int = 1,
    ) -> Person:
        """Return somebody new."""
        return Person(
            key="".join(self._chance.choices(ALPHABET, k=10)),
            nickname=nickname or self._new_name(),
            phone=phone or f"+86165{next(self._phones)}",
            full_name=self._full_name(),
            place=self._chance.choice(_PLACES),
            referrer=referrer,
            joined=joined,
            diligent=diligent,
            appetite=appetite,
            charm=charm,
            depth=referrer.depth + 1 if referrer else 0,
        )

    def _new_name(self) -> str:
        name = next(name for name in self._names if name not in self._taken)
        self._taken.add(name)
        return name

    def _full_name(self) -> str:
        return self._chance.choice(_SURNAMES) + self._chance.choice(_GIVEN)

    def _nicknames(self) -> Iterator[str]:
        chance = self._chance
        handles = list(_HANDLES)
        chance.shuffle(handles)
        while True:
            dice = chance.randrange(100)
            if dice < 46:
                yield self._full_name()
            elif dice < 70 and handles:
                yield handles.pop()
            elif dice < 80:
                yield chance.choice(_CHILDREN) + chance.choice(("妈妈", "爸爸", "麻麻", "外婆", "奶奶"))
            elif dice < 92:
                yield chance.choice(("阿", "小", "老", "大")) + chance.choice(_SURNAMES)
            else:
                yield chance.choice(_SURNAMES) + chance.choice(("姐", "哥", "老师", "大姐", "师傅", "医生"))


def identity_number(person: Person) -> str:
    """Return an identity number for somebody who does not exist, with the check digit that it would have."""
    phone = int(person.phone[3:])
    front = f"110101{1965 + phone % 35}{phone % 12 + 1:02d}{phone % 28 + 1:02d}{phone % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return front + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(front, weights, strict=True)) % 11]


def card_number(person: Person) -> str:
    """Return the number of a bank card that does not exist, with the check digit that it would have."""
    front = f"6200000{person.phone[3:]}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(front)))
    return f"{front}{-total % 10}"


def street(person: Person, chance: Random) -> str:
    """Return the last part of an address."""
    number, building = chance.randint(1, 260), chance.randint(1, 28)
    flat = f"{chance.randint(1, 32)}{chance.randint(1, 4):02d}"
    return f"{person.place[3]} {number} 号 {building} 栋 {flat}"
