"""Who joins, when, by whom, and who buys a gift pack: three chains and people who only shop.

周岚's chain is told person by person around 林溪, the demo's partner, and grows by chance below. 陈国栋's grows by
chance. 许曼's is stuck: its recruits buy once and never come back.
"""

from collections.abc import Sequence
from random import Random

from .days import DAYS, Moment
from .people import ACCOUNTS, AGENT, CONSUMER, NEWCOMER, Crowd, Person

DEPTH_MAX = 8
_APPETITES = (0, 1, 1, 2, 2, 3, 4, 6, 9)
_CHARMS = (1, 1, 1, 1, 2, 2, 3, 5, 9)
_PEOPLE = {account.name: account for account in ACCOUNTS}


class Population:
    """The members of the demo. `cast` names those of whom the story tells something of their own."""

    def __init__(self, chance: Random, *, members: int) -> None:
        self._chance = chance
        self._crowd = Crowd(chance)
        self.people: list[Person] = []
        self.cast: dict[str, Person] = {}
        first, second, stuck = self._first_chain(), self._second_chain(), self._stuck_chain()
        wanted = [members * share // 100 for share in (33, 23, 15)]
        self._grow(first, wanted[0], packs=52, diligent=78, days=range(20, DAYS))
        self._grow(second, wanted[1], packs=50, diligent=70, days=range(10, DAYS))
        self._grow(stuck, wanted[2], packs=84, diligent=0, days=[*range(14, 60), *range(84, DAYS), *range(92, DAYS)])
        self._shoppers(members)

    def _first_chain(self) -> list[Person]:
        head = self._tell("zhou", None, 0, nickname="周岚", pack=0, charm=4)
        lin = self._tell(AGENT, head, 1, pack=2, charm=0)
        hao = self._tell("hao", head, 4, pack=5, charm=0)
        returned = self._tell("returned", hao, 80, pack=80, charm=0)
        gu = self._tell("gu", lin, 9, nickname="顾念一", pack=10)
        he = self._tell("he", lin, 14, nickname="何田田", pack=15)
        below_gu = [self._tell(f"gu {day}", gu, day, pack=day + 1) for day in (22, 36, 58, 84)]
        below_he = [self._tell(f"he {day}", he, day, pack=day) for day in (44, 90)]
        # 林溪's own: who does the tasks, who does not, and whose goods come back.
        own = [
            self._tell(f"lin {day}", lin, day, pack=day + wait, diligent=diligent)
            for day, wait, diligent in (
                (30, 0, True),
                (46, 1, False),
                (61, 2, True),
                (78, 0, True),
                (92, 1, True),
                (100, 1, False),
                (107, 2, True),
                (112, 0, False),
                (116, 1, True),
                (119, 0, True),
            )
        ]
        latest = self._tell("latest", lin, DAYS - 1, charm=0)
        latest.packed = Moment(DAYS, 0, -13)
        newcomer = self._tell(NEWCOMER, lin, 70, pack=71, charm=0)
        seated = self._tell("seated", newcomer, 94, pack=96, charm=0)
        self._tell("asked", newcomer, 110, charm=0)
        self._tell(CONSUMER, lin, 60, charm=0)
        return [head, hao, returned, gu, he, *below_gu, *below_he, *own, latest, seated]

    def _second_chain(self) -> list[Person]:
        head = self._tell("chen", None, 3, nickname="陈国栋", pack=3, charm=5)
        return [head, *(self._tell(f"chen {day}", head, day, pack=day + 1, charm=4) for day in (7, 12))]

    def _stuck_chain(self) -> list[Person]:
        head = self._tell("xu", None, 6, nickname="许曼", pack=6, charm=12)
        own = (9, 11, 16, 97, 109)
        return [head, *(self._tell(f"xu {day}", head, day, pack=day, diligent=False, charm=2) for day in own)]

    def _tell(
        self,
        name: str,
        referrer: Person | None,
        day: int,
        *,
        nickname: str = "",
        pack: int | None = None,
        diligent: bool = True,
        charm: int = 1,
    ) -> Person:
        """Add somebody of whom the story tells by name."""
        chance = self._chance
        account = _PEOPLE.get(name)
        person = self._crowd.person(
            referrer,
            Moment(day, chance.randint(600, 2_400)),
            nickname=account.nickname if account else nickname,
            phone=account.phone if account else "",
            diligent=diligent,
            appetite=2 if diligent and name != CONSUMER else 0,
            charm=charm,
        )
        if pack is not None:
            person.packed = Moment(pack, chance.randint(2_600, 4_000))
        self.people.append(person)
        self.cast[name] = person
        return person

    def _grow(self, chain: list[Person], wanted: int, *, packs: int, diligent: int, days: Sequence[int]) -> None:
        """Let a chain grow to `wanted` members; `packs` and `diligent` are percentages."""
        chance = self._chance
        for day in sorted(chance.choice(days) for _ in range(wanted - len(chain))):
            referrer = self._referrer(chain, day)
            works = chance.randrange(100) < diligent
            person = self._crowd.person(
                referrer,
                Moment(day, chance.randint(300, 8_000)),
                diligent=works,
                appetite=chance.choice(_APPETITES) if works else 0,
                charm=chance.choice(_CHARMS),
            )
            if chance.randrange(100) < packs:
                wait = chance.choice((0, 0, 0, 1, 1, 2, 3, 5))
                slot = person.joined.slot + 150 if wait == 0 else chance.randint(300, 9_500)
                person.packed = Moment(day + wait, slot)
            chain.append(person)
            self.people.append(person)

    def _referrer(self, chain: list[Person], day: int) -> Person:
        """Choose who brings somebody along on a day: mostly who has a gift pack, and charm."""
        known = [person for person in chain if person.joined.day < day and person.depth < DEPTH_MAX]
        weights = [
            person.charm * (7 if person.packed is not None and person.packed.day < day else 1) for person in known
        ]
        return self._chance.choices(known, weights)[0]

    def _shoppers(self, members: int) -> None:
        """Fill up with people who only shop; some came by way of a friend who only shops too."""
        chance = self._chance
        shoppers: list[Person] = []
        for day in sorted(chance.randrange(DAYS - 1) for _ in range(members - len(self.people))):
            friend = chance.choice(shoppers) if shoppers and chance.randrange(100) < 35 else None
            person = self._crowd.person(
                friend if friend and friend.joined.day < day else None,
                Moment(day, chance.randint(300, 9_500)),
                appetite=chance.choice(_APPETITES[1:]),
            )
            shoppers.append(person)
            self.people.append(person)
