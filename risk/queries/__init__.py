"""What is read about signs of fraud."""

from .case import CaseFile, Exhibit, case_file
from .standing import Card, RuleInForce, cards, hit_counts, hits_waiting, rule_history, rule_in_force, rules_in_force

__all__ = [
    "Card",
    "CaseFile",
    "Exhibit",
    "RuleInForce",
    "cards",
    "case_file",
    "hit_counts",
    "hits_waiting",
    "rule_history",
    "rule_in_force",
    "rules_in_force",
]
