"""Operators' pages of risk: the rules, the hits, one case file."""

from . import cards, hits

__all__ = ["cards", "hits"]
