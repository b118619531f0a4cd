"""Rules by version, hits with their evidence, notes."""

from .hit import Evidence, Hit, HitState, Note, Thing
from .rule import RuleVersion, SignalKind

__all__ = ["Evidence", "Hit", "HitState", "Note", "RuleVersion", "SignalKind", "Thing"]
