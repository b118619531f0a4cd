"""Members, shopkeepers and whose customer is whose, for operators."""

from . import contests, people, policies, relations, shopkeepers

__all__ = ["contests", "people", "policies", "relations", "shopkeepers"]
