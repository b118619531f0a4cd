"""Settlement: the waiting events of one shard, folded through the rules and written in a fixed number of statements.

`settle_shard` is one batch and one transaction. Under the lock of the shard it takes up to `limit` waiting events in
order, loads the members, orders and balances that they touch, lets the pure rules work, and writes the journal entries,
rewards, standings and numbers. A crash anywhere repeats the batch and nothing else. `docs/flow.md` shows the way.
"""

from .settle import drain_shard, settle_shard

__all__ = ["drain_shard", "settle_shard"]
