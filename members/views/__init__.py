"""Pages about the member's own data, the account and its privacy, and the demo's outbox."""
