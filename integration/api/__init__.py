"""`/api/supplier/v1/`: a supplier's own system, by key. Each view is one query or command, under row-level security."""
