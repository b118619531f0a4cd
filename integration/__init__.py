"""A supplier's systems: keys and an API for orders, stock and shipping, and a signed webhook for what is new."""
