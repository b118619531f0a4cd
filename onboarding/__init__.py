"""How a firm becomes a supplier: it applies step by step, operators look, and approval makes everything at once."""
