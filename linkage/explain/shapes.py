"""What an explanation consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linkage.models import Reward
from linkage.seed_tasks import SeedTask
from mall.core.money import yuan

from .words import percent_zh, short

FEN, COUNT, RATE = "fen", "count", "bps"
START, PLUS, TIMES = "", "+", "×"


class RewardStatus(TextChoices):
    """How far a reward has come, in one word."""

    ESTIMATED = "estimated", _("预估")
    PENDING = "pending", _("待结算")
    PART_HELD = "part_held", _("部分冻结")
    SETTLED = "settled", _("已结算")
    PART_FORFEITED = "part_forfeited", _("部分转出")
    FUND = "fund", _("帮扶基金")
    REVERSED = "reversed", _("已扣回")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `strong` for who and what."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the formula. `sign` says how `value` joins what stands above; a rate is a share, rounded down."""

    sign: str
    label: str
    hint: str
    value: int
    unit: str

    @property
    def shown(self) -> str:
        """The value as it stands on the page."""
        if self.unit == FEN:
            return yuan(self.value)
        return str(self.value) if self.unit == COUNT else percent_zh(self.value)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that the reward falls into."""

    label: str
    hint: str
    amount_fen: int
    held: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way. `state` is done, now, open, next or bad; `at` is when it happened, `due` when it will."""

    state: str
    text: str
    note: str = ""
    at: datetime | None = None
    due: str = ""

    @property
    def when(self) -> str:
        return short(self.at) or self.due


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a page shows of one reward."""

    reward: Reward
    status: RewardStatus
    pieces: tuple[Piece, ...]
    version: int
    clause: int
    clause_text: str
    terms: tuple[Term, ...]
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    tasks: tuple[SeedTask, ...]
    entry_id: int | None

    @property
    def clause_id(self) -> str:
        return str(self.clause)

    @property
    def sentence(self) -> str:
        return "".join(piece.text for piece in self.pieces)
