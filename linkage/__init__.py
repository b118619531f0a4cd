"""Ranks, plans, settlement of rewards, holds, the support fund and the numbered stream of events."""
