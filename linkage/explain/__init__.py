"""Why a reward is what it is: a Chinese sentence, the formula line by line, and how far it has come.

Everything is read from rows that settlement wrote (`Reward.via`, `acting`, `first_fen`, `further_fen`) and from the
plan of the order, so that words cannot say anything but what was settled. `recompute` is the proof.
"""

from .formula import clause_of, formula, recompute
from .reward import explain_reward
from .shapes import Explanation, Part, Piece, RewardStatus, Step, Term
from .way import cooled_off_at, hold_expires_at, status_of, taken_back_fen

__all__ = [
    "Explanation",
    "Part",
    "Piece",
    "RewardStatus",
    "Step",
    "Term",
    "clause_of",
    "cooled_off_at",
    "explain_reward",
    "formula",
    "hold_expires_at",
    "recompute",
    "status_of",
    "taken_back_fen",
]
