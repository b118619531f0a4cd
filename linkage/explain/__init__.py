"""Why a reward is what it is: a Chinese sentence, the formula line by line, and how far it has come.

Everything is read from rows that settlement wrote (`Reward.via`, `acting`, `first_fen`, `further_fen`) and from the
plan of the order, so that words cannot say anything but what was settled. `recompute` is the proof.
"""

from .commission import CommissionExplanation, commission_formula, cooled_off, explain_commission
from .formula import clause_of, formula, recompute
from .reward import explain_reward
from .shapes import Explanation, Part, Piece, RewardStatus, Step, Term
from .way import commission_status, cooled_off_at, hold_expires_at, status_of, taken_back_fen

__all__ = [
    "CommissionExplanation",
    "Explanation",
    "Part",
    "Piece",
    "RewardStatus",
    "Step",
    "Term",
    "clause_of",
    "commission_formula",
    "commission_status",
    "cooled_off",
    "cooled_off_at",
    "explain_commission",
    "explain_reward",
    "formula",
    "hold_expires_at",
    "recompute",
    "status_of",
    "taken_back_fen",
]
