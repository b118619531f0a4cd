"""The audit: a replay of all settled events, and what differs from it."""

from .comparing import findings
from .replaying import EVENT_FIELDS, apply_settled, replay

__all__ = ["EVENT_FIELDS", "apply_settled", "findings", "replay"]
