"""Random stories for the rules: a small tree, a plan of any kind, and events of every sort, possible or not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st

from linkage.rules.engine import Book, Refused
from linkage.rules.plan import PayoutTerms, Plan, parse_plan

STARTS_AT = 1_772_323_200
DAY = 86_400
SHARE_OF_EXAMPLES = int(os.environ.get("EXAMPLES_PERCENT", "100"))


def examples(count: int) -> int:
    """Return how many examples to try: fewer for each of thousands of mutants than for a change."""
    return max(1, count * SHARE_OF_EXAMPLES // 100)


class Story(NamedTuple):
    """Plans by version, the events of a file with their `version` beside them, and the terms of version 1."""

    plans: dict[int, dict[str, Any]]
    events: list[tuple[dict[str, Any], int]]

    @property
    def parsed(self) -> dict[int, Plan]:
        return {version: parse_plan(plan)[0] for version, plan in self.plans.items()}

    @property
    def terms(self) -> PayoutTerms:
        return parse_plan(self.plans[1])[1]


AMOUNTS = st.sampled_from([0, 1, 3, 4_999, 10_000, 15_000])
RATES = st.sampled_from([0, 1, 777, 2_000, 3_333, 10_000])

plans = st.fixed_dictionaries(
    {},
    optional={
        "promotion_referrals": st.integers(1, 4),
        "direct_fen": st.fixed_dictionaries({}, optional={"agent": AMOUNTS, "partner": AMOUNTS}),
        "see_point_fen": AMOUNTS,
        "peer_bonus_fen": AMOUNTS,
        "peer_to": st.sampled_from(["referrer", "referrer_or_leader"]),
        "peer_rate_bps": RATES,
        "repeat_fen": st.fixed_dictionaries({}, optional={"direct": AMOUNTS, "see_point": AMOUNTS}),
        "on_promotion": st.sampled_from(["stay", "follow"]),
        "unranked_referrer": st.sampled_from(["forfeit", "roll_up"]),
        "hold_bps": RATES,
        "hold_days": st.sampled_from([0, 1, 3, 30]),
        "on_hold_expiry": st.sampled_from(["fund", "release"]),
        "cooling_off_days": st.sampled_from([0, 1, 7]),
        "withdrawal": st.fixed_dictionaries(
            {"fee_bps": st.sampled_from([0, 60, 333]), "tax_bps": st.sampled_from([0, 1_600])},
            optional={"min_fen": st.sampled_from([0, 1, 1_000])},
        ),
    },
)


@st.composite
def stories(draw: st.DrawFn, versions: int = 1, most_events: int = 60) -> Story:
    told = _Told(draw(st.lists(st.integers(0, 14), min_size=4, max_size=14)), buyers=draw(st.integers(0, 14)))
    # A step of zeros tells nothing, so that a failing story still shrinks below this length.
    steps = draw(st.lists(_STEPS, min_size=most_events // 2, max_size=most_events))
    for kind, gap, first, second, amount in steps:
        told.tell(kind, gap, first, second, amount)
    versioned = [(event, 1 + index % versions) for index, event in enumerate(told.events)]
    return Story({version: draw(plans) for version in range(1, versions + 1)}, versioned)


_KINDS = (
    ["tick"]
    + ["order"] * 12
    + ["receive"] * 4
    + ["refund"] * 3
    + ["tasks_done"] * 2
    + ["withdraw"] * 3
    + ["payout"] * 2
    + ["grant", "join", "join"]
)
_STEPS = st.tuples(
    st.sampled_from(_KINDS),
    st.sampled_from([0, 60, 3_600, DAY, 4 * DAY, 31 * DAY]),
    st.integers(0, 15),
    st.integers(0, 15),
    st.sampled_from([-1, 0, 1, 2, 999, 1_000, 4_999, 5_000, 10_000]),
)


class _Told:
    """Events so far. Numbers of members, orders and withdrawals lie close together, so that events meet each other."""

    def __init__(self, referrers: list[int], buyers: int) -> None:
        self.at = STARTS_AT
        self.events: list[dict[str, Any]] = []
        self.orders = self.withdrawals = 0
        self.members = 0
        self.last_buyer = "m0"
        for referrer in referrers:
            self._join(referrer)
        for member in range(min(buyers, self.members)):
            self.tell("order", 60, member, 1, 0)

    def tell(self, kind: str, gap: int, first: int, second: int, amount: int) -> None:
        self.at += gap
        # One in four speaks of whoever bought last, for stories that go on: buy, return, finish the tasks, buy again.
        member = self.last_buyer if first >= 12 else f"m{first % (self.members + 1)}"
        if kind == "join":
            self._join(second)
        elif kind == "order":
            self.orders += 1
            number = self.orders if second else max(1, self.orders - 1)
            self.last_buyer = member
            self._add("order", order=f"o{number}", member=member, packs=(1, 1, 1, 1, 2, 3, 0)[second % 7])
        elif kind in ("receive", "refund"):
            self._add(kind, order=f"o{max(1, self.orders - first % 12)}")
        elif kind == "tasks_done":
            self._add(kind, member=member)
        elif kind == "withdraw":
            self.withdrawals += 1
            number = self.withdrawals if second else 1
            self._add(kind, withdrawal=f"w{number}", member=f"m{first % 4}", amount_fen=amount)
        elif kind == "payout":
            self._add(kind, withdrawal=f"w{max(1, self.withdrawals - first % 3)}", approved=bool(second % 2))
        elif kind == "grant":
            self._add(kind, member=member, amount_fen=amount)
        else:
            self._add("tick")

    def _join(self, referrer: int) -> None:
        """The first and now and then another join without a referrer; the highest number names a stranger."""
        if self.members == 0 or referrer == 14:
            above = None
        else:
            above = "stranger" if referrer == 15 else f"m{referrer % self.members}"
        self._add("join", member=f"m{self.members}", referrer=above)
        self.members += 1

    def _add(self, kind: str, **fields: Any) -> None:
        self.events.append({"event": kind, "at": self.at, **fields})


def tell(book: Book, event: Mapping[str, Any], terms: PayoutTerms, version: int = 1) -> bool:
    """Apply an event of a story to `book`; return whether it was taken."""
    at = event["at"]
    try:
        match event["event"]:
            case "join":
                book.join(at, event["member"], event["referrer"])
            case "order":
                book.order(at, event["order"], event["member"], event["packs"], version)
            case "receive":
                book.receive(at, event["order"])
            case "refund":
                book.refund(at, event["order"])
            case "tasks_done":
                book.tasks_done(at, event["member"])
            case "withdraw":
                book.withdraw(
                    at,
                    event["withdrawal"],
                    event["member"],
                    event["amount_fen"],
                    min_fen=terms.min_fen,
                    fee_bps=terms.fee_bps,
                    tax_bps=terms.tax_bps,
                )
            case "payout":
                book.payout(at, event["withdrawal"], event["approved"])
            case "grant":
                book.grant(at, event["member"], event["amount_fen"])
            case _:
                book.tick(at)
    except Refused:
        return False
    return True
