"""The catalogue on the two admin sites: `desk` for suppliers, `ops` for operators; `team` are a supplier's people."""

from . import desk, desk_papers, desk_stock, finding, ops, ops_catalogue, ops_gaps, ops_papers, ops_review, team

__all__ = [
    "desk",
    "desk_papers",
    "desk_stock",
    "finding",
    "ops",
    "ops_catalogue",
    "ops_gaps",
    "ops_papers",
    "ops_review",
    "team",
]
