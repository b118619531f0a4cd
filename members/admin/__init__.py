"""Members, shopkeepers and whose customer is whose, for operators."""

from . import contests, finding, people, policies, relations, second_factor, shopkeepers, staff

__all__ = ["contests", "finding", "people", "policies", "relations", "second_factor", "shopkeepers", "staff"]
