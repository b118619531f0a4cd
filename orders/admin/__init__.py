"""Orders on the two admin sites: `desk` for suppliers, `ops` for operators, `reviews` for both."""

from . import desk, ops, reviews

__all__ = ["desk", "ops", "reviews"]
