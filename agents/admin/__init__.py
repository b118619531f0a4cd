"""The agent's desk on /ops/: materials to share, appeals."""

from .appeals import AppealAdmin
from .materials import MaterialAdmin

__all__ = ["AppealAdmin", "MaterialAdmin"]
