"""The rules of `docs/rules.md` told a second time, as literally and as slowly as they read, to compare the engine with.

It shares nothing with `linkage.rules`: plans and events are the JSON of an event file, every question walks the whole
tree, and every event looks through all orders for what is due.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

DAY = 86_400
DEFAULTS: dict[str, Any] = {
    "name": "",
    "pack_price_fen": 49900,
    "promotion_referrals": 2,
    "direct_fen": {"agent": 10000, "partner": 10000},
    "see_point_fen": 15000,
    "peer_bonus_fen": 4000,
    "peer_to": "referrer",
    "peer_rate_bps": 0,
    "repeat_fen": {"direct": 0, "see_point": 0},
    "on_promotion": "stay",
    "unranked_referrer": "forfeit",
    "hold_bps": 2000,
    "hold_days": 30,
    "on_hold_expiry": "fund",
    "cooling_off_days": 7,
    "payout_max_bps": 6000,
    "withdrawal": {"min_fen": 1000, "fee_bps": 60, "tax_bps": 0},
}


SHOWN = (
    "leader",
    "valid_referrals",
    "pending_fen",
    "held_fen",
    "available_fen",
    "withdrawing_fen",
    "withdrawn_fen",
    "debt_fen",
)


class ImpossibleError(Exception):
    pass


def full_plan(given: dict[str, Any]) -> dict[str, Any]:
    plan = deepcopy(DEFAULTS)
    for field, value in given.items():
        if isinstance(value, dict):
            plan[field].update(value)
        else:
            plan[field] = value
    return plan


class LiteralMall:
    """A mall under `plans` by version; `in_force` is the one by which acting ranks are judged outside of orders."""

    def __init__(self, plans: dict[int, dict[str, Any]], in_force: int = 1) -> None:
        self.plans = {version: full_plan(plan) for version, plan in plans.items()}
        self.in_force = in_force
        self.people: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.withdrawals: dict[str, dict[str, Any]] = {}
        self.fund = self.cash_out = self.tax = self.fee = 0
        self.count = 0
        self.refused: list[int] = []

    def tell(self, event: dict[str, Any], version: int = 1) -> None:
        self.count += 1
        self.let_time_pass(event["at"])
        try:
            if event["event"] == "order":
                self.order(event, version)
            elif event["event"] != "tick":
                getattr(self, event["event"])(event)
        except ImpossibleError:
            self.refused.append(self.count)

    # Time

    def let_time_pass(self, at: int) -> None:
        for order in self.orders.values():
            plan = self.plans[order["version"]]
            if order["refunded"]:
                continue
            received_at = order["received_at"]
            if received_at is not None and not order["matured"] and received_at + plan["cooling_off_days"] * DAY <= at:
                order["matured"] = True
                for reward in order["rewards"]:
                    if reward["member"] is not None:
                        self.people[reward["member"]]["pending_fen"] -= reward["pending"]
                        self.credit(reward["member"], reward["pending"])
                        reward["pending"] = 0
            if order["paid_at"] + plan["hold_days"] * DAY <= at:
                for reward in order["rewards"]:
                    if reward["hold"] == "active" and plan["on_hold_expiry"] == "release":
                        self.release(order, reward)
                    elif reward["hold"] == "active":
                        reward["hold"] = "forfeited"
                        self.people[reward["member"]]["held_fen"] -= reward["held_fen"]
                        self.fund += reward["held_fen"]

    # Events

    def join(self, event: dict[str, Any]) -> None:
        if event["member"] in self.people or (event["referrer"] is not None and event["referrer"] not in self.people):
            raise ImpossibleError
        self.people[event["member"]] = {
            "referrer": event["referrer"],
            "title": "consumer",
            "leader": None,
            "packs": 0,
            "valid_referrals": 0,
            "counted": False,
            "tasks_done": False,
            "pending_fen": 0,
            "held_fen": 0,
            "available_fen": 0,
            "withdrawing_fen": 0,
            "withdrawn_fen": 0,
            "debt_fen": 0,
        }

    def order(self, event: dict[str, Any], version: int) -> None:
        if event["member"] not in self.people or event["order"] in self.orders or event["packs"] < 1:
            raise ImpossibleError
        plan = self.plans[version]
        b = event["member"]
        buyer = self.people[b]
        r = buyer["referrer"]
        activation = buyer["packs"] == 0
        further = event["packs"] - (1 if activation else 0)
        if activation:
            team = self.team_of_a_recruit_of(r)
        else:
            team = buyer["leader"] if buyer["title"] == "agent" else None
        acting = {id: self.acting(id, plan) for id in self.people}

        order = {
            "version": version,
            "member": b,
            "packs": event["packs"],
            "paid_at": event["at"],
            "received_at": None,
            "matured": False,
            "refunded": False,
            "rewards": [],
        }
        self.orders[event["order"]] = order

        def reward(kind: str, member: str | None, amount: int, seed: str, acts_as_partner: bool) -> None:
            if amount == 0:
                return
            held = 0
            if acts_as_partner and not self.people[seed]["tasks_done"]:
                held = amount * plan["hold_bps"] // 10_000
            order["rewards"].append(
                {
                    "order": event["order"],
                    "kind": kind,
                    "member": member,
                    "amount_fen": amount,
                    "held_fen": held,
                    "seed": seed,
                    "hold": "active" if held else "none",
                    "reversed": False,
                    "pending": 0 if member is None else amount - held,
                }
            )
            if member is None:
                self.fund += amount
            else:
                self.people[member]["held_fen"] += held
                self.people[member]["pending_fen"] += amount - held

        # 1. Direct reward
        to = r
        if r is not None and acting[r] == "consumer":
            to = None
            if plan["unranked_referrer"] == "roll_up":
                above = self.line_above(r)
                to = next((id for id in above if acting[id] != "consumer"), None)
        if to is not None:
            first = plan["direct_fen"][acting[to]] if activation else 0
            reward("direct", to, first + further * plan["repeat_fen"]["direct"], b, acting[to] == "partner")

        # 2. See-point reward and peer share
        see_point = (plan["see_point_fen"] if activation else 0) + further * plan["repeat_fen"]["see_point"]
        if team is not None and acting[team] != "partner":
            reward("see_point", None, see_point, b, False)
        elif team is not None:
            reward("see_point", team, see_point, b, True)
            peer = self.people[team]["referrer"]
            if peer is not None and acting[peer] == "partner":
                reward("peer_share", peer, see_point * plan["peer_rate_bps"] // 10_000, b, True)

        # 3. Packs, title and team
        buyer["packs"] += event["packs"]
        if not activation:
            return
        if buyer["title"] == "consumer":
            buyer["title"] = "agent"
        if buyer["title"] == "agent":
            buyer["leader"] = team

        # 4. Valid referrals
        if r is None or acting[r] == "consumer":
            return
        referrer = self.people[r]
        referrer["valid_referrals"] += 1
        buyer["counted"] = True

        # 5. Promotion and peer bonus
        if referrer["title"] != "agent" or referrer["valid_referrals"] < plan["promotion_referrals"]:
            return
        former = referrer["leader"]
        referrer["title"] = "partner"
        referrer["leader"] = None
        if plan["on_promotion"] == "follow":
            for id, person in self.people.items():
                line = self.line_above(id)
                if person["title"] == "agent" and r in line:
                    between = line[: line.index(r)]
                    if all(self.people[other]["title"] != "partner" for other in between):
                        person["leader"] = r
        candidates = [referrer["referrer"]]
        if plan["peer_to"] == "referrer_or_leader":
            candidates.append(former)
        for candidate in candidates:
            if candidate is not None and self.acting(candidate, plan) == "partner":
                reward("peer_bonus", candidate, plan["peer_bonus_fen"], r, True)
                return

    def receive(self, event: dict[str, Any]) -> None:
        order = self.orders.get(event["order"])
        if order is None or order["refunded"] or order["received_at"] is not None:
            raise ImpossibleError
        order["received_at"] = event["at"]

    def refund(self, event: dict[str, Any]) -> None:
        order = self.orders.get(event["order"])
        if order is None or order["refunded"]:
            raise ImpossibleError
        order["refunded"] = True
        for reward in order["rewards"]:
            reward["reversed"] = True
            if reward["member"] is None:
                self.fund -= reward["amount_fen"]
                continue
            person = self.people[reward["member"]]
            rest = reward["amount_fen"]
            if reward["hold"] == "active":
                person["held_fen"] -= reward["held_fen"]
                rest -= reward["held_fen"]
            if reward["hold"] == "forfeited":
                self.fund -= reward["held_fen"]
                rest -= reward["held_fen"]
            if not order["matured"]:
                person["pending_fen"] -= rest
                assert rest == reward["pending"]
            else:
                there = min(person["available_fen"], rest)
                person["available_fen"] -= there
                person["debt_fen"] += rest - there
        buyer = self.people[order["member"]]
        buyer["packs"] -= order["packs"]
        if buyer["packs"] == 0 and buyer["counted"]:
            buyer["counted"] = False
            self.people[buyer["referrer"]]["valid_referrals"] -= 1

    def tasks_done(self, event: dict[str, Any]) -> None:
        seed = self.people.get(event["member"])
        if seed is None or seed["tasks_done"]:
            raise ImpossibleError
        seed["tasks_done"] = True
        for order in self.orders.values():
            for reward in order["rewards"]:
                if reward["seed"] == event["member"] and reward["hold"] == "active" and not reward["reversed"]:
                    self.release(order, reward)

    def withdraw(self, event: dict[str, Any]) -> None:
        person = self.people.get(event["member"])
        least = max(1, self.plans[self.in_force]["withdrawal"]["min_fen"])
        if person is None or event["withdrawal"] in self.withdrawals:
            raise ImpossibleError
        if not least <= event["amount_fen"] <= person["available_fen"]:
            raise ImpossibleError
        person["available_fen"] -= event["amount_fen"]
        person["withdrawing_fen"] += event["amount_fen"]
        terms = self.plans[self.in_force]["withdrawal"]
        self.withdrawals[event["withdrawal"]] = {**event, "terms": terms, "decided": False}

    def payout(self, event: dict[str, Any]) -> None:
        asked = self.withdrawals.get(event["withdrawal"])
        if asked is None or asked["decided"]:
            raise ImpossibleError
        asked["decided"] = True
        person = self.people[asked["member"]]
        gross = asked["amount_fen"]
        person["withdrawing_fen"] -= gross
        if event["approved"]:
            fee = gross * asked["terms"]["fee_bps"] // 10_000
            tax = gross * asked["terms"]["tax_bps"] // 10_000
            person["withdrawn_fen"] += gross
            self.fee += fee
            self.tax += tax
            self.cash_out += gross - fee - tax
        else:
            self.credit(asked["member"], gross)

    def grant(self, event: dict[str, Any]) -> None:
        if event["member"] not in self.people or not 0 < event["amount_fen"] <= self.fund:
            raise ImpossibleError
        self.fund -= event["amount_fen"]
        self.credit(event["member"], event["amount_fen"])

    # What is asked of the tree

    def line_above(self, id: str) -> list[str]:
        """Who stands above `id`, nearest first."""
        above = self.people[id]["referrer"]
        return [] if above is None else [above, *self.line_above(above)]

    def team_of_a_recruit_of(self, r: str | None) -> str | None:
        if r is None:
            return None
        for id in [r, *self.line_above(r)]:
            if self.people[id]["title"] == "partner":
                return id
            if self.people[id]["title"] == "agent":
                return self.people[id]["leader"]
        return None

    def acting(self, id: str, plan: dict[str, Any]) -> str:
        person = self.people[id]
        if person["packs"] == 0 or person["title"] == "consumer":
            return "consumer"
        if person["title"] == "partner" and person["valid_referrals"] >= plan["promotion_referrals"]:
            return "partner"
        return "agent"

    # Money

    def credit(self, id: str, amount: int) -> None:
        person = self.people[id]
        repaid = min(amount, person["debt_fen"])
        person["debt_fen"] -= repaid
        person["available_fen"] += amount - repaid

    def release(self, order: dict[str, Any], reward: dict[str, Any]) -> None:
        reward["hold"] = "released"
        self.people[reward["member"]]["held_fen"] -= reward["held_fen"]
        if order["matured"]:
            self.credit(reward["member"], reward["held_fen"])
        else:
            self.people[reward["member"]]["pending_fen"] += reward["held_fen"]
            reward["pending"] += reward["held_fen"]

    # The result

    def platform(self) -> dict[str, int]:
        rewards = [reward for order in self.orders.values() for reward in order["rewards"]]
        return {
            "support_fund_fen": self.fund,
            "reward_expense_fen": sum(reward["amount_fen"] for reward in rewards if not reward["reversed"]),
            "cash_out_fen": self.cash_out,
            "tax_fen": self.tax,
            "fee_fen": self.fee,
        }

    def members(self) -> dict[str, dict[str, Any]]:
        return {
            id: {
                "rank": person["title"],
                "acting_rank": self.acting(id, self.plans[self.in_force]),
                **{field: person[field] for field in SHOWN},
            }
            for id, person in sorted(self.people.items())
        }

    def result(self) -> dict[str, Any]:
        rewards = [
            {field: value for field, value in reward.items() if field != "pending"}
            for order in self.orders.values()
            for reward in order["rewards"]
        ]
        rewards.sort(key=lambda reward: (reward["order"], reward["kind"], str(reward["member"] or "")))
        return {"members": self.members(), "rewards": rewards, "platform": self.platform(), "refused": self.refused}
