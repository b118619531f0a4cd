"""Event files of any length: a random tree of members who join, buy, receive, return, withdraw, and sometimes err.

    python -m bench.event_files 1000000 > /tmp/events.jsonl

The same count, seed and plan make the same file.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Mapping
from typing import Any

STARTS_AT = 1_767_225_600
SPAN_SECONDS = 120 * 86_400

# What happens, in parts of a hundred.
MIX = {
    "order": 33,
    "join": 30,
    "receive": 14,
    "tasks_done": 7,
    "refund": 6,
    "withdraw": 5,
    "payout": 3,
    "grant": 1,
    "tick": 1,
}
PACKS = (1, 1, 1, 1, 2, 3)
ERR = 0.02
ROOT = 0.01


def event_lines(count: int, *, seed: int = 1, plan: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Yield the plan's line and `count` events, spread over 120 days of the file's time."""
    yield json.dumps({"plan": dict(plan or {})})
    story = _Story(random.Random(seed))
    for index in range(count):
        at = STARTS_AT + SPAN_SECONDS * index // count
        yield json.dumps(story.next_event(at))


class _Story:
    """What was told so far, as far as the next event needs it. Waiting lists are emptied at random places."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words = chance.choices(list(MIX), list(MIX.values()), k=4_096)
        self.members = 0
        self.orders = 0
        self.withdrawals = 0
        self.to_receive: list[int] = []
        self.to_refund: list[int] = []
        self.with_tasks: list[int] = []
        self.undecided: list[int] = []

    def next_event(self, at: int) -> dict[str, Any]:
        word = self.words[self.chance.randrange(len(self.words))] if self.members else "join"
        return {"event": word, "at": at, **getattr(self, f"_{word}")()}

    def _join(self) -> dict[str, Any]:
        if self.members and self._errs():
            return {"member": self._some_member(), "referrer": "nobody"}
        lone = not self.members or self.chance.random() < ROOT
        referrer = None if lone else self._some_member()
        self.members += 1
        self.with_tasks.append(self.members)
        return {"member": f"m{self.members}", "referrer": referrer}

    def _order(self) -> dict[str, Any]:
        if self._errs():
            return {"order": "o0", "member": "nobody", "packs": 1}
        self.orders += 1
        self.to_receive.append(self.orders)
        self.to_refund.append(self.orders)
        return {"order": f"o{self.orders}", "member": self._some_member(), "packs": self.chance.choice(PACKS)}

    def _receive(self) -> dict[str, Any]:
        return {"order": f"o{self._taken(self.to_receive)}"}

    def _refund(self) -> dict[str, Any]:
        return {"order": f"o{self._taken(self.to_refund)}"}

    def _tasks_done(self) -> dict[str, Any]:
        return {"member": f"m{self._taken(self.with_tasks)}"}

    def _withdraw(self) -> dict[str, Any]:
        self.withdrawals += 1
        self.undecided.append(self.withdrawals)
        amount_fen = self.chance.randint(900, 12_000)
        # Early members stand near the root, and are the ones who have something to withdraw.
        member = f"m{1 + int(self.members * self.chance.random() ** 3)}"
        return {"withdrawal": f"w{self.withdrawals}", "member": member, "amount_fen": amount_fen}

    def _payout(self) -> dict[str, Any]:
        return {"withdrawal": f"w{self._taken(self.undecided)}", "approved": self.chance.random() < 0.8}

    def _grant(self) -> dict[str, Any]:
        return {"member": self._some_member(), "amount_fen": self.chance.randint(1, 5_000)}

    def _tick(self) -> dict[str, Any]:
        return {}

    def _some_member(self) -> str:
        return f"m{self.chance.randint(1, self.members)}"

    def _errs(self) -> bool:
        return self.chance.random() < ERR

    def _taken(self, waiting: list[int]) -> int:
        """Take one out of `waiting` at a random place, or name what was never there."""
        if not waiting or self._errs():
            return 0
        place = self.chance.randrange(len(waiting))
        waiting[place], waiting[-1] = waiting[-1], waiting[place]
        return waiting.pop()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write an event file of COUNT random events to standard output.")
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plan", type=json.loads, default={}, help="the plan's fields as JSON")
    options = parser.parse_args()
    for line in event_lines(options.count, seed=options.seed, plan=options.plan):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
