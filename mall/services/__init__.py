"""A real PostgreSQL and a real Valkey from wheels, for demo, tests and benchmarks.

`python -m mall.services [--data DIR] [--fast] -- COMMAND…` runs a command with `DATABASE_URL`, `DATABASE_OWNER_URL` and
`REDIS_URL` pointing to servers whose data lies in DIR. What is already set in the environment wins.
"""
