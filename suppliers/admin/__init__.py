"""The catalogue on the two admin sites: `desk` for suppliers, `ops` for operators."""

from . import desk, desk_papers, ops, ops_catalogue

__all__ = ["desk", "desk_papers", "ops", "ops_catalogue"]
