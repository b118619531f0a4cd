"""Plans, the stream of events and what came of it, and the support fund, for operators."""

from . import fund, plans, records, retail, stream

__all__ = ["fund", "plans", "records", "retail", "stream"]
