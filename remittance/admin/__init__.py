"""Statements on the two admin sites: `desk` for suppliers, `ops` for operators."""

from . import desk, ops

__all__ = ["desk", "ops"]
