"""Plans, simulations, the stream of events and what came of it, compliance and the support fund, for operators."""

from . import adjustments, compliance, fund, plans, records, retail, simulations, stream

__all__ = ["adjustments", "compliance", "fund", "plans", "records", "retail", "simulations", "stream"]
