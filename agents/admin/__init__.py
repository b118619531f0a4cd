"""The agent's desk on /ops/: materials to share."""

from .materials import MaterialAdmin

__all__ = ["MaterialAdmin"]
